/** Changes that a diff once did not see: each is a kind, in its smallest form. */
import { compare } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

let count = 0;

function cnp(endpointSelector: JsonObject, spec: JsonObject, namespace = 'shop'): JsonObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: `p${count++}`, namespace },
    spec: { endpointSelector, ...spec },
  };
}

const group = (name: string, id: string): JsonObject => ({
  ...cnp(ALL, { egress: [{ toGroups: [{ aws: { securityGroupsIds: [id] } }] }] }),
  metadata: { name, namespace: 'shop' },
});

const ccnp = (spec: JsonObject): JsonObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumClusterwideNetworkPolicy',
  metadata: { name: `c${count++}` },
  spec,
});

const ALL: JsonObject = {};
const app = (name: string): JsonObject => ({ matchLabels: { app: name } });
const NOT_X: JsonObject = { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['x'] }] };
const OPEN: JsonObject = { enableDefaultDeny: { egress: false, ingress: false } };
const port = (number: number, protocol = 'TCP', more: JsonObject = {}): JsonObject => ({
  toPorts: [{ ports: [{ port: String(number), protocol }], ...more }],
});
const KUBE_DNS: JsonObject = {
  toEndpoints: [{ matchLabels: { 'k8s-app': 'kube-dns', 'k8s:io.kubernetes.pod.namespace': 'kube-system' } }],
};
const dns = (rule: JsonObject): JsonObject => ({ ...KUBE_DNS, ...port(53, 'ANY', { rules: { dns: [rule] } }) });
const NAME: JsonObject = { toFQDNs: [{ matchName: 'api.example.com' }], ...port(443) };
const http = (...paths: readonly string[]): JsonObject =>
  cnp(app('web'), {
    ingress: [{ fromEndpoints: [app('c')], ...port(80, 'TCP', { rules: { http: paths.map((path) => ({ method: 'GET', path })) } }) }],
  });
const pod = (name: string, labels: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels },
  spec: { containers: [] },
});

const sourcesOf = (objects: readonly JsonObject[]) => [
  { name: 'a.json', text: JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }) },
];

function diff(before: readonly JsonObject[], after: readonly JsonObject[], names = {}) {
  return compare(sourcesOf(before), sourcesOf(after), { cilium: '1.20', names });
}

const LOOK_UPS = cnp(ALL, { egress: [dns({ matchName: 'api.example.com' })] });
const HOST_AND_CLOSED = [
  ccnp({ nodeSelector: app('x'), ingress: [{ fromEntities: ['health'], ...port(9, 'UDP') }] }),
  ccnp({ endpointSelector: NOT_X, ingress: [{ fromEntities: ['health'], ...port(9, 'UDP') }] }),
  ccnp({ endpointSelector: ALL, egress: [{}] }),
];
const CLASH = [
  cnp(NOT_X, {
    ...OPEN,
    egress: [{ toEndpoints: [{ matchLabels: { p: 'q' } }], ...port(99, 'TCP', { rules: { http: [{ path: '/' }] } }) }],
  }),
  cnp(NOT_X, {
    ...OPEN,
    egress: [{ toEndpoints: [{ matchLabels: { p: 'q' } }], ...port(99, 'TCP', { rules: { dns: [{ matchName: 'a' }] } }) }],
  }),
  cnp(ALL, { egress: [{}] }),
];
const NO_DNS = cnp(
  { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['x'] }] },
  { ...OPEN, egressDeny: [KUBE_DNS] },
);
const SERVER = (ingress: readonly JsonObject[]): JsonObject => cnp({ matchLabels: { 'k8s-app': 'kube-dns' } }, { ingress }, 'kube-system');

