import { ClusterName, CLUSTERS } from './clusters';
import { Platform } from './platform';
import { Data } from './teams/data';
import { Ops } from './teams/ops';
import { Payments } from './teams/payments';
import { Shop } from './teams/shop';
import { Cluster, Entity, Guardrails, Policies } from 'cdk8s-cilium';

/** One cluster of the company: the platform's chart, and those of four teams. The program is the same for all clusters. */
export function company(name: ClusterName): Cluster {
  const cluster = new Cluster(name, CLUSTERS[name]);
  new Platform(cluster, 'platform', { observe: name !== 'prod' });
  const { db, cache } = new Data(cluster, 'team-data');
  const { charge } = new Payments(cluster, 'team-payments');
  new Shop(cluster, 'team-shop', { db, cache, charge });
  new Ops(cluster, 'team-ops');

  Policies.of(cluster).addLabel('app.kubernetes.io/part-of', 'company');
  Guardrails.of(cluster)
    .requireDescription()
    .requireLabel('owner')
    .forbid(Entity.WORLD, { namespaces: ['payments', 'data'] });
  return cluster;
}
