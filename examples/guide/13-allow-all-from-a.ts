import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Selector } from 'cdk8s-cilium';

/** A can connect only to its own namespace. */
export class AllowAllFromA extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new CiliumNetworkPolicy(this, 'AllowAllFromA', {
      metadata: { name: 'allow-all-from-a' },
      endpointSelector: Selector.labels({ app: 'a' }),
    });
    policy.allowTo(Peer.sameNamespace());
  }
}
