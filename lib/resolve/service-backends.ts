/** What is behind a Service: the pods or addresses that a packet to it may go to. */
import type { Backend, Pod, Service, ServicePort } from '../model/inventory';
import { Address, addressText } from '../net/address';
import type { Agent } from './agent';
import { Cluster, usableBackends } from './cluster';
import { addressEnd, End, podEnd } from './ends';

export interface ServiceBackend {
  readonly end: End;
  readonly port: number;
  /** As an address or a pod. */
  readonly backend: string;
  /** Empty if they are not known. */
  readonly addresses: readonly Address[];
  /** The node of the backend, for traffic policies; empty if it is not known. */
  readonly node: string;
}

/** The backends of a port that Cilium may choose. */
export function backendsOf(service: Service, port: ServicePort, cluster: Cluster, agent: Agent): readonly ServiceBackend[] {
  return service.isListed ? listedBackends(service, port, cluster, agent) : selectedBackends(service, port, cluster);
}

/**
 * The backends that are ready; if there are none, those that are terminating and still serving.
 *
 * Source: cilium `pkg/loadbalancer/writer/writer.go`.
 */
function listedBackends(service: Service, { name, protocol }: ServicePort, cluster: Cluster, agent: Agent): readonly ServiceBackend[] {
  const usable = usableBackends(service, agent).filter(
    (backend) => (name === '' || backend.portName === '' || backend.portName === name) && backend.protocol === protocol,
  );
  return chosenOf(usable).map(({ address, port, node }) => backendAt(address, port, node, cluster));
}

function chosenOf(backends: readonly Backend[]): readonly Backend[] {
  const ready = backends.filter(({ isReady }) => isReady);
  return ready.length > 0 ? ready : backends.filter(({ isServing }) => isServing);
}

function backendAt(address: Address, port: number, node: string, cluster: Cluster): ServiceBackend {
  return { end: addressEnd(address, cluster), port, backend: addressText(address), addresses: [address], node };
}

function podBackend(backend: string, pod: Pod, port: number, cluster: Cluster): ServiceBackend {
  return { end: podEnd(pod, cluster), port, backend, addresses: pod.addresses, node: pod.node };
}

/** Without an EndpointSlice, as in a folder of manifests: the pods that Kubernetes would list in one. */
function selectedBackends(service: Service, { target, protocol }: ServicePort, cluster: Cluster): readonly ServiceBackend[] {
  return selectedPods(service, cluster).flatMap(([backend, pod]) => {
    const port = typeof target === 'number' ? target : pod.ports.find((one) => one.name === target && one.protocol === protocol)?.number;
    return port === undefined ? [] : [podBackend(backend, pod, port, cluster)];
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
export function headlessBackends(service: Service, port: number, cluster: Cluster, agent: Agent): readonly ServiceBackend[] {
  if (!service.isListed) {
    return selectedPods(service, cluster).map(([backend, pod]) => podBackend(backend, pod, port, cluster));
  }
  const usable = usableBackends(service, agent);
  const listed = usable.length > 0 ? chosenOf(usable).map(({ address }) => address) : service.listed;
  const distinct = new Map(listed.map((address) => [addressText(address), address]));
  return [...distinct.values()].map((address) => backendAt(address, port, '', cluster));
}
