/**
 * What the policy of one end says of a flow: a matching deny wins, then a matching allow, then the default. Of several tiers, the first one counts in
 * which a rule decides.
 *
 * How specific a rule is does not matter: all rules that match count alike. Source: cilium `pkg/policy/mapstate.go`.
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
import { Step, stepsOf } from './tiers';

/** A question to one side of a flow. */
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
  /** What allows the connection: if it is redirected, it decides about requests on it. */
  readonly steps: readonly Step[];
}

export function decide(question: Question, resolved: Resolved, agent: Agent): Answer {
  const matching = matchingCells(question, resolved, agent);
  const steps = stepsOf(matching);
  const [first] = steps.length === 0 ? [NO_STEP] : steps;
  const because = rulesOf(first.cells);
  if (first.effect === 'deny') {
    return { side: { decision: 'denied', reason: 'deny-rule', because }, steps: [] };
  }
  const allowing = matching.flatMap(({ cells }) => cells).filter(({ effect }) => effect === 'allow');
  const failing = allowing.filter((cell) => failsToAuthenticate(cell, agent));
  if (failing.length > 0) {
    return { side: unauthenticated(failing, allowing), steps: [] };
  }
  const redirect = redirectOf(first.cells);
  if (because.length > 0) {
    return { side: { decision: 'allowed', reason: 'rule', redirect, because }, steps };
  }
  if (!resolved.isDefaultDeny) {
    return { side: { decision: 'allowed', reason: 'not-enforced', redirect, because }, steps };
  }
  if (first.cells.length > 0 || (resolved.allowsLocalhost && hasLabel(question.peer.labels, 'reserved', 'host'))) {
    return { side: { decision: 'allowed', reason: 'localhost', redirect, because }, steps };
  }
  return { side: { decision: 'denied', reason: 'default-deny', because: resolved.isolating }, steps: [] };
}

const NO_STEP: Step = { tier: 'default', effect: 'allow', cells: [] };

/** Whether the agent drops the connections that a cell allows, since nobody answers its requests for an authentication. */
function failsToAuthenticate({ authentication }: Cell, { canAuthenticate }: Agent): boolean {
  return authentication === 'test-always-fail' || (authentication === 'required' && !canAuthenticate);
}

/**
 * Of rules for other peers or ports, which one the authentication is taken from depends on how specific they are. It may even be one of a later tier.
 * Source: cilium `pkg/policy/mapstate.go`, authPreferredInsert.
 */
function unauthenticated(failing: readonly Cell[], allowing: readonly Cell[]): Side {
  const because = rulesOf(failing);
  return failing.length === allowing.length
    ? { decision: 'denied', reason: 'not-authenticated', because }
    : { decision: 'unknown', reason: 'authentication', missing: 'which rule decides about the authentication', because };
}

/** The filters that cover the traffic, with the cells that select the peer. */
function matchingCells(question: Question, { filters }: Resolved, agent: Agent): Filter[] {
  return filters
    .filter((filter) => covers(filter, question, agent))
    .map((filter) => ({ ...filter, cells: filter.cells.filter(({ selector }) => selectsPeerOn(filter.port, selector, question, agent)) }));
}

/** Whether a selector selects the peer where it stands beside a port. A port name in an egress rule belongs to each single peer, and an aggregate has no ports. */
export function selectsPeerOn(port: TrafficPort, selector: Selector, { direction, peer }: Question, agent: Agent): boolean {
  const hasAggregate = port.is === 'number' || direction === 'ingress';
  return hasAggregate ? selectsPeer(selector, peer, agent) : selectsItself(selector, peer, agent);
}

/** Whether a selector selects a peer, or from 1.20 on the aggregate that the peer belongs to. */
export function selectsPeer(selector: Selector, peer: Identity, agent: Agent): boolean {
  const aggregate = aggregateOf(peer, agent);
  return selectsItself(selector, peer, agent) || (aggregate !== undefined && selects(selector, aggregate, agent));
}

function selectsItself(selector: Selector, { labels }: Identity, agent: Agent): boolean {
  return selects(selector, labels, agent);
}

/** Whether a filter or a piece of traffic covers the protocol and port of a question. */
export function covers({ protocol, port }: Pick<Filter, 'protocol' | 'port'>, question: Question, agent: Agent): boolean {
  if (protocol !== 'any' && protocol !== question.protocol) {
    return false;
  }
  if (port.is === 'number') {
    const isEvery = port.number === 0 && (port.end === 0 || isSince(agent.minor, '1.20'));
    return isEvery || isBetween(question.port, port.number, port.end);
  }
  const number = namedPort(port.name, question, agent);
  // A range may begin with a port name, except where each peer resolves the name for itself.
  const hasEnd = question.direction === 'ingress' || !isSince(agent.minor, '1.20');
  return number !== undefined && isBetween(question.port, number, hasEnd ? port.end : 0);
}

/** Whether the traffic of a rule covers that of the question. */
export function isAboutTraffic(traffic: readonly Traffic[] | undefined, question: Question, agent: Agent): boolean {
  return traffic === undefined || traffic.some((one) => covers(one, question, agent));
}

/** An end that is not greater than the start has no effect. */
function isBetween(port: number, start: number, end: number): boolean {
  return start <= port && port <= Math.max(start, end);
}

/**
 * The number of a named port; `undefined` if no container has a port of that name and protocol.
 *
 * On ingress it is the port of the endpoint's own containers. On egress it is the port of the peer, and up to 1.19 the one that all pods of the
 * cluster agree on.
 */
function namedPort(name: string, { direction, endpoint, peer, protocol, namedPorts }: Question, { minor }: Agent): number | undefined {
  if (direction === 'ingress') {
    return portNumber(name, protocol, endpoint.ports);
  }
  return isSince(minor, '1.20') ? portNumber(name, protocol, peer.ports) : namedPorts.agreed(name, protocol, [endpoint, peer]);
}

/** The ports that a proxy receives the rules of a filter for: none for an unknown name, several from 1.20 on if the selected peers differ. */
export function proxyPorts(port: TrafficPort, question: Question, selected: readonly Identity[], agent: Agent): number[] {
  if (port.is === 'number') {
    return [port.number];
  }
  const dependsOnPeers = question.direction === 'egress' && isSince(agent.minor, '1.20');
  const peers = dependsOnPeers ? selected : [question.peer];
  return peers.flatMap((peer) => namedPort(port.name, { ...question, peer }, agent) ?? []);
}

/** The redirect of the lowest priority. Any redirect wins over a plain allow. */
function redirectOf(allowing: readonly Cell[]): Redirect | undefined {
  const priorities = allowing.filter(({ parser }) => parser !== '').map(({ priority }) => priority);
  return priorities.length === 0 ? undefined : redirectAt(priorities.reduce((a, b) => Math.min(a, b)));
}

function rulesOf(cells: readonly Cell[]): readonly OwnedRule[] {
  return [...new Set(cells.flatMap(({ because }) => because))];
}
