/** The objects of a cluster: which object an address belongs to, and the labels of pods and nodes. */
import { isSince } from '../crd/minor';
import type { Backend, ClusterNode, Inventory, NamedPort, Pod, Service } from '../model/inventory';
import { label, Label } from '../model/label';
import { Address, addressKey } from '../net/address';
import { groupedBy } from '../net/grouped';
import {
  CLUSTER_KEY,
  NAMESPACE_KEY,
  NAMESPACE_LABELS_PREFIX,
  NAMESPACE_NAME_KEY,
  RESERVED_KEY_PREFIX,
  SERVICE_ACCOUNT_KEY,
} from '../net/label-keys';
import type { Agent } from './agent';
import { Frontends } from './frontends';
import { HostPorts } from './host-ports';
import { LabelMap, reserved } from './labels';

/** An endpoint of a node's own that policies apply to. */
export interface NodeEndpoint {
  readonly name: 'health' | 'ingress';
  readonly node: string;
}

export class Cluster {
  /** The owners of addresses. */
  private readonly podAt = new Map<string, Pod>();
  private readonly nodeAt = new Map<string, string>();
  private readonly endpointAt = new Map<string, NodeEndpoint>();
  public readonly frontends: Frontends;
  public readonly hostPorts: HostPorts;
  private readonly namesAt: ReadonlyMap<string, readonly string[]>;
  /** The addresses of the Service `default/kubernetes`: those of its backends, and in 1.18 all addresses that are listed. */
  public readonly apiServer: readonly Address[];
  private readonly apiServerKeys: ReadonlySet<string>;
  private readonly ofNamespace = new Map<string, LabelMap>();

  public constructor(
    public readonly inventory: Inventory,
    private readonly agent: Agent,
    /** Whether a name is judged by its look-ups, and so needs no address. */
    public readonly learns = false,
  ) {
    const pods = [...inventory.pods.values()].filter(({ hostNetwork }) => !hostNetwork);
    pods.forEach((pod) => pod.addresses.forEach((address) => this.podAt.set(addressKey(address), pod)));
    inventory.nodes.forEach(({ name, addresses, health, ingress }) => {
      addresses.forEach((address) => this.nodeAt.set(addressKey(address), name));
      health.forEach((address) => this.endpointAt.set(addressKey(address), { name: 'health', node: name }));
      ingress.forEach((address) => this.endpointAt.set(addressKey(address), { name: 'ingress', node: name }));
    });
    this.hostPorts = new HostPorts(inventory.pods);
    this.frontends = new Frontends(inventory.services.values(), inventory.nodes.values(), agent);
    this.namesAt = holdersByAddress(inventory.names);
    const service = inventory.services.get('default/kubernetes');
    const addresses = isSince(agent.minor, '1.19') ? usableBackends(service, agent).map(({ address }) => address) : service?.listed;
    this.apiServer = addresses ?? [];
    this.apiServerKeys = new Set(this.apiServer.map(addressKey));
  }

  public get clusterName(): string {
    return this.agent.clusterName;
  }

  /** The pod that has an address. A hostNetwork pod has no address of its own. */
  public podWith(address: Address): Pod | undefined {
    return this.podAt.get(addressKey(address));
  }

  public nodeWith(address: Address): string | undefined {
    return this.nodeAt.get(addressKey(address));
  }

  /** The endpoint of Cilium itself that has an address. */
  public nodeEndpointWith(address: Address): NodeEndpoint | undefined {
    return this.endpointAt.get(addressKey(address));
  }

  /** The address of a node that is asked for by its name: its first InternalIP, otherwise its first address. */
  public addressOfNode(name: string): Address | undefined {
    const addresses = this.inventory.nodes.get(name)?.addresses ?? [];
    return addresses.find(({ type }) => type === 'InternalIP') ?? addresses.at(0);
  }

  /** The names that DNS returns an address for. */
  public namesOf(address: Address): readonly string[] {
    return this.namesAt.get(addressKey(address)) ?? [];
  }

  public hasName(address: Address): boolean {
    return this.namesAt.has(addressKey(address));
  }

  /** Whether an address is one of the API server. */
  public isApiServer(address: Address): boolean {
    return this.apiServerKeys.has(addressKey(address));
  }

