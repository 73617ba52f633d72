/** Names and their look-ups over all policies: CIL405 to CIL409. */
import { MINORS } from '../../lib/crd/minor';
import { check } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';
import { app, ccnp, cnp, dns, foundIn, netpol, saidIn, tcp } from '../support/policies';

const names = (...patterns: readonly string[]): JsonObject => ({
  toFQDNs: patterns.map((pattern) => (pattern.includes('*') ? { matchPattern: pattern } : { matchName: pattern })),
});
const web = (...egress: readonly JsonObject[]): JsonObject => cnp('web', { egress });
/** A DNS rule of other pods. */
const OTHERS = cnp('others', { endpointSelector: app('other'), egress: [dns('*')] });
const found = (...objects: readonly JsonObject[]): string[] => foundIn(objects, 'CIL40');

test.each<[string, string, string, boolean]>([
  ['its own name', 'api.example.com', 'api.example.com', true],
  ['its own name in capitals and with a final dot', 'API.example.com', 'api.example.com.', true],
  ['every name', 'api.example.com', '*', true],
  ['a pattern that it matches', 'api.example.com', '*.example.com', true],
  ['the pattern of its subdomains', 'example.com', '*.example.com', false],
  ['a pattern with one label less', 'a.b.example.com', '*.example.com', false],
  ['another name', 'api.example.com', 'www.example.com', false],
  ['some of the names of a pattern', '*.example.com', 'api.example.com', true],
  ['none of the names of a pattern', '*.example.com', 'api.example.org', false],
  ['patterns of which some names are the same', 'a*.example.com', '*b.example.com', true],
])('a DNS rule lets pass %s', (_, name, pattern, isLet) => {
  expect(found(web(dns(pattern), names(name)))).toEqual(isLet ? [] : ['CIL405 web /spec/egress/1/toFQDNs/0']);
});

test('up to 1.18, two stars at the beginning are one label', () => {
  const objects = [web(dns('**.example.com'), names('a.b.example.com'))];
  expect(MINORS.map((cilium) => foundIn(objects, 'CIL405', { cilium }).length)).toEqual([1, 0, 0]);
});

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['for every pod', [ccnp('dns', { egress: [dns('*')] })], []],
  ['for every pod of the namespace', [cnp('dns', { endpointSelector: {}, egress: [dns('*')] })], []],
  [
    'for pods with another label, which may be the same pods',
    [cnp('dns', { endpointSelector: { matchLabels: { dns: 'yes' } }, egress: [dns('*')] })],
    [],
  ],
  ['for other pods', [cnp('dns', { endpointSelector: app('db'), egress: [dns('*')] })], ['CIL406 web /spec/egress/0/toFQDNs/0']],
  ['in another namespace', [cnp('dns', { endpointSelector: {}, egress: [dns('*')] }, 'other')], ['CIL406 web /spec/egress/0/toFQDNs/0']],
  ['for nodes', [ccnp('dns', { nodeSelector: {}, egress: [{ toEntities: ['all'] }] })], ['CIL408 web /spec/egress/0/toFQDNs/0']],
  [
    'in a policy that is rejected only as long as a value is missing',
    [cnp('dns', { egress: [dns('${NAME}'), { toCIDR: ['${NET}', '1.2.3.4/33'] }] })],
    [],
  ],
  ['nowhere', [], ['CIL408 web /spec/egress/0/toFQDNs/0']],
  ['for every pod and other names', [ccnp('dns', { egress: [dns('*.example.org')] })], ['CIL405 web /spec/egress/0/toFQDNs/0']],
  [
    'for some pods and the name, and for every pod and other names',
    [
      ccnp('dns', { egress: [dns('*.example.org')] }),
      cnp('more', { endpointSelector: { matchLabels: { dns: 'yes' } }, egress: [dns('*')] }),
    ],
    [],
  ],
  ['without the DNS proxy', [ccnp('dns', { egress: [dns()] })], ['CIL408 dns /spec/egress/0/toPorts/0/ports/0']],
  [
    'without the DNS proxy, and with it for others',
    [ccnp('dns', { egress: [dns()] }), OTHERS],
    ['CIL407 dns /spec/egress/0/toPorts/0/ports/0'],
  ],
  [
    'without the DNS proxy, in a NetworkPolicy',
    [netpol('dns', { egress: [{ ports: [{ port: 53, protocol: 'UDP' }] }] }), OTHERS],
    ['CIL407 dns /spec/egress/0/ports/0'],
  ],
  ['without the DNS proxy for some, and with it for every pod', [web(dns()), ccnp('dns', { egress: [dns('*')] })], []],
])('a name is allowed, and DNS %s', (_, others, expected) => {
  expect(found(cnp('web', { egress: [names('api.example.com')] }), ...others)).toEqual(expected);
});

test('each rule without a DNS rule is reported once, each name that is refused on its own', () => {
  const others = [cnp('dns', { endpointSelector: app('db'), egress: [dns('*')] })];
  expect(found(web(names('a.example.com', 'b.example.com'), names('c.example.com')), ...others)).toEqual([
    'CIL406 web /spec/egress/0/toFQDNs/0',
    'CIL406 web /spec/egress/1/toFQDNs/0',
  ]);
  expect(found(web(dns('x.example.com'), names('a.example.com', 'b.example.com')))).toEqual([
    'CIL405 web /spec/egress/1/toFQDNs/0',
    'CIL405 web /spec/egress/1/toFQDNs/1',
  ]);
});

test('that no policy has a DNS rule is reported once', () => {
  const other = cnp('other', { endpointSelector: app('db'), egress: [names('b.example.com')] });
  expect(found(web(names('a.example.com')), other)).toEqual(['CIL408 web /spec/egress/0/toFQDNs/0']);
});

