/** Which rules matter to a change: those that are about some flow that a changed rule is about, too. */
import type { Minor } from '../../../lib/crd/minor';
import type { AgentConfig } from '../../../lib/model/config';
import type { JsonObject } from '../../../lib/model/json';
import { Relevance, relevanceOf } from '../../../lib/reach/universe/relevance';
import type { World } from '../../../lib/reach/universe/world';
import { engineOf } from '../../support/world-engine';

const app = (name: string): JsonObject => ({ matchLabels: { app: name } });
const NOT_A: JsonObject = { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['a'] }] };
const tcp = (port: number | string, endPort?: number, protocol = 'TCP'): JsonObject => ({
  toPorts: [{ ports: [{ port: String(port), endPort, protocol }] }],
});
const asking = (layer7: JsonObject, port = 5): JsonObject => ({
  toPorts: [{ ports: [{ port: String(port), protocol: 'TCP' }], ...layer7 }],
});
const OPEN: JsonObject = { enableDefaultDeny: { ingress: false, egress: false } };
const on = (subject: JsonObject, spec: JsonObject): JsonObject => ({ endpointSelector: subject, ...spec, ...OPEN });
const closing = (subject: JsonObject, spec: JsonObject): JsonObject => ({ endpointSelector: subject, ...spec });
const POD = (name: string, labels: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'x', labels },
  spec: { containers: [] },
});
const NODE = (zone: string): JsonObject => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels: { zone } } });

/** Policies by name, in the namespace `x` if their specs name no other one; the empty one is none. */
function world(
  specs: Readonly<Record<string, JsonObject>>,
  objects: readonly JsonObject[] = [],
  config: AgentConfig = {},
  minor: Minor = '1.20',
): World {
  const policies = Object.entries(specs).map(([name, { namespace = 'x', ...spec }]): JsonObject => {
    const isClusterwide = spec.nodeSelector !== undefined || namespace === '';
    const kind = isClusterwide ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy';
    return { apiVersion: 'cilium.io/v2', kind, metadata: { name, ...(!isClusterwide && { namespace }) }, spec };
  });
  const { resolver } = engineOf({ objects: [...policies, ...objects], config, names: {} }, minor)!;
  expect(new Set(resolver.entries.map(({ policy }) => policy.name)).size).toBe(policies.length);
  return { inventory: resolver.cluster.inventory, agent: resolver.agent, entries: resolver.entries };
}

/** Whether the other rule matters if the first one is added to it, or removed. */
function matters(
  changed: JsonObject,
  other: JsonObject,
  beside: Readonly<Record<string, JsonObject>> = {},
  minor: Minor = '1.20',
): boolean {
  const [without, all] = [
    { ...beside, other },
    { ...beside, other, changed },
  ].map((specs) => world(specs, [], {}, minor));
  const entry = all.entries.find(({ policy }) => policy.name === 'other')!;
  const [added, removed] = [relevanceOf([without], [all]), relevanceOf([all], [without])].map((one) => one!.concerns(entry));
  expect(removed).toBe(added);
  return added;
}

const FROM_B = { fromEndpoints: [app('b')] };
const CHANGED = on(app('a'), { ingress: [{ ...FROM_B, ...tcp(5) }] });
const FROM_B_AND_D = on(app('a'), { ingress: [{ fromEndpoints: [app('b'), app('d')], ...tcp(5) }] });
const twoPorts = (...ports: readonly number[]): JsonObject => ({
  toPorts: [{ ports: ports.map((port) => ({ port: String(port), protocol: 'TCP' })) }],
});
const ON_5_AND_7 = on(app('a'), { ingress: [{ ...FROM_B, ...twoPorts(5, 7) }] });
const HAS_APP: JsonObject = { matchExpressions: [{ key: 'app', operator: 'Exists' }] };
const OF_BLOCK = on(app('a'), { ingress: [{ fromCIDR: ['10.0.0.0/16'] }] });

