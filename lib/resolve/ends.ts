/** Which pod, node, address or entity each end of a flow is, however it is written. */
import type { Flow, WrittenEnd, EndEntity } from '../model/flow';
import type { Inventory, Pod, Service, ServicePort } from '../model/inventory';
import { Address, addressText } from '../net/address';
import { plainName } from '../net/dns-pattern';
import { accepted, Parsed, refused } from '../net/parsed';
import type { Agent } from './agent';
import { Cluster, usableBackends } from './cluster';
import { nearestNames } from './nearest-names';

export type End =
  | { readonly is: 'pod'; readonly pod: Pod }
  /** Empty if the node is not known. */
  | { readonly is: 'node'; readonly name: string }
  | { readonly is: 'address'; readonly address: Address }
  | { readonly is: 'entity'; readonly name: EndEntity };

/** The destination of a connection. */
export interface Destination {
  readonly end: End;
  readonly port: number;
  /** For a Service: the backend, as an address or a pod. */
  readonly backend?: string;
}

/** Resolves an end of a flow. */
export function endOf(written: WrittenEnd, cluster: Cluster): Parsed<End> {
  const { inventory } = cluster;
  switch (written.is) {
    case 'pod': {
      const pod = inventory.pods.get(written.name);
      return pod === undefined
        ? refused(`no pod or workload \`${written.name}\``, helpForPod(written.name, inventory))
        : accepted(podEnd(pod));
    }
    case 'node':
      return inventory.nodes.has(written.name)
        ? accepted({ is: 'node', name: written.name })
        : refused(`no node \`${written.name}\``, guessOf(written.name, inventory.nodes.keys()) ?? 'give an inventory with it');
    case 'ip':
      return accepted(addressEnd(written.address, cluster));
    case 'fqdn': {
      const [address] = inventory.names.get(plainName(written.name)) ?? [];
      return address === undefined
        ? refused(`no address for \`${written.name}\``, 'give the address that DNS returns with `names`')
        : accepted(addressEnd(address, cluster));
    }
    case 'entity':
      return accepted({ is: 'entity', name: written.name });
    case 'labels':
      return givenEnd(written, cluster);
    case 'service':
      return refused('a Service cannot be a source', 'name the pod that connects');
  }
}

/** A pod by its labels. A pod of another cluster would have no policy here. */
function givenEnd(given: GivenPod, { inventory, clusterName }: Cluster): Parsed<End> {
  const { labels, namespace, serviceAccount, moreNamespaceLabels, ports } = given;
  if (given.cluster !== undefined && given.cluster !== clusterName) {
    return refused(
      `the pod is in cluster \`${given.cluster}\`, and only pods of \`${clusterName}\` are judged`,
      'leave the label out, or set `cluster-name` in the configuration',
    );
  }
  const ofNamespace = given.namespaceLabels ?? inventory.namespaces.get(namespace);
  const namespaceLabels = moreNamespaceLabels === undefined ? given.namespaceLabels : { ...ofNamespace, ...moreNamespaceLabels };
  const pod: Pod = { labels, namespace, serviceAccount, ports, node: '', hostNetwork: false, addresses: [] };
  return accepted({ is: 'pod', pod: namespaceLabels === undefined ? pod : { ...pod, namespaceLabels } });
}

type GivenPod = Extract<WrittenEnd, { is: 'labels' }>;

function helpForPod(name: string, { pods, owned }: Inventory): string {
  const [namespace] = name.split('/');
  return (
    guessOf(name, [...pods.keys(), ...owned.keys()]) ??
    `write the labels of a possible pod, such as \`labels:app=web@${namespace}\`, or give an inventory`
  );
}

