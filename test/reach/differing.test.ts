/** Which pairs of ends a comparison looks at. */
import type { JsonObject } from '../../lib/model/json';
import { expectParsed } from '../../lib/net/parsed';
import { Pairs } from '../../lib/reach/differing';
import { readObjects } from '../../lib/read/read';
import { settle } from '../../lib/settings/settings';
import { compared } from '../../lib/snapshot/changes';
import { OpenedComparison, openComparison } from '../../lib/snapshot/reach';
import { Snapshot } from '../../lib/snapshot/snapshot';

const POLICY = (name: string, spec: JsonObject, kind = 'CiliumNetworkPolicy'): JsonObject => ({
  apiVersion: 'cilium.io/v2',
  kind,
  metadata: kind === 'CiliumNetworkPolicy' ? { name, namespace: 'shop' } : { name },
  spec,
});
const FOR = (app: string): JsonObject => ({ endpointSelector: { matchLabels: { app } } });
const FROM = (app: string, port: string): JsonObject => ({
  ingress: [{ fromEndpoints: [{ matchLabels: { app } }], toPorts: [{ ports: [{ port, protocol: 'TCP' }] }] }],
});
const POD = (name: string): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: { app: name } },
  spec: { nodeName: 'n1', containers: [] },
  status: { podIPs: [{ ip: `10.0.0.${name.length}` }] },
});
const NODE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'n1' },
  status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }] },
};
const CLUSTER = [NODE, POD('web'), POD('database')];
const BASE = [POLICY('web', { ...FOR('web'), ...FROM('database', '80') }), POLICY('other', { ...FOR('database'), ...FROM('web', '81') })];

const CONFIG = { 'enable-host-firewall': 'true', 'enable-local-redirect-policy': 'true' };

function opened(before: readonly JsonObject[], after: readonly JsonObject[]): OpenedComparison {
  const settings = expectParsed(settle([], { values: { cilium: '1.20', config: CONFIG } }));
  const [old, now] = [before, after].map((objects) => {
    const read = readObjects(
      'test',
      objects.map((value) => ({ value })),
      settings,
    );
    return expectParsed(new Snapshot(read, settings).verdicts());
  });
  return expectParsed(openComparison(old, now, 100));
}

function kindsOf(comparison: OpenedComparison): readonly string[] {
  return [...new Set(compared(comparison).changes.map(({ is }) => is))];
}

test('all pairs of three ends are nine, in order', () => {
  const found: (readonly [number, number])[] = [];
  Pairs.all(3).forEach((from, to) => found.push([from, to]));
  expect(found).toEqual([0, 1, 2].flatMap((from) => [0, 1, 2].map((to) => [from, to])));
  expect(Pairs.all(3).size).toBe(9);
});

test('a row is all pairs from an end, and a column all pairs to it', () => {
  const found: (readonly [number, number])[] = [];
  const pairs = new Pairs(3);
  pairs.addRow(0);
  pairs.addColumn(1);
  pairs.forEach((from, to) => found.push([from, to]));
  expect(found).toEqual([
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 1],
    [2, 1],
  ]);
});

test('without a changed rule there is no pair to look at', () => {
  expect(opened([...CLUSTER, ...BASE], [...CLUSTER, ...BASE]).pairs.size).toBe(0);
});

test('a changed rule of one pod leaves out the pairs of others', () => {
  const comparison = opened([...CLUSTER, ...BASE], [...CLUSTER, BASE[1], POLICY('web', { ...FOR('web'), ...FROM('database', '8080') })]);
  const count = comparison.universe.ends.length;
  expect(comparison.pairs.size).toBeLessThan(count ** 2);
  expect(kindsOf(comparison)).toEqual(['opened', 'closed']);
});

test.each([
  ['a policy of nodes changes', CLUSTER, [POLICY('host', { nodeSelector: {}, ...FROM('web', '80') }, 'CiliumClusterwideNetworkPolicy')]],
  ['a pod is new', [...CLUSTER, POD('extra')], [POLICY('more', { ...FOR('web'), ...FROM('x', '80') })]],
])('every pair is looked at if %s', (_, cluster, more) => {
  const comparison = opened([...CLUSTER, ...BASE], [...cluster, ...BASE, ...more]);
  expect(comparison.pairs.size).toBe(comparison.universe.ends.length ** 2);
  expect(kindsOf(comparison).length).toBeGreaterThan(0);
});

test('a policy of nodes is of the changes of nodes', () => {
  const host = POLICY('host', { nodeSelector: {}, ...FROM('web', '80') }, 'CiliumClusterwideNetworkPolicy');
  const { changes } = compared(opened([...CLUSTER, ...BASE], [...CLUSTER, ...BASE, host]));
  expect(changes.map(({ is, witness }) => [is, witness?.flow.to])).toContainEqual(['closed', expect.objectContaining({ is: 'node' })]);
});

