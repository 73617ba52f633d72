import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { manifests } from '../../support/synth';
import { Policies, Port, Workload, Workloads } from 'cdk8s-cilium';

test('a workload without connections of its own gets its side of a connection with all pods of its labels, and is not closed by it', () => {
  const [front, ...others] = manifests(
    (chart) => {
      const web = Workload.labels(chart, 'Web', { app: 'web' });
      web.connections.allowTo(Workloads.labeled({ tier: 'data' }), Port.tcp(5432));
      Workload.labels(chart, 'Db', { app: 'db', tier: 'data' });
      Workload.labels(chart, 'Other', { app: 'other' });
    },
    { namespace: 'x' },
  );
  expect(front.metadata.name).toBe('web-connections');
  expect(others.map(({ metadata, spec }) => [metadata.name, spec?.enableDefaultDeny, spec?.ingress])).toEqual([
    [
      'db-connections',
      { ingress: false },
      [{ fromEndpoints: [{ matchLabels: { app: 'web' } }], toPorts: [{ ports: [{ port: '5432', protocol: 'TCP' }] }] }],
    ],
  ]);
});

test('the order in which workloads and connections are written does not matter', () => {
  const names = (...steps: ((chart: Chart) => void)[]) =>
    manifests((chart) => steps.forEach((step) => step(chart)), { namespace: 'x' })
      .map(({ metadata }) => metadata.name)
      .sort();
  const db = (chart: Chart) => void Workload.labels(chart, 'Db', { app: 'db', tier: 'data' });
  const web = (chart: Chart) =>
    Workload.labels(chart, 'Web', { app: 'web' }).connections.allowTo(Workloads.labeled({ tier: 'data' }), Port.tcp(5432));
  expect(names(db, web)).toEqual(['db-connections', 'web-connections']);
  expect(names(web, db)).toEqual(names(db, web));
});

test('a policy follows labels of the other side that change after it was looked at', () => {
  const policies = manifests(
    (chart) => {
      const metadata = { labels: { app: 'db' } };
      const pod = new ApiObject(chart, 'Db', { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] } });
      Workload.labels(chart, 'Web', { app: 'web' }).connections.allowTo(Workload.of(pod), Port.tcp(5432));
      expect(Policies.of(chart).all.flatMap(({ rules }) => rules.map(({ peers }) => peers))).toContainEqual([
        '{"matchLabels":{"app":"db"}}',
      ]);
      pod.addJsonPatch(JsonPatch.replace('/metadata/labels/app', 'postgres'));
    },
    { namespace: 'x' },
  );
  const policy = policies.find(({ metadata }) => metadata.name === 'web-connections');
  expect(policy?.spec?.egress).toMatchObject([{ toEndpoints: [{ matchLabels: { app: 'postgres' } }] }]);
});
