/**
 * What the policy of one end says of a flow: a deny that matches wins, then an allow; if none matches, it depends on the default.
 *
 * How exactly a rule is written never matters: all that match count alike. Source: cilium `pkg/policy/mapstate.go`.
 */
import { isSince } from '../crd/minor';
import type { OwnedRule, Redirect, Side } from '../model/flow';
import { hasLabel } from '../model/label';
import type { Direction, Protocol, Selector, Traffic, TrafficPort } from '../model/policy';
import type { Agent } from '../resolve/agent';
import { aggregateOf } from '../resolve/aggregate';
import { Cell, Filter, redirectAt } from '../resolve/cells';
import { selects } from '../resolve/matching';
import { NamedPorts, portNumber } from '../resolve/named-ports';
import type { LocalEndpoint, Resolved } from '../resolve/resolve';
import type { Identity } from '../resolve/view';

/** One side of a flow. */
export interface Question {
  readonly direction: Direction;
  readonly endpoint: LocalEndpoint;
  readonly peer: Identity;
  readonly protocol: Protocol;
  readonly port: number;
  /** The named ports of all pods, which decide what a name means in egress rules up to 1.19. */
  readonly namedPorts: NamedPorts;
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
  const number = namedPort(port.name, question, agent);
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
function namedPort(name: string, { direction, endpoint, peer, protocol, namedPorts }: Question, { minor }: Agent): number | undefined {
  if (direction === 'ingress') {
    return portNumber(name, protocol, endpoint.ports);
  }
  return isSince(minor, '1.20') ? portNumber(name, protocol, peer.ports) : namedPorts.agreed(name, protocol, [endpoint, peer]);
}

/** The ports for which a proxy is given the rules of a filter: none for a name that nobody has, from 1.20 on several where the peers that it selects differ. */
export function proxyPorts(port: TrafficPort, question: Question, selected: readonly Identity[], agent: Agent): number[] {
  if (port.is === 'number') {
    return [port.number];
  }
  const dependsOnPeers = question.direction === 'egress' && isSince(agent.minor, '1.20');
  const peers = dependsOnPeers ? selected : [question.peer];
  return peers.flatMap((peer) => namedPort(port.name, { ...question, peer }, agent) ?? []);
}

/** The redirect of the lowest priority; one that anything asks for wins over a plain allow. */
function redirectOf(allowing: readonly Cell[]): Redirect | undefined {
  const priorities = allowing.filter(({ parser }) => parser !== '').map(({ priority }) => priority);
  return priorities.length === 0 ? undefined : redirectAt(priorities.reduce((a, b) => Math.min(a, b)));
}

function rulesOf(cells: readonly Cell[]): readonly OwnedRule[] {
  return [...new Set(cells.flatMap(({ because }) => because))];
}
