import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Selector } from 'cdk8s-cilium';

/** A is public: a load balancer sends directly to its pods. */
export class FromOutsideToADirect extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new CiliumNetworkPolicy(this, 'FromOutsideToA', {
      metadata: { name: 'from-outside-to-a' },
      endpointSelector: Selector.labels({ app: 'a' }),
    });
    policy.allowFrom(Peer.world());
  }
}
