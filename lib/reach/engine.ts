/**
 * The fast engine: the same decisions and reasons as the specification, from tables that are compiled once.
 *
 * Endpoints with the same labels get the same verdicts, so tables and sets contain identities, not pods. What depends on more than both ends and the
 * port, such as a request, a Service or a cloud group, is left to the specification.
 */
import { isSince } from '../crd/minor';
import type { Flow, WrittenEnd, Side, Verdict } from '../model/flow';
import type { Inventory, Pod } from '../model/inventory';
import { hasLabel } from '../model/label';
import type { Direction, Policy, Selector } from '../model/policy';
import { PROTOCOLS } from '../model/policy';
import { addressKey } from '../net/address';
import { isLoopback } from '../net/address';
import { NAMESPACE_KEY } from '../net/label-keys';
import { accepted, Parsed } from '../net/parsed';
import { MAX_PORT } from '../net/port';
import type { Agent } from '../resolve/agent';
import { Cell, Filter } from '../resolve/cells';
import { isNodeAsSuch } from '../resolve/client';
import { End, endsOf, nodeOf } from '../resolve/ends';
import type { Entry } from '../resolve/entries';
import { LabelIndex } from '../resolve/label-index';
import { requiredLabels } from '../resolve/matching';
import { portNumber } from '../resolve/named-ports';
import { LocalEndpoint, resolve, Resolved } from '../resolve/resolve';
import { Resolver } from '../resolve/resolver';
import { addressOf, serviceNameOf } from '../resolve/written-addresses';
import { carriedOut, isFragmentationNeeded, isSwitchedOff, staysLocal } from '../verdict/datapath';
import { isRefused } from '../verdict/envoy-refusal';
import { allowedBy, Explanation, Judge } from '../verdict/judge';
import { BitSet } from './bit-set';
import { Identities } from './identities';
import { ASK, Code, Decisions, NO_POLICY, NumberedFilter, Row, Table } from './table';

/** An end of flows, resolved once. */
export class ResolvedEnd {
  /** The node that it is on, if any. */
  public readonly node: string | undefined;
  /** The policy of an end that is on a node. */
  public policy: Compiled | undefined;
  /** The number of an end that is the same for the agents of all nodes. */
  public number: number | undefined;
  /** Policies and numbers of other ends, by node. */
  public readonly policies = new Map<string, Compiled>();
  public readonly numbers = new Map<string, number>();

  public constructor(
    public readonly end: End,
    /** Whether only the specification can judge it. */
    public readonly isOdd: boolean,
    /** Whether a name may admit it, which depends on look-ups. */
    public readonly isNamed = false,
  ) {
    this.node = nodeOf(end);
  }
}

/** The policy of an endpoint: `ask` if only the specification can judge it, `none` if no policy is evaluated. */
type Compiled = Readonly<Record<Direction, Table>> | 'ask' | 'none';

export class FastEngine {
  /** The specification that the engine must agree with. */
  public readonly specification: Judge;
  public readonly resolver: Resolver;
  private readonly identities: Identities;
  /** The identities of hosts. */
  private readonly hosts = new BitSet();
  private readonly endpoints = new Map<string, ResolvedEnd>();
  private readonly pods: ReadonlySet<Pod>;
  private readonly podNumbers = new WeakMap<Pod, number>();
  private readonly bySubject: LabelIndex<SubjectEntries>;
  private readonly compiled = new Map<string, Compiled>();
  private readonly tables = new Map<string, Table>();
  /** The number of identities before any flow. */
  private readonly initial: number;

  /** `policies` are those that the agent accepts. */
  public constructor(
    policies: readonly Policy[],
    inventory: Inventory,
    private readonly agent: Agent,
    private readonly learns = false,
  ) {
    this.resolver = new Resolver(policies, inventory, agent, learns);
    this.specification = new Judge(this.resolver);
    this.identities = new Identities(agent);
    this.pods = new Set(this.resolver.pods);
    // From here on all named ports are known.
    this.pods.forEach((pod) => this.numberOfPod(pod));
    this.bySubject = subjectsOf(this.resolver.entries, this.identities);
    this.initial = this.identities.size;
  }

  /**
   * Whether flows have named so many different ends that what is known of them takes much memory. A new engine knows nothing of them.
   *
   * A table belongs to the identities that its sets have, so they are not dropped one by one.
   */
  public get isFull(): boolean {
    return this.identities.size - this.initial > MOST_IDENTITIES;
  }

