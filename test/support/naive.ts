/**
 * The decision rule of Cilium in its plainest form: of the rules that match, a deny wins, then an allow, then the default.
 *
 * No filters, no cells, no tables and nothing merged: each rule is looked at by itself. Both engines of the library must agree with it. Only the ends of a
 * flow and the peers of a rule come from the library, and everything else is decided again.
 *
 * Source: cilium `pkg/policy/simulate.go`, whose fuzz test does the same.
 */
import { isSince } from '../../lib/crd/minor';
import type { Flow } from '../../lib/model/flow';
import type { Labels } from '../../lib/model/label';
import { Direction, Layer7, policyName, Selector, TIERS, Traffic } from '../../lib/model/policy';
import { aggregateOf } from '../../lib/resolve/aggregate';
import { destinationsOf } from '../../lib/resolve/destinations';
import { End, endsOf, nodeOf } from '../../lib/resolve/ends';
import type { Entry } from '../../lib/resolve/entries';
import { selects } from '../../lib/resolve/matching';
import type { LocalEndpoint } from '../../lib/resolve/resolve';
import type { Resolver } from '../../lib/resolve/resolver';
import type { Identity } from '../../lib/resolve/view';
import { isSwitchedOff, staysLocal } from '../../lib/verdict/datapath';

export interface NaiveSide {
  readonly decision: 'allowed' | 'denied' | 'n/a';
  readonly reason?: string;
  readonly redirect?: string;
  readonly policies: readonly string[];
}

/** Of the rules that match, those of the first place that decides: a rule that passes a flow on takes the rest of its tier with it. */
function firstOf(matching: readonly Entry[]): readonly Entry[] {
  const [first] = [...matching].sort((a, b) => placeOf(a) - placeOf(b));
  if (first === undefined) {
    return [];
  }
  const same = matching.filter((entry) => placeOf(entry) === placeOf(first));
  const deciding = same.filter(({ rule }) => rule.effect !== 'pass');
  return deciding.length > 0
    ? deciding
    : firstOf(matching.filter((entry) => Math.floor(placeOf(entry) / TIER) > Math.floor(placeOf(first) / TIER)));
}

/** Tiers are far apart. */
function placeOf({ rule: { level } }: Entry): number {
  return TIERS.indexOf(level?.tier ?? 'normal') * TIER + (level?.order ?? 0);
}

const TIER = 10_000;

/** Both sides of a flow; `undefined` if it cannot be judged, can take several ways, or if something besides policy decides. */
export function naiveVerdict(flow: Flow, resolver: Resolver): { readonly egress: NaiveSide; readonly ingress: NaiveSide } | undefined {
  const { cluster, agent, entries } = resolver;
  const from = endsOf(flow.from, cluster, agent, true);
  const to = from.ok ? destinationsOf(flow, from.value.ends[0], cluster, agent) : from;
  if (!from.ok || !to.ok || from.value.ends.length + to.value.all.length > 2) {
    return undefined;
  }
  const [source, { end, backend, hidden }] = [from.value.ends[0], to.value.all[0]];
  const isOpaque = entries.some(({ opaque }) => opaque !== undefined);
  const mayFail = entries.some(({ rule }) => rule.authentication === 'test-always-fail' || (rule.authentication && !agent.canAuthenticate));
  const isBesidePolicy = staysLocal(source, end) || isSwitchedOff(flow.protocol, agent) || agent.isAuditing || flow.code === 4;
  return backend !== undefined || hidden !== undefined || isOpaque || mayFail || isBesidePolicy
    ? undefined
    : { egress: side('egress', source, end, flow, resolver), ingress: side('ingress', end, source, flow, resolver) };
}

