/** The ends of a flow: who they are, whatever they are written as. */
import type { Flow, Place, PlaceEntity } from '../model/flow';
import type { Backend, Pod, Service } from '../model/inventory';
import type { Protocol } from '../model/policy';
import type { Address } from '../net/address';
import { nearest } from '../net/nearest';
import { accepted, Parsed, refused } from '../net/parsed';
import { plainName } from '../read/inventory';
import type { Agent } from './agent';
import { Cluster, usableBackends } from './cluster';

export type End =
  | { readonly is: 'pod'; readonly pod: Pod }
  /** Empty for a node that is not told. */
  | { readonly is: 'node'; readonly name: string }
  | { readonly is: 'address'; readonly address: Address }
  | { readonly is: 'entity'; readonly name: PlaceEntity };

/** Where a connection arrives. */
export interface Destination {
  readonly end: End;
  readonly port: number;
}

/** Who a place is. */
export function endOf(place: Place, cluster: Cluster): Parsed<End> {
  const { inventory } = cluster;
  switch (place.is) {
    case 'pod': {
      const pod = inventory.pods.get(place.name);
      return pod === undefined
        ? refused(`no pod or workload \`${place.name}\``, helpForPod(place.name, inventory.pods))
        : accepted(podEnd(pod));
    }
    case 'node':
      return inventory.nodes.has(place.name)
        ? accepted({ is: 'node', name: place.name })
        : refused(`no node \`${place.name}\``, guessOf(place.name, inventory.nodes) ?? 'give an inventory with it');
    case 'ip':
      return accepted(addressEnd(place.address, cluster));
    case 'fqdn': {
      const [address] = inventory.names.get(plainName(place.name)) ?? [];
      return address === undefined
        ? refused(`no address for \`${place.name}\``, 'tell what DNS answers, as in `--name api.example.com=192.0.2.1`')
        : accepted(addressEnd(address, cluster));
    }
    case 'entity':
      return accepted({ is: 'entity', name: place.name });
    case 'labels':
      return accepted({ is: 'pod', pod: { ...place, node: '', hostNetwork: false, addresses: [] } });
    case 'service':
      return refused('a service is no source', 'name the pod that connects');
  }
}

function helpForPod(name: string, pods: ReadonlyMap<string, unknown>): string {
  const [namespace] = name.split('/');
  return guessOf(name, pods) ?? `write the labels of a pod that could exist, such as \`labels:app=web@${namespace}\`, or give an inventory`;
}

function guessOf(name: string, known: ReadonlyMap<string, unknown>): string | undefined {
  const guess = nearest(name, [...known.keys()].slice(0, MOST_GUESSED));
  return guess === undefined ? undefined : `did you mean \`${guess}\`?`;
}

/** In a large cluster, guessing for each of many wrong flows would take too long. */
const MOST_GUESSED = 1_000;

/** A pod with the network of its node is that node to everybody. */
function podEnd(pod: Pod): End {
  return pod.hostNetwork ? { is: 'node', name: pod.node } : { is: 'pod', pod };
}

/** The address of a pod or node is that pod or node. */
function addressEnd(address: Address, cluster: Cluster): End {
  const pod = cluster.podWith(address);
  if (pod !== undefined) {
    return podEnd(pod);
  }
  const node = cluster.nodeWith(address);
  return node === undefined ? { is: 'address', address } : { is: 'node', name: node };
}

/** The node whose agent judges an end, if it has one of its own. */
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

/** Where a flow goes; to a service, each of its backends: policy judges behind the service, at the port of the backend. */
export function destinationsOf({ to, protocol, port }: Flow, cluster: Cluster, agent: Agent): Parsed<readonly Destination[]> {
  if (to.is !== 'service') {
    const end = endOf(to, cluster);
    return end.ok ? accepted([{ end: end.value, port }]) : end;
  }
  const service = cluster.inventory.services.get(to.name);
  if (service?.exists !== true) {
    return refused(`no service \`${to.name}\``, guessOf(to.name, cluster.inventory.services) ?? 'give an inventory with it');
  }
  const ports = service.ports.filter((one) => one.number === port && one.protocol === protocol);
  if (ports.length === 0) {
    return refused(`service \`${to.name}\` has no port ${port}/${protocol}`, portsOf(service));
  }
  const found = backendsOf(service, ports[0].name, protocol, agent);
  return found.length === 0
    ? refused(
        `service \`${to.name}\` has no backend at port ${port}/${protocol}`,
        'give its EndpointSlices with the inventory, or ask about a pod behind it',
      )
    : accepted(found.map(({ address, port: at }) => ({ end: addressEnd(address, cluster), port: at })));
}

function portsOf({ ports }: Service): string {
  return ports.length === 0 ? 'it has no ports' : `it has ${ports.map(({ number, protocol }) => `${number}/${protocol}`).join(', ')}`;
}

/** Those that are ready; if there are none, those that terminate and still serve. Source: cilium `pkg/loadbalancer/writer/writer.go`. */
function backendsOf(service: Service, portName: string, protocol: Protocol, agent: Agent): readonly Backend[] {
  const usable = usableBackends(service, agent).filter(
    (backend) => (portName === '' || backend.portName === '' || backend.portName === portName) && backend.protocol === protocol,
  );
  const ready = usable.filter(({ isReady }) => isReady);
  return ready.length > 0 ? ready : usable.filter(({ isServing }) => isServing);
}
