/** The ends that policies tell apart, and which of them stands for an end of a flow. */
import type { Minor } from '../../../lib/crd/minor';
import type { AgentConfig } from '../../../lib/model/config';
import type { WrittenEnd } from '../../../lib/model/flow';
import type { JsonObject } from '../../../lib/model/json';
import { expectParsed } from '../../../lib/net/parsed';
import { FastEngine } from '../../../lib/reach/engine';
import { MOST_ENDS, Universe, universeOf, UniverseOptions } from '../../../lib/reach/universe/universe';
import { parseFlow } from '../../../lib/read/flow';
import { clusterOf, policiesIn } from '../../support/world-engine';

const app = (name: string): JsonObject => ({ matchLabels: { app: name } });
const tcp = (port: number | string, more: JsonObject = {}): JsonObject => ({
  toPorts: [{ ports: [{ port: String(port), protocol: 'TCP' }], ...more }],
});
const NODE = (name: string, labels: JsonObject = {}, address = '192.168.0.1'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: { addresses: [{ type: 'InternalIP', address }] },
});
const POD = (name: string, labels: JsonObject, more: JsonObject = {}, namespace = 'x'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: { containers: [], ...more },
});
const HTTP: JsonObject = { containers: [{ ports: [{ name: 'http', containerPort: 80 }] }] };

interface Given {
  readonly specs?: readonly JsonObject[];
  readonly objects?: readonly JsonObject[];
  readonly config?: AgentConfig;
  readonly minor?: Minor;
  readonly names?: Readonly<Record<string, readonly string[]>>;
}

/** Specs without a subject are of every pod of the namespace `x`. */
function engine({ specs = [], objects = [], config = {}, minor = '1.20', names = {} }: Given): FastEngine {
  const policies = specs.map((spec, i): JsonObject => {
    const isOfNodes = spec.nodeSelector !== undefined;
    const kind = isOfNodes ? 'CiliumClusterwideNetworkPolicy' : 'CiliumNetworkPolicy';
    const subject = isOfNodes ? {} : { endpointSelector: {} };
    return {
      apiVersion: 'cilium.io/v2',
      kind,
      metadata: { name: `p${i}`, ...(!isOfNodes && { namespace: 'x' }) },
      spec: { ...subject, ...spec },
    };
  });
  const { inventory, agent } = clusterOf({ objects, config, names }, minor)!;
  const accepted = policiesIn(policies, minor, config);
  expect(accepted.length).toBe(policies.length);
  return new FastEngine(accepted, inventory, agent, true);
}

function universe(given: Given | readonly Given[], options: UniverseOptions = { mostPossible: 50 }): Universe {
  return expectParsed(universeOf((Array.isArray(given) ? given : [given]).map(engine), options));
}

const written = (end: string): WrittenEnd => expectParsed(parseFlow({ from: end, to: 'x/x', port: 1 })).from;

/** The end that stands for another one, as its kind and its members. */
function found(all: Universe, end: WrittenEnd): string | undefined {
  const number = all.find(end);
  return number === undefined ? undefined : [all.ends[number].is, ...all.ends[number].members].join(' ');
}

const membersOf = (all: Universe, kind: string) => all.ends.filter(({ is }) => is === kind).map(({ members }) => members.join(' '));

const FROM_A = { ingress: [{ fromEndpoints: [app('a')] }] };
const PODS = [POD('a1', { app: 'a' }), POD('a2', { app: 'a', tier: 'q' }), POD('b', { app: 'b' })];
const CIDRS = { egress: [{ toCIDR: ['10.0.0.0/8', '10.1.0.0/16', '10.1.0.1/32'] }] };
const SERVICE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's', namespace: 'x' },
  spec: { clusterIP: '10.0.0.9', selector: { app: 'a' }, ports: [{ port: 80 }] },
};
const REDIRECT: JsonObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumLocalRedirectPolicy',
  metadata: { name: 'r', namespace: 'x' },
  spec: {
    redirectFrontend: { addressMatcher: { ip: '192.0.2.1', toPorts: [{ port: '80', protocol: 'TCP' }] } },
    redirectBackend: { localEndpointSelector: app('a'), toPorts: [{ port: '8080', protocol: 'TCP' }] },
  },
};
const OF_SERVICE = {
  ...REDIRECT,
  spec: { ...(REDIRECT.spec as JsonObject), redirectFrontend: { serviceMatcher: { serviceName: 's', namespace: 'x' } } },
};
const REDIRECTS = { 'enable-local-redirect-policy': 'true' };
const NAMES = { egress: [{ toFQDNs: [{ matchPattern: '*.example' }, { matchName: 'b.example' }], ...tcp(443) }] };
const LOOK_UPS = { egress: [{ toEndpoints: [{}], ...tcp(53, { rules: { dns: [{ matchName: 'look.test' }] } }) }] };
const IPV6 = { 'enable-ipv6': 'true' };
const MESH = { 'cluster-name': 'here', 'cluster-id': '1' };
const IN_MESH = { ingress: [{ fromEndpoints: [{ matchLabels: { 'io.cilium.k8s.policy.cluster': 'there' } }] }] };