test.each<[string, readonly JsonObject[], readonly JsonObject[], string]>([
  [
    'names that one pattern admits and another one lets be looked up',
    [LOOK_UPS],
    [LOOK_UPS, cnp(ALL, { egress: [{ toFQDNs: [{ matchPattern: '*.example.com' }], ...port(443) }] })],
    '--to fqdn:api.example.com --port 443',
  ],
  [
    'server names beside a plain rule',
    [cnp(ALL, { egress: [{ toEntities: ['world'], ...port(443, 'TCP', { serverNames: ['a.example'] }) }] })],
    [
      cnp(ALL, { egress: [{ toEntities: ['world'], ...port(443, 'TCP', { serverNames: ['a.example'] }) }] }),
      cnp(ALL, { egress: [{ toCIDR: ['0.0.0.0/0'], ...port(443) }] }),
    ],
    '--to entity:world --port 443 --sni other.example',
  ],
  [
    'look-ups beside a plain rule',
    [cnp(ALL, { egress: [{ toEntities: ['world'], ...port(53, 'UDP', { rules: { dns: [{ matchName: 'a.example' }] } }) }] })],
    [
      cnp(ALL, { egress: [{ toEntities: ['world'], ...port(53, 'UDP', { rules: { dns: [{ matchName: 'a.example' }] } }) }] }),
      cnp(ALL, { egress: [{ toCIDR: ['0.0.0.0/0'], ...port(53, 'UDP') }] }),
    ],
    '--to entity:world --port 53/UDP --dns other.example',
  ],
  [
    'a subject that only a policy for nodes seems to close',
    HOST_AND_CLOSED,
    [
      ...HOST_AND_CLOSED,
      cnp(
        { matchLabels: { role: 'c' } },
        {
          egress: [{ toEndpoints: [{ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] }], ...port(443) }],
        },
      ),
    ],
    '--to labels:app=x@other --port 443',
  ],
  [
    'a name whose look-ups a rule without ports denies for some',
    [cnp(app('web'), { egress: [dns({ matchPattern: '*' })] }), NO_DNS],
    [cnp(app('web'), { egress: [dns({ matchPattern: '*' })] }), NO_DNS, cnp(app('web'), { egress: [NAME] })],
    '--from labels:app=web,tier=x@shop --to fqdn:api.example.com --port 443',
  ],
  [
    'names of which only the DNS server changes',
    [cnp(app('web'), { egress: [dns({ matchPattern: '*' }), NAME] }), SERVER([{ fromEntities: ['health'] }])],
    [
      cnp(app('web'), { egress: [dns({ matchPattern: '*' }), NAME] }),
      SERVER([{ fromEntities: ['health'] }, { fromEndpoints: [ALL], ...port(53, 'ANY') }, { fromEntities: ['all'], ...port(53, 'ANY') }]),
    ],
    '--from labels:app=web@shop --to fqdn:api.example.com --port 443',
  ],
  [
    'endpoints whose policy resolves, beside some whose policy does not',
    CLASH,
    [...CLASH, cnp(ALL, { egress: [{ toEntities: ['world'], ...port(443) }] })],
    '--from labels:app=x@shop --to entity:world --port 443',
  ],
])('a diff sees %s', (_, before, after, flow) => {
  const { changes } = diff(before, after);
  expect(changes.filter(({ is }) => is === 'opened').map(({ witness }) => witness?.flow)).toContainEqual(expect.stringContaining(flow));
});

test('a pod whose labels change is told apart from those beside it', () => {
  const db = [cnp(app('db'), { ingress: [{ fromEndpoints: [app('web')] }] }), pod('aaa', { app: 'other' }), pod('db', { app: 'db' })];
  const { changes } = diff([...db, pod('zed', { app: 'web' })], [...db, pod('zed', { app: 'nope' })]);
  expect(changes.map(({ is, from, to }) => [is, from.map(({ name }) => name), to.map(({ name }) => name)])).toEqual([
    ['closed', ['shop/zed'], ['shop/db']],
  ]);
});

test('an address that DNS returns for a name is one of the addresses', () => {
  const names = { 'api.example.com': ['192.0.2.1'] };
  const closed = cnp(ALL, { egress: [{}] });
  const { changes } = diff([closed], [closed, cnp(ALL, { egress: [{ toCIDR: ['192.0.2.1/32'] }] })], names);
  expect(changes.map(({ is, to }) => [is, to.map(({ name }) => name)])).toEqual([['opened', ['api.example.com']]]);
});

test('requests that are closed do not hide others that are opened', () => {
  expect(diff([http('/a', '/v[ab]')], [http('/v[abc]')]).summary).toEqual({ opened: 1, closed: 1, rewritten: 0, undecided: 0 });
  // A path less can only close.
  expect(diff([http('/a', '/b')], [http('/a')]).summary).toEqual({ opened: 0, closed: 1, rewritten: 0, undecided: 0 });
});

describe('nothing found is no proof where', () => {
  test.each<[string, readonly JsonObject[], readonly JsonObject[], string]>([
    [
      'a value that is filled in later differs',
      [cnp(ALL, { egress: [{ toCIDR: ['${A}'], ...port(443) }] })].map((one) => ({ ...one, metadata: { name: 'z', namespace: 'shop' } })),
      [cnp(ALL, { egress: [{ toCIDR: ['${B}'], ...port(443) }] })].map((one) => ({ ...one, metadata: { name: 'z', namespace: 'shop' } })),
      'values that are not known differ in CiliumNetworkPolicy shop/z',
    ],
    ['a cloud group differs', [group('z', 'sg-1')], [group('z', 'sg-2')], 'values that are not known differ in CiliumNetworkPolicy shop/z'],
    [
      'a cloud group is removed, and another one stays',
      [group('z', 'sg-1'), group('rest', 'sg-2')],
      [group('rest', 'sg-2')],
      'values that are not known differ in CiliumNetworkPolicy shop/z',
    ],
  ])('%s', (_, before, after, doubt) => {
    expect(diff(before, after)).toMatchObject({ changes: [], doubts: [doubt] });
  });

  test('a rule that does not change names a port', () => {
    const named = cnp(app('web'), { ingress: [{ fromEndpoints: [app('c')], toPorts: [{ ports: [{ port: 'http', protocol: 'TCP' }] }] }] });
    const more = cnp(app('web'), { ingress: [{ fromEndpoints: [app('c')], ...port(80) }] });
    expect(diff([named], [named, more]).doubts).toEqual([
      'pods that are not listed may have ports with the name http, which rules here name',
    ]);
    expect(diff([named], [named]).doubts).toEqual([]);
  });
});

