import { Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CiliumNetworkPolicy, Peer, Port, Selector } from 'cdk8s-cilium';

export interface PostgresClusterPolicyProps {
  /** The labels of the instances. */
  readonly instances: { [key: string]: string };
  /** The peers that may query the database. */
  readonly clients: Peer[];
  /**
   * The name of the storage for backups.
   *
   * @default - no backups
   */
  readonly backups?: string;
}

/** A custom construct that can be published: instances replicate, clients run queries, and backups leave the cluster. */
export class PostgresClusterPolicy extends Construct {
  public readonly policy: CiliumNetworkPolicy;

  public constructor(scope: Construct, id: string, props: PostgresClusterPolicyProps) {
    super(scope, id);
    const instances = Peer.labels(props.instances);
    this.policy = new CiliumNetworkPolicy(this, 'Policy', { endpointSelector: Selector.labels(props.instances) });
    this.policy.allowFrom(instances, Port.tcp(5432), Port.tcp(8008));
    this.policy.allowTo(instances, Port.tcp(5432), Port.tcp(8008));
    props.clients.forEach((client) => this.policy.allowFrom(client, Port.tcp(5432)));
    this.policy.allowTo(Peer.kubeDns(), Port.dnsProxy());
    if (props.backups !== undefined) {
      this.policy.allowTo(Peer.fqdns(props.backups), Port.tcp(443));
    }
  }
}

export class ReusableConstruct extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'data' });
    new PostgresClusterPolicy(this, 'Orders', {
      instances: { 'cnpg.io/cluster': 'orders' },
      clients: [Peer.endpoints(Selector.labels({ app: 'api' }).inNamespace('shop'))],
      backups: 'backups.storage.example',
    });
  }
}
