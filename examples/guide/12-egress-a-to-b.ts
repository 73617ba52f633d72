import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Selector } from 'cdk8s-cilium';

/** A can connect only to B. */
export class EgressAToB extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new CiliumNetworkPolicy(this, 'EgressAToB', {
      metadata: { name: 'egress-a-to-b' },
      endpointSelector: Selector.labels({ app: 'a' }),
    });
    policy.allowTo(Peer.labels({ app: 'b' }));
  }
}
