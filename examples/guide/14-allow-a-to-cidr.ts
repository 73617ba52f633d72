import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Port, Selector } from 'cdk8s-cilium';

/** A can connect only to 192.0.2.0/24, on port 80. */
export class AllowAToCidr extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new CiliumNetworkPolicy(this, 'AllowAToCidr', {
      metadata: { name: 'allow-a-to-cidr' },
      endpointSelector: Selector.labels({ role: 'a' }),
    });
    policy.allowTo(Peer.cidrs('192.0.2.0/24'), Port.tcp(80));
  }
}
