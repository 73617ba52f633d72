/** What the API server and the agent reject of a ClusterNetworkPolicy, with its place, message and help. */
import { admit } from '../../lib/admission/admit';
import { check, CheckOptions } from '../../lib/engine';
import { readObject } from '../../lib/read/read';

const HEAD = { apiVersion: 'policy.networking.k8s.io/v1alpha2', kind: 'ClusterNetworkPolicy', metadata: { name: 'p' } };

type Finding = readonly [code: string, path: string, message: string, help: string | null];

/** With the switch for nodes, so that it has to be asked for what is off by default. */
const ON = { 'enable-k8s-cluster-network-policy': 'true', 'enable-node-selector-labels': 'true' };

function found(spec: object, options: CheckOptions = { config: ON }, metadata: object = {}): Finding[] {
  const policy = { ...HEAD, metadata: { ...HEAD.metadata, ...metadata }, spec };
  return check([{ name: 'p.json', text: JSON.stringify(policy) }], options).map(({ code, path, message, help }) => [
    code,
    path,
    message,
    help,
  ]);
}

const codes = (...of: Parameters<typeof found>) => found(...of).map(([code]) => code);

const SPEC = { tier: 'Admin', priority: 1, subject: { namespaces: {} } };
const POD = { namespaces: {} };
const rule = (more: object) => ({ ...SPEC, egress: [{ action: 'Accept', to: [POD], ...more }] });
const to = (peer: object, action = 'Accept') => rule({ to: [peer], action });
const port = (destinationPort: object) => rule({ protocols: [{ tcp: { destinationPort } }] });
const PEER = '/spec/egress/0/to/0';
const PROTOCOL = '/spec/egress/0/protocols/0';

const ONE_OF = 'write exactly one of them';

test.each<[string, Finding[], Finding[]]>([
  [
    'a name of one label',
    found(to({ domainNames: ['localhost'] })).slice(1),
    [['CIL105', `${PEER}/domainNames/0`, 'domain name `localhost` has only one label', 'write at least two, for example `example.com`']],
  ],
  [
    'a wildcard that is not in front',
    found(to({ domainNames: ['api.*.example.com'] })).slice(1),
    [
      [
        'CIL105',
        `${PEER}/domainNames/0`,
        'domain name `api.*.example.com` has a wildcard that is not `*.` in front',
        'write `*.` only in front of a name, where it stands for one or more labels',
      ],
    ],
  ],
  ['an unknown tier', found({ ...SPEC, tier: 'admin' }), [['CIL104', '/spec/tier', 'unknown value `admin`', 'did you mean `Admin`?']]],
  [
    'a priority above 1000',
    found({ ...SPEC, priority: 1001 }),
    [['CIL107', '/spec/priority', '`priority` is 1001, the most is 1000', null]],
  ],
  ['no priority', found({ tier: 'Admin', subject: { namespaces: {} } }), [['CIL102', '/spec', '`priority` is missing', null]]],
  ['an empty subject', found({ ...SPEC, subject: {} }), [['CIL110', '/spec/subject', 'none of `namespaces` and `pods` is set', ONE_OF]]],
  [
    'a subject of pods without a selector of pods',
    found({ ...SPEC, subject: { pods: { namespaceSelector: {} } } }),
    [['CIL102', '/spec/subject/pods', '`podSelector` is missing', null]],
  ],
  [
    'a peer of two kinds',
    found(to({ pods: { podSelector: {} }, namespaces: {} })),
    [['CIL110', PEER, '`pods` and `namespaces` are mutually exclusive', ONE_OF]],
  ],
  [
    'a peer whose field is null',
    found(to({ networks: null })),
    [
      [
        'CIL110',
        PEER,
        'none of `domainNames`, `namespaces`, `networks`, `nodes` and `pods` is set: `networks` is null, which counts as absent',
        ONE_OF,
      ],
    ],
  ],
  [
    'two protocols in one entry',
    found(rule({ protocols: [{ tcp: { destinationPort: { number: 1 } }, destinationNamedPort: 'http' }] })),
    [['CIL110', PROTOCOL, '`tcp` and `destinationNamedPort` are mutually exclusive', ONE_OF]],
  ],
  [
    'a protocol without a port',
    found(rule({ protocols: [{ tcp: {} }] })),
    [['CIL110', `${PROTOCOL}/tcp`, '`destinationPort` is missing', 'write `destinationPort`']],
  ],
  ['no peers', found(rule({ to: [] })), [['CIL109', '/spec/egress/0/to', '`to` has 0 items, the least is 1', null]]],
  [
    'a range that ends where it starts',
    found(port({ range: { start: 80, end: 80 } })),
    [
      [
        'CIL112',
        `${PROTOCOL}/tcp/destinationPort/range`,
        'the range starts at 80 and ends at 80',
        'write an `end` that is larger than `start`; for one port, write `number`',
      ],
    ],
  ],
  [
    'an address',
    found(to({ networks: ['192.0.2.1'] })),
    [['CIL106', `${PEER}/networks/0`, 'CIDR `192.0.2.1` has no prefix length', 'write `192.0.2.1/32` for one address']],
  ],
  [
    'IPv4 in the form of IPv6',
    found(to({ networks: ['::ffff:10.0.0.0/104'] })),
    [['CIL106', `${PEER}/networks/0`, 'CIDR `::ffff:10.0.0.0/104` has an IPv4 address in the form of IPv6', 'write the IPv4 CIDR']],
  ],
  [
    'the same CIDR twice',
    found(to({ networks: ['10.0.0.0/8', '10.0.0.0/8'] })),
    [['CIL111', `${PEER}/networks/1`, '`10.0.0.0/8` is in the list twice', null]],
  ],
  [
    'a named port of addresses',
    found(rule({ to: [{ networks: ['10.0.0.0/8'] }], protocols: [{ destinationNamedPort: 'http' }] })),
    [
      [
        'CIL112',
        '/spec/egress/0',
        '`destinationNamedPort` cannot be combined with `networks`, `nodes` or `domainNames`, which have no named ports',
        'write the number of the port',
      ],
    ],
  ],
  [
    'a namespace',
    found(SPEC, { config: ON }, { namespace: 'shop' }),
    [['CIL113', '/metadata/namespace', 'a clusterwide object has no namespace, but this one has `shop`', 'remove the namespace']],
  ],
])('the API server rejects %s', (_, actual, expected) => {
  expect(actual).toEqual(expected);
});

