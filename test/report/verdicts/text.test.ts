/** Explanations, as people read them. */
import { parseFlow } from '../../../lib/read/flow';
import { readSources } from '../../../lib/read/read';
import { verdictText } from '../../../lib/report/verdicts/text';
import { Snapshot } from '../../../lib/snapshot/snapshot';
import { settingsOf } from '../../support/settings';

/** The text for a flow over policies; the first line of `policies` is line 1 of `net.yaml`. */
function told(policies: string, flow: object, names = {}, config = {}, cilium = '1.20', isExplained = true): string[] {
  const settings = settingsOf({ namespace: 'shop', names, config, cilium });
  const verdicts = new Snapshot(readSources([{ name: 'net.yaml', text: policies }], settings), settings).verdicts();
  const parsed = parseFlow(flow);
  if (!verdicts.ok || !parsed.ok) {
    throw new Error('the test asks what makes no sense');
  }
  const explanation = verdicts.value.explain(parsed.value);
  return explanation.ok ? verdictText(parsed.value, explanation.value, isExplained).trimEnd().split('\n') : [explanation.problem];
}

const DB = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: db }
spec:
  endpointSelector: { matchLabels: { app: db } }
  ingress:
    - fromEndpoints:
        - matchLabels: { app: web }
      toPorts:
        - ports:
            - { port: "5432", protocol: TCP }
    - fromEndpoints:
        - matchLabels: { app: backup, tier: ops }
  ingressDeny:
    - fromEndpoints:
        - matchLabels: { app: evil }
