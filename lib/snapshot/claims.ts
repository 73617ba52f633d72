/**
 * Addresses that belong to objects which are not judged: an endpoint whose pod is not listed, the network of a node's pods.
 *
 * Such an address is not one outside of the cluster, so a flow from or to it is unknown.
 * Source: cilium `pkg/k8s/apis/cilium.io/v2/types.go`, `pkg/k8s/apis/cilium.io/v2alpha1/types.go`; Kubernetes API, Service.
 */
import type { Flow, Side } from '../model/flow';
import { asList, asObject, asText } from '../model/json';
import { isPrivate, Resource } from '../model/origin';
import { Address, addressKey, parseAddress } from '../net/address';
import { parsePrefix, Prefix, singleBlock } from '../net/prefix';
import { PrefixMap } from '../net/prefix-map';
import { shortened } from '../net/shortened';
import { placeholderIn } from '../read/placeholders';
import type { Agent } from '../resolve/agent';
import type { Cluster } from '../resolve/cluster';
import { destinationsOf } from '../resolve/destinations';
import { endsOf } from '../resolve/ends';
import { addressOf } from '../resolve/written-addresses';
import { Missing, MissingSides, shownName } from './missing';

/** What the flows from and to such addresses depend on; `undefined` if there are none. */
export function claimsIn(
  others: readonly Resource[],
  cluster: Cluster,
  agent: Agent,
): ((flow: Flow) => MissingSides | undefined) | undefined {
  const claims = new Claims(others);
  if (claims.isEmpty) {
    return undefined;
  }
  const isJudged = (address: Address) =>
    (cluster.podWith(address) ?? cluster.nodeWith(address) ?? cluster.nodeEndpointWith(address)) !== undefined;
  const ownerOf = (addresses: readonly Address[]) =>
    addresses
      .filter((address) => !isJudged(address))
      .map((address) => claims.ownerOf(address))
      .find((owner) => owner !== undefined);
  /** Where a flow leads to: the backends of a Service, otherwise the address that it is written as. */
  const destinations = (flow: Flow) => {
    const sources = endsOf(flow.from, cluster, agent, true);
    return (sources.ok ? sources.value.ends : []).flatMap((from) => {
      const found = destinationsOf(flow, from, cluster, agent);
      return found.ok ? found.value.all.flatMap(({ end }) => (end.is === 'address' ? [end.address] : [])) : [];
    });
  };
  return (flow) => {
    const source = addressOf(flow.from, cluster);
    const [from, to] = [source === undefined ? undefined : ownerOf([source]), ownerOf(destinations(flow))];
    const text = from ?? to;
    if (text === undefined) {
      return undefined;
    }
    const missing: Missing = { text, reason: 'unread', leaves: isDroppedAnyway };
    return { egress: { ...missing, mayHavePolicy: from !== undefined }, ingress: { ...missing, mayHavePolicy: to !== undefined } };
  };
}

/** Whatever has the address, the agent drops the protocol. */
function isDroppedAnyway(side: Side): boolean {
  return side.decision === 'denied' && side.reason === 'protocol-off';
}

/** Which object has an address, or the network that it is in. */
class Claims {
  private readonly owners = new Map<string, Resource>();
  private readonly networks = new PrefixMap<Resource>();
  /** An object with an address that is filled in later, which may be any. */
  private readonly anywhere: Resource | undefined;

  public constructor(others: readonly Resource[]) {
    const written = others.flatMap((resource) => addressesOf(resource).map((text) => ({ text, resource })));
    this.anywhere = written.find(({ text }) => placeholderIn(text) !== undefined)?.resource;
    for (const { text, resource } of written) {
      const address = parseAddress(text);
      if (address !== undefined) {
        this.owners.set(addressKey(address), resource);
      }
    }
    for (const resource of others) {
      for (const block of podNetworksOf(resource)) {
        this.networks.set(block, resource);
      }
    }
  }

  public get isEmpty(): boolean {
    return this.owners.size === 0 && this.networks.isEmpty && this.anywhere === undefined;
  }

  /** What is missing to judge the address; `undefined` if nobody claims it. */
  public ownerOf(address: Address): string | undefined {
    const owner = this.owners.get(addressKey(address));
    if (owner !== undefined) {
      return `${shownName(owner)}, which has the address and is not judged`;
    }
    const node = this.networks.around(singleBlock(address)).at(0);
    if (node !== undefined) {
      return `the pod at the address, which is not listed: it is in the pod network of ${isPrivate(node) ? 'a node' : `node ${shortened(node.name)}`}`;
    }
    return this.anywhere && `${shownName(this.anywhere)}, which has the address and is not judged`;
  }
}

/** The networks of a node's pods. Source: Kubernetes API, NodeSpec; cilium `pkg/ipam/types/types.go`, IPAMSpec. */
function podNetworksOf({ kind, value }: Resource): readonly Prefix[] {
  if (kind !== 'Node' && kind !== 'CiliumNode') {
    return [];
  }
  const spec = asObject(value.spec);
  const ipam = asObject(spec.ipam);
  const pools = asList(asObject(ipam.pools).allocated).flatMap((pool) => asList(asObject(pool).cidrs));
  const texts = kind === 'Node' ? [spec.podCIDR, ...asList(spec.podCIDRs)] : [...asList(ipam.podCIDRs), ...pools];
  return texts.flatMap((text) => {
    const block = parsePrefix(asText(text));
    return block.ok ? [block.value] : [];
  });
}

/** The addresses of an object that is no pod, node or ClusterIP; other texts may be among them. */
function addressesOf({ kind, value }: Resource): readonly string[] {
  const [spec, status] = [asObject(value.spec), asObject(value.status)];
  switch (kind) {
    case 'CiliumEndpoint':
      return addressing(status.networking);
    case 'CiliumEndpointSlice':
      return asList(value.endpoints).flatMap((endpoint) => addressing(asObject(endpoint).networking));
    case 'CiliumExternalWorkload':
      return [asText(status.ip)];
    case 'EndpointSlice':
      return asList(value.endpoints)
        .map(asObject)
        .filter(({ targetRef }) => asText(asObject(targetRef).kind) === 'Pod')
        .flatMap(({ addresses }) => asList(addresses).map(asText));
    case 'Service': {
      // Its addresses are judged, but one that is filled in later may be any.
      const ingress = asList(asObject(status.loadBalancer).ingress).map((one) => asText(asObject(one).ip));
      const all = [...ingress, ...asList(spec.externalIPs).map(asText), asText(spec.loadBalancerIP)];
      return all.filter((text) => placeholderIn(text) !== undefined);
    }
    default:
      return [];
  }
}

function addressing(networking: unknown): readonly string[] {
  return asList(asObject(networking).addressing).flatMap((pair) => Object.values(asObject(pair)).map(asText));
}
