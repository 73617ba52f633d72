/** A policy that mends a property: with it, the property holds. */
import { prove, ReachOptions, WrittenProperty } from '../../../lib/engine';
import type { JsonObject } from '../../../lib/model/json';
import type { PassingDemand } from '../../../lib/model/property';
import { expectParsed } from '../../../lib/net/parsed';
import { proofsOf } from '../../../lib/snapshot/proofs/proofs';
import { SETS } from '../../support/tiny';
import { allowedOver, FLOWS, policy, snapshotOf, SOME, TinyFlow } from '../../support/tiny-flows';

const five = [{ protocol: 'TCP', first: 5, last: 5 } as const];
const names = Object.keys(SOME);

interface Case {
  readonly demand: PassingDemand;
  readonly isAsked: (flow: TinyFlow) => boolean;
}

const CASES = names.flatMap((from) =>
  names.flatMap((to): readonly Case[] => {
    const [a, b] = [SOME[from], SOME[to]];
    return [
      { demand: { is: 'nothing', from: { set: a.set }, to: { set: b.set } }, isAsked: (flow) => a.has(flow.from) && b.has(flow.to) },
      {
        demand: { is: 'nothing', from: { set: a.set, isOthers: true }, to: { set: b.set }, ports: five },
        isAsked: (flow) => !a.has(flow.from) && b.has(flow.to) && flow.port === 5,
      },
      {
        demand: { is: 'nothing', from: { set: a.set }, to: { set: b.set, isOthers: true } },
        isAsked: (flow) => a.has(flow.from) && !b.has(flow.to),
      },
      {
        demand: { is: 'everything', from: { set: a.set }, to: { set: b.set }, ports: five },
        isAsked: (flow) => a.has(flow.from) && b.has(flow.to) && flow.port === 5,
      },
    ];
  }),
);

test.each(SETS.map((_, i) => i))('of set %i is there if one can be, and with it no flow is against the property', (i) => {
  const policies = SETS[i].map((spec, k) => policy(`p${k}`, 'x', spec));
  const isDenying = SETS[i].some((spec) => 'ingressDeny' in spec || 'egressDeny' in spec);
  const before = allowedOver(policies);
  CASES.filter((_, k) => k % 20 === i).forEach(({ demand, isAsked }) => {
    const properties = [{ name: 'p', kind: 'only-from', demands: [demand] }];
    const [{ is, mend }] = expectParsed(proofsOf(snapshotOf(policies), { assumptions: [], properties }, { mostPossible: 100 }));
    const against = (allowed: typeof before) => FLOWS.filter((flow, n) => isAsked(flow) && allowed[n] === (demand.is === 'nothing'));
    if (is === 'fails' && mend !== undefined) {
      expect(against(allowedOver([...policies, mend]))).toEqual([]);
    } else if (is === 'fails') {
      // Policies say nothing of flows without a pod, and an allow rule does not undo a deny rule.
      const isBeyond = against(before).some(({ from, to }) => from.labels === undefined && to.labels === undefined);
      expect([demand, isBeyond || isDenying]).toEqual([demand, true]);
    }
  });
});

const cnp = (spec: JsonObject): JsonObject => policy('p', 'x', { endpointSelector: {}, ...spec });
const X = { namespace: 'x' };
const node = (name: string): JsonObject => ({
  ...{ apiVersion: 'v1', kind: 'Node', metadata: { name } },
  status: { addresses: [{ type: 'InternalIP', address: `192.0.2.${name.length}` }] },
});

function mendOf(objects: readonly JsonObject[], properties: readonly WrittenProperty[], options: ReachOptions = {}): JsonObject | null {
  const text = objects.map((one) => JSON.stringify(one)).join('\n---\n');
  return prove([{ name: 'a.yaml', text }], { properties }, options).properties[0].mend;
}
const partsOf = (mend: JsonObject | null): readonly unknown[] =>
  mend === null ? [] : Array.isArray(mend.specs) ? mend.specs : [mend.spec];
