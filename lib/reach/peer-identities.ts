/** The identities that the agent of a node selects peers from: those of all pods, of what it knows of addresses, and the reserved ones. */
import { isSince } from '../crd/minor';
import type { NamedPort } from '../model/inventory';
import { hasLabel, identityKey, Labels } from '../model/label';
import type { Selector } from '../model/policy';
import { addressBits } from '../net/address';
import type { Prefix } from '../net/prefix';
import type { Agent } from '../resolve/agent';
import { aggregateOf, AGGREGATES, isAllocated, isOfAddresses } from '../resolve/aggregate';
import { selects } from '../resolve/matching';
import type { Resolver } from '../resolve/resolver';
import type { Identity } from '../resolve/view';
import { BitSet } from './bit-set';
import { Identities } from './identities';

/** How many identities an agent knows, by where they come from. */
export interface IdentityCounts {
  /** Those of pods: all nodes share them. */
  readonly cluster: number;
  /** Those of addresses outside of the cluster: each agent allocates them for itself. */
  readonly local: number;
  /** Those of other nodes, if nodes are told apart by their labels or addresses. */
  readonly nodes: number;
  readonly reserved: number;
}

/** The peers that the agent of a node knows. */
export interface Peers {
  /** Equal for nodes whose agents know the same peers. */
  readonly id: number;
  readonly counts: IdentityCounts;
  /** What a rule for every peer is written for in the policy map. */
  readonly everyone: BitSet;
  selected(selector: Selector): BitSet;
  /** The peers that have a named port, by its number. */
  meaning(name: string, protocol: string): ReadonlyMap<number, BitSet>;
  /** The peers that others stand for in the policy map. */
  membersOf(peers: BitSet): BitSet;
  /** Peers, and those that they stand for. */
  withMembers(peers: BitSet): BitSet;
}

interface LabelledBlock extends Prefix {
  readonly number: number;
  readonly labels: Labels;
}

export class PeerIdentities {
  private readonly identities: Identities;
  private readonly scopes: (keyof IdentityCounts)[] = [];
  /** The peers that an entry stands for beside its own, by the number of what it is written for. */
  private readonly members = new Map<number, BitSet>();
  /** The numbers of the aggregates by their labels, and of the entry for every other peer. */
  private readonly aggregates = new Map<string, number>();
  private readonly everybody: number;
  /** What all agents know alike. */
  private readonly shared = new BitSet();
  /** How many prefixes have an identity. */
  private readonly times = new Map<number, number>();
  private readonly hosts = new Map<string, number>();
  /** The CIDRs that identities are labelled with, in the order of their first addresses. */
  private readonly blocks: readonly LabelledBlock[];
  private readonly byNode = new Map<string, Peers>();
  private readonly byKey = new Map<string, Peers>();

  public constructor(
    private readonly resolver: Resolver,
    private readonly agent: Agent,
  ) {
    this.identities = new Identities(agent);
    for (const labels of isSince(agent.minor, '1.20') ? AGGREGATES : []) {
      const number = this.identities.numberOf({ labels, ports: [] });
      this.aggregates.set(identityKey(labels), number);
      this.scopes[number] = 'reserved';
      this.shared.add(number);
    }
    const nodes = ['', ...resolver.cluster.inventory.nodes.keys()];
    const found = [
      ...resolver.view('').withoutPods(),
      ...resolver.pods.map((pod) => resolver.view(pod.node).pod(pod)),
      ...nodes.map((node): Identity => ({ labels: resolver.view(node).entity('host'), ports: [], isEntity: true })),
    ];
    const numbers = found.map((identity) => this.numberOf(identity));
    this.blocks = numbers
      .flatMap((number, i) =>
        found[i].labels.flatMap(({ block }) => (block === undefined ? [] : [{ number, labels: found[i].labels, ...block }])),
      )
      .sort((a, b) => a.version - b.version || (a.first < b.first ? -1 : 1));
    this.everybody = this.identities.size;
    for (const [i, number] of numbers.entries()) {
      const aggregate = aggregateOf(found[i], agent);
      this.addMember(aggregate === undefined ? this.everybody : this.aggregates.get(identityKey(aggregate))!, number);
      if (i >= found.length - nodes.length) {
        this.hosts.set(nodes[i - found.length + nodes.length], number);
      } else if (!hasLabel(found[i].labels, 'reserved', 'host')) {
        this.shared.add(number);
        this.times.set(number, (this.times.get(number) ?? 0) + 1);
      }
    }
  }

