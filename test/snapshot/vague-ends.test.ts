/** Verdicts on pods whose labels are filled in later. */
import { compile } from '../../lib/engine';

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

const APP = 'unknown: the label `app` of the pod shop/web, which is filled in later';
const KEY = 'unknown: the label `${KEY}` of the pod shop/odd, which is filled in later';

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
  ['a pod that is known', 'endpointSelector: {matchLabels: {app: web}}, egress: [{}]', 'shop/db', 'labels:app=x@shop', 'allowed, allowed'],
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

const IN_TEAM =
  'endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.namespace.labels.team: a}}]}]';
const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata: {name: all, namespace: shop}\nspec: {selector: {app: db}, ports: [{port: 80}]}\n';
const CCNP = (spec: string) => `apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: nodes}\nspec: {${spec}}\n`;
const NODE = 'apiVersion: v1\nkind: Node\nmetadata: {name: n1, labels: {zone: "${ZONE}"}}\n';
const ON = { 'enable-host-firewall': 'true', 'enable-node-selector-labels': 'true' };

test.each<[string, string, string, string, RegExp, object?]>([
  [
    'a key of a label of a namespace',
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {"\${K}": a}}\n---\n${cnp(IN_TEAM)}`,
    'shop/web',
    'shop/db',
    /^allowed, unknown: /,
  ],
  [
    'a service account',
    `${pod('sa', 'app: sa').trimEnd()}\nspec: {serviceAccountName: "\${SA}"}\n---\n${cnp('endpointSelector: {matchLabels: {app: db}}, ingress: [{fromEndpoints: [{matchLabels: {io.cilium.k8s.policy.serviceaccount: a}}]}]')}`,
    'shop/sa',
    'shop/db',
    /^allowed, unknown: a label of the pod shop\/sa|^allowed, unknown: the label/,
  ],
  [
    'a pod that may be behind a Service',
    SERVICE,
    'labels:app=x@shop',
    'service:shop/all',
    /^unknown: which pods are behind the Service shop\/all, which is filled in later, unknown: /,
  ],
  [
    'a label of a node, for its own policy',
    `${NODE}---\n${CCNP('nodeSelector: {matchLabels: {zone: a}}, ingress: [{}]')}`,
    'shop/db',
    'node:n1',
    /unknown: a label of the node n1, which is filled in later$/,
    ON,
  ],
  [
    'a label of a node, as a peer',
    `${NODE}---\n${cnp('endpointSelector: {matchLabels: {app: db}}, ingress: [{fromNodes: [{matchLabels: {zone: a}}]}]')}`,
    'node:n1',
    'shop/db',
    /unknown: a label of the node n1, which is filled in later$/,
    ON,
  ],
])('what is filled in later leaves an answer open: %s', (_, text, from, to, expected, config = {}) => {
  expect(sides(text, from, to, config)).toMatch(expected);
});

test('of a private source, neither pods nor labels nor owners of addresses are named', () => {
  const policy = cnp('endpointSelector: {matchLabels: {app: web}}, egress: [{}]');
  const claimed =
    'apiVersion: cilium.io/v2\nkind: CiliumEndpoint\nmetadata: {name: hidden}\nstatus: {networking: {addressing: [{ipv4: 10.0.0.1}]}}\n';
  const engine = compile([
    { name: 'x.yaml', text: policy },
    { name: 'y.yaml', text: `${PODS}---\n${claimed}`, isPrivate: true },
  ]);
  const missing = ['shop/db', 'ip:10.0.0.1'].map((to) => engine.verdict({ from: 'shop/web', to, port: 80 }).egress.missing);
  expect(missing).toEqual([
    'a label of the pod of the inventory, which is filled in later',
    'a CiliumEndpoint of the inventory, which has the address and is not judged',
  ]);
});