test.each<[string, Given, string, string | undefined]>([
  ['a listed pod', { specs: [FROM_A], objects: PODS }, 'x/a1', 'pods x/a1 x/a2'],
  ['a listed pod that is like an earlier one', { specs: [FROM_A], objects: PODS }, 'x/a2', 'pods x/a1 x/a2'],
  ['a listed pod that a policy tells apart', { specs: [FROM_A], objects: PODS }, 'x/b', 'pods x/b'],
  ['a pod that could exist, like listed ones', { specs: [FROM_A], objects: PODS }, 'labels:app=a@x', 'pods x/a1 x/a2'],
  ['a pod that could exist, like no listed one', { specs: [FROM_A], objects: PODS }, 'labels:app=a@y', 'possible-pods'],
  ['a pod that could exist, where none is listed', { specs: [FROM_A] }, 'labels:app=a@x', 'possible-pods x'],
  ['a pod with a port that a rule names', { specs: [{ ingress: [tcp('http')] }] }, 'labels:app=a@x', 'possible-pods x'],
  ['a node', { objects: [NODE('n')] }, 'node:n', 'nodes n'],
  ['a node that is not there', { objects: [NODE('n')] }, 'node:m', undefined],
  ['the own node', {}, 'entity:host', 'entity host'],
  ['the world', {}, 'entity:world', 'addresses 0.0.0.0/0'],
  ['an address in no CIDR', { specs: [CIDRS] }, 'ip:11.0.0.1', 'addresses 0.0.0.0/0'],
  ['an address in a CIDR', { specs: [CIDRS] }, 'ip:10.2.0.1', 'addresses 10.0.0.0/8'],
  ['an address in a CIDR in a CIDR', { specs: [CIDRS] }, 'ip:10.1.0.2', 'addresses 10.1.0.0/16'],
  ['an address that is a CIDR itself', { specs: [CIDRS] }, 'ip:10.1.0.1', 'addresses 10.1.0.1/32'],
  ['an address of IPv6', { config: IPV6 }, 'ip:fd00::1', 'addresses ::/0'],
  ['an address of IPv6 where it is off', {}, 'ip:fd00::1', undefined],
  ['an address of the machine itself', { objects: [SERVICE] }, 'ip:127.0.0.1', undefined],
  ['the address of a Service', { objects: [SERVICE] }, 'ip:10.0.0.9', undefined],
  ['an address beside that of a Service', { objects: [SERVICE] }, 'ip:10.0.0.8', 'addresses 0.0.0.0/0'],
  ['an address that a local redirect takes over', { objects: [REDIRECT], config: REDIRECTS }, 'ip:192.0.2.1', 'addresses 192.0.2.1/32'],
  ['an address beside that of a local redirect', { objects: [REDIRECT], config: REDIRECTS }, 'ip:192.0.2.2', 'addresses 0.0.0.0/0'],
  ['the address of a local redirect where they are off', { objects: [REDIRECT] }, 'ip:192.0.2.1', 'addresses 0.0.0.0/0'],
  [
    'an address beside a Service that a local redirect takes over',
    { objects: [OF_SERVICE], config: REDIRECTS },
    'ip:192.0.2.1',
    'addresses 0.0.0.0/0',
  ],
  ['the first address of a name', { specs: [NAMES], names: { 'b.example': ['192.0.2.1'] } }, 'ip:192.0.2.1', 'name b.example'],
  [
    'the address of one of two names',
    { names: { 'a.example': ['192.0.2.1'], 'b.example': ['192.0.2.2'] } },
    'ip:192.0.2.2',
    'name b.example',
  ],
  ['the second address of a name', { specs: [NAMES], names: { 'b.example': ['192.0.2.1', '192.0.2.2'] } }, 'ip:192.0.2.2', undefined],
  ['a name with an address', { names: { 'b.example': ['192.0.2.1'] } }, 'fqdn:b.example', 'name b.example'],
  ['a name that two patterns match', { specs: [NAMES] }, 'fqdn:b.example', 'name *.example b.example'],
  ['a name that one pattern matches', { specs: [NAMES] }, 'fqdn:c.example', 'name *.example'],
  ['a name that no pattern matches', { specs: [NAMES] }, 'fqdn:c.test', 'addresses 0.0.0.0/0'],
  ['a name that may only be looked up', { specs: [NAMES, LOOK_UPS] }, 'fqdn:look.test', 'addresses 0.0.0.0/0'],
])('%s is one of the ends', (_, given, end, expected) => {
  expect(found(universe(given), written(end))).toBe(expected);
});