const OPEN = { enableDefaultDeny: { ingress: false, egress: false } };
const IN_X = { matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'In', values: ['x'] }] };

test('is a clusterwide policy with the name of the property', () => {
  expect(mendOf([], [{ name: 'X is closed, at last!', 'default-denied': { of: X, direction: 'egress' } }])).toEqual({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'mend-x-is-closed-at-last' },
    spec: { endpointSelector: IN_X, egress: [{}] },
  });
});

test.each<[string, readonly JsonObject[], WrittenProperty, readonly unknown[], ReachOptions]>([
  [
    'denies the entities that reach pods, one after the other',
    [cnp({ ingress: [{ fromEntities: ['world', 'health'] }] })],
    { 'only-from': { to: X, from: X } },
    [{ endpointSelector: IN_X, ingressDeny: [{ fromEntities: ['health', 'world'] }], ...OPEN }],
    {},
  ],
  [
    'denies the world without the CIDRs that may connect',
    [cnp({ ingress: [{ fromEntities: ['world'] }] })],
    { 'only-from': { to: X, from: { cidrs: '203.0.113.0/24' } } },
    [
      {
        endpointSelector: IN_X,
        ingressDeny: [{ fromCIDRSet: [{ cidr: '0.0.0.0/0', except: ['203.0.113.0/24'] }, { cidr: '::/0' }] }],
        ...OPEN,
      },
    ],
    {},
  ],
  [
    'allows a name, and the look-up of it',
    [cnp({ egress: [{}] })],
    { 'names-learnable': { from: X, names: 'api.example.com' } },
    [
      {
        endpointSelector: IN_X,
        egress: [
          { toFQDNs: [{ matchName: 'api.example.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] },
          {
            toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
            toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchName: 'api.example.com' }] } }],
          },
        ],
        ...OPEN,
      },
    ],
    {},
  ],
  [
    'allows both sides of a connection',
    [cnp({ ingress: [{}], egress: [{}] })],
    { reachable: { from: X, to: X, ports: '80' } },
    [
      {
        endpointSelector: IN_X,
        egress: [{ toEndpoints: [IN_X], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }],
        ingress: [{ fromEndpoints: [IN_X], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }],
        ...OPEN,
      },
    ],
    {},
  ],
  ['closes both directions', [], { 'default-denied': { of: X } }, [{ endpointSelector: IN_X, ingress: [{}], egress: [{}] }], {}],
  [
    'opens what nodes need',
    [
      {
        ...policy('host', 'x', { nodeSelector: {}, ingress: [{ fromEntities: ['health'] }] }),
        kind: 'CiliumClusterwideNetworkPolicy',
        metadata: { name: 'host' },
      },
      ...['a', 'bb'].map(node),
    ],
    { 'nodes-not-locked-out': {} },
    [
      {
        nodeSelector: {},
        ingress: [
          { fromEntities: ['kube-apiserver'], toPorts: [{ ports: [{ port: '10250', protocol: 'TCP' }] }] },
          ...[
            ['4240', 'TCP'],
            ['8472', 'UDP'],
          ].map(([port, protocol]) => ({ fromEntities: ['remote-node'], toPorts: [{ ports: [{ port, protocol }] }] })),
        ],
        ...OPEN,
      },
    ],
    { config: { 'enable-host-firewall': 'true' } },
  ],
])('%s', (_, objects, property, expected, options) => {
  expect(partsOf(mendOf(objects, [property], options))).toEqual(expected);
});

