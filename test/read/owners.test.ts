/** Which pods a name means that is not the name of a pod. */
import { readInventory } from '../../lib/read/inventory';
import { readObjects } from '../../lib/read/read';

interface Metadata {
  readonly labels?: Readonly<Record<string, string>>;
  readonly owners?: readonly (readonly [kind: string, name: string])[];
  readonly namespace?: string;
}

function object(kind: string, name: string, { labels = {}, owners = [], namespace = 'shop' }: Metadata = {}, more: object = {}): object {
  const ownerReferences = owners.map(([ownerKind, owner]) => ({ apiVersion: 'apps/v1', kind: ownerKind, name: owner, controller: true }));
  return { apiVersion: kind === 'Pod' ? 'v1' : 'apps/v1', kind, metadata: { name, namespace, labels, ownerReferences }, ...more };
}

function inventoryOf(...objects: readonly object[]) {
  const read = readObjects(
    'objects',
    objects.map((value) => ({ value: value as never })),
    { namespace: 'default' },
  );
  const inventory = readInventory(read.others);
  if (!inventory.ok) {
    throw new Error(inventory.problem);
  }
  return inventory.value;
}

const ownedIn = (...objects: readonly object[]) => Object.fromEntries(inventoryOf(...objects).owned);

test.each<[string, string, Metadata, readonly string[]]>([
  ['StatefulSet', 'db-0', { owners: [['StatefulSet', 'db']] }, ['shop/db']],
  ['DaemonSet', 'log-x', { owners: [['DaemonSet', 'log']] }, ['shop/log']],
  ['Job', 'load-x', { owners: [['Job', 'load']] }, ['shop/load']],
  ['Job of a CronJob', 'load-x', { owners: [['Job', 'load-29012345']] }, ['shop/load-29012345', 'shop/load']],
  [
    'Deployment, by the hash of its ReplicaSet',
    'web-5d8f-x',
    { owners: [['ReplicaSet', 'web-5d8f']], labels: { 'pod-template-hash': '5d8f' } },
    ['shop/web-5d8f', 'shop/web'],
  ],
  [
    'Rollout, by the hash of its ReplicaSet',
    'web-5d8f-x',
    { owners: [['ReplicaSet', 'web-5d8f']], labels: { 'rollouts-pod-template-hash': '5d8f' } },
    ['shop/web-5d8f', 'shop/web'],
  ],
  ['ReplicaSet without a Deployment', 'web-5d8f-x', { owners: [['ReplicaSet', 'web-5d8f']] }, ['shop/web-5d8f']],
  [
    'ReplicaSet with another hash',
    'web-5d8f-x',
    { owners: [['ReplicaSet', 'web-5d8f']], labels: { 'pod-template-hash': 'd8f' } },
    ['shop/web-5d8f'],
  ],
  ['node, as its static pods', 'proxy-n1', { owners: [['Node', 'n1']] }, []],
  ['operator', 'kafka-0', { owners: [['StrimziPodSet', 'kafka']] }, ['shop/kafka']],
])('a pod alone names its owner: %s', (_, name, metadata, owners) => {
  expect(ownedIn(object('Pod', name, metadata))).toEqual(Object.fromEntries(owners.map((owner) => [owner, [`shop/${name}`]])));
});

test('owners of owners are followed through the objects that were read, and a circle ends', () => {
  const pod = object('Pod', 'web-x', { owners: [['ReplicaSet', 'web-5d8f']] });
  const set = object('ReplicaSet', 'web-5d8f', { owners: [['Deployment', 'front']] });
  const deployment = object('Deployment', 'front', {
    owners: [
      ['ReplicaSet', 'web-5d8f'],
      ['App', 'all'],
    ],
  });
  expect(ownedIn(pod, set, deployment)).toEqual({
    'shop/web-5d8f': ['shop/web-x'],
    'shop/front': ['shop/web-x'],
    'shop/all': ['shop/web-x'],
  });
});

test('owners are in the namespace of the pod, and own what runs', () => {
  const owned = (name: string, namespace: string, phase = 'Running') =>
    object('Pod', name, { owners: [['StatefulSet', 'db']], namespace }, { status: { phase } });
  expect(ownedIn(owned('db-0', 'shop'), owned('db-1', 'shop'), owned('db-2', 'shop', 'Failed'), owned('db-0', 'prod'))).toEqual({
    'shop/db': ['shop/db-0', 'shop/db-1'],
    'prod/db': ['prod/db-0'],
  });
});

test('workloads of several kinds with one name are both there, and the name means both', () => {
  const workload = (kind: string, app: string) => object(kind, 'web', {}, { spec: { template: { metadata: { labels: { app } } } } });
  const { pods, owned } = inventoryOf(workload('Deployment', 'a'), workload('DaemonSet', 'b'), workload('DaemonSet', 'c'));
  expect([...pods].map(([name, { labels }]) => [name, labels.app])).toEqual([
    ['shop/web (Deployment)', 'a'],
    ['shop/web (DaemonSet)', 'c'],
  ]);
  expect(owned.get('shop/web')).toEqual(['shop/web (Deployment)', 'shop/web (DaemonSet)']);
});
