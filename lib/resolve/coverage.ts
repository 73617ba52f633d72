/** Which rule covers all of another one: its peers and its traffic. The subjects are for the caller to compare. */
import { everyIdentity } from '../model/conditions';
import type { OwnedRule } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Rule, Selector, Traffic } from '../model/policy';
import { PrefixMap } from '../net/prefix-map';
import type { Agent } from './agent';
import { covers, Facts, factsOf, ofKubernetes, tokensOf } from './containment';
import { coversTraffic } from './covered-traffic';
import { LabelIndex } from './label-index';
import { worldKey } from './labels';
import { requiredLabels } from './matching';

/** What a rule selects; nothing if that depends on more than the rule. */
export function selectorsOf({ peers, traffic }: Rule, { minor }: Agent): readonly Selector[] {
  return peers.is === 'selectors' ? peers.selectors : peers.is === 'any' && traffic !== undefined ? [everyIdentity(minor)] : [];
}

/** Rules that may cover others, found by their peers. */
export class Coverage<T extends OwnedRule> {
  private readonly all: readonly Wide<T>[];
  private readonly index: WideIndex<T> | undefined;
  private readonly singles = new Map<T, Coverage<T>>();

  public constructor(
    rules: readonly T[],
    private readonly agent: Agent,
    private readonly namespaces: Inventory['namespaces'],
  ) {
    this.all = rules.flatMap((owned) => selectorsOf(owned.rule, agent).map((selector): Wide<T> => ({ owned, selector })));
    this.index = this.all.length <= FEW ? undefined : new WideIndex(this.all);
  }

  /** The rules that cover a peer and traffic, of the first that may. Each stands once for each of its own peers that do. */
  public *of(peer: Selector, traffic: readonly Traffic[] | undefined): Generator<T> {
    const covering = ({ owned }: Wide<T>) => coversTraffic(owned.rule.traffic, traffic);
    const few = this.index === undefined ? this.all.filter(covering) : undefined;
    if (few?.length === 0) {
      return;
    }
    const facts = this.factsOf(peer);
    let left = MOST_COMPARED;
    for (const wide of few ?? this.index!.around(peer, this.tokensFor(peer, facts))) {
      if (left-- === 0) {
        return;
      }
      if (covers(wide.selector, peer, facts, this.agent) && (few !== undefined || covering(wide))) {
        yield wide.owned;
      }
    }
  }

  private factsOf(peer: Selector): Facts {
    return peer.is === 'labels' ? factsOf(peer.ofEndpoints ? ofKubernetes(peer) : peer, this.namespaces) : NO_FACTS;
  }

  /** What a rule that covers a peer may be kept under. */
  private tokensFor(peer: Selector, facts: Facts): readonly string[] {
    switch (peer.is) {
      case 'labels':
        return tokensOf(facts);
      case 'name':
        return [peer.pattern];
      case 'block':
        return [`${worldKey(peer.block.version, this.agent)}=`];
      case 'group':
        return [];
    }
  }

  /** A rule that covers all of another one and is meant; for a rule without peers that are known there is none. */
  public ofRule({ rule }: Pick<OwnedRule, 'rule'>, isMeant: (owned: T) => boolean): T | undefined {
    const [first, ...others] = selectorsOf(rule, this.agent);
    if (first === undefined) {
      return undefined;
    }
    for (const owned of this.of(first, rule.traffic)) {
      if (isMeant(owned) && others.every((peer) => this.isOfRule(owned, peer))) {
        return owned;
      }
    }
    return undefined;
  }

  private isOfRule(owned: T, peer: Selector): boolean {
    const selectors = selectorsOf(owned.rule, this.agent);
    if (selectors.length > FEW) {
      const single = this.singles.get(owned) ?? new Coverage([owned], this.agent, this.namespaces);
      this.singles.set(owned, single);
      return single.of(peer, owned.rule.traffic).next().done === false;
    }
    const facts = this.factsOf(peer);
    return selectors.some((selector) => covers(selector, peer, facts, this.agent));
  }
}

/** Many rules, by their peers. */
class WideIndex<T extends OwnedRule> {
  private readonly byLabel = new LabelIndex<Wide<T>>();
  private readonly byBlock = new PrefixMap<Wide<T>[]>();

  public constructor(all: readonly Wide<T>[]) {
    const counts = new Map<string, number>();
    for (const wide of all) {
      const key = `${keyOf(wide.owned.rule)} ${wide.selector.key}`;
      const count = counts.get(key) ?? 0;
      counts.set(key, count + 1);
      // Of equal rules two are kept, so that each has another one.
      if (count < 2) {
        this.add(wide);
      }
    }
  }

  private add(wide: Wide<T>): void {
    const { selector } = wide;
    if (selector.is === 'block') {
      const list = this.byBlock.get(selector.block) ?? [];
      this.byBlock.set(selector.block, list);
      list.push(wide);
    } else {
      this.byLabel.add(wide, requiredLabels(selector));
    }
  }

  /** Those whose peers may cover one. */
  public *around(peer: Selector, tokens: readonly string[]): Generator<Wide<T>> {
    if (peer.is === 'block') {
      for (const list of this.byBlock.around(peer.block)) {
        yield* list;
      }
    }
    yield* this.byLabel.each(...tokens);
  }
}

/** What makes rules equal beside their peers and their subjects. */
function keyOf(rule: Rule): string {
  const known = KEYS.get(rule) ?? keyOfRule(rule);
  KEYS.set(rule, known);
  return known;
}

/** The rules of a wide subject stand beside those of many others. */
const KEYS = new WeakMap<Rule, string>();

function keyOfRule({ direction, effect, defaultDeny, traffic, subject }: Rule): string {
  const ports = traffic?.map(({ protocol, port, l7 }) => [protocol, port, l7 !== undefined]);
  return JSON.stringify([direction, effect, defaultDeny, subject.selector.key, ports]);
}

/** The rules that one is compared with: of ten thousand for one subject, those beyond are rarely wider. */
export const MOST_COMPARED = 100;

/** Few are faster to try one by one. */
const FEW = 8;

const NO_FACTS: Facts = new Map();

/** A peer of a rule. */
interface Wide<T> {
  readonly owned: T;
  readonly selector: Selector;
}
