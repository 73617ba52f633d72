import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DomainAllowlist, EgressAllowlist, Exposure, HttpRule, Peer, Port, Selector, ServiceGuard } from 'cdk8s-cilium';

/** A team's chart: its shop is public, its API is not, and its payments go to one provider. Both sides of a connection must allow it. */
export class Shop extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });
    const web = Selector.labels({ app: 'web' });
    const api = Selector.labels({ app: 'api' });

    new ServiceGuard(this, 'Web', {
      metadata: { name: 'world-to-web' },
      endpointSelector: web,
      clients: [],
      ports: [Port.tcp(8443)],
      exposure: Exposure.LOAD_BALANCER,
    });
    new ServiceGuard(this, 'Api', {
      metadata: { name: 'web-to-api' },
      endpointSelector: api,
      clients: [Peer.endpoints(web)],
      ports: [Port.tcp(8080).http(HttpRule.get('/v1/.*'), HttpRule.post('/v1/orders'))],
    });
    new EgressAllowlist(this, 'WebToApi', {
      metadata: { name: 'web-to-api-egress' },
      endpointSelector: web,
      peers: [Peer.endpoints(api)],
      ports: [Port.tcp(8080)],
    });
    const provider = new DomainAllowlist(this, 'Provider', {
      metadata: { name: 'api-to-provider' },
      endpointSelector: api,
      domains: ['api.payments.example'],
      ports: [Port.tcp(443)],
    });
    provider.allowTo(Peer.endpoints(Selector.labels({ app: 'ledger' }).inNamespace('payments')), Port.tcp(5432));
  }
}
