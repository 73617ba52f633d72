/** Where a flow leads to: policy applies after a Service is translated, on the ports of its backends. */
import type { Flow, WrittenEnd } from '../model/flow';
import type { Backend, Pod, Service, ServicePort } from '../model/inventory';
import { Address, addressText } from '../net/address';
import { plainName } from '../net/dns-pattern';
import { accepted, Parsed, refused } from '../net/parsed';
import type { Agent } from './agent';
import { Cluster, usableBackends } from './cluster';
import { addressEnd, End, endOf, endsOf, guessOf, nodeOf, podEnd } from './ends';
import type { Frontend } from './frontends';
import { redirectedTo } from './local-redirects';
import { Client, untranslated } from './translation';

/** The destination of a connection. */
export interface Destination {
  readonly end: End;
  readonly port: number;
  /** For a Service: the backend, as an address or a pod. */
  readonly backend?: string;
  /** Where the destination is not the last one: what decides about the policy of the last. */
  readonly hidden?: string;
  /** Whether a node that receives the packet from outside may put its own address in the place of the source. */
  readonly hidesSource?: true;
}

/** What a flow may lead to, and what is missing to decide between several. */
export interface Destinations {
  readonly all: readonly Destination[];
  readonly missing: string;
}

/** The destinations of a flow: one for each backend of a Service. */
export function destinationsOf(flow: Flow, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const { to, protocol, port } = flow;
  const redirected = agent.hasLocalRedirects ? redirectedFlow(flow, cluster) : [];
  if (redirected.length > 0) {
    return accepted({ all: redirected, missing: 'the pod that is chosen' });
  }
  if (to.is === 'service') {
    return ofService(to.name, flow, cluster, agent);
  }
  const address = addressOf(to, cluster);
  const frontend = address && cluster.frontends.at(address, port, protocol);
  if (frontend !== undefined) {
    return ofFrontend(frontend, flow, cluster, agent);
  }
  const hosted = address === undefined ? [] : ofHostPort(address, flow, cluster, agent);
  if (hosted.length > 0) {
    return accepted({ all: hosted, missing: 'where the `hostPort` leads to' });
  }
  const service = serviceNameOf(to, cluster);
  if (service !== undefined) {
    return refused(`service \`${service}\` has no port ${port}/${protocol}`, portsOf(cluster.inventory.services.get(service)!));
  }
  const ends = endsOf(to, cluster, agent, false);
  return ends.ok ? accepted({ all: ends.value.ends.map((end) => ({ end, port })), missing: ends.value.missing }) : ends;
}

/** Pods on the node of the client come first, for pods and nodes only. */
function redirectedFlow({ from, to, protocol, port }: Flow, cluster: Cluster): readonly Destination[] {
  if (cluster.inventory.redirects.length === 0) {
    return [];
  }
  const source = endOf(from, cluster);
  const isOutside = source.ok && source.value.is === 'address';
  const asked = {
    ...{ from: source.ok ? source.value : undefined, address: addressOf(to, cluster), service: serviceNameOf(to, cluster) },
    ...{ protocol, port },
  };
  const found = isOutside ? [] : redirectedTo(asked, cluster);
  return found.map(({ name, pod, port: number }) => ({ end: podEnd(pod, cluster), port: number, backend: name }));
}

function ofService(name: string, flow: Flow, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const { inventory, frontends } = cluster;
  const { protocol, port } = flow;
  const service = inventory.services.get(name);
  if (service?.exists !== true) {
    return refused(`no service \`${name}\``, guessOf(name, inventory.services.keys()) ?? 'give an inventory with it');
  }
  if (service.isHeadless) {
    return orRefused(headlessBackends(service, port, cluster, agent), service, flow);
  }
  const at = service.ports.find((one) => one.number === port && one.protocol === protocol);
  if (at === undefined) {
    return refused(`service \`${name}\` has no port ${port}/${protocol}`, portsOf(service));
  }
  return ofFrontend({ service, port: at, type: 'ClusterIP', isTranslated: frontends.isOwn(service) }, flow, cluster, agent);
}

function ofFrontend(frontend: Frontend, flow: Flow, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const { service } = frontend;
  const [written, client] = [addressOf(flow.to, cluster), clientOf(flow, cluster)];
  // A Service that is asked for by its name is one that the client reaches, whatever the address.
  const asked: Client = flow.to.is === 'service' && client.is === 'outside' ? { is: 'pod', isAtHome: true } : client;
  const hidden = untranslated(frontend, asked, cluster.frontends.isOwn(service), agent);
  if (hidden === undefined) {
    return backendsOf(frontend, flow, cluster, agent);
  }
  const address = written ?? service.addresses.at(0);
  if (address === undefined) {
    return refused(`service \`${nameOf(service)}\` has no address`, 'another proxy translates it: ask about a pod behind it');
  }
  // The policy of the source sees the address itself. What translates it comes afterwards.
  const beyond: Destination = { end: addressEnd(address, cluster), port: flow.port, hidden };
  const isHomeUnknown = !client.isAtHome && client.node === '' && cluster.nodeWith(address) !== undefined;
  const atHome = isHomeUnknown && untranslated(frontend, { ...client, isAtHome: true }, true, agent) === undefined;
  const backends = atHome ? backendsOf(frontend, flow, cluster, agent) : undefined;
  return backends?.ok === true
    ? accepted({ all: [...backends.value.all, beyond], missing: 'the node of the client' })
    : accepted({ all: [beyond], missing: '' });
}