test.each<[string, JsonObject, JsonObject, boolean]>([
  ['of the same subject, peers and ports', CHANGED, on(app('a'), { ingressDeny: [{ ...FROM_B, ...tcp(5) }] }), true],
  ['of a subject that may be the same', CHANGED, on({ matchLabels: { tier: 'q' } }, { ingress: [{ ...FROM_B, ...tcp(5) }] }), true],
  ['of another subject', CHANGED, on(app('c'), { ingress: [{ ...FROM_B, ...tcp(5) }] }), false],
  ['of peers that may be the same', CHANGED, on(app('a'), { ingress: [{ fromEndpoints: [NOT_A], ...tcp(5) }] }), true],
  ['of other peers', CHANGED, on(app('a'), { ingress: [{ fromEndpoints: [app('c')], ...tcp(5) }] }), false],
  ['of one of its peers', CHANGED, on(app('a'), { ingress: [{ fromEndpoints: [app('c'), app('b')], ...tcp(5) }] }), true],
  ['of every port', CHANGED, on(app('a'), { ingress: [FROM_B] }), true],
  ['of one port, beside a changed one of every port', on(app('a'), { ingress: [FROM_B] }), CHANGED, true],
  ['of another port', CHANGED, on(app('a'), { ingress: [{ ...FROM_B, ...tcp(6) }] }), false],
  ['of another protocol', CHANGED, on(app('a'), { ingress: [{ ...FROM_B, ...tcp(5, undefined, 'UDP') }] }), false],
  ['of ports up to it', CHANGED, on(app('a'), { ingress: [{ ...FROM_B, ...tcp(3, 5) }] }), true],
  ['of ports from it on', CHANGED, on(app('a'), { ingress: [{ ...FROM_B, ...tcp(5, 7) }] }), true],
  ['of ports below it', CHANGED, on(app('a'), { ingress: [{ ...FROM_B, ...tcp(3, 4) }] }), false],
  ['of ports above it', CHANGED, on(app('a'), { ingress: [{ ...FROM_B, ...tcp(6, 7) }] }), false],
  ['of a named port', CHANGED, on(app('a'), { ingress: [{ ...FROM_B, ...tcp('http') }] }), true],
  ['of one port, beside a changed one of a named port', on(app('a'), { ingress: [{ ...FROM_B, ...tcp('http') }] }), CHANGED, true],
  ['of every number of its protocol', CHANGED, on(app('a'), { ingress: [{ ...FROM_B, ...tcp(0) }] }), true],
  ['of one port, beside a changed one of every number', on(app('a'), { ingress: [{ ...FROM_B, ...tcp(0) }] }), CHANGED, true],
  ['of the other side of the flow', CHANGED, on(app('b'), { egress: [{ toEndpoints: [app('a')], ...tcp(5) }] }), true],
  ['of the other side, to other pods', CHANGED, on(app('b'), { egress: [{ toEndpoints: [app('c')], ...tcp(5) }] }), false],
  ['of the other side, of other pods', CHANGED, on(app('c'), { egress: [{ toEndpoints: [app('a')], ...tcp(5) }] }), false],
  ['of the other side, to an address', CHANGED, on(app('b'), { egress: [{ toCIDR: ['10.0.0.0/8'], ...tcp(5) }] }), false],
  ['of the side that an address is on', OF_BLOCK, on(app('b'), { egress: [{ toEndpoints: [app('a')] }] }), false],
  ['of a CIDR around it', OF_BLOCK, on(app('a'), { ingress: [{ fromCIDR: ['10.0.0.0/8'] }] }), true],
  ['of a CIDR inside it', OF_BLOCK, on(app('a'), { ingress: [{ fromCIDR: ['10.0.1.0/24'] }] }), true],
  ['of another CIDR', OF_BLOCK, on(app('a'), { ingress: [{ fromCIDR: ['10.1.0.0/16'] }] }), false],
  ['of pods, beside a CIDR', OF_BLOCK, CHANGED, false],
  ['of a CIDR, beside pods', CHANGED, OF_BLOCK, false],
  ['of the world, beside a CIDR', OF_BLOCK, on(app('a'), { ingress: [{ fromEntities: ['world'] }] }), true],
  [
    'of a name, beside a CIDR',
    on(app('a'), { egress: [{ toCIDR: ['10.0.0.0/16'] }] }),
    on(app('a'), { egress: [{ toFQDNs: [{ matchName: 'a.example' }] }] }),
    true,
  ],
  ['of one of several ports that change', ON_5_AND_7, on(app('a'), { ingress: [{ ...FROM_B, ...twoPorts(7, 9) }] }), true],
  ['of one of several peers that change', FROM_B_AND_D, CHANGED, true],
  [
    'of the other side, of one of several peers that change',
    FROM_B_AND_D,
    on(app('b'), { egress: [{ toEndpoints: [app('a'), app('e')] }] }),
    true,
  ],
  [
    'of all pods that have a label, beside a CIDR',
    OF_BLOCK,
    { ...on({}, { ingress: [{ fromEndpoints: [HAS_APP] }] }), namespace: '' },
    false,
  ],
  [
    'of all pods that do not have a label, beside a CIDR',
    OF_BLOCK,
    { ...on({}, { ingress: [{ fromEndpoints: [NOT_A] }] }), namespace: '' },
    false,
  ],
  // One that closes a direction turns every flow of its subjects.
  [
    'of other peers and ports, beside one that closes',
    closing(app('a'), { ingress: [{ ...FROM_B, ...tcp(5) }] }),
    on(app('a'), { ingress: [{ fromEndpoints: [app('c')], ...tcp(6) }] }),
    true,
  ],
  [
    'of the other side, beside one that closes',
    closing(app('a'), { ingress: [{ ...FROM_B, ...tcp(5) }] }),
    on(app('c'), { egress: [{ toEndpoints: [app('a')], ...tcp(6) }] }),
    true,
  ],
  [
    'of the other side of other pods, beside one that closes',
    closing(app('a'), { ingress: [{ ...FROM_B, ...tcp(5) }] }),
    on(app('c'), { egress: [{ toEndpoints: [app('d')], ...tcp(6) }] }),
    false,
  ],
  [
    'of another subject, beside one that closes',
    closing(app('a'), { ingress: [{ ...FROM_B, ...tcp(5) }] }),
    on(app('c'), { ingress: [FROM_B] }),
    false,
  ],
  // Envoy refuses all that the policy of an endpoint says of requests.
  [
    'of other ports, beside one that Envoy refuses',
    on(app('a'), { ingress: [{ ...FROM_B, ...asking({ rules: { http: [{ host: '*.example.com' }] } }) }] }),
    on(app('a'), { egress: [{ toEndpoints: [app('c')], ...asking({ rules: { http: [{ path: '/' }] } }, 6) }] }),
    true,
  ],
  [
    'of another subject, beside one that Envoy refuses',
    on(app('a'), { ingress: [{ ...FROM_B, ...asking({ rules: { http: [{ host: '*.example.com' }] } }) }] }),
    on(app('c'), { egress: [{ toEndpoints: [app('d')], ...tcp(6) }] }),
    false,
  ],
])('a rule %s', (_, changed, other, expected) => {
  expect(matters(changed, other)).toBe(expected);
});

