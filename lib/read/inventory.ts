/** Reads the inventory that policies are judged against from objects of a cluster, as `kubectl get … -o yaml` prints them. */
import type { CidrGroup, ClusterNode, HostPort, Inventory, NamedPort, Names, NodeAddress, Pod } from '../model/inventory';
import { asList, asObject, asText, JsonObject, textsOf } from '../model/json';
import type { Resource } from '../model/origin';
import type { Address } from '../net/address';
import { addressKey, parseAddress } from '../net/address';
import { plainName } from '../net/dns-pattern';
import { groupedBy } from '../net/grouped';
import { accepted, Parsed, refused } from '../net/parsed';
import { parsePrefix } from '../net/prefix';
import { localRedirectOf } from './local-redirects';
import { podsByOwner } from './owners';
import { placeholdersIn } from './placeholders';
import { protocolOf, servicesOf } from './services';
import { isAtRest, ListedPods, templateOf, WORKLOADS } from './workloads';

/**
 * Reads namespaces, pods, workloads, nodes, Services, EndpointSlices and CIDR groups, and skips all other objects.
 *
 * If two objects of a kind have the same name, the last one counts. A pod takes precedence over a workload of the same name.
 */
export function readInventory(resources: readonly Resource[], names: Names = {}): Parsed<Inventory> {
  const answers = parseNames(names);
  if (!answers.ok) {
    return answers;
  }
  const of = (kind: string) => resources.filter((resource) => resource.kind === kind);
  const byName = <T>(kind: string, read: (resource: Resource) => T) => new Map(of(kind).map((resource) => [resource.name, read(resource)]));
  const running = of('Pod').filter(isRunning);
  const pods = running.map((resource, i): [string, Pod] => [podKeyOf(resource, i), podOf(namespaceOf(resource), resource.value)]);
  const owned = podsByOwner(running, resources);
  const listed = new ListedPods(pods.map(([, pod]) => pod));
  const workloads = workloadsOf(WORKLOADS.flatMap(of), (resource) => owned.has(keyOf(resource)) || listed.areOf(resource));
  return accepted({
    namespaces: byName('Namespace', ({ value }) => textsOf(asObject(value.metadata).labels)),
    pods: new Map([...workloads.pods, ...pods]),
    owned: new Map([...owned, ...workloads.namesakes]),
    nodes: nodesOf(of('Node'), of('CiliumNode')),
    services: servicesOf({ services: of('Service'), slices: of('EndpointSlice'), endpoints: of('Endpoints') }),
    groups: byName('CiliumCIDRGroup', groupOf),
    redirects: of('CiliumLocalRedirectPolicy').flatMap((resource) => localRedirectOf(resource) ?? []),
    names: answers.value,
  });
}

function parseNames(names: Names): Parsed<ReadonlyMap<string, readonly Address[]>> {
  const parsed = new Map<string, readonly Address[]>();
  for (const [name, texts] of Object.entries(names)) {
    const addresses = texts.map(parseAddress);
    const wrong = addresses.indexOf(undefined);
    if (wrong >= 0) {
      return refused(`\`${texts[wrong]}\`, given as an address of \`${name}\`, is not a valid IP address`);
    }
    parsed.set(plainName(name), addresses as readonly Address[]);
  }
  return accepted(parsed);
}

function namespaceOf({ namespace = '' }: Resource): string {
  return namespace;
}

function keyOf(resource: Resource): string {
  return `${namespaceOf(resource)}/${resource.name}`;
}

/** A pod that is yet to get its name is known by the beginning of the name. */
function podKeyOf(resource: Resource, i: number): string {
  return resource.name === ''
    ? `${namespaceOf(resource)}/${asText(asObject(resource.value.metadata).generateName)}#${i + 1}`
    : keyOf(resource);
}

interface Workloads {
  readonly pods: readonly (readonly [string, Pod])[];
  /** The keys of the workloads that share a name with a workload of another kind. */
  readonly namesakes: ReadonlyMap<string, readonly string[]>;
}

