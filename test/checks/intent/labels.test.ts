/** CIL308 and CIL309: selectors of labels that no pod has. CIL310: selectors that nothing fulfils. */
import type { JsonObject } from '../../../lib/model/json';
import { ccnp, cnp, findings, host, isAllowed, networkPolicy, object, places, ports, words } from '../../support/intent';
import { foundIn } from '../../support/policies';

const HASH = { matchLabels: { 'pod-template-hash': '1' } };
const PEER = '/spec/ingress/0/fromEndpoints/0';

function from(...selectors: readonly object[]): string {
  return cnp({ ingress: [{ fromEndpoints: selectors, ...ports(8080) }] });
}

function labelled(key: string, value = 'a'): string {
  return from({ matchLabels: { [key]: value } });
}

function requiring(...matchExpressions: readonly object[]): string {
  return from({ matchExpressions });
}

describe('CIL308', () => {
  test.each<[string, string, string[]]>([
    ['a label of a peer', from({}, HASH), ['/spec/ingress/0/fromEndpoints/1/matchLabels/pod-template-hash']],
    ['with `k8s:`', labelled('k8s:controller-revision-hash'), [`${PEER}/matchLabels/k8s:controller-revision-hash`]],
    ['with `any:`', labelled('any:topology.kubernetes.io/zone'), [`${PEER}/matchLabels/any:topology.kubernetes.io~1zone`]],
    [
      'an expression',
      requiring({ key: 'apps.kubernetes.io/pod-index', operator: 'In', values: ['0'] }),
      [`${PEER}/matchExpressions/0/key`],
    ],
    ['an exclusion', requiring({ key: 'kubernetes.io/hostname', operator: 'DoesNotExist' }), [`${PEER}/matchExpressions/0/key`]],
    [
      'a subject',
      object('CiliumClusterwideNetworkPolicy', { specs: [{ endpointSelector: HASH, egress: [{}] }] }),
      ['/specs/0/endpointSelector/matchLabels/pod-template-hash'],
    ],
    [
      'a peer of a deny rule',
      cnp({ egressDeny: [{ toEndpoints: [HASH] }] }),
      ['/spec/egressDeny/0/toEndpoints/0/matchLabels/pod-template-hash'],
    ],
    ['a peer of a host policy', host({ ingress: [{ fromEndpoints: [HASH] }] }), [`${PEER}/matchLabels/pod-template-hash`]],
    [
      'a peer of a NetworkPolicy',
      networkPolicy({ ingress: [{ from: [{ podSelector: HASH }] }] }),
      ['/spec/ingress/0/from/0/podSelector/matchLabels/pod-template-hash'],
    ],
    [
      'the subject of a ClusterNetworkPolicy',
      object('ClusterNetworkPolicy', {
        spec: {
          tier: 'Admin',
          priority: 1,
          subject: { pods: { namespaceSelector: {}, podSelector: HASH } },
          ingress: [{ action: 'Deny', from: [{ namespaces: {} }] }],
        },
      }),
      ['/spec/subject/pods/podSelector/matchLabels/pod-template-hash'],
    ],
  ])('reported: %s', (_, text, paths) => {
    expect(places('CIL308', text)).toEqual(paths);
  });

  test.each<[string, string]>([
    ['a label of a workload', labelled('app.kubernetes.io/name')],
    [
      'the namespace and its labels',
      from({ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'a', 'io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name': 'a' } }),
    ],
    ['an entity', from({ matchExpressions: [{ key: 'reserved:host', operator: 'Exists' }] })],
    ['another source', labelled('cidr:10.0.0.0/8', '')],
    [
      'a node',
      object('CiliumClusterwideNetworkPolicy', {
        spec: { nodeSelector: { matchLabels: { 'kubernetes.io/hostname': 'a' } }, ingress: [{}] },
      }),
    ],
    ['a Service', cnp({ egress: [{ toServices: [{ k8sServiceSelector: { selector: HASH } }] }] })],
    [
      'a namespace',
      networkPolicy({ ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } } }] }] }),
    ],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL308', text)).toEqual([]);
  });

  test('the configuration decides', () => {
    const config = { labels: 'k8s:app k8s:!team' };
    expect(words('CIL308', labelled('role'), { config })).toContain('| add it to `labels` of `cilium-config`');
    expect(places('CIL308', labelled('team'), { config })).toEqual([`${PEER}/matchLabels/team`]);
    expect(places('CIL308', labelled('app'), { config })).toEqual([]);
  });

  test('the messages', () => {
    expect(words('CIL308', from(HASH))).toBe(
      'label `pod-template-hash` is not part of identities, so the selector selects no pod | select by a label that the pods of a workload share',
    );
    expect(words('CIL308', requiring({ key: 'pod-template-hash', operator: 'NotIn', values: ['1'] }))).toContain(
      'label `pod-template-hash` is not part of identities, so the requirement holds for every pod',
    );
  });
});