  /** What policy says of a flow; refused if the flow cannot be judged. */
  public verdict(flow: Flow): Parsed<Verdict> {
    if (flow.to.is === 'service' || flow.http !== undefined || flow.dns !== undefined || flow.sni !== undefined) {
      return this.specification.verdict(flow);
    }
    const [from, to] = [this.endpoint(flow.from), this.endpoint(flow.to)];
    if (from === undefined || to === undefined) {
      return this.specification.verdict(flow);
    }
    if (
      this.mayLeadElsewhere(flow, to.end) ||
      staysLocal(from.end, to.end) ||
      isSwitchedOff(flow.protocol, this.agent) ||
      isFragmentationNeeded(flow, this.agent)
    ) {
      return this.specification.verdict(flow);
    }
    const protocol = PROTOCOLS.indexOf(flow.protocol);
    const [egress, ingress] = [this.side('egress', from, to, protocol, flow.port), this.side('ingress', to, from, protocol, flow.port)];
    return egress === undefined || ingress === undefined
      ? this.specification.verdict(flow)
      : accepted({ allowed: allowedBy(egress, ingress), egress, ingress });
  }

  /** Whether ports of the destination may stand for a Service or a pod. */
  public mayLeadElsewhere(flow: Pick<Flow, 'to'>, to: End): boolean {
    const { cluster } = this.resolver;
    const { frontends, hostPorts, inventory } = cluster;
    const address = to.is === 'address' || to.is === 'node' ? to.address : addressOf(flow.to, cluster);
    if (to.is === 'node' || isNodeAsSuch(flow.to) || (address !== undefined && isLoopback(address))) {
      if (hostPorts.any || frontends.haveNodePorts) {
        return true;
      }
    }
    const mayBeRedirected = this.agent.hasLocalRedirects && inventory.redirects.length > 0;
    return address !== undefined && (mayBeRedirected || frontends.has(address));
  }

  /** The same with the steps that lead to the verdict, by the specification. */
  public explain(flow: Flow): Parsed<Explanation> {
    return this.specification.explain(flow);
  }

  /** Resolves an end of a flow; `undefined` if it does not exist. */
  public endpoint(written: WrittenEnd): ResolvedEnd | undefined {
    const key = keyOf(written);
    const known = this.endpoints.get(key);
    if (known !== undefined) {
      return known;
    }
    const { cluster } = this.resolver;
    const ends = endsOf(written, cluster, this.agent, true);
    if (!ends.ok) {
      return undefined;
    }
    const [end, ...others] = ends.value.ends;
    // The named ports of a possible pod change what port names resolve to.
    const hasPorts = end.is === 'pod' && end.pod.ports.length > 0 && !this.pods.has(end.pod);
    const isService = serviceNameOf(written, cluster) !== undefined;
    const isNamed = end.is === 'name' || (end.is === 'address' && this.learns && cluster.hasName(end.address));
    return this.added(key, new ResolvedEnd(end, isService || hasPorts || others.length > 0, isNamed));
  }

  private added(key: string, endpoint: ResolvedEnd): ResolvedEnd {
    if (this.endpoints.size >= MOST_ENDPOINTS) {
      this.endpoints.clear();
    }
    this.endpoints.set(key, endpoint);
    return endpoint;
  }

  /** The decision of one end, as a number. */
  public lookup(direction: Direction, self: ResolvedEnd, other: ResolvedEnd, protocol: number, port: number): Code {
    if (self.isOdd || other.isOdd || self.isNamed || other.isNamed) {
      return ASK;
    }
    const node = self.node ?? other.node ?? '';
    const policy = this.policyOf(self, node);
    if (policy === 'none') {
      return NO_POLICY;
    }
    return policy === 'ask' ? ASK : policy[direction].lookup(protocol, port, this.numberTo(other, node), this.hosts);
  }

  /**
   * All decisions of one end about another one, on all ports; `ask` if only the specification knows them, and `none` if no policy is evaluated. Names
   * count as learnt. Ends with the same decisions have the same object.
   */
  public decisions(direction: Direction, self: ResolvedEnd, other: ResolvedEnd): Decisions | 'ask' | 'none' {
    if (self.isOdd || other.isOdd) {
      return 'ask';
    }
    const node = self.node ?? other.node ?? '';
    const policy = this.policyOf(self, node);
    if (policy === 'none' || policy === 'ask') {
      return policy;
    }
    return policy[direction].decisions(this.numberTo(other, node), this.hosts);
  }

  /** The identities that a selector selects itself. */
  public selected(selector: Selector): BitSet {
    return this.identities.selected(selector).direct;
  }

  private side(direction: Direction, self: ResolvedEnd, other: ResolvedEnd, protocol: number, port: number): Side | undefined {
    const code = this.lookup(direction, self, other, protocol, port);
    if (code === NO_POLICY) {
      return NOT_JUDGED;
    }
    const node = self.node ?? other.node ?? '';
    const policy = this.policyOf(self, node);
    return code === ASK || policy === 'ask' || policy === 'none'
      ? undefined
      : carriedOut(policy[direction].side(code, protocol, port, this.numberTo(other, node)), this.agent);
  }

