/** Verdicts on pods whose labels are filled in later, and on what other objects redirect. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../../lib/engine';
import { JUDGED_KEYS } from '../../lib/resolve/agent';

const cnp = (spec: string, metadata = 'name: x, namespace: shop') =>
  `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {${metadata}}\nspec: {${spec}}\n`;
const pod = (name: string, labels: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, namespace: shop, labels: {${labels}}}\n`;
const PODS = [pod('web', 'app: "${APP}", tier: front'), pod('db', 'app: db'), pod('odd', '"${KEY}": a')].join('---\n');

/** What is said of a flow: the decision of each side, and what is missing. */
function sides(text: string, from: string, to: string, config = {}): string {
  const { egress, ingress } = compile([{ name: 'x.yaml', text: `${PODS}---\n${text}` }], { config }).verdict({ from, to, port: 80 });
  return [egress, ingress].map(({ decision, missing }) => (missing === undefined ? decision : `${decision}: ${missing}`)).join(', ');
}

const APP = 'unknown: the label `app` of shop/web, which is filled in later';
const KEY = 'unknown: the label `${KEY}` of shop/odd, which is filled in later';

test.each([
  ['a subject that may be the pod', 'endpointSelector: {matchLabels: {app: web}}, egress: [{}]', 'shop/web', 'shop/db', `${APP}, allowed`],
  ['a subject of another label', 'endpointSelector: {matchLabels: {tier: back}}, egress: [{}]', 'shop/web', 'shop/db', 'allowed, allowed'],
  ['a subject of a known label', 'endpointSelector: {matchLabels: {tier: front}}, egress: [{}]', 'shop/web', 'shop/db', 'denied, allowed'],
  [
    'a subject that needs a label that is wrong, too',
    'endpointSelector: {matchLabels: {app: web, tier: back}}, egress: [{}]',
    'shop/web',
    'shop/db',
    'allowed, allowed',
  ],
  [
    'a subject that only has the label',
    'endpointSelector: {matchExpressions: [{key: app, operator: Exists}]}, egress: [{}]',
    'shop/web',
    'shop/db',
    'denied, allowed',
  ],
  [
    'a peer that may be the pod',
    'endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]',
    'shop/web',
    'shop/db',
    `allowed, ${APP}`,
  ],
  [
    'a peer of a known label',
    'endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{matchLabels: {tier: front}}]}]',
    'shop/web',
    'shop/db',
    'allowed, allowed',
  ],
  [
    'peers of another subject',
    'endpointSelector: {matchLabels: {app: other}}, ingress: [{fromEndpoints: [{matchLabels: {app: web}}]}]',
    'shop/web',
    'shop/db',
    'allowed, allowed',
  ],
  [
    'a deny rule that may select the pod',
    'endpointSelector: {matchLabels: {app: web}}, egressDeny: [{toEntities: [all]}]',
    'shop/web',
    'shop/db',
    `${APP}, allowed`,
  ],
  [
    'a deny rule that surely selects it',
    'endpointSelector: {matchLabels: {tier: front}}, egressDeny: [{toEntities: [all]}]',
    'shop/web',
    'shop/db',
    'denied, allowed',
  ],
  ['a label of an unknown key', 'endpointSelector: {matchLabels: {role: a}}, egress: [{}]', 'shop/odd', 'shop/db', `${KEY}, allowed`],
  ['a pod that is known', 'endpointSelector: {matchLabels: {app: web}}, egress: [{}]', 'shop/db', 'shop/db', 'allowed, allowed'],
])('with labels that are filled in later, %s', (_, spec, from, to, expected) => {
  expect(sides(cnp(spec), from, to)).toBe(expected);
});

test('a sure deny rule beside one that may match is no doubt', () => {
  const spec =
    'endpointSelector: {matchLabels: {tier: front}}, egressDeny: [{toEntities: [all]}, {toEndpoints: [{matchLabels: {app: db}}]}]';
  expect(
    sides(
      `${cnp(spec)}---\n${cnp('endpointSelector: {matchLabels: {app: web}}, egress: [{}]', 'name: y, namespace: shop')}`,
      'shop/web',
      'shop/db',
    ),
  ).toBe('denied, allowed');
});

test('labels of a namespace that are filled in later', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {team: "${TEAM}"}}\n';
  const spec = `endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.team: a}}]}]`;
  expect(sides(`${namespace}---\n${cnp(spec)}`, 'shop/odd', 'shop/db')).toMatch(/^allowed, unknown: /);
});

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
  ['where local redirects are off', BY_SERVICE, 'service:shop/db', { 'enable-policy': 'default' }, false],
  ['where they are on', BY_SERVICE, 'service:shop/db', { 'enable-local-redirect-policy': 'true' }, true],
  ['to the Service of a listener', ENVOY, 'service:shop/db', {}, true],
  ['to a Service of another group', ENVOY.replace('cilium.io', 'other.io'), 'service:shop/db', {}, false],
  ['where nodes differ in a key that counts', NODES, 'shop/db', {}, true],
  ['where nodes differ in no key that counts', NODES, 'shop/db', { 'enable-policy': 'always' }, false],
  ['where nodes differ in another key', redirect('CiliumNodeConfig', 'defaults: {devices: eth0}'), 'shop/db', {}, false],
])('what another object may turn is unknown: a flow %s', (_, text, to, config, isUnknown) => {
  const engine = compile([{ name: 'x.yaml', text: [PODS, SERVICE, text].join('---\n') }], { config });
  const { allowed, egress } = engine.verdict({ from: 'shop/db', to, port: 80 });
  expect([allowed, egress.missing]).toEqual(
    isUnknown ? [null, expect.stringMatching(/^Cilium\w+ shop\/r, which is not judged$/)] : [expect.any(Boolean), undefined],
  );
});

test('every key of a configuration that is asked for is one that counts', () => {
  const files = readdirSync('lib', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('snapshot'),
  );
  const asked = files.flatMap((file) =>
    [...readFileSync(join('lib', file), 'utf8').matchAll(/isOn\(config, '([a-z0-9-]+)'|config(?:\.|\[')([a-z0-9-]+)(?:'\]|\))/g)].map(
      ([, a, b]) => a ?? b,
    ),
  );
  expect([...new Set(asked)].filter((key) => !JUDGED_KEYS.includes(key))).toEqual([]);
  expect(asked.length).toBeGreaterThan(10);
});
