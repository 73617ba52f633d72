/** Generates minimal policies, each with one string that a parser of lib/net judges. The policy is valid if the string is. */
import fc from 'fast-check';
import { ICMP_TYPES, IcmpFamily } from '../../lib/net/icmp';
import { among, weighted } from './choices';
import { JsonObject } from './json';
import { Leaf, TextParser } from './judge-leaf';
import { nearTexts, textsAround, textsOf } from './near-texts';

export interface LeafCase {
  readonly leaf: Leaf;
  readonly object: JsonObject;
  /** The namespace of an object that names none, if it is not the usual one. */
  readonly namespace?: string;
}

function policy(spec: JsonObject, metadata: JsonObject = {}): JsonObject {
  const rule = { endpointSelector: {}, ...spec };
  return { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'p', namespace: 'shop', ...metadata }, spec: rule };
}

function egress(element: JsonObject): JsonObject {
  return policy({ egress: [element] });
}

function http(rule: JsonObject): JsonObject {
  return egress({ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [rule] } }] });
}

/** The strings of a parser, each in one of the places where it is used. */
function leaves(
  parser: TextParser,
  texts: fc.Arbitrary<string>,
  ...places: readonly ((text: string) => JsonObject)[]
): fc.Arbitrary<LeafCase> {
  return fc.tuple(texts, among(...places)).map(([text, place]) => ({ leaf: { parser, text }, object: place(text) }));
}

const portTexts = fc.oneof(
  nearTexts('80', '443', '65535', '65536', '0443', '080', '0x50', '0x_50', '0b_1', '0o_17', '1_000', 'http', 'web-8080', 'a23456789012345'),
  textsOf(['0', '7', '8', '655', '36', '_', '-', 'x', 'o', 'b', 'a', 'F', '0x', '0b_', '0_']),
  fc.integer({ min: -1, max: 70_000 }).map(String),
  textsAround(15, 'ab'),
);

const addressTexts = fc.oneof(
  nearTexts('10.0.0.0/8', '10.1.2.3/16', '0.0.0.0/0', '255.255.255.255/32', '192.0.2.0/24', '010.0.0.0/8', '10.0.0.0/08', '10.0.0.1'),
  nearTexts(
    '2001:db8::/32',
    '::/0',
    '::1/128',
    'fe80::/10',
    '::ffff:10.0.0.0/104',
    '::ffff:10.0.0.0/8',
    '64:ff9b::192.0.2.33/96',
    'fe80::1%eth0/64',
  ),
  textsOf(['1', '0', '255', '256', '.', '.0', '/', '/8', '/33', ':', '::', 'ff', ':0', '%', '00'], 9),
  fc.tuple(fc.ipV4(), fc.integer({ min: 0, max: 40 })).map(([address, length]) => `${address}/${length}`),
  fc.tuple(fc.ipV6(), fc.integer({ min: 0, max: 140 })).map(([address, length]) => `${address}/${length}`),
);

const dnsTexts = fc.oneof(
  nearTexts(
    'api.example.com',
    '*.example.com',
    '**.example.com',
    '*',
    'a',
    'a.',
    '_dns._udp.a',
    'a*b.c',
    'xn--bcher-kva.example',
    '1.2.3.4',
    '-a-.b',
  ),
  textsOf(['a', 'Z', '0', '-', '_', '.', '*', '..', '.a', 'é', ' ']),
  fc.oneof(textsAround(255, 'abc.'), textsAround(255, 'a'), textsAround(255, '*'), textsAround(64, 'l')),
);

const keyTexts = fc.oneof(
  nearTexts(
    'app',
    'app.kubernetes.io/name',
    'k8s:app',
    'any:a',
    'reserved:host',
    '$host',
    'reserved.host',
    'k8s:io.kubernetes.pod.namespace',
    'K8S:example.com/a',
    'a=b',
  ),
  textsOf(['a', 'Z', '0', '-', '_', '.', '/', ':', '=', '$', 'k8s:', 'any:', 'reserved.', 'x/', ' ', 'é']),
  fc.oneof(textsAround(59, 'k'), textsAround(63, 'k'), textsAround(60, 'k.')),
  fc.tuple(fc.oneof(textsAround(249, 'a.'), textsAround(253, 'a.')), among('/a', '/', '')).map(([domain, rest]) => domain + rest),
  textsAround(63, 'k').map((name) => `example.com/${name}`),
  textsAround(63, 'k').map((name) => `k8s:${name}`),
);

const kubernetesKeyTexts = fc.oneof(keyTexts, nearTexts('example.com/owner', 'a.b-c/d_e.f'));

