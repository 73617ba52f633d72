/** CIL333: namespaces by a label `name`, which Kubernetes does not set. */
import type { JsonObject } from '../../../lib/model/json';
import { ccnp, cnp, findings, networkPolicy, object, places, words } from '../../support/intent';
import { foundIn } from '../../support/policies';

const NAME = 'io.cilium.k8s.namespace.labels.name';
const SELECTOR = '/spec/ingress/0/from/0/namespaceSelector';
const PEER = '/spec/ingress/0/fromEndpoints/0';
const named = (selector: object) => networkPolicy({ ingress: [{ from: [{ namespaceSelector: selector }] }] });
const byName = (value: string) => named({ matchLabels: { name: value } });
const from = (selector: object) => cnp({ ingress: [{ fromEndpoints: [selector] }] });
const tier = (peer: object) =>
  object('ClusterNetworkPolicy', {
    spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, ingress: [{ action: 'Deny', from: [peer] }] },
  });

test.each<[string, string, string]>([
  ['a namespace of Kubernetes', byName('kube-system'), `${SELECTOR}/matchLabels/name`],
  ['one of the user', byName('monitoring'), `${SELECTOR}/matchLabels/name`],
  ['beside another label', named({ matchLabels: { team: 'a', name: 'default' } }), `${SELECTOR}/matchLabels/name`],
  [
    'an expression',
    named({ matchExpressions: [{ key: 'name', operator: 'In', values: ['a', 'b'] }] }),
    `${SELECTOR}/matchExpressions/0/key`,
  ],
  [
    'beside a selector of pods',
    networkPolicy({ egress: [{ to: [{ namespaceSelector: { matchLabels: { name: 'a' } }, podSelector: {} }] }] }),
    '/spec/egress/0/to/0/namespaceSelector/matchLabels/name',
  ],
  ['a CiliumNetworkPolicy', from({ matchLabels: { [NAME]: 'kube-system' } }), `${PEER}/matchLabels/${NAME}`],
  ['with `k8s:`', from({ matchLabels: { [`k8s:${NAME}`]: 'kube-system' } }), `${PEER}/matchLabels/k8s:${NAME}`],
  ['with `any:`', from({ matchLabels: { [`any:${NAME}`]: 'kube-system' } }), `${PEER}/matchLabels/any:${NAME}`],
  [
    'a clusterwide subject',
    ccnp({ endpointSelector: { matchLabels: { [NAME]: 'a' } }, ingress: [{}] }),
    `/spec/endpointSelector/matchLabels/${NAME}`,
  ],
  [
    '`specs`',
    object('CiliumNetworkPolicy', {
      specs: [{ endpointSelector: {}, ingressDeny: [{ fromEndpoints: [{ matchLabels: { [NAME]: 'a' } }] }] }],
    }),
    `/specs/0/ingressDeny/0/fromEndpoints/0/matchLabels/${NAME}`,
  ],
  ['a ClusterNetworkPolicy', tier({ namespaces: { matchLabels: { name: 'a' } } }), '/spec/ingress/0/from/0/namespaces/matchLabels/name'],
  [
    'its pods',
    tier({ pods: { namespaceSelector: { matchLabels: { name: 'a' } }, podSelector: {} } }),
    '/spec/ingress/0/from/0/pods/namespaceSelector/matchLabels/name',
  ],
])('reported: %s', (_, text, path) => {
  expect(places('CIL333', text)).toEqual([path]);
});

test.each<[string, string]>([
  ['the label of Kubernetes', named({ matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } })],
  ['another label', named({ matchLabels: { team: 'a' } })],
  ['pods with a label `name`', networkPolicy({ ingress: [{ from: [{ podSelector: { matchLabels: { name: 'a' } } }] }] })],
  ['endpoints with a label `name`', from({ matchLabels: { name: 'a' } })],
  ['an exclusion', named({ matchExpressions: [{ key: 'name', operator: 'NotIn', values: ['kube-system'] }] })],
  ['any value', named({ matchExpressions: [{ key: 'name', operator: 'Exists' }] })],
  ['a value that is filled in later', byName('${NS}')],
])('not reported: %s', (_, text) => {
  expect(places('CIL333', text)).toEqual([]);
});

describe('with Namespaces', () => {
  const policy = JSON.parse(byName('monitoring')) as JsonObject;
  const namespace = (name: string, labels: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

  test('the label of a given one is meant', () => {
    expect(foundIn([policy, namespace('observability', { name: 'monitoring' })], 'CIL333')).toEqual([]);
    expect(foundIn([policy, namespace('observability', { name: '${NAME}' })], 'CIL333')).toEqual([]);
    expect(foundIn([policy, namespace('observability', { name: 'logs' })], 'CIL333')).toHaveLength(1);
  });

  test('where given ones have their names in the label, others may have it, too', () => {
    expect(foundIn([policy, namespace('logs', { name: 'logs' })], 'CIL333')).toEqual([]);
    expect(foundIn([policy, namespace('logs', { name: 'logs' }), namespace('monitoring', {})], 'CIL333')).toHaveLength(1);
    expect(foundIn([JSON.parse(byName('kube-system')) as JsonObject, namespace('logs', { name: 'logs' })], 'CIL333')).toHaveLength(1);
  });

  test('one without the label makes a warning', () => {
    const text = (...objects: readonly JsonObject[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [policy, ...objects] });
    expect(findings('CIL333', text()).map(({ severity }) => severity)).toEqual(['info']);
    expect(findings('CIL333', text(namespace('monitoring', {}))).map(({ severity }) => severity)).toEqual(['warning']);
    expect(findings('CIL333', byName('kube-system')).map(({ severity }) => severity)).toEqual(['warning']);
  });

  test('a kustomization may add the label', () => {
    const kustomization = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', commonLabels: { name: 'monitoring' } };
    expect(foundIn([policy, kustomization], 'CIL333')).toEqual([]);
  });
});

test('the messages', () => {
  expect(words('CIL333', byName('kube-system'))).toBe(
    'no namespace has a label `name: kube-system` unless somebody sets it | write `kubernetes.io/metadata.name`, which every namespace has',
  );
  expect(words('CIL333', from({ matchLabels: { [`k8s:${NAME}`]: 'a' } }))).toContain('| write `k8s:io.kubernetes.pod.namespace`, which');
  const given = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'logs' } };
  expect(words('CIL333', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [JSON.parse(byName('logs')), given] }))).toContain(
    'the given Namespace `logs` has no label `name: logs` | write',
  );
});