test('a name is lost when the DNS servers are isolated for another port', () => {
  const asking = cnp(app('c'), { egress: [dns({ matchPattern: '*' }), { toFQDNs: [{ matchName: 'a.com' }], ...port(443) }] });
  const metrics = cnp({ matchLabels: { 'k8s-app': 'kube-dns' } }, { ingress: [{ fromEntities: ['all'], ...port(9153) }] }, 'kube-system');
  const { changes } = diff([asking], [asking, metrics]);
  const toName = changes.filter(({ witness }) => witness?.flow.includes('443') === true && witness.flow.includes('a.com'));
  expect(toName.map(({ is }) => is)).toEqual(['closed']);
});

test('where only the specification judges an endpoint, a default that closes is a change of its requests too', () => {
  const open = { enableDefaultDeny: { ingress: false } };
  const asking = cnp(app('web'), {
    ...open,
    ingress: [{ fromEndpoints: [app('c')], ...port(80, 'TCP', { rules: { http: [{ path: '/a' }] } }) }],
  });
  const secured = cnp(app('web'), { ...open, ingress: [{ fromEndpoints: [app('q')], authentication: { mode: 'required' } }] });
  const closing = cnp(app('web'), { ingress: [{ fromEndpoints: [app('zz')] }] });
  const { changes } = diff([asking, secured], [asking, secured, closing]);
  const texts = changes.map((one) => JSON.stringify(one));
  expect(texts.some((text) => text.includes('"rewritten"') && text.includes('80'))).toBe(true);
});

test('a namespace that is not given has the labels of one pod and of another one, so some pairs are never there', () => {
  const tenant = (name: string): JsonObject => ({
    matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'shop', 'k8s:io.cilium.k8s.namespace.labels.tenant': name },
  });
  const closed = ccnp({ endpointSelector: tenant('blue'), ingress: [{}] });
  const open = (name: string) => ccnp({ endpointSelector: tenant('blue'), ingress: [{ fromEndpoints: [tenant(name)] }] });
  expect(diff([closed], [closed, open('red')]).changes).toEqual([]);
  expect(diff([closed], [closed, open('blue')]).summary).toEqual({ opened: 1, closed: 0, rewritten: 0, undecided: 0 });
  // In two namespaces, each has its own.
  const elsewhere = { matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'bank', 'k8s:io.cilium.k8s.namespace.labels.tenant': 'red' } };
  const other = ccnp({ endpointSelector: tenant('blue'), ingress: [{ fromEndpoints: [elsewhere] }] });
  expect(diff([closed], [closed, other]).summary).toEqual({ opened: 1, closed: 0, rewritten: 0, undecided: 0 });
});

const l7 = (rules: JsonObject): JsonObject => port(80, 'TCP', { rules });
test.each<[string, JsonObject, JsonObject]>([
  [
    'the Secret that a header is compared with',
    l7({ http: [{ headerMatches: [{ name: 'x', secret: { namespace: 'shop', name: 'a' } }] }] }),
    l7({ http: [{ headerMatches: [{ name: 'x', secret: { namespace: 'shop', name: 'b' } }] }] }),
  ],
  ['a topic of Kafka', l7({ kafka: [{ role: 'produce', topic: 'a' }] }), l7({ kafka: [{ role: 'produce', topic: 'b' }] })],
  ['a rule of another parser', l7({ l7proto: 'memcache', l7: [{ opCode: 'get' }] }), l7({ l7proto: 'memcache', l7: [{ opCode: 'set' }] })],
  ['an authentication', { ...port(80), authentication: { mode: 'required' } }, port(80)],
])('%s may be told by no request, and is a change', (_, before, after) => {
  const [old, now] = [before, after].map((rule) => sourcesOf([cnp(app('web'), { ingress: [{ fromEndpoints: [app('c')], ...rule }] })]));
  const { summary, changes } = compare(old, now, { cilium: '1.18' });
  expect(summary).toEqual({ opened: 0, closed: 0, rewritten: 1, undecided: 0 });
  expect(changes[0].witness?.flow).toContain('--port 80');
  expect(compare(old, old, { cilium: '1.18' }).changes).toEqual([]);
});
