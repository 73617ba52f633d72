import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, HttpRule, Peer, Port, Selector } from 'cdk8s-cilium';

/** A accepts two kinds of HTTP requests from B, one of them with a header. */
export class FromBToAApi extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id);
    const policy = new CiliumNetworkPolicy(this, 'FromBToAApi', {
      metadata: { name: 'from-b-to-a-api' },
      description: 'Allow HTTP API from a to b',
      endpointSelector: Selector.labels({ role: 'a' }),
    });
    policy.allowFrom(
      Peer.labels({ role: 'b' }),
      Port.tcp(80).http(HttpRule.get('/public'), HttpRule.put('/avatar$', { headers: ['X-My-Header: true'] })),
    );
  }
}
