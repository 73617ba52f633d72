import { Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { Gateway, HttpRule, Port, Workload } from 'cdk8s-cilium';

export interface ShopProps {
  readonly db: Workload;
  readonly cache: Workload;
  readonly charge: Workload;
}

/** The shop team: a web tier behind the gateway, and an API that uses what other teams run. */
export class Shop extends Chart {
  public readonly web: Workload;
  public readonly api: Workload;

  public constructor(scope: Construct, id: string, { db, cache, charge }: ShopProps) {
    super(scope, id, { namespace: 'shop', labels: { owner: 'shop' } });
    this.web = this.service('web');
    this.api = this.service('api');

    this.web.connections.allowFrom(Gateway.ciliumIngress(), this.web.port('http'), { because: 'customers' });
    this.web.connections.allowTo(this.api, Port.tcp(8080).http(HttpRule.get('/v1/.*'), HttpRule.post('/v1/orders')), {
      because: 'the shop window',
    });
    this.api.connections.allowTo(db, db.port('sql'), { because: 'orders' });
    this.api.connections.allowTo(cache, cache.port('redis'), { because: 'sessions' });
    this.api.connections.allowTo(charge, charge.port('https'), { because: 'orders are paid' });
    // The ERP's own team writes its side.
    this.api.connections.allowTo(Workload.imported('erp', { app: 'erp' }), Port.tcp(9000), { because: 'stock' });
  }

  private service(name: string): Workload {
    const ports = [
      { number: 8080, name: 'http' },
      { number: 9090, name: 'metrics' },
    ];
    const podMetadata = { labels: { app: name, scrape: 'true' } };
    const deployment = new Deployment(this, name, { metadata: { name }, podMetadata, containers: [{ image: `example/${name}`, ports }] });
    return Workload.of(deployment, { resolvesNames: true });
  }
}
