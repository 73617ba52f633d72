/** Generates a small cluster: namespaces, pods, nodes and services, with the labels that policies select. */
import fc from 'fast-check';
import { among, few, members, weighted } from './choices';
import type { Json, JsonObject } from './json';
import type { LabelChoices, Universe } from './universe';

/** The places that flows can go from and to. */
export interface Places {
  readonly pods: readonly string[];
  readonly nodes: readonly string[];
  readonly services: readonly ServicePort[];
  /** The addresses of pods, nodes, the API server and names, and unknown addresses. */
  readonly addresses: readonly string[];
  readonly names: readonly string[];
}

export interface ServicePort {
  readonly service: string;
  readonly port: number;
  readonly protocol: string;
  /** The addresses that stand for it too. */
  readonly addresses: readonly ServiceAddress[];
}

export interface ServiceAddress {
  readonly ip: string;
  /** If it is another port than that of the Service. */
  readonly port?: number;
}

/** The objects of a cluster, and the addresses of names. */
export interface Inventory {
  readonly objects: readonly JsonObject[];
  readonly names: Readonly<Record<string, readonly string[]>>;
  readonly places: Places;
}

const NODES = ['n1', 'n2'];

interface PodChoice {
  readonly namespace: string;
  readonly labels: JsonObject;
  readonly account: string | undefined;
  readonly node: string | undefined;
  readonly ports: readonly JsonObject[];
  readonly shape: string;
  readonly addressed: boolean;
}

export function inventory(universe: Universe): fc.Arbitrary<Inventory> {
  return fc
    .record({
      namespaces: fc.tuple(...universe.namespaces.map((name) => namespaces(name, universe.namespaceLabels))),
      pods: fc.array(pods(universe), { minLength: 4, maxLength: 8 }),
      nodes: fc.tuple(...NODES.map((name) => nodes(name, universe.nodeLabels))),
      groups: few(groups(universe), 0, 2),
      services: few(services(universe), 0, 2),
      apiServer: among('172.18.0.2', '198.51.100.9', undefined),
      names: names(universe),
    })
    .map(({ namespaces, pods, nodes, groups, services, apiServer, names }) => {
      const written = pods.map(writtenPod);
      const podAddresses = pods.flatMap((pod, i) => (hasAddress(pod) ? [podAddress(i)] : []));
      const ports = services.flatMap((service, i) => serviceObjects(service, i, podAddresses));
      const kubernetes = apiServer === undefined ? [] : [endpointSlice('default', 'kubernetes', [apiServer], 6443)];
      return {
        objects: [
          ...namespaces.filter((one) => one !== undefined),
          ...nodes.flat(),
          ...written,
          ...groups.map((group, i): JsonObject => ({
            ...group,
            metadata: { ...(group['metadata'] as JsonObject), name: universe.cidrGroups[i] },
          })),
          ...ports.flatMap((port) => port.objects),
          ...kubernetes,
        ],
        names,
        places: {
          pods: pods.map(({ namespace }, i) => `${namespace}/${podName(i)}`),
          nodes: NODES,
          services: ports.map(({ place }) => place),
          addresses: [
            ...podAddresses,
            ...Object.values(NODE_ADDRESSES).flat(),
            '198.51.100.9',
            ...Object.values(names).flat(),
            ...[
              '10.1.2.3',
              '10.1.2.4',
              '10.1.9.9',
              '10.9.9.9',
              '203.0.113.5',
              '203.0.113.6',
              '8.8.8.8',
              '2001:db8::1',
              '2001:db8:1::7',
              '2001:db9::1',
            ],
          ],
          names: Object.keys(names),
        },
      };
    });
}

/** Labels from some choices. Each label may be absent. */
function labels(choices: readonly LabelChoices[], percent: number): fc.Arbitrary<JsonObject> {
  return members(Object.fromEntries(choices.map(({ key, values }) => [key, [percent, among<Json>(...values)] as const])));
}