test('names that close nothing need no look-up', () => {
  const open = { enableDefaultDeny: { egress: false }, egress: [names('api.example.com')] };
  expect(found(cnp('web', open), cnp('dns', { endpointSelector: app('db'), egress: [dns('*')] }))).toEqual([]);
  expect(
    found(cnp('web', open), cnp('dns', { endpointSelector: app('db'), egress: [dns('*')] }), ccnp('closed', { egress: [{}] })),
  ).toEqual(['CIL406 web /spec/egress/0/toFQDNs/0']);
});

test('a DNS rule with a placeholder may let every name pass', () => {
  expect(found(web(dns('*.${DOMAIN}'), names('api.example.com')))).toEqual([]);
  expect(found(web(names('api.example.com')), cnp('dns', { endpointSelector: app('${NAME}'), egress: [dns('*')] }))).toEqual([]);
});

test('nothing is said while a part of what is given cannot be read', () => {
  const own = { name: 'web.json', text: JSON.stringify(web(dns('x.example.com'), names('api.example.com'))) };
  const template = { name: 'chart.yaml', text: '{{ range .Values.all }}\nkind: CiliumNetworkPolicy\n{{ end }}\n' };
  expect(check([own]).map(({ code }) => code)).toEqual(['CIL405']);
  expect(check([own, template]).map(({ code }) => code)).toEqual(['CIL003']);
});

test('specs of one policy count as policies', () => {
  const { apiVersion, kind, metadata, spec } = web(names('api.example.com')) as Record<string, JsonObject>;
  const specs = [spec, { endpointSelector: app('web'), egress: [dns('*.example.org')] }];
  expect(found({ apiVersion, kind, metadata, specs })).toEqual(['CIL405 web /specs/0/egress/0/toFQDNs/0']);
});

test.each<[string, readonly JsonObject[], boolean]>([
  ['to a workload', [{ toEndpoints: [app('db')] }], true],
  ['to a workload on a port', [{ toEndpoints: [app('db')], toPorts: tcp('5432') }], true],
  ['to the whole namespace of DNS', [{ toEndpoints: [{ matchLabels: { 'io.kubernetes.pod.namespace': 'kube-system' } }] }], false],
  ['to the cluster', [{ toEntities: ['cluster'] }], false],
  ['nowhere', [{}], false],
  ['to a workload and DNS', [{ toEndpoints: [app('db')] }, dns()], false],
  [
    'to a range of ports with that of DNS',
    [{ toEndpoints: [app('db')], toPorts: [{ ports: [{ port: '1', endPort: 100, protocol: 'ANY' }] }] }],
    false,
  ],
])('pods whose egress leads %s, beside others that may use DNS', (_, egress, isReported) => {
  const others = cnp('dns', { endpointSelector: app('db'), egress: [dns()] });
  expect(found(web(...egress), others)).toEqual(isReported ? ['CIL409 web /spec/egress/0'] : []);
});

test.each<[string, readonly JsonObject[], boolean]>([
  ['one label for each star', [web(dns('*.*.svc.cluster.local'))], true],
  ['two stars, since 1.19', [web(dns('*.*.svc.cluster.local', '**.cluster.local'))], false],
  ['every name, for more pods', [web(dns('*.*.svc.cluster.local')), ccnp('dns', { egress: [dns('*')] })], false],
  ['names of one Service', [web(dns('db.shop.svc.cluster.local'))], false],
  ['names outside of the cluster', [web(dns('*.*.example.com'))], false],
])('look-ups with a search domain beside patterns with %s', (_, objects, isRefused) => {
  expect(foundIn(objects, 'CIL419')).toEqual(isRefused ? ['CIL419 web /spec/egress/0/toPorts/0/rules/dns/0'] : []);
});

test('the findings say what to do', () => {
  const forOthers = cnp('dns', { endpointSelector: app('db'), egress: [dns('*')] });
  const said = (code: string, ...objects: readonly JsonObject[]) => saidIn(objects, code);
  expect([
    ...said('CIL405', web(dns('x.example.com'), names('api.example.com'))),
    ...said('CIL406', web(names('api.example.com')), forOthers),
    ...said('CIL407', web(dns(), names('api.example.com')), forOthers),
    ...said('CIL408', web(names('api.example.com'))),
    ...said('CIL408', web(dns(), names('api.example.com'))),
    ...said('CIL409', web({ toEndpoints: [app('db')] }), forOthers),
    ...said('CIL419', web(dns('*.*.svc.cluster.local'))),
  ]).toEqual([
    'no DNS rule of these pods lets a look-up of `api.example.com` pass | add it to `rules.dns` of `egress[0]` of this policy',
    'no DNS rule applies to these pods, so the DNS proxy sees no look-up of `api.example.com` | allow port 53 of the resolver for them, with `rules.dns`',
    'the DNS proxy sees no look-ups of these pods, so they teach it no address of `api.example.com`, which `egress[1]` of CiliumNetworkPolicy `web` allows | add `rules.dns` with the names, or with `matchPattern: "*"`',
    'no given policy has a DNS rule, and without one `api.example.com` never has an address | check the policies of the cluster together, or allow port 53 of the resolver with `rules.dns`',
    'no given policy has a DNS rule, and without one `api.example.com` never has an address | check the policies of the cluster together, or add `rules.dns` here',
    'egress of these pods is closed for DNS (port 53), so they cannot ask for names | allow port 53 of the resolver for them',
    '`*.*.svc.cluster.local` refuses look-ups with a search domain, such as `web.shop.shop.svc.cluster.local` | allow `*`, or since 1.19 `**.cluster.local`, or let clients ask with a final dot',
  ]);
});
