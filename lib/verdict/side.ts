/**
 * What the policy of one end says of a flow: a deny that matches wins, then an allow; if none matches, it depends on the default.
 *
 * How exactly a rule is written never matters: all that match count alike. Source: cilium `pkg/policy/mapstate.go`.
 */
import { isSince } from '../crd/minor';
import type { OwnedRule, Redirect, Side } from '../model/flow';
import type { NamedPort } from '../model/inventory';
import { hasLabel, label, Labels } from '../model/label';
import type { Direction, Protocol, Selector, Traffic, TrafficPort } from '../model/policy';
import type { Agent } from './agent';
import type { Cell, Filter } from './cells';
import { selects } from './matching';
import type { Resolved, Subject } from './resolve';
import type { Identity } from './view';

/** One side of a flow. */
export interface Question {
  readonly direction: Direction;
  readonly subject: Subject;
  readonly peer: Identity;
  readonly protocol: Protocol;
  readonly port: number;
  /** What names of ports mean where all pods count. */
  readonly table: PortTable;
}

export interface Answer {
  readonly side: Side;
  /** The cells that allow, for requests on a connection that is redirected. */
  readonly allowing: readonly Cell[];
}

export function decide(question: Question, resolved: Resolved, agent: Agent): Answer {
  const matching = matchingCells(question, resolved, agent);
  const denying = matching.filter(({ effect }) => effect === 'deny');
  const allowing = matching.filter(({ effect }) => effect === 'allow');
  if (denying.length > 0) {
    return { side: { decision: 'denied', reason: 'deny-rule', because: rulesOf(denying) }, allowing: [] };
  }
  const because = rulesOf(allowing);
  if (because.length > 0) {
    return { side: { decision: 'allowed', reason: 'rule', redirect: redirectOf(allowing), because }, allowing };
  }
  if (!resolved.isDefaultDeny) {
    return { side: { decision: 'allowed', reason: 'not-enforced', redirect: redirectOf(allowing), because }, allowing };
  }
  if (allowing.length > 0 || (resolved.allowsLocalhost && hasLabel(question.peer.labels, 'reserved', 'host'))) {
    return { side: { decision: 'allowed', reason: 'localhost', redirect: redirectOf(allowing), because }, allowing };
  }
  return { side: { decision: 'denied', reason: 'default-deny', because: resolved.isolating }, allowing: [] };
}

/** The cells that are about the traffic and select the peer. */
function matchingCells(question: Question, { filters, direction }: Resolved, agent: Agent): Cell[] {
  const { peer } = question;
  return filters
    .filter((filter) => covers(filter, question, agent))
    .flatMap(({ port, cells }) => {
      // The name of a port on egress is one of each peer, and a kind of peers has none.
      const hasAggregate = port.is === 'number' || direction === 'ingress';
      const selecting = hasAggregate ? selectsPeer : selectsItself;
      return cells.filter(({ selector }) => selecting(selector, peer, agent));
    });
}

/** Whether a selector selects a peer, or from 1.20 on its kind. */
export function selectsPeer(selector: Selector, peer: Identity, agent: Agent): boolean {
  const aggregate = aggregateOf(peer, agent);
  return selectsItself(selector, peer, agent) || (aggregate !== undefined && selects(selector, aggregate, agent));
}

function selectsItself(selector: Selector, { labels }: Identity, agent: Agent): boolean {
  return selects(selector, labels, agent);
}

/** Whether the protocol and port of a question are among these. */
export function covers({ protocol, port }: Pick<Filter, 'protocol' | 'port'>, question: Question, agent: Agent): boolean {
  if (protocol !== 'any' && protocol !== question.protocol) {
    return false;
  }
  if (port.is === 'number') {
    const isEvery = port.number === 0 && (port.end === 0 || isSince(agent.minor, '1.20'));
    return isEvery || isBetween(question.port, port.number, port.end);
  }
  const number = portNumber(port.name, question, agent);
  // A range that begins with a name is one but where the name is each peer's own.
  const hasEnd = question.direction === 'ingress' || !isSince(agent.minor, '1.20');
  return number !== undefined && isBetween(question.port, number, hasEnd ? port.end : 0);
}

/** Whether the traffic of a rule is that of the question. */
export function isAboutTraffic(traffic: readonly Traffic[] | undefined, question: Question, agent: Agent): boolean {
  return traffic === undefined || traffic.some((one) => covers(one, question, agent));
}

/** An end that is not greater than the start counts for nothing. */
function isBetween(port: number, start: number, end: number): boolean {
  return start <= port && port <= Math.max(start, end);
}

