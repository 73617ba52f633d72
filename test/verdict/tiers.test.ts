/** Tiers: ClusterNetworkPolicies beside the policies of the normal tier. */
import { verdictReply } from '../../lib/cli/verdict-request';
import { compileObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

type Config = Readonly<Record<string, string>>;

const ON = { 'enable-k8s-cluster-network-policy': 'true' };
const EVERY_POD = [{ namespaces: {} }];

interface TierSpec {
  readonly tier?: string;
  readonly priority?: number;
  readonly subject?: JsonObject;
  readonly ingress?: readonly JsonObject[];
  readonly egress?: readonly JsonObject[];
}

function tiers(name: string, spec: TierSpec): JsonObject {
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec: { tier: 'Admin', priority: 10, subject: { namespaces: {} }, ...spec },
  };
}

function rule(action: string, more: JsonObject = {}): JsonObject {
  return { action, from: EVERY_POD, ...more };
}

function normal(name: string, spec: JsonObject): JsonObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { namespace: 'shop', name },
    spec: { endpointSelector: {}, ...spec },
  };
}

/** Pods of the namespace `shop` may not be reached, or only by `a`. */
const CLOSED = normal('closed', { ingress: [] as JsonObject[], ingressDeny: [{ fromEntities: ['all'] }] });
const ONLY_A = normal('only-a', { ingress: [{ fromEndpoints: [{ matchLabels: { app: 'a' } }] }] });

/** The side of a pod `app: web` for `labels:app=b@shop`, unless others are asked for. */
function sideOf(
  objects: readonly JsonObject[],
  { side = 'ingress', ...asked }: JsonObject & { readonly side?: 'egress' | 'ingress' } = {},
  config: Config = ON,
  cilium = '1.20',
): string {
  const flows = [{ from: 'labels:app=b@shop', to: 'labels:app=web@shop', port: 80, ...asked }];
  const reply = verdictReply({ cilium, objects, flows, config });
  const [one] = reply.ok ? (reply.value.answers ?? []) : [];
  if (one === undefined || 'error' in one) {
    return JSON.stringify(one ?? reply);
  }
  const { decision, reason, policies } = one[side];
  const names = policies.map((policy) => policy.split('/').at(-1)).join();
  return `${decision} ${reason}${names === '' ? '' : ` by ${names}`}${one.http === undefined ? '' : `, request ${one.http}`}`;
}

test.each<[string, readonly JsonObject[], string]>([
  ['an Admin rule decides before any deny of the normal tier', [tiers('t', { ingress: [rule('Accept')] }), CLOSED], 'allowed rule by t'],
  [
    'an Admin rule decides before any allow of the normal tier',
    [tiers('t', { ingress: [rule('Deny')] }), normal('n', { ingress: [{ fromEntities: ['all'] }] })],
    'denied deny-rule by t',
  ],
  ['a Pass leaves it to the normal tier', [tiers('t', { ingress: [rule('Pass'), rule('Deny')] }), ONLY_A], 'denied default-deny by only-a'],
  ['what passes and meets no rule is allowed', [tiers('t', { ingress: [rule('Pass'), rule('Deny')] })], 'allowed not-enforced'],
  [
    'a Baseline rule is asked where no rule of the normal tier matches',
    [tiers('t', { tier: 'Baseline', ingress: [rule('Deny')] })],
    'denied deny-rule by t',
  ],
  [
    'a Baseline rule opens what a policy of the normal tier isolates',
    [tiers('t', { tier: 'Baseline', ingress: [rule('Accept')] }), ONLY_A],
    'allowed rule by t',
  ],
  [
    'a Baseline rule does not undo what the normal tier allows',
    [tiers('t', { tier: 'Baseline', ingress: [rule('Deny')] }), normal('n', { ingress: [{ fromEntities: ['all'] }] })],
    'allowed rule by n',
  ],
  [
    'a Pass of the Baseline tier leaves it to the default',
    [tiers('t', { tier: 'Baseline', ingress: [rule('Pass'), rule('Accept')] }), ONLY_A],
    'denied default-deny by only-a',
  ],
  [
    'the lower priority number comes first',
    [tiers('later', { priority: 20, ingress: [rule('Accept')] }), tiers('first', { ingress: [rule('Deny')] })],
    'denied deny-rule by first',
  ],
  ['rules of one policy come in their order', [tiers('t', { ingress: [rule('Accept'), rule('Deny')] })], 'allowed rule by t'],
  [
    'of equal priorities and places, a Deny comes first',
    [tiers('a', { ingress: [rule('Accept')] }), tiers('d', { ingress: [rule('Deny')] })],
    'denied deny-rule by d',
  ],
  [
    'of equal priorities, the first rules of both policies come before their second',
    [tiers('a', { ingress: [rule('Pass'), rule('Accept')] }), tiers('d', { ingress: [rule('Pass'), rule('Deny')] })],
    'allowed not-enforced',
  ],
  [
    'of equal places, an Accept comes before a Pass',
    [tiers('a', { ingress: [rule('Accept')] }), tiers('p', { ingress: [rule('Pass')] }), CLOSED],
    'allowed rule by a',
  ],
  [
    'it never isolates its subjects',
    [tiers('t', { ingress: [{ action: 'Accept', from: [{ namespaces: { matchLabels: { team: 'red' } } }] }] })],
    'allowed not-enforced',
  ],
  [
    'another port is not meant',
    [tiers('t', { ingress: [rule('Deny', { protocols: [{ tcp: { destinationPort: { range: { start: 81, end: 90 } } } }] })] })],
    'allowed not-enforced',
  ],
  [
    'a name that no service may have is every port',
    [tiers('t', { ingress: [rule('Deny', { protocols: [{ destinationNamedPort: 'my_port' }] })] })],
    'denied deny-rule by t',
  ],
  [
    'a name that is a number is the number',
    [tiers('t', { ingress: [rule('Deny', { protocols: [{ destinationNamedPort: '80' }] })] })],
    'denied deny-rule by t',
  ],
])('%s', (_, objects, expected) => {
  expect(sideOf(objects)).toBe(expected);
});

