/** Verdicts beside objects that are not judged, and may turn them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../lib/engine';
import { JUDGED, OTHER_KINDS } from '../../lib/read/kinds';
import { JUDGED_KEYS } from '../../lib/resolve/agent';

const DB = 'apiVersion: v1\nkind: Pod\nmetadata: {name: db, namespace: shop, labels: {app: db}}\nstatus: {podIP: 10.0.0.2}\n';
const WEB = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nstatus: {podIP: 10.0.0.7}\n';

const SERVICE =
  'apiVersion: v1\nkind: Service\nmetadata: {name: db, namespace: shop}\nspec: {clusterIP: 10.0.0.9, selector: {app: db}, ports: [{port: 80}]}\n';
const redirect = (kind: string, spec: string) =>
  `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata: {name: r, namespace: shop}\nspec: {${spec}}\n`;
const LOCAL = 'CiliumLocalRedirectPolicy';
const BY_ADDRESS = redirect(LOCAL, 'redirectFrontend: {addressMatcher: {ip: 192.0.2.1, toPorts: [{port: "80", protocol: TCP}]}}');
const BY_SERVICE = redirect(LOCAL, 'redirectFrontend: {serviceMatcher: {serviceName: db, namespace: shop}}');
const ENVOY = redirect('CiliumEnvoyConfig', 'services: [{name: db, namespace: shop}]');
const NODES = redirect('CiliumNodeConfig', 'defaults: {enable-policy: always}');

test.each<[string, string, string, Readonly<Record<string, string>>, boolean]>([
  ['to the address of a local redirect', BY_ADDRESS, 'ip:192.0.2.1', {}, true],
  ['to another address', BY_ADDRESS, 'ip:192.0.2.2', {}, false],
  ['to another port', BY_ADDRESS.replace('"80"', '"81"'), 'ip:192.0.2.1', {}, false],
  ['to the Service of a local redirect', BY_SERVICE, 'service:shop/db', {}, true],
  ['to its address', BY_SERVICE, 'ip:10.0.0.9', {}, true],
  ['to a pod behind it', BY_SERVICE, 'shop/db', {}, false],
  ['to the Service with the address of a local redirect', BY_ADDRESS.replace('192.0.2.1', '10.0.0.9'), 'service:shop/db', {}, true],
  ['to the pod with the address of a local redirect', BY_ADDRESS.replace('192.0.2.1', '10.0.0.2'), 'shop/db', {}, true],
  ['where the address of a local redirect is filled in later', BY_ADDRESS.replace('192.0.2.1', '"${IP}"'), 'shop/db', {}, true],
  [
    'where the Service of a local redirect is filled in later',
    BY_SERVICE.replace('serviceName: db', 'serviceName: "${S}"'),
    'shop/db',
    {},
    true,
  ],
  ['where the Service of a listener is filled in later', ENVOY.replace('name: db', 'name: "${S}"'), 'shop/db', {}, true],
  ['where a key of a node is filled in later', NODES.replace('enable-policy', '"${KEY}"'), 'shop/db', {}, true],
  [
    'where nodes may have local redirects',
    redirect('CiliumNodeConfig', 'defaults: {enable-local-redirect-policy: "true"}'),
    'shop/db',
    { 'enable-local-redirect-policy': 'false' },
    true,
  ],
  ['where local redirects are off', BY_SERVICE, 'service:shop/db', { 'enable-policy': 'default' }, false],
  ['where they are on', BY_SERVICE, 'service:shop/db', { 'enable-local-redirect-policy': 'true' }, true],
  ['to the Service of a listener', ENVOY, 'service:shop/db', {}, true],
  ['to a Service of another group', ENVOY.replace('cilium.io', 'other.io'), 'service:shop/db', {}, false],
  ['where nodes differ in a key that counts', NODES, 'shop/db', {}, true],
  ['where nodes differ in no key that counts', NODES, 'shop/db', { 'enable-policy': 'always' }, false],
  ['where nodes differ in another key', redirect('CiliumNodeConfig', 'defaults: {devices: eth0}'), 'shop/db', {}, false],
])('what another object may turn is unknown: a flow %s', (_, text, to, config, isUnknown) => {
  const engine = compile([{ name: 'x.yaml', text: [DB, WEB, SERVICE, text].join('---\n') }], { config });
  const { allowed, egress } = engine.verdict({ from: 'shop/web', to, port: 80 });
  expect([allowed, egress.missing]).toEqual(
    isUnknown ? [null, expect.stringMatching(/^Cilium\w+ shop\/r, which is not judged$/)] : [expect.any(Boolean), undefined],
  );
});

test('every key of a configuration that is asked for is one that counts', () => {
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('snapshot') && !file.startsWith('checks'),
  );
  const asked = files.flatMap((file) =>
    [...readFileSync(join('lib', file), 'utf8').matchAll(/isOn\(config, '([a-z0-9-]+)'|config(?:\.|\[')([a-z0-9-]+)(?:'\]|\))/g)].map(
      ([, a, b]) => a ?? b,
    ),
  );
  expect([...new Set(asked)].filter((key) => !JUDGED_KEYS.includes(key))).toEqual([]);
  expect(asked.length).toBeGreaterThan(10);
});

const object = (kind: string, rest: string) => `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata: {name: r, namespace: shop}\n${rest}\n`;
const LISTED = 'networking: {addressing: [{ipv4: 10.0.0.1, ipv6: "fd00::1"}, {ipv4: 10.0.0.2}]}';
const SLICE =
  'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: r, namespace: shop, labels: {kubernetes.io/service-name: other}}\naddressType: IPv4\nports: [{port: 80}]\nendpoints: [{addresses: [10.0.0.4], targetRef: {kind: Pod, name: x}}]\n';
const NODE = 'apiVersion: v1\nkind: Node\nmetadata: {name: r}\nstatus: {addresses: [{type: InternalIP, address: 192.0.2.1}]}\n';

test.each<[string, string, string, string | undefined]>([
  ['of an endpoint that is not listed', object('CiliumEndpoint', `status: {${LISTED}}`), 'ip:10.0.0.1', 'CiliumEndpoint shop/r'],
  ['of its other family', object('CiliumEndpoint', `status: {${LISTED}}`), 'ip:fd00::1', 'CiliumEndpoint shop/r'],
  ['of an endpoint whose pod is listed', object('CiliumEndpoint', `status: {${LISTED}}`), 'ip:10.0.0.2', undefined],
  ['of an endpoint in a slice', object('CiliumEndpointSlice', `endpoints: [{${LISTED}}]`), 'ip:10.0.0.1', 'CiliumEndpointSlice shop/r'],
  ['of a node of Cilium', object('CiliumNode', 'spec: {addresses: [{type: CiliumInternalIP, ip: 10.0.0.3}]}'), 'ip:10.0.0.3', undefined],
  ['of the health endpoint of a node', object('CiliumNode', 'spec: {health: {ipv4: 10.0.0.3}}'), 'ip:10.0.0.3', undefined],
  ['of a node that is listed', `${NODE}---\n${object('CiliumNode', 'spec: {addresses: [{ip: 192.0.2.1}]}')}`, 'ip:192.0.2.1', undefined],
  ['of an external workload', object('CiliumExternalWorkload', 'status: {ip: 192.0.2.7}'), 'ip:192.0.2.7', 'CiliumExternalWorkload shop/r'],
  [
    'of a pod that only an EndpointSlice names',
    'apiVersion: discovery.k8s.io/v1\nkind: EndpointSlice\nmetadata: {name: r, namespace: shop}\naddressType: IPv4\nendpoints: [{addresses: [10.0.0.4], targetRef: {kind: Pod, name: x}}]\n',
    'ip:10.0.0.4',
    'EndpointSlice shop/r',
  ],
  [
    'of an EndpointSlice behind a Service',
    `${SERVICE.replace('name: db', 'name: other').replace('10.0.0.9', '10.0.0.8')}---\n${SLICE}`,
    'service:shop/other',
    'EndpointSlice shop/r',
  ],
  ['that is filled in later', SERVICE.replace('spec: {', 'spec: {externalIPs: ["${IP}"], '), 'ip:192.0.2.9', 'Service shop/db'],
  ['of nobody', object('CiliumEndpoint', `status: {${LISTED}}`), 'ip:192.0.2.200', undefined],
])('an address %s', (_, text, to, owner) => {
  const { allowed, egress } = compile([{ name: 'x.yaml', text: [DB, text].join('---\n') }]).verdict({ from: 'shop/db', to, port: 80 });
  expect([allowed, egress.missing]).toEqual(
    owner === undefined ? [true, undefined] : [null, `${owner}, which has the address and is not judged`],
  );
});

test.each([
  ['Node', 'apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nspec: {podCIDRs: [10.0.0.0/24, "fd00::/64"]}\n'],
  [
    'CiliumNode',
    'apiVersion: cilium.io/v2\nkind: CiliumNode\nmetadata: {name: n1}\nspec: {ipam: {podCIDRs: [10.0.0.0/24, "fd00::/64"]}}\n',
  ],
  [
    'CiliumNode',
    'apiVersion: cilium.io/v2\nkind: CiliumNode\nmetadata: {name: n1}\nspec: {ipam: {pools: {allocated: [{pool: a, cidrs: [10.0.0.0/25, "fd00::/64"]}]}}}\n',
  ],
])('an address in the pod network of a %s is the world only if it is outside', (_, node) => {
  const engine = compile([{ name: 'x.yaml', text: [DB, node].join('---\n') }]);
  const missing = (to: string) => engine.verdict({ from: 'shop/db', to, port: 80 }).egress.missing;
  const unlisted = 'the pod at the address, which is not listed: it is in the pod network of node n1';
  expect([missing('ip:10.0.0.77'), missing('ip:fd00::5'), missing('ip:10.0.1.1'), missing('ip:10.0.0.2')]).toEqual([
    unlisted,
    unlisted,
    undefined,
    undefined,
  ]);
});

test('the page of other objects has every kind of Cilium and of Tetragon', () => {
  const page = readFileSync('docs/concepts/objects.md', 'utf8');
  expect([...JUDGED.keys(), ...OTHER_KINDS].filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
});

test('an address that is not judged may have a policy, whoever is on the other side', () => {
  const engine = compile([{ name: 'x.yaml', text: [DB, object('CiliumEndpoint', `status: {${LISTED}}`)].join('---\n') }]);
  const sides = (from: string, to: string) => {
    const { allowed, egress, ingress } = engine.verdict({ from, to, port: 80 });
    return [allowed, egress.decision, ingress.decision];
  };
  expect(sides('ip:198.51.100.1', 'ip:10.0.0.1')).toEqual([null, 'n/a', 'unknown']);
  expect(sides('ip:10.0.0.1', 'entity:world')).toEqual([null, 'unknown', 'n/a']);
});
