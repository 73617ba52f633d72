import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Port, Selector } from 'cdk8s-cilium';

/** A accepts connections only from B, on port 80. */
export class FromBToA extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new CiliumNetworkPolicy(this, 'FromBToA', {
      metadata: { name: 'from-b-to-a' },
      endpointSelector: Selector.labels({ app: 'a' }),
    });
    policy.allowFrom(Peer.labels({ app: 'b' }), Port.tcp(80));
  }
}
