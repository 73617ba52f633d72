import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Port, Selector, TenantIsolation } from 'cdk8s-cilium';

/** The chart of another team: its namespace is closed, except for connections from the shop to the ledger. */
export class Payments extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'payments' });

    new TenantIsolation(this, 'Closed', { metadata: { name: 'same-namespace-only' } });

    const ledger = new CiliumNetworkPolicy(this, 'Ledger', {
      metadata: { name: 'shop-to-ledger' },
      endpointSelector: Selector.labels({ app: 'ledger' }),
      description: 'Orders of the shop are booked by its API',
    });
    ledger.allowFrom(Peer.endpoints(Selector.labels({ app: 'api' }).inNamespace('shop')), Port.tcp(5432));
  }
}