function side(direction: Direction, self: End, other: End, flow: Flow, resolver: Resolver): NaiveSide {
  const { agent } = resolver;
  const view = resolver.view(nodeOf(self) ?? nodeOf(other) ?? '');
  const endpoint = resolver.endpoint(self, view);
  if (endpoint === undefined) {
    return { decision: 'n/a', policies: [] };
  }
  const peer = view.peer(other);
  const has = (key: string) => endpoint.labels.some((label) => label.key === key);
  const isUnenforced = agent.enforcement === 'never' || (!isSince(agent.minor, '1.20') && !agent.hasHostFirewall && has('host'));
  const selecting = isUnenforced
    ? []
    : resolver.entries.filter((entry) => entry.rule.direction === direction && isAbout(entry, endpoint, resolver));
  const isolating = selecting.filter(({ rule }) => rule.defaultDeny);
  const isDefaultDeny = !isUnenforced && (agent.enforcement === 'always' || has('init') || isolating.length > 0);

  const asked = { direction, endpoint, peer, flow };
  const matching = firstOf(selecting.filter((entry) => matches(entry, selecting, asked, resolver)));
  const denying = matching.filter(({ rule }) => rule.effect === 'deny');
  if (denying.length > 0) {
    return { decision: 'denied', reason: 'deny-rule', policies: namesOf(denying) };
  }
  if (matching.length > 0) {
    const l7 = matching.flatMap(({ rule }) =>
      (rule.traffic ?? []).filter((one) => covers(one, { direction, endpoint, peer, flow }, resolver)),
    );
    return { decision: 'allowed', reason: 'rule', redirect: redirectOf(l7), policies: namesOf(matching) };
  }
  if (!isDefaultDeny) {
    return { decision: 'allowed', reason: 'not-enforced', policies: [] };
  }
  const isHost = peer.labels.some(({ source, key }) => source === 'reserved' && key === 'host');
  const mayEnter =
    direction === 'ingress' && !endpoint.isHost && agent.allowsLocalhost && (!isSince(agent.minor, '1.20') || selecting.length > 0);
  return isHost && mayEnter
    ? { decision: 'allowed', reason: 'localhost', policies: [] }
    : { decision: 'denied', reason: 'default-deny', policies: namesOf(isolating) };
}

interface Asked {
  readonly direction: Direction;
  readonly endpoint: LocalEndpoint;
  readonly peer: Identity;
  readonly flow: Flow;
}

function isAbout({ rule: { subject } }: Entry, { isHost, labels }: LocalEndpoint, { agent }: Resolver): boolean {
  return (subject.is === 'nodes') === isHost && selects(subject.selector, labels, agent);
}

/** Whether a rule selects the peer and covers the traffic, on one of its ports. */
function matches(entry: Entry, selecting: readonly Entry[], asked: Asked, resolver: Resolver): boolean {
  const { rule } = entry;
  const required = selecting.filter((one) => one.rule.effect === rule.effect).flatMap((one) => one.rule.requires);
  const selectors = entry.selectors.map((one) =>
    one.is === 'labels' && one.ofEndpoints ? { ...one, requirements: [...one.requirements, ...required] } : one,
  );
  const isSelected = (labels: Labels) => selectors.some((selector: Selector) => selects(selector, labels, resolver.agent));
  const kind = aggregateOf(asked.peer, resolver.agent);
  const isPeer = isSelected(asked.peer.labels);
  const isKind = isPeer || (kind !== undefined && isSelected(kind));
  // A port name in an egress rule is one of each peer, and a kind of peers has none.
  return rule.traffic === undefined
    ? isKind
    : rule.traffic.some(
        (one) => covers(one, asked, resolver) && (one.port.is === 'name' && asked.direction === 'egress' ? isPeer : isKind),
      );
}

function covers({ protocol, port }: Traffic, { direction, endpoint, peer, flow }: Asked, { agent, namedPorts }: Resolver): boolean {
  if (protocol !== flow.protocol) {
    return false;
  }
  const isNew = isSince(agent.minor, '1.20');
  if (port.is === 'number') {
    return (port.number === 0 && (port.end === 0 || isNew)) || (port.number <= flow.port && flow.port <= Math.max(port.number, port.end));
  }
  const ofEnd = (end: Identity) => end.ports.find((one) => one.name === port.name && one.protocol === protocol)?.number;
  const number = direction === 'ingress' ? ofEnd(endpoint) : isNew ? ofEnd(peer) : namedPorts.agreed(port.name, protocol, [endpoint, peer]);
  const end = direction === 'ingress' || !isNew ? port.end : 0;
  return number !== undefined && number <= flow.port && flow.port <= Math.max(number, end);
}

/** The proxy of the lowest priority that any rule asks for. */
function redirectOf(traffic: readonly Traffic[]): string | undefined {
  const asking = traffic.flatMap(({ l7 }) => (l7 === undefined ? [] : [proxyOf(l7)]));
  return asking.sort((a, b) => a.priority - b.priority).at(0)?.proxy;
}

function proxyOf({ listener, dns, http, kafka, custom }: Layer7): { readonly proxy: string; readonly priority: number } {
  if (listener !== undefined) {
    return { proxy: 'crd', priority: listener.priority === 0 ? 126 : listener.priority };
  }
  if (dns !== undefined) {
    return { proxy: 'dns', priority: 121 };
  }
  if (http !== undefined) {
    return { proxy: 'http', priority: 101 };
  }
  if (kafka !== undefined) {
    return { proxy: 'kafka', priority: 106 };
  }
  return custom === undefined ? { proxy: 'tls', priority: 116 } : { proxy: 'proxylib', priority: 111 };
}

function namesOf(entries: readonly Entry[]): readonly string[] {
  return [...new Set(entries.map(({ policy }) => policyName(policy)))].sort();
}
