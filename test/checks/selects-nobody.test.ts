/** Selectors that find no pod of the inventory: CIL506 and CIL507. */
import { isTypo } from '../../lib/checks/inventory/typos';
import { checkObjects } from '../../lib/engine';
import type { AgentConfig } from '../../lib/model/config';
import type { JsonObject } from '../../lib/model/json';

const CODES = ['CIL506', 'CIL507'];

function found(objects: readonly JsonObject[], config: AgentConfig = {}, cilium: '1.18' | '1.20' = '1.20'): string[] {
  return checkObjects(objects, { cilium, config })
    .filter(({ code }) => CODES.includes(code))
    .map(({ code, severity, path, message, help }) =>
      [code, severity, `${path}:`, message, ...(help === null ? [] : [`; ${help}`])].join(' '),
    );
}

const policy = (kind: string, spec: JsonObject, field = 'spec'): JsonObject => ({
  apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
  kind,
  metadata: { name: 'web', ...(kind === 'CiliumClusterwideNetworkPolicy' ? {} : { namespace: 'shop' }) },
  [field]: field === 'specs' ? [spec] : spec,
});
const labels = (matchLabels: JsonObject): JsonObject => ({ matchLabels });
const cnp = (selector: JsonObject, field?: string) => policy('CiliumNetworkPolicy', { endpointSelector: selector, ingress: [{}] }, field);
const ccnp = (selector: JsonObject) => policy('CiliumClusterwideNetworkPolicy', { endpointSelector: selector, ingress: [{}] });
const knp = (selector: JsonObject) => policy('NetworkPolicy', { podSelector: selector });
const peers = (section: string, list: string, ...selectors: readonly JsonObject[]) =>
  policy('CiliumNetworkPolicy', { endpointSelector: {}, [section]: [{ [list]: selectors }] });

const pod = (name: string, own: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: own },
  spec: { nodeName: 'a', ...more },
});
const deployment = (name: string, own: JsonObject, namespace = 'shop'): JsonObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace },
  spec: { template: { metadata: { labels: own } } },
});
const namespace = (name: string, own: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: own },
});

const CHECKOUT = deployment('checkout', { app: 'checkout', tier: 'backend' });
const TYPO = labels({ app: 'chekout' });
const SUBJECT = 'the policy selects none of the given pods';
const PEER = 'the selector matches none of the given pods';
const MEANT = 'did you mean `app: checkout`, as workload `shop/checkout` has?';

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['a slip in a value', [cnp(TYPO), CHECKOUT], [`CIL506 warning /spec/endpointSelector/matchLabels/app: ${SUBJECT} ; ${MEANT}`]],
  [
    'a slip in `specs`',
    [cnp(TYPO, 'specs'), CHECKOUT],
    [`CIL506 warning /specs/0/endpointSelector/matchLabels/app: ${SUBJECT} ; ${MEANT}`],
  ],
  [
    'a slip in a clusterwide policy',
    [ccnp(TYPO), CHECKOUT],
    [`CIL506 warning /spec/endpointSelector/matchLabels/app: ${SUBJECT} ; ${MEANT}`],
  ],
  ['a slip in a NetworkPolicy', [knp(TYPO), CHECKOUT], [`CIL506 warning /spec/podSelector/matchLabels/app: ${SUBJECT} ; ${MEANT}`]],
  [
    'a slip with a prefix',
    [cnp(labels({ 'k8s:app': 'chekout' })), CHECKOUT],
    [`CIL506 warning /spec/endpointSelector/matchLabels/k8s:app: ${SUBJECT} ; ${MEANT}`],
  ],
  [
    'a slip in an expression',
    [cnp({ matchExpressions: [{ key: 'app', operator: 'In', values: ['chekout'] }] }), CHECKOUT],
    [`CIL506 warning /spec/endpointSelector/matchExpressions/0: ${SUBJECT} ; ${MEANT}`],
  ],
  [
    'a slip in a key that is too short, and another label',
    [cnp(labels({ app: 'checkout', teir: 'backend', component: 'x' })), pod('a', { app: 'checkout', tier: 'x' }), CHECKOUT],
    [`CIL506 info /spec/endpointSelector: ${SUBJECT} ; the nearest label of the given pods is \`app: checkout\``],
  ],
  [
    'a slip in a key that is long enough',
    [cnp(labels({ app: 'checkout', componnent: 'api' })), deployment('api', { app: 'checkout', component: 'api' })],
    [
      `CIL506 warning /spec/endpointSelector/matchLabels/componnent: ${SUBJECT} ; did you mean \`component: api\`, as workload \`shop/api\` has?`,
    ],
  ],
  [
    'the value under another key for the name',
    [cnp(labels({ 'app.kubernetes.io/name': 'checkout' })), CHECKOUT],
    [`CIL506 warning /spec/endpointSelector/matchLabels/app.kubernetes.io~1name: ${SUBJECT} ; ${MEANT}`],
  ],
  [
    'another case of letters',
    [cnp(labels({ app: 'Web' })), pod('web-0', { app: 'web' })],
    [`CIL506 warning /spec/endpointSelector/matchLabels/app: ${SUBJECT} ; did you mean \`app: web\`, as pod \`shop/web-0\` has?`],
  ],
  [
    'one label of another pod',
    [cnp(labels({ app: 'checkout', tier: 'data' })), pod('checkout-0', { app: 'checkout', tier: 'backend' })],
    [`CIL506 info /spec/endpointSelector: ${SUBJECT} ; pod \`shop/checkout-0\` fits all but \`tier: data\``],
  ],
  ['labels of no pod', [cnp(labels({ app: 'mail' })), pod('a', { app: 'checkout' })], [`CIL506 info /spec/endpointSelector: ${SUBJECT}`]],
  [
    'a number that no pod has',
    [cnp(labels({ app: 'worker-1' })), pod('worker', { app: 'worker-2' })],
    [`CIL506 info /spec/endpointSelector: ${SUBJECT} ; the nearest label of the given pods is \`app: worker-2\``],
  ],
])('a policy that selects by %s', (_, objects, expected) => {
  expect(found(objects)).toEqual(expected);
});