`;

const OPEN = '  egress of %: allowed: no rule matches, and the direction is not default-deny';
const NO_RULE = '    no rule selects it, and the direction is not default-deny';
const DEFAULT_DENY = '    default-deny because of net.yaml:7 (shop/db), net.yaml:12 (shop/db), net.yaml:15 (shop/db)';

test('an allow names the rule', () => {
  expect(told(DB, { from: 'labels:app=web@shop', to: 'labels:app=db@shop', port: 5432 })).toEqual([
    'allowed: labels:app=web@shop → labels:app=db@shop 5432/TCP',
    OPEN.replace('%', 'labels:app=web@shop'),
    NO_RULE,
    '  ingress of labels:app=db@shop: allowed: a rule allows it',
    DEFAULT_DENY,
    '    rules for the peer: net.yaml:8 (shop/db)',
    '    of these, for the traffic: net.yaml:11 (shop/db)',
    '    allowed by that rule',
  ]);
});

describe('without the steps, a side names the policies that decide it', () => {
  const sides = (policies: string, flow: object, config = {}) => told(policies, flow, {}, config, '1.20', false).slice(1);

  test.each([
    ['an allow', 'web', 'allowed: a rule allows it: net.yaml:7 (shop/db)'],
    ['a deny', 'evil', 'denied: a rule denies it: net.yaml:15 (shop/db)'],
    ['a default deny', 'x', 'denied: no rule allows it, and the direction is default-deny because of net.yaml:7 (shop/db)'],
  ])('%s', (_, app, side) => {
    expect(sides(DB, { from: `labels:app=${app}@shop`, to: 'labels:app=db@shop', port: 5432 })).toEqual([
      OPEN.replace('%', `labels:app=${app}@shop`),
      `  ingress of labels:app=db@shop: ${side}`,
    ]);
  });

  test('of many, the first three and a count', () => {
    const flow = { from: 'labels:app=x@shop', to: 'labels:app=db@shop', port: 80 };
    const copies = (count: number) => Array.from({ length: count }, (_, i) => DB.replace('name: db', `name: db${i}`)).join('---\n');
    const three = 'net.yaml:7 (shop/db0), net.yaml:24 (shop/db1), net.yaml:41 (shop/db2)';
    expect([3, 4, 6].map((count) => sides(copies(count), flow)[1].replace(/^.* because of /, ''))).toEqual([
      three,
      `${three} and 1 more policy`,
      `${three} and 3 more policies`,
    ]);
  });

  test('through a proxy, after the proxy', () => {
    const http = DB.replace('protocol: TCP }', 'protocol: TCP }\n          rules: { http: [{ method: GET }] }');
    expect(sides(http, { from: 'labels:app=web@shop', to: 'labels:app=db@shop', port: 5432 })[1]).toBe(
      '  ingress of labels:app=db@shop: allowed: a rule allows it, through the http proxy: net.yaml:7 (shop/db)',
    );
  });

  test.each([
    [
      'where no policy decides',
      { from: 'labels:app=x@shop', to: 'labels:app=y@shop', port: 80 },
      {},
      OPEN.replace('%', 'labels:app=x@shop'),
    ],
    [
      'where a setting decides',
      { from: 'labels:app=x@shop', to: 'labels:app=y@shop', port: 80 },
      { 'enable-policy': 'always' },
      '  egress of labels:app=x@shop: denied: no rule allows it, and the direction is default-deny',
    ],
    [
      'where no policy is evaluated',
      { from: 'entity:world', to: 'labels:app=y@shop', port: 80 },
      {},
      '  egress of entity:world: no policy is evaluated on this side',
    ],
  ])('%s, none', (_, flow, config, side) => {
    expect(sides(DB, flow, config)[0]).toBe(side);
  });
});

test.each([
  ['labels:app=web@shop', 80, 'net.yaml:11 (shop/db), but the traffic is 80/TCP, and the rule allows 5432/TCP'],
  ['labels:app=web@other', 5432, 'net.yaml:8 (shop/db), but namespace is `other`, and the rule allows `shop`'],
  ['labels:app=backup@shop', 22, 'net.yaml:13 (shop/db), but the peer has no label `tier`, and the rule allows `ops`'],
  ['labels:app=gateway@shop', 5432, 'net.yaml:8 (shop/db), but label `app` is `gateway`, and the rule allows `web`'],
])('from %s to port %d no rule matches, and the nearest is told', (from, port, nearest) => {
  expect(told(DB, { from, to: 'labels:app=db@shop', port }).at(-1)).toBe(`    nearest rule: ${nearest}`);
});

test('where policy is always enforced, what no rule is about is denied, and it is said why', () => {
  const flow = { from: 'labels:app=x@shop', to: 'labels:app=y@shop', port: 80 };
  expect(told(DB, flow, {}, { 'enable-policy': 'always' }).slice(1, 3)).toEqual([
    '  egress of labels:app=x@shop: denied: no rule allows it, and the direction is default-deny',
    '    no rule selects it; it is default-deny because `enable-policy` is `always`, or because the endpoint is `init`',
  ]);
});

test('from 1.20 on a rule that selects the kind of the peer is one for the peer', () => {
  const policy = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: p }
spec:
  endpointSelector: {}
  ingress:
    - fromEndpoints:
        - matchExpressions: [{ key: "reserved:world", operator: DoesNotExist }]
    - fromCIDR:
        - 203.0.113.0/24
      toPorts: [{ ports: [{ port: "1", protocol: TCP }] }]
`;
  expect(told(policy, { from: 'ip:203.0.113.5', to: 'labels:@shop', port: 80 }).slice(-3)).toEqual([
    '    rules for the peer: net.yaml:8 (shop/p), net.yaml:10 (shop/p)',
    '    of these, for the traffic: net.yaml:7 (shop/p)',
    '    allowed by that rule',
  ]);
});

test('in a text of one line, the path tells which rule is meant', () => {
  const rule = (app: string) => ({ fromEndpoints: [{ matchLabels: { app } }] });
  const policy = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'p' },
    spec: { endpointSelector: {}, ingress: [rule('a'), rule('b')] },
  };
  const flow = { from: 'labels:app=b@shop', to: 'labels:app=c@shop', port: 80 };
  expect(told(JSON.stringify(policy), flow).slice(-3)).toEqual([
    '    default-deny because of net.yaml:1 /spec/ingress/0 (shop/p), net.yaml:1 /spec/ingress/1 (shop/p)',
    '    rules for the peer: net.yaml:1 /spec/ingress/1/fromEndpoints/0 (shop/p)',
    '    allowed by that rule',
  ]);
});

