/** Which rules select an endpoint, and what they add up to. Source: cilium `pkg/policy/repository.go`, computePolicyEnforcementAndRules. */
import { isSince, Minor, NEWEST } from '../crd/minor';
import { Conditions, everyIdentity } from '../model/conditions';
import type { OwnedRule } from '../model/flow';
import type { Labels } from '../model/label';
import type { Direction, Level, Requirement, Rule, Selector, Traffic, TrafficPort } from '../model/policy';
import { NAMESPACE_KEY } from '../net/label-keys';
import type { Agent } from './agent';
import { Cell, cellOf, Conflict, Filter, OpenCell } from './cells';
import type { Entry } from './entries';
import { selects } from './matching';
import type { Identity } from './view';

/** An endpoint that policy is evaluated for. */
export interface LocalEndpoint extends Identity {
  /** Policies with a node selector apply to the host, and to nothing else. */
  readonly isHost: boolean;
  /** The labels of its node, as a peer. */
  readonly node: Labels;
}

/** The policy of one direction of an endpoint. */
export interface Resolved {
  readonly is: 'resolved';
  readonly direction: Direction;
  /** Whether traffic that no rule allows is denied. */
  readonly isDefaultDeny: boolean;
  /** Whether the local node may connect although no rule allows it. */
  readonly allowsLocalhost: boolean;
  readonly filters: readonly Filter[];
  /** The rules that select the endpoint, with the selectors that apply to it. */
  readonly selecting: readonly Entry[];
  /** Those of them that make the direction default-deny. */
  readonly isolating: readonly OwnedRule[];
}

/** Resolves one direction of an endpoint as the agent does. */
export function resolve(endpoint: LocalEndpoint, direction: Direction, entries: readonly Entry[], agent: Agent): Resolved | Conflict {
  // Up to 1.19 Cilium looks for the host's label by key alone, so a pod with a label of that key escapes too.
  const escapes = !isSince(agent.minor, '1.20') && !agent.hasHostFirewall && hasKey(endpoint, 'host');
  if (agent.enforcement === 'never' || escapes) {
    const [filters, selecting, isolating]: [[], [], []] = [[], [], []];
    return { is: 'resolved', direction, isDefaultDeny: false, allowsLocalhost: false, filters, selecting, isolating };
  }
  const selecting = applied(
    entries.filter(({ rule }) => rule.direction === direction && selectsEndpoint(rule.subject, endpoint, agent)),
    agent,
  );
  const isolating = selecting.filter(({ rule }) => rule.defaultDeny);
  // A pod without an identity is isolated until it has one.
  const isAlways = agent.enforcement === 'always' || hasKey(endpoint, 'init');
  const isDefaultDeny = isAlways || isolating.length > 0;
  // From 1.20 on this is a rule, which Cilium adds only to other rules.
  const isAdded = selecting.some(({ rule }) => !isAlways || rule.isUncertain !== true);
  const hasLocalhostRule = !isSince(agent.minor, '1.20') || isAdded;
  const allowsLocalhost = direction === 'ingress' && !endpoint.isHost && agent.allowsLocalhost && hasLocalhostRule;
  const implied: readonly Filter[] = [
    ...(isDefaultDeny ? [] : [everything(EVERY_IDENTITY)]),
    ...(isDefaultDeny && allowsLocalhost && isSince(agent.minor, '1.20') ? [everything(HOST)] : []),
  ];
  const filters = filtersOf(selecting, endpoint, !isDefaultDeny, agent);
  return isConflict(filters)
    ? filters
    : { is: 'resolved', direction, isDefaultDeny, allowsLocalhost, filters: [...filters, ...implied], selecting, isolating };
}

function isConflict(filters: readonly Filter[] | Conflict): filters is Conflict {
  return 'is' in filters;
}

/** Whether an endpoint has a label with a key, from any source. */
function hasKey({ labels }: LocalEndpoint, key: string): boolean {
  return labels.some((label) => label.key === key);
}

