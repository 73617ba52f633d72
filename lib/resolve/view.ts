/** The cluster as the agent of one node sees it: the local node is the host, all other nodes are remote. */
import type { NamedPort, Pod } from '../model/inventory';
import type { Labels } from '../model/label';
import type { Address } from '../net/address';
import type { Prefix } from '../net/prefix';
import type { Agent } from './agent';
import type { Cluster } from './cluster';
import type { End } from './ends';
import { Ipcache } from './ipcache';
import type { Known } from './known';
import { reserved, sorted, worldKey } from './labels';

/** What policy knows about an endpoint or peer. */
export interface Identity {
  readonly labels: Labels;
  /** The named ports of a pod, which `toPorts` may refer to. */
  readonly ports: readonly NamedPort[];
  /** Whether it is an entity that Cilium reserves, whatever its labels. */
  readonly isEntity?: boolean;
  /** Whether it is a pod of another cluster of a mesh. */
  readonly isRemote?: boolean;
}

export class View {
  private readonly ipcache: Ipcache;
  private readonly host: Labels;
  private readonly pods = new WeakMap<Pod, Identity>();

  /** `node` is empty for a pod that is on no node. */
  public constructor(
    private readonly node: string,
    private readonly cluster: Cluster,
    private readonly known: Known,
    private readonly agent: Agent,
  ) {
    this.ipcache = new Ipcache(node, known, agent);
    const addresses = cluster.inventory.nodes.get(node)?.addresses ?? [];
    const ofAddresses = addresses.flatMap((address) => [...(this.ipcache.lookup(address) ?? [])]);
    this.host = sorted(new Map([...known.nodeLabels(node, true), ...ofAddresses]));
  }

  /** An end of a flow as the policy of the other end sees it. */
  public peer(end: End): Identity {
    switch (end.is) {
      case 'pod':
        return this.pod(end.pod);
      case 'node':
        return { labels: this.nodePeer(end), ports: [] };
      case 'address':
        return { labels: this.address(end.address), ports: [] };
      case 'name':
        return { labels: this.nameOutside(end.name), ports: [] };
      case 'entity':
        // An API server outside has an identity that the agent allocates, as an address has.
        return end.isOutside === true
          ? { labels: this.apiServerOutside(), ports: [] }
          : { labels: this.entity(end.name), ports: [], isEntity: true };
    }
  }

  public pod(pod: Pod): Identity {
    const identity = this.pods.get(pod) ?? this.podIdentity(pod);
    this.pods.set(pod, identity);
    return identity;
  }

  private podIdentity(pod: Pod): Identity {
    const labels = this.cluster.podLabels(pod);
    const ofBlocks = this.agent.blocksMatchPods ? pod.addresses.flatMap((address) => this.ipcache.podLabels(address)) : [];
    ofBlocks.forEach((one) => labels.set(`${one.source}:${one.key}`, one));
    return { labels: sorted(labels), ports: pod.ports, ...(pod.cluster !== undefined && { isRemote: true }) };
  }

  /** The identities that the agent has whatever pods there are: the reserved ones, and those of all prefixes that it knows. */
  public *withoutPods(): Generator<Identity> {
    for (const name of RESERVED) {
      yield { labels: name === 'host' ? this.host : sorted(reserved(name)), ports: [], isEntity: true };
    }
    yield { labels: this.entity('kube-apiserver'), ports: [], isEntity: true };
    for (const labels of this.ipcache.all()) {
      if (!labels.has('host')) {
        yield { labels: sorted(labels), ports: [] };
      }
    }
  }

  /** The node itself, as the endpoint that policies with a node selector apply to. */
  public hostEndpoint(): Identity {
    return { labels: sorted(this.cluster.hostLabels(this.cluster.inventory.nodes.get(this.node))), ports: [] };
  }

  /** The labels of a reserved identity. */
  public entity(name: string): Labels {
    switch (name) {
      case 'host':
        return this.host;
      case 'world':
        return sorted(reserved(this.isDualStack() ? 'world-ipv4' : 'world'));
      case 'kube-apiserver':
        return sorted(reserved('kube-apiserver', 'remote-node'));
      default:
        return sorted(reserved(name));
    }
  }

  private isDualStack(): boolean {
    return this.agent.hasIPv4 && this.agent.hasIPv6;
  }

  /** The labels that a name gives its addresses. */
  public labelsOfName(name: string): Labels {
    return sorted(this.known.labelsOfName(name));
  }

  /** An address of a name, in no known prefix. */
  private nameOutside(name: string): Labels {
    return sorted(new Map([...reserved(worldKey(4, this.agent)), ...this.known.labelsOfName(name)]));
  }

  /** The prefixes that an address of a name may be in besides, each with an address of it. */
  public prefixes(): readonly { readonly prefix: Prefix; readonly end: End }[] {
    return this.known.others.all
      .filter(({ length }) => length > 0)
      .map((prefix) => ({ prefix, end: { is: 'address', address: { version: prefix.version, value: prefix.first } } }));
  }

  /** An API server outside the cluster, at an address that no prefix contains. */
  private apiServerOutside(): Labels {
    return sorted(reserved('kube-apiserver', this.isDualStack() ? 'world-ipv4' : 'world'));
  }

  private nodePeer({ name, address }: End & { is: 'node' }): Labels {
    if (address !== undefined) {
      return this.address(address);
    }
    return name === this.node && name !== '' ? this.host : sorted(this.known.nodeLabels(name, false));
  }

  /** An address that no prefix contains belongs to the world. */
  private address(address: Address): Labels {
    const labels = this.ipcache.lookup(address) ?? reserved(worldKey(address.version, this.agent));
    return labels.has('host') ? this.host : sorted(labels);
  }
}

/** Source: cilium `pkg/identity/numericidentity.go`. */
const RESERVED = ['host', 'world', 'world-ipv4', 'world-ipv6', 'unmanaged', 'health', 'init', 'remote-node', 'ingress'];
