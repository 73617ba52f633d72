import { Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { Cluster, External, Port, Protocol, Workload, Workloads } from 'cdk8s-cilium';

/** The operations team: Prometheus finds its targets through the API server, and reads the metrics of everyone who offers them. */
export class Ops extends Chart {
  public readonly prometheus: Workload;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'ops', labels: { owner: 'ops' } });
    const deployment = new Deployment(this, 'Prometheus', {
      metadata: { name: 'prometheus' },
      podMetadata: { labels: { app: 'prometheus' } },
      containers: [{ image: 'example/prometheus', portNumber: 9090 }],
    });
    this.prometheus = Workload.of(deployment);
    const targets = Workloads.labeled({ scrape: 'true' });
    this.prometheus.connections.allowTo(targets, Port.named('metrics', Protocol.TCP), { because: 'metrics' });
    for (const port of Cluster.ofConstruct(this)?.apiserverPorts ?? []) {
      this.prometheus.connections.allowTo(External.kubeApiserver(), Port.tcp(port), { because: 'targets are found' });
    }
  }
}