test('a pod that could exist with a port that a rule names is like none', () => {
  const pod = { ...written('labels:app=a@x'), ports: [{ name: 'http', protocol: 'TCP', number: 80 }] } as WrittenEnd;
  expect(found(universe({ specs: [{ ingress: [tcp('http')] }] }), pod)).toBeUndefined();
  expect(found(universe({ specs: [{ ingress: [tcp('other')] }] }), pod)).toBe('possible-pods x');
});

test.each<[string, Given, string, string | undefined]>([
  ['of no mesh', {}, 'there', undefined],
  ['of a mesh that no policy names', { config: MESH }, 'there', 'possible-pods'],
  ['that a policy names', { specs: [IN_MESH], config: MESH }, 'there', 'possible-pods'],
  ['that no policy names, beside one that it does', { specs: [IN_MESH], config: MESH }, 'elsewhere', 'possible-pods'],
])('a pod of another cluster is one of the ends: %s', (_, given, cluster, expected) => {
  expect(found(universe(given), { ...written('labels:app=a@z'), cluster } as WrittenEnd)).toBe(expected);
});

test('pods of clusters of a mesh are told apart where a policy names one', () => {
  const ends = (given: Given) => {
    const all = universe(given);
    return ['here', 'there', 'elsewhere'].map((cluster) => all.find({ ...written('labels:app=a@z'), cluster } as WrittenEnd));
  };
  const [here, there, elsewhere] = ends({ specs: [IN_MESH], config: MESH });
  expect(new Set([here, there, elsewhere]).size).toBe(3);
  // A cluster that is in no mesh, by its settings, but by its policies.
  expect(new Set(ends({ specs: [IN_MESH], config: { 'cluster-name': 'here' } })).size).toBe(3);
});

test.each<[string, Given, readonly string[]]>([
  ['a label that no policy names', { specs: [FROM_A], objects: [POD('p', { app: 'c' }), POD('q', { app: 'd' })] }, ['x/p x/q']],
  ['a label that a policy names', { specs: [FROM_A], objects: [POD('p', { app: 'a' }), POD('q', { app: 'd' })] }, ['x/p', 'x/q']],
  ['a port that no rule names', { objects: [POD('p', {}, HTTP), POD('q', {})] }, ['x/p x/q']],
  ['a port that a rule names', { specs: [{ ingress: [tcp('http')] }], objects: [POD('p', {}, HTTP), POD('q', {})] }, ['x/p', 'x/q']],
  ['the namespace', { objects: [POD('p', {}), POD('q', {}, {}, 'y')] }, ['x/p y/q']],
  ['a label that Cilium has for itself', { objects: [POD('p', { host: '' }), POD('q', {})] }, ['x/p', 'x/q']],
  ['the network of a node', { objects: [POD('p', {}), POD('q', {}, { hostNetwork: true })] }, ['x/p']],
  ['the node', { objects: [NODE('n'), POD('p', {}, { nodeName: 'n' }), POD('q', {})] }, ['x/p x/q']],
  [
    'a node that a policy tells apart',
    {
      specs: [{ nodeSelector: { matchLabels: { zone: 'a' } }, ingress: [{}] }],
      config: { 'enable-host-firewall': 'true' },
      objects: [NODE('n', { zone: 'a' }), POD('p', {}, { nodeName: 'n' }), POD('q', {})],
    },
    ['x/p', 'x/q'],
  ],
])('pods are told apart by %s or not', (_, given, expected) => {
  expect(membersOf(universe(given), 'pods')).toEqual(expected);
});

