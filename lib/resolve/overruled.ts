/** Rules that never decide, because a single rule of an earlier place in the order of the tiers decides everything that they are about. */
import type { OwnedRule } from '../model/flow';
import type { Inventory } from '../model/inventory';
import { Effect, Level, Policy, Requirement, Rule, Selector, TIERS } from '../model/policy';
import { groupedBy } from '../net/grouped';
import { PrefixMap } from '../net/prefix-map';
import type { Agent } from './agent';
import { covers, Facts, factsOf, follows, isContradiction, tokensOf, withMore } from './containment';
import { selectorsOf } from './coverage';
import { coversTraffic } from './covered-traffic';

/** A rule that never decides, and an earlier one that decides all of it. */
export interface Overruled {
  readonly rule: OwnedRule;
  readonly earlier: OwnedRule;
}

/** A rule of a tier, with what is asked of those that come after it. */
interface Earlier extends OwnedRule {
  readonly level: Level;
  readonly selectors: readonly Selector[];
}

/** A rule that may come too late, with what is known of its subject and its peers. */
interface Later extends OwnedRule {
  readonly subject: Facts;
  readonly peers: readonly { readonly selector: Selector; readonly facts: Facts }[];
}

/** The rules that never decide, because an earlier one decides everything that they are about, and otherwise. */
export function overruledIn(policies: readonly Policy[], inventory: Pick<Inventory, 'namespaces'>, agent: Agent): readonly Overruled[] {
  const owned = rulesOf(policies);
  const tiers = owned.flatMap(({ policy, rule }): Earlier[] => {
    const { level, peers, isUncertain } = rule;
    return level !== undefined && peers.is === 'selectors' && isUncertain !== true
      ? [{ policy, rule, level, selectors: peers.selectors }]
      : [];
  });
  const index = new Index(tiers);
  const passing = groupedBy(
    tiers.filter(({ rule }) => rule.effect === 'pass'),
    sectionOf,
  );
  const facts = (selector: Selector) => (selector.is === 'labels' ? factsOf(selector, inventory.namespaces) : NO_FACTS);
  return owned.flatMap((one): Overruled[] => {
    const subject = facts(one.rule.subject.selector);
    const later = { ...one, subject, peers: selectorsOf(one.rule, agent).map((selector) => ({ selector, facts: facts(selector) })) };
    if (later.peers.length === 0 || isContradiction(subject) || one.rule.subject.is === 'nodes') {
      return [];
    }
    const earlier = index
      .candidates(later)
      .find((other) => decidesBefore(other, one.rule) && isAboutAllOf(other, later, agent) && !mayBeLeft(other, later, passing));
    return earlier === undefined ? [] : [{ rule: one, earlier }];
  });
}

function isAboutAllOf({ rule, selectors }: Earlier, { rule: { traffic }, subject, peers }: Later, agent: Agent): boolean {
  return (
    follows(rule.subject.selector.requirements, subject) &&
    coversTraffic(rule.traffic, traffic) &&
    peers.every(({ selector, facts }) => selectors.some((wide) => covers(wide, selector, facts, agent)))
  );
}

/** Whether a Pass before the earlier rule may leave something of the later one, in another tier, to that tier. */
function mayBeLeft({ level, rule }: Earlier, later: Later, passing: ReadonlyMap<string, readonly Earlier[]>): boolean {
  if (level.tier === (later.rule.level ?? NORMAL).tier) {
    return false;
  }
  const all = passing.get(sectionOf({ level, rule })) ?? [];
  return all.length > MOST_CANDIDATES || all.some((pass) => pass.level.order <= level.order && mayMeet(pass, later));
}

/** The rules among which one is asked. */
function sectionOf({ level: { tier }, rule: { direction } }: Pick<Earlier, 'level' | 'rule'>): string {
  return `${tier} ${direction}`;
}

/** Whether something may be of both rules, whatever their traffic. */
function mayMeet({ rule, selectors }: Earlier, { subject, peers }: Later): boolean {
  const areDisjoint = (a: Selector, b: Selector, facts: Facts) =>
    a.is === 'labels' && b.is === 'labels' && isContradiction(withMore(facts, a.requirements));
  return (
    !isContradiction(withMore(subject, rule.subject.selector.requirements)) &&
    peers.some(({ selector, facts }) => selectors.some((wide) => !areDisjoint(wide, selector, facts)))
  );
}

const NO_FACTS: Facts = new Map();

function rulesOf(policies: readonly Policy[]): readonly OwnedRule[] {
  return policies.flatMap((policy) => policy.rules.map((rule) => ({ policy, rule })));
}

/** Whether the earlier rule comes first, and says something else. A Pass skips the rest of its tier only. */
function decidesBefore({ rule, level }: Earlier, later: Rule): boolean {
  const { tier, order } = later.level ?? NORMAL;
  const [own, other] = [TIERS.indexOf(level.tier), TIERS.indexOf(tier)];
  const isBefore = own < other || (own === other && level.order < order);
  return rule.direction === later.direction && isBefore && overrules(rule.effect, later, own === other);
}

function overrules(effect: Effect, later: Rule, isSameTier: boolean): boolean {
  if (effect === 'pass') {
    return isSameTier && later.effect !== 'pass';
  }
  // An accepted connection is not inspected.
  const isInspected = effect === 'allow' && (later.traffic?.some(({ l7 }) => l7 !== undefined) ?? false);
  return later.effect !== effect || isInspected;
}

const NORMAL: Level = { tier: 'normal', order: 0 };

/** Finds the few rules that may be about all of a later one: by what both subjects and both peers must have. */
class Index {
  private readonly byTokens = new Map<string, Earlier[]>();
  private readonly byBlock = new PrefixMap<Map<string, Earlier[]>>();

  public constructor(tiers: readonly Earlier[]) {
    for (const earlier of tiers) {
      const subject = tokenOf(earlier.rule.subject.selector.requirements);
      const [peer, ...others] = earlier.selectors;
      if (others.length === 0 && peer.is === 'block') {
        const lists = this.byBlock.get(peer.block) ?? new Map<string, Earlier[]>();
        this.byBlock.set(peer.block, lists);
        listAt(lists, subject).push(earlier);
      } else {
        const token = others.length === 0 && peer.is === 'labels' ? tokenOf(peer.requirements) : '';
        listAt(this.byTokens, `${subject} ${token}`).push(earlier);
      }
    }
  }

  /** At most so many that a large set is compared in time. */
  public candidates({ subject, peers: [{ selector, facts }] }: Later): readonly Earlier[] {
    const [subjects, peers] = [tokensOf(subject), tokensOf(facts)];
    const around = selector.is === 'block' ? this.byBlock.around(selector.block) : [];
    const found: Earlier[] = [];
    for (const one of subjects) {
      const lists = [...around.map((by) => by.get(one)), ...peers.map((other) => this.byTokens.get(`${one} ${other}`))];
      for (const list of lists) {
        list?.slice(0, MOST_CANDIDATES - found.length).forEach((earlier) => found.push(earlier));
      }
    }
    return found;
  }
}

const MOST_CANDIDATES = 100;

function listAt(lists: Map<string, Earlier[]>, key: string): Earlier[] {
  const list = lists.get(key) ?? [];
  lists.set(key, list);
  return list;
}

/** The first label that is required, with its value if there is one; empty if none is. */
function tokenOf(requirements: readonly Requirement[]): string {
  if (requirements.length === 0) {
    return '';
  }
  const [{ operator, values, key }] = requirements;
  return operator === 'In' && values.length === 1 ? `${key}=${values[0]}` : key;
}