test.each<[string, readonly JsonObject[]]>([
  ['without an inventory', [cnp(TYPO)]],
  ['of a namespace without pods in the inventory', [cnp(TYPO), deployment('checkout', { app: 'checkout' }, 'other')]],
  [
    'that fits a workload at rest',
    [
      cnp(labels({ app: 'a' })),
      { ...deployment('a', { app: 'a' }), spec: { replicas: 0, template: { metadata: { labels: { app: 'a' } } } } },
    ],
  ],
  ['that selects everything', [cnp({}), knp({}), ccnp({}), CHECKOUT]],
  [
    'that only excludes',
    [
      cnp({
        matchExpressions: [
          { key: 'app', operator: 'NotIn', values: ['checkout'] },
          { key: 'tier', operator: 'DoesNotExist' },
        ],
      }),
      CHECKOUT,
    ],
  ],
  ['for a placeholder', [cnp(labels({ app: '${APP}' })), cnp(labels({ app: 'mail', tier: '{{ .Values.tier }}' })), CHECKOUT]],
  ['where labels of pods are placeholders', [cnp(TYPO), CHECKOUT, deployment('any', { app: '${APP}' })]],
  ['where the namespace of pods is a placeholder', [cnp(TYPO), CHECKOUT, deployment('any', {}, '${NAMESPACE}')]],
  ['of reserved labels', [ccnp(labels({ 'reserved:ingress': '' })), CHECKOUT]],
  [
    'that a kustomization gives its labels',
    [
      cnp(labels({ 'app.kubernetes.io/name': 'checkout' })),
      CHECKOUT,
      {
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        labels: [{ pairs: { 'app.kubernetes.io/name': 'checkout' } }],
      },
    ],
  ],
  [
    'where no pod runs, and charts or operators may make others',
    [cnp(labels({ app: 'mail' })), cnp(labels({ app: 'checkout', tier: 'data' })), CHECKOUT],
  ],
  ['that is rejected', [policy('CiliumNetworkPolicy', { endpointSelector: TYPO }), CHECKOUT]],
  ['of pods in the network of their node', [cnp(labels({ app: 'agent' })), pod('agent', { app: 'agent' }, { hostNetwork: true })]],
])('nothing is said of a policy %s', (_, objects) => {
  expect(found(objects)).toEqual([]);
});

test.each<[string, readonly JsonObject[], AgentConfig]>([
  [
    'of nodes',
    [policy('CiliumClusterwideNetworkPolicy', { nodeSelector: labels({ app: 'x' }), ingress: [{}] }), CHECKOUT],
    { 'enable-host-firewall': 'true' },
  ],
  [
    'of a label that the agent does not keep',
    [cnp(labels({ tier: 'data' })), CHECKOUT],
    { labels: 'k8s:app k8s:io\\.kubernetes\\.pod\\.namespace' },
  ],
])('with a configuration, nothing is said of a policy %s', (_, objects, config) => {
  expect(found(objects, config)).toEqual([]);
});