test('opens SSH and the DNS server of nodes to those that are given', () => {
  const closed = {
    nodeSelector: {},
    ingress: [{ fromEntities: ['remote-node', 'kube-apiserver'] }],
    egress: [{ toEntities: ['remote-node', 'kube-apiserver'] }],
  };
  const host = { ...policy('host', 'x', closed), kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'host' } };
  const asked = { 'nodes-not-locked-out': { 'ssh-from': { cidrs: '203.0.113.0/24' }, dns: { cidrs: '198.51.100.53/32' } } };
  const port = (number: string, protocol: string) => ({ toPorts: [{ ports: [{ port: number, protocol }] }] });
  expect(partsOf(mendOf([host, node('a')], [asked], { config: { 'enable-host-firewall': 'true' } }))).toEqual([
    {
      nodeSelector: {},
      ingress: [{ fromCIDR: ['203.0.113.0/24'], ...port('22', 'TCP') }],
      egress: [
        { toCIDR: ['198.51.100.53/32'], ...port('53', 'UDP') },
        { toCIDR: ['198.51.100.53/32'], ...port('53', 'TCP') },
      ],
      ...OPEN,
    },
  ]);
});

test('denies the pods that are in none of the parts of a set', () => {
  const open = cnp({
    ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] }] }],
  });
  const from = [{ ...X, podSelector: { matchLabels: { app: 'a' } } }, { namespace: 'y' }];
  const [spec] = partsOf(mendOf([open], [{ 'only-from': { to: X, from } }])) as {
    ingressDeny: { fromEndpoints: { matchExpressions: object[] }[] }[];
  }[];
  const namespace = 'k8s:io.kubernetes.pod.namespace';
  const notY = { key: namespace, operator: 'NotIn', values: ['y'] };
  expect(spec.ingressDeny[0].fromEndpoints.map(({ matchExpressions }) => matchExpressions)).toEqual([
    [{ key: namespace, operator: 'Exists' }, { key: 'k8s:app', operator: 'NotIn', values: ['a'] }, notY],
    [{ key: namespace, operator: 'Exists' }, { key: namespace, operator: 'NotIn', values: ['x'] }, notY],
  ]);
});

test('has a name that no policy has, and no other mend', () => {
  const mend = (name: string) => ({ name, 'default-denied': { of: X, direction: 'egress' } as const });
  const taken = {
    ...policy('mend-a', 'x', { endpointSelector: {}, ingress: [{}] }),
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: 'mend-a' },
  };
  const { properties } = prove([{ name: 'a.yaml', text: JSON.stringify(taken) }], { properties: [mend('a'), mend('A!'), mend('данные')] });
  expect(properties.map((one) => (one.mend as { metadata: { name: string } }).metadata.name)).toEqual(['mend-a-2', 'mend-a-3', 'mend']);
});

test("never selects Cilium's own endpoints, such as those for ingress and health", () => {
  const [spec] = partsOf(mendOf([], [{ 'unreachable-from-world': { to: { podSelector: {} } } }])) as { endpointSelector: object }[];
  expect(spec.endpointSelector).toEqual({ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'Exists' }] });
});

test.each<[string, readonly JsonObject[], readonly WrittenProperty[], ReachOptions]>([
  [
    'an allow rule does not undo a deny rule',
    [cnp({ egressDeny: [{ toEndpoints: [{}] }] })],
    [{ reachable: { from: X, to: X, ports: '80' } }],
    {},
  ],
  ['a name cannot be denied', [], [{ isolated: { between: [{ entities: 'host' }, { names: 'example.com' }] } }], {}],
  [
    'another property would be lost',
    [cnp({ ingress: [{ fromEntities: ['world'] }] })],
    [{ 'unreachable-from-world': { to: X } }, { reachable: { from: { cidrs: '203.0.113.7/32' }, to: X, ports: '80' } }],
    {},
  ],
  [
    'whoever writes policies undoes it',
    [cnp({ egress: [{}] })],
    [{ reachable: { from: X, to: X, ports: '80' }, 'whoever-writes-in': X }],
    {},
  ],
  ['every rule closes', [], [{ 'unreachable-from-world': { to: X } }], { config: { 'enable-non-default-deny-policies': 'false' } }],
])('there is none where %s', (_, objects, properties, options) => {
  expect(mendOf(objects, properties, options)).toBeNull();
});

test('may need what somebody may write to be denied, too', () => {
  const mend = mendOf([], [{ isolated: { between: [X, { namespace: 'y' }] }, 'whoever-writes-in': X }]);
  expect(partsOf(mend)).toHaveLength(2);
});
