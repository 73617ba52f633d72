/** Whom pods ask for names: what the inventory has of the cluster's DNS, otherwise a pod as every distribution labels it. */
import type { Pod } from '../model/inventory';
import type { Agent } from './agent';
import type { Cluster } from './cluster';
import { Destination, destinationsOf } from './destinations';
import type { End } from './ends';

export interface DnsServers {
  readonly all: readonly Destination[];
  /** Whether the inventory has them. */
  readonly areListed: boolean;
}

/** Whom an end asks. */
export function dnsServersOf(from: End, cluster: Cluster, agent: Agent): DnsServers {
  for (const name of SERVICES.filter((one) => cluster.inventory.services.get(one)?.exists)) {
    const found = destinationsOf({ from: NOBODY, to: { is: 'service', name }, protocol: 'UDP', port: DNS }, from, cluster, agent);
    if (found.ok) {
      return { all: found.value.all, areListed: true };
    }
  }
  const pods = [...cluster.inventory.pods.values()].filter(
    ({ labels, isAbsent }) => isAbsent !== true && LABELS.some(([key, value]) => labels[key] === value),
  );
  return pods.length > 0
    ? { all: pods.map((pod) => ({ end: { is: 'pod', pod }, port: portOf(pod) })), areListed: true }
    : { all: [{ end: { is: 'pod', pod: KUBE_DNS }, port: DNS }], areListed: false };
}

/** The end is given, not written. */
const NOBODY = { is: 'entity', name: 'unmanaged' } as const;
const DNS = 53;
const SERVICES = ['kube-system/kube-dns', 'kube-system/coredns', 'openshift-dns/dns-default'];
const LABELS = [
  ['k8s-app', 'kube-dns'],
  ['k8s-app', 'coredns'],
  ['dns.operator.openshift.io/daemonset-dns', 'default'],
];

/** The port of the container, which on OpenShift is not 53. */
function portOf({ ports }: Pod): number {
  return ports.find(({ name, protocol }) => name === 'dns' && protocol === 'UDP')?.number ?? DNS;
}

const KUBE_DNS: Pod = {
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
  serviceAccount: 'coredns',
  node: '',
  hostNetwork: false,
  ports: [
    { name: 'dns', number: DNS, protocol: 'UDP' },
    { name: 'dns-tcp', number: DNS, protocol: 'TCP' },
  ],
  addresses: [],
};
