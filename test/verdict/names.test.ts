/** Names: whether an address that only a name admits can be reached, by what becomes of the look-ups. */
import { verdictReply } from '../../lib/cli/verdict-request';
import { compileObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

function policy(name: string, egress: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  const spec = { endpointSelector: { matchLabels: { app: 'a' } }, egress, ...more };
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name }, spec };
}

function dns(peer: JsonObject, names: readonly JsonObject[] | undefined, port = '53'): JsonObject {
  const rules = names === undefined ? {} : { rules: { dns: names } };
  return { ...peer, toPorts: [{ ports: [{ port, protocol: 'ANY' }], ...rules }] };
}

const KUBE_DNS = { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }] };
const LOCAL_DNS = { toCIDR: ['169.254.20.10/32'] };
const API = { toFQDNs: [{ matchName: 'api.example.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] };
const EVERY_NAME = [{ matchPattern: '*' }];

const SERVER: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'kube-system', name: 'coredns', labels: { 'k8s-app': 'kube-dns' } },
  spec: { containers: [{ name: 'c', ports: [{ name: 'dns', containerPort: 5353, protocol: 'UDP' }] }] },
};

/** The egress side of a flow, with what is missing if it is unknown. */
function egress(objects: readonly JsonObject[], to = 'fqdn:api.example.com', more: JsonObject = {}): string {
  const flows = [{ from: 'labels:app=a@shop', to, port: 443 }];
  const reply = verdictReply({ cilium: '1.20', objects, flows, learn: true, ...more });
  const [one] = reply.ok ? (reply.value.answers ?? []) : [];
  if (one === undefined || 'error' in one) {
    return JSON.stringify(one ?? reply);
  }
  const { decision, reason, missing } = one.egress;
  return `${decision}${reason === null ? '' : `/${reason}`}${missing === undefined ? '' : `: ${missing}`}${one.differsIn === undefined ? '' : `, but in ${one.differsIn.join()}`}`;
}

const BESIDE = 'unknown: whether another pod of the node looks up `api.example.com`: the query passes beside the DNS proxy';
const OTHER = 'unknown: whether a query for `api.example.com` passes the DNS proxy';

test.each<[string, readonly JsonObject[], string]>([
  ['no rule for DNS', [policy('p', [API])], 'denied/not-learnable'],
  ['a rule for DNS through the proxy', [policy('p', [API, dns(KUBE_DNS, EVERY_NAME)])], 'allowed/rule'],
  ['one in another policy', [policy('p', [API]), policy('q', [dns(KUBE_DNS, EVERY_NAME)])], 'allowed/rule'],
  ['one for this name', [policy('p', [API, dns(KUBE_DNS, [{ matchName: 'api.example.com' }])])], 'allowed/rule'],
  ['one for another name', [policy('p', [API, dns(KUBE_DNS, [{ matchName: 'other.example.com' }])])], 'denied/not-learnable'],
  ['one beside the proxy', [policy('p', [API, dns(KUBE_DNS, undefined)])], BESIDE],
  ['one to an address on the node, beside the proxy', [policy('p', [API, dns(LOCAL_DNS, undefined)])], BESIDE],
  ['one to an address on the node', [policy('p', [API, dns(LOCAL_DNS, EVERY_NAME)])], 'allowed/rule'],
  [
    'one for the port of the Service, where the pod has another',
    [policy('p', [API, dns(KUBE_DNS, EVERY_NAME)]), SERVER],
    'denied/not-learnable',
  ],
  ['one for another server than the listed one', [policy('p', [API, dns(LOCAL_DNS, EVERY_NAME)]), SERVER], OTHER],
  ['one for the port of the pod', [policy('p', [API, dns(KUBE_DNS, EVERY_NAME, '5353')]), SERVER], 'allowed/rule'],
  ['a rule that denies DNS', [policy('p', [API, dns(KUBE_DNS, EVERY_NAME)], { egressDeny: [KUBE_DNS] })], 'denied/not-learnable'],
  ['a rule for all of the cluster', [policy('p', [API, { toEntities: ['cluster'] }])], BESIDE],
])('with %s', (_, objects, expected) => {
  expect(egress(objects)).toBe(expected);
});

test('the DNS server must take the query from the pod', () => {
  const objects = [policy('p', [API, dns(KUBE_DNS, EVERY_NAME)])];
  const server = (ingress: JsonObject): JsonObject => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { namespace: 'kube-system', name: 'dns' },
    spec: { endpointSelector: {}, ingress: [ingress] },
  });
  const opaque = { config: { 'dnsproxy-enable-transparent-mode': 'false' } };

  expect(egress([...objects, server({})])).toBe('denied/not-learnable');
  expect(egress([...objects, server({ fromEntities: ['cluster'] })])).toBe('allowed/rule');
  expect(egress([...objects, server({})], 'fqdn:api.example.com', opaque)).toBe(OTHER);
  expect(egress([...objects, server({})], 'fqdn:api.example.com', { config: { 'policy-audit-mode': 'true' } })).toBe('allowed/rule');
});

test('where something else admits the address, no look-up is needed', () => {
  expect(egress([policy('p', [API, { toEntities: ['world'] }])])).toBe('allowed/rule');
  expect(
    egress([policy('p', [API, { toCIDR: ['203.0.113.0/24'] }])], 'fqdn:api.example.com', { names: { 'api.example.com': ['203.0.113.7'] } }),
  ).toBe('allowed/rule');
  expect(egress([policy('p', [API], { enableDefaultDeny: { egress: false } })])).toBe('allowed/rule');
});

