import { CloudProfile, ClusterProps, DnsResolver } from 'cdk8s-cilium';

/** The clusters of the company, and what their policies have in common. */
export const CLUSTERS = {
  dev: {
    cilium: '1.20',
    dns: DnsResolver.nodeLocalDns(),
    apiserverPorts: [6443],
    podCidrs: ['10.0.0.0/14'],
    nodeCidrs: ['172.16.0.0/16'],
  },
  stage: {
    cilium: '1.19',
    apiserverPorts: [6443],
    podCidrs: ['10.4.0.0/14'],
    nodeCidrs: ['172.17.0.0/16'],
  },
  prod: {
    cilium: '1.19',
    config: { 'enable-host-firewall': 'true' },
    dns: DnsResolver.openshift(),
    apiserverPorts: [6443],
    cloud: CloudProfile.of({ fqdns: ['**.cloud.example'], cidrs: ['198.51.100.0/24'] }),
    podCidrs: ['10.8.0.0/14'],
    nodeCidrs: ['172.18.0.0/16'],
  },
} satisfies Record<string, ClusterProps>;

export type ClusterName = keyof typeof CLUSTERS;
