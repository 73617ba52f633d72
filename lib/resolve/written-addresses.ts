/** The addresses and the Service that an end of a flow is written as. */
import type { WrittenEnd } from '../model/flow';
import type { Address } from '../net/address';
import { plainName } from '../net/dns-pattern';
import type { Cluster } from './cluster';
import { serviceName } from './frontends';

/** The address that an end is written as, or that its name stands for; `undefined` if it is none, or a pod with an address of its own. */
export function addressOf(written: WrittenEnd, cluster: Cluster): Address | undefined {
  switch (written.is) {
    case 'ip':
      return written.address;
    case 'fqdn':
      return cluster.inventory.names.get(plainName(written.name))?.[0];
    case 'node':
      return cluster.addressOfNode(written.name);
    case 'pod': {
      const pod = cluster.inventory.pods.get(written.name);
      return pod?.hostNetwork === true ? (pod.addresses.at(0) ?? cluster.addressOfNode(pod.node)) : undefined;
    }
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
  return service !== undefined && isClusterIp === true ? serviceName(service) : undefined;
}