const SECURED = { authentication: { mode: 'required' } };
const SERVICE: JsonObject = {
  ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 's', namespace: 'shop' } },
  spec: { type: 'NodePort', clusterIP: '10.96.0.1', selector: { app: 'web' }, ports: [{ port: 80, nodePort: 30_080 }] },
};
const OTHER_NODE = { ...NODE, metadata: { name: 'n2' }, status: { addresses: [{ type: 'InternalIP', address: '192.168.0.2' }] } };

const REDIRECT: JsonObject = {
  ...{ apiVersion: 'cilium.io/v2', kind: 'CiliumLocalRedirectPolicy', metadata: { name: 'r', namespace: 'shop' } },
  spec: {
    redirectFrontend: { addressMatcher: { ip: '192.0.2.1', toPorts: [{ port: '80', protocol: 'TCP' }] } },
    redirectBackend: { localEndpointSelector: { matchLabels: { app: 'web' } }, toPorts: [{ port: '80', protocol: 'TCP' }] },
  },
};

const IN_ZONE: readonly JsonObject[] = [
  { ...OTHER_NODE, metadata: { name: 'n2', labels: { zone: 'a' } } },
  { ...POD('cart'), spec: { nodeName: 'n2', containers: [] } },
];

test.each<[string, readonly JsonObject[], readonly JsonObject[]]>([
  ['of two pods', [], [POLICY('more', { ...FOR('web'), ...FROM('x', '82') }), POLICY('most', { ...FOR('database'), ...FROM('x', '83') })]],
  ['that only the specification judges', [], [POLICY('more', { ...FOR('web'), ingress: [{ fromEndpoints: [{}], ...SECURED }] })]],
  [
    'that only the specification judges, of what a pod sends',
    [],
    [POLICY('more', { ...FOR('web'), egress: [{ toEndpoints: [{}], ...SECURED }] })],
  ],
  ['of pods behind a port of a node', [OTHER_NODE, SERVICE], [POLICY('more', { ...FOR('web'), ...FROM('x', '80') })]],
  [
    'of pods and of nodes',
    [],
    [
      POLICY('more', { ...FOR('web'), ...FROM('x', '82') }),
      POLICY('host', { nodeSelector: {}, ...FROM('web', '80') }, 'CiliumClusterwideNetworkPolicy'),
    ],
  ],
  ['of pods behind the address of a local redirect', [REDIRECT], [POLICY('more', { ...FOR('web'), ...FROM('x', '80') })]],
  [
    'of pods, and of the node that only its own pods know as `host`',
    IN_ZONE,
    [
      POLICY('more', { ...FOR('web'), ...FROM('x', '82') }),
      POLICY(
        'host',
        { nodeSelector: { matchLabels: { zone: 'a' } }, egress: [{ toEntities: ['world'] }] },
        'CiliumClusterwideNetworkPolicy',
      ),
    ],
  ],
  ['with a value that is filled in later', [], [POLICY('more', { ...FOR('web'), egress: [{ toCIDR: ['${A}'] }] })]],
])('nothing changes beyond the pairs that are looked at, where rules are new or removed: %s', (_, cluster, more) => {
  const [before, after] = [
    [...CLUSTER, ...cluster, ...BASE.slice(1)],
    [...CLUSTER, ...cluster, ...BASE.slice(1), ...more],
  ];
  for (const comparison of [opened(before, after), opened(after, before)]) {
    const all = { ...comparison, pairs: Pairs.all(comparison.universe.ends.length) };
    expect(compared(comparison).changes).toEqual(compared(all).changes);
    expect(compared(comparison).changes.length).toBeGreaterThan(0);
  }
});

test('a port of an address that leads to pods on the node is closed with the pods, and no other port', () => {
  const before = [...CLUSTER, REDIRECT];
  const { universe, changes } = compared(opened(before, [...before, POLICY('more', { ...FOR('web'), ...FROM('x', '80') })]));
  const to = universe.ends.findIndex(({ members }) => members[0] === '192.0.2.1/32');
  const found = changes
    .filter((one) => one.to.includes(to))
    .map(({ is, traffic }) => [is, traffic.map(({ protocol, first, last }) => [protocol, first, last])]);
  // Of pods on no listed node it is not known whether they are sent to the pod.
  expect(found).toEqual([
    ['closed', [['TCP', 80, 80]]],
    ['undecided', [['TCP', 80, 80]]],
  ]);
});