const at = (path: string, help = `; ${MEANT}`) => [`CIL507 warning ${path}: ${PEER} ${help}`];

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['ingress', [peers('ingress', 'fromEndpoints', {}, TYPO), CHECKOUT], at('/spec/ingress/0/fromEndpoints/1/matchLabels/app')],
  ['egress', [peers('egress', 'toEndpoints', TYPO), CHECKOUT], at('/spec/egress/0/toEndpoints/0/matchLabels/app')],
  ['ingressDeny', [peers('ingressDeny', 'fromEndpoints', TYPO), CHECKOUT], at('/spec/ingressDeny/0/fromEndpoints/0/matchLabels/app')],
  ['egressDeny', [peers('egressDeny', 'toEndpoints', TYPO), CHECKOUT], at('/spec/egressDeny/0/toEndpoints/0/matchLabels/app')],
  [
    'a NetworkPolicy',
    [policy('NetworkPolicy', { podSelector: {}, ingress: [{ from: [{ podSelector: TYPO }] }] }), CHECKOUT],
    at('/spec/ingress/0/from/0/podSelector/matchLabels/app'),
  ],
  [
    'another namespace',
    [
      peers('ingress', 'fromEndpoints', labels({ 'k8s:io.kubernetes.pod.namespace': 'pay', app: 'chekout' })),
      deployment('c', { app: 'checkout' }, 'pay'),
    ],
    at('/spec/ingress/0/fromEndpoints/0/matchLabels/app', '; did you mean `app: checkout`, as workload `pay/c` has?'),
  ],
  [
    'a label of namespaces',
    [
      peers('ingress', 'fromEndpoints', labels({ 'k8s:io.cilium.k8s.namespace.labels.team': 'paymnets' })),
      deployment('c', { app: 'c' }, 'pay'),
      namespace('pay', { team: 'payments' }),
    ],
    at(
      '/spec/ingress/0/fromEndpoints/0/matchLabels/k8s:io.cilium.k8s.namespace.labels.team',
      '; did you mean `io.cilium.k8s.namespace.labels.team: payments`, as workload `pay/c` has?',
    ),
  ],
  [
    'labels of namespaces of a NetworkPolicy',
    [
      policy('NetworkPolicy', { podSelector: {}, ingress: [{ from: [{ namespaceSelector: labels({ team: 'paymnets' }) }] }] }),
      deployment('c', { app: 'c' }, 'pay'),
      namespace('pay', { team: 'payments' }),
    ],
    at(
      '/spec/ingress/0/from/0/namespaceSelector/matchLabels/team',
      '; did you mean `io.cilium.k8s.namespace.labels.team: payments`, as workload `pay/c` has?',
    ),
  ],
  [
    'pods of another name',
    [peers('egress', 'toEndpoints', labels({ app: 'mail' })), pod('a', { app: 'checkout' })],
    [`CIL507 info /spec/egress/0/toEndpoints/0: ${PEER}`],
  ],
])('a selector of peers in %s', (_, objects, expected) => {
  expect(found(objects)).toEqual(expected);
});

test.each<[string, readonly JsonObject[]]>([
  [
    'of a namespace without pods in the inventory',
    [peers('egress', 'toEndpoints', labels({ 'io.kubernetes.pod.namespace': 'pay', app: 'chekout' })), CHECKOUT],
  ],
  [
    'of labels of a namespace that is not given',
    [peers('egress', 'toEndpoints', labels({ 'io.cilium.k8s.namespace.labels.team': 'a' })), CHECKOUT],
  ],
  ['of another cluster', [peers('egress', 'toEndpoints', labels({ 'io.cilium.k8s.policy.cluster': 'west', app: 'chekout' })), CHECKOUT]],
  [
    'of entities',
    [policy('CiliumNetworkPolicy', { endpointSelector: {}, egress: [{ toEntities: ['health', 'cluster', 'kube-apiserver'] }] }), CHECKOUT],
  ],
  ['of any pod', [peers('egress', 'toEndpoints', {}), peers('ingress', 'fromEndpoints'), CHECKOUT]],
  ['with a placeholder', [peers('egress', 'toEndpoints', labels({ app: '${APP}' })), CHECKOUT]],
])('nothing is said of peers %s', (_, objects) => {
  expect(found(objects)).toEqual([]);
});

test('a pod that has terminated counts, because its job may run again', () => {
  const finished = { ...pod('migrate', { app: 'migrate' }), status: { phase: 'Succeeded', podIP: '10.0.0.1' } };
  const running = { ...pod('web', { app: 'web' }), status: { phase: 'Running', podIP: '10.0.0.2' } };
  const policies = [cnp(labels({ app: 'migrate' })), peers('ingress', 'fromEndpoints', labels({ app: 'migrate' }))];
  expect(found([...policies, running, finished])).toEqual([]);
  expect(found([...policies, running])).toEqual([
    `CIL506 info /spec/endpointSelector: ${SUBJECT}`,
    `CIL507 info /spec/ingress/0/fromEndpoints/0: ${PEER}`,
  ]);
});

test.each([
  ['chekout', 'checkout', true],
  ['checkuot', 'checkout', true],
  ['web_api', 'web-api', true],
  ['Web', 'web', true],
  ['web', 'wed', false],
  ['worker-1', 'worker-2', false],
  ['worker-a', 'worker-b', false],
  ['checkout', 'checkout', false],
  ['checkout', 'checkout-db', false],
  ['frontend', 'backend', false],
])('%s for %s is a slip: %s', (text, known, expected) => {
  expect(isTypo(text, known)).toBe(expected);
});
