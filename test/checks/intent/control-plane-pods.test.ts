/** CIL334: pods of the control plane, which have no labels for policies. */
import type { JsonObject } from '../../../lib/model/json';
import { ccnp, cnp, findings, networkPolicy, object, places, words } from '../../support/intent';
import { foundIn } from '../../support/policies';

const APISERVER = { component: 'kube-apiserver' };
const SYSTEM = { 'io.kubernetes.pod.namespace': 'kube-system' };
const labelled = (labels: object) => cnp({ egress: [{ toEndpoints: [{ matchLabels: labels }] }] });
const PEER = '/spec/egress/0/toEndpoints/0';
const ofSystem = (kind: 'CiliumNetworkPolicy' | 'NetworkPolicy', spec: object) => object(kind, { spec }, { namespace: 'kube-system' });

test.each<[string, string, string]>([
  ['the API server in its namespace', labelled({ ...SYSTEM, ...APISERVER }), `${PEER}/matchLabels/component`],
  ['without a namespace', labelled(APISERVER), `${PEER}/matchLabels/component`],
  ['another label', labelled({ 'k8s-app': 'kube-apiserver' }), `${PEER}/matchLabels/k8s-app`],
  ['with `k8s:`', labelled({ 'k8s:component': 'kube-scheduler' }), `${PEER}/matchLabels/k8s:component`],
  ['with `any:`', labelled({ 'any:component': 'kube-controller-manager' }), `${PEER}/matchLabels/any:component`],
  ['etcd in `kube-system`', labelled({ ...SYSTEM, component: 'etcd' }), `${PEER}/matchLabels/component`],
  ['a tier', labelled({ ...SYSTEM, tier: 'control-plane' }), `${PEER}/matchLabels/tier`],
  ['a program before its tier', labelled({ ...SYSTEM, tier: 'control-plane', ...APISERVER }), `${PEER}/matchLabels/component`],
  [
    'an expression',
    cnp({ ingressDeny: [{ fromEndpoints: [{ matchExpressions: [{ key: 'component', operator: 'In', values: ['kube-scheduler'] }] }] }] }),
    '/spec/ingressDeny/0/fromEndpoints/0/matchExpressions/0/key',
  ],
  [
    'a clusterwide subject',
    ccnp({ endpointSelector: { matchLabels: APISERVER }, ingress: [{}] }),
    '/spec/endpointSelector/matchLabels/component',
  ],
  [
    'a subject in `kube-system`',
    ofSystem('CiliumNetworkPolicy', { endpointSelector: { matchLabels: { component: 'etcd' } }, ingress: [{}] }),
    '/spec/endpointSelector/matchLabels/component',
  ],
  [
    '`specs`',
    object('CiliumClusterwideNetworkPolicy', { specs: [{ endpointSelector: { matchLabels: APISERVER }, ingress: [{}] }] }),
    '/specs/0/endpointSelector/matchLabels/component',
  ],
  [
    'a subject of a NetworkPolicy',
    ofSystem('NetworkPolicy', { podSelector: { matchLabels: APISERVER }, ingress: [{}] }),
    '/spec/podSelector/matchLabels/component',
  ],
  [
    'a peer of a NetworkPolicy',
    networkPolicy({
      egress: [
        {
          to: [
            {
              podSelector: { matchLabels: APISERVER },
              namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
            },
          ],
        },
      ],
    }),
    '/spec/egress/0/to/0/podSelector/matchLabels/component',
  ],
  [
    'a subject of a ClusterNetworkPolicy',
    object('ClusterNetworkPolicy', {
      spec: {
        tier: 'Admin',
        priority: 1,
        subject: { pods: { namespaceSelector: {}, podSelector: { matchLabels: APISERVER } } },
        ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }],
      },
    }),
    '/spec/subject/pods/podSelector/matchLabels/component',
  ],
])('reported: %s', (_, text, path) => {
  expect(places('CIL334', text)).toEqual([path]);
});

test.each<[string, string]>([
  ['another component', labelled({ component: 'web' })],
  [
    'one value of several',
    cnp({ egress: [{ toEndpoints: [{ matchExpressions: [{ key: 'component', operator: 'In', values: ['etcd', 'web'] }] }] }] }),
  ],
  [
    'an exclusion',
    ccnp({ endpointSelector: { matchExpressions: [{ key: 'component', operator: 'NotIn', values: ['etcd'] }] }, ingress: [{}] }),
  ],
  ['a hosted control plane, as a subject', cnp({ endpointSelector: { matchLabels: APISERVER }, ingress: [{}] })],
  ['a hosted control plane, as a peer', labelled({ ...APISERVER, 'io.kubernetes.pod.namespace': 'tenant-a' })],
  ['a namespace that is filled in later', labelled({ ...APISERVER, 'io.kubernetes.pod.namespace': '${NS}' })],
  ['an etcd of the own namespace', labelled({ component: 'etcd' })],
  ['a tier of the own namespace', labelled({ tier: 'control-plane' })],
  ['a value that is filled in later', labelled({ component: '${COMPONENT}' })],
  ['a node', object('CiliumClusterwideNetworkPolicy', { spec: { nodeSelector: { matchLabels: APISERVER }, ingress: [{}] } })],
])('not reported: %s', (_, text) => {
  expect(places('CIL334', text)).toEqual([]);
});

test('not reported where a given pod has the label', () => {
  const policy = JSON.parse(labelled(APISERVER)) as JsonObject;
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'api', namespace: 'tenant-a', labels: APISERVER }, spec: {} };
  expect(foundIn([policy, pod], 'CIL334')).toEqual([]);
});

test('labels that others have are at info, if the namespace may be any', () => {
  const severityOf = (labels: object) => findings('CIL334', ccnp({ ingress: [{ fromEndpoints: [{ matchLabels: labels }] }] }))[0].severity;
  expect(severityOf(APISERVER)).toBe('warning');
  expect(severityOf({ tier: 'control-plane' })).toBe('info');
});

test('the messages', () => {
  expect(words('CIL334', labelled(APISERVER))).toBe(
    'pods with `component: kube-apiserver` are static pods in the network of their node, or no pods at all, so no selector of pods matches them | write the entity `kube-apiserver`',
  );
  expect(words('CIL334', labelled({ ...SYSTEM, component: 'etcd' }))).toContain('| write the entities `host` and `remote-node`');
  expect(words('CIL334', networkPolicy({ egress: [{ to: [{ podSelector: { matchLabels: APISERVER } }] }] }))).toContain(
    '| write a Cilium policy with the entity `kube-apiserver`',
  );
  expect(words('CIL334', ccnp({ endpointSelector: { matchLabels: APISERVER }, ingress: [{}] }))).toContain(
    '| select the nodes with a `nodeSelector` in a CiliumClusterwideNetworkPolicy',
  );
});
