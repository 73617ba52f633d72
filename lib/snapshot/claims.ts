/**
 * Addresses that belong to objects which are not judged: an endpoint whose pod is not listed, a load balancer, a node's own endpoints.
 *
 * Such an address is not one outside of the cluster, so a flow from or to it is unknown.
 * Source: cilium `pkg/k8s/apis/cilium.io/v2/types.go`, `pkg/k8s/apis/cilium.io/v2alpha1/types.go`; Kubernetes API, Service.
 */
import type { Flow, WrittenEnd } from '../model/flow';
import { asList, asObject, asText } from '../model/json';
import type { Resource } from '../model/origin';
import { addressKey, parseAddress } from '../net/address';
import { placeholderIn } from '../read/placeholders';
import type { Cluster } from '../resolve/cluster';
import { addressOf, serviceNameOf } from '../resolve/ends';
import { Missing, MissingSides, shownName } from './missing';

/** What the flows from and to such addresses depend on; `undefined` if there are none. */
export function claimsIn(others: readonly Resource[], cluster: Cluster): ((flow: Flow) => MissingSides | undefined) | undefined {
  const written = others.flatMap((resource) => addressesOf(resource).map((text) => ({ text, resource })));
  // An address that is filled in later may be any.
  const anywhere = written.find(({ text }) => placeholderIn(text) !== undefined)?.resource;
  const owners = new Map(
    written.flatMap(({ text, resource }) => {
      const address = parseAddress(text);
      return address === undefined ? [] : [[addressKey(address), resource] as const];
    }),
  );
  const ownerOf = (end: WrittenEnd): Resource | undefined => {
    const address = addressOf(end, cluster);
    const isJudged =
      address === undefined ||
      (cluster.podWith(address) ?? cluster.nodeWith(address)) !== undefined ||
      serviceNameOf(end, cluster) !== undefined;
    return isJudged ? undefined : (owners.get(addressKey(address)) ?? anywhere);
  };
  return owners.size === 0 && anywhere === undefined
    ? undefined
    : (flow) => {
        const [from, to] = [ownerOf(flow.from), ownerOf(flow.to)];
        const owner = from ?? to;
        if (owner === undefined) {
          return undefined;
        }
        const missing: Missing = {
          text: `${shownName(owner)}, which has the address and is not judged`,
          reason: 'unread',
          leaves: () => false,
        };
        return { egress: { ...missing, mayHavePolicy: from !== undefined }, ingress: { ...missing, mayHavePolicy: to !== undefined } };
      };
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
    case 'CiliumNode': {
      const own = [asObject(spec.health), asObject(spec.ingress)].flatMap(({ ipv4, ipv6 }) => [asText(ipv4), asText(ipv6)]);
      return [...asList(spec.addresses).map((one) => asText(asObject(one).ip)), ...own];
    }
    case 'EndpointSlice':
      return asList(value.endpoints)
        .map(asObject)
        .filter(({ targetRef }) => asText(asObject(targetRef).kind) === 'Pod')
        .flatMap(({ addresses }) => asList(addresses).map(asText));
    case 'Service': {
      const ingress = asList(asObject(status.loadBalancer).ingress).map((one) => asText(asObject(one).ip));
      return [...ingress, ...asList(spec.externalIPs).map(asText), asText(spec.loadBalancerIP)];
    }
    default:
      return [];
  }
}

function addressing(networking: unknown): readonly string[] {
  return asList(asObject(networking).addressing).flatMap((pair) => Object.values(asObject(pair)).map(asText));
}