const LISTENER = { egress: [tcp(80, { listener: { envoyConfig: { kind: 'CiliumEnvoyConfig', name: 'e' }, name: 'l' } })] };

test('pods of different namespaces are told apart where a rule names a listener, which is looked up there', () => {
  const objects = [POD('p', {}, {}, 'y'), POD('q', {}, {}, 'z')];
  expect(membersOf(universe({ specs: [FROM_A, LISTENER], objects }), 'pods')).toEqual(['y/p', 'z/q']);
  expect(
    membersOf(
      universe([
        { specs: [FROM_A], objects },
        { specs: [LISTENER, FROM_A], objects },
      ]),
      'pods',
    ),
  ).toEqual(['y/p', 'z/q']);
});

const ZONES = { ingress: [{ fromNodes: [{ matchLabels: { zone: 'a' } }] }] };
const TWO_NODES = [NODE('n', { zone: 'a', role: 'q' }), NODE('m', { zone: 'b', role: 'r' }, '192.168.0.2')];

test.each<[string, Given, readonly string[]]>([
  ['a label that no policy names', { config: { 'enable-node-selector-labels': 'true' }, objects: TWO_NODES }, ['n m']],
  ['a label that a policy names', { specs: [ZONES], config: { 'enable-node-selector-labels': 'true' }, objects: TWO_NODES }, ['n', 'm']],
  [
    'a label that only pods have',
    { specs: [{ ingress: [{ fromEndpoints: [{ matchLabels: { zone: 'a' } }] }] }], objects: TWO_NODES },
    ['n m'],
  ],
  [
    'a label that a policy for nodes names',
    {
      specs: [{ nodeSelector: { matchLabels: { zone: 'a' } }, ingress: [{}] }],
      config: { 'enable-host-firewall': 'true' },
      objects: TWO_NODES,
    },
    ['n', 'm'],
  ],
  ['the address, where CIDRs match nodes', { config: { 'policy-cidr-match-mode': 'nodes' }, objects: TWO_NODES }, ['n', 'm']],
  [
    'the same labels in another order',
    {
      specs: [{ ingress: [{ fromNodes: [{ matchLabels: { zone: 'a', role: 'q' } }] }] }],
      config: { 'enable-node-selector-labels': 'true' },
      objects: [NODE('n', { zone: 'a', role: 'q' }), NODE('m', { role: 'q', zone: 'a' })],
    },
    ['n m'],
  ],
])('nodes are told apart by %s or not', (_, given, expected) => {
  expect(membersOf(universe(given), 'nodes')).toEqual(expected);
});

const API_SERVER: JsonObject = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
  addressType: 'IPv4',
  ports: [{ port: 6443 }],
  endpoints: [{ addresses: ['192.168.0.2'] }],
};

test('a node that the API server runs on is told apart from others', () => {
  expect(membersOf(universe({ objects: [API_SERVER, ...TWO_NODES] }), 'nodes')).toEqual(['n', 'm']);
});

test.each<[string, Given | readonly Given[], boolean]>([
  ['nobody names it', { specs: [FROM_A] }, false],
  ['a policy names it', { specs: [FROM_A, { egress: [{ toEntities: ['kube-apiserver'] }] }] }, true],
  ['its addresses are listed', { objects: [API_SERVER] }, true],
  ['a policy of one of two engines names it', [{ specs: [FROM_A] }, { specs: [{ egress: [{ toEntities: ['kube-apiserver'] }] }] }], true],
])('the API server is an end of its own or not where %s', (_, given, expected) => {
  expect(membersOf(universe(given), 'entity').includes('kube-apiserver')).toBe(expected);
  expect(membersOf(universe(given), 'entity').filter((name) => name !== 'kube-apiserver')).toEqual([
    'host',
    'remote-node',
    'health',
    'ingress',
    'init',
    'unmanaged',
  ]);
});

