/** What policies take: which endpoints and policies are told first, how much there is room for, and what is not known. */
import { budget, CompileOptions } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

const pod = (name: string, labels: JsonObject = { app: name }): JsonObject => ({
  ...{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name, labels } },
  spec: { nodeName: 'n1', containers: [{ name: 'main', image: 'example' }] },
});
const node = (name: string, address: string, labels: JsonObject = {}): JsonObject => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } },
  status: { addresses: [{ type: 'InternalIP', address }] },
});
const cnp = (name: string, app: string, spec: JsonObject): JsonObject => ({
  ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { namespace: 'shop', name } },
  spec: { endpointSelector: { matchLabels: { app } }, ...spec },
});
const to = (app: string, ...more: JsonObject[]): JsonObject => ({ egress: [{ toEndpoints: [{ matchLabels: { app } }] }, ...more] });

function counted(objects: readonly JsonObject[], options: CompileOptions = {}) {
  return budget([{ name: 'a.yaml', text: objects.map((one) => JSON.stringify(one)).join('\n---\n') }], { cilium: '1.19', ...options });
}

/** The endpoints with their entries, or why these are not known. */
function told(objects: readonly JsonObject[], options: CompileOptions = {}): readonly string[] {
  return counted(objects, options).endpoints.map(({ names, entries, unknown }) => `${names.join()} ${unknown ?? entries}`);
}

test('endpoints with the most entries come first, then in the order of their names, and those with equal maps are one', () => {
  const objects = [
    pod('c'),
    pod('b'),
    pod('a'),
    pod('a-2', { app: 'a' }),
    cnp('more', 'b', to('a', { toEndpoints: [{ matchLabels: { app: 'c' } }] })),
  ];
  expect(told(objects)).toEqual(['shop/b 4', 'shop/a,shop/a-2 3', 'shop/c 3']);
});

test('a policy is told with its largest map, all of its entries and its endpoints', () => {
  const ports = (port: string) => [{ ports: [{ port, protocol: 'TCP' }] }];
  const both = cnp('both', 'a', { ingress: [{ fromEndpoints: [{}], toPorts: ports('1') }], ...to('b') });
  const small = cnp('small', 'b', to('a'));
  const idle = cnp('idle', 'nobody', to('a'));
  const { policies } = counted([pod('a'), pod('a-2', { app: 'a' }), pod('b'), small, both, idle]);
  expect(policies).toEqual([
    { policy: 'CiliumNetworkPolicy/shop/both', largest: 3, total: 6, endpoints: 2, isAtMost: false },
    { policy: 'CiliumNetworkPolicy/shop/small', largest: 1, total: 1, endpoints: 1, isAtMost: false },
  ]);
  const [{ rules }] = counted([pod('a'), pod('b'), both]).endpoints;
  expect(rules.map(({ rule, direction, entries, ports: p, peers }) => [rule?.path ?? null, direction, entries, p, peers])).toEqual([
    ['/spec/ingress/0', 'ingress', 2, 1, 2],
    [null, 'ingress', 1, 1, 1],
    ['/spec/egress/0', 'egress', 1, 1, 1],
  ]);
});

test.each<[Record<string, string>, object]>([
  [{}, { entries: 16_384, closesFullEndpoints: false, identities: 65_280 }],
  [{ 'bpf-policy-map-max': '' }, { entries: 16_384, closesFullEndpoints: false, identities: 65_280 }],
  [{ 'bpf-policy-map-max': 'many' }, { entries: 16_384, malformed: 'many', closesFullEndpoints: false, identities: 65_280 }],
  [{ 'bpf-policy-map-max': '1' }, { entries: 256, closesFullEndpoints: false, identities: 65_280 }],
  [{ 'bpf-policy-map-max': '1000' }, { entries: 1_000, closesFullEndpoints: false, identities: 65_280 }],
  [{ 'bpf-policy-map-max': '100000' }, { entries: 65_536, closesFullEndpoints: false, identities: 65_280 }],
  [{ 'max-connected-clusters': '511' }, { entries: 16_384, closesFullEndpoints: false, identities: 32_512 }],
  [{ 'enable-endpoint-lockdown-on-policy-overflow': 'true' }, { entries: 16_384, closesFullEndpoints: true, identities: 65_280 }],
])('with %j there is room for %j', (config, limits) => {
  expect(counted([], { config }).limits).toEqual({ malformed: null, ...limits });
});

test('values of the chart say how much room there is', () => {
  const config = { bpf: { policyMapMax: 500 }, endpointLockdownOnMapOverflow: true, clustermesh: { maxConnectedClusters: 511 } };
  expect(counted([], { config }).limits).toEqual({ entries: 500, malformed: null, closesFullEndpoints: true, identities: 32_512 });
});