test('in 1.18 what `fromRequires` requires of all rules is part of the explanation', () => {
  const policy = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: p }
spec:
  endpointSelector: {}
  ingress:
    - fromEndpoints:
        - matchLabels: { app: a }
    - fromRequires:
        - matchLabels: { tier: gold }
`;
  const flow = { from: 'labels:app=a@shop', to: 'labels:app=b@shop', port: 80 };
  expect(told(policy, flow, {}, {}, '1.18').slice(-2)).toEqual([
    '    rules for the peer: none',
    '    nearest rule: net.yaml:8 (shop/p), but the peer has no label `tier`, and the rule allows `gold`',
  ]);
});

test('a deny names the rule that denies', () => {
  expect(told(DB, { from: 'labels:app=evil@shop', to: 'labels:app=db@shop', port: 5432 }).slice(3)).toEqual([
    '  ingress of labels:app=db@shop: denied: a rule denies it',
    DEFAULT_DENY,
    '    rules for the peer: net.yaml:16 (shop/db)',
    '    denied by that rule',
  ]);
});

test('the node may enter, and what is no endpoint has no policy', () => {
  expect(told(DB, { from: 'entity:host', to: 'labels:app=db@shop', port: 80 }).slice(0, 3)).toEqual([
    'allowed: entity:host → labels:app=db@shop 80/TCP',
    '  egress of entity:host: no policy is evaluated on this side',
    '  ingress of labels:app=db@shop: allowed: a node may always connect to its own pods',
  ]);
});

const WEB = `apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: web }
spec:
  endpointSelector: { matchLabels: { app: web } }
  egress:
    - toFQDNs:
        - matchName: api.example.com
      toPorts:
        - ports:
            - { port: "443", protocol: TCP }
            - { port: "8000", endPort: 8080, protocol: TCP }
            - { port: http, protocol: TCP }
    - toCIDRSet:
        - { cidr: 10.0.0.0/8, except: [10.9.0.0/16] }
    - toEntities: [kube-apiserver]
`;

test.each([
  [
    { to: 'fqdn:api.example.com', port: 80 },
    'net.yaml:11 (web), but the traffic is 80/TCP, and the rule allows 443/TCP, 8000-8080/TCP, http/TCP',
  ],
  [{ to: 'ip:192.0.2.9', port: 443 }, 'net.yaml:8 (web), but the peer is not an address of `api.example.com`'],
  [{ to: 'ip:10.9.1.1', port: 22 }, 'net.yaml:15 (web), but the address is outside the CIDR, or in one of its `except` prefixes'],
  [
    { to: 'labels:app=db@shop', port: 22 },
    'net.yaml:15 (web), but the peer is in the cluster, and the CIDR matches only addresses outside it',
  ],
  [
    { to: 'labels:app=db@shop', protocol: 'ICMP', type: 8 },
    'net.yaml:15 (web), but the peer is in the cluster, and the CIDR matches only addresses outside it',
  ],
])('%j is denied, and the nearest rule is told', (flow, nearest) => {
  const names = { 'api.example.com': ['192.0.2.1'] };
  expect(told(WEB, { from: 'labels:app=web@shop', ...flow }, names)).toContain(`    nearest rule: ${nearest}`);
});

const BLOCK = 'toCIDR: [192.0.2.0/24]';
const GROUP = 'toCIDRSet: [{ cidrGroupRef: office }]';

test.each([
  ['an address', BLOCK, 'the address is outside the CIDR, or in one of its `except` prefixes', 'ip:198.51.100.1', ''],
  ['one of another block', BLOCK, 'the address is outside the CIDR, or in one of its `except` prefixes', 'ip:203.0.113.1', ''],
  ['a node that blocks match', BLOCK, 'the address is outside the CIDR, or in one of its `except` prefixes', 'node:n1', 'nodes'],
  ['a node', BLOCK, 'the peer is in the cluster, and the CIDR matches only addresses outside it', 'node:n1', ''],
  ['the host', BLOCK, 'the peer is in the cluster, and the CIDR matches only addresses outside it', 'entity:host', ''],
  ['an address', GROUP, 'the address is not in such a CIDR group', 'ip:198.51.100.1', ''],
  ['one of another block', GROUP, 'the address is not in such a CIDR group', 'ip:203.0.113.1', ''],
  ['the host', GROUP, 'the peer is in the cluster, and CIDR groups match only addresses outside it', 'entity:host', ''],
  ['a pod', GROUP, 'the peer is in the cluster, and CIDR groups match only addresses outside it', 'labels:app=db@shop', ''],
])('%s is not taken by %s: %s', (_, peer, difference, to, mode) => {
  const policies = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: a }
spec: { endpointSelector: { matchLabels: { app: web } }, egress: [{ ${peer} }] }
---
apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: b }
spec: { endpointSelector: { matchLabels: { app: other } }, egress: [{ toCIDR: [203.0.113.0/24] }] }
---
{ apiVersion: v1, kind: Node, metadata: { name: n1 }, status: { addresses: [{ type: InternalIP, address: 198.51.100.9 }] } }
`;
  const flow = { from: 'labels:app=web@shop', to, port: 80 };
  const path = `/spec/egress/0/${peer === BLOCK ? 'toCIDR' : 'toCIDRSet'}/0`;
  expect(told(policies, flow, {}, { 'policy-cidr-match-mode': mode })).toContain(
    `    nearest rule: net.yaml:4 ${path} (shop/a), but ${difference}`,
  );
});