test('the address of the API server is no address like others', () => {
  expect(found(universe({ objects: [API_SERVER] }), written('ip:192.168.0.2'))).toBeUndefined();
});

test.each<[string, Given, readonly string[]]>([
  ['without policies', {}, ['0.0.0.0/0']],
  ['of both families', { config: IPV6 }, ['0.0.0.0/0', '::/0']],
  [
    'of CIDRs and what is excepted from them',
    { specs: [{ egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] }] }] }] },
    ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16'],
  ],
  ['of a family that is off', { specs: [{ egress: [{ toCIDR: ['fd00::/8'] }] }] }, ['0.0.0.0/0']],
])('addresses are told apart by CIDRs: %s', (_, given, expected) => {
  expect(membersOf(universe(given), 'addresses').sort()).toEqual(expected);
});

test('the world is written as an entity, and its IPv6 addresses as one of them', () => {
  const all = universe({ config: IPV6 });
  const ends = all.ends.filter(({ is }) => is === 'addresses');
  expect(ends.map(({ members, written: { is } }) => [members[0], is])).toEqual([
    ['0.0.0.0/0', 'entity'],
    ['::/0', 'ip'],
  ]);
});

test('without possible pods, only listed ones are ends', () => {
  const given = { specs: [FROM_A], objects: PODS };
  expect(universe(given, { mostPossible: 0 }).ends.filter(({ is }) => is === 'possible-pods')).toEqual([]);
  expect(universe(given, { mostPossible: 1 }).partial.length).toBeGreaterThan(0);
  expect(universe(given, { mostPossible: 0 }).partial).toEqual([]);
});

test('only what is in all inventories is an end', () => {
  const [both, one] = [{ objects: [NODE('n'), ...PODS] }, { objects: [NODE('n'), NODE('m', {}, '192.168.0.2'), ...PODS, POD('new', {})] }];
  for (const all of [universe([both, one]), universe([one, both])]) {
    expect(membersOf(all, 'nodes')).toEqual(['n']);
    expect(membersOf(all, 'pods')).toEqual(['x/a1 x/a2 x/b']);
  }
});

test('of two engines, each tells ends apart', () => {
  const all = universe([
    { specs: [FROM_A], objects: PODS },
    { specs: [{ ingress: [{ fromEndpoints: [{ matchLabels: { tier: 'q' } }] }] }], objects: PODS },
  ]);
  expect(membersOf(all, 'pods')).toEqual(['x/a1', 'x/a2', 'x/b']);
  expect(['labels:app=a@x', 'labels:app=a,tier=q@x', 'labels:tier=z@x'].map((end) => found(all, written(end)))).toEqual([
    'pods x/a1',
    'pods x/a2',
    'pods x/b',
  ]);
});

test('a terminated pod is no end', () => {
  expect(membersOf(universe({ objects: [POD('p', {}), { ...POD('q', {}), status: { phase: 'Succeeded' } }] }), 'pods')).toEqual(['x/p']);
});

test('a workload that is scaled to none is no end', () => {
  const deployment = (name: string, replicas: number): JsonObject => ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'x' },
    spec: { replicas, template: { metadata: { labels: { app: name } }, spec: { containers: [] } } },
  });
  expect(membersOf(universe({ objects: [deployment('one', 1), deployment('none', 0)] }), 'pods')).toEqual(['x/one']);
});

test('the names of ports that rules name are told', () => {
  expect(universe({ specs: [{ ingress: [tcp('http'), tcp(80)] }, { egress: [tcp('dns')] }] }).portNames).toEqual(['dns', 'http']);
});

test('what a rule requires of its peers tells pods apart, in 1.18', () => {
  const spec = { ingress: [{ fromEndpoints: [app('a')], fromRequires: [{ matchLabels: { env: 'prod' } }] }] };
  const objects = [POD('p', { env: 'prod' }), POD('q', {}), POD('r', { env: 'test' })];
  expect(membersOf(universe({ specs: [spec], objects, minor: '1.18' }), 'pods')).toEqual(['x/p', 'x/q x/r']);
});

