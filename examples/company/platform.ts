import { Construct } from 'constructs';
import { ClusterBaseline, ControlPlane, Peer } from 'cdk8s-cilium';

export interface PlatformProps {
  /** Whether the baseline is only watched: nothing is closed yet. */
  readonly observe: boolean;
}

/** The platform team's chart: egress is closed but for DNS, infrastructure and nodes have their own rules. */
export class Platform extends ClusterBaseline {
  public constructor(scope: Construct, id: string, { observe }: PlatformProps) {
    super(scope, id, {
      labels: { owner: 'platform' },
      defaultDenyEgress: {
        metadata: { name: 'default-deny' },
        description: 'Egress is closed, except for DNS',
        exceptReserved: true,
        observe,
      },
      infrastructure: {
        metadata: { name: 'default-infrastructure' },
        description: 'What operators and agents of the platform may reach',
        namespaceLabels: { role: 'infrastructure' },
        observe,
      },
      hostFirewall: {
        metadata: { name: 'default-host-firewall' },
        description: 'Who may connect to nodes',
        ssh: observe,
        controlPlane: ControlPlane.server(Peer.cidrs('203.0.113.0/24')),
        observe,
      },
    });
  }
}