  /** The number of an end, as the agent of a node knows it. */
  private numberTo(endpoint: ResolvedEnd, node: string): number {
    if (endpoint.number !== undefined) {
      return endpoint.number;
    }
    const { end } = endpoint;
    switch (end.is) {
      case 'pod':
        return (endpoint.number = this.numberOfPod(end.pod));
      case 'address':
      case 'name':
        // Agents differ only in what they know of their own nodes.
        return (endpoint.number = this.numberOf(this.resolver.view('').peer(end)));
      case 'node':
      case 'entity': {
        const number = endpoint.numbers.get(node) ?? this.numberOf(this.resolver.view(node).peer(end));
        endpoint.numbers.set(node, number);
        return number;
      }
    }
  }

  /** The number of a pod or address, which is the same for the agents of all nodes. */
  public commonNumber(endpoint: ResolvedEnd): number {
    return this.numberTo(endpoint, '');
  }

  /** The decisions of a pod about every identity; `ask` if only the specification knows them, and `none` if no policy is evaluated. */
  public table(direction: Direction, self: ResolvedEnd): Table | 'ask' | 'none' {
    const policy = this.policyOf(self, self.node ?? '');
    return policy === 'none' || policy === 'ask' ? policy : policy[direction];
  }

  /** The kinds of decisions of a table about the identities that are known by now. */
  public rowOf(table: Table): Row {
    return table.row(this.identities.size, this.hosts);
  }

  /** A pod has the same identity for the agents of all nodes. */
  public numberOfPod(pod: Pod): number {
    const number = this.podNumbers.get(pod) ?? this.numberOf(this.resolver.view(pod.node).pod(pod));
    this.podNumbers.set(pod, number);
    return number;
  }

  private numberOf(identity: Parameters<Identities['numberOf']>[0]): number {
    const number = this.identities.numberOf(identity);
    if (hasLabel(identity.labels, 'reserved', 'host')) {
      this.hosts.add(number);
    }
    return number;
  }

  private policyOf(endpoint: ResolvedEnd, node: string): Compiled {
    if (endpoint.node !== undefined) {
      return (endpoint.policy ??= this.policyAt(endpoint, node));
    }
    const policy = endpoint.policies.get(node) ?? this.policyAt(endpoint, node);
    endpoint.policies.set(node, policy);
    return policy;
  }

  private policyAt({ end }: ResolvedEnd, node: string): Compiled {
    const local = this.resolver.endpoint(end, this.resolver.view(node));
    return local === undefined ? 'none' : this.policyOfLocal(local);
  }

  private policyOfLocal(local: LocalEndpoint): Compiled {
    if (this.resolver.sharesSelectors) {
      return 'ask';
    }
    const number = this.numberOf(local);
    const key = `${number} ${local.isHost}`;
    const policy = this.compiled.get(key) ?? this.compile(local, number);
    this.compiled.set(key, policy);
    return policy;
  }

  /** The rules whose subject an end is; none if no policy is evaluated for it. */
  public entriesFor(self: ResolvedEnd): readonly Entry[] {
    const local = this.resolver.endpoint(self.end, this.resolver.view(self.node ?? ''));
    return local === undefined ? [] : this.selecting(local, this.numberOf(local)).map(({ entry }) => entry);
  }

  private selecting({ isHost, labels }: LocalEndpoint, number: number): NumberedEntry[] {
    const all = this.bySubject.mayBeFor(labels).filter(({ subjects, isNode }) => isNode === isHost && subjects.has(number));
    return all.flatMap(({ numbered }) => numbered);
  }

  private compile(local: LocalEndpoint, number: number): Compiled {
    const entries = this.selecting(local, number).sort((a, b) => a.number - b.number);
    if (entries.some(({ entry }) => entry.opaque !== undefined || isAuthenticated(entry))) {
      return 'ask';
    }
    const isRefusedByEnvoy = entries.some(({ entry }) => isRefused(entry.rule, this.agent.minor));
    const [ingress, egress] = [
      this.tableOf('ingress', local, entries, isRefusedByEnvoy),
      this.tableOf('egress', local, entries, isRefusedByEnvoy),
    ];
    return ingress === undefined || egress === undefined ? 'ask' : { ingress, egress };
  }