  /**
   * The labels of a pod's identity: its own labels except reserved ones, those of its namespace, its service account and its cluster, as far as the
   * label filter keeps them; from 1.20 on also its named ports. Labels that the API server adds to every object are added too.
   *
   * Source: cilium `pkg/k8s/utils/utils.go`, SanitizePodLabels.
   */
  public podLabels({ namespace, labels, serviceAccount, ports, ...pod }: Pod): LabelMap {
    const kept: LabelMap = new Map();
    for (const key of Object.keys(labels)) {
      if (!key.startsWith(RESERVED_KEY_PREFIX)) {
        this.keep(kept, key, labels[key]);
      }
    }
    const ofNamespace =
      pod.namespaceLabels === undefined ? this.namespaceLabels(namespace) : this.namedLabels(namespace, pod.namespaceLabels);
    ofNamespace.forEach((one, key) => kept.set(key, one));
    this.keep(kept, SERVICE_ACCOUNT_KEY, serviceAccount === '' ? 'default' : serviceAccount);
    this.keep(kept, CLUSTER_KEY, pod.cluster ?? this.agent.clusterName);
    if (isSince(this.agent.minor, '1.20')) {
      portLabels(ports).forEach(([key, one]) => kept.set(key, one));
    }
    return kept;
  }

  /** The labels that every pod of a namespace has. */
  private namespaceLabels(namespace: string): LabelMap {
    const known = this.ofNamespace.get(namespace) ?? this.namedLabels(namespace, this.inventory.namespaces.get(namespace) ?? {});
    this.ofNamespace.set(namespace, known);
    return known;
  }

  private namedLabels(namespace: string, labels: Readonly<Record<string, string>>): LabelMap {
    const kept: LabelMap = new Map();
    Object.entries(labels).forEach(([key, value]) => {
      this.keep(kept, `${NAMESPACE_LABELS_PREFIX}${key}`, value);
    });
    this.keep(kept, `${NAMESPACE_LABELS_PREFIX}${NAMESPACE_NAME_KEY}`, namespace);
    this.keep(kept, NAMESPACE_KEY, namespace);
    return kept;
  }

  /** The labels of the local node that the `nodeSelector` of a policy matches. */
  public hostLabels(node: ClusterNode | undefined): LabelMap {
    const kept = reserved('host');
    Object.entries(node?.labels ?? {}).forEach(([key, value]) => {
      this.keep(kept, key, value);
    });
    return kept;
  }

  /** The labels of a node that `fromNodes` matches. In 1.18 the filter of node labels applies to the cluster label too. */
  public nodeLabels({ labels }: ClusterNode): LabelMap {
    const { keepsNodeLabel, clusterName, minor } = this.agent;
    const cluster: [string, Label] = [CLUSTER_KEY, label('k8s', CLUSTER_KEY, clusterName)];
    const own = Object.entries(labels).map(([key, value]): [string, Label] => [plainKey(key), label('node', plainKey(key), value)]);
    const isKept = ([key, { source }]: [string, Label]) => keepsNodeLabel(source, key);
    return new Map(isSince(minor, '1.19') ? [...own.filter(isKept), cluster] : [...own, cluster].filter(isKept));
  }

  /** Adds a label, if the agent's filter keeps it. */
  private keep(kept: LabelMap, written: string, value: string): void {
    const key = plainKey(written);
    if (this.agent.keepsLabel('k8s', key)) {
      kept.set(key, label('k8s', key, value));
    }
  }
}

/** The backends of a Service. Addresses of an IP family that is off do not count. Source: cilium `pkg/loadbalancer/reflectors/conversions.go`. */
export function usableBackends(service: Service | undefined, { hasIPv4, hasIPv6 }: Agent): readonly Backend[] {
  return (service?.backends ?? []).filter(({ address }) => (address.version === 4 ? hasIPv4 : hasIPv6));
}

/** What has each address, in the order that it is given in. */
export function holdersByAddress(all: Iterable<readonly [string, readonly Address[]]>): ReadonlyMap<string, readonly string[]> {
  const pairs = [...all].flatMap(([name, addresses]) => addresses.map((address): [string, string] => [addressKey(address), name]));
  return new Map([...groupedBy(pairs, ([key]) => key)].map(([key, same]) => [key, same.map(([, name]) => name)]));
}

/** A key without its source, which Cilium removes. Kubernetes does not allow one in a label. */
function plainKey(key: string): string {
  return key.startsWith('$') ? key.slice(1) : key.slice(key.indexOf(':') + 1);
}

/** Pods that use one name for different ports must not share an identity. Source: cilium 1.20 `pkg/k8s/labels.go`. */
function portLabels(ports: readonly NamedPort[]): [string, Label][] {
  const parts = [...ports].sort((a, b) => (a.name < b.name ? -1 : 1)).map(({ name, protocol, number }) => `${name}.${protocol}.${number}`);
  const values: string[] = [];
  for (const part of parts) {
    const last = values.at(-1);
    if (last === undefined || last.length + 1 + part.length > MOST_CHARACTERS) {
      values.push(part);
    } else {
      values[values.length - 1] = `${last}_${part}`;
    }
  }
  return values.map((value, i) => {
    const key = `${RESERVED_KEY_PREFIX}.named-ports${i === 0 ? '' : `-${i}`}`;
    return [key, label('gen', key, value)];
  });
}

/** The length limit of a label value. */
const MOST_CHARACTERS = 63;
