import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import * as imported from '../imports/cilium.io';
import { CiliumNetworkPolicy, CiliumPolicyChecks, HttpRule, Peer, Port, Selector } from 'cdk8s-cilium';

/**
 * A chart that was written with the classes of `cdk8s import`, and moves to typed policies bit by bit.
 *
 * The old classes stay where they are. Checks, the plugin and verdicts cover both, because they look at the manifests.
 */
export class ImportedClasses extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });

    // From before. The class accepts any string as a port or a key.
    new imported.CiliumNetworkPolicy(this, 'Api', {
      metadata: { name: 'api' },
      spec: {
        endpointSelector: { matchLabels: { app: 'api' } },
        ingress: [
          {
            fromEndpoints: [{ matchLabels: { app: 'web' } }],
            toPorts: [{ ports: [{ port: '8080', protocol: imported.CiliumNetworkPolicySpecIngressToPortsPortsProtocol.TCP }] }],
          },
        ],
      },
    });

    // New rules for the same pods are typed. The rules of all policies for a pod add up.
    const api = new CiliumNetworkPolicy(this, 'ApiMonitoring', {
      metadata: { name: 'api-monitoring' },
      endpointSelector: Selector.labels({ app: 'api' }),
    });
    api.allowFrom(
      Peer.endpoints(Selector.labels({ app: 'prometheus' }).inNamespace('monitoring')),
      Port.tcp(9090).http(HttpRule.get('/metrics')),
    );

    // Synthesis fails if a cluster would reject one of them.
    CiliumPolicyChecks.addTo(this);
  }
}
