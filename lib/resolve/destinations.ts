/** Where a flow leads to: policy applies after a Service is translated, on the ports of its backends. */
import type { Flow, WrittenEnd } from '../model/flow';
import type { Service } from '../model/inventory';
import { Address, isLoopback } from '../net/address';
import { accepted, Parsed, refused } from '../net/parsed';
import type { Agent } from './agent';
import { askedPort, askedService, refuseUnknownPort, refuseWithoutBackend } from './asked-service';
import { AskedNode, askedNode, Client, clientOf } from './client';
import type { Cluster } from './cluster';
import { addressEnd, API_SERVER, End, endsOf, podEnd } from './ends';
import { Frontend, serviceName } from './frontends';
import type { HostPortPod } from './host-ports';
import { RedirectedTo, redirectedTo } from './local-redirects';
import { backendsOf, headlessBackends } from './service-backends';
import { untranslated } from './translation';
import { addressOf, serviceNameOf } from './written-addresses';

/** The destination of a connection. */
export interface Destination {
  readonly end: End;
  readonly port: number;
  /** For a Service: the backend, as an address or a pod. */
  readonly backend?: string;
  /** Where the destination is not the last one: what decides about the policy of the last. */
  readonly hidden?: string;
  /** What a source outside may be to the destination instead, where the node that receives its packet puts its own address in the place of it. */
  readonly mayComeFrom?: readonly End[];
}

/** What a flow may lead to, and what is missing to decide between several. */
export interface Destinations {
  readonly all: readonly Destination[];
  readonly missing: string;
}

/** A connection that somebody opens. */
interface Asked {
  readonly flow: Flow;
  readonly from: End;
  readonly client: Client;
}

/** Where a flow from an end leads to: one destination for each backend of a Service. */
export function destinationsOf(flow: Flow, from: End, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const { to } = flow;
  const isListed = to.is === 'entity' && to.name === 'kube-apiserver' && cluster.apiServer.length > 0;
  const written = isListed ? cluster.apiServer.map((address): WrittenEnd => ({ is: 'ip', address })) : [to];
  const found = written.map((one) => ofEnd({ ...flow, to: one }, from, cluster, agent));
  const refusal = found.find((one) => !one.ok);
  if (refusal !== undefined || found.length === 1) {
    return refusal ?? found[0];
  }
  return accepted({ all: found.flatMap((one) => (one.ok ? one.value.all : [])), missing: API_SERVER });
}

function ofEnd(flow: Flow, from: End, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const address = addressOf(flow.to, cluster);
  const asked: Asked = { flow, from, client: clientOf(from, flow.to, address, cluster) };
  const redirected = redirectedFlow(asked, address, cluster, agent);
  const all = redirected.map(({ name, pod, port }): Destination => ({ end: podEnd(pod, cluster), port, backend: name }));
  if (redirected.some(({ isNear }) => isNear)) {
    return accepted({ all, missing: 'the pod that is chosen' });
  }
  const found = withoutRedirect(asked, address, cluster, agent);
  if (redirected.length === 0) {
    return found;
  }
  return accepted({ all: [...all, ...(found.ok ? found.value.all : [])], missing: 'the nodes of the client and of the redirect' });
}

function withoutRedirect(asked: Asked, address: Address | undefined, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const { to, protocol, port } = asked.flow;
  if (to.is === 'service') {
    return ofService(to.name, asked, cluster, agent);
  }
  const ends = endsOf(to, cluster, agent, false);
  if (!ends.ok) {
    return ends;
  }
  const plain: Destinations = { all: ends.value.ends.map((end) => ({ end, port })), missing: ends.value.missing };
  const frontend = address && cluster.frontends.at(address, port, protocol);
  if (frontend !== undefined) {
    return ofFrontend(frontend, plain.all, asked, cluster, agent);
  }
  const node = askedNode(asked.client, to, address, cluster);
  if (node !== undefined) {
    return ofNode(node, plain, asked, cluster, agent);
  }
  const service = serviceNameOf(to, cluster);
  return service === undefined ? accepted(plain) : refuseUnknownPort(cluster.inventory.services.get(service)!, port, protocol);
}

