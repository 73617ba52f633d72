/** Host firewalls that lock the cluster out of its nodes, and those that do not. */
import { prove, WrittenProperty } from '../../../lib/engine';
import type { JsonObject } from '../../../lib/model/json';

const node = (name: string, labels: JsonObject, address: string): JsonObject => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } },
  status: { addresses: [{ type: 'InternalIP', address }] },
});
const control = { 'node-role.kubernetes.io/control-plane': '' };
const CLUSTER = [
  ...[node('c1', control, '172.18.0.1'), node('c2', control, '172.18.0.2')],
  ...[node('w1', { pool: 'a' }, '172.18.0.3'), node('w2', { pool: 'a' }, '172.18.0.4'), node('w3', { pool: 'b' }, '172.18.0.5')],
  {
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    ports: [{ port: 6443, protocol: 'TCP' }],
    endpoints: [{ addresses: ['172.18.0.1'] }, { addresses: ['172.18.0.2'] }],
  },
];

const firewall = (spec: JsonObject): JsonObject => ({
  ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'nodes' } },
  spec: { nodeSelector: {}, ...spec },
});
const ports = (port: string, protocol = 'TCP'): JsonObject[] => [{ ports: [{ port, protocol }] }];

const ON = { 'enable-host-firewall': 'true', 'routing-mode': 'tunnel', 'enable-wireguard': 'true' };

function found(
  objects: readonly JsonObject[],
  fields: NonNullable<WrittenProperty['nodes-not-locked-out']> = {},
  config: Readonly<Record<string, string>> = ON,
  possiblePods = true,
): string {
  const text = objects.map((one) => JSON.stringify(one)).join('\n---\n');
  const [{ result, witness, missing }] = prove(
    [{ name: 'a.yaml', text }],
    { properties: [{ 'nodes-not-locked-out': fields }] },
    { config, possiblePods },
  ).properties;
  const flow = witness?.flow;
  return [result, ...(flow ? [`${flow.what}: ${flow.from} → ${flow.to} ${flow.port}/${flow.protocol}`] : []), ...missing].join('; ');
}

test('a firewall that lets the cluster in and out locks nobody out', () => {
  const open = firewall({ ingress: [{ fromEntities: ['cluster'] }], egress: [{ toEntities: ['cluster'] }] });
  expect(found([...CLUSTER, open])).toBe('holds');
  expect(found(CLUSTER)).toBe('holds');
});

test.each([
  ['10250', 'TCP', 'fails; the kubelet: entity:kube-apiserver → node:w1 10250/TCP', 'holds'],
  ['4240', 'TCP', 'fails; health checks: node:c1 → node:w1 4240/TCP', 'fails; health checks: node:w3 → node:w1 4240/TCP'],
  ['51871', 'UDP', 'fails; WireGuard: node:c1 → node:w1 51871/UDP', 'fails; WireGuard: node:w3 → node:w1 51871/UDP'],
])('closing %s/%s on some nodes locks out %s', (port, protocol, ofAll, ofOthers) => {
  const some = firewall({
    nodeSelector: { matchLabels: { pool: 'a' } },
    ingress: [{ fromEntities: ['cluster'] }],
    ingressDeny: [{ fromEntities: ['cluster'], toPorts: ports(port, protocol) }],
  });
  expect(found([...CLUSTER, some])).toBe(ofAll);
  // What those nodes need that the question is about.
  expect(found([...CLUSTER, some], { nodes: { matchLabels: { pool: 'b' } } })).toBe(ofOthers);
});

test('the tunnel is that of the configuration, and VXLAN where it says nothing', () => {
  const closing = (...closed: string[]) =>
    firewall({
      ingress: [{ fromEntities: ['cluster'] }],
      ingressDeny: closed.map((port) => ({ fromEntities: ['cluster'], toPorts: ports(port, 'UDP') })),
    });
  expect(found([...CLUSTER, closing('8472')])).toBe('fails; the tunnel: node:c1 → node:c2 8472/UDP');
  expect(found([...CLUSTER, closing('6081')])).toBe('holds');
  expect(found([...CLUSTER, closing('6081')], {}, { ...ON, 'tunnel-protocol': 'geneve' })).toContain('fails; the tunnel');
  expect(found([...CLUSTER, closing('8472', '6081')], {}, { ...ON, 'routing-mode': 'native' })).toBe('holds');
});

