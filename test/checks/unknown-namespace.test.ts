/** CIL505: namespaces that the inventory does not have. */
import { checkObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

function found(objects: readonly JsonObject[]): string[] {
  return checkObjects(objects)
    .filter(({ code }) => code === 'CIL505')
    .map(({ severity, path, message, help }) => [severity, `${path}:`, message, ...(help === null ? [] : [`; ${help}`])].join(' '));
}

const namespaces = (...names: readonly string[]): readonly JsonObject[] =>
  names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }));
const SOME = namespaces('payments', 'shop');
const ALL = namespaces('payments', 'shop', 'default', 'kube-system', 'kube-node-lease');
const policy = (spec: JsonObject, namespace?: string, kind = 'CiliumNetworkPolicy'): JsonObject => ({
  apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
  kind,
  metadata: { name: 'web', ...(namespace !== undefined && { namespace }) },
  spec,
});
const from = (matchLabels: JsonObject, namespace = 'shop') =>
  policy({ endpointSelector: {}, ingress: [{ fromEndpoints: [{ matchLabels }] }] }, namespace);
const IN = (name: string) => ({ 'k8s:io.kubernetes.pod.namespace': name });
const PEER = '/spec/ingress/0/fromEndpoints/0/matchLabels/k8s:io.kubernetes.pod.namespace';
const TYPO = 'no namespace `paymnets` is given ; did you mean `payments`?';

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['a peer', [from(IN('paymnets')), ...SOME], [`warning ${PEER}: ${TYPO}`]],
  ['a peer, where all namespaces are given', [from(IN('mail')), ...ALL], [`warning ${PEER}: no namespace \`mail\` is given`]],
  [
    'a peer of a deny rule, in a list',
    [
      policy(
        {
          endpointSelector: {},
          egressDeny: [
            { toEndpoints: [{ matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'In', values: ['shop', 'paymnets'] }] }] },
          ],
        },
        'shop',
      ),
      ...SOME,
    ],
    [`warning /spec/egressDeny/0/toEndpoints/0/matchExpressions/0: ${TYPO}`],
  ],
  [
    'a peer of a NetworkPolicy',
    [
      policy(
        { podSelector: {}, ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'paymnets' } } }] }] },
        'shop',
        'NetworkPolicy',
      ),
      ...SOME,
    ],
    [`warning /spec/ingress/0/from/0/namespaceSelector/matchLabels/kubernetes.io~1metadata.name: ${TYPO}`],
  ],
  ['the policy itself', [policy({ endpointSelector: {}, ingress: [{}] }, 'paymnets'), ...SOME], [`warning /metadata/namespace: ${TYPO}`]],
  [
    'a clusterwide policy',
    [policy({ endpointSelector: { matchLabels: IN('paymnets') }, ingress: [{}] }, undefined, 'CiliumClusterwideNetworkPolicy'), ...SOME],
    [`warning /spec/endpointSelector/matchLabels/k8s:io.kubernetes.pod.namespace: ${TYPO}`],
  ],
  [
    'a Service',
    [
      policy({ endpointSelector: {}, egress: [{ toServices: [{ k8sService: { serviceName: 'a', namespace: 'paymnets' } }] }] }, 'shop'),
      ...SOME,
    ],
    [`warning /spec/egress/0/toServices/0/k8sService/namespace: ${TYPO}`],
  ],
])('%s', (_, objects, expected) => {
  expect(found(objects)).toEqual(expected);
});

const POD: JsonObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'paymnets' } };

test.each<[string, readonly JsonObject[]]>([
  ['without a Namespace', [from(IN('paymnets')), { ...POD, metadata: { name: 'a', namespace: 'payments' } }]],
  [
    'of another name, where some namespaces are given',
    [from(IN('mail')), policy({ endpointSelector: {}, ingress: [{}] }, 'mail'), ...SOME],
  ],
  ['of a namespace that has pods', [from(IN('paymnets')), POD, ...ALL]],
  ['of namespaces that are there', [from(IN('payments')), from({}), from({ app: 'a' }), ...ALL]],
  ['of another cluster', [from({ ...IN('paymnets'), 'io.cilium.k8s.policy.cluster': 'west' }), ...ALL]],
  ['of placeholders', [from(IN('${NAMESPACE}')), policy({ endpointSelector: {}, ingress: [{}] }, '${NAMESPACE}'), ...ALL]],
  ['of any name, where a namespace is a placeholder', [from(IN('mail')), ...ALL, ...namespaces('${TEAM}')]],
  [
    'of what is excluded',
    [
      policy(
        {
          endpointSelector: {},
          ingress: [
            { fromEndpoints: [{ matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'NotIn', values: ['mail'] }] }] },
          ],
        },
        'shop',
      ),
      ...ALL,
    ],
  ],
])('nothing is said %s', (_, objects) => {
  expect(found(objects)).toEqual([]);
});