/** A port of a node may lead to a Service or to a pod. */
function ofNode(node: AskedNode, plain: Destinations, asked: Asked, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const { port, protocol } = asked.flow;
  const frontend = cluster.frontends.onNodes(port, protocol, node.address);
  const pods = frontend === undefined ? cluster.hostPorts.at(node.name, node.address, port, protocol) : [];
  if (frontend === undefined && pods.length === 0) {
    return accepted(plain);
  }
  const found =
    frontend === undefined ? ofHostPort(pods, plain.all, asked, cluster, agent) : ofFrontend(frontend, plain.all, asked, cluster, agent);
  const doubt = node.address && isLoopback(node.address) && !agent.replacesKubeProxy ? LOOPBACK : plain.missing;
  return doubt === '' || !found.ok ? found : accepted({ all: [...found.value.all, ...plain.all], missing: doubt });
}

const LOOPBACK = 'whether kube-proxy takes over ports of loopback addresses';

/**
 * Pods on the node of the client come first, for pods and nodes only; for nodes in sockets.
 *
 * Source: cilium `Documentation/network/kubernetes/local-redirect-policy.rst`.
 */
function redirectedFlow(asked: Asked, address: Address | undefined, cluster: Cluster, agent: Agent): readonly RedirectedTo[] {
  const { flow, from, client } = asked;
  const { redirects } = cluster.inventory;
  const isTaken = client.is === 'pod' || (client.is === 'node' && agent.translatesInSockets && flow.protocol !== 'SCTP');
  if (!agent.hasLocalRedirects || redirects.length === 0 || !isTaken) {
    return [];
  }
  const { to, protocol, port } = flow;
  return redirectedTo({ from, address, service: serviceNameOf(to, cluster), protocol, port }, cluster);
}

/** A Service that is asked for by its name is one that the client reaches, whatever the address. */
function ofService(name: string, asked: Asked, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const { flow, client } = asked;
  const { protocol, port } = flow;
  const found = askedService(name, cluster);
  if (!found.ok) {
    return found;
  }
  const service = found.value;
  if (service.isHeadless) {
    return orRefused(headlessBackends(service, port, cluster, agent), service, flow);
  }
  const at = askedPort(service, port, protocol);
  if (!at.ok) {
    return at;
  }
  const frontend = cluster.frontends.named(service, at.value, client.is === 'outside');
  const plain = service.addresses.slice(0, 1).map((address) => ({ end: addressEnd(address, cluster), port }));
  return client.is === 'outside' && frontend.by !== 'another proxy'
    ? behind(frontend, asked, cluster, agent)
    : ofFrontend(frontend, plain, asked, cluster, agent);
}

/** The backends of a Service or, where nobody in front of the policy of the source translates it, what was asked for. */
function ofFrontend(frontend: Frontend, plain: readonly Destination[], asked: Asked, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const { flow, client } = asked;
  const { service } = frontend;
  const annotated = service.isOnSomeNodes
    ? `whether the node knows service ${serviceName(service)}, which an annotation limits`
    : undefined;
  const hidden = untranslated(frontend, client, flow.protocol, agent) ?? annotated;
  if (hidden === undefined) {
    return behind(frontend, asked, cluster, agent);
  }
  if (plain.length === 0) {
    return refused(`service \`${serviceName(service)}\` has no address`, 'another proxy translates it: ask about a pod behind it');
  }
  // What translates it comes afterwards.
  const beyond = plain.map((one) => ({ ...one, hidden }));
  const isMaybe = untranslated(frontend, { ...client, isAtHome: client.isAtHome ?? true }, flow.protocol, agent) === undefined;
  const backends = isMaybe ? behind(frontend, asked, cluster, agent) : undefined;
  return backends?.ok === true
    ? accepted({ all: [...backends.value.all, ...beyond], missing: annotated ?? 'the node of the client' })
    : accepted({ all: beyond, missing: '' });
}