const OTHER = '{ key: io.kubernetes.pod.namespace, operator: Exists }';

/** What a peer differs in from the only rule of egress. */
function toldOfPeer(rule: string, to: string, config = {}): string | undefined {
  const policy = `apiVersion: cilium.io/v2
kind: CiliumClusterwideNetworkPolicy
metadata: { name: a }
spec: { endpointSelector: { matchLabels: { app: web } }, egress: [{ ${rule} }] }
`;
  const nearest = /^ {4}nearest rule: net\.yaml:4 \/spec\/egress\/0\/\S+ \(a\), but /;
  return told(policy, { from: 'labels:app=web@shop', to, port: 80 }, {}, { 'enable-node-selector-labels': 'true', ...config })
    .find((line) => nearest.test(line))
    ?.replace(nearest, '');
}

const PEER = 'labels:app=db@other';

test.each([
  ['In, values: [web, api]', 'label `app` is `db`, and the rule allows `web` or `api`'],
  ['NotIn, values: [db]', 'label `app` is `db`, which the rule excludes'],
  ['DoesNotExist', 'label `app` is `db`, which the rule excludes'],
])('a peer with the label differs from { key: app, operator: %s }: %s', (requirement, difference) => {
  expect(toldOfPeer(`toEndpoints: [{ matchExpressions: [{ key: app, operator: ${requirement} }, ${OTHER}] }]`, PEER)).toBe(difference);
});

test.each([
  ['{ key: tier, operator: In, values: [web] }', 'the peer has no label `tier`, and the rule allows `web`'],
  ['{ key: tier, operator: Exists }', 'the peer has no label `tier`'],
  ['{ key: io.kubernetes.pod.namespace, operator: NotIn, values: [other] }', 'namespace is `other`, which the rule excludes'],
  [
    '{ key: io.cilium.k8s.namespace.labels.env, operator: In, values: [prod] }',
    'the peer has no namespace label `env`, and the rule allows `prod`',
  ],
  ['{ key: io.cilium.k8s.policy.serviceaccount, operator: In, values: [web] }', 'service account is `default`, and the rule allows `web`'],
  ['{ key: io.cilium.k8s.policy.cluster, operator: In, values: [east] }', 'cluster is `default`, and the rule allows `east`'],
])('a pod differs from %s: %s', (requirement, difference) => {
  expect(toldOfPeer(`toEndpoints: [{ matchExpressions: [${requirement}, ${OTHER}] }]`, PEER)).toBe(difference);
});

test.each([
  ['toEntities: [host]', PEER, 'the peer is not `host`'],
  ['toEndpoints: [{ matchExpressions: [{ key: "reserved:host", operator: Exists }] }]', PEER, 'the peer is not `host`'],
  ['toNodes: [{ matchExpressions: [{ key: "reserved:host", operator: DoesNotExist }] }]', 'entity:host', 'the peer is `host`'],
  ['toNodes: [{ matchExpressions: [{ key: "reserved:host", operator: NotIn, values: [""] }] }]', 'entity:host', 'the peer is `host`'],
])('by %s, %s differs: %s', (peer, to, difference) => {
  expect(toldOfPeer(peer, to)?.split('; ')).toContain(difference);
});

