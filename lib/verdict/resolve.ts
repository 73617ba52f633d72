/** Which rules are about an endpoint, and what they come to. Source: cilium `pkg/policy/repository.go`, computePolicyEnforcementAndRules. */
import { isSince, Minor } from '../crd/minor';
import type { OwnedRule } from '../model/flow';
import type { Labels } from '../model/label';
import type { Direction, Requirement, Rule, Selector, Traffic, TrafficPort } from '../model/policy';
import { Conditions, NAMESPACE } from '../read/policy/selector';
import type { Agent } from './agent';
import { Cell, cellOf, Filter, OpenCell } from './cells';
import type { Entry } from './entries';
import { selects } from './matching';
import type { Identity } from './view';

/** Whom policy is evaluated for. */
export interface Subject extends Identity {
  /** Only policies of nodes are about the host, and about nothing else. */
  readonly isHost: boolean;
  /** Its node, as a peer. */
  readonly node: Labels;
}

/** The policy of one direction of an endpoint. */
export interface Resolved {
  readonly direction: Direction;
  /** Whether what no rule allows is denied. */
  readonly isDefaultDeny: boolean;
  /** Whether the node may enter though no rule says so. */
  readonly allowsLocalhost: boolean;
  readonly filters: readonly Filter[];
  /** The rules that are about the subject. */
  readonly selecting: readonly Entry[];
  /** Those of them that make the direction default-deny. */
  readonly isolating: readonly OwnedRule[];
}

/** Resolves one direction; throws a `Conflict` where the agent cannot. */
export function resolve(subject: Subject, direction: Direction, entries: readonly Entry[], agent: Agent): Resolved {
  // Up to 1.19 the label of the host is looked for by its key alone: a pod that has one of that name is no different.
  const escapes = !isSince(agent.minor, '1.20') && !agent.hasHostFirewall && hasKey(subject, 'host');
  if (agent.enforcement === 'never' || escapes) {
    const [filters, selecting, isolating]: [[], [], []] = [[], [], []];
    return { direction, isDefaultDeny: false, allowsLocalhost: false, filters, selecting, isolating };
  }
  const selecting = entries.filter(({ rule }) => rule.direction === direction && isAbout(rule.subject, subject, agent));
  const isolating = selecting.filter(({ rule }) => rule.defaultDeny);
  // Without an identity of its own a pod is isolated until it has one.
  const isAlways = agent.enforcement === 'always' || hasKey(subject, 'init');
  const isDefaultDeny = isAlways || isolating.length > 0;
  // From 1.20 on this is a rule, which stands beside others only.
  const hasLocalhostRule = !isSince(agent.minor, '1.20') || selecting.length > 0;
  const allowsLocalhost = direction === 'ingress' && !subject.isHost && agent.allowsLocalhost && hasLocalhostRule;
  const implied = [
    ...(isDefaultDeny ? [] : [everything(EVERYBODY)]),
    ...(isDefaultDeny && allowsLocalhost && isSince(agent.minor, '1.20') ? [everything(HOST)] : []),
  ];
  return {
    direction,
    isDefaultDeny,
    allowsLocalhost,
    filters: [...filtersOf(selecting, subject, !isDefaultDeny, agent), ...implied],
    selecting,
    isolating,
  };
}

/** Whatever the source of the label. */
function hasKey({ labels }: Subject, key: string): boolean {
  return labels.some((label) => label.key === key);
}

function isAbout({ is, selector }: Entry['rule']['subject'], { isHost, labels }: Subject, agent: Agent): boolean {
  return (is === 'nodes') === isHost && selects(selector, labels, agent);
}

/** A filter while cells are merged into it, by the keys of their selectors. */
interface OpenFilter extends Omit<Filter, 'cells'> {
  readonly cells: Map<string, Cell | OpenCell>;
}

function filtersOf(entries: readonly Entry[], subject: Subject, isOpen: boolean, agent: Agent): readonly Filter[] {
  const namespace = subject.labels.find(({ source, key }) => source === 'k8s' && key === NAMESPACE)?.value ?? '';
  const filters = new Map<string, OpenFilter>();
  const required = { allow: requirementsOf('allow', entries), deny: requirementsOf('deny', entries) };
  for (const entry of entries) {
    const selectors = selectorsOf(entry, required[entry.rule.effect], agent);
    // A rule that names nobody says nothing, and so does one that names ports, but none.
    for (const traffic of selectors.length === 0 ? [] : (entry.rule.traffic ?? [undefined])) {
      const cells = selectors.map((selector) => cellOf(entry, selector, traffic, isOpen, namespace));
      addTo(filters, traffic, [...cells, ...hostExemptions(cells, entry, subject, agent)], agent.minor);
    }
  }
  return [...filters.values()].map(({ protocol, port, cells }) => {
    const closed = [...cells.values()].map((cell) => (cell instanceof OpenCell ? cell.closed() : cell));
    return { protocol, port, cells: exempted(closed, entries, subject, agent) };
  });
}

