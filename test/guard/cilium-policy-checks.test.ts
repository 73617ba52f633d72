import { mkdirSync, writeFileSync } from 'node:fs';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { Checks, CiliumNetworkPolicy, CiliumPolicyChecks, Peer, Port, Protocol, Selector } from '../../lib';

/** A policy that the typed constructs do not allow. */
function mixed(chart: Chart, id: string, name = 'web'): ApiObject {
  return new ApiObject(chart, id, {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace: 'shop' },
    spec: { endpointSelector: {}, egress: [{ toEndpoints: [{}], toEntities: ['world'] }] },
  });
}

const REFUSED =
  'CIL201 mixed-peer-kinds: `toEndpoints` and `toEntities` cannot be used in the same rule; write a separate rule for each ' +
  '(at /spec/egress/0/toEntities of CiliumNetworkPolicy shop/web, created by net/Web)';

test('an app with a policy that the agent would reject is not synthesized', () => {
  const app = new App({ outdir: 'out/guard' });
  const chart = new Chart(app, 'net');
  CiliumPolicyChecks.addTo(app);
  mixed(chart, 'Web');
  expect(() => app.synth()).toThrow(REFUSED);
});

test('a chart can be checked on its own, also when a test synthesizes it', () => {
  const chart = new Chart(new App(), 'net');
  CiliumPolicyChecks.addTo(chart);
  expect(Testing.synth(chart)).toEqual([]);
  mixed(chart, 'Web');
  expect(() => void Testing.synth(chart)).toThrow(REFUSED);
});

test('the output of the typed constructs is accepted', () => {
  const chart = new Chart(new App(), 'net', { namespace: 'shop' });
  CiliumPolicyChecks.addTo(chart);
  const web = new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: Selector.labels({ app: 'web' }) });
  web.allowFrom(Peer.labels({ app: 'gateway' }), Port.tcp(80));
  expect(Testing.synth(chart)).toHaveLength(1);
});

test('findings depend on the minor and on the switches', () => {
  const chart = new Chart(new App(), 'net', { namespace: 'shop' });
  const web = new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: Selector.all() });
  web.allowFrom(Peer.nodes(Selector.all()));
  const codes = (options: object) => (CiliumPolicyChecks.findings(chart, options) as { code: string }[]).map(({ code }) => code);
  expect(codes({})).toEqual(['CIL236']);
  expect(codes({ config: { 'enable-node-selector-labels': 'true' } })).toEqual([]);
  expect(codes({ ignore: ['CIL236'] })).toEqual([]);
});

test('too many warnings fail as well', () => {
  const chart = new Chart(new App(), 'net', { namespace: 'shop' });
  CiliumPolicyChecks.addTo(chart, { maxWarnings: 0 });
  for (const id of ['One', 'Two']) {
    new CiliumNetworkPolicy(chart, id, { metadata: { name: 'same' }, endpointSelector: Selector.all(), defaultDenyIngress: true });
  }
  expect(() => void Testing.synth(chart)).toThrow('CIL005 duplicate-policy: CiliumNetworkPolicy `shop/same` is already defined');
});

test('an unknown option throws at once', () => {
  expect(() => CiliumPolicyChecks.addTo(new App(), { cilium: '1.17' })).toThrow(
    'unknown Cilium minor `1.17`; write one of 1.18, 1.19, 1.20',
  );
});

