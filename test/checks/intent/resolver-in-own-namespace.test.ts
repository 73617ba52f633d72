/** CIL331: the resolver of the cluster is looked for in the namespace of the policy. */
import type { JsonObject } from '../../../lib/model/json';
import { ccnp, cnp, findings, isAllowed, networkPolicy, object, places, ports, words } from '../../support/intent';
import { foundIn } from '../../support/policies';

const DNS = { matchLabels: { 'k8s-app': 'kube-dns' } };
const to = (...peers: readonly object[]) => cnp({ egress: [{ toEndpoints: peers, ...ports(53) }] });
const labelled = (labels: object) => to({ matchLabels: labels });
const requiring = (...matchExpressions: readonly object[]) => to({ matchExpressions });
const PEER = '/spec/egress/0/toEndpoints/0';

test.each<[string, string, string]>([
  ['a label', to(DNS), `${PEER}/matchLabels/k8s-app`],
  ['with `k8s:`', labelled({ 'k8s:k8s-app': 'kube-dns' }), `${PEER}/matchLabels/k8s:k8s-app`],
  ['with `any:`', labelled({ 'any:k8s-app': 'coredns' }), `${PEER}/matchLabels/any:k8s-app`],
  ['another label', labelled({ 'app.kubernetes.io/name': 'rke2-coredns' }), `${PEER}/matchLabels/app.kubernetes.io~1name`],
  ['beside another peer', to({}, DNS), '/spec/egress/0/toEndpoints/1/matchLabels/k8s-app'],
  [
    'an expression',
    requiring({ key: 'k8s-app', operator: 'In', values: ['kube-dns', 'node-local-dns'] }),
    `${PEER}/matchExpressions/0/key`,
  ],
  ['a deny rule', cnp({ egressDeny: [{ toEndpoints: [DNS] }] }), '/spec/egressDeny/0/toEndpoints/0/matchLabels/k8s-app'],
  [
    '`specs`',
    object('CiliumNetworkPolicy', { specs: [{ endpointSelector: {}, egress: [{ toEndpoints: [DNS] }] }] }),
    '/specs/0/egress/0/toEndpoints/0/matchLabels/k8s-app',
  ],
  ['a NetworkPolicy', networkPolicy({ egress: [{ to: [{ podSelector: DNS }] }] }), '/spec/egress/0/to/0/podSelector/matchLabels/k8s-app'],
])('reported: %s', (_, text, path) => {
  expect(places('CIL331', text)).toEqual([path]);
});

const IN_SYSTEM = { 'k8s-app': 'kube-dns', 'io.kubernetes.pod.namespace': 'kube-system' };
const OF_POLICY = { spec: { endpointSelector: {}, egress: [{ toEndpoints: [DNS] }] } };

test.each<[string, string]>([
  ['with the namespace', labelled(IN_SYSTEM)],
  ['with the namespace and `k8s:`', labelled({ 'k8s-app': 'kube-dns', 'k8s:io.kubernetes.pod.namespace': 'kube-system' })],
  ['with a label of the namespace', labelled({ 'k8s-app': 'kube-dns', 'io.cilium.k8s.namespace.labels.team': 'a' })],
  ['in any namespace', to({ ...DNS, matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'Exists' }] })],
  ['another workload', labelled({ 'k8s-app': 'dashboard' })],
  ['one value of several', requiring({ key: 'k8s-app', operator: 'In', values: ['kube-dns', 'web'] })],
  ['an exclusion', requiring({ key: 'k8s-app', operator: 'NotIn', values: ['kube-dns'] })],
  ['ingress', cnp({ ingress: [{ fromEndpoints: [DNS] }] })],
  ['a clusterwide policy, whose peers are of any namespace', ccnp({ egress: [{ toEndpoints: [DNS] }] })],
  ['a policy of `kube-system`', object('CiliumNetworkPolicy', OF_POLICY, { namespace: 'kube-system' })],
  ['a namespace that is filled in later', object('CiliumNetworkPolicy', OF_POLICY, { namespace: '${NS}' })],
  ['a key that is filled in later', labelled({ 'k8s-app': 'kube-dns', '${KEY}': 'kube-system' })],
  ['a NetworkPolicy with both selectors', networkPolicy({ egress: [{ to: [{ podSelector: DNS, namespaceSelector: {} }] }] })],
])('not reported: %s', (_, text) => {
  expect(places('CIL331', text)).toEqual([]);
});

test('not reported where a given pod of the namespace has the label', () => {
  const policy = JSON.parse(to(DNS)) as JsonObject;
  const workload = (namespace: string): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'dns', namespace },
    spec: { template: { metadata: { labels: { 'k8s-app': 'kube-dns' } } } },
  });
  expect(foundIn([policy, workload('shop')], 'CIL331')).toEqual([]);
  expect(foundIn([policy, workload('kube-system')], 'CIL331')).toHaveLength(1);
});

test('what is less sure is at info', () => {
  const severityOf = (text: string) => findings('CIL331', text)[0].severity;
  expect(severityOf(to(DNS))).toBe('warning');
  expect(severityOf(labelled({ 'app.kubernetes.io/name': 'coredns' }))).toBe('info');
  expect(severityOf(object('CiliumNetworkPolicy', OF_POLICY, { namespace: undefined }))).toBe('info');
});

test('the resolver is not reached', () => {
  const resolver = { to: 'labels:k8s-app=kube-dns@kube-system', port: 53 };
  expect(isAllowed(to(DNS), resolver)).toBe(false);
  expect(isAllowed(labelled(IN_SYSTEM), resolver)).toBe(true);
});

test('the messages', () => {
  expect(words('CIL331', to(DNS))).toBe(
    'pods with `k8s-app: kube-dns` are looked for only in `shop`, the namespace of the policy, and the resolver of the cluster is in `kube-system` | add `io.kubernetes.pod.namespace: kube-system`',
  );
  expect(words('CIL331', labelled({ 'k8s-app': 'node-local-dns' }))).toContain(
    '| a cache on each node is in its network: write the entity `host`',
  );
  expect(words('CIL331', networkPolicy({ egress: [{ to: [{ podSelector: DNS }] }] }))).toContain(
    '| add a `namespaceSelector` with `kubernetes.io/metadata.name: kube-system`',
  );
  expect(words('CIL331', object('CiliumNetworkPolicy', OF_POLICY, { namespace: undefined }))).toContain(
    'only in the namespace of the policy, and',
  );
});