test('the API server evaluates no rule where a value is missing, too long or of another type', () => {
  const broken = { networks: ['10.0.0.1'] };
  expect(codes(to(broken))).toEqual(['CIL106']);
  expect(codes({ ...to(broken), tier: 'x' })).toEqual(['CIL104']);
  expect(codes({ ...to(broken), priority: '1' })).toEqual(['CIL101']);
  expect(codes({ ...to(broken), priority: undefined })).toEqual(['CIL102']);
  expect(codes(to({ ...broken, namespaces: {} }))).toEqual(['CIL110']);
  expect(codes(to(broken), { config: ON }, { name: '' })).toEqual(['CIL113']);
  expect(codes(to(broken), { config: ON }, { annotations: { a: 'x'.repeat(256 * 1024) } })).toEqual(['CIL113']);
  expect(codes(to({ networks: ['1'.repeat(44)] }))).toEqual(['CIL108']);
  expect(codes(to({ networks: Array.from({ length: 26 }, (_, i) => `10.0.${i}.1`) }))).toEqual(['CIL109']);
});

test('the API server evaluates the rules beside mistakes of other kinds', () => {
  const broken = { networks: ['10.0.0.1'] };
  expect(codes({ ...to(broken), priority: 1001 }).sort()).toEqual(['CIL106', 'CIL107']);
  expect(codes(rule({ to: [broken, {}] })).sort()).toEqual(['CIL106', 'CIL110']);
  expect(codes(rule({ to: [broken], protocols: [] })).sort()).toEqual(['CIL106', 'CIL109']);
  expect(codes(to({ networks: ['10.0.0.1', '10.0.0.1'] })).sort()).toEqual(['CIL106', 'CIL106', 'CIL111']);
  expect(codes(to(broken), { config: ON }, { namespace: 'shop' }).sort()).toEqual(['CIL106', 'CIL113']);
});

const EXPERIMENTAL: (field: string) => Finding = (field) => [
  'CIL118',
  `${PEER}/${field}`,
  `only the experimental CRD has \`${field}\`; with the standard one, the API server rejects the policy`,
  'install the CRD of the experimental channel of network-policy-api',
];

test('nodes and domain names are only in the experimental CRD', () => {
  expect(found(to({ nodes: {} }))).toEqual([EXPERIMENTAL('nodes')]);
  expect(found(to({ domainNames: ['a.example.com'] }))).toEqual([EXPERIMENTAL('domainNames')]);
  expect(found(to({ networks: ['10.0.0.0/8'] }))).toEqual([]);
});

