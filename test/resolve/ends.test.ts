/** Where a flow to a service goes. */
import { verdictReply } from '../../lib/cli/verdict-request';
import type { JsonObject } from '../../lib/model/json';

const METADATA = { namespace: 'shop', name: 'web' };

const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: METADATA,
  spec: {
    ports: [
      { name: 'plain', port: 80, targetPort: 8080, protocol: 'TCP' },
      { name: 'admin', port: 81, targetPort: 9090, protocol: 'TCP' },
      { name: 'quic', port: 443, targetPort: 8443, protocol: 'UDP' },
    ],
  },
};

function slice(...ports: readonly object[]): JsonObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { ...METADATA, labels: { 'kubernetes.io/service-name': 'web' } },
    addressType: 'IPv4',
    ports: ports as JsonObject[],
    endpoints: [{ addresses: ['192.0.2.1'] }],
  };
}

/** Only port 8080 of TCP may be left for. */
const POLICY = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: METADATA,
  spec: { endpointSelector: {}, egress: [{ toPorts: [{ ports: [{ port: '8080', protocol: 'TCP' }] }] }] },
};

function answerTo(port: number, protocol: string, ...objects: readonly JsonObject[]): unknown {
  return answer({ to: 'service:shop/web', port, protocol }, ...objects);
}

/** Whether a flow from the namespace is allowed, or why it cannot be judged. */
function answer(flow: JsonObject, ...objects: readonly JsonObject[]): unknown {
  const flows = [{ from: 'labels:@shop', ...flow }];
  const reply = verdictReply({ cilium: '1.20', objects: [POLICY, ...objects], flows });
  const [first] = reply.ok ? (reply.value.answers ?? []) : [];
  return 'error' in first ? first.error : first.allowed;
}

const ALL = slice(
  { name: 'quic', port: 8443, protocol: 'UDP' },
  { name: 'admin', port: 9090, protocol: 'TCP' },
  { name: 'plain', port: 8080, protocol: 'TCP' },
);

test('policy is asked about the port of the backend, which is found by its name', () => {
  expect([answerTo(80, 'TCP', SERVICE, ALL), answerTo(81, 'TCP', SERVICE, ALL), answerTo(443, 'UDP', SERVICE, ALL)]).toEqual([
    true,
    false,
    false,
  ]);
});

test('a port of a service that has no name leads to each', () => {
  const unnamed = { ...SERVICE, spec: { ports: [{ port: 82, protocol: 'TCP' }] } };
  expect(answerTo(82, 'TCP', unnamed, slice({ name: 'plain', port: 8080, protocol: 'TCP' }))).toBe(true);
});

test('a port of a service is one of its protocol', () => {
  expect(answerTo(80, 'UDP', SERVICE, ALL)).toMatch('has no port 80/UDP; it has 80/TCP, 81/TCP, 443/UDP');
});

test('a backend is one of the protocol, whatever its port is called', () => {
  expect(answerTo(80, 'TCP', SERVICE, slice({ name: 'plain', port: 8080, protocol: 'UDP' }))).toMatch('has no backend at port 80/TCP');
  expect(answerTo(80, 'TCP', SERVICE, slice({ port: 8080, protocol: 'UDP' }))).toMatch('has no backend at port 80/TCP');
});

test('a backend whose port has no name serves each port of the service', () => {
  expect(answerTo(80, 'TCP', SERVICE, slice({ port: 8080, protocol: 'TCP' }))).toBe(true);
});

test('a service without ports says so', () => {
  const empty = { ...SERVICE, spec: {} };
  expect(answerTo(80, 'TCP', empty)).toMatch('has no port 80/TCP; it has no ports');
});

/** Two pods behind one port, of which each takes requests for its own path. */
function twoBackends(...paths: readonly string[]): readonly JsonObject[] {
  const pods = paths.map((_, i): JsonObject => {
    const metadata = { namespace: 'shop', name: `pod-${i}`, labels: { app: `app-${i}` } };
    return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [] }, status: { podIPs: [{ ip: `10.0.0.${i + 1}` }] } };
  });
  const policies = paths.map((path, i): JsonObject => {
    const toPorts = [{ ports: [{ port: '8080', protocol: 'TCP' }], rules: { http: [{ path }] } }];
    const spec = { endpointSelector: { matchLabels: { app: `app-${i}` } }, ingress: [{ toPorts }] };
    return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name: `policy-${i}` }, spec };
  });
  const endpoints = paths.map((_, i) => ({ addresses: [`10.0.0.${i + 1}`] }));
  return [SERVICE, { ...slice({ name: 'plain', port: 8080, protocol: 'TCP' }), endpoints }, ...pods, ...policies];
}

test.each([
  [['/a', '/a'], 'allowed'],
  [['/b', '/b'], 'denied'],
  [['/a', '/b'], 'unknown'],
])('a request for /a to backends that take %j is %s', (paths, ruling) => {
  const flows = [{ from: 'entity:world', to: 'service:shop/web', port: 80, http: { method: 'GET', path: '/a' } }];
  const reply = verdictReply({ cilium: '1.20', objects: [...twoBackends(...paths)], flows });
  expect(reply).toMatchObject({ value: { answers: [{ allowed: true, http: ruling }] } });
});

test.each(['policy-0', 'policy-1'])('backends of which only %s isolates its own are allowed by its rule', (one) => {
  const objects = twoBackends('/a', '/a').filter(
    ({ kind, metadata }) => kind !== 'CiliumNetworkPolicy' || (metadata as JsonObject).name === one,
  );
  const reply = verdictReply({ cilium: '1.20', objects, flows: [{ from: 'entity:world', to: 'service:shop/web', port: 80 }] });
  expect(reply).toMatchObject({ value: { answers: [{ ingress: { decision: 'allowed', reason: 'rule' } }] } });
});

