import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Entity, Peer, Selector } from 'cdk8s-cilium';

/** A is public through a port of the nodes: connections that another node forwards arrive as `remote-node`. An alternative to 10. */
export class FromOutsideToANodePort extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new CiliumNetworkPolicy(this, 'FromOutsideToA', {
      metadata: { name: 'from-outside-to-a' },
      endpointSelector: Selector.labels({ app: 'a' }),
    });
    policy.allowFrom(Peer.entities(Entity.WORLD, Entity.REMOTE_NODE));
  }
}
