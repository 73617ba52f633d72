/**
 * The fast engine: the same decisions and reasons as the specification, from tables that are compiled once.
 *
 * Endpoints with the same labels get the same verdicts, so tables and sets contain identities, not pods. What depends on more than both ends and the
 * port, such as a request, a Service or a cloud group, is left to the specification.
 */
import type { Flow, WrittenEnd, Side, Verdict } from '../model/flow';
import type { Inventory, Pod } from '../model/inventory';
import type { Direction, Policy, Selector } from '../model/policy';
import { PROTOCOLS } from '../model/policy';
import { addressKey } from '../net/address';
import { isLoopback } from '../net/address';
import { accepted, Parsed } from '../net/parsed';
import type { Agent } from '../resolve/agent';
import { isNodeAsSuch } from '../resolve/client';
import { End, endsOf } from '../resolve/ends';
import { changeBetween, Entry } from '../resolve/entries';
import type { LocalEndpoint } from '../resolve/resolve';
import { Resolver } from '../resolve/resolver';
import { addressOf, serviceNameOf } from '../resolve/written-addresses';
import { carriedOut, isFragmentationNeeded, isSwitchedOff, staysLocal } from '../verdict/datapath';
import { allowedBy, Explanation, Judge } from '../verdict/judge';
import type { AskedPeers } from './asked-peers';
import type { BitSet } from './bit-set';
import { ASK, Code, NO_POLICY } from './code';
import type { Compiled } from './compiler';
import { ResolvedEnd } from './resolved-end';
import { Shared } from './shared';
import { SubjectIndex } from './subject-index';
import type { Decisions, Row, Table } from './table';

export class FastEngine {
  /** The specification that the engine must agree with. */
  public readonly specification: Judge;
  public readonly resolver: Resolver;
  private readonly shared: Shared;
  private readonly endpoints = new Map<string, ResolvedEnd>();
  private readonly index: SubjectIndex;
  /** The policies of identities, by `compiledKey`. */
  private readonly compiled: (Compiled | undefined)[];

  /** `policies` are those that the agent accepts. */
  public constructor(
    policies: readonly Policy[],
    inventory: Inventory,
    private readonly agent: Agent,
    private readonly learns = false,
    /** One over the same cluster, of which everything is taken that other policies do not change. */
    earlier?: FastEngine,
  ) {
    this.resolver = earlier?.resolver.with(policies) ?? new Resolver(policies, inventory, agent, learns);
    this.specification = new Judge(this.resolver);
    this.shared = earlier?.shared ?? new Shared(this.resolver, agent);
    this.index = new SubjectIndex(this.resolver.entries, this.shared.subjects);
    this.compiled = earlier === undefined ? [] : this.keptOf(earlier);
  }

  /**
   * An engine for other policies over the same cluster. It takes a fraction of the time if most policy objects are the same: only the endpoints that a
   * changed rule selects are compiled again.
   */
  public with(policies: readonly Policy[]): FastEngine {
    const { cluster, entries } = this.resolver;
    // What earlier policies have left behind is not dropped one by one.
    const isWorn = this.isFull || this.shared.subjects.size > 2 * entries.length + MOST_LEFT_BEHIND;
    const { blocksMatchNodes, blocksMatchPods } = this.agent;
    // Where CIDRs match pods or nodes, the prefixes in policies are part of their identities.
    const isBound = isWorn || blocksMatchNodes || blocksMatchPods;
    return new FastEngine(policies, cluster.inventory, this.agent, this.learns, isBound ? undefined : this);
  }

  /** The policies of an earlier engine, without those that a changed rule may change. */
  private keptOf(earlier: FastEngine): (Compiled | undefined)[] {
    const [before, after] = [earlier.resolver, this.resolver];
    const { changed, keepsOrder } = changeBetween(before.entries, after.entries);
    // Cells are merged in the order of rules.
    if (before.sharesSelectors !== after.sharesSelectors || !keepsOrder) {
      return [];
    }
    const compiled = earlier.compiled.slice();
    for (const entry of changed) {
      this.shared.subjects.numbered(entry).subject.identities.forEach((number) => {
        compiled[compiledKey(number, false)] = undefined;
        compiled[compiledKey(number, true)] = undefined;
      });
    }
    return compiled;
  }

  /**
   * Whether flows have named so many different ends that what is known of them takes much memory. A new engine knows nothing of them.
   *
   * A table belongs to the identities that its sets have, so they are not dropped one by one.
   */
  public get isFull(): boolean {
    return this.shared.identities.size - this.shared.initial > MOST_IDENTITIES;
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
    const hasPorts = end.is === 'pod' && end.pod.ports.length > 0 && !this.shared.pods.has(end.pod);
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
    const at = direction === 'egress' ? self.egressAt : self.ingressAt;
    return at >= 0 && other.peer >= 0
      ? this.shared.packed.lookup(at, protocol, port, other.peer)
      : this.lookupInTable(direction, self, other, protocol, port);
  }