function selectsEndpoint({ is, selector }: Rule['subject'], { isHost, labels }: LocalEndpoint, agent: Agent): boolean {
  return (is === 'nodes') === isHost && selects(selector, labels, agent);
}

/** A filter while cells are merged into it, by selector key. */
interface OpenFilter extends Omit<Filter, 'cells'> {
  readonly cells: Map<string, Cell | OpenCell>;
}

function filtersOf(entries: readonly Entry[], endpoint: LocalEndpoint, isOpen: boolean, agent: Agent): readonly Filter[] | Conflict {
  const filters = new Map<string, OpenFilter>();
  for (const entry of entries) {
    const conflict = addEntry(filters, entry, endpoint, isOpen, agent);
    if (conflict !== undefined) {
      return conflict;
    }
  }
  return [...filters.values()].map(({ tier, protocol, port, cells }) => {
    const closed = [...cells.values()].map((cell) => (cell instanceof OpenCell ? cell.closed() : cell));
    return { tier, protocol, port, cells: exempted(closed, entries, endpoint, agent) };
  });
}

/** Adds a rule to the filters of its traffic. A rule that selects no peer says nothing, and so does one with an empty list of ports. */
function addEntry(
  filters: Map<string, OpenFilter>,
  entry: Entry,
  endpoint: LocalEndpoint,
  isOpen: boolean,
  agent: Agent,
): Conflict | undefined {
  const { selectors } = entry;
  const namespace = namespaceOf(endpoint);
  for (const traffic of selectors.length === 0 ? [] : (entry.rule.traffic ?? [undefined])) {
    const cells = selectors.map((selector) => cellOf(entry, selector, traffic, { namespace, isOpen }));
    const conflict =
      listenerConflict(entry, traffic, namespace) ??
      addTo(filters, entry, traffic, [...cells, ...hostExemptions(cells, entry, endpoint, agent)], agent.minor);
    if (conflict !== undefined) {
      return conflict;
    }
  }
  return undefined;
}

/** Why an endpoint cannot use the listener of a rule: a CiliumEnvoyConfig is looked up in the namespace of the endpoint. */
function listenerConflict(owned: OwnedRule, traffic: Traffic | undefined, namespace: string): Conflict | undefined {
  const listener = owned.rule.effect === 'allow' ? traffic?.l7?.listener : undefined;
  return listener?.kind === 'CiliumEnvoyConfig' && namespace === ''
    ? {
        is: 'conflict',
        message: `listener \`${listener.name}\` of a CiliumEnvoyConfig cannot be used by an endpoint without a namespace`,
        between: [owned],
      }
    : undefined;
}

function namespaceOf({ labels }: LocalEndpoint): string {
  return labels.find(({ source, key }) => source === 'k8s' && key === NAMESPACE_KEY)?.value ?? '';
}

/** Each tier has filters of its own. */
function addTo(
  filters: Map<string, OpenFilter>,
  { rule: { level } }: Entry,
  traffic: Traffic | undefined,
  cells: readonly Cell[],
  minor: Minor,
): Conflict | undefined {
  const { protocol = 'any', port = EVERY_PORT } = traffic ?? {};
  const { tier } = level ?? NORMAL;
  const key = `${tier} ${protocol} ${port.is === 'name' ? port.name : `${port.number}-${port.end}`}`;
  const filter = filters.get(key) ?? { tier, protocol, port, cells: new Map<string, Cell | OpenCell>() };
  filters.set(key, filter);
  for (const cell of cells) {
    const old = filter.cells.get(cell.selector.key);
    const merged = old === undefined || cell.selector.key === NO_IDENTITY ? cell : OpenCell.of(old).with(cell, minor);
    if ('is' in merged) {
      return merged;
    }
    filter.cells.set(cell.selector.key, merged);
  }
  return undefined;
}