/** A port of a node that leads to a pod. With kube-proxy, something else translates it afterwards. */
function ofHostPort(address: Address, flow: Flow, cluster: Cluster, agent: Agent): readonly Destination[] {
  const node = cluster.nodeWith(address);
  const pods = node === undefined ? [] : cluster.hostPorts.at(node, address, flow.port, flow.protocol);
  const certain = pods.filter(({ isCertain }) => isCertain);
  const client = clientOf(flow, cluster);
  const isNear = client.is === 'outside' || client.isAtHome;
  const isTranslated = agent.replacesKubeProxy && (isNear || client.node === '');
  const all = (certain.length > 0 ? certain : pods).flatMap(({ name, pod, target }): readonly Destination[] => {
    const beyond = { end: addressEnd(address, cluster), port: flow.port, hidden: `what the \`hostPort\` of pod ${name} makes of it` };
    const hosted = { end: podEnd(pod, cluster), port: target, backend: name };
    return !isTranslated ? [beyond] : isNear && certain.length > 0 ? [hosted] : [hosted, beyond];
  });
  return all;
}

/** Who opens the connection; `node` is empty if it is not known. */
function clientOf({ from, to }: Flow, cluster: Cluster): Client & { readonly node: string } {
  const [source, address] = [endOf(from, cluster), addressOf(to, cluster)];
  const isOutside = source.ok && (source.value.is === 'address' || (source.value.is === 'entity' && source.value.name === 'world'));
  const node = source.ok ? (nodeOf(source.value) ?? '') : '';
  const isNode = source.ok && (source.value.is === 'node' || (source.value.is === 'entity' && source.value.name === 'host'));
  const isAtHome = node !== '' && address !== undefined && cluster.nodeWith(address) === node;
  return { is: isOutside ? 'outside' : isNode ? 'node' : 'pod', isAtHome, node };
}

/** The backends that a client may reach. */
function backendsOf({ service, port, type }: Frontend, flow: Flow, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const written = addressOf(flow.to, cluster);
  const listed = service.isListed ? listedBackends(service, port, cluster, agent) : selectedBackends(service, port, cluster);
  const found = listed.filter(({ address }) => written === undefined || address === undefined || address.version === written.version);
  const client = clientOf(flow, cluster);
  const isOutside = client.is === 'outside';
  const isLocal = isOutside ? service.isLocalOutside && type !== 'ClusterIP' : service.isLocalInside;
  const node = isOutside ? nodeAsked(flow, cluster) : client.node;
  const near = isLocal && node !== undefined && node !== '' ? found.filter(({ end, at }) => [nodeOf(end), at].includes(node)) : found;
  if (found.length > 0 && near.length === 0) {
    const policy = isOutside ? 'externalTrafficPolicy' : 'internalTrafficPolicy';
    return refused(`service \`${nameOf(service)}\` has no backend on node \`${node}\``, `its \`${policy}\` is \`Local\``);
  }
  const hidesSource = isOutside && type !== 'ClusterIP' && !service.isLocalOutside;
  const hidden =
    isOutside && type === 'LoadBalancer' && service.hasSourceRanges
      ? `the \`loadBalancerSourceRanges\` of service ${nameOf(service)}`
      : undefined;
  const all = near.map(({ end, port: number, backend }): Destination => ({
    ...{ end, port: number, backend },
    ...(hidesSource ? { hidesSource } : {}),
    ...(hidden === undefined ? {} : { hidden }),
  }));
  const others = service.isGlobal && agent.isInMesh ? [{ end: UNKNOWN, port: port.number, hidden: MESH }] : [];
  return orRefused([...all, ...others], service, flow);
}

/** A backend of another cluster, of which nothing is known. */
const UNKNOWN: End = { is: 'entity', name: 'unmanaged' };
const MESH = 'the backends in other clusters, which are not listed';

/** The node that a packet from outside is sent to. */
function nodeAsked({ to }: Flow, cluster: Cluster): string | undefined {
  const address = addressOf(to, cluster);
  return address && cluster.nodeWith(address);
}

function orRefused(all: readonly Destination[], service: Service, { port, protocol }: Flow): Parsed<Destinations> {
  return all.length === 0
    ? refused(
        `service \`${nameOf(service)}\` has no backend at port ${port}/${protocol}`,
        'give its pods or its EndpointSlices with the inventory, or ask about a pod behind it',
      )
    : accepted({ all, missing: 'the backend that is chosen' });
}

