/**
 * Which selectors can matter to the difference between two worlds over the same cluster.
 *
 * A side of a flow changes only if a rule on it does: one that selects the end and is about the traffic, or one that closes the direction. So of all
 * other rules, those count that are about the same traffic, and of the rest only whether one of them closes the direction.
 */
import type { Minor } from '../../crd/minor';
import type { LabelSelector, Requirement, Rule, Selector, Traffic } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { NAMESPACE_KEY } from '../../net/label-keys';
import { contains } from '../../net/prefix';
import { factsOf, follows, mayMeet } from '../../resolve/containment';
import type { Entry } from '../../resolve/entries';
import { isRefused } from '../../verdict/envoy-refusal';
import type { World } from './world';

/** What ends are told apart by. */
export interface Relevance {
  /**
   * What a selector counts for: by itself, for nothing, or for whether an end is one of the subjects of which a direction is closed. All subjects of
   * the same directions have the same negative number.
   */
  readonly countsFor: (selector: Selector) => 'itself' | 'nothing' | number;
  /** Whether a rule may decide where something changes. */
  readonly concerns: (entry: Entry) => boolean;
  /** The rules that are in one world only. */
  readonly changed: readonly Entry[];
  /** Whether all worlds have the same pods. */
  readonly hasSamePods: boolean;
  /** Whether a DNS server may answer others than before. */
  readonly answersDiffer: boolean;
}

/**
 * `undefined` if everything may matter: the worlds differ in more than rules. Each side has one world, or the one with the fewest and the one with the
 * most peers, where values are filled in later.
 */
export function relevanceOf(before: readonly World[], after: readonly World[]): Relevance | undefined {
  const worlds = [...before, ...after];
  if (!worlds.every((world) => isSameCluster(world, worlds[0]))) {
    return undefined;
  }
  const all = worlds.flatMap(({ entries }) => entries);
  const { blocksMatchNodes, blocksMatchPods } = worlds[0].agent;
  const isPlain = all.every(({ rule, opaque }) => rule.requires.length === 0 && opaque === undefined);
  if (!isPlain || blocksMatchNodes || blocksMatchPods) {
    return undefined;
  }
  const said = new Map(worlds.map((world) => [world, new Set(world.entries.map(keyOf))]));
  const missingIn = (other: World, { entries }: World) => entries.filter((entry) => !said.get(other)!.has(keyOf(entry)));
  const differing = (old: World, now: World) => [...missingIn(now, old), ...missingIn(old, now)];
  const changed = new Set([...differing(before[0], after[0]), ...(worlds.length > 2 ? differing(before.at(-1)!, after.at(-1)!) : [])]);
  // What is in every world is certain.
  const keys = [...said.values()];
  const unchanged = worlds[0].entries.filter((entry) => keys.every((own) => own.has(keyOf(entry))));
  const told = new Set<string>();
  const closing = { ingress: new Set<string>(), egress: new Set<string>() };
  const about = new About([...changed], unchanged, all, worlds[0].agent.minor);
  const clashing = changed.size === 0 ? new Set<Entry>() : clashingIn(all);
  for (const entry of all) {
    // Policies for nodes are few, and where rules clash, nothing of the endpoint is known.
    if (about.concerns(entry) || clashing.has(entry) || (changed.size > 0 && entry.rule.subject.is === 'nodes')) {
      [entry.rule.subject.selector, ...entry.selectors].forEach(({ key }) => told.add(key));
    } else if (entry.rule.defaultDeny) {
      closing[entry.rule.direction].add(entry.rule.subject.selector.key);
    }
  }
  return {
    concerns: (entry) => about.concerns(entry),
    changed: [...changed],
    hasSamePods: worlds.every(({ inventory: { pods } }) => hasSameKeys(pods, worlds[0].inventory.pods)),
    answersDiffer: about.answersDiffer,
    countsFor: ({ key }) => {
      const directions = (closing.ingress.has(key) ? 1 : 0) + (closing.egress.has(key) ? 2 : 0);
      return told.has(key) ? 'itself' : directions === 0 ? 'nothing' : -directions;
    },
  };
}