  /** Up to 1.19 named ports are no part of an identity; their order never is. */
  private numberOf(identity: Identity): number {
    const { labels } = identity;
    const isReserved = !isAllocated(identity, this.agent);
    const ports = isSince(this.agent.minor, '1.20') ? [...identity.ports].sort((a, b) => (portName(a) < portName(b) ? -1 : 1)) : [];
    const number = this.identities.numberOf({ labels, ports, isEntity: isReserved });
    this.scopes[number] ??= isReserved ? 'reserved' : scopeOf(identity);
    return number;
  }

  private addMember(aggregate: number, member: number): void {
    this.members.set(aggregate, (this.members.get(aggregate) ?? new BitSet()).with(member));
  }

  /** What the agent of a node knows; of a pod on no node, what an agent without addresses does. */
  public of(node: string): Peers {
    const known = this.hosts.has(node) ? node : '';
    const peers = this.byNode.get(known) ?? this.knownTo(known);
    this.byNode.set(known, peers);
    return peers;
  }

  /** To an agent its own addresses are the host, and not another node. */
  private knownTo(node: string): Peers {
    const host = this.hosts.get(node)!;
    const addresses = this.resolver.cluster.inventory.nodes.get(node)?.addresses ?? [];
    const own = addresses.map((address) =>
      this.numberOf({ labels: this.resolver.view('').peer({ is: 'node', name: node, address }).labels, ports: [] }),
    );
    const gone = [...new Set(own)].filter((number) => own.filter((one) => one === number).length === this.times.get(number));
    const key = `${host} ${gone.sort((a, b) => a - b).join()}`;
    const peers = this.byKey.get(key) ?? this.without(gone, host);
    this.byKey.set(key, peers);
    return peers;
  }

  private without(gone: readonly number[], host: number): Peers {
    const { identities, members, everybody } = this;
    const present = BitSet.difference(this.shared, BitSet.of(...gone)).with(host);
    const selections = new Map<string, BitSet>();
    const groupsIn = (peers: BitSet) => [...members].filter(([aggregate]) => peers.has(aggregate)).map(([, group]) => group);
    return {
      id: this.byKey.size,
      counts: this.countsOf(present),
      everyone: BitSet.of(everybody, ...this.aggregates.values()),
      selected: (selector) => {
        const found = selections.get(selector.key) ?? BitSet.intersection(this.selectedOf(selector), present);
        selections.set(selector.key, found);
        return found;
      },
      meaning: (name, protocol) => identities.meaning(name, protocol),
      membersOf: (peers) => BitSet.union(groupsIn(peers)),
      withMembers: (peers) => BitSet.union([peers, ...groupsIn(peers)]),
    };
  }

  /** Of a CIDR only what lies in it is looked at: there may be thousands of CIDRs, each with an identity. */
  private selectedOf(selector: Selector): BitSet {
    if (selector.is !== 'block' || selector.block.length === 0) {
      return this.identities.selected(selector).direct;
    }
    const { version, first, length } = selector.block;
    const end = first + (1n << BigInt(addressBits(version) - length));
    const found = new BitSet();
    for (
      let i = this.placeOf(version, first);
      i < this.blocks.length && this.blocks[i].version === version && this.blocks[i].first < end;
      i++
    ) {
      const { number, labels } = this.blocks[i];
      if (selects(selector, labels, this.agent)) {
        found.add(number);
      }
    }
    return found;
  }

  /** The first of the blocks that begins at an address or behind it. */
  private placeOf(version: number, first: bigint): number {
    let [low, high] = [0, this.blocks.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const block = this.blocks[middle];
      if (block.version < version || (block.version === version && block.first < first)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private countsOf(present: BitSet): IdentityCounts {
    const counts = { cluster: 0, local: 0, nodes: 0, reserved: 0 };
    present.forEach((number) => (counts[this.scopes[number]] += 1));
    return counts;
  }
}

function portName({ name, protocol }: NamedPort): string {
  return `${name}/${protocol}`;
}

/** Where the number of an identity is allocated. Source: cilium `pkg/identity/identity.go`, ScopeForLabels. */
function scopeOf({ labels }: Identity): keyof IdentityCounts {
  if (labels.some(({ key }) => key === 'remote-node')) {
    return 'nodes';
  }
  return isOfAddresses(labels) ? 'local' : 'cluster';
}