/** Some namespaces are not listed, so they have no labels. */
function namespaces(name: string, choices: readonly LabelChoices[]): fc.Arbitrary<JsonObject | undefined> {
  const own = choices.filter(({ key }) => key !== 'kubernetes.io/metadata.name');
  const listed = labels(own, 60).map((given): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: given } }));
  return weighted<JsonObject | undefined>([6, listed], [1, fc.constant(undefined)]);
}

/** A node, and sometimes its CiliumNode. The first address may be an external one. */
function nodes(name: string, choices: readonly LabelChoices[]): fc.Arbitrary<JsonObject[]> {
  const [own, other] = NODE_ADDRESSES[name];
  const internal: JsonObject = { type: 'InternalIP', address: own };
  const external: JsonObject = { type: 'ExternalIP', address: other };
  return fc
    .record({
      labels: labels([...choices, { key: 'kubernetes.io/hostname', values: [name] }], 60),
      addresses: weighted<JsonObject[]>([3, fc.constant([internal])], [2, fc.constant([external, internal])]),
      isOfCilium: weighted([1, among(true)], [2, among(false)]),
    })
    .map(({ labels: given, addresses, isOfCilium }) => [
      { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: given }, status: { addresses } },
      ...(isOfCilium ? [ciliumNode(name, given, own)] : []),
    ]);
}

function ciliumNode(name: string, given: JsonObject, own: string): JsonObject {
  const [, , tunnel, health, ingress] = NODE_ADDRESSES[name];
  const addresses: JsonObject[] = [
    { type: 'InternalIP', ip: own },
    { type: 'CiliumInternalIP', ip: tunnel },
  ];
  const spec: JsonObject = { addresses, health: { ipv4: health }, ingress: { ipv4: ingress } };
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNode', metadata: { name, labels: given }, spec };
}

/** The internal and the external address of a node, and those that only its CiliumNode has: of the tunnel, of health and of ingress. */
const NODE_ADDRESSES: Readonly<Record<string, readonly [string, string, string, string, string]>> = {
  n1: ['172.18.0.2', '203.0.113.77', '10.9.1.1', '10.9.1.2', '10.9.1.3'],
  n2: ['172.18.0.3', '203.0.113.78', '10.9.2.1', '10.9.2.2', '10.9.2.3'],
};

function pods(universe: Universe): fc.Arbitrary<PodChoice> {
  const filtered: LabelChoices[] = [
    { key: 'pod-template-hash', values: ['7d9f'] },
    { key: 'kubernetes.io/os', values: ['linux'] },
  ];
  const own = labels(universe.labels.slice(0, 3), 65);
  const rest = labels([...universe.labels.slice(3), ...filtered, { key: 'host', values: ['', 'x'] }], 6);
  return fc.record({
    namespace: among(...universe.namespaces),
    labels: fc.tuple(own, rest).map(([one, two]) => ({ ...one, ...two })),
    account: weighted<string | undefined>([2, fc.constant(undefined)], [1, among(...universe.serviceAccounts)]),
    node: weighted<string | undefined>([2, among(...NODES)], [1, fc.constant(undefined)]),
    ports: containerPorts(universe),
    shape: weighted([20, among('Pod')], [3, among('Deployment', 'StatefulSet', 'Job', 'CronJob')], [2, among('hostNetwork')]),
    addressed: weighted([4, among(true)], [1, among(false)]),
  });
}

/** Port names whose numbers differ between pods or between protocols. */
function containerPorts({ portNames }: Universe): fc.Arbitrary<JsonObject[]> {
  const port = fc.record({
    name: among<Json>(...portNames),
    containerPort: among<Json>(8080, 9090, 53),
    protocol: weighted<Json | undefined>([4, fc.constant(undefined)], [2, among<Json>('TCP', 'UDP')]),
  });
  return few(
    port.map(({ name, containerPort, protocol }): JsonObject => ({ name, containerPort, ...(protocol !== undefined && { protocol }) })),
    0,
    2,
  );
}