test('the agent takes nodes as peers only if their labels are switched on', () => {
  const policy = readObject({ ...HEAD, spec: to({ nodes: {} }) }, { namespace: '' });
  expect(admit(policy, '1.20', ON).accepted).toEqual({ schema: true, agent: true });
  expect(admit(policy, '1.20', {}).accepted).toEqual({ schema: true, agent: false });
  expect(codes(to({ nodes: {} }))).toEqual(['CIL118']);
  expect(found(to({ nodes: {} }), {})).toEqual([
    EXPERIMENTAL('nodes'),
    [
      'CIL236',
      `${PEER}/nodes`,
      '`nodes` needs `enable-node-selector-labels`, which is off, so the agent rejects the whole policy',
      'set `enable-node-selector-labels` to true in cilium-config',
    ],
  ]);
});

test('the agent takes domain names only in rules that accept, and only with the L7 proxy', () => {
  const names = { domainNames: ['a.example.com', '*.example.com'] };
  expect(codes(to(names))).toEqual(['CIL118']);
  expect(found(to(names, 'Pass')).slice(1)).toEqual([
    [
      'CIL242',
      `${PEER}/domainNames`,
      '`domainNames` needs the action `Accept`, but the action is `Pass`',
      'accept the names that are needed, and deny `networks: [0.0.0.0/0]` in a later rule',
    ],
  ]);
  expect(found(to(names), { config: { ...ON, 'enable-l7-proxy': 'false' } }).slice(1)).toEqual([
    [
      'CIL234',
      `${PEER}/domainNames`,
      '`domainNames` needs `enable-l7-proxy`, which is off, so the agent rejects the whole policy',
      'set `enable-l7-proxy` to true in cilium-config',
    ],
  ]);
});

test('the agent rejects names that only the pattern of the CRD accepts', () => {
  const names = (...domainNames: string[]) => found(to({ domainNames })).slice(1);
  expect(names('_a.example.com', '*.a.b.', 'x'.repeat(300) + '.com')).toEqual([]);
  expect(names('[a.example.com')).toEqual([
    [
      'CIL225',
      `${PEER}/domainNames/0`,
      '`domainNames` cannot have `[a.example.com`',
      'write letters, digits, `-`, `_` and `.`, with `*.` only in front',
    ],
  ]);
  expect(names(`*.${'a'.repeat(250)}.b`)).toEqual([]);
  const long = `*.${'a'.repeat(251)}.b`;
  expect(names(long).map(([code, , message]) => [code, message])).toEqual([
    ['CIL225', 'the name has 256 characters for the agent, which writes `**` for `*`, the most is 255'],
  ]);
});

test.each(['1.18', '1.19'] as const)('the agent of %s reads no ClusterNetworkPolicy, so it rejects none', (cilium) => {
  expect(codes(to({ nodes: {} }), { cilium })).toEqual(['CIL404', 'CIL118']);
  expect(codes(to({ domainNames: ['a.b'] }, 'Deny'), { cilium })).toEqual(['CIL404', 'CIL118']);
  expect(codes({ ...SPEC, priority: 1001 }, { cilium })).toEqual(['CIL404', 'CIL107']);
});

test.each(['Accept', 'Deny', 'Pass'])('a peer of a kind that the agent does not know is no mistake for the agent: %s', (action) => {
  const spec = { ...SPEC, ingress: [{ action, from: [{ services: {} }] }] };
  expect(codes(spec)).toEqual(['CIL110', 'CIL103']);
  const { accepted } = admit(readObject({ ...HEAD, spec }, { namespace: '' }), '1.20', {});
  expect(accepted).toEqual({ schema: false, agent: true });
});

test('the agent does not validate selectors, and leaves out what has an unknown operator', () => {
  const odd = { matchExpressions: [{ key: 'a b', operator: 'Gt', values: ['c d'] }] };
  const spec = { ...SPEC, subject: { namespaces: odd }, ingress: [{ action: 'Deny', from: [{ pods: { podSelector: odd } }] }] };
  expect(found(spec).map(([code, path]) => [code, path])).toEqual([
    ['CIL303', '/spec/subject/namespaces/matchExpressions/0/operator'],
    ['CIL303', '/spec/ingress/0/from/0/pods/podSelector/matchExpressions/0/operator'],
  ]);
});
