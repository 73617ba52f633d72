import { addressText } from '../../lib/net/address';
import { readInventory } from '../../lib/read/inventory';
import { readSources } from '../../lib/read/read';

function inventoryOf(text: string, names = {}) {
  const read = readSources([{ name: 'cluster.yaml', text }], { namespace: 'default' });
  const inventory = readInventory([...read.others, ...read.policies], names);
  if (!inventory.ok) {
    throw new Error(inventory.problem);
  }
  return inventory.value;
}

test('a pod is read with everything that policy depends on', () => {
  const { pods } = inventoryOf(`
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: shop, labels: { app: a } }
spec:
  nodeName: n1
  serviceAccountName: robot
  initContainers: [{ ports: [{ name: early, containerPort: 1 }] }]
  containers:
    - ports: [{ name: HTTP, containerPort: 8080 }, { containerPort: 9 }, { name: dns, containerPort: 53, protocol: UDP }]
    - ports: [{ name: http, containerPort: 8081 }, { name: zero, containerPort: 0 }]
status: { podIPs: [{ ip: 10.0.0.1 }, { ip: "2001:db8::1" }, { ip: nonsense }] }
`);
  expect(pods.get('shop/a')).toEqual({
    namespace: 'shop',
    labels: { app: 'a' },
    serviceAccount: 'robot',
    unnamedPorts: [9],
    node: 'n1',
    hostNetwork: false,
    ports: [
      { name: 'http', number: 8081, protocol: 'TCP' },
      { name: 'dns', number: 53, protocol: 'UDP' },
    ],
    addresses: [
      { version: 4, value: 0x0a000001n },
      { version: 6, value: 0x20010db8000000000000000000000001n },
    ],
  });
});

test.each(['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'])('a %s counts as a pod from its template', (kind) => {
  const { pods } = inventoryOf(
    `apiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: w, namespace: shop }\nspec: { template: { metadata: { labels: { app: w } }, spec: { hostNetwork: true } } }\n`,
  );
  expect(pods.get('shop/w')).toMatchObject({ labels: { app: 'w' }, hostNetwork: true, node: '', addresses: [] });
});

test('the address of a pod is in either field, and a pod that has terminated is not read', () => {
  const pod = (name: string, status: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, namespace: shop }\nstatus: { ${status} }\n`;
  const pods = [
    pod('single', 'podIP: 10.0.0.1'),
    pod('both', 'podIP: 10.0.0.2, podIPs: [{ ip: 10.0.0.2 }, { ip: "2001:db8::2" }]'),
    pod('done', 'phase: Succeeded, podIP: 10.0.0.1'),
    pod('failed', 'phase: Failed'),
  ];
  const { pods: found } = inventoryOf(pods.join('---\n'));
  expect([...found].map(([name, { addresses }]) => [name, new Set(addresses.map(addressText)).size])).toEqual([
    ['shop/single', 1],
    ['shop/both', 2],
  ]);
});

test('the items of a PodList are Pods', () => {
  const { pods } = inventoryOf('apiVersion: v1\nkind: PodList\nitems: [{ metadata: { name: web, namespace: shop } }]\n');
  expect([...pods.keys()]).toEqual(['shop/web']);
});

test('the template of a CronJob is one level deeper, and a pod of the same name takes precedence', () => {
  const cron =
    'apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: w }\nspec: { jobTemplate: { spec: { template: { metadata: { labels: { app: cron } } } } } }\n';
  const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: w, labels: { app: pod } }\n';
  expect(inventoryOf(cron).pods.get('default/w')?.labels).toEqual({ app: 'cron' });
  expect(inventoryOf(`${pod}---\n${cron}`).pods.get('default/w')?.labels).toEqual({ app: 'pod' });
});

test('a Service has the addresses of its EndpointSlices, in any order of the objects', () => {
  const slice = `
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: { name: web-1, namespace: shop, labels: { kubernetes.io/service-name: web } }
addressType: IPv4
ports: [{ name: http, port: 8080 }]
endpoints:
  - addresses: [10.0.0.1]
  - { addresses: [10.0.0.2], conditions: { ready: false, terminating: true } }
  - { addresses: [10.0.0.3], conditions: { ready: false, terminating: true, serving: false } }
`;
  const service =
    '\napiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { ports: [{ name: http, port: 80, targetPort: 8080 }] }\n';
  for (const text of [`${slice}---${service}`, `${service}---${slice}`]) {
    const { services } = inventoryOf(text);
    const backends = services
      .get('shop/web')
      ?.backends.map(({ port, portName, isReady, isServing }) => [port, portName, isReady, isServing]);
    expect(services.get('shop/web')).toMatchObject({ exists: true, ports: [{ name: 'http', number: 80, protocol: 'TCP' }] });
    expect(backends).toEqual([
      [8080, 'http', true, false],
      [8080, 'http', false, true],
      [8080, 'http', false, false],
    ]);
  }
  expect(inventoryOf(slice).services.get('shop/web')?.exists).toBe(false);
});

test('the items of a List are read', () => {
  const { namespaces, nodes } = inventoryOf(`
apiVersion: v1
kind: List
items:
  - { apiVersion: v1, kind: Namespace, metadata: { name: shop, labels: { team: red } } }
  - { apiVersion: v1, kind: Node, metadata: { name: n1, labels: { pool: edge } }, status: { addresses: [{ type: Hostname, address: n1 }, { type: InternalIP, address: 172.18.0.2 }] } }
`);
  expect(namespaces.get('shop')).toEqual({ team: 'red' });
  expect(nodes.get('n1')).toMatchObject({ name: 'n1', labels: { pool: 'edge' }, addresses: [{ version: 4, value: 0xac120002n }] });
});

test('incomplete objects are read as far as possible', () => {
  const { pods, services, nodes, groups } = inventoryOf(
    ['Pod', 'Deployment', 'Service', 'Node', 'EndpointSlice']
      .map((kind) => `apiVersion: v1\nkind: ${kind}\nmetadata: { name: x }\nspec: 7\nstatus: [1]\n`)
      .join('---\n'),
  );
  expect([pods.size, services.get('default/x')?.exists, nodes.get('x')?.addresses, groups.size]).toEqual([1, true, [], 0]);
});

test('names are compared without case and without a final dot', () => {
  const { names } = inventoryOf('', { 'API.Example.com.': ['192.0.2.1'] });
  expect([...names.keys()]).toEqual(['api.example.com']);
});