describe('a suppression', () => {
  test('is written to the manifests, and the findings do not fail the synthesis', () => {
    const chart = new Chart(new App(), 'net');
    CiliumPolicyChecks.addTo(chart);
    Checks.allow(chart, 'CIL201', 'it is split by a webhook');
    mixed(chart, 'Web');
    expect((Testing.synth(chart) as { metadata: object }[])[0].metadata).toEqual({
      name: 'web',
      namespace: 'shop',
      annotations: { 'cdk8s-cilium/allow': 'CIL201: it is split by a webhook' },
    });
  });

  test('is added to the suppressions that the manifest already has', () => {
    const chart = new Chart(new App(), 'net');
    const web = mixed(chart, 'Web');
    web.metadata.addAnnotation('cdk8s-cilium/allow', 'CIL301: a reason');
    Checks.allow(web, 'cil201', 'one');
    Checks.allow(chart, 'CIL202', 'two');
    expect(web.metadata.toJson()).toMatchObject({ annotations: { 'cdk8s-cilium/allow': 'CIL301: a reason; CIL201: one; CIL202: two' } });
  });

  test.each([
    ['CIL909', 'a reason', 'CIL909 cannot be suppressed, because it tells what the run itself did not do, at net'],
    ['CIL2O2', 'a reason', 'unknown check `CIL2O2`; did you mean `CIL202`?, at net'],
    ['unknown-field', 'a reason', 'unknown check `unknown-field`; did you mean `CIL103`?, at net'],
    ['CIL999', 'a reason', 'unknown check `CIL999`; write a code such as `CIL202`, at net'],
    ['CIL201', ' ', 'a reason must be one line of text without a semicolon, at net'],
    ['CIL201', 'a; b', 'a reason must be one line of text without a semicolon, at net'],
  ])('of %s with the reason %j is rejected', (code, reason, message) => {
    expect(() => Checks.allow(new Chart(new App(), 'net'), code, reason)).toThrow(message);
  });
});

test.each<[what: string, make: (app: App) => unknown, message: string]>([
  [
    'a namespaced policy without a namespace',
    (app) => new CiliumNetworkPolicy(new Chart(app, 'net'), 'Web', { endpointSelector: Selector.all(), defaultDenyIngress: true }),
    'the policy has no namespace',
  ],
  [
    'a namespaced subject with labels of namespaces',
    (app) =>
      new CiliumNetworkPolicy(new Chart(app, 'net', { namespace: 'shop' }), 'Web', {
        endpointSelector: Selector.all().inNamespacesLabeled({ team: 'x' }),
        defaultDenyIngress: true,
      }),
    'endpointSelector asks for labels of namespaces, but selects only in its own',
  ],
])('a construct warns of %s, with its path', (_, make, message) => {
  const app = new App();
  make(app);
  expect(CiliumPolicyChecks.findings(app)).toMatchObject([{ code: 'CIL012', severity: 'warning', message, constructPath: 'net/Web' }]);
  expect(CiliumPolicyChecks.findings(app, { ignore: ['CIL012'] })).toEqual([]);
  expect(app.synthYaml()).toContain('CiliumNetworkPolicy');
});

test('workloads of the app are manifests, and not a cluster', () => {
  const chart = new Chart(new App(), 'net', { namespace: 'shop' });
  const metadata = { labels: { app: 'web' } };
  const spec = { containers: [{ name: 'web', ports: [{ name: 'http', containerPort: 80 }] }] };
  new ApiObject(chart, 'Web', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { metadata, spec } } });
  const policy = new CiliumNetworkPolicy(chart, 'Policy', { endpointSelector: Selector.labels({ app: 'web' }) });
  policy.allowFrom(Peer.labels({ app: 'web' }), Port.named('metrics', Protocol.TCP));
  const found = CiliumPolicyChecks.findings(chart) as { code: string; severity: string }[];
  expect(found.map(({ code, severity }) => `${code} ${severity}`)).toEqual(['CIL508 info']);
});

test('an inventory says whom selectors select', () => {
  mkdirSync('out/guard', { recursive: true });
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'checkout', namespace: 'shop', labels: { app: 'checkout' } } };
  writeFileSync('out/guard/pods.json', JSON.stringify(pod));
  const chart = new Chart(new App(), 'net', { namespace: 'shop' });
  new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: Selector.labels({ app: 'chekout' }) }).allowFrom(
    Peer.labels({ app: 'checkout' }),
  );
  const codes = (options: object) => (CiliumPolicyChecks.findings(chart, options) as { code: string }[]).map(({ code }) => code);
  expect(codes({})).toEqual([]);
  expect(codes({ inventory: ['out/guard/pods.json'] })).toEqual(['CIL506']);
  writeFileSync('out/guard/pods.json', 'kind: Pod\nx: [');
  expect(() => codes({ inventory: ['out/guard/pods.json'] })).toThrow('the inventory cannot be read: out/guard/pods.json:');
});