function hasAddress({ shape, addressed }: PodChoice): boolean {
  return addressed && shape === 'Pod';
}

function podName(i: number): string {
  return `pod${i}`;
}

function podAddress(i: number): string {
  return `10.1.0.${i + 10}`;
}

function writtenPod(pod: PodChoice, i: number): JsonObject {
  const { namespace, labels, account, node, ports, shape } = pod;
  const metadata = { name: podName(i), namespace };
  const spec: JsonObject = {
    ...(account !== undefined && { serviceAccountName: account }),
    ...(shape === 'hostNetwork' && { hostNetwork: true, nodeName: node ?? 'n1' }),
    ...(shape === 'Pod' && node !== undefined && { nodeName: node }),
    containers: [{ name: 'main', ports }],
  };
  const template: JsonObject = { metadata: { labels }, spec };
  switch (shape) {
    case 'Job':
      return { apiVersion: 'batch/v1', kind: shape, metadata, spec: { template } };
    case 'CronJob':
      return { apiVersion: 'batch/v1', kind: shape, metadata, spec: { jobTemplate: { spec: { template } } } };
    case 'Deployment':
    case 'StatefulSet':
      return { apiVersion: 'apps/v1', kind: shape, metadata, spec: { template } };
    default:
      return {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { ...metadata, labels },
        spec,
        ...(hasAddress(pod) && { status: { podIPs: [{ ip: podAddress(i) }] } }),
      };
  }
}

function groups({ cidrs, cidrGroupLabels }: Universe): fc.Arbitrary<JsonObject> {
  return fc
    .record({ externalCIDRs: few(among<Json>(...cidrs), 1, 3), labels: labels(cidrGroupLabels, 70) })
    .map(({ externalCIDRs, labels: given }): JsonObject => ({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumCIDRGroup',
      metadata: { labels: given },
      spec: { externalCIDRs },
    }));
}

interface ServiceChoice {
  readonly identity: { readonly namespace: string; readonly name: string };
  readonly labels: JsonObject;
  readonly selector: JsonObject | undefined;
  readonly external: readonly string[];
  readonly port: number;
  readonly target: number;
  readonly protocol: string;
  /** What stands for it beside its name: the parts of `spec`, of its labels, and the status. */
  readonly exposure: Exposure;
}

interface Exposure {
  readonly kind: string;
  readonly inside: string | undefined;
  readonly outside: string | undefined;
  readonly proxy: string | undefined;
}

/** The addresses of the first Service and those of the second. */
const SERVICE_ADDRESSES = [
  { cluster: '10.96.0.1', external: '203.0.113.101', balancer: '203.0.113.111', nodePort: 30001 },
  { cluster: '10.96.0.2', external: '203.0.113.102', balancer: '203.0.113.112', nodePort: 30002 },
];

function services({ services, serviceLabels, labels: podLabels }: Universe): fc.Arbitrary<ServiceChoice> {
  return fc.record({
    identity: among(...services),
    labels: labels(serviceLabels, 70),
    selector: weighted<JsonObject | undefined>([2, labels(podLabels.slice(0, 1), 100)], [1, fc.constant(undefined)]),
    external: few(among('203.0.113.5', '198.51.100.7', '172.18.0.3'), 1, 2),
    port: among(80, 443),
    target: among(8080, 9090),
    protocol: weighted([4, among('TCP')], [1, among('UDP')]),
    exposure: fc.record({
      kind: weighted([2, among('none')], [2, among('ClusterIP')], [3, among('LoadBalancer')], [1, among('headless')]),
      inside: weighted<string | undefined>([4, fc.constant(undefined)], [1, among('Local', 'Cluster')]),
      outside: weighted<string | undefined>([3, fc.constant(undefined)], [1, among('Local', 'Cluster')]),
      proxy: weighted<string | undefined>([9, fc.constant(undefined)], [1, among('other')]),
    }),
  });
}