const valueTexts = fc.oneof(
  nearTexts('web', '', 'A-b_c.d', '001', 'a', '1.2.3'),
  textsOf(['a', 'Z', '0', '-', '_', '.', '/', ' ', 'é']),
  textsAround(63, 'v'),
  textsAround(63, 'v-'),
);

const objectNames = fc.oneof(
  nearTexts('web', 'a.b', 'a-b.c-d', '1', 'web-1.example.com'),
  textsOf(['a', '0', '-', '.', 'A', '_', '.a', ' ']),
  fc.oneof(
    textsAround(253, 'n'),
    textsAround(253, 'n.'),
    textsAround(63, 'n'),
    textsAround(64, 'n').map((label) => `${label}.a`),
  ),
);

const namespaceNames = fc.oneof(
  nearTexts('shop', 'kube-system', '1', 'a-1'),
  textsOf(['a', '0', '-', '.', 'A', '_', ' ']),
  textsAround(63, 'n'),
);

/** Lone surrogates are left out, because they become another character on the way to the API server. */
const logTexts = fc.oneof(
  nearTexts('shop', 'allowed by team red', 'größe ✓', '日本', 'a\u0301', '\u{1F468}\u200d\u{1F469}'),
  fc.oneof(
    textsAround(32, 'x'),
    textsAround(32, 'é'),
    among(15, 16, 17, 31, 32, 33).map((count) => '😀'.repeat(count)),
  ),
  fc.array(weighted([3, among('a', ' ', '€')], [1, settledCodePoint()]), { maxLength: 6 }).map((points) => points.join('')),
);

const regexTexts = fc.oneof(
  nearTexts('/public', '/v1/.*', '/[a-z]+(/x)?$', '(?i)/a', '^/health$', 'GET|HEAD', '(?P<id>[0-9]+)', '\\d{2,4}', '\\Q.*\\E', '(?s:.)'),
  nearTexts(
    '\\p{Greek}',
    '\\pL',
    '\\p{^Lu}',
    '[[:alpha:]]',
    '[^[:space:]]',
    '\\x{10FFFF}',
    '\\x41',
    'a{1000}',
    'a{1001}',
    '(?<name>a)',
    '\\bword\\B',
    '\\A\\z',
  ),
  nearTexts('(?=a)', '(?!a)', '(?<=a)', '\\1', '(?P=a)', 'a++', 'a*+', '\\Z', '\\G', '\\R', '(?>a)', '\\u0041', '[a&&b]', '(?x)a'),
  textsOf(
    [
      'a',
      'b',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '1',
      ',',
      '*',
      '+',
      '?',
      '|',
      '^',
      '$',
      '.',
      '\\',
      '-',
      ':',
      '(?',
      '[^',
      '[:',
      ':]',
      '\\p',
      'i',
      '\\Q',
      '\\E',
    ],
    8,
  ),
  textsOf(['(a{10}){10}', '(', ')', '{10}', 'a{100}', '{1000}', '{2,}', '{,2}', '{3,2}']),
);

const places = {
  regex: [(path: string) => http({ path }), (method: string) => http({ method })],
  key: [
    (key: string) => policy({ endpointSelector: { matchLabels: { [key]: 'a' } }, egress: [{}] }),
    (key: string) => policy({ endpointSelector: { matchExpressions: [{ key, operator: 'Exists' }] }, egress: [{}] }),
    (key: string) => egress({ toEndpoints: [{ matchLabels: { [key]: 'a' } }] }),
  ],
  value: [
    (value: string) => policy({ endpointSelector: { matchLabels: { a: value } }, egress: [{}] }),
    (value: string) => egress({ toEndpoints: [{ matchExpressions: [{ key: 'a', operator: 'NotIn', values: [value] }] }] }),
  ],
  cidr: [(cidr: string) => egress({ toCIDR: [cidr] }), (cidr: string) => egress({ toCIDRSet: [{ cidr }] })],
  port: [
    (port: string) => egress({ toPorts: [{ ports: [{ port, protocol: 'TCP' }] }] }),
    (port: string) => policy({ ingressDeny: [{ toPorts: [{ ports: [{ port }] }] }] }),
  ],
  dns: [
    (text: string) => egress({ toFQDNs: [nameOrPattern(text)] }),
    (text: string) => egress({ toPorts: [{ ports: [{ port: '53' }], rules: { dns: [nameOrPattern(text)] } }] }),
  ],
};

/** A string with a star must be a pattern. Other strings can be a name or a pattern, and are names here. */
function nameOrPattern(text: string): JsonObject {
  return text.includes('*') ? { matchPattern: text } : { matchName: text };
}