test('the control plane needs etcd, and every node the API server', () => {
  const closing = (direction: string, port: string) =>
    firewall({
      ...{ ingress: [{ fromEntities: ['cluster'] }], egress: [{ toEntities: ['cluster'] }] },
      [`${direction}Deny`]: [{ [direction === 'ingress' ? 'fromEntities' : 'toEntities']: ['cluster'], toPorts: ports(port) }],
    });
  expect(found([...CLUSTER, closing('ingress', '2379')])).toBe('fails; etcd: node:c1 → node:c2 2379/TCP');
  // No other node needs it.
  const [, , ...others] = CLUSTER;
  expect(found([CLUSTER[0], ...others, closing('ingress', '2379')])).toBe('holds');
  expect(found([...CLUSTER, closing('ingress', '2380')])).toBe('fails; etcd, between its members: node:c1 → node:c2 2380/TCP');
  expect(found([...CLUSTER, closing('egress', '6443')])).toMatch(/^unknown; .*which port the API server has: give `apiserver`$/);
  expect(found([...CLUSTER, closing('egress', '6443')], { apiserver: '443/TCP' })).toBe('holds');
  expect(found([...CLUSTER, closing('egress', '6443')], { apiserver: 6443 })).toBe(
    'fails; the API server: node:w1 → entity:kube-apiserver 6443/TCP',
  );
});

test('nodes that policies do not tell apart must reach each other too', () => {
  const some = firewall({
    nodeSelector: { matchLabels: { pool: 'a' } },
    ingress: [
      { fromNodes: [{ matchExpressions: [{ key: 'pool', operator: 'NotIn', values: ['a'] }] }] },
      { fromEntities: ['kube-apiserver'] },
    ],
  });
  expect(found([...CLUSTER, some], {}, { ...ON, 'enable-node-selector-labels': 'true' })).toBe(
    'fails; health checks: node:w1 → node:w2 4240/TCP',
  );
});

test('SSH and DNS are asked for where they are given', () => {
  const open = firewall({
    ingress: [{ fromEntities: ['cluster'] }, { fromCIDR: ['192.0.2.0/24'], toPorts: ports('22') }],
    egress: [{ toEntities: ['cluster'] }, { toCIDR: ['198.51.100.53/32'], toPorts: ports('53', 'UDP') }],
  });
  expect(found([...CLUSTER, open], { 'ssh-from': { cidrs: '192.0.2.0/24' } })).toBe('holds');
  expect(found([...CLUSTER, open], { 'ssh-from': { cidrs: '192.0.0.0/16' } })).toMatch(/^fails; SSH: ip:192\.0\.\S+ → node:c1 22\/TCP$/);
  expect(found([...CLUSTER, open], { dns: { cidrs: '198.51.100.53/32' } })).toBe('fails; DNS: node:c1 → ip:198.51.100.53 53/TCP');
});

test('what is not known is not said to hold', () => {
  const closed = firewall({ ingress: [{ fromEntities: ['health'] }] });
  expect(found([closed])).toBe('unknown; the nodes: give them with the inventory');
  expect(found([...CLUSTER, closed], { nodes: { matchLabels: { pool: 'c' } } })).toBe(
    'unknown; a node: `nodes` selects none of those that are listed',
  );
  const nobody = { namespace: 'nobody', podSelector: {} };
  expect(found([...CLUSTER, firewall({ ingress: [{ fromEntities: ['cluster'] }] })], { 'ssh-from': nobody }, ON, false)).toBe(
    'unknown; an end: a set, or a part of one, has none, so nothing is proved',
  );
  expect(found([...CLUSTER, closed], {}, {})).toBe(
    'unknown; whether the host firewall is on: give `enable-host-firewall` with the configuration',
  );
  expect(found([...CLUSTER, closed], {}, { 'enable-host-firewall': 'false' })).toBe('holds');
});