test.each([
  ['toPorts: [{ ports: [{ port: "80", endPort: 90, protocol: UDP }] }]', '80-90/UDP'],
  ['toPorts: [{ ports: [{ port: "80", endPort: 80, protocol: UDP }] }]', '80/UDP'],
  ['toPorts: [{ ports: [{ port: "0", protocol: UDP }] }]', 'UDP'],
  ['toPorts: [{ ports: [{ port: http, protocol: UDP }] }]', 'http/UDP'],
  ['toPorts: [{ ports: [{ port: "0", protocol: GRE }] }]', 'GRE'],
  ['icmps: [{ fields: [{ type: 8 }, { type: EchoRequest }, { family: IPv6, type: 128 }] }]', 'ICMP 8, ICMPv6 128'],
])('what %s takes is told as %s', (traffic, text) => {
  const config = { 'enable-extended-ip-protocols': 'true' };
  expect(toldOfPeer(`toEndpoints: [{ matchExpressions: [${OTHER}] }], ${traffic}`, PEER, config)).toBe(
    `the traffic is 80/TCP, and the rule allows ${text}`,
  );
});

/** Two policies of requests, both allowed on the connection. */
const API = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: api }
spec:
  endpointSelector: { matchLabels: { app: api } }
  ingress:
    - {}
    - toPorts:
        - ports:
            - { port: "80", protocol: TCP }
          rules:
            http:
              - { method: PUT, path: /avatar, headers: ["X-Key: 1"] }
              - { method: GET, path: "/public.*", host: api.example.com, headerMatches: [{ name: X-Role, value: admin }] }
    - toPorts:
        - ports: [{ port: "443", protocol: TCP }]
          serverNames:
            - a.example.com
            - "*.example.org"
  egress:
    - toPorts:
        - ports: [{ port: "53", protocol: UDP }]
          rules:
            dns:
              - matchName: a.example.com
              - matchPattern: "*.example.org"