const icmpTypes: fc.Arbitrary<LeafCase> = among<IcmpFamily>('IPv4', 'IPv6').chain((family) => {
  const names = [...Object.keys(ICMP_TYPES.IPv4), ...Object.keys(ICMP_TYPES.IPv6)];
  // The API server and the agent accept numbers that are not valid types. The parser does not, because a type has eight bits.
  const types = fc.oneof<fc.Arbitrary<string | number>[]>(
    fc.integer({ min: 0, max: 255 }),
    fc.integer({ min: -1, max: 300 }).map(String),
    among(...names),
    nearTexts(...names, '8', '128', '08', 'ExtendedEcho Reply', 'constructor'),
  );
  return types.map((text) => ({
    leaf: { parser: 'icmpType', text, family },
    object: egress({ icmps: [{ fields: [{ family, type: text }] }] }),
  }));
});

const serverNames: fc.Arbitrary<LeafCase> = dnsTexts.map((text) => ({
  leaf: { parser: 'serverName', text },
  object: egress({ toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }], serverNames: [text] }] }),
}));

/** CIDRs, each with `except` prefixes inside or around it. */
const holed: readonly (readonly [cidr: string, ...holes: string[]])[] = [
  ['10.0.0.0/8', '10.0.0.0/8', '10.1.0.0/16', '10.1.2.3/32', '10.200.0.0/8', '11.0.0.0/16', '0.0.0.0/0', '::ffff:10.0.0.0/112'],
  ['203.0.113.5/24', '203.0.113.128/25', '203.0.113.0/24', '203.0.113.0/23', '203.0.112.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0', '255.255.255.255/32', '128.0.0.0/1', '::/0'],
  ['2001:db8::/32', '2001:db8:1::/48', '2001:db8::/31', '2001:db9::/48', '2001:db8:ffff::1/128'],
  ['::ffff:10.0.0.0/104', '::ffff:10.1.0.0/112', '::ffff:a01:0/112', '10.1.0.0/16', '::ffff:0:0/96'],
];

const excepts: fc.Arbitrary<LeafCase> = among(...holed).chain(([cidr, ...holes]) => {
  const texts = weighted([4, nearTexts(...holes)], [1, addressTexts]);
  return texts.map((text): LeafCase => ({
    leaf: { parser: 'except', text, cidr },
    object: egress({ toCIDRSet: [{ cidr, except: [text] }] }),
  }));
});

/** The namespace of the request is empty, so that it does not replace an empty namespace of the object. */
const namespaces: fc.Arbitrary<LeafCase> = leaves('namespaceName', namespaceNames, (namespace) =>
  policy({ egress: [{}] }, { namespace }),
).map((one) => ({ ...one, namespace: '' }));

export const leafCases: fc.Arbitrary<LeafCase> = weighted(
  [3, leaves('port', portTexts, ...places.port)],
  [3, leaves('prefix', addressTexts, ...places.cidr)],
  [3, leaves('dnsPattern', dnsTexts, ...places.dns)],
  [1, serverNames],
  [3, leaves('selectorKey', keyTexts, ...places.key)],
  [1, leaves('kubernetesKey', kubernetesKeyTexts, (key) => policy({ egress: [{}] }, { labels: { [key]: 'a' } }))],
  [2, leaves('labelValue', valueTexts, ...places.value)],
  [2, icmpTypes],
  [2, leaves('logValue', logTexts, (value) => policy({ egress: [{}], log: { value } }))],
  [4, leaves('regex', regexTexts, ...places.regex)],
  [2, excepts],
  [
    1,
    leaves(
      'objectName',
      objectNames,
      (name) => policy({ egress: [{}] }, { name }),
      (cidrGroupRef) => egress({ toCIDRSet: [{ cidrGroupRef }] }),
    ),
  ],
  [1, namespaces],
);

/** A code point whose category is the same in every Unicode version since 15, because Node's version may be newer than Go's. */
function settledCodePoint(): fc.Arbitrary<string> {
  const ranges = [
    [0x00, 0x377],
    [0xac00, 0xd7a3],
    [0xe000, 0xf8ff],
    [0xfdd0, 0xfdef],
    [0xfe00, 0xfe52],
    [0xfeff, 0xfeff],
    [0xfff9, 0xffff],
    [0x1f600, 0x1f64f],
    [0xe0001, 0xe007f],
    [0xffffe, 0x10ffff],
  ];
  return fc.oneof(...ranges.map(([min, max]) => fc.integer({ min, max }))).map((point) => String.fromCodePoint(point));
}