test.each<[string, Config, string, string]>([
  ['is on', ON, '1.20', 'denied deny-rule by t'],
  ['is on, and policies are never enforced', { ...ON, 'enable-policy': 'never' }, '1.20', 'allowed not-enforced'],
  ['is not said to be on', { 'enable-ipv4': 'true' }, '1.20', 'allowed not-enforced'],
  ['is assumed, without any configuration', {}, '1.20', 'denied deny-rule by t'],
  ['does not exist yet', ON, '1.19', 'allowed not-enforced'],
])('where the switch %s', (_, config, cilium, expected) => {
  expect(sideOf([tiers('t', { ingress: [rule('Deny')] })], {}, config, cilium)).toBe(expected);
});

describe('a peer', () => {
  const to = (peer: JsonObject, action = 'Deny') => [tiers('t', { egress: [{ action, to: [peer] }] })];
  const node = {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n1', labels: { pool: 'edge' } },
    status: { addresses: [{ type: 'InternalIP', address: '192.168.1.1' }] },
  };
  const LABELS = { ...ON, 'enable-node-selector-labels': 'true' };

  test.each<[string, readonly JsonObject[], JsonObject, Config, string]>([
    ['of networks is an address outside', to({ networks: ['198.51.100.0/24'] }), { to: 'ip:198.51.100.7' }, ON, 'denied deny-rule by t'],
    ['of networks is no pod', to({ networks: ['10.0.0.0/8'] }), { to: 'labels:app=web@shop' }, ON, 'allowed not-enforced'],
    ['of networks is no node', [...to({ networks: ['192.168.0.0/16'] }), node], { to: 'node:n1' }, ON, 'allowed not-enforced'],
    [
      'of networks is a node in that mode',
      [...to({ networks: ['192.168.0.0/16'] }), node],
      { to: 'node:n1' },
      { ...ON, 'policy-cidr-match-mode': 'nodes' },
      'denied deny-rule by t',
    ],
    [
      'of nodes has the labels of the node',
      [...to({ nodes: { matchLabels: { pool: 'edge' } } }), node],
      { to: 'node:n1' },
      LABELS,
      'denied deny-rule by t',
    ],
    [
      'of nodes is another one',
      [...to({ nodes: { matchLabels: { pool: 'batch' } } }), node],
      { to: 'node:n1' },
      LABELS,
      'allowed not-enforced',
    ],
    [
      'of a namespace without a label is the world too',
      to({ namespaces: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] } }),
      { to: 'entity:world' },
      ON,
      'denied deny-rule by t',
    ],
    [
      'with an unknown operator is everybody',
      to({ namespaces: { matchExpressions: [{ key: 'team', operator: 'Gt', values: ['1'] }] } }),
      { to: 'entity:world' },
      ON,
      'denied deny-rule by t',
    ],
    ['of every namespace is no address outside', to({ namespaces: {} }), { to: 'entity:world' }, ON, 'allowed not-enforced'],
  ])('%s', (_, objects, asked, config, expected) => {
    expect(sideOf(objects, { ...asked, side: 'egress' }, config)).toBe(expected);
  });

  test('of nodes makes the agent refuse the policy without the switch for node labels', () => {
    expect(sideOf(to({ nodes: {} }))).toContain('CIL236');
  });
});

