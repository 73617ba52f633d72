/**
 * Which selectors can matter to the difference between two worlds over the same cluster.
 *
 * A side of a flow changes only if a rule on it does: one that selects the end and is about the traffic, or one that closes the direction. So of all
 * other rules, those count that are about the same traffic, and of the rest only whether one of them closes the direction.
 */
import type { Direction, LabelSelector, Rule, Selector, Traffic } from '../../model/policy';
import { factsOf, follows, isContradiction, withMore } from '../../resolve/containment';
import type { Entry } from '../../resolve/entries';
import type { World } from './world';

/** What ends are told apart by. */
export interface Relevance {
  /**
   * What a selector counts for: by itself, for nothing, or for whether an end is one of the subjects of which a direction is closed. All subjects of
   * the same directions have the same negative number.
   */
  readonly countsFor: (selector: Selector) => 'itself' | 'nothing' | number;
}

/** `undefined` if everything may matter: the worlds differ in more than rules. */
export function relevanceOf(worlds: readonly World[]): Relevance | undefined {
  const [before, after] = worlds;
  if (worlds.length !== 2 || !isSameCluster(before, after)) {
    return undefined;
  }
  const all = [...before.entries, ...after.entries];
  if (all.some(({ rule, opaque }) => rule.requires.length > 0 || opaque !== undefined)) {
    return undefined;
  }
  const changed = differing(before.entries, after.entries);
  const unchanged = all.filter((entry) => !changed.includes(entry));
  const about = new About(changed, unchanged);
  const told = new Set<string>();
  const closing = { ingress: new Set<string>(), egress: new Set<string>() };
  for (const entry of all) {
    if (about.concerns(entry)) {
      [entry.rule.subject.selector, ...entry.selectors].forEach(({ key }) => told.add(key));
    } else if (entry.rule.defaultDeny) {
      closing[entry.rule.direction].add(entry.rule.subject.selector.key);
    }
  }
  return {
    countsFor: ({ key }) => {
      const directions = (closing.ingress.has(key) ? 1 : 0) + (closing.egress.has(key) ? 2 : 0);
      return told.has(key) ? 'itself' : directions === 0 ? 'nothing' : -directions;
    },
  };
}

/** Pods matter only where rules name their ports, or names that they look up. */
function isSameCluster(before: World, after: World): boolean {
  const stateOf = ({
    agent: { minor, config },
    inventory: { pods, namespaces, nodes, services, groups, redirects, names },
    entries,
  }: World) => {
    const hasPods = entries.some((entry) => isAboutNames(entry) || (entry.rule.traffic?.some(({ port }) => port.is === 'name') ?? false));
    const parts = [hasPods ? [...pods] : [], [...namespaces], [...nodes], [...services], [...groups], redirects, [...names]];
    return JSON.stringify([minor, config, parts], (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  };
  return stateOf(before) === stateOf(after);
}

/** The entries that are in one list only. */
function differing(before: readonly Entry[], after: readonly Entry[]): readonly Entry[] {
  const [old, now] = [before, after].map((entries) => new Set(entries.map(keyOf)));
  return [...before.filter((entry) => !now.has(keyOf(entry))), ...after.filter((entry) => !old.has(keyOf(entry)))];
}

/** All that a rule says, and whose it is: listeners and the order of policies depend on it. */
function keyOf({ policy: { kind, namespace, name }, rule, selectors, isOpened }: Entry): string {
  const { subject, traffic, direction, effect, level, defaultDeny, authentication, isUncertain } = rule;
  const own = [kind, namespace, name, direction, effect, level, defaultDeny, authentication, isUncertain, isOpened];
  const parts = [subject.is, subject.selector.key, selectors.map(({ key }) => key), traffic ?? null];
  return JSON.stringify([own, parts], (field, value: unknown) => (field === 'at' ? undefined : value));
}

/** What the changed rules are about. */
class About {
  private readonly subjects: Readonly<Record<Direction, readonly LabelSelector[]>>;
  /** `undefined` for all traffic. */
  private readonly traffic: readonly Traffic[] | undefined;
  private readonly hasNames: boolean;

  public constructor(changed: readonly Entry[], unchanged: readonly Entry[]) {
    const of = (direction: Direction) =>
      changed.filter(({ rule }) => rule.direction === direction).map(({ rule }) => rule.subject.selector);
    this.subjects = { ingress: of('ingress'), egress: of('egress') };
    const isOfEverything = changed.some(({ rule }) => rule.traffic === undefined || mayTurnDefault(rule, unchanged));
    this.traffic = isOfEverything ? undefined : changed.flatMap(({ rule }) => rule.traffic!);
    this.hasNames = changed.some(isAboutNames);
  }

  /** Whether a rule may decide where something changes. */
  public concerns(entry: Entry): boolean {
    const { rule } = entry;
    const other = rule.direction === 'ingress' ? 'egress' : 'ingress';
    // The other side of a flow may be anybody.
    const isOfSide =
      this.subjects[other].length > 0 || this.subjects[rule.direction].some((subject) => mayMeet(subject, rule.subject.selector));
    const isOfTraffic = rule.traffic === undefined || this.traffic === undefined || overlap(rule.traffic, this.traffic);
    return isOfSide && (isOfTraffic || (this.hasNames && (isAboutNames(entry) || isAboutLookUps(rule))));
  }
}

/** Whether without the rule, or with it, the direction of some subject has another default. */
function mayTurnDefault({ defaultDeny, direction, subject }: Rule, unchanged: readonly Entry[]): boolean {
  return (
    defaultDeny &&
    !unchanged.some(({ rule }) => {
      const isClosed = rule.defaultDeny && rule.direction === direction && rule.subject.is === subject.is;
      return isClosed && follows(rule.subject.selector.requirements, factsOf(subject.selector, new Map()));
    })
  );
}

function mayMeet(a: LabelSelector, b: LabelSelector): boolean {
  return !isContradiction(withMore(factsOf(a, new Map()), b.requirements));
}

/** Names are admitted by the look-ups that other rules let pass. */
function isAboutNames({ rule: { traffic = [] }, selectors }: Entry): boolean {
  return selectors.some(({ is }) => is === 'name') || traffic.some(({ l7 }) => l7?.dns !== undefined);
}

function isAboutLookUps({ traffic = [] }: Rule): boolean {
  return overlap(traffic, LOOK_UPS);
}

const LOOK_UPS: readonly Traffic[] = (['TCP', 'UDP'] as const).map((protocol) => ({
  protocol,
  port: { is: 'number', number: 53, end: 0 },
}));

function overlap(a: readonly Traffic[], b: readonly Traffic[]): boolean {
  return a.some((one) => b.some((other) => one.protocol === other.protocol && portsOverlap(one.port, other.port)));
}

/** A name may be any number. */
function portsOverlap(a: Traffic['port'], b: Traffic['port']): boolean {
  if (a.is === 'name' || b.is === 'name' || a.number === 0 || b.number === 0) {
    return true;
  }
  return a.number <= Math.max(b.number, b.end) && b.number <= Math.max(a.number, a.end);
}