/** A port of a node that leads to pods. With kube-proxy, something else translates it afterwards. */
function ofHostPort(
  pods: readonly HostPortPod[],
  plain: readonly Destination[],
  { client }: Asked,
  cluster: Cluster,
  agent: Agent,
): Parsed<Destinations> {
  const certain = pods.filter(({ isCertain }) => isCertain);
  const isNear = client.is === 'outside' || client.isAtHome === true;
  const isTranslated = agent.replacesKubeProxy && (isNear || client.isAtHome === undefined);
  const all = (certain.length > 0 ? certain : pods).flatMap(({ name, pod, target }): readonly Destination[] => {
    const beyond = plain.map((one) => ({ ...one, hidden: `what the \`hostPort\` of pod ${name} makes of it` }));
    const hosted = { end: podEnd(pod, cluster), port: target, backend: name };
    return !isTranslated ? beyond : isNear && certain.length > 0 ? [hosted] : [hosted, ...beyond];
  });
  return accepted({ all, missing: 'where the `hostPort` leads to' });
}

/** The backends that a client may reach. */
function behind({ service, port, type }: Frontend, { flow, client }: Asked, cluster: Cluster, agent: Agent): Parsed<Destinations> {
  const written = addressOf(flow.to, cluster);
  const isOutside = client.is === 'outside';
  // An external IP has one scope only. Source: cilium `pkg/loadbalancer/writer/writer.go`, shouldUseLocalBackends.
  const isOfOutside = type === 'ExternalIP' || (isOutside && type !== 'ClusterIP');
  const isLocal = isOfOutside ? service.isLocalOutside : service.isLocalInside && !isOutside;
  // From outside, the node that the packet is sent to chooses.
  const node = isOutside ? written && cluster.nodeWith(written) : client.node;
  const found = backendsOf(service, port, cluster, agent).filter(
    ({ addresses }) => written === undefined || addresses.length === 0 || addresses.some(({ version }) => version === written.version),
  );
  // A backend of no known node is local everywhere. Source: cilium `pkg/loadbalancer/writer/writer.go`, DefaultSelectBackends.
  const near = isLocal && node ? found.filter((one) => [node, ''].includes(one.node)) : found;
  if (found.length > 0 && near.length === 0) {
    const policy = isOfOutside ? 'externalTrafficPolicy' : 'internalTrafficPolicy';
    return refused(`service \`${serviceName(service)}\` has no backend on node \`${node!}\``, `its \`${policy}\` is \`Local\``);
  }
  const isKept = type === 'ClusterIP' ? !agent.exposesClusterIPs : service.isLocalOutside;
  const mayComeFrom = isOutside && !isKept ? masks(agent) : undefined;
  const hasRanges = isOutside && type === 'LoadBalancer' && service.hasSourceRanges;
  const all = near.map(({ end, port: number, backend }): Destination => ({
    ...{ end, port: number, backend },
    ...(mayComeFrom && { mayComeFrom }),
    ...(hasRanges && { hidden: `the \`loadBalancerSourceRanges\` of service ${serviceName(service)}` }),
  }));
  const others = service.isGlobal && agent.isInMesh ? [{ end: UNKNOWN, port: port.number, hidden: MESH }] : [];
  return orRefused([...all, ...others], service, flow);
}

/**
 * What hides the source of a packet from outside: with a tunnel it is the world, of no known address.
 *
 * Source: cilium `bpf/lib/nodeport.h`, nodeport_svc_lb4 and tail_nodeport_nat_egress_ipv4.
 */
function masks({ replacesKubeProxy, hasTunnel }: Agent): readonly End[] {
  return replacesKubeProxy ? [hasTunnel ? WORLD : SOME_NODE] : [SOME_NODE, OWN_NODE];
}

const WORLD: End = { is: 'entity', name: 'world' };
const SOME_NODE: End = { is: 'node', name: '' };
const OWN_NODE: End = { is: 'entity', name: 'host' };

/** A backend of another cluster, of which nothing is known. */
const UNKNOWN: End = { is: 'entity', name: 'unmanaged' };
const MESH = 'the backends in other clusters, which are not listed';

function orRefused(all: readonly Destination[], service: Service, { port, protocol }: Flow): Parsed<Destinations> {
  return all.length === 0
    ? refuseWithoutBackend(service, { number: port, protocol })
    : accepted({ all, missing: 'the backend that is chosen' });
}