function addTo(filters: Map<string, OpenFilter>, traffic: Traffic | undefined, cells: readonly Cell[], minor: Minor): void {
  const { protocol = 'any', port = EVERY_PORT } = traffic ?? {};
  const key = `${protocol} ${port.is === 'name' ? port.name : `${port.number}-${port.end}`}`;
  const filter = filters.get(key) ?? { protocol, port, cells: new Map<string, Cell | OpenCell>() };
  filters.set(key, filter);
  for (const cell of cells) {
    const old = filter.cells.get(cell.selector.key);
    const isNobody = cell.selector.key === NOBODY;
    filter.cells.set(cell.selector.key, old === undefined || isNobody ? cell : OpenCell.of(old).with(cell, minor));
  }
}

const EVERY_PORT: TrafficPort = { is: 'number', number: 0, end: 0 };

/** Cells of the entity `none` are never in conflict. */
const NOBODY = new Conditions('1.20').equals('reserved:none', '').selector().key;
const HOST = new Conditions('1.20').equals('reserved:host', '').selector();

/** The peers of a rule. */
function selectorsOf({ selectors: own }: Entry, required: readonly Requirement[], { minor }: Agent): readonly Selector[] {
  const selectors = required.length === 0 ? own : own.map((selector) => narrowed(selector, required));
  // Up to 1.19 everybody stands for all that are named beside.
  const everybody = selectors.filter(({ key }) => key === EVERYBODY.key);
  return isSince(minor, '1.20') || everybody.length === 0 ? selectors : everybody.slice(0, 1);
}

/** Up to 1.18, what `fromRequires` and `toRequires` of any rule demand counts for the endpoints of all of its effect. */
function requirementsOf(effect: Rule['effect'], entries: readonly Entry[]): readonly Requirement[] {
  return entries.filter(({ rule }) => rule.effect === effect).flatMap(({ rule }) => rule.requires);
}

function narrowed(selector: Selector, required: readonly Requirement[]): Selector {
  return selector.is === 'labels' && selector.ofEndpoints
    ? { ...selector, key: `${selector.key} ${JSON.stringify(required)}`, requirements: [...selector.requirements, ...required] }
    : selector;
}

/**
 * Up to 1.19 no request of the host is refused by L7 rules on ingress where the host is always let in: the connection is redirected all the
 * same. In 1.18 that stands beside each rule, in 1.19 beside what rules come to; it is no rule of anybody.
 */
function hostExemptions(cells: readonly Cell[], { rule }: Entry, subject: Subject, agent: Agent): Cell[] {
  return isSince(agent.minor, '1.19') || rule.direction === 'egress' ? [] : exemption(cells, subject, agent);
}

function exempted(cells: readonly Cell[], entries: readonly Entry[], subject: Subject, agent: Agent): readonly Cell[] {
  const isExempted = agent.minor === '1.19' && entries[0].rule.direction === 'ingress';
  return isExempted ? [...cells, ...exemption(cells, subject, agent)] : cells;
}

function exemption(cells: readonly Cell[], { node }: Subject, agent: Agent): Cell[] {
  const isNeeded = cells.some(({ parser, selector }) => parser !== '' && selects(selector, node, agent));
  const isThere = cells.some(({ selector }) => selector.key === HOST.key);
  return agent.allowsLocalhost && isNeeded && !isThere ? [HOST_CELL] : [];
}

const EVERYBODY = new Conditions('1.20').selector();

/** A rule of nobody that allows all traffic of a peer. */
function everything(selector: Selector): Filter {
  return { protocol: 'any', port: EVERY_PORT, cells: [{ ...HOST_CELL, selector }] };
}

const HOST_CELL: Cell = {
  selector: HOST,
  effect: 'allow',
  parser: '',
  priority: 0,
  http: [],
  dns: [],
  otherRules: 0,
  serverNames: [],
  listener: '',
  because: [],
};