describe('CIL309', () => {
  const NAMESPACE = 'io.kubernetes.pod.namespace';
  const OF_NAMESPACE = 'io.cilium.k8s.namespace.labels.';

  test.each([
    ['k8s.io.kubernetes.pod.namespace', NAMESPACE],
    ['k8s:io.kubernetes.pod.namespaces', `k8s:${NAMESPACE}`],
    ['io.kubernetes.namespace', NAMESPACE],
    ['io.kubernetes.podNamespace', NAMESPACE],
    ['io.cilium.k8s.namespace', NAMESPACE],
    ['io.cilium.k8s.namespace.label.tenant', `${OF_NAMESPACE}tenant`],
    ['any:io.cilium.k8s.namespaces.labels.tenant', `any:${OF_NAMESPACE}tenant`],
    ['io.cilium.k8s.namespace.labels/tenant', `${OF_NAMESPACE}tenant`],
    ['k8s.io.kubernetes.pod.namespace.labels.tenant', `${OF_NAMESPACE}tenant`],
    ['io.cilium.k8s.policy.serviceAccount', 'io.cilium.k8s.policy.serviceaccount'],
    ['io.cilium.k8s.serviceaccount', 'io.cilium.k8s.policy.serviceaccount'],
    ['io.cilium.k8s.policy.cluster-name', 'io.cilium.k8s.policy.cluster'],
    ['kubernetes.io/metadata.name', `${OF_NAMESPACE}kubernetes.io/metadata.name`],
  ])('`%s` is to be `%s`', (written, meant) => {
    const [finding, ...others] = findings('CIL309', labelled(written));
    expect(others).toEqual([]);
    expect(finding.help).toBe(`write \`${meant}\``);
    expect(places('CIL308', labelled(written))).toEqual([]);
    expect(places('CIL309', labelled(meant))).toEqual([]);
  });

  test.each([
    NAMESPACE,
    `${OF_NAMESPACE}a`,
    'io.cilium.k8s.policy.serviceaccount',
    'io.cilium.k8s.policy.cluster',
    'io.cilium',
    'namespace',
    'k8s-app',
  ])('`%s` is not reported', (key) => {
    expect(places('CIL309', labelled(key))).toEqual([]);
  });

  describe('`namespace` beside other labels', () => {
    const APP = { app: 'web' };

    test.each<[string, string, string]>([
      ['a peer', from({ matchLabels: { ...APP, namespace: 'core' } }), `${PEER}/matchLabels/namespace`],
      ['with `k8s:`', from({ matchLabels: { ...APP, 'k8s:namespace': 'core' } }), `${PEER}/matchLabels/k8s:namespace`],
      ['with `any:`', from({ matchLabels: { ...APP, 'any:namespace': 'core' } }), `${PEER}/matchLabels/any:namespace`],
      [
        'an expression',
        from({ matchLabels: APP, matchExpressions: [{ key: 'namespace', operator: 'In', values: ['core'] }] }),
        `${PEER}/matchExpressions/0/key`,
      ],
      [
        'a peer of a deny rule',
        cnp({ egressDeny: [{ toEndpoints: [{ matchLabels: { ...APP, namespace: 'core' } }] }] }),
        '/spec/egressDeny/0/toEndpoints/0/matchLabels/namespace',
      ],
      [
        'a subject in `specs`',
        object('CiliumClusterwideNetworkPolicy', {
          specs: [{ endpointSelector: { matchLabels: { ...APP, namespace: 'core' } }, egress: [{}] }],
        }),
        '/specs/0/endpointSelector/matchLabels/namespace',
      ],
    ])('reported: %s', (_, text, path) => {
      expect(places('CIL309', text)).toEqual([path]);
    });

    test.each<[string, string]>([
      ['alone', labelled('namespace')],
      ['beside the namespace', from({ matchLabels: { ...APP, namespace: 'core', [NAMESPACE]: 'core' } })],
      ['beside a label of the namespace', from({ matchLabels: { ...APP, namespace: 'core', [`${OF_NAMESPACE}team`]: 'a' } })],
      ['no name of a namespace', from({ matchLabels: { ...APP, namespace: 'Core_1' } })],
      ['a value that is filled in later', from({ matchLabels: { ...APP, namespace: '${NS}' } })],
      ['an exclusion', from({ matchLabels: APP, matchExpressions: [{ key: 'namespace', operator: 'NotIn', values: ['core'] }] })],
      ['a node', host({ ingress: [{ fromNodes: [{ matchLabels: { ...APP, namespace: 'core' } }] }] })],
      ['a NetworkPolicy', networkPolicy({ ingress: [{ from: [{ podSelector: { matchLabels: { ...APP, namespace: 'core' } } }] }] })],
    ])('not reported: %s', (_, text) => {
      expect(places('CIL309', text)).toEqual([]);
    });

    test('not reported where a given pod has the label', () => {
      const policy = JSON.parse(from({ matchLabels: { ...APP, namespace: 'core' } })) as JsonObject;
      const pod = (value: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', labels: { namespace: value } }, spec: {} });
      expect(foundIn([policy, pod('core')], 'CIL309')).toEqual([]);
      expect(foundIn([policy, pod('other')], 'CIL309')).toHaveLength(1);
    });

    test('a warning with its own words', () => {
      const text = from({ matchLabels: { ...APP, 'k8s:namespace': 'core' } });
      expect(findings('CIL309', text)[0].severity).toBe('warning');
      expect(words('CIL309', text)).toBe(
        '`k8s:namespace` is a label of pods, and not the namespace that they are in | write `k8s:io.kubernetes.pod.namespace`',
      );
    });
  });

  test('the messages', () => {
    expect(words('CIL309', labelled('io.cilium.k8s.tenant'))).toBe(
      'no pod has a label `io.cilium.k8s.tenant`, so the selector selects no pod | write `io.cilium.k8s.namespace.labels.KEY` for a label of the namespace',
    );
    expect(words('CIL309', requiring({ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['a'] }))).toBe(
      'no pod has a label `kubernetes.io/metadata.name`, so the requirement holds for every pod | write `io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name`',
    );
    expect(
      words('CIL309', networkPolicy({ ingress: [{ from: [{ podSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'a' } } }] }] })),
    ).toBe(
      'no pod has a label `kubernetes.io/metadata.name`, so the selector selects no pod | select namespaces with `namespaceSelector`, by their own labels',
    );
  });
});

