/** The pods that could exist: one for each combination of selectors that the labels of a pod and its namespace can fulfil. */
import type { JsonObject } from '../../../lib/model/json';
import { FoundPods, possiblePods } from '../../../lib/reach/universe/possible-pods';
import type { World } from '../../../lib/reach/universe/world';
import { engineOf } from '../../support/world-engine';

const NAMESPACE = (name: string, labels: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
const OF_NAMESPACE = 'k8s:io.kubernetes.pod.namespace';
const LABEL_OF_NAMESPACE = 'k8s:io.cilium.k8s.namespace.labels.';

/** A world in which each of some selectors is the peer of a rule. */
function world(selectors: readonly JsonObject[], objects: readonly JsonObject[] = []): World {
  const spec = { endpointSelector: {}, ingress: selectors.map((selector) => ({ fromEndpoints: [selector] })) };
  const policy = { apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'p' }, spec };
  const { resolver } = engineOf({ objects: [policy, ...objects], config: {}, names: {} }, '1.20')!;
  expect(resolver.entries.length).toBe(selectors.length);
  return { inventory: resolver.cluster.inventory, agent: resolver.agent, entries: resolver.entries };
}

function possible(
  selectors: readonly JsonObject[],
  { objects = [] as readonly JsonObject[], most = 50, cluster = undefined as string | undefined } = {},
): FoundPods {
  const own = world(selectors, objects);
  const numbered = own.entries.flatMap(({ selectors: peers }, number) =>
    peers.flatMap((selector) => (selector.is === 'labels' ? { number, world: own, selector } : [])),
  );
  return possiblePods([own], numbered, most, cluster);
}

/** Which selectors the pods fulfil, and the namespaces that they may be in; `*` for every one that nobody names. */
function shown({ kinds }: FoundPods): readonly string[] {
  return kinds.map(({ fulfilled, namespaces }) => `${fulfilled.join('+') || 'none'} in ${namespaces?.join() ?? '*'}`).sort();
}

const matching = (labels: JsonObject): JsonObject => ({ matchLabels: labels });
const SHOP = NAMESPACE('shop', { team: 'q' });

test.each<[string, readonly JsonObject[], readonly JsonObject[], readonly string[]]>([
  ['one label', [matching({ app: 'a' })], [], ['0 in *', 'none in *']],
  ['two labels', [matching({ app: 'a' }), matching({ tier: 'b' })], [], ['0 in *', '0+1 in *', '1 in *', 'none in *']],
  ['two values of one label', [matching({ app: 'a' }), matching({ app: 'b' })], [], ['0 in *', '1 in *', 'none in *']],
  [
    'labels that no pod has both of',
    [{ matchLabels: { app: 'a' }, matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] }],
    [],
    ['none in *'],
  ],
  ['a label of any source', [matching({ 'any:app': 'a' })], [], ['0 in *', 'none in *']],
  ['a label of another source', [matching({ 'container:app': 'a' })], [], ['none in *']],
  ['a namespace', [matching({ [OF_NAMESPACE]: 'shop' })], [], ['0 in shop', 'none in *']],
  [
    'the name of a namespace as its label',
    [matching({ [`${LABEL_OF_NAMESPACE}kubernetes.io/metadata.name`]: 'shop' })],
    [],
    ['0 in shop', 'none in *'],
  ],
  [
    'two namespaces',
    [matching({ [OF_NAMESPACE]: 'shop', [`${LABEL_OF_NAMESPACE}kubernetes.io/metadata.name`]: 'other' })],
    [],
    ['none in *'],
  ],
  [
    'a label of a namespace that is not listed',
    [matching({ [OF_NAMESPACE]: 'shop', [`${LABEL_OF_NAMESPACE}team`]: 'z' })],
    [],
    ['0 in shop', 'none in *'],
  ],
  [
    'a label that a listed namespace has',
    [matching({ [OF_NAMESPACE]: 'shop', [`${LABEL_OF_NAMESPACE}team`]: 'q' })],
    [SHOP],
    ['0 in shop', 'none in *'],
  ],
  [
    'a label that a listed namespace does not have',
    [matching({ [OF_NAMESPACE]: 'shop', [`${LABEL_OF_NAMESPACE}team`]: 'z' })],
    [SHOP],
    ['none in *'],
  ],
  [
    'two labels of which a listed namespace has one',
    [matching({ [OF_NAMESPACE]: 'shop', [`${LABEL_OF_NAMESPACE}team`]: 'q', [`${LABEL_OF_NAMESPACE}zone`]: 'z' })],
    [SHOP],
    ['none in *'],
  ],
  [
    'labels of a namespace that no namespace has both of',
    [
      {
        matchLabels: { [`${LABEL_OF_NAMESPACE}team`]: 'q' },
        matchExpressions: [{ key: `${LABEL_OF_NAMESPACE}team`, operator: 'DoesNotExist' }],
      },
    ],
    [],
    ['none in *'],
  ],
  [
    'a service account',
    [matching({ 'io.cilium.k8s.policy.serviceaccount': 'default' }), matching({ 'io.cilium.k8s.policy.serviceaccount': 's' })],
    [],
    ['0 in *', '1 in *', 'none in *'],
  ],
  ['a label that Cilium has for itself', [matching({ 'io.cilium.k8s.policy.name': 'a' })], [], ['none in *']],
  ['the own cluster', [matching({ 'io.cilium.k8s.policy.cluster': 'default' })], [], ['0 in *']],
  ['another cluster', [matching({ 'io.cilium.k8s.policy.cluster': 'there' })], [], ['none in *']],
])('pods that could exist are told apart by %s', (_, selectors, objects, expected) => {
  expect(shown(possible(selectors, { objects }))).toEqual(expected);
});