test('a ClusterIP is its service if its family is on, and so is a name that has it', () => {
  const spec = { ...SERVICE.spec, clusterIP: '10.96.0.7', clusterIPs: ['10.96.0.7', 'fd00::7'] };
  const objects = [{ ...SERVICE, spec }, ALL];
  expect(answer({ to: 'ip:10.96.0.7', port: 80 }, ...objects)).toBe(true);
  // With IPv6 off, the other one is no address of the Service.
  expect(answer({ to: 'ip:fd00::7', port: 81 }, ...objects)).toBe(false);
  expect(answer({ to: 'ip:10.96.0.7', port: 8080 }, ...objects)).toMatch('service `shop/web` has no port 8080/TCP');
  expect(answer({ to: 'ip:10.96.0.8', port: 8080 }, ...objects)).toBe(true);
  // Nobody judges an address that connects, not even to a service.
  expect(answer({ from: 'ip:192.0.2.9', to: 'ip:10.96.0.7', port: 8080 }, ...objects)).toMatch('has no port 8080/TCP');
  const names = { 'web.shop.svc': ['10.96.0.7'] };
  const flows = [{ from: 'labels:@shop', to: 'fqdn:web.shop.svc', port: 81 }];
  expect(verdictReply({ cilium: '1.20', objects: [POLICY, ...objects], flows, names })).toMatchObject({
    value: { answers: [{ allowed: false }] },
  });
});

test('nobody translates the port of a headless service', () => {
  const headless = { ...SERVICE, spec: { ...SERVICE.spec, clusterIP: 'None', clusterIPs: ['None'] } };
  expect(answerTo(80, 'TCP', headless, ALL)).toBe(false);
});

/** A pod of which no EndpointSlice tells. */
function unlisted(name: string, labels: JsonObject, ...ports: readonly JsonObject[]): JsonObject {
  const metadata = { namespace: 'shop', name, labels };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers: [{ name: 'c', ports: [...ports] }] } };
}

function selecting(selector: JsonObject, port: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'Service', metadata: METADATA, spec: { selector, ports: [port] } };
}

describe('without an EndpointSlice, as in a folder of manifests,', () => {
  const web = unlisted('web-1', { app: 'web', tier: 'front' }, { name: 'http', containerPort: 8080 });
  const db = unlisted('db-1', { app: 'db' }, { name: 'http', containerPort: 8081 });

  test.each([
    ['a number', { port: 80, targetPort: 8080 }, 80, true],
    ['another number', { port: 80, targetPort: 8081 }, 80, false],
    ['the name of a port', { port: 80, targetPort: 'http' }, 80, true],
    ['nothing, which is the same number,', { port: 8080 }, 8080, true],
    ['nothing, and another number,', { port: 80 }, 80, false],
  ])('a service leads to the pods that it selects: by %s', (_, port, number, allowed) => {
    expect(answerTo(number, 'TCP', selecting({ app: 'web' }, port), web, db)).toBe(allowed);
  });

  const noBackend = 'service `shop/web` has no backend at port 80/TCP';

  test('a pod needs all labels, and the port, of the protocol', () => {
    const http = { port: 80, targetPort: 'http' };
    expect(answerTo(80, 'TCP', selecting({ app: 'web', tier: 'back' }, http), web, db)).toMatch(noBackend);
    expect(answerTo(80, 'TCP', selecting({ app: 'web' }, { port: 80, targetPort: 'grpc' }), web, db)).toMatch(noBackend);
    expect(answerTo(80, 'UDP', selecting({ app: 'web' }, { ...http, protocol: 'UDP' }), web, db)).toMatch('has no backend at port 80/UDP');
  });

  test('a pod of another namespace is none of its, and what has no selector selects nobody', () => {
    const elsewhere = { ...web, metadata: { namespace: 'other', name: 'web-1', labels: { app: 'web' } } };
    expect(answerTo(80, 'TCP', selecting({ app: 'web' }, { port: 80, targetPort: 8080 }), elsewhere)).toMatch(noBackend);
    expect(answerTo(80, 'TCP', selecting({}, { port: 80, targetPort: 8080 }), web)).toMatch(noBackend);
  });

  test('and with an empty one it has no backend', () => {
    const empty = { ...slice(), endpoints: [] };
    expect(answerTo(80, 'TCP', selecting({ app: 'web' }, { port: 80, targetPort: 8080 }), empty, web)).toMatch(noBackend);
  });
});

test.each([
  ['shop/wep-1', 'to: no pod or workload `shop/wep-1`; did you mean `shop/web-1`?'],
  [
    'shop/cache',
    'to: no pod or workload `shop/cache`; write the labels of a possible pod, such as `labels:app=web@shop`, or give an inventory',
  ],
  ['node:m1', 'to: no node `m1`; did you mean `n1`?'],
  ['node:elsewhere', 'to: no node `elsewhere`; give an inventory with it'],
  ['service:shop/wep', 'to: no service `shop/wep`; did you mean `shop/web`?'],
  ['service:other/cache', 'to: no service `other/cache`; give an inventory with it'],
])('%s is told to be unknown, and who is near', (to, error) => {
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n1' } };
  expect(answer({ to, port: 80 }, SERVICE, node, unlisted('web-1', { app: 'web' }))).toBe(error);
});