function nameOf({ namespace, name }: Service): string {
  return `${namespace}/${name}`;
}

/** The address that an end is written as, or that its name stands for; `undefined` if it is none. */
export function addressOf(written: WrittenEnd, cluster: Cluster): Address | undefined {
  switch (written.is) {
    case 'ip':
      return written.address;
    case 'fqdn':
      return cluster.inventory.names.get(plainName(written.name))?.[0];
    case 'node':
      return cluster.addressOfNode(written.name);
    case 'pod':
    case 'service':
    case 'entity':
    case 'labels':
      return undefined;
  }
}

/** The addresses that an end has or is written as. */
export function addressesOfEnd(written: WrittenEnd, cluster: Cluster): readonly Address[] {
  const { services, pods, nodes } = cluster.inventory;
  switch (written.is) {
    case 'ip':
    case 'fqdn':
      return [addressOf(written, cluster)].filter((one) => one !== undefined);
    case 'service':
      return services.get(written.name)?.addresses ?? [];
    case 'pod':
      return pods.get(written.name)?.addresses ?? [];
    case 'node':
      return nodes.get(written.name)?.addresses ?? [];
    case 'entity':
    case 'labels':
      return [];
  }
}

/** The Service that a flow is meant for: by its name, or by a ClusterIP, which is translated before policy applies. */
export function serviceNameOf(to: WrittenEnd, cluster: Cluster): string | undefined {
  if (to.is === 'service') {
    return to.name;
  }
  const address = to.is === 'ip' || to.is === 'fqdn' ? addressOf(to, cluster) : undefined;
  const service = address && cluster.frontends.serviceWith(address);
  const isClusterIp = service?.addresses.some((one) => one.type === 'ClusterIP' && one.value === address!.value);
  return service !== undefined && isClusterIp === true ? nameOf(service) : undefined;
}

function portsOf({ ports }: Service): string {
  return ports.length === 0 ? 'it has no ports' : `it has ${ports.map(({ number, protocol }) => `${number}/${protocol}`).join(', ')}`;
}

/** A backend before the traffic policy: with the node that its slice names. */
type Candidate = Destination & { readonly at?: string; readonly address?: Address };

/**
 * The backends that are ready; if there are none, those that are terminating and still serving.
 *
 * Source: cilium `pkg/loadbalancer/writer/writer.go`.
 */
function listedBackends(service: Service, { name, protocol }: ServicePort, cluster: Cluster, agent: Agent): readonly Candidate[] {
  const usable = usableBackends(service, agent).filter(
    (backend) => (name === '' || backend.portName === '' || backend.portName === name) && backend.protocol === protocol,
  );
  return chosenOf(usable).map(({ address, port, node }) => ({ ...backendAt(address, port, cluster), at: node, address }));
}

function chosenOf(backends: readonly Backend[]): readonly Backend[] {
  const ready = backends.filter(({ isReady }) => isReady);
  return ready.length > 0 ? ready : backends.filter(({ isServing }) => isServing);
}

function backendAt(address: Address, port: number, cluster: Cluster): Destination {
  return { end: addressEnd(address, cluster), port, backend: addressText(address) };
}

/** Without an EndpointSlice, as in a folder of manifests: the pods that Kubernetes would list in one. */
function selectedBackends(service: Service, { target, protocol }: ServicePort, cluster: Cluster): readonly Candidate[] {
  return selectedPods(service, cluster).flatMap(([backend, pod]) => {
    const port = typeof target === 'number' ? target : pod.ports.find((one) => one.name === target && one.protocol === protocol)?.number;
    return port === undefined ? [] : [{ end: podEnd(pod, cluster), port, backend }];
  });
}

function selectedPods({ namespace, selector }: Service, { inventory }: Cluster): readonly (readonly [string, Pod])[] {
  const wanted = Object.entries(selector);
  return [...inventory.pods].filter(
    ([, pod]) =>
      pod.isAbsent !== true &&
      wanted.length > 0 &&
      pod.namespace === namespace &&
      wanted.every(([key, value]) => pod.labels[key] === value),
  );
}

/** DNS answers the name of a headless Service with the addresses of its pods, and nothing translates the port. */
function headlessBackends(service: Service, port: number, cluster: Cluster, agent: Agent): readonly Destination[] {
  if (!service.isListed) {
    return selectedPods(service, cluster).map(([backend, pod]) => ({ end: podEnd(pod, cluster), port, backend }));
  }
  const usable = usableBackends(service, agent);
  const listed = usable.length > 0 ? chosenOf(usable).map(({ address }) => address) : service.listed;
  const distinct = new Map(listed.map((address) => [addressText(address), address]));
  return [...distinct.values()].map((address) => backendAt(address, port, cluster));
}
