import { ApiObject, App, Chart } from 'cdk8s';
import { CiliumNetworkPolicy, HttpRule, Peer, PolicySimulator, Port, Selector } from '../../lib';

function shop(): Chart {
  const chart = new Chart(new App(), 'net', { namespace: 'shop' });
  const db = new CiliumNetworkPolicy(chart, 'Db', { endpointSelector: Selector.labels({ app: 'db' }) });
  db.allowFrom(Peer.labels({ app: 'web' }), Port.tcp(5432));
  const web = new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: Selector.labels({ app: 'web' }) });
  web.allowFrom(Peer.world(), Port.tcp(80).http(HttpRule.get('/public')));
  web.allowTo(Peer.fqdns('api.example.com'), Port.tcp(443));
  web.allowTo(Peer.labels({ app: 'db' }));
  return chart;
}

const WEB = 'labels:app=web@shop';
const DB = 'labels:app=db@shop';

test('a connection that a rule allows is allowed', () => {
  PolicySimulator.ofChart(shop()).assertAllowed({ source: 'labels:app=web@shop', destination: DB, port: 5432 });
});

test('a failed assertion prints the steps, by construct', () => {
  const simulator = PolicySimulator.ofChart(shop());
  expect(() => simulator.assertAllowed({ source: WEB, destination: DB, port: 80 })).toThrow(/expected the flow to be allowed\ndenied: /);
  expect(simulator.verdict({ source: 'labels:app=other@shop', destination: DB, port: 80 })).toEqual({
    decision: 'denied',
    passes: false,
    egress: { decision: 'allowed', reason: 'not-enforced', policies: [] },
    ingress: { decision: 'denied', reason: 'default-deny', policies: [expect.stringContaining('/shop/net-db-')] as string[] },
    explanation: expect.stringContaining('net/Db') as string,
  });
});

test('each side has its reason, its policies and its proxy', () => {
  const flow = { source: 'entity:world', destination: WEB, port: 80 };
  expect(PolicySimulator.ofChart(shop()).verdict(flow)).toMatchObject({
    egress: { decision: 'n/a', reason: undefined, policies: [] },
    ingress: {
      decision: 'allowed',
      reason: 'rule',
      redirect: 'http',
      policies: [expect.stringMatching(/^CiliumNetworkPolicy\/shop\/net-web-/)],
    },
  });
});

test('a request is judged with its connection', () => {
  const simulator = PolicySimulator.ofChart(shop());
  const flow = { source: 'entity:world', destination: WEB, port: 80 };
  simulator.assertAllowed({ ...flow, httpPath: '/public' });
  simulator.assertDenied({ ...flow, httpPath: '/private' });
  simulator.assertDenied({ ...flow, httpMethod: 'POST', httpPath: '/public' });
});

test('an object that looks like a policy but has an unknown version is rejected', () => {
  const chart = shop();
  new ApiObject(chart, 'Old', { apiVersion: 'cilium.io/v3', kind: 'CiliumNetworkPolicy' });
  expect(() => PolicySimulator.ofChart(chart)).toThrow('not read: CIL006: ');
});

test('a failed assertion names the rejected policies', () => {
  const chart = shop();
  const spec = { endpointSelector: {}, ingress: [] };
  new ApiObject(chart, 'Bad', { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'bad' }, spec });
  const simulator = PolicySimulator.ofChart(chart);
  expect(() => simulator.assertDenied({ source: 'entity:world', destination: 'labels:app=x@shop', port: 80 })).toThrow(
    'rejected, and so without effect: CiliumNetworkPolicy shop/bad: CIL202: ',
  );
});

test('names have the given addresses', () => {
  const names = { 'api.example.com': '192.0.2.1, 192.0.2.2' };
  const simulator = PolicySimulator.ofChart(shop(), { names, learn: false });
  simulator.assertAllowed({ source: WEB, destination: 'fqdn:api.example.com', port: 443 });
  simulator.assertAllowed({ source: WEB, destination: 'ip:192.0.2.2', port: 443 });
  simulator.assertDenied({ source: WEB, destination: 'ip:192.0.2.3', port: 443 });
});

test('an error for a flow that cannot be judged says what is missing', () => {
  const simulator = PolicySimulator.ofChart(shop());
  expect(() => simulator.verdict({ source: 'shop/web', destination: DB, port: 80 })).toThrow(
    'source: no pod or workload `shop/web`; write the labels of a possible pod, such as `labels:app=web@shop`, or give an inventory (`inventory`)',
  );
  expect(() => simulator.verdict({ source: WEB, destination: DB, port: 70_000 })).toThrow('port `70000` is not between 1 and 65535');
  expect(() => simulator.verdict({ source: WEB, destination: 'db' })).toThrow('destination: `db` is not a valid endpoint');
  expect(() => simulator.verdict({ source: WEB, destination: DB, protocol: 'ICMP' })).toThrow('set `icmpType`, for example');
});

test.each([
  [{ cilium: '1.17' }, 'unknown Cilium minor `1.17`'],
  [{ inventory: ['nowhere'] }, 'nowhere'],
  [{ config: { 'enable-policy': 'sometimes' } }, 'unknown enable-policy `sometimes`'],
  [{ names: { 'a.example.com': 'here' } }, '`here`, given as an address of `a.example.com`, is not a valid IP address'],
])('%j is rejected', (options, message) => {
  expect(() => PolicySimulator.ofChart(shop(), options)).toThrow(message);
});

test('what to know before relying on a verdict is data', () => {
  const chart = shop();
  new ApiObject(chart, 'Plugin', { apiVersion: 'cilium.io/v2', kind: 'CiliumDatapathPlugin', metadata: { name: 'plugin' } });
  expect(PolicySimulator.ofChart(chart).warnings()).toEqual([
    { code: 'not-judged', message: 'not judged: CiliumDatapathPlugin shop/plugin', resource: 'CiliumDatapathPlugin/shop/plugin' },
  ]);
  expect(PolicySimulator.ofChart(shop(), { config: { 'enable-polcy': 'always' } }).warnings()).toEqual([
    { code: 'unknown-key', message: 'Cilium 1.20 has no key `enable-polcy` of `cilium-config`; did you mean `enable-policy`?' },
  ]);
});
