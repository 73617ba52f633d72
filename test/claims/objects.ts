/** The objects of the small clusters that the claims are asked about. */
import type { JsonObject } from '../../lib/model/json';

type Labels = Readonly<Record<string, string>>;

/** A policy for the pods of the namespace `shop` that have a label, `app=NAME`. */
export function policy(app: string, spec: JsonObject, namespace = 'shop', name = app): JsonObject {
  const endpointSelector = { matchLabels: { app } };
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace, name }, spec: { endpointSelector, ...spec } };
}

export function clusterwide(name: string, spec: JsonObject): JsonObject {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name }, spec };
}

export function networkPolicy(app: string, spec: JsonObject): JsonObject {
  const podSelector = { matchLabels: { app } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { namespace: 'shop', name: app },
    spec: { podSelector, ...spec },
  };
}

export function cidrGroup(name: string, externalCIDRs: readonly string[], labels: Labels = {}): JsonObject {
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumCIDRGroup', metadata: { name, labels }, spec: { externalCIDRs } };
}

export function namespace(name: string, labels: Labels): JsonObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

export function node(name: string, addresses: readonly string[], labels: Labels = {}): JsonObject {
  const status = { addresses: addresses.map((address) => ({ type: 'InternalIP', address })) };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, status };
}

/** What the agent of a node publishes besides the Node. */
export function ciliumNode(name: string, internal: string, health: string, ingress: string): JsonObject {
  const spec = { addresses: [{ type: 'CiliumInternalIP', ip: internal }], health: { ipv4: health }, ingress: { ipv4: ingress } };
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNode', metadata: { name }, spec };
}

interface PodParts {
  readonly labels?: Labels;
  readonly hostNetwork?: true;
  readonly serviceAccountName?: string;
}

/** A pod `NAMESPACE/NAME` on a node; its label `app` is its name. */
export function pod(key: string, nodeName: string, podIP: string, { labels, ...parts }: PodParts = {}): JsonObject {
  const [ns, name] = key.split('/');
  const containers = [{ name: 'c', ports: [{ name: 'http', containerPort: 9090 }] }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace: ns, name, labels: labels ?? { app: name } },
    spec: { nodeName, containers, ...parts },
    status: { podIP },
  };
}

/** The Service `shop/web`, port 80 to 9090. */
export function service(spec: JsonObject = {}, metadata: JsonObject = {}, status: JsonObject = {}): JsonObject {
  const ports = [{ port: 80, targetPort: 9090, nodePort: 30080 }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'shop', name: 'web', ...metadata },
    spec: { clusterIP: '10.96.0.5', selector: { app: 'web' }, ports, ...spec },
    status,
  };
}

/** An EndpointSlice of a Service, with one port. */
export function slice(key: string, port: JsonObject, endpoints: readonly JsonObject[]): JsonObject {
  const [ns, name] = key.split('/');
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { namespace: ns, name, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    endpoints,
    ports: [port],
  };
}

/** Where the API server listens. */
export function apiServer(address: string): JsonObject {
  return slice('default/kubernetes', { name: 'https', port: 6443 }, [{ addresses: [address] }]);
}

/** Peers that have labels. */
export function labelled(matchLabels: Labels): JsonObject {
  return { matchLabels };
}

/** `toPorts` with one port: `80/TCP`, with rules on requests. */
export function ports(text: string, rules?: JsonObject): JsonObject[] {
  const [port, protocol = 'TCP'] = text.split('/');
  return [{ ports: [{ port, protocol }], ...(rules === undefined ? {} : { rules }) }];
}