// From 1.20 on a selector names its cluster, too.
test('a rule of pods of any namespace does not matter beside a CIDR, in 1.18', () => {
  const other = { ...on({}, { ingress: [{ fromEndpoints: [HAS_APP] }] }), namespace: '' };
  expect(matters(OF_BLOCK, other, {}, '1.18')).toBe(false);
});

test.each<[string, JsonObject, boolean]>([
  ['all of its subjects are closed anyway', closing(app('a'), { ingress: [{}] }), false],
  ['only some of its subjects are closed anyway', closing({ matchLabels: { app: 'a', tier: 'q' } }, { ingress: [{}] }), true],
  ['the other direction is closed', closing(app('a'), { egress: [{}] }), true],
])('one that closes a direction turns other ports too where %s', (_, beside, expected) => {
  const changed = closing(app('a'), { ingress: [{ ...FROM_B, ...tcp(5) }] });
  expect(matters(changed, on(app('a'), { ingress: [{ ...FROM_B, ...tcp(6) }] }), { beside })).toBe(expected);
});

const LOOKED_UP = { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system' } }], ...tcp(53, undefined, 'UDP') };
const OF_NAMES = on(app('a'), { egress: [{ toFQDNs: [{ matchName: 'a.example' }], ...tcp(443) }] });
const SERVER = { ...on(app('dns'), { ingress: [{ ...FROM_B, ...tcp(9) }] }), namespace: 'kube-system' };

test.each<[string, JsonObject, JsonObject, boolean]>([
  ['for names, where a DNS server changes', SERVER, OF_NAMES, true],
  [
    'of look-ups, where a DNS server changes',
    SERVER,
    on(app('a'), {
      egress: [
        {
          toEndpoints: [app('c')],
          toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
        },
      ],
    }),
    true,
  ],
  ['for pods, where a DNS server changes', SERVER, on(app('a'), { egress: [{ toEndpoints: [app('c')] }] }), false],
  ['for names, where another pod changes', on(app('dns'), { ingress: [{ ...FROM_B, ...tcp(9) }] }), OF_NAMES, false],
  [
    'for names, where a DNS server changes in what it sends',
    { ...on(app('dns'), { egress: [{ toEndpoints: [app('b')], ...tcp(9) }] }), namespace: 'kube-system' },
    OF_NAMES,
    false,
  ],
])('a rule %s', (_, changed, other, expected) => {
  expect(matters(changed, other)).toBe(expected);
});

test.each<[string, JsonObject, JsonObject, boolean]>([
  ['of what it sends', on(app('a'), { egress: [LOOKED_UP] }), on(app('a'), { egress: [{ toEndpoints: [app('c')], ...tcp(9) }] }), true],
  [
    'of what it receives',
    on(app('a'), { ingress: [{ ...FROM_B, ...tcp(7) }] }),
    on(app('a'), { egress: [{ toEndpoints: [app('c')], ...tcp(9) }] }),
    false,
  ],
  [
    'of what other pods send',
    on(app('c'), { egress: [LOOKED_UP] }),
    on(app('c'), { egress: [{ toEndpoints: [app('d')], ...tcp(9) }] }),
    false,
  ],
])('where names are admitted for a pod, a rule may be about its look-ups if a rule changes %s', (_, changed, other, expected) => {
  expect(matters(changed, other, { names: OF_NAMES })).toBe(expected);
});

test.each<[string, Readonly<Record<string, JsonObject>>, boolean]>([
  ['for it and for others', { names: OF_NAMES, others: on(app('z'), { egress: [{ toFQDNs: [{ matchName: 'a.example' }] }] }) }, true],
  ['only for others', { others: on(app('z'), { egress: [{ toFQDNs: [{ matchName: 'a.example' }] }] }) }, false],
  ['for nobody, and a rule selects no peer', { nobody: on(app('a'), { egress: [{}] }) }, false],
])('a pod that looks something up matters only if names are admitted for it: %s', (_, beside, expected) => {
  const other = on(app('a'), { egress: [{ toEndpoints: [app('c')], ...tcp(9) }] });
  expect(matters(on(app('a'), { egress: [LOOKED_UP] }), other, beside)).toBe(expected);
});

test.each<[string, JsonObject, boolean]>([
  [
    'receives from the pod',
    {
      ...on(app('dns'), { ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'x' } }], ...tcp(9) }] }),
      namespace: 'kube-system',
    },
    true,
  ],
  ['receives from the pod, if it were a DNS server', on(app('q'), { ingress: [{ fromEndpoints: [app('a')], ...tcp(9) }] }), false],
  [
    'receives from others',
    {
      ...on(app('dns'), { ingress: [{ fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'y' } }], ...tcp(9) }] }),
      namespace: 'kube-system',
    },
    false,
  ],
  [
    'receives from addresses',
    { ...on(app('dns'), { ingress: [{ fromCIDR: ['10.0.0.0/8'], ...tcp(9) }] }), namespace: 'kube-system' },
    false,
  ],
])('where look-ups of a pod change, a rule matters by which a DNS server %s', (_, other, expected) => {
  expect(matters(on(app('a'), { egress: [LOOKED_UP] }), other, { names: OF_NAMES })).toBe(expected);
});