describe('a rule for domain names', () => {
  const API = tiers('api', {
    egress: [
      { action: 'Accept', to: [{ domainNames: ['*.example.com'] }] },
      { action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] },
    ],
  });
  const server: JsonObject = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'dns', name: 'd', labels: { 'k8s-app': 'kube-dns' } } },
    spec: { containers: [{ name: 'c', ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }] }] },
  };
  const ISOLATED = normal('isolated', { egress: [{}] });
  const reply = (flow: JsonObject, names: JsonObject = {}, more: readonly JsonObject[] = [ISOLATED]) => {
    const asked = {
      cilium: '1.20',
      objects: [API, server, ...more],
      flows: [{ from: 'labels:app=a@shop', port: 443, ...flow }],
      names,
      learn: true,
      config: ON,
    };
    const parsed = verdictReply(asked);
    const [one] = parsed.ok ? (parsed.value.answers ?? []) : [];
    return one === undefined || 'error' in one
      ? (one ?? parsed)
      : [one.egress.decision, one.egress.redirect, one.dns].filter((part) => part !== undefined);
  };

  test('accepts names of any depth, and brings their look-ups along', () => {
    expect(reply({ to: 'fqdn:a.b.example.com' })).toEqual(['allowed', null]);
    expect(reply({ to: 'dns/d', port: 53, protocol: 'UDP', dns: 'a.b.example.com' })).toEqual(['allowed', 'dns', 'allowed']);
    expect(reply({ to: 'dns/d', port: 53, protocol: 'UDP', dns: 'example.org' })).toEqual(['allowed', 'dns', 'denied']);
    // Where nothing isolates the pod, every name passes the proxy.
    expect(reply({ to: 'dns/d', port: 53, protocol: 'UDP', dns: 'example.org' }, {}, [])).toEqual(['allowed', 'dns', 'allowed']);
  });

  test('leaves other names to the rules that follow', () => {
    expect(reply({ to: 'fqdn:example.org' }, { 'example.org': ['198.51.100.7'] })).toEqual(['denied', null]);
  });
});

describe('a request', () => {
  const GET = normal('get', {
    ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }] }],
  });
  const of = (method: string, ...objects: readonly JsonObject[]) => sideOf([GET, ...objects], { http: { method, path: '/' } });

  test('that no rule of the normal tier allows is left to the Baseline tier', () => {
    expect(of('GET')).toBe('allowed rule by get, request allowed');
    expect(of('POST')).toBe('allowed rule by get, request denied');
    expect(of('POST', tiers('t', { tier: 'Baseline', ingress: [rule('Accept')] }))).toBe('allowed rule by get, request allowed');
    expect(of('POST', tiers('t', { tier: 'Baseline', ingress: [rule('Deny')] }))).toBe('allowed rule by get, request denied');
  });

  test('is not looked at where an Admin rule accepts the connection', () => {
    expect(of('POST', tiers('t', { ingress: [rule('Accept')] }))).toBe('allowed rule by t, request allowed');
  });

  test('is looked at where an Admin rule passes the connection on', () => {
    expect(of('POST', tiers('t', { ingress: [rule('Pass')] }))).toBe('allowed rule by get, request denied');
  });
});

test('the proxy of a port has the DNS rules of the first tier only', () => {
  const server: JsonObject = {
    ...{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'dns', name: 'd', labels: { 'k8s-app': 'kube-dns' } } },
    spec: { containers: [{ name: 'c', ports: [{ name: 'dns', containerPort: 53, protocol: 'UDP' }] }] },
  };
  const own = normal('own', {
    egress: [
      {
        toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'dns' } }],
        toPorts: [{ ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchName: 'own.example.com' }] } }],
      },
    ],
  });
  const api = tiers('api', { egress: [{ action: 'Accept', to: [{ domainNames: ['api.example.com'] }] }] });
  const ask = (...objects: readonly JsonObject[]) => {
    const parsed = verdictReply({
      cilium: '1.20',
      objects: [server, own, ...objects],
      flows: [{ from: 'labels:app=a@shop', to: 'dns/d', port: 53, protocol: 'UDP', dns: 'own.example.com' }],
      config: ON,
    });
    const [one] = parsed.ok ? (parsed.value.answers ?? []) : [];
    return one !== undefined && 'dns' in one ? one.dns : one;
  };

  expect(ask()).toBe('allowed');
  expect(ask(api)).toBe('denied');
});