/** Pods that are on one side only matter where rules name their ports, or names that they look up; the others must be the same. */
function isSameCluster(before: World, after: World): boolean {
  const common = (name: string) => before.inventory.pods.has(name) && after.inventory.pods.has(name);
  const stateOf = ({
    agent: { minor, config },
    inventory: { pods, namespaces, nodes, services, groups, redirects, names },
    entries,
  }: World) => {
    const hasPods = entries.some((entry) => isAboutNames(entry) || (entry.rule.traffic?.some(({ port }) => port.is === 'name') ?? false));
    const own = [...pods].filter(([name]) => hasPods || common(name)).sort(([a], [b]) => (a < b ? -1 : 1));
    const parts = [own, [...namespaces], [...nodes], [...services], [...groups], redirects, [...names]];
    return JSON.stringify([minor, config, parts], (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  };
  return stateOf(before) === stateOf(after);
}

/** Pods with the same name are the same in worlds that are compared. */
function hasSameKeys(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): boolean {
  return a.size === b.size && [...a.keys()].every((key) => b.has(key));
}

/** The rules of which two may not be merged, so that the policy of an endpoint does not resolve. */
function clashingIn(all: readonly Entry[]): ReadonlySet<Entry> {
  const special = all.filter(({ rule }) => kindsOf(rule).length > 0);
  const isClashing = (a: Entry, b: Entry) => {
    const kinds = new Set([...kindsOf(a.rule), ...kindsOf(b.rule)]);
    const isSide = a.rule.direction === b.rule.direction && a.rule.effect === b.rule.effect && a.rule.effect === 'allow';
    return kinds.size > 1 && isSide && mayMeet(a.rule.subject.selector, b.rule.subject.selector);
  };
  return new Set(special.length > MOST_CHANGED ? special : special.filter((one) => special.some((other) => isClashing(one, other))));
}

/** What a proxy is told, in kinds that may clash. */
function kindsOf({ traffic = [], authentication }: Rule): readonly string[] {
  const ofTraffic = traffic.flatMap(({ l7 }) =>
    l7 === undefined
      ? []
      : [
          l7.http ? 'http' : l7.dns ? 'dns' : l7.kafka !== undefined ? 'kafka' : (l7.custom?.parser ?? 'tls'),
          ...(l7.listener === undefined ? [] : [`listener ${l7.listener.name} ${l7.listener.envoyConfig}`]),
          ...(l7.terminatingTls === undefined ? [] : [`terminating ${l7.terminatingTls}`]),
          ...(l7.originatingTls === undefined ? [] : [`originating ${l7.originatingTls}`]),
          ...(l7.serverNames.length === 0 ? [] : ['server names']),
        ],
  );
  return [...ofTraffic, ...(authentication === undefined ? [] : [`authentication ${authentication}`])];
}

/** All that a rule says, and whose it is: listeners and the order of policies depend on it. */
function keyOf(entry: Entry): string {
  const key = KEYS.get(entry) ?? writtenKey(entry);
  KEYS.set(entry, key);
  return key;
}

const KEYS = new WeakMap<Entry, string>();

function writtenKey({ policy: { kind, namespace, name }, rule, selectors, isOpened }: Entry): string {
  const { subject, traffic, direction, effect, level, defaultDeny, authentication, isUncertain } = rule;
  const own = [kind, namespace, name, direction, effect, level, defaultDeny, authentication, isUncertain, isOpened];
  const parts = [subject.is, subject.selector.key, selectors.map(({ key }) => key), traffic ?? null];
  return JSON.stringify([own, parts], (field, value: unknown) => (field === 'at' ? undefined : value));
}

/** What the changed rules are about. */
class About {
  private readonly changed: readonly ChangedRule[];
  /** The changed rules of subjects that names are admitted for. */
  private readonly asking: readonly Entry[];
  /** Whether a DNS server may answer others than before. */
  public readonly answersDiffer: boolean;
  /** By what the rule says: most rules are in both worlds. */
  private readonly known = new Map<string, boolean>();

  public constructor(changed: readonly Entry[], unchanged: readonly Entry[], all: readonly Entry[], minor: Minor) {
    const closing = closingIn(unchanged);
    this.changed = changed.map((entry) => ({
      entry,
      turnsDefault: mayTurnDefault(entry.rule, closing),
      isRefused: isRefused(entry.rule, minor),
    }));
    const named = all.filter(({ selectors }) => selectors.some(({ is }) => is === 'name')).map(({ rule }) => rule.subject.selector);
    this.asking = changed.filter(
      ({ rule }) =>
        rule.direction === 'egress' && (named.length > MOST_CHANGED || named.some((subject) => mayMeet(subject, rule.subject.selector))),
    );
    this.answersDiffer = changed.some(({ rule }) => rule.direction === 'ingress' && mayMeet(rule.subject.selector, SERVERS));
  }

  /** Whether a rule may decide where something changes. */
  public concerns(entry: Entry): boolean {
    const key = keyOf(entry);
    const concerns = this.known.get(key) ?? this.decides(entry);
    this.known.set(key, concerns);
    return concerns;
  }

  private decides(entry: Entry): boolean {
    // Whether a name admits an address depends on look-ups.
    const isOfNames = isAboutNames(entry);
    if ((isOfNames && this.answersDiffer) || this.mayLookUp(entry)) {
      return true;
    }
    return this.changed.length > MOST_CHANGED || this.changed.some((one) => meets(one, entry));
  }

  /** Whether a rule may be about the look-ups of a subject that asks for names: on its side, or on that of the DNS servers. */
  private mayLookUp({ rule, selectors }: Entry): boolean {
    const isOfServers = rule.direction === 'ingress' && mayMeet(rule.subject.selector, SERVERS);
    const own = rule.direction === 'egress' ? [rule.subject.selector] : isOfServers ? selectors.filter(isEndpoint) : [];
    return this.asking.some(({ rule: { subject } }) => own.some((one) => mayMeet(subject.selector, one)));
  }
}

/** Of more, nobody looks at each pair. */
export const MOST_CHANGED = 200;

interface ChangedRule {
  readonly entry: Entry;
  /** Whether it may change the default of its subjects, for every peer and port. */
  readonly turnsDefault: boolean;
  /** Whether Envoy refuses it, and with it all that the policies of its subjects say of requests. */
  readonly isRefused: boolean;
}

/** Whether some flow may be about both rules, on the same side of it or on both. */
function meets({ entry: { rule, selectors }, turnsDefault, isRefused: refused }: ChangedRule, other: Entry): boolean {
  if (refused && mayMeet(rule.subject.selector, other.rule.subject.selector)) {
    return true;
  }
  const isOfTraffic =
    turnsDefault || rule.traffic === undefined || other.rule.traffic === undefined || overlap(rule.traffic, other.rule.traffic);
  if (!isOfTraffic) {
    return false;
  }
  if (rule.direction === other.rule.direction) {
    const isOfPeers = turnsDefault || selectors.some((one) => other.selectors.some((peer) => peersMeet(one, peer)));
    return mayMeet(rule.subject.selector, other.rule.subject.selector) && isOfPeers;
  }
  const isOfSubject = turnsDefault || selectors.some((one) => isEndpoint(one) && mayMeet(one, other.rule.subject.selector));
  return isOfSubject && other.selectors.some((peer) => isEndpoint(peer) && mayMeet(peer, rule.subject.selector));
}

/** Whether a selector of peers may select endpoints. CIDRs and names do not, unless CIDRs match pods or nodes, which are compared whole. */
function isEndpoint(selector: Selector): selector is LabelSelector {
  return selector.is === 'labels';
}

function peersMeet(a: Selector, b: Selector): boolean {
  if (a.is === 'labels' && b.is === 'labels') {
    return mayMeet(a, b);
  }
  if (a.is === 'block' && b.is === 'block') {
    return contains(a.block, b.block) || contains(b.block, a.block);
  }
  const [labels] = [a, b].filter((one) => one.is === 'labels');
  // Addresses have no labels of Kubernetes.
  return labels?.is !== 'labels' || !labels.requirements.some(isOfKubernetes);
}

function isOfKubernetes({ source, operator }: Requirement): boolean {
  return source === 'k8s' && (operator === 'In' || operator === 'Exists');
}

/** Whether without the rule, or with it, the direction of some subject has another default. */
function mayTurnDefault({ defaultDeny, direction, subject }: Rule, closing: ReadonlyMap<string, readonly Rule[]>): boolean {
  if (!defaultDeny) {
    return false;
  }
  const facts = factsOf(subject.selector, new Map());
  const others = closing.get(`${direction} ${subject.is}`) ?? [];
  return !others.some((other) => follows(other.subject.selector.requirements, facts));
}

/** A closing rule for every distinct subject, by direction and by what it selects. */
function closingIn(entries: readonly Entry[]): ReadonlyMap<string, readonly Rule[]> {
  const closing = entries.map(({ rule }) => rule).filter(({ defaultDeny }) => defaultDeny);
  const distinct = new Map(closing.map((rule) => [`${rule.direction} ${rule.subject.is} ${rule.subject.selector.key}`, rule]));
  return groupedBy([...distinct.values()], ({ direction, subject }) => `${direction} ${subject.is}`);
}

/** Names are admitted by the look-ups that other rules let pass. */
function isAboutNames({ rule: { traffic = [] }, selectors }: Entry): boolean {
  return selectors.some(({ is }) => is === 'name') || traffic.some(({ l7 }) => l7?.dns !== undefined);
}

/** Where the DNS servers of a cluster are. */
const SERVERS: LabelSelector = {
  ...{ is: 'labels', key: 'servers', ofEndpoints: true },
  requirements: [{ source: 'k8s', key: NAMESPACE_KEY, operator: 'In', values: ['kube-system', 'openshift-dns'] }],
};

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