/** Workloads of several kinds with one name have keys with their kinds, because the name alone means none of them. */
function workloadsOf(resources: readonly Resource[], hasPods: (resource: Resource) => boolean): Workloads {
  const byName = groupedBy(resources, keyOf);
  const namesakes = new Map<string, readonly string[]>();
  const pods = [...byName].flatMap(([name, same]) => {
    const kinds = new Map(same.map((resource): [string, Pod] => [resource.kind, templatePod(resource, hasPods(resource))]));
    if (kinds.size === 1) {
      return [...kinds].map(([, pod]): [string, Pod] => [name, pod]);
    }
    const named = [...kinds].map(([kind, pod]): [string, Pod] => [`${name} (${kind})`, pod]);
    namesakes.set(
      name,
      named.map(([key]) => key),
    );
    return named;
  });
  return { pods, namesakes };
}

/** The pods and templates that no inventory has: those that have terminated, and those that give way to another object of the same name. */
export function otherPods(resources: readonly Resource[]): readonly (readonly [string, Pod])[] {
  const pods = resources.filter(({ kind }) => kind === 'Pod');
  const workloads = resources.filter(({ kind }) => WORKLOADS.includes(kind));
  const ofPods = pods.map((resource, i) => ({ resource, key: podKeyOf(resource, i) }));
  const taken = new Map(ofPods.filter(({ resource }) => isRunning(resource)).map(({ resource, key }) => [key, resource]));
  const last = new Map(workloads.map((resource) => [`${resource.kind} ${keyOf(resource)}`, resource]));
  const isTaken = (resource: Resource) => taken.has(keyOf(resource)) || last.get(`${resource.kind} ${keyOf(resource)}`) !== resource;
  return [
    ...ofPods
      .filter(({ resource, key }) => taken.get(key) !== resource)
      .map(({ resource, key }): [string, Pod] => [key, { ...podOf(namespaceOf(resource), resource.value), isAbsent: true }]),
    ...workloads.filter(isTaken).map((resource): [string, Pod] => [keyOf(resource), templatePod(resource, true)]),
  ];
}

/** A pod that has terminated is not an endpoint, and its address may be in use again. Source: cilium `pkg/k8s/utils/utils.go`, IsPodRunning. */
function isRunning({ value }: Resource): boolean {
  return !['Succeeded', 'Failed'].includes(asText(asObject(value.status).phase));
}

/** The template counts as a pod only if its pods run and are not listed. */
function templatePod(resource: Resource, hasPods: boolean): Pod {
  const template = templateOf(resource);
  const { nodeSelector, affinity } = asObject(template.spec);
  const isOnEveryNode = resource.kind === 'DaemonSet' && nodeSelector === undefined && affinity === undefined;
  const pod: Pod = { ...podOf(namespaceOf(resource), template), isTemplate: true, ...(isOnEveryNode && { isOnEveryNode }) };
  return hasPods || isAtRest(resource) ? { ...pod, isAbsent: true } : pod;
}

function podOf(namespace: string, value: JsonObject): Pod {
  const [spec, status] = [asObject(value.spec), asObject(value.status)];
  return {
    namespace,
    labels: textsOf(asObject(value.metadata).labels),
    // `serviceAccount` is the old name of the field.
    serviceAccount: asText(spec.serviceAccountName) || asText(spec.serviceAccount),
    node: asText(spec.nodeName),
    hostNetwork: spec.hostNetwork === true,
    ports: namedPortsOf(asList(spec.containers)),
    ...unnamedPortsOf(asList(spec.containers)),
    ...hostPortsOf(spec),
    addresses: [{ ip: status.podIP }, ...asList(status.podIPs).map(asObject)].flatMap(({ ip }) => parseAddress(asText(ip)) ?? []),
  };
}

/**
 * The named ports of containers, without init containers. If a name is given twice, the last number counts.
 * Source: cilium `pkg/k8s/watchers/pod.go`.
 */