  /** Endpoints share a table if the same rules have the same effect on them. */
  private tableOf(
    direction: Direction,
    local: LocalEndpoint,
    entries: readonly NumberedEntry[],
    isRefusedByEnvoy: boolean,
  ): Table | undefined {
    const own = entries.filter(({ entry }) => entry.rule.direction === direction);
    const marks = local.labels.filter(({ key }) => MARKS.includes(key)).map(({ source, key, value }) => `${source}:${key}=${value}`);
    const ports = direction === 'ingress' ? local.ports.map(({ name, protocol, number }) => `${name}/${protocol}/${number}`) : [];
    const key = [direction, local.isHost, isRefusedByEnvoy, marks.join(), ports.join(), own.map(({ number }) => number).join()].join(' ');
    let table = this.tables.get(key);
    if (table === undefined) {
      const resolved = resolve(
        local,
        direction,
        own.map(({ entry }) => entry),
        this.agent,
      );
      if (resolved.is === 'conflict') {
        return undefined;
      }
      table = new Table(resolved, this.numbered(resolved, local), this.identities, isRefusedByEnvoy);
      this.tables.set(key, table);
    }
    return table;
  }

  private numbered({ filters, direction }: Resolved, local: LocalEndpoint): readonly NumberedFilter[] {
    return filters.flatMap((filter) => {
      const cells = filter.cells.map((cell) => ({ cell, peers: this.identities.selected(cell.selector).all, filter }));
      if (filter.port.is === 'number') {
        return [{ tier: filter.tier, protocol: filter.protocol, ...this.range(filter.port.number, filter.port.end), cells }];
      }
      return direction === 'ingress' ? this.namedIngress(filter, filter.port, local, cells) : this.namedEgress(filter, filter.port, cells);
    });
  }

  private range(number: number, end: number): Pick<NumberedFilter, 'first' | 'last'> {
    const isEvery = number === 0 && (end === 0 || isSince(this.agent.minor, '1.20'));
    return { first: number, last: isEvery ? MAX_PORT : Math.max(number, end) };
  }

  private namedIngress(
    { tier, protocol }: Filter,
    { name, end }: NamedPort,
    { ports }: LocalEndpoint,
    cells: NumberedFilter['cells'],
  ): NumberedFilter[] {
    const number = portNumber(name, protocol, ports);
    return number === undefined ? [] : [{ tier, protocol, first: number, last: Math.max(number, end), cells }];
  }

  /** From 1.20 on a port name resolves to the port of each peer, before that to the one that all pods agree on. */
  private namedEgress(filter: Filter, { name, end }: NamedPort, cells: NumberedFilter['cells']): NumberedFilter[] {
    const { tier, protocol, cells: all } = filter;
    if (!isSince(this.agent.minor, '1.20')) {
      const number = this.resolver.namedPorts.agreed(name, protocol);
      return number === undefined ? [] : [{ tier, protocol, first: number, last: Math.max(number, end), cells }];
    }
    return [...this.identities.meaning(name, protocol)].map(([number, having]) => ({
      tier,
      protocol,
      first: number,
      last: number,
      cells: all.map((cell: Cell) => ({
        cell,
        peers: BitSet.intersection(this.identities.selected(cell.selector).direct, having),
        filter,
      })),
    }));
  }
}

/** Whether only the specification knows whether the rule lets anything pass. */
function isAuthenticated({ rule }: Entry): boolean {
  return rule.authentication !== undefined && rule.authentication !== 'disabled';
}

const NOT_JUDGED: Side = { decision: 'n/a' };

/** Enough for callers that ask about the same ends again and again. */
export const MOST_ENDPOINTS = 100_000;

/** In addition to those of the cluster. */
export const MOST_IDENTITIES = 50_000;

/** Labels that change what rules resolve to, in addition to selecting them: the namespace (for listeners), and two that count from any source. */
const MARKS = [NAMESPACE_KEY, 'host', 'init'];

type NamedPort = Filter['port'] & { readonly is: 'name' };

interface NumberedEntry {
  /** Its index among all entries. */
  readonly number: number;
  readonly entry: Entry;
}

/** The entries that select the same endpoints. */
interface SubjectEntries {
  readonly subjects: BitSet;
  readonly isNode: boolean;
  readonly numbered: readonly NumberedEntry[];
}

function subjectsOf(entries: readonly Entry[], identities: Identities): LabelIndex<SubjectEntries> {
  const index = new LabelIndex<SubjectEntries>();
  const found = new Map<string, SubjectEntries & { readonly numbered: NumberedEntry[] }>();
  entries.forEach((entry, number) => {
    const { selector, is } = entry.rule.subject;
    const key = `${is} ${selector.key}`;
    let same = found.get(key);
    if (same === undefined) {
      same = { subjects: identities.selected(selector).direct, isNode: is === 'nodes', numbered: [] };
      found.set(key, same);
      index.add(same, requiredLabels(selector));
    }
    same.numbered.push({ number, entry });
  });
  return index;
}

/** A key for an end. */
function keyOf(written: WrittenEnd): string {
  switch (written.is) {
    case 'ip':
      return `ip ${addressKey(written.address)}`;
    case 'labels':
      return JSON.stringify(written);
    case 'pod':
    case 'node':
    case 'fqdn':
    case 'service':
    case 'entity':
      return `${written.is} ${written.name}`;
  }
}