describe('the steps', () => {
  /** The tiers and the nearest rule of the explanation of a side. */
  const stepsOf = (objects: readonly JsonObject[], asked: JsonObject = {}, side: 'egress' | 'ingress' = 'ingress') => {
    const flow = { from: 'labels:app=b@shop', to: 'labels:app=web@shop', port: 80, ...asked };
    const engine = compileObjects(objects, { cilium: '1.20', config: ON });
    const derivation = engine.explain(flow).explanation[0][side];
    return [...(derivation?.tiers ?? []).map(({ tier, effect }) => `${tier} ${effect}`), ...(derivation?.nearest ? ['nearest'] : [])];
  };
  const GET = normal('get', {
    enableDefaultDeny: { ingress: false },
    ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET' }] } }] }],
  });

  test('end with the tier that decides', () => {
    expect(stepsOf([tiers('t', { ingress: [rule('Pass')] }), ONLY_A])).toEqual(['admin pass', 'normal none', 'baseline none', 'nearest']);
    expect(stepsOf([tiers('t', { ingress: [rule('Deny')] }), ONLY_A])).toEqual(['admin deny']);
    expect(stepsOf([ONLY_A])).toEqual(['nearest']);
  });

  test('go on for a request that a tier does not allow', () => {
    const closed = tiers('t', { tier: 'Baseline', ingress: [rule('Deny')] });
    expect(stepsOf([GET, closed], { http: { method: 'POST', path: '/' } })).toEqual([
      'admin none',
      'normal allow',
      'baseline deny',
      'nearest',
    ]);
  });

  test('leave out what a Pass has passed over', () => {
    const passed = tiers('t', { ingress: [rule('Pass'), rule('Accept')] });
    const isolated = normal('n', { ingress: [{}] });
    expect(stepsOf([passed, isolated])).toEqual(['admin pass', 'normal none', 'baseline none']);
  });

  test('keep what stands beside a Pass, and would come before it', () => {
    const passed = tiers('p', { ingress: [rule('Pass')] });
    const beside = tiers('a', { ingress: [{ action: 'Accept', from: [{ namespaces: { matchLabels: { team: 'red' } } }] }] });
    const isolated = normal('n', { ingress: [{}] });
    expect(stepsOf([passed, beside, isolated])).toEqual(['admin pass', 'normal none', 'baseline none', 'nearest']);
  });

  test('know that a port name belongs to the peer itself', () => {
    const byName = tiers('t', {
      egress: [
        {
          action: 'Deny',
          to: [{ namespaces: { matchExpressions: [{ key: 'team', operator: 'DoesNotExist' }] } }],
          protocols: [{ destinationNamedPort: 'pg' }],
        },
      ],
    });
    const red = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'red', labels: { team: 'red' } } };
    const pod = {
      ...{ apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'red', name: 'db' } },
      spec: { containers: [{ name: 'c', ports: [{ name: 'pg', containerPort: 80 }] }] },
    };
    expect(stepsOf([byName, red, pod], { to: 'red/db' }, 'egress')).toEqual(['admin none', 'normal none', 'baseline none']);
  });

  test('are not told where the side is unknown', () => {
    const groups = normal('groups', { egress: [{ toGroups: [{ aws: { securityGroupsIds: ['sg-1'] } }] }] });
    const deny = tiers('t', { tier: 'Baseline', egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] }] });
    expect(stepsOf([groups, deny], { to: 'ip:198.51.100.7' }, 'egress')).toEqual([]);
  });
});

test('a value that is filled in later leaves everything open', () => {
  expect(sideOf([tiers('t', { ingress: [rule('${ACTION}')] }), CLOSED])).toBe('unknown null by closed');
});

test('a cloud group cannot change what the Admin tier decides', () => {
  const groups = normal('groups', { egress: [{ toGroups: [{ aws: { securityGroupsIds: ['sg-1'] } }] }] });
  const deny = (tier: string) => tiers('t', { tier, egress: [{ action: 'Deny', to: [{ networks: ['0.0.0.0/0'] }] }] });
  expect(sideOf([groups, deny('Admin')], { to: 'ip:198.51.100.7', side: 'egress' })).toBe('denied deny-rule by t');
  expect(sideOf([groups, deny('Baseline')], { to: 'ip:198.51.100.7', side: 'egress' })).toBe('unknown null by groups');
});