function namedPortsOf(containers: readonly unknown[]): readonly NamedPort[] {
  const ports = containers.flatMap((container) => asList(asObject(container).ports)).map(asObject);
  const named = ports.flatMap((port): [string, NamedPort][] => {
    const [name, number] = [asText(port.name).toLowerCase(), port.containerPort];
    const isUsable = name !== '' && typeof number === 'number' && number > 0 && number <= 65535;
    return isUsable ? [[name, { name, number, protocol: protocolOf(port.protocol) }]] : [];
  });
  return [...new Map(named).values()];
}

function unnamedPortsOf(containers: readonly unknown[]): Pick<Pod, 'unnamedPorts'> {
  const ports = containers.flatMap((container) => asList(asObject(container).ports)).map(asObject);
  const unnamedPorts = ports.flatMap(({ name, containerPort }) =>
    asText(name) === '' && typeof containerPort === 'number' ? [containerPort] : [],
  );
  return unnamedPorts.length === 0 ? {} : { unnamedPorts };
}

/**
 * With the network of the node, a port of the pod is one of the node anyway.
 * Source: cilium `pkg/loadbalancer/reflectors/k8s.go`, upsertHostPort.
 */
function hostPortsOf({ initContainers, containers, hostNetwork }: JsonObject): Pick<Pod, 'hostPorts'> {
  const ports = [...asList(initContainers), ...asList(containers)].flatMap((container) => asList(asObject(container).ports)).map(asObject);
  const hostPorts = ports.flatMap(({ hostPort, containerPort, protocol, hostIP }): HostPort[] =>
    typeof hostPort === 'number' && typeof containerPort === 'number' && hostPort > 0
      ? [{ number: hostPort, target: containerPort, protocol: protocolOf(protocol), address: parseAddress(asText(hostIP)) }]
      : [],
  );
  return hostNetwork === true || hostPorts.length === 0 ? {} : { hostPorts };
}

/** Cilium knows a node from its CiliumNode, which has the addresses of the Node and its own. The labels are those of the Node. */
function nodesOf(nodes: readonly Resource[], ciliumNodes: readonly Resource[]): ReadonlyMap<string, ClusterNode> {
  const found = new Map(nodes.map((resource) => [resource.name, nodeOf(resource)]));
  for (const resource of ciliumNodes) {
    const [node, own] = [found.get(resource.name), ciliumNodeOf(resource)];
    const known = new Set(node?.addresses.map(addressKey));
    found.set(resource.name, {
      ...own,
      labels: node?.labels ?? own.labels,
      addresses: [...(node?.addresses ?? []), ...own.addresses.filter((address) => !known.has(addressKey(address)))],
    });
  }
  return found;
}

function nodeOf({ name, value }: Resource): ClusterNode {
  const addresses = asList(asObject(value.status).addresses)
    .map(asObject)
    .flatMap(({ type, address }) => nodeAddressOf(address, type));
  return { name, labels: textsOf(asObject(value.metadata).labels), addresses, health: [], ingress: [] };
}

/** Source: cilium `pkg/k8s/apis/cilium.io/v2/types.go`, NodeSpec. */
function ciliumNodeOf({ name, value }: Resource): ClusterNode {
  const spec = asObject(value.spec);
  const addresses = asList(spec.addresses)
    .map(asObject)
    .flatMap(({ ip, type }) => nodeAddressOf(ip, type));
  const both = (endpoint: unknown) =>
    [asObject(endpoint).ipv4, asObject(endpoint).ipv6].flatMap((text) => parseAddress(asText(text)) ?? []);
  const labels = textsOf(asObject(value.metadata).labels);
  return { name, labels, addresses, health: both(spec.health), ingress: both(spec.ingress) };
}

function nodeAddressOf(text: unknown, type: unknown): readonly NodeAddress[] {
  const address = parseAddress(asText(text));
  return address === undefined ? [] : [{ ...address, type: asText(type) }];
}

function groupOf({ name, value }: Resource): CidrGroup {
  const blocks = asList(asObject(value.spec).externalCIDRs).flatMap((text) => {
    const parsed = parsePrefix(asText(text));
    return parsed.ok ? [parsed.value] : [];
  });
  return { name, labels: textsOf(asObject(value.metadata).labels), blocks, isVague: placeholdersIn(value.spec).length > 0 };
}