test('identities are counted by where they come from', () => {
  const nodes = [node('n1', '172.18.0.1', { zone: 'a' }), node('n2', '172.18.0.2', { zone: 'b' }), node('n3', '172.18.0.3', { zone: 'b' })];
  const policy = cnp('cidr', 'a', { egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }] });
  const of = (config: Record<string, string>) => counted([...nodes, pod('a'), pod('b'), policy], { config }).identities;
  expect(of({})).toEqual({ n1: { cluster: 2, local: 2, nodes: 0, reserved: 10 } });
  expect(of({ 'enable-node-selector-labels': 'true' })).toEqual({ n1: { cluster: 2, local: 2, nodes: 1, reserved: 10 } });
});

test('with the host firewall the maps of nodes are counted too', () => {
  const nodes = [node('n1', '172.18.0.1'), node('n2', '172.18.0.2')];
  expect(told([...nodes, pod('a')])).toEqual(['shop/a 3']);
  expect(told([...nodes, pod('a')], { config: { 'enable-host-firewall': 'true' } })).toEqual(['shop/a 3', 'n1,n2 2']);
});

test('with authentication there may be fewer entries, of the endpoint and of its policies', () => {
  const asking = cnp('asking', 'a', { egress: [{ toEndpoints: [{ matchLabels: { app: 'b' } }], authentication: { mode: 'required' } }] });
  const { endpoints, policies } = counted([pod('a'), pod('b'), asking]);
  expect(endpoints.map(({ names, isAtMost }) => [...names, isAtMost])).toEqual([
    ['shop/a', true],
    ['shop/b', false],
  ]);
  expect(policies.map(({ isAtMost }) => isAtMost)).toEqual([true]);
});

test('maps are full, nearly full, or have room', () => {
  const objects = [...Array.from({ length: 240 }, (_, i) => pod(`p-${i}`)), cnp('all', 'p-0', { egress: [{ toEndpoints: [{}] }] })];
  const first = (most: string, more: readonly JsonObject[] = []) =>
    counted([...objects, ...more], { config: { 'bpf-policy-map-max': most } })
      .endpoints.map(({ fit }) => fit)
      .slice(0, 2);
  const wide = cnp('wide', 'p-0', { egress: [{ toEndpoints: [{}], toPorts: [{ ports: [{ port: '1', endPort: 3, protocol: 'TCP' }] }] }] });
  expect([first('256'), first('1000'), first('256', [wide])]).toEqual([
    ['nearly-full', 'fits'],
    ['fits', 'fits'],
    ['does-not-fit', 'fits'],
  ]);
});

test('what cannot be counted is told first, with the reason', () => {
  const group = cnp('group', 'a', { egress: [{ toGroups: [{ aws: { securityGroupsNames: ['db'] } }] }] });
  expect(told([pod('a'), pod('b'), group])[0]).toContain('shop/a the addresses of cloud group ');
  const all = cnp('all', 'b', { egress: [{ toCIDRSet: [{ cidrGroupSelector: {} }] }, { toEndpoints: [{}] }] });
  expect(told([pod('a'), pod('b'), all])[0]).toMatch(/^shop\/b which of the selectors/);
  const vague = cnp('vague', 'a', to('${APP}'));
  expect(told([pod('a'), pod('b'), vague])).toEqual(['shop/a values of its policies are filled in later', 'shop/b 3']);
  const passing: JsonObject = {
    ...{ apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name: 'pass' } },
    spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, egress: [{ name: 'x', action: 'Pass', to: [{ namespaces: {} }] }] },
  };
  const config = { 'enable-k8s-cluster-network-policy': 'true' };
  expect(told([pod('a'), passing], { cilium: '1.20', config })).toEqual([
    'shop/a what rules write that pass connections on to the next tier',
  ]);
});

test('nothing is known while a policy cannot be read, or where labels of a pod are filled in later', () => {
  const broken = { name: 'broken.yaml', text: 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nspec: [' };
  const [{ unknown }] = budget([{ name: 'a.yaml', text: JSON.stringify(pod('a')) }, broken]).endpoints;
  expect(unknown).toContain('broken.yaml');
  const vague = pod('b', { app: '${APP}' });
  expect(told([pod('a'), vague, cnp('one', 'a', to('a'))])).toEqual([expect.stringMatching(/^shop\/b (?!\d)/), 'shop/a 3']);
});

test('a full map comes before what is not known', () => {
  const group = cnp('group', 'a', { egress: [{ toGroups: [{ aws: { securityGroupsNames: ['db'] } }] }] });
  const wide = cnp('wide', 'b', { ingress: [{ fromEndpoints: [{}], toPorts: [{ ports: [{ port: '1', endPort: 65534 }] }] }] });
  const pods = ['a', 'b', 'c'].map((name) => pod(name));
  expect(told([...pods, group, wide], { config: { 'bpf-policy-map-max': '256' } }).map((line) => line.slice(0, 10))).toEqual([
    'shop/b 272',
    'shop/a the',
    'shop/c 3',
  ]);
});