/** What each selector of the rules before a change counts for, by the name of its policy. */
function counted(
  before: Readonly<Record<string, JsonObject>>,
  changed: Readonly<Record<string, JsonObject>>,
): Readonly<Record<string, unknown>> {
  const old = world(before);
  const { countsFor } = relevanceOf([old], [world({ ...before, ...changed })])!;
  return Object.fromEntries(old.entries.map(({ policy, rule }) => [policy.name, countsFor(rule.subject.selector)]));
}

test('of rules that do not matter, it counts only which directions of their subjects they close', () => {
  const rules = {
    open: on(app('c'), { ingress: [FROM_B] }),
    ingress: closing(app('d'), { ingress: [FROM_B] }),
    egress: closing(app('e'), { egress: [{ toEndpoints: [app('b')] }] }),
    both: closing(app('f'), { ingress: [FROM_B], egress: [{ toEndpoints: [app('c')] }] }),
    same: on(app('a'), { ingress: [{ ...FROM_B, ...tcp(5) }] }),
  };
  const changed = on(app('a'), { ingress: [{ ...FROM_B, ...tcp(5) }] });
  expect(counted(rules, { changed })).toEqual({ open: 'nothing', ingress: -1, egress: -2, both: -3, same: 'itself' });
  expect(counted(rules, {})).toEqual({ open: 'nothing', ingress: -1, egress: -2, both: -3, same: 'nothing' });
});

