/** Reads Services with the backends that EndpointSlices, or else Endpoints, list for them. */
import type { Backend, Service, ServiceAddress, ServicePort } from '../model/inventory';
import { asList, asObject, asText, JsonObject, textsOf } from '../model/json';
import type { Resource } from '../model/origin';
import type { Address } from '../net/address';
import { addressKey, parseAddress } from '../net/address';

/** The objects that Services are read from, in any order. A slice may name a Service that does not exist. */
export interface ServiceObjects {
  readonly services: readonly Resource[];
  readonly slices: readonly Resource[];
  readonly endpoints: readonly Resource[];
}

export function servicesOf({ services, slices, endpoints }: ServiceObjects): ReadonlyMap<string, Service> {
  const found = new Map(services.map((resource): [string, ListedService] => [keyOf(resource), { ...serviceOf(resource), exists: true }]));
  for (const { namespace = '', value } of slices) {
    const labels = textsOf(asObject(value.metadata).labels);
    add(found, `${namespace}/${labels['kubernetes.io/service-name'] ?? ''}`, value, labels);
  }
  for (const resource of endpoints) {
    const service = found.get(keyOf(resource));
    // Kubernetes makes slices of both kinds: of a Service's pods, and of Endpoints that somebody writes for a Service without a selector.
    const isMirrored = service !== undefined && !service.isListed && mayBeMirrored(resource.value);
    const mirrored = isMirrored || keyOf(resource) === 'default/kubernetes' ? slicesOf(resource.value) : [];
    for (const slice of found.get(keyOf(resource))?.isListed === true ? [] : mirrored) {
      add(found, keyOf(resource), slice, {});
    }
  }
  return found;
}

/** Adds the backends of a slice to its Service. */
function add(found: Map<string, ListedService>, key: string, slice: JsonObject, labels: Readonly<Record<string, string>>): void {
  const [namespace, name] = key.split('/');
  const service = found.get(key) ?? { ...emptyService(namespace, name), proxy: labels[PROXY_LABEL] };
  service.isListed = true;
  backendsOf(slice).forEach((backend) => service.backends.push(backend));
  listedIn(slice).forEach((address) => service.listed.push(address));
  found.set(key, service);
}

/** A Service while its slices are read. */
type ListedService = Service & { isListed: boolean; readonly backends: Backend[]; readonly listed: Address[] };

function keyOf({ namespace = '', name }: Resource): string {
  return `${namespace}/${name}`;
}

function emptyService(namespace: string, name: string): ListedService {
  return {
    ...{ namespace, name, labels: {}, selector: {}, ports: [], addresses: [], backends: [], listed: [] },
    ...{
      exposure: 'ClusterIP',
      isListed: false,
      exists: false,
      isHeadless: false,
      isAlias: false,
      isOnSomeNodes: false,
      isGlobal: false,
      hasSourceRanges: false,
      proxy: undefined,
    },
    ...{ isLocalInside: false, isLocalOutside: false },
  };
}

/** Source: cilium `pkg/loadbalancer/reflectors/conversions.go`, convertService. */
function serviceOf({ name, namespace = '', value }: Resource): ListedService {
  const [metadata, spec] = [asObject(value.metadata), asObject(value.spec)];
  const labels = textsOf(metadata.labels);
  const annotations = textsOf(metadata.annotations);
  return {
    ...emptyService(namespace, name),
    labels,
    selector: textsOf(spec.selector),
    ports: asList(spec.ports)
      .map(asObject)
      .map((port) => servicePortOf(port, isExposed('NodePort', annotations))),
    addresses: addressesOfService(value, annotations),
    exposure: exposureOf(spec),
    isHeadless: asText(spec.clusterIP).toLowerCase() === 'none' || Object.hasOwn(labels, 'service.kubernetes.io/headless'),
    isAlias: spec.type === 'ExternalName',
    isOnSomeNodes: NODE_ANNOTATIONS.some((key) => Object.hasOwn(annotations, key)),
    isGlobal: (annotations['service.cilium.io/global'] ?? annotations['io.cilium/global-service'] ?? '').toLowerCase() === 'true',
    hasSourceRanges: asList(spec.loadBalancerSourceRanges).length > 0,
    proxy: labels[PROXY_LABEL],
    isLocalInside: spec.internalTrafficPolicy === 'Local',
    isLocalOutside: spec.externalTrafficPolicy === 'Local',
  };
}

/** Source: CheckServiceNodeExposure in the same file. */
const NODE_ANNOTATIONS = ['service.cilium.io/node-selector', 'service.cilium.io/node'];

/** The label of a Service that another program than the default one translates. */
const PROXY_LABEL = 'service.kubernetes.io/service-proxy-name';

/** Whether Cilium exposes one type of a Service: every type, unless an annotation names one. Source: NewSvcExposureType in the same file. */
function isExposed(type: string, annotations: Readonly<Record<string, string>>): boolean {
  const only = annotations['service.cilium.io/type'] as string | undefined;
  return only === type || !['ClusterIP', 'NodePort', 'LoadBalancer'].includes(only ?? '');
}

function exposureOf({ type, externalIPs }: JsonObject): Service['exposure'] {
  return type === 'LoadBalancer' || type === 'NodePort' ? type : asList(externalIPs).length > 0 ? 'ExternalIP' : 'ClusterIP';
}

