import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Port, Selector } from 'cdk8s-cilium';

/** A can connect to every peer, but only on TCP ports 80 to 444. */
export class AllowAPorts extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new CiliumNetworkPolicy(this, 'AllowAPorts', {
      metadata: { name: 'allow-a-ports' },
      endpointSelector: Selector.labels({ app: 'a' }),
    });
    policy.allowTo(Peer.any(), Port.tcpRange(80, 444));
  }
}