test('rules for nodes count where anything changes', () => {
  const nodes = { nodeSelector: { matchLabels: { zone: 'a' } }, ingress: [{ fromEndpoints: [app('c')] }], ...OPEN };
  const counts = (changed: Readonly<Record<string, JsonObject>>) => counted({ nodes }, changed).nodes;
  expect([counts({ changed: CHANGED }), counts({})]).toEqual(['itself', 'nothing']);
});

const http = { rules: { http: [{ path: '/' }] } };
const listener = (name: string) => ({ listener: { envoyConfig: { kind: 'CiliumClusterwideEnvoyConfig', name }, name: 'l' } });
const tls = (field: string, name: string) => ({ [field]: { secret: { name, namespace: 'x' } } });
const toC = (layer7: JsonObject): JsonObject => on(app('d'), { egress: [{ toEndpoints: [app('c')], ...asking(layer7, 9) }] });

test.each<[string, JsonObject, JsonObject, boolean]>([
  ['of HTTP and of DNS', toC(http), toC({ rules: { dns: [{ matchPattern: '*' }] } }), true],
  ['of HTTP twice', toC(http), toC({ rules: { http: [{ path: '/b' }] } }), false],
  ['of HTTP and of none', toC(http), toC({}), false],
  ['of HTTP and of server names', toC(http), toC({ serverNames: ['a.example'] }), true],
  ['of two listeners', toC(listener('a')), toC(listener('b')), true],
  ['of two secrets for TLS', toC(tls('terminatingTLS', 'a')), toC(tls('terminatingTLS', 'b')), true],
  ['of two secrets for TLS to servers', toC(tls('originatingTLS', 'a')), toC(tls('originatingTLS', 'b')), true],
  [
    'of HTTP and of DNS for different pods',
    toC(http),
    on(app('e'), { egress: [{ toEndpoints: [app('c')], ...asking({ rules: { dns: [{ matchPattern: '*' }] } }, 9) }] }),
    false,
  ],
  [
    'of HTTP and of DNS in two directions',
    toC({ rules: { dns: [{ matchPattern: '*' }] } }),
    on(app('d'), { ingress: [{ fromEndpoints: [app('c')], ...asking(http, 9) }] }),
    false,
  ],
  [
    'of two kinds of authentication',
    on(app('d'), { egress: [{ toEndpoints: [app('c')], authentication: { mode: 'required' } }] }),
    on(app('d'), { egress: [{ toEndpoints: [app('c')], authentication: { mode: 'test-always-fail' } }] }),
    true,
  ],
])('rules that may clash count where anything changes: %s', (_, one, other, isClash) => {
  const counts = counted({ one, other }, { changed: CHANGED });
  expect(Object.values(counts)).toEqual(isClash ? ['itself', 'itself'] : ['nothing', 'nothing']);
  expect(Object.values(counted({ one, other }, {}))).toEqual(['nothing', 'nothing']);
});

const NAMED = { named: on(app('a'), { ingress: [{ ...FROM_B, ...tcp('http') }] }) };