function guessOf(name: string, known: Iterable<string>): string | undefined {
  const guesses = nearestNames(name, known);
  return guesses.length === 0 ? undefined : `did you mean ${guesses.map((guess) => `\`${guess}\``).join(' or ')}?`;
}

/** To every other endpoint, a hostNetwork pod is its node. */
function podEnd(pod: Pod): End {
  return pod.hostNetwork ? { is: 'node', name: pod.node } : { is: 'pod', pod };
}

/** An address of a pod or node is that pod or node. */
function addressEnd(address: Address, cluster: Cluster): End {
  const pod = cluster.podWith(address);
  if (pod !== undefined) {
    return podEnd(pod);
  }
  const node = cluster.nodeWith(address);
  return node === undefined ? { is: 'address', address } : { is: 'node', name: node };
}

/** The node that an end is on; `undefined` for an end that is on no node. */
export function nodeOf(end: End): string | undefined {
  switch (end.is) {
    case 'pod':
      return end.pod.node;
    case 'node':
      return end.name;
    case 'address':
    case 'entity':
      return undefined;
  }
}

/** The destinations of a flow. A Service has one for each backend, because policy applies after the Service, on the port of the backend. */
export function destinationsOf({ to, protocol, port }: Flow, cluster: Cluster, agent: Agent): Parsed<readonly Destination[]> {
  const name = serviceNameOf(to, cluster);
  if (name === undefined) {
    const end = endOf(to, cluster);
    return end.ok ? accepted([{ end: end.value, port }]) : end;
  }
  const service = cluster.inventory.services.get(name);
  if (service?.exists !== true) {
    return refused(`no service \`${name}\``, guessOf(name, cluster.inventory.services.keys()) ?? 'give an inventory with it');
  }
  const at = service.ports.find((one) => one.number === port && one.protocol === protocol);
  if (at === undefined) {
    return refused(`service \`${name}\` has no port ${port}/${protocol}`, portsOf(service));
  }
  const found = service.isListed ? listedBackends(service, at, cluster, agent) : selectedBackends(service, at, cluster);
  return found.length === 0
    ? refused(
        `service \`${name}\` has no backend at port ${port}/${protocol}`,
        'give its pods or its EndpointSlices with the inventory, or ask about a pod behind it',
      )
    : accepted(found);
}

/** The address that an end is written as; `undefined` if it is none. */
export function addressOf(written: WrittenEnd, { inventory }: Cluster): Address | undefined {
  return written.is === 'ip' ? written.address : written.is === 'fqdn' ? inventory.names.get(plainName(written.name))?.[0] : undefined;
}

/** The addresses that an end has or is written as. */
export function addressesOfEnd(written: WrittenEnd, cluster: Cluster): readonly Address[] {
  const { services, pods, nodes } = cluster.inventory;
  switch (written.is) {
    case 'ip':
    case 'fqdn':
      return [addressOf(written, cluster)].filter((one) => one !== undefined);
    case 'service':
      return services.get(written.name)?.clusterIps ?? [];
    case 'pod':
      return pods.get(written.name)?.addresses ?? [];
    case 'node':
      return nodes.get(written.name)?.addresses ?? [];
    case 'entity':
    case 'labels':
      return [];
  }
}

/** The Service that a flow goes to. A ClusterIP is translated before policy applies, so it counts as its Service. */
export function serviceNameOf(to: WrittenEnd, cluster: Cluster): string | undefined {
  switch (to.is) {
    case 'service':
      return to.name;
    case 'ip':
      return cluster.serviceWith(to.address);
    case 'fqdn': {
      const [address] = cluster.inventory.names.get(plainName(to.name)) ?? [];
      return address === undefined ? undefined : cluster.serviceWith(address);
    }
    case 'pod':
    case 'node':
    case 'entity':
    case 'labels':
      return undefined;
  }
}

function portsOf({ ports }: Service): string {
  return ports.length === 0 ? 'it has no ports' : `it has ${ports.map(({ number, protocol }) => `${number}/${protocol}`).join(', ')}`;
}

/**
 * The backends that are ready; if there are none, those that are terminating and still serving.
 *
 * Source: cilium `pkg/loadbalancer/writer/writer.go`.
 */
function listedBackends(service: Service, { name, protocol }: ServicePort, cluster: Cluster, agent: Agent): readonly Destination[] {
  const usable = usableBackends(service, agent).filter(
    (backend) => (name === '' || backend.portName === '' || backend.portName === name) && backend.protocol === protocol,
  );
  const ready = usable.filter(({ isReady }) => isReady);
  const chosen = ready.length > 0 ? ready : usable.filter(({ isServing }) => isServing);
  return chosen.map(({ address, port }) => ({ end: addressEnd(address, cluster), port, backend: addressText(address) }));
}

/** Without an EndpointSlice, as in a folder of manifests: the pods that Kubernetes would list in one. */
function selectedBackends(
  { namespace, selector }: Service,
  { target, protocol }: ServicePort,
  { inventory }: Cluster,
): readonly Destination[] {
  const wanted = Object.entries(selector);
  return [...inventory.pods].flatMap(([backend, pod]) => {
    const isSelected = wanted.length > 0 && pod.namespace === namespace && wanted.every(([key, value]) => pod.labels[key] === value);
    const port = typeof target === 'number' ? target : pod.ports.find((one) => one.name === target && one.protocol === protocol)?.number;
    return isSelected && port !== undefined ? [{ end: podEnd(pod), port, backend }] : [];
  });
}
