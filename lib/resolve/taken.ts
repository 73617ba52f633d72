/** What an end of a flow was taken for: the steps of an explanation before any policy. */
import type { WrittenEnd } from '../model/flow';
import { Address, addressText } from '../net/address';
import { plainName } from '../net/dns-pattern';
import type { Cluster } from './cluster';
import type { Destination } from './destinations';
import { endOf } from './ends';
import { serviceNameOf } from './written-addresses';

export type Taken =
  /** The address of a DNS name, the first of `count`. */
  | { readonly is: 'address'; readonly address: string; readonly count: number }
  /** What has the address. */
  | { readonly is: 'pod' | 'node' | 'service'; readonly name: string }
  /** The backends of a Service, each with its port. */
  | { readonly is: 'backends'; readonly names: readonly string[] }
  /** The pods that an object owns. The steps are those of the first. */
  | { readonly is: 'pods'; readonly names: readonly string[] }
  /** Labels that are not part of the identity. */
  | { readonly is: 'dropped'; readonly labels: readonly string[] };

/** What the source was taken for. */
export function takenFor(written: WrittenEnd, cluster: Cluster): readonly Taken[] {
  switch (written.is) {
    case 'ip':
      return takenForAddress(written.address, cluster);
    case 'fqdn': {
      const addresses = cluster.inventory.names.get(plainName(written.name)) ?? [];
      return addresses.length === 0
        ? []
        : [{ is: 'address', address: addressText(addresses[0]), count: addresses.length }, ...takenForAddress(addresses[0], cluster)];
    }
    case 'labels':
      return droppedLabels(written, cluster);
    case 'pod':
    case 'node':
    case 'service':
    case 'entity':
      return [];
  }
}

/** What the destination was taken for. */
export function takenForDestination(written: WrittenEnd, destinations: readonly Destination[], cluster: Cluster): readonly Taken[] {
  const names = destinations.flatMap(({ backend, port }) => (backend === undefined ? [] : [`${backend} port ${port}`]));
  const own = takenFor(written, cluster);
  return names.length === 0 ? own : [...own, { is: 'backends', names }];
}

/** A ClusterIP is translated first; then pods come before nodes. */
function takenForAddress(address: Address, cluster: Cluster): readonly Taken[] {
  const name = serviceNameOf({ is: 'ip', address }, cluster);
  if (name !== undefined) {
    return [{ is: 'service', name }];
  }
  const pod = cluster.podWith(address);
  const podName = pod && [...cluster.inventory.pods].find(([, one]) => one === pod)?.[0];
  if (podName !== undefined) {
    return [{ is: 'pod', name: podName }];
  }
  const node = cluster.nodeWith(address);
  return node === undefined ? [] : [{ is: 'node', name: node }];
}

function droppedLabels(written: Extract<WrittenEnd, { is: 'labels' }>, cluster: Cluster): readonly Taken[] {
  const end = endOf(written, cluster);
  const kept = end.ok && end.value.is === 'pod' ? cluster.podLabels(end.value.pod) : undefined;
  const labels = Object.keys(written.labels).filter((key) => kept?.has(key) === false);
  return labels.length === 0 ? [] : [{ is: 'dropped', labels }];
}