test.each<[string, World, World, boolean]>([
  ['nothing', world({}, [NODE('a'), POD('p')]), world({}, [NODE('a'), POD('p')]), true],
  ['rules', world({}), world({ changed: CHANGED }), true],
  ['the labels of a node', world({}, [NODE('a')]), world({}, [NODE('b')]), false],
  ['a setting', world({}), world({}, [], { 'enable-policy': 'always' }), false],
  ['the labels of a pod', world({}, [POD('p', { app: 'a' })]), world({}, [POD('p', { app: 'b' })]), false],
  ['which pods there are', world({}, [POD('p')]), world({}, [POD('p'), POD('q')]), true],
  ['which pods there are, where a rule names a port', world(NAMED, [POD('p')]), world(NAMED, [POD('p'), POD('q')]), false],
  [
    'which pods there are, where a rule is about names',
    world({ n: OF_NAMES }, [POD('p')]),
    world({ n: OF_NAMES }, [POD('p'), POD('q')]),
    false,
  ],
  [
    'which pods there are, where a rule names a port beside another one',
    ...morePods(on(app('a'), { ingress: [{ toPorts: [{ ports: [{ port: '5' }, { port: 'http' }] }] }] })),
    false,
  ],
  ['which pods there are, where a rule is about every port', ...morePods(on(app('a'), { ingress: [FROM_B] })), true],
  ['which pods there are, where a rule selects no peer', ...morePods(on(app('a'), { ingress: [{}] })), true],
  ['rules, where CIDRs match nodes', ...twice({ 'policy-cidr-match-mode': 'nodes' }), false],
  ['rules, where CIDRs match pods', ...twice({ 'policy-cidr-match-mode': 'pods' }), false],
  [
    'rules, beside a cloud group',
    world({ g: on(app('a'), { egress: [{ toGroups: [{ aws: { region: 'eu' } }] }] }) }),
    world({ g: on(app('a'), { egress: [{ toGroups: [{ aws: { region: 'eu' } }] }] }), changed: CHANGED }),
    false,
  ],
])('rules can be left out where two worlds differ in no more than rules: they differ in %s', (_, before, after, isPlain) => {
  const relevance: Relevance | undefined = relevanceOf([before], [after]);
  expect(relevance !== undefined).toBe(isPlain);
});

function morePods(rule: JsonObject): readonly [World, World] {
  return [world({ rule }, [POD('p')]), world({ rule }, [POD('p'), POD('q')])];
}

function twice(config: AgentConfig): readonly [World, World] {
  return [world({}, [], config), world({ changed: CHANGED }, [], config)];
}

test('whether all worlds have the same pods', () => {
  const hasSamePods = (before: readonly string[], after: readonly string[]) =>
    relevanceOf(
      [
        world(
          {},
          before.map((name) => POD(name)),
        ),
      ],
      [
        world(
          {},
          after.map((name) => POD(name)),
        ),
      ],
    )?.hasSamePods;
  expect([hasSamePods(['p'], ['p']), hasSamePods(['p', 'q'], ['p', 'q'])]).toEqual([true, true]);
  expect([hasSamePods(['p'], ['q']), hasSamePods(['p'], ['p', 'q']), hasSamePods(['p', 'q'], ['p'])]).toEqual([false, false, false]);
  expect(hasSamePods(['p', 'q'], ['p', 'r'])).toBe(false);
});

test('a rule that is only moved to another name is changed', () => {
  const { changed } = relevanceOf([world({ one: CHANGED, rest: OF_BLOCK })], [world({ two: CHANGED, rest: OF_BLOCK })])!;
  expect(changed.map(({ policy }) => policy.name).sort()).toEqual(['one', 'two']);
});

test('rules of two parsers may clash, up to 1.19', () => {
  const of = (l7proto: string) =>
    on(app('d'), { ingress: [{ fromEndpoints: [app('c')], ...asking({ rules: { l7proto, l7: [{ a: 'b' }] } }, 9) }] });
  const clashing = { one: of('r2d2'), other: of('test.block') };
  const [before, after] = [clashing, { ...clashing, changed: CHANGED }].map((specs) => world(specs, [], {}, '1.19'));
  const { countsFor } = relevanceOf([before], [after])!;
  expect(before.entries.map(({ rule }) => countsFor(rule.subject.selector))).toEqual(['itself', 'itself']);
});
