import { Chart } from 'cdk8s';
import { StatefulSet } from 'cdk8s-plus-33';
import { Construct } from 'constructs';
import { External, Port, Workload } from 'cdk8s-cilium';

/** The data team: a database that writes backups, and a cache. Who uses them is said by those who do. */
export class Data extends Chart {
  public readonly db: Workload;
  public readonly cache: Workload;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'data', labels: { owner: 'data' } });
    this.db = this.store('db', 5432, 'sql');
    this.cache = this.store('cache', 6379, 'redis');
    this.db.connections.allowTo(External.domains('backups.storage.example'), Port.tcp(443), { because: 'backups' });
  }

  private store(name: string, number: number, port: string): Workload {
    const containers = [{ image: `example/${name}`, ports: [{ number, name: port }] }];
    return Workload.of(new StatefulSet(this, name, { metadata: { name }, podMetadata: { labels: { app: name } }, containers }));
  }
}