/** Names of Services must be unique, so the second and later names have a number. */
function serviceObjects(
  service: ServiceChoice,
  i: number,
  podAddresses: readonly string[],
): { objects: JsonObject[]; place: ServicePort }[] {
  const { identity, labels, selector, external, port, target, protocol, exposure } = service;
  const { namespace } = identity;
  const name = i === 0 ? identity.name : `${identity.name}-${i}`;
  // The slice decides about the backends, not the pods that a controller would list.
  const backends = selector === undefined ? external : podAddresses.slice(0, 1 + (target % 2));
  const { spec, addresses, nodePort, status } = exposed(exposure, i);
  const proxy: JsonObject = exposure.proxy === undefined ? {} : { 'service.kubernetes.io/service-proxy-name': exposure.proxy };
  const object: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace, labels: { ...labels, ...proxy } },
    spec: { ...(selector !== undefined && { selector }), ...spec, ports: [{ port, targetPort: target, protocol, ...nodePort }] },
    ...status,
  };
  const place = { service: `${namespace}/${name}`, port, protocol, addresses };
  return [{ objects: [object, endpointSlice(namespace, name, backends, target, protocol)], place }];
}

/** The addresses of a Service, with the ports that stand for it. */
function exposed(
  { kind, inside, outside }: Exposure,
  i: number,
): { spec: JsonObject; nodePort: JsonObject; status: JsonObject; addresses: readonly ServiceAddress[] } {
  const { cluster, external, balancer, nodePort } = SERVICE_ADDRESSES[i];
  const policies: JsonObject = {
    ...(inside !== undefined && { internalTrafficPolicy: inside }),
    ...(outside !== undefined && { externalTrafficPolicy: outside }),
  };
  switch (kind) {
    case 'ClusterIP':
      return { spec: { clusterIP: cluster, ...policies }, nodePort: {}, status: {}, addresses: [{ ip: cluster }] };
    case 'LoadBalancer':
      return {
        spec: { type: kind, clusterIP: cluster, clusterIPs: [cluster], externalIPs: [external], ...policies },
        nodePort: { nodePort },
        status: { status: { loadBalancer: { ingress: [{ ip: balancer }] } } },
        addresses: [
          ...[{ ip: cluster }, { ip: external }, { ip: balancer }],
          ...[NODE_ADDRESSES.n1[0], NODE_ADDRESSES.n2[0]].map((ip) => ({ ip, port: nodePort })),
        ],
      };
    case 'headless':
      return { spec: { clusterIP: 'None', ...policies }, nodePort: {}, status: {}, addresses: [] };
    default:
      return { spec: policies, nodePort: {}, status: {}, addresses: [] };
  }
}

function endpointSlice(namespace: string, service: string, addresses: readonly string[], port: number, protocol = 'TCP'): JsonObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${service}-1`, namespace, labels: { 'kubernetes.io/service-name': service } },
    addressType: 'IPv4',
    ports: [{ port, protocol }],
    // Every other address is on a node that the slice names.
    endpoints: addresses.map((address, i): JsonObject => ({ addresses: [address], ...(i % 2 === 1 && { nodeName: 'n1' }) })),
  };
}

/** Some names, with addresses in prefixes of policies, of pods, or unknown addresses. */
function names({ dnsNames }: Universe): fc.Arbitrary<Record<string, string[]>> {
  const addresses = few(among('93.184.216.34', '203.0.113.5', '10.1.2.3', '10.1.0.10', '198.51.100.9', '2001:db8::1'), 1, 2);
  const asked = [...dnsNames, 'www.example.com', 'a.b.example.com', 'Example.ORG.'];
  return fc
    .tuple(...asked.map(() => weighted<string[] | undefined>([1, addresses], [1, fc.constant(undefined)])))
    .map((all) => Object.fromEntries(all.flatMap((given, i): [string, string[]][] => (given === undefined ? [] : [[asked[i], given]]))));
}