test('a rule that names a listener beside other ports is one that does', () => {
  const ports = [
    ...(tcp(80, { listener: { envoyConfig: { kind: 'CiliumEnvoyConfig', name: 'e' }, name: 'l' } }).toPorts as JsonObject[]),
    ...(tcp(81).toPorts as JsonObject[]),
  ];
  const objects = [POD('p', {}, {}, 'y'), POD('q', {}, {}, 'z')];
  expect(membersOf(universe({ specs: [{ egress: [{ toPorts: ports }] }], objects }), 'pods')).toEqual(['y/p', 'z/q']);
});

test('pods, nodes and names have addresses that are in no CIDR', () => {
  const specs = [{ egress: [{ toCIDR: ['10.0.0.7/32', '192.168.0.1/32', '192.0.2.1/32', '198.51.100.1/32'] }] }];
  const objects = [{ ...POD('p', {}), status: { podIPs: [{ ip: '10.0.0.7' }] } }, NODE('n')];
  expect(membersOf(universe({ specs, objects, names: { 'a.example': ['192.0.2.1'] } }), 'addresses').sort()).toEqual([
    '0.0.0.0/0',
    '198.51.100.1/32',
  ]);
});

test('a name that is given without an address is that name, also beside others that the same patterns match', () => {
  const all = universe({ specs: [NAMES], names: { 'c.example': [], 'd.example': [] } });
  expect(['fqdn:c.example', 'fqdn:d.example'].map((end) => found(all, written(end)))).toEqual(['name c.example', 'name d.example']);
});

test('a node of whose addresses one is that of the API server is told apart', () => {
  const addresses = ['192.168.0.3', '192.168.0.2'].map((address) => ({ type: 'InternalIP', address }));
  const both = { ...NODE('m'), status: { addresses } };
  expect(membersOf(universe({ objects: [API_SERVER, NODE('n'), both] }), 'nodes')).toEqual(['n', 'm']);
});

