/** Whom the pods of the inventory ask for names. */
import type { Inventory, Pod } from '../../model/inventory';
import type { Agent } from '../../resolve/agent';
import { Cluster } from '../../resolve/cluster';
import { DnsServers, dnsServersOf } from '../../resolve/dns-servers';

/** Whom any pod asks, of which nothing is known. */
export function resolversOf(inventory: Inventory, agent: Agent): DnsServers {
  return dnsServersOf({ is: 'pod', pod: CLIENT }, new Cluster(inventory, agent), agent);
}

const CLIENT: Pod = { namespace: 'default', labels: {}, serviceAccount: '', node: '', hostNetwork: false, ports: [], addresses: [] };
