/** Which rule covers all of another one: its peers and its traffic. The subjects are for the caller to compare. */
import { everyIdentity } from '../model/conditions';
import type { OwnedRule } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Rule, Selector, Traffic } from '../model/policy';
import { PrefixMap } from '../net/prefix-map';
import type { Agent } from './agent';
import { covers, coversTraffic, Facts, factsOf, ofKubernetes, tokensOf } from './containment';
import { LabelIndex } from './label-index';
import { worldKey } from './labels';
import { requiredLabels } from './matching';

/** What a rule selects; nothing if that depends on more than the rule. */
export function selectorsOf({ peers, traffic }: Rule, { minor }: Agent): readonly Selector[] {
  return peers.is === 'selectors' ? peers.selectors : peers.is === 'any' && traffic !== undefined ? [everyIdentity(minor)] : [];
}

/** Rules that may cover others, found by their peers. */
export class Coverage<T extends OwnedRule> {
  private readonly byLabel = new LabelIndex<Wide<T>>();
  private readonly byBlock = new PrefixMap<Wide<T>[]>();

  public constructor(
    rules: readonly T[],
    private readonly agent: Agent,
    private readonly namespaces: Inventory['namespaces'],
  ) {
    for (const owned of rules) {
      selectorsOf(owned.rule, agent).forEach((selector) => {
        this.add({ owned, selector });
      });
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

  /** The rules that cover a peer and traffic. Each stands once for each of its own peers that do. */
  public *of(peer: Selector, traffic: readonly Traffic[] | undefined): Generator<T> {
    const facts = this.factsOf(peer);
    const around = peer.is === 'block' ? this.byBlock.around(peer.block).flat() : [];
    const tokens = this.tokensFor(peer, facts);
    for (const { owned, selector } of [...this.byLabel.mayBeFor([], ...tokens), ...around]) {
      if (covers(selector, peer, facts, this.agent) && coversTraffic(owned.rule.traffic, traffic)) {
        yield owned;
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

  private isOfRule(owned: OwnedRule, peer: Selector): boolean {
    const facts = this.factsOf(peer);
    return selectorsOf(owned.rule, this.agent).some((selector) => covers(selector, peer, facts, this.agent));
  }
}

const NO_FACTS: Facts = new Map();

/** A peer of a rule. */
interface Wide<T> {
  readonly owned: T;
  readonly selector: Selector;
}