describe('of two engines', () => {
  const HERE = { config: MESH };
  test('one is enough for an address of a Service to be no address like others', () => {
    const [one, other] = [{ objects: [SERVICE] }, {}];
    expect([universe([one, other]), universe([other, one])].map((all) => found(all, written('ip:10.0.0.9')))).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('one is enough for other clusters, for the API server and for a family of addresses', () => {
    for (const pair of [
      [HERE, {}],
      [{}, HERE],
    ]) {
      expect(found(universe(pair), { ...written('labels:app=a@z'), cluster: 'there' } as WrittenEnd)).toBe('possible-pods');
    }
    for (const pair of [
      [{ objects: [API_SERVER] }, {}],
      [{}, { objects: [API_SERVER] }],
    ]) {
      expect(membersOf(universe(pair), 'entity')).toContain('kube-apiserver');
    }
    for (const pair of [
      [{ config: IPV6 }, {}],
      [{}, { config: IPV6 }],
    ]) {
      expect(membersOf(universe(pair), 'addresses')).toContain('::/0');
    }
  });

  test('selectors of the one are not those of the other', () => {
    const objects = [POD('p', { app: 'a' }), POD('q', { tier: 'q' })];
    const from = (...peers: readonly JsonObject[]) => ({ specs: peers.map((peer) => ({ ingress: [{ fromEndpoints: [peer] }] })), objects });
    const all = universe([from(app('a')), from(app('b'), app('c'), { matchLabels: { tier: 'q' } })]);
    expect(membersOf(all, 'pods')).toEqual(['x/p', 'x/q']);
    expect(found(all, written('labels:tier=q@x'))).toBe('pods x/q');
  });
});

describe('where only what a change may change is asked for', () => {
  const OPEN = { enableDefaultDeny: { ingress: false, egress: false } };
  const label = (name: string): JsonObject => ({ matchLabels: { [name]: 'q' } });
  const change = (specs: readonly JsonObject[], more: readonly JsonObject[], objects: readonly JsonObject[] = []) =>
    universe(
      [
        { specs, objects },
        { specs: [...specs, ...more], objects },
      ],
      { mostPossible: 50, before: 1 },
    );
  const FROM_B = { endpointSelector: app('a'), ingress: [{ fromEndpoints: [app('b')], ...tcp(5) }], ...OPEN };
  const CLOSING = [
    { endpointSelector: label('t1'), ingress: [{ fromEndpoints: [app('c')], ...tcp(9) }] },
    { endpointSelector: label('t2'), egress: [{ toEndpoints: [app('c')], ...tcp(9) }] },
    { endpointSelector: label('t3'), ingress: [{ fromEndpoints: [app('c')], ...tcp(9) }] },
  ];

  test('pods are told apart by the selectors of what changes, and by which of their directions are closed', () => {
    const objects = [
      ...[
        POD('a', { app: 'a' }),
        POD('c', { app: 'c' }),
        POD('d', { app: 'd' }),
        POD('t1', { t1: 'q' }),
        POD('t2', { t2: 'q' }),
        POD('t3', { t3: 'q' }),
      ],
      ...[
        POD('t12', { t1: 'q', t2: 'q' }),
        POD('t23', { t2: 'q', t3: 'q' }),
        POD('a1', { app: 'a', t1: 'q' }),
        POD('a3', { app: 'a', t3: 'q' }),
      ],
    ];
    const all = change(CLOSING, [FROM_B], objects);
    expect(membersOf(all, 'pods')).toEqual(['x/a', 'x/c x/d', 'x/t1 x/t3', 'x/t2', 'x/t12 x/t23', 'x/a1 x/a3']);
    const ends = ['app=a,t1=q', 'app=a,t3=q', 't1=q', 't2=q', 't3=q,t2=q', 't1=q,t3=q'].map((labels) =>
      found(all, written(`labels:${labels}@x`)),
    );
    expect(ends).toEqual(['pods x/a1 x/a3', 'pods x/a1 x/a3', 'pods x/t1 x/t3', 'pods x/t2', 'pods x/t12 x/t23', 'pods x/t1 x/t3']);
  });

  test('pods that could exist are told apart in the same way', () => {
    const all = change(CLOSING, [FROM_B]);
    const ends = ['app=a', 'app=a,t1=q', 'app=a,t3=q', 't1=q', 't2=q', 't3=q,t2=q', 't1=q,t2=q', 'app=d'].map((labels) =>
      all.find(written(`labels:${labels}@x`)),
    );
    const [a, a1, a3, t1, t2, t23, t12, none] = ends;
    expect([a3 === a1, t12 === t23, new Set(ends).size]).toEqual([true, true, 6]);
    expect([a, a1, t1, t2, t23, none]).not.toContain(undefined);
  });

  const TO = (cidr: string, subject = 'a') => ({ endpointSelector: app(subject), egress: [{ toCIDR: [cidr] }], ...OPEN });
  const GROUP: JsonObject = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumCIDRGroup',
    metadata: { name: 'g' },
    spec: { externalCIDRs: ['172.16.0.0/12'] },
  };

  test.each<[string, readonly JsonObject[], JsonObject, readonly string[]]>([
    ['of the same pods', [TO('10.0.0.0/8')], TO('10.1.0.0/16'), ['0.0.0.0/0', '10.0.0.0/8', '10.1.0.0/16']],
    ['of other pods', [TO('10.0.0.0/8', 'c')], TO('10.1.0.0/16'), ['0.0.0.0/0', '10.1.0.0/16']],
    [
      'of other pods, beside a group',
      [TO('10.0.0.0/8', 'c')],
      { endpointSelector: app('a'), egress: [{ toCIDRSet: [{ cidrGroupRef: 'g' }] }], ...OPEN },
      ['0.0.0.0/0', '10.0.0.0/8', '172.16.0.0/12'],
    ],
  ])('addresses are told apart by CIDRs %s', (_, specs, more, expected) => {
    expect(membersOf(change(specs, [more], [GROUP]), 'addresses').sort()).toEqual(expected);
  });
});

test('more ends than are compared with each other are refused', () => {
  const names = Object.fromEntries(
    Array.from({ length: MOST_ENDS - universe({ specs: [FROM_A], objects: PODS }).ends.length + 1 }, (_, i) => [`n${i}`, []]),
  );
  expect(universeOf([engine({ specs: [FROM_A], objects: PODS, names })], { mostPossible: 50 })).toMatchObject({
    ok: false,
    problem: 'policies tell 60,001 kinds of ends apart, and at most 60,000 are compared with each other',
  });
});