  private lookupInTable(direction: Direction, self: ResolvedEnd, other: ResolvedEnd, protocol: number, port: number): Code {
    if (self.isOdd || other.isOdd || self.isNamed || other.isNamed) {
      return ASK;
    }
    const node = self.node ?? other.node ?? '';
    const policy = this.policyOf(self, node);
    if (policy === 'none') {
      return NO_POLICY;
    }
    if (policy === 'ask') {
      return ASK;
    }
    const table = policy[direction];
    const code = table.lookup(protocol, port, this.numberTo(other, node), this.shared.hosts);
    if (self.node !== undefined) {
      self[direction === 'egress' ? 'egressAt' : 'ingressAt'] = table.placeIn(this.shared.packed, this.shared.initial, this.shared.hosts);
    }
    return code;
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
    return policy[direction].decisions(this.numberTo(other, node), this.shared.hosts);
  }

  /** The identities that a selector selects itself. */
  public selected(selector: Selector): BitSet {
    return this.shared.identities.selected(selector).direct;
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
        endpoint.number = this.numberOfPod(end.pod);
        endpoint.peer = endpoint.number < this.shared.initial && !endpoint.isOdd && !endpoint.isNamed ? endpoint.number : -1;
        return endpoint.number;
      case 'address':
      case 'name':
        // Agents differ only in what they know of their own nodes.
        return (endpoint.number = this.shared.numberOf(this.resolver.view('').peer(end)));
      case 'node':
      case 'entity': {
        endpoint.numbers ??= new Map();
        const number = endpoint.numbers.get(node) ?? this.shared.numberOf(this.resolver.view(node).peer(end));
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
    return table.row(this.shared.identities.size, this.shared.hosts);
  }

  /** Whether a table surely lets nothing pass to or from any of some peers. */
  public isClosedFor(table: Table, peers: AskedPeers): boolean {
    return table.isClosedFor(peers, this.shared.hosts);
  }

  public numberOfPod(pod: Pod): number {
    return this.shared.numberOfPod(pod, this.resolver);
  }

  private policyOf(endpoint: ResolvedEnd, node: string): Compiled {
    if (endpoint.node !== undefined) {
      return (endpoint.policy ??= this.policyAt(endpoint, node));
    }
    endpoint.policies ??= new Map();
    const policy = endpoint.policies.get(node) ?? this.policyAt(endpoint, node);
    endpoint.policies.set(node, policy);
    return policy;
  }

  private policyAt({ end }: ResolvedEnd, node: string): Compiled {
    // No pod of another cluster has the number of one here.
    const number = end.is === 'pod' ? this.numberOfPod(end.pod) : undefined;
    const known = number === undefined ? undefined : this.compiled[compiledKey(number, false)];
    if (known !== undefined) {
      return known;
    }
    const local = this.resolver.endpoint(end, this.resolver.view(node));
    return local === undefined ? 'none' : this.policyOfLocal(local, number ?? this.shared.numberOf(local));
  }

  private policyOfLocal(local: LocalEndpoint, number: number): Compiled {
    const key = compiledKey(number, local.isHost);
    const policy = this.compiled[key] ?? this.compile(local, number);
    this.compiled[key] = policy;
    return policy;
  }

  private compile(local: LocalEndpoint, number: number): Compiled {
    return this.resolver.sharesSelectors ? 'ask' : this.shared.compiler.compile(local, this.index.selecting(local, number));
  }

  /** The number of an end as one that rules select; `undefined` if no policy is evaluated for it. */
  public numberAsSubject(self: ResolvedEnd): number | undefined {
    const local = this.resolver.endpoint(self.end, this.resolver.view(self.node ?? ''));
    return local && this.shared.numberOf(local);
  }

  /** The rules whose subject an end is; none if no policy is evaluated for it. */
  public entriesFor(self: ResolvedEnd): readonly Entry[] {
    const local = this.resolver.endpoint(self.end, this.resolver.view(self.node ?? ''));
    return local === undefined ? [] : this.index.selecting(local, this.shared.numberOf(local)).map(({ entry }) => entry);
  }
}

/** An identity as the host and as any other endpoint. */
function compiledKey(number: number, isHost: boolean): number {
  return number * 2 + (isHost ? 1 : 0);
}

const NOT_JUDGED: Side = { decision: 'n/a' };

/** Enough for callers that ask about the same ends again and again. */
export const MOST_ENDPOINTS = 100_000;

/** Rules of earlier policies, in addition to as many as there are. */
const MOST_LEFT_BEHIND = 1_000;

/** In addition to those of the cluster. */
export const MOST_IDENTITIES = 50_000;

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