`;

const admin = { 'X-Role': 'admin' };

test.each([
  [{ method: 'GET', path: '/secret', host: 'api.example.com', headers: admin }, 'path is `/secret`, and the rule allows `/public.*`'],
  [{ method: 'POST', path: '/avatar', headers: { 'X-Key': '1' } }, 'method is `POST`, and the rule allows `PUT`'],
  [{ method: 'PUT', path: '/avatar' }, 'the request has no header `X-Key: 1`'],
  [{ method: 'GET', path: '/public', host: 'other', headers: admin }, 'host is `other`, and the rule allows `api.example.com`'],
  [{ method: 'GET', path: '/public', host: 'api.example.com' }, 'the request has no header `X-Role: admin`'],
  // As near to both: the first.
  [
    { method: 'PATCH', path: '/public', host: 'api.example.com', headers: { 'X-Key': '1' } },
    'method is `PATCH`, and the rule allows `PUT`; path is `/public`, and the rule allows `/avatar`',
  ],
])('the request %j is denied, and the condition that comes nearest is told', (http, difference) => {
  expect(told(API, { from: 'entity:world', to: 'labels:app=api@shop', port: 80, http })).toEqual([
    `denied, ${http.method} ${http.path} denied: entity:world → labels:app=api@shop 80/TCP`,
    '  egress of entity:world: no policy is evaluated on this side',
    '  ingress of labels:app=api@shop: allowed: a rule allows it, through the http proxy',
    '    default-deny because of net.yaml:7 (shop/api), net.yaml:8 (shop/api), net.yaml:15 (shop/api)',
    '    rules for the peer: net.yaml:8 (shop/api), net.yaml:15 (shop/api)',
    '    of these, for the traffic: net.yaml:10 (shop/api)',
    '    allowed by that rule',
    '    the request is denied: no rule allows it',
    `    nearest rule: net.yaml:${http.method === 'GET' || http.path === '/secret' ? 14 : 13} (shop/api), but ${difference}`,
  ]);
});

test('names that no rule takes are told with those that it takes', () => {
  const sni = { from: 'entity:world', to: 'labels:app=api@shop', port: 443, sni: 'b.example.com' };
  const dns = { from: 'labels:app=api@shop', to: 'entity:world', port: 53, protocol: 'UDP', dns: 'b.example.com' };
  expect(told(API, sni).at(-1)).toBe(
    '    nearest rule: net.yaml:18 (shop/api), but the server name is `b.example.com`, and the rule allows `a.example.com` or `*.example.org`',
  );
  expect(told(API, dns)).toContain(
    '    nearest rule: net.yaml:25 (shop/api), but the name is `b.example.com`, and the rule allows `a.example.com` or `*.example.org`',
  );
});

test('a request that a rule takes needs no nearest one, and what no policy can tell is said', () => {
  const http = { method: 'GET', path: '/public', host: 'api.example.com', headers: admin };
  const flow = { from: 'entity:world', to: 'labels:app=api@shop', port: 80 };
  expect(told(API, { ...flow, http }).at(-1)).toBe('    allowed by that rule');
  expect(told(API, { ...flow, sni: 'a.example.com' }).at(-1)).toBe(
    '    the request is unknown: policies do not say how this proxy decides',
  );
});

test('a request is unknown where Envoy refuses a pattern of the endpoint, and the pattern is named', () => {
  const malformed = API.replace('host: api.example.com', 'host: "*.example.com"');
  const http = { method: 'PUT', path: '/avatar', headers: { 'X-Key': '1' } };
  expect(malformed).not.toBe(API);
  expect(told(malformed, { from: 'entity:world', to: 'labels:app=api@shop', port: 80, http }).at(-1)).toBe(
    '    the request is unknown: Envoy rejects the policy of the endpoint: Envoy cannot compile host `*.example.com`, in net.yaml:14 (shop/api)',
  );
});

test('a rule that takes nobody is never the nearest, and one that takes the peer is nearer than one that takes the port', () => {
  const policy = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: p }
spec:
  endpointSelector: {}
  ingress:
    - {}
    - fromEndpoints: [{ matchLabels: { app: a } }]
      toPorts: [{ ports: [{ port: "80", protocol: TCP }] }]
    - fromEndpoints: [{ matchLabels: { app: b } }]
      toPorts: [{ ports: [{ port: "81", protocol: TCP }] }]
`;
  const flow = { from: 'labels:app=b@shop', to: 'labels:app=c@shop', port: 80 };
  expect(told(policy, flow).at(-1)).toBe(
    '    nearest rule: net.yaml:11 /spec/ingress/2/toPorts/0/ports/0 (shop/p), but the traffic is 80/TCP, and the rule allows 81/TCP',
  );
  expect(told(policy.replace(/ {4}- from[^]*/, ''), flow).at(-1)).toBe('    rules for the peer: none');
});

test('policies that do not resolve are told, and the rules that are in conflict', () => {
  const conflict = (l7: string) =>
    `    - toEndpoints: [{ matchLabels: { app: b } }]\n      toPorts: [{ ports: [{ port: "53", protocol: TCP }], rules: { ${l7} } }]\n`;
  const both = WEB.replace(/egress:[^]*/, `egress:\n${conflict('http: [{ method: GET }]')}${conflict('dns: [{ matchPattern: "*" }]')}`);
  expect(told(both, { from: 'labels:app=web@shop', to: 'labels:app=b@shop', port: 53 }).slice(0, 2)).toEqual([
    'unknown: labels:app=web@shop → labels:app=b@shop 53/TCP',
    '  egress of labels:app=web@shop: unknown: the policy does not resolve: cannot merge conflicting L7 parsers (http/dns): net.yaml:7 (web), net.yaml:9 (web)',
  ]);
});

const SHOP = `${DB}---
apiVersion: v1
kind: Service
metadata: { name: db }
spec: { selector: { store: main }, ports: [{ port: 5432 }] }
`;

function stored(name: string, app: string): string {
  return `---\napiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${app}, store: main } }\nspec: { containers: [] }\n`;
}

