import type { Labels } from '../../model/label';
import type { Rule, Selector } from '../../model/policy';
import type { FastEngine } from '../../reach/engine';
import type { Universe } from '../../reach/universe/universe';
import type { Entry } from '../../resolve/entries';
import { selects } from '../../resolve/matching';
import type { Verdicts } from '../verdicts';

/** The port names of rules that decide about two ends: a pod that could exist may give them any number. */
export class PortNames {
  private readonly rules: readonly { readonly engine: FastEngine; readonly entries: readonly Entry[] }[];
  private readonly labels: Labels[] = [];

  public constructor(
    verdicts: Verdicts,
    private readonly universe: Universe,
    /** A listed pod stands for those that could exist with its labels, and other ports. */
    private readonly isOfPossible: boolean,
  ) {
    const engines = universe.portNames.length === 0 ? [] : verdicts.engines();
    this.rules = engines.map((engine) => ({ engine, entries: engine.resolver.entries.filter(({ rule }) => namesIn(rule).length > 0) }));
  }

  /** What is not known of the ports between two ends. */
  public between(from: number, to: number): readonly string[] {
    const { is } = this.universe.ends[to];
    if (is !== 'possible-pods' && !(this.isOfPossible && is === 'pods')) {
      return [];
    }
    return this.rules.flatMap(({ engine, entries }) => {
      const [source, destination] = [this.labelsOf(from, engine), this.labelsOf(to, engine)];
      const meant = entries.filter(({ rule, selectors }) => {
        const [own, other] = rule.direction === 'egress' ? [source, destination] : [destination, source];
        const isSelected = (selector: Selector, labels: Labels) => selects(selector, labels, engine.resolver.agent);
        return isSelected(rule.subject.selector, own) && selectors.some((one) => isSelected(one, other));
      });
      return meant.flatMap(({ rule }) => namesIn(rule).map((name) => `which port of pods that are not listed is called \`${name}\``));
    });
  }

  private labelsOf(end: number, engine: FastEngine): Labels {
    return (this.labels[end] ??= engine.resolver.view('').peer(engine.endpoint(this.universe.ends[end].written)!.end).labels);
  }
}

function namesIn({ traffic = [] }: Rule): readonly string[] {
  return traffic.flatMap(({ port }) => (port.is === 'name' ? [port.name] : []));
}