describe('CIL310', () => {
  const ONE_OF = (...values: readonly string[]) => ({ key: 'app', operator: 'In', values });
  const NONE_OF = (...values: readonly string[]) => ({ key: 'app', operator: 'NotIn', values });
  const [EXISTS, ABSENT] = ['Exists', 'DoesNotExist'].map((operator) => ({ key: 'app', operator }));

  test.each<[string, string, string]>([
    ['one value and another', from({ matchLabels: { app: 'a' }, matchExpressions: [ONE_OF('b')] }), `${PEER}/matchExpressions/0/key`],
    ['two labels of one key', from({ matchLabels: { 'k8s:app': 'a', 'any:app': 'b' } }), `${PEER}/matchLabels/any:app`],
    ['values and their exclusion', requiring(ONE_OF('a', 'b'), NONE_OF('b', 'a')), `${PEER}/matchExpressions/1/key`],
    ['present and absent', requiring(EXISTS, ABSENT), `${PEER}/matchExpressions/1/key`],
    ['a value and absent', from({ matchLabels: { app: 'a' }, matchExpressions: [ABSENT] }), `${PEER}/matchExpressions/0/key`],
    [
      'three lists without a common value',
      requiring(ONE_OF('a', 'b'), ONE_OF('b', 'c'), ONE_OF('a', 'c')),
      `${PEER}/matchExpressions/2/key`,
    ],
    [
      'a NetworkPolicy',
      networkPolicy({ podSelector: { matchLabels: { app: 'a' }, matchExpressions: [ABSENT] }, ingress: [{}] }),
      '/spec/podSelector/matchExpressions/0/key',
    ],
  ])('reported: %s', (_, text, path) => {
    expect(places('CIL310', text)).toEqual([path]);
  });

  test.each<[string, string]>([
    ['lists with a common value', requiring(ONE_OF('a', 'b'), ONE_OF('b', 'c'))],
    ['exclusions only', requiring(NONE_OF('a'), ABSENT)],
    ['different keys', from({ matchLabels: { app: 'a', team: 'b' } })],
    ['different selectors', from({ matchLabels: { app: 'a' } }, { matchLabels: { app: 'b' } })],
    ['the same value twice', from({ matchLabels: { app: 'a', 'k8s:app': 'a' } })],
    ['values that are filled in later', requiring(ONE_OF('${A}'), ONE_OF('${B}'))],
  ])('not reported: %s', (_, text) => {
    expect(places('CIL310', text)).toEqual([]);
  });

  const ofNamespace = (key: string, namespace: string, metadata?: object) =>
    object('CiliumNetworkPolicy', { spec: { endpointSelector: { matchLabels: { [key]: namespace } }, ingress: [{}] } }, metadata);
  const KEY = 'io.kubernetes.pod.namespace';

  test('a subject in another namespace than the policy', () => {
    expect(words('CIL310', ofNamespace(KEY, 'other'))).toBe(
      'the policy is for namespace `shop`, and its subjects are to be in `other`: it selects nothing | write the policy in that namespace, or a CiliumClusterwideNetworkPolicy',
    );
    expect(words('CIL310', ofNamespace(`k8s:${KEY}`, 'other'))).toContain('it selects pods of `shop` |');
    expect(
      words('CIL310', cnp({ endpointSelector: { matchExpressions: [{ key: KEY, operator: 'NotIn', values: ['shop'] }] }, ingress: [{}] })),
    ).toContain('to be in another one:');
    expect(places('CIL310', ofNamespace(KEY, 'shop'))).toEqual([]);
    expect(places('CIL310', ofNamespace(KEY, 'other', { namespace: '${NAMESPACE}' }))).toEqual([]);
    expect(places('CIL310', ofNamespace(KEY, 'other', { namespace: undefined }))).toEqual([]);
    expect(places('CIL310', ccnp({ endpointSelector: { matchLabels: { [KEY]: 'other' } }, ingress: [{}] }))).toEqual([]);
  });

  test('what the policy selects is what the message says', () => {
    for (const cilium of ['1.18', '1.19', '1.20'] as const) {
      // Whoever is selected is in default deny.
      expect(isAllowed(ofNamespace(KEY, 'other'), {}, { cilium })).toBe(true);
      expect(isAllowed(ofNamespace(`k8s:${KEY}`, 'other'), {}, { cilium })).toBe(false);
    }
  });

  test('the message', () => {
    expect(words('CIL310', requiring(EXISTS, ABSENT))).toBe(
      'no label `app` fulfils this requirement and those before it, so the selector selects nothing | for one of several values, write one `In` with all of them, or several selectors',
    );
  });
});
