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