/**
 * What a name means: on ingress the port of the endpoint's own containers, on egress that of the peer; up to 1.19 that which all pods of the
 * cluster agree on. A name that nobody has, or not for the protocol, means nothing.
 */
function portNumber(name: string, { direction, subject, peer, protocol, table }: Question, { minor }: Agent): number | undefined {
  if (direction === 'ingress') {
    return numberOf(name, protocol, subject.ports);
  }
  return isSince(minor, '1.20') ? numberOf(name, protocol, peer.ports) : table.agreed(name, protocol, [subject, peer]);
}

function numberOf(name: string, protocol: string, ports: readonly NamedPort[]): number | undefined {
  return ports.find((port) => port.name === name && port.protocol === protocol)?.number;
}

/** The ports for which a proxy is given the rules of a filter: none for a name that nobody has, from 1.20 on several where the peers that it selects differ. */
export function proxyPorts(port: TrafficPort, question: Question, selected: readonly Identity[], agent: Agent): number[] {
  if (port.is === 'number') {
    return [port.number];
  }
  const dependsOnPeers = question.direction === 'egress' && isSince(agent.minor, '1.20');
  const peers = dependsOnPeers ? selected : [question.peer];
  return peers.flatMap((peer) => portNumber(port.name, { ...question, peer }, agent) ?? []);
}

type Ported = Pick<Identity, 'ports'>;

/** The named ports of all pods. */
export class PortTable {
  /** By `name/protocol`. */
  private readonly numbers = new Map<string, Set<number>>();

  public constructor(pods: readonly Ported[]) {
    for (const { ports } of pods) {
      // Of a pod a name means the first port that has it.
      const own = new Map([...ports].reverse().map(({ name, protocol, number }) => [`${name}/${protocol}`, number]));
      own.forEach((number, key) => this.numbers.set(key, (this.numbers.get(key) ?? new Set()).add(number)));
    }
  }

  /** The number that all who give the name to a port of the protocol agree on: all pods, and others beside them. */
  public agreed(name: string, protocol: string, others: readonly Ported[] = []): number | undefined {
    const ofOthers = others.flatMap(({ ports }) => numberOf(name, protocol, ports) ?? []);
    const numbers = new Set([...(this.numbers.get(`${name}/${protocol}`) ?? []), ...ofOthers]);
    return numbers.size === 1 ? [...numbers][0] : undefined;
  }
}

/** The redirect of the lowest priority; one that anything asks for wins over a plain allow. */
function redirectOf(allowing: readonly Cell[]): Redirect | undefined {
  const priorities = allowing.filter(({ parser }) => parser !== '').map(({ priority }) => priority);
  return priorities.length === 0 ? undefined : redirectAt(priorities.reduce((a, b) => Math.min(a, b)));
}

/** The proxy of a priority; 1 to 100 are those that a policy can give its listener. */
export function redirectAt(priority: number): Redirect {
  return REDIRECTS[priority] ?? 'crd';
}

const REDIRECTS: Readonly<Record<number, Redirect>> = { 101: 'http', 106: 'kafka', 111: 'proxylib', 116: 'tls', 121: 'dns' };

/**
 * From 1.20 on the policy map has one entry for all identities of a kind, and a selector that does not ask for any label selects it too.
 *
 * Source: cilium 1.20 `pkg/policy/aggregate.go` and `pkg/identity/identity.go`, ScopeForLabels.
 */
export function aggregateOf({ labels, isEntity = false }: Identity, { minor, blocksMatchNodes, hasNodeLabels }: Agent): Labels | undefined {
  const isReserved = labels.some(({ source }) => source === 'reserved');
  if (!isSince(minor, '1.20') || isEntity || (isReserved && hasLabel(labels, 'reserved', 'host'))) {
    return undefined;
  }
  if (labels.some(({ key }) => key === 'remote-node')) {
    return !isReserved || blocksMatchNodes || hasNodeLabels ? REMOTE_NODES : undefined;
  }
  if (isReserved && labels.length === 1) {
    return undefined;
  }
  return labels.every(({ source }) => LOCAL_SOURCES.includes(source)) ? WORLD : CLUSTER;
}

const LOCAL_SOURCES = ['cidr', 'fqdn', 'reserved', 'cidrgroup'];
const REMOTE_NODES = [label('reserved', 'aggregate-remote-node')];
const WORLD = [label('reserved', 'aggregate-world')];
const CLUSTER = [label('reserved', 'aggregate-cluster')];

function rulesOf(cells: readonly Cell[]): readonly OwnedRule[] {
  return [...new Set(cells.flatMap(({ because }) => because))];
}
