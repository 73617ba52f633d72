import { Construct } from 'constructs';
import { CloudProfile, ClusterBaseline, Peer, Port } from 'cdk8s-cilium';

/** The platform team's chart: everything is closed, except for what every team needs. */
export class Baseline extends ClusterBaseline {
  public constructor(scope: Construct, id: string) {
    super(scope, id, {
      defaultDenyEgress: { metadata: { name: 'default-deny' }, exceptReserved: true },
      infrastructure: {
        metadata: { name: 'default-infrastructure' },
        namespaceLabels: { role: 'infrastructure' },
        cloud: CloudProfile.of({ fqdns: ['**.cloud.example'], cidrs: ['198.51.100.0/24'] }),
      },
      hostFirewall: { metadata: { name: 'default-host-firewall' }, ssh: true },
      tenants: [{ metadata: { name: 'tenant-001' }, namespaceLabels: { 'tenant-id': '001' } }],
    });
    this.hostFirewall?.allowFrom(Peer.world(), Port.tcp(443));
  }
}
