import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Selector } from 'cdk8s-cilium';

/** A can connect to everything except B. */
export class DenyAToB extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new CiliumNetworkPolicy(this, 'DenyAToB', {
      metadata: { name: 'deny-a-to-b' },
      endpointSelector: Selector.labels({ app: 'a' }),
    });
    policy.denyTo(Peer.labels({ app: 'b' }));
    policy.allowTo(Peer.any());
  }
}
