import { Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { External, Port, Workload } from 'cdk8s-cilium';

/** The payments team: one service that talks to one provider. */
export class Payments extends Chart {
  public readonly charge: Workload;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'payments', labels: { owner: 'payments' } });
    const deployment = new Deployment(this, 'Charge', {
      metadata: { name: 'charge' },
      podMetadata: { labels: { app: 'charge', scrape: 'true' } },
      containers: [
        {
          image: 'example/charge',
          ports: [
            { number: 8443, name: 'https' },
            { number: 9090, name: 'metrics' },
          ],
        },
      ],
    });
    this.charge = Workload.of(deployment);
    const provider = Port.tcp(443).serverNames('api.payments.example');
    this.charge.connections.allowTo(External.domains('api.payments.example'), provider, { because: 'cards are charged' });
  }
}