const NORMAL: Level = { tier: 'normal', order: 0 };
const EVERY_PORT: TrafficPort = { is: 'number', number: 0, end: 0 };

/** The selector of the entity `none`: its cells never conflict. */
const NO_IDENTITY = new Conditions(NEWEST).equals('reserved:none', '').selector().key;
const HOST = new Conditions(NEWEST).equals('reserved:host', '').selector();

/** Rules with the selectors that they have next to each other. */
function applied(entries: readonly Entry[], agent: Agent): readonly Entry[] {
  const required = { allow: requirementsOf('allow', entries), deny: requirementsOf('deny', entries), pass: [] };
  return entries.map((entry) => {
    const selectors = selectorsOf(entry, required[entry.rule.effect], agent);
    return selectors === entry.selectors ? entry : { ...entry, selectors };
  });
}

function selectorsOf({ selectors: own }: Entry, required: readonly Requirement[], { minor }: Agent): readonly Selector[] {
  const selectors = required.length === 0 ? own : own.map((selector) => narrowed(selector, required));
  // Up to 1.19 the selector of every peer replaces all others of the rule.
  const everyPeer = selectors.filter(({ key }) => key === EVERY_IDENTITY.key);
  return isSince(minor, '1.20') || everyPeer.length === 0 ? selectors : everyPeer.slice(0, 1);
}

/** Up to 1.18 the requirements in `fromRequires` and `toRequires` of one rule apply to the endpoint selectors of all rules with the same effect. */
function requirementsOf(effect: Rule['effect'], entries: readonly Entry[]): readonly Requirement[] {
  return entries.filter(({ rule }) => rule.effect === effect).flatMap(({ rule }) => rule.requires);
}

function narrowed(selector: Selector, required: readonly Requirement[]): Selector {
  return selector.is === 'labels' && selector.ofEndpoints
    ? { ...selector, key: `${selector.key} ${JSON.stringify(required)}`, requirements: [...selector.requirements, ...required] }
    : selector;
}

/**
 * Up to 1.19 L7 rules on ingress never deny a request of the local node if it may always connect; the connection is redirected all the same.
 * Cilium 1.18 adds this exemption to each rule, and 1.19 to the merged rules. It belongs to no policy.
 */
function hostExemptions(cells: readonly Cell[], { rule }: Entry, endpoint: LocalEndpoint, agent: Agent): Cell[] {
  return isSince(agent.minor, '1.19') || rule.direction === 'egress' ? [] : exemption(cells, endpoint, agent);
}

function exempted(cells: readonly Cell[], entries: readonly Entry[], endpoint: LocalEndpoint, agent: Agent): readonly Cell[] {
  const isExempted = agent.minor === '1.19' && entries[0].rule.direction === 'ingress';
  return isExempted ? [...cells, ...exemption(cells, endpoint, agent)] : cells;
}

function exemption(cells: readonly Cell[], { node }: LocalEndpoint, agent: Agent): Cell[] {
  const isNeeded = cells.some(({ parser, selector }) => parser !== '' && selects(selector, node, agent));
  const isThere = cells.some(({ selector }) => selector.key === HOST.key);
  return agent.allowsLocalhost && isNeeded && !isThere ? [HOST_CELL] : [];
}

const EVERY_IDENTITY = everyIdentity(NEWEST);

/** An implied filter that allows all traffic of a peer. It belongs to no policy. */
function everything(selector: Selector): Filter {
  return { tier: 'default', protocol: 'any', port: EVERY_PORT, cells: [{ ...HOST_CELL, selector }] };
}

/** What Cilium adds for the local node. It belongs to no policy. */
export const HOST_CELL: Cell = {
  selector: HOST,
  effect: 'allow',
  order: 0,
  parser: '',
  priority: 0,
  http: [],
  dns: [],
  otherRules: [],
  serverNames: [],
  listener: '',
  because: [],
};