test('a service account that is not written is `default`', () => {
  const { kinds } = possible([matching({ 'io.cilium.k8s.policy.serviceaccount': 'default' })]);
  const isDefault = kinds.map(({ fulfilled, written }) => [fulfilled.join(), ['', 'default'].includes(written.serviceAccount)]);
  expect(new Map(isDefault as [string, boolean][])).toEqual(
    new Map([
      ['', false],
      ['0', true],
    ]),
  );
});

const IN_OTHER_CLUSTER = { 'io.cilium.k8s.policy.cluster': 'there' };

test('what is listed is in the own cluster', () => {
  const labels = { [OF_NAMESPACE]: 'shop', [`${LABEL_OF_NAMESPACE}team`]: 'z', ...IN_OTHER_CLUSTER };
  expect(shown(possible([matching(labels)], { objects: [SHOP], cluster: 'there' }))).toEqual(['0 in shop', 'none in *']);
});

test('pods have the labels of their namespace where it is not listed, and the name of another cluster', () => {
  const labels = { [`${LABEL_OF_NAMESPACE}team`]: 'q' };
  const written = (found: FoundPods) => found.kinds.find(({ fulfilled }) => fulfilled.length === 1)!.written;
  expect(written(possible([matching(labels)]))).toEqual({
    is: 'labels',
    labels: {},
    namespace: 'other',
    serviceAccount: '',
    ports: [],
    namespaceLabels: { team: 'q' },
  });
  expect(written(possible([matching({ ...labels, ...IN_OTHER_CLUSTER })], { cluster: 'there' }))).toMatchObject({
    namespaceLabels: { team: 'q' },
    cluster: 'there',
  });
  const listed = possible([matching({ [OF_NAMESPACE]: 'shop', app: 'a' })], { objects: [SHOP] });
  expect(written(listed)).toEqual({ is: 'labels', labels: { app: 'a' }, namespace: 'shop', serviceAccount: '', ports: [] });
});

test('of two worlds, a namespace is listed if it is in one of them', () => {
  const selectors = [matching({ [OF_NAMESPACE]: 'shop', [`${LABEL_OF_NAMESPACE}team`]: 'z' })];
  const [own, other] = [world(selectors), world(selectors, [SHOP])];
  const numbered = own.entries.flatMap(({ selectors: peers }, number) =>
    peers.flatMap((selector) => (selector.is === 'labels' ? { number, world: other, selector } : [])),
  );
  expect(shown(possiblePods([own, other], numbered, 50))).toEqual(['none in *']);
});

test('of too many, each selector is fulfilled once: in its namespace, or in one that nobody names', () => {
  const everywhere = ['a', 'b', 'c'].map((key) => matching({ [key]: 'q' }));
  const inShop = ['a', 'd', 'e'].map((key) => matching({ [OF_NAMESPACE]: 'shop', [key]: 'q' }));
  const found = possible([...everywhere, ...inShop], { most: 3 });
  expect(found.partial).toEqual([
    { namespace: 'shop', keys: ['a', 'd', 'e', 'b', 'c'] },
    { namespace: undefined, keys: ['a', 'b', 'c'] },
  ]);
  expect(shown(found)).toEqual(['0 in *', '0+3 in shop', '1 in *', '2 in *', '4 in shop', '5 in shop', 'none in *']);
});
