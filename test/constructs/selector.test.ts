import { manifest } from '../support/synth';
import { Peer, Selector, CiliumClusterwideNetworkPolicy } from 'cdk8s-cilium';

test.each<[what: string, selector: Selector, subject: object, peer?: object]>([
  // As a peer, an exclusion of namespaces means pods only, in every minor.
  ['everything', Selector.all(), {}],
  ['labels', Selector.labels({ app: 'a', 'k8s:tier': 'b' }), { matchLabels: { app: 'a', 'k8s:tier': 'b' } }],
  ['a namespace', Selector.all().inNamespace('a'), { matchLabels: { 'io.kubernetes.pod.namespace': 'a' } }],
  ['a namespace said twice', Selector.all().inNamespace('a').inNamespace('a'), { matchLabels: { 'io.kubernetes.pod.namespace': 'a' } }],
  [
    'labels of namespaces',
    Selector.labels({ app: 'a' }).inNamespacesLabeled({ team: 'x', 'example.com/tier': 'y' }),
    {
      matchLabels: {
        app: 'a',
        'io.cilium.k8s.namespace.labels.team': 'x',
        'io.cilium.k8s.namespace.labels.example.com/tier': 'y',
      },
    },
  ],
  ['any namespace', Selector.all().inAnyNamespace(), { matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'Exists' }] }],
  [
    'all namespaces but some',
    Selector.all().outsideNamespaces('a', 'b'),
    { matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'NotIn', values: ['a', 'b'] }] },
    {
      matchExpressions: [
        { key: 'io.kubernetes.pod.namespace', operator: 'NotIn', values: ['a', 'b'] },
        { key: 'io.kubernetes.pod.namespace', operator: 'Exists' },
      ],
    },
  ],
  [
    'all namespaces but those with a label',
    Selector.all().outsideNamespacesLabeled({ team: 'x' }),
    { matchExpressions: [{ key: 'io.cilium.k8s.namespace.labels.team', operator: 'NotIn', values: ['x'] }] },
    {
      matchExpressions: [
        { key: 'io.cilium.k8s.namespace.labels.team', operator: 'NotIn', values: ['x'] },
        { key: 'io.kubernetes.pod.namespace', operator: 'Exists' },
      ],
    },
  ],
  [
    'all namespaces without a label',
    Selector.all().outsideNamespacesWithLabel('team').inNamespacesLabeled({ zone: 'a' }),
    {
      matchLabels: { 'io.cilium.k8s.namespace.labels.zone': 'a' },
      matchExpressions: [{ key: 'io.cilium.k8s.namespace.labels.team', operator: 'DoesNotExist' }],
    },
  ],
  [
    'everything but the gateway, which is no peer anyway',
    Selector.all().exceptGateway(),
    { matchExpressions: [{ key: 'reserved:ingress', operator: 'DoesNotExist' }] },
    {},
  ],
  [
    'a label that only some agents keep',
    Selector.all().withKeptLabel('statefulset.kubernetes.io/pod-name', 'db-0'),
    { matchLabels: { 'statefulset.kubernetes.io/pod-name': 'db-0' } },
  ],
  ['a service account', Selector.all().withServiceAccount('robot'), { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'robot' } }],
  ['a cluster', Selector.all().inCluster('east'), { matchLabels: { 'io.cilium.k8s.policy.cluster': 'east' } }],
  ['any cluster', Selector.all().inAnyCluster(), { matchExpressions: [{ key: 'io.cilium.k8s.policy.cluster', operator: 'Exists' }] }],
  [
    'expressions, in the order they were written',
    Selector.all().whereIn('a', '1', '2').whereNotIn('b', '3').whereExists('c').whereAbsent('d'),
    {
      matchExpressions: [
        { key: 'a', operator: 'In', values: ['1', '2'] },
        { key: 'b', operator: 'NotIn', values: ['3'] },
        { key: 'c', operator: 'Exists' },
        { key: 'd', operator: 'DoesNotExist' },
      ],
    },
  ],
])('a selector can ask for %s', (_, selector, expected, peer: object = expected) => {
  const made = manifest((chart) =>
    new CiliumClusterwideNetworkPolicy(chart, 'P', { endpointSelector: selector }).allowFrom(Peer.endpoints(selector)),
  );
  expect(made.spec).toEqual({ endpointSelector: expected, ingress: [{ fromEndpoints: [peer] }] });
});

test('a label may have the name of a method', () => {
  expect(Selector.labels({ toString: 'a' })._render().matchLabels).toEqual({ toString: 'a' });
});

test('a selector never changes: every method makes a new one', () => {
  const base = Selector.labels({ app: 'a' });
  base.inNamespace('b').whereExists('c');
  expect(base._render()).toEqual({ matchLabels: { app: 'a' } });
});

test('a key that one supported minor takes is taken', () => {
  const only120 = 'k'.repeat(63);
  const only119 = '$host';
  expect(Selector.all().whereExists(only120).whereExists(only119)._render().matchExpressions).toHaveLength(2);
});

test('a raw key may exclude namespaces where something says that there must be one', () => {
  const tenant = 'io.cilium.k8s.namespace.labels.tenant';
  const wall = Selector.all().inAnyNamespace().whereExists(tenant).whereNotIn(tenant, '1');
  expect(Peer.endpoints(wall)).toBeInstanceOf(Peer);
  expect(Selector.all().whereNotIn(tenant, '1')._render().matchExpressions).toEqual([{ key: tenant, operator: 'NotIn', values: ['1'] }]);
});