test('of a service, the steps are under the backends that they are of', () => {
  const policies = SHOP + stored('db-1', 'db') + stored('db-2', 'db') + stored('old', 'old');
  expect(told(policies, { from: 'labels:app=x@shop', to: 'service:shop/db', port: 5432 })).toEqual([
    'unknown: labels:app=x@shop → service:shop/db 5432/TCP',
    '  service:shop/db: backends shop/db-1 port 5432, shop/db-2 port 5432, shop/old port 5432',
    OPEN.replace('%', 'labels:app=x@shop'),
    NO_RULE,
    '  ingress of service:shop/db: unknown: it depends on the backend that is chosen',
    '    to shop/db-1 port 5432, shop/db-2 port 5432: denied: no rule allows it, and the direction is default-deny',
    `  ${DEFAULT_DENY}`,
    '      rules for the peer: none',
    '      nearest rule: net.yaml:8 (shop/db), but label `app` is `x`, and the rule allows `web`',
    '    to shop/old port 5432: allowed: no rule matches, and the direction is not default-deny',
    `  ${NO_RULE}`,
    '      nearest policy: net.yaml:5 (shop/db), but label `app` is `old`, and it selects `db`',
  ]);
});

test('of a service, what is the same for all backends is told once', () => {
  const policies = SHOP + stored('db-1', 'db') + stored('db-2', 'db');
  expect(told(policies, { from: 'labels:app=web@shop', to: 'service:shop/db', port: 5432 }).slice(4)).toEqual([
    '  ingress of service:shop/db: allowed: a rule allows it',
    DEFAULT_DENY,
    '    rules for the peer: net.yaml:8 (shop/db)',
    '    of these, for the traffic: net.yaml:11 (shop/db)',
    '    allowed by that rule',
  ]);
});

describe('an end that is written as something else is told as what it was taken for', () => {
  const cluster = `${SHOP.replace('ports: [{ port: 5432', 'clusterIP: 10.96.0.1, ports: [{ port: 5432')}${stored('db-1', 'db')}status: { podIP: 10.0.0.1 }
---
apiVersion: v1
kind: Node
metadata: { name: n1 }
status: { addresses: [{ type: InternalIP, address: 192.0.2.1 }] }
`;
  const names = {
    'api.example.com': ['198.51.100.1', '198.51.100.2'],
    'one.example.com': ['198.51.100.1'],
    'db.example.com': ['10.96.0.1'],
  };

  test.each<[string, string | undefined]>([
    ['fqdn:api.example.com', 'address 198.51.100.1, the first of 2'],
    ['fqdn:one.example.com', 'address 198.51.100.1'],
    ['fqdn:db.example.com', 'address 10.96.0.1; Service shop/db; backend shop/db-1 port 5432'],
    ['ip:10.96.0.1', 'Service shop/db; backend shop/db-1 port 5432'],
    ['ip:10.0.0.1', 'pod shop/db-1'],
    ['ip:192.0.2.1', 'node n1'],
    ['ip:198.51.100.1', undefined],
    ['shop/db-1', undefined],
    ['entity:world', undefined],
    ['labels:app=db,pod-template-hash=1@shop', 'not in its identity: label `pod-template-hash`'],
  ])('%s: %s', (to, taken) => {
    const lines = told(cluster, { from: 'labels:app=web@shop', to, port: 5432 }, names);
    expect(lines.slice(1, 2)).toEqual([taken === undefined ? OPEN.replace('%', 'labels:app=web@shop') : `  ${to}: ${taken}`]);
  });

  test('the source too, and the pods of an owner', () => {
    const owned = (name: string) => stored(name, 'web').replace('labels:', 'ownerReferences: [{ kind: StatefulSet, name: web }], labels:');
    const flow = { from: 'shop/web', to: 'ip:10.0.0.1', port: 5432 };
    expect(told(cluster + owned('web-0') + owned('web-1'), flow).slice(0, 3)).toEqual([
      'allowed: shop/web → ip:10.0.0.1 5432/TCP',
      '  shop/web: pods shop/web-0, shop/web-1; the steps are those of shop/web-0',
      '  ip:10.0.0.1: pod shop/db-1',
    ]);
  });
});

