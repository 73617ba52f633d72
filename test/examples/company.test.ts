/** The program of a company with three clusters and four teams: what its policies come to, in each cluster. */
import { ClusterName, CLUSTERS } from '../../examples/company/clusters';
import { company } from '../../examples/company/company';
import { Cluster, CiliumPolicyChecks, Connections, PolicySimulator } from 'cdk8s-cilium';
import '../../lib/jest';

const NAMES = Object.keys(CLUSTERS) as ClusterName[];
const clusters = new Map(NAMES.map((name) => [name, company(name)]));
const clusterOf = (name: ClusterName) => clusters.get(name) as Cluster;

/** Pods and nodes as the clusters have them; workloads are found among the manifests. */
const web = 'shop/web';
const api = 'shop/api';

test.each(NAMES)('%s is accepted by its Cilium, and has no findings', (name) => {
  expect(clusterOf(name).synthYaml().length).toBeGreaterThan(10_000);
  expect(CiliumPolicyChecks.findings(clusterOf(name))).toEqual([]);
});

test('the three programs differ only in what the clusters say', () => {
  const yaml = NAMES.map((name) => clusterOf(name).synthYaml());
  expect(new Set(yaml).size).toBe(NAMES.length);
  expect(yaml.map((text) => /openshift-dns/.test(text))).toEqual([false, false, true]);
  expect(yaml.map((text) => /node-local-dns/.test(text))).toEqual([true, false, false]);
});

describe.each(NAMES)('in %s', (name) => {
  const cluster = clusterOf(name);

  test.each<[string, { from: string; to: string; port: number }]>([
    ['the API writes orders', { from: api, to: 'data/db', port: 5432 }],
    ['the API keeps sessions', { from: api, to: 'data/cache', port: 6379 }],
    ['orders are paid', { from: api, to: 'payments/charge', port: 8443 }],
    ['metrics are read in another namespace', { from: 'ops/prometheus', to: 'payments/charge', port: 9090 }],
    ['customers come through the gateway', { from: 'entity:ingress', to: web, port: 8080 }],
  ])('%s', (_, flow) => {
    expect(cluster).toAllow(flow);
  });

  test('the shop window shows what the API offers, and no more', () => {
    const flow = { from: web, to: api, port: 8080 };
    expect(cluster).toAllow({ ...flow, http: { method: 'GET', path: '/v1/items' } });
    expect(cluster).toDeny({ ...flow, http: { method: 'DELETE', path: '/v1/items' } });
  });

  test.each<[string, { from: string; to: string; port: number }]>([
    ['the web tier does not reach the database', { from: web, to: 'data/db', port: 5432 }],
    ['nobody reaches the payments from outside', { from: 'entity:world', to: 'payments/charge', port: 8443 }],
    ['payments go to their provider alone', { from: 'payments/charge', to: 'ip:192.0.2.1', port: 443 }],
    ['customers do not pass the gateway by', { from: 'entity:world', to: web, port: 8080 }],
  ])('%s', (_, flow) => {
    expect(cluster).toDeny(flow);
  });

  test('what is not a workload is closed only where the baseline does not observe', () => {
    const flow = { from: 'labels:app=new@tomorrow', to: 'ip:192.0.2.1', port: 443 };
    (name === 'prod' ? expect(cluster) : expect(cluster).not).toDeny(flow);
  });
});

test('what the ERP team has to allow can be asked of its policies', () => {
  const [requirement, ...more] = Connections.requirementsIn(clusterOf('prod')).filter(({ owner }) => owner.startsWith('erp/'));
  expect(more).toEqual([]);
  expect(requirement).toMatchObject({ direction: 'ingress', owner: 'erp/app=erp', port: 9000, because: 'stock' });
  const { source, destination, port, protocol } = requirement;
  expect(PolicySimulator.ofChart(clusterOf('prod')).verdict({ source, destination, port, protocol }).ingress.reason).toBe('not-enforced');
});