test('a name needs no address, and the prefixes are named where the answer differs', () => {
  const denying = policy('q', [], { egress: undefined, egressDeny: [{ toCIDR: ['203.0.113.0/24', '2001:db8::/32'] }] });
  const reaching = policy('p', [API, dns(KUBE_DNS, EVERY_NAME), { toCIDR: ['192.0.2.0/24'] }]);

  expect(egress([reaching, denying])).toBe('allowed/rule, but in 2001:db8::/32,203.0.113.0/24');
  expect(egress([reaching], 'fqdn:nobody.example')).toBe('denied/default-deny, but in 192.0.2.0/24');
});

test('an address of another name may have been learnt, by a look-up of that name', () => {
  const names = { 'api.example.com': ['203.0.113.7'], 'cdn.example.com': ['203.0.113.7'] };
  const objects = [policy('p', [API, dns(KUBE_DNS, EVERY_NAME)])];

  expect(egress(objects, 'fqdn:api.example.com', { names })).toBe('allowed/rule');
  expect(egress(objects, 'ip:203.0.113.7', { names })).toBe('allowed/rule');
  expect(egress(objects, 'fqdn:cdn.example.com', { names })).toBe(
    'unknown: whether a look-up of another name than `cdn.example.com` returned the address',
  );
  expect(egress([policy('p', [API])], 'ip:203.0.113.7', { names })).toBe('denied/not-learnable');
});

test('without `learn`, names are taken as learnt, and need an address', () => {
  const names = { 'api.example.com': ['203.0.113.7'] };
  expect(egress([policy('p', [API])], 'fqdn:api.example.com', { names, learn: undefined })).toBe('allowed/rule');
  expect(egress([policy('p', [API])], 'fqdn:api.example.com', { learn: false })).toMatch(/no address for `api.example.com`/);
});

test('a local redirect decides whom a query reaches', () => {
  const redirect: JsonObject = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumLocalRedirectPolicy',
    metadata: { namespace: 'kube-system', name: 'node-local-dns' },
    spec: {
      redirectFrontend: { serviceMatcher: { serviceName: 'kube-dns', namespace: 'kube-system' } },
      redirectBackend: {
        localEndpointSelector: { matchLabels: { 'k8s-app': 'node-local-dns' } },
        toPorts: [{ port: '53', protocol: 'UDP' }],
      },
    },
  };
  const service: JsonObject = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { namespace: 'kube-system', name: 'kube-dns' },
    spec: { clusterIP: '10.96.0.10', selector: { 'k8s-app': 'kube-dns' }, ports: [{ port: 53, protocol: 'UDP' }] },
  };
  const metadata = { namespace: 'kube-system', name: 'local', labels: { 'k8s-app': 'node-local-dns' } };
  const somewhere: JsonObject = { ...SERVER, metadata };
  const everywhere: JsonObject = { apiVersion: 'apps/v1', kind: 'DaemonSet', metadata, spec: { template: somewhere } };
  const toLocal = { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'node-local-dns' } }] };
  const cluster = [redirect, service, { ...SERVER, spec: {} }];
  const config = { 'enable-local-redirect-policy': 'true' };

  const toServer = policy('p', [API, dns(KUBE_DNS, EVERY_NAME)]);
  const toBoth = policy('p', [API, dns(toLocal, EVERY_NAME), dns(KUBE_DNS, EVERY_NAME)]);
  expect(egress([...cluster, everywhere, toServer], undefined, { config })).toBe(OTHER);
  expect(egress([...cluster, everywhere, policy('p', [API, dns(toLocal, EVERY_NAME)])], undefined, { config })).toBe('allowed/rule');
  // The node of the client may have no such pod.
  expect(egress([...cluster, somewhere, policy('p', [API, dns(toLocal, EVERY_NAME)])], undefined, { config })).toBe(OTHER);
  expect(egress([...cluster, somewhere, toBoth], undefined, { config })).toBe('allowed/rule');
});

test.each<[string, JsonObject | undefined, string, readonly string[] | undefined]>([
  ['no rule for DNS', undefined, 'denied', undefined],
  [
    'a rule for another name',
    dns(KUBE_DNS, [{ matchName: 'other.example.com' }]),
    'denied',
    ['the name is `api.example.com`, and the rule allows `other.example.com`'],
  ],
  ['a rule beside the proxy', dns(KUBE_DNS, undefined), 'beside', undefined],
  ['a rule for all names', dns(KUBE_DNS, EVERY_NAME), 'learnt', undefined],
])('with %s, the explanation has the look-up and the nearest rule', (_, rule, query, differs) => {
  const objects = [policy('p', rule === undefined ? [API] : [API, rule])];
  const { explanation } = compileObjects(objects).explain({ from: 'labels:app=a@shop', to: 'fqdn:api.example.com', port: 443 });
  expect(explanation[0].egress?.lookUps).toEqual([{ name: 'api.example.com', query }]);
  expect(explanation[0].egress?.nearest?.differs).toEqual(differs);
});

test('where something else admits a name, the explanation has its look-up too', () => {
  const objects = [policy('p', [{ toEntities: ['world'] }, dns(KUBE_DNS, [{ matchName: 'other.example.com' }])])];
  const { egress: side, explanation } = compileObjects(objects).explain({
    from: 'labels:app=a@shop',
    to: 'fqdn:api.example.com',
    port: 443,
  });
  expect([side.decision, explanation[0].egress?.lookUps]).toEqual(['allowed', [{ name: 'api.example.com', query: 'denied' }]]);
});