describe('a policy that nearly selects the endpoint is told', () => {
  const policy = (namespace: string, labels: string, more = '') => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: p, namespace: ${namespace} }
spec:
  endpointSelector: { matchLabels: { ${labels} } }
  ingress:
    - fromEndpoints: [{ matchLabels: { app: web, "k8s:io.kubernetes.pod.namespace": shop } }]
${more}`;
  const flow = { from: 'labels:app=web@shop', to: 'labels:app=checkout@shop', port: 80 };

  test.each([
    ['by a slip in a value', policy('shop', 'app: chekout'), 'label `app` is `checkout`, and it selects `chekout`'],
    ['by a slip in a key', policy('shop', 'ap: checkout'), 'the endpoint has no label `ap`, and it selects `checkout`'],
    ['by another label', policy('shop', 'app: checkout, tier: x'), 'the endpoint has no label `tier`, and it selects `x`'],
    ['by its namespace', policy('shopp', 'app: checkout'), 'namespace is `shop`, and it selects `shopp`'],
  ])('that no policy selects: %s', (_, policies, differs) => {
    expect(told(policies, flow).slice(-2)).toEqual([
      NO_RULE,
      `    nearest policy: net.yaml:5 (${/namespace: (\w+)/.exec(policies)![1]}/p), but ${differs}`,
    ]);
  });

  test.each([
    ['two requirements', policy('other', 'app: chekout')],
    [
      'a label alone that is quite another',
      policy('shop', 'app: queue')
        .replace(/CiliumN/, 'CiliumClusterwideN')
        .replace(', namespace: shop', ''),
    ],
    ['the other direction', policy('shop', 'app: chekout').replace('ingress:', 'egress:').replace('fromE', 'toE')],
  ])('but not for %s', (_, policies) => {
    expect(told(policies, { ...flow, from: 'labels:app=x@shop' }).at(-1)).toBe(NO_RULE);
  });

  test('where policies select it, if a rule of the other one matches the flow', () => {
    const closed =
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: closed }\nspec: { endpointSelector: {}, ingress: [{}] }\n---\n';
    expect(told(closed + policy('shop', 'app: chekout'), flow).at(-1)).toBe(
      '    nearest policy: net.yaml:10 (shop/p), but label `app` is `checkout`, and it selects `chekout`',
    );
    expect(told(closed + policy('shop', 'app: chekout'), { ...flow, from: 'labels:app=x@shop' }).at(-1)).toBe(
      '    rules for the peer: none',
    );
  });

  test('of several, one that matches the flow, then a slip', () => {
    const two = (first: string, second: string) => `${policy('shop', first)}---\n${policy('shop', second)}`;
    const port = `      toPorts: [{ ports: [{ port: "81", protocol: TCP }] }]\n`;
    expect(told(two('app: queue', 'app: chekout'), flow).at(-1)).toContain('`chekout`');
    expect(told(`${policy('shop', 'app: chekout', port)}---\n${policy('shop', 'app: queue')}`, flow).at(-1)).toContain('`queue`');
  });

  test('and never where policies are off', () => {
    expect(told(policy('shop', 'app: chekout'), flow, {}, { 'enable-policy': 'never' }).at(-1)).toBe(NO_RULE);
  });
});

test('a rule of services of which there is none is told to be about everybody', () => {
  const policy = `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: { name: web }
spec:
  endpointSelector: { matchLabels: { app: web } }
  egress:
    - toServices: [{ k8sService: { serviceName: dbb, namespace: shop } }]
      toPorts: [{ ports: [{ port: "5432", protocol: TCP }] }]
`;
  expect(told(SHOP + '---\n' + policy, { from: 'labels:app=web@shop', to: 'entity:world', port: 5432 }).slice(1, 7)).toEqual([
    '  egress of labels:app=web@shop: allowed: a rule allows it',
    '    default-deny because of net.yaml:29 (shop/web)',
    '    rules for the peer: net.yaml:29 (shop/web)',
    '    for every peer, because Cilium finds none of the Services: net.yaml:29 (shop/web)',
    '    of these, for the traffic: net.yaml:30 /spec/egress/0/toPorts/0/ports/0 (shop/web)',
    '    allowed by that rule',
  ]);
});
