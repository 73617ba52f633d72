import { Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Port, Selector } from 'cdk8s-cilium';

/** A policy for cdk8s-plus workloads, with the labels that the workloads provide. */
export class PolicyForDeployment extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });
    const server = new Deployment(this, 'Server', { containers: [{ image: 'server', portNumber: 8080 }] });
    const client = new Deployment(this, 'Client', { containers: [{ image: 'client' }] });

    const policy = new CiliumNetworkPolicy(this, 'ServerPolicy', { endpointSelector: Selector.labels(server.matchLabels) });
    policy.allowFrom(Peer.labels(client.matchLabels), Port.tcp(8080));
  }
}