/** A load balancer of mode `Proxy` receives the packets itself. */
function addressesOfService({ spec, status }: JsonObject, annotations: Readonly<Record<string, string>>): readonly ServiceAddress[] {
  const { clusterIP, clusterIPs, externalIPs, type } = asObject(spec);
  const ingress = asList(asObject(asObject(status).loadBalancer).ingress).map(asObject);
  const isBalanced = type === 'LoadBalancer' && isExposed('LoadBalancer', annotations);
  const balanced = isBalanced ? ingress.filter(({ ipMode }) => ipMode === undefined || ipMode === 'VIP') : [];
  const of = (kind: ServiceAddress['type'], texts: readonly unknown[]) =>
    texts.flatMap((text): ServiceAddress[] => {
      const address = parseAddress(asText(text));
      return address === undefined ? [] : [{ ...address, type: kind }];
    });
  return [
    ...of('ClusterIP', isExposed('ClusterIP', annotations) ? [clusterIP, ...asList(clusterIPs)] : []),
    ...of('ExternalIP', asList(externalIPs)),
    ...of(
      'LoadBalancer',
      balanced.map(({ ip }) => ip),
    ),
  ];
}

/** Without a `targetPort`, the target is the number of the port itself. */
function servicePortOf({ name, port, targetPort, protocol, nodePort }: JsonObject, isExposedOnNodes: boolean): ServicePort {
  const number = typeof port === 'number' ? port : 0;
  const target = typeof targetPort === 'number' ? targetPort : asText(targetPort).toLowerCase();
  return {
    ...{ name: asText(name), number, target: target === '' ? number : target, protocol: protocolOf(protocol) },
    nodePort: isExposedOnNodes && typeof nodePort === 'number' && nodePort > 0 ? nodePort : undefined,
  };
}

/** The API server defaults a missing protocol to TCP. */
export function protocolOf(value: unknown): string {
  return asText(value) === '' ? 'TCP' : asText(value).toUpperCase();
}

/**
 * Every address of a slice with every port of the slice. A slice without ports has no backends, and of an address that it names twice the last
 * entry counts. Source: cilium `pkg/k8s/endpoints.go`, ParseEndpointSliceV1; `pkg/loadbalancer/reflectors/conversions.go`.
 */
function backendsOf(slice: JsonObject): readonly Backend[] {
  const entries = endpointsOf(slice).flatMap((endpoint) => {
    const { ready, serving, terminating } = asObject(endpoint.conditions);
    const conditions = { isReady: ready !== false, isServing: terminating === true && serving !== false };
    const node = asText(endpoint.nodeName);
    return addressesOf(endpoint).map((address) => ({ address, ...conditions, node }));
  });
  const ports = portsOf(slice);
  const lasting = new Map(entries.map((entry) => [addressKey(entry.address), entry]));
  return [...lasting.values()].flatMap((entry) => ports.map((port) => ({ ...entry, ...port }))).filter((one) => !isDummy(one));
}

/** The endpoint that stands in the slices of Cilium's Ingress and Gateway, and counts for nothing. Source: isIngressDummyEndpoint in the same file. */
function isDummy({ address, port }: Backend): boolean {
  return address.version === 4 && address.value === 0xc0c0c0c0n && port === 9999;
}

function listedIn(slice: JsonObject): readonly Address[] {
  return endpointsOf(slice).flatMap(addressesOf);
}

/** The endpoints of a slice with IP addresses. A slice of type `FQDN` has names instead. */
function endpointsOf({ addressType, endpoints }: JsonObject): readonly JsonObject[] {
  return ['IPv4', 'IPv6'].includes(asText(addressType)) ? asList(endpoints).map(asObject) : [];
}

function addressesOf({ addresses }: JsonObject): readonly Address[] {
  return asList(addresses).flatMap((text) => parseAddress(asText(text)) ?? []);
}

function portsOf(slice: JsonObject): readonly Pick<Backend, 'portName' | 'port' | 'protocol'>[] {
  return asList(slice.ports)
    .map(asObject)
    .flatMap(({ name, port, protocol }) =>
      typeof port === 'number' && port > 0 ? [{ portName: asText(name), port, protocol: protocolOf(protocol) }] : [],
    );
}

/** Endpoints of leader elections, and those that ask for it, are not mirrored. Source: Kubernetes `pkg/controller/endpointslicemirroring`. */
function mayBeMirrored({ metadata }: JsonObject): boolean {
  const { labels, annotations } = asObject(metadata);
  return (
    asObject(labels)['endpointslice.kubernetes.io/skip-mirror'] !== 'true' &&
    !Object.hasOwn(asObject(annotations), 'control-plane.alpha.kubernetes.io/leader')
  );
}

/** The slices that Kubernetes makes of Endpoints: one for each subset and IP family. */
function slicesOf({ subsets }: JsonObject): readonly JsonObject[] {
  return asList(subsets)
    .map(asObject)
    .flatMap(({ addresses, notReadyAddresses, ports }) => {
      const endpoints = [...endpointsIn(addresses, true), ...endpointsIn(notReadyAddresses, false)];
      return [
        { addressType: 'IPv4', ports, endpoints: endpoints.filter(({ addresses: [text] }) => !text.includes(':')) },
        { addressType: 'IPv6', ports, endpoints: endpoints.filter(({ addresses: [text] }) => text.includes(':')) },
      ];
    });
}

function endpointsIn(addresses: unknown, ready: boolean): readonly { readonly addresses: readonly [string] }[] {
  return asList(addresses)
    .map(asObject)
    .map(({ ip, nodeName, targetRef }) => ({ addresses: [asText(ip)], nodeName, targetRef, conditions: { ready } }));
}
