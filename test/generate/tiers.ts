/** Generates ClusterNetworkPolicies for the API server and the agent: valid ones, and most with one to three changes. */
import fc from 'fast-check';
import type { ValidationCase } from './cases';
import { among, members, weighted } from './choices';
import { clusterNetworkPolicies } from './cluster-network-policies';
import { isObject, Json, JsonObject, listOf, objectOf, partAt, partsOf, Path, withoutPart, withPart } from './json';
import { anywhere, metadataChanges } from './kubernetes';
import { nearTexts, textsAround, textsOf } from './near-texts';
import { Policy } from './policies';
import { UNIVERSE } from './universe';

/** The cases of a seed. A smaller number gives the first cases of a larger number. */
export function tierCases(seed: number, count: number): ValidationCase[] {
  return count === 0 ? [] : fc.sample(fc.noBias(cases), { seed, numRuns: count });
}

type Change = (policy: Policy) => Policy;

/** Changes one of the parts that suit; a policy without one stays as it is. */
function onPart(suits: (path: Path, value: Json) => boolean, values: fc.Arbitrary<(value: Json) => Json>): fc.Arbitrary<Change> {
  return fc.tuple(fc.nat(10_000), values).map(([pick, change]) => (policy) => {
    const parts = partsOf(policy).filter(({ path, value }) => path[0] === 'spec' && suits(path, value));
    if (parts.length === 0) {
      return policy;
    }
    const { path, value } = parts[pick % parts.length];
    return withPart<Policy>(policy, path, change(value));
  });
}

const isField =
  (...names: readonly string[]) =>
  (path: Path): boolean =>
    names.includes(String(path.at(-1)));

const replaced = <T extends Json>(values: fc.Arbitrary<T>): fc.Arbitrary<(value: Json) => Json> => values.map((value) => () => value);

const onField = (name: string, values: fc.Arbitrary<Json>): fc.Arbitrary<Change> => onPart(isField(name), replaced(values));

const onSpec = (more: fc.Arbitrary<JsonObject>): fc.Arbitrary<Change> =>
  more.map((some) => (policy) => ({ ...policy, spec: { ...objectOf(policy.spec), ...some } }));

const NUMBERS = among<Json>(-1, 0, 1, 80, 443, 1000, 1001, 65535, 65536, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 1.5, '80', null);

/** What names may be, near the valid ones. */
const NAMES = weighted(
  [4, nearTexts('api.example.com', '*.example.com', 'a.b', 'a.b.', '_a.b', 'x-1.y_2.z')],
  [
    3,
    among(
      ...['**.a.b', '*', '**', '*.', '*.a', '*a.b', 'a', '', '.', '*.*.a.b', 'a..b', '-a.b', 'a-.b', 'A.B', 'a.*'],
      ...['[.b', 'a.]', '^a.b', '`.`', '\\.a', '_._', '*.[.b', 'a[.b', 'é.a', 'a.b ', ' a.b', '* .a.b'],
    ),
  ],
  [2, textsOf(['a', 'Z', '0', '-', '_', '.', '*', '..', '.a', '[', '^', '`', '\\', ']', 'é', ' '])],
  [1, weighted([2, textsAround(250, 'abc.')], [1, textsAround(252, 'a')]).map((text) => `*.${text}`)],
  [1, textsAround(300, 'abcd.')],
);

const NETWORKS = weighted(
  [
    4,
    among(
      ...[
        '10.0.0.0/8',
        '10.0.0.1/8',
        '010.0.0.0/8',
        '10.0.0.0/08',
        '10.0.0.0',
        '::1',
        '2001:db8::1/64',
        '::ffff:10.0.0.0/104',
        '10.0.0.0/33',
      ],
      ...['::ffff:a00:0/104', '::ffff:0:0/95', 'fe80::1%eth0/64', 'fe80::1%eth0', '::/0', '', '/', '/8', 'a', '10.0.0.0/', '::10.0.0.0/96'],
      ...['2001:0db8:0000:0000:0000:0000:0000:0001/128', '0000:0000:0000:0000:0000:ffff:255.255.255.255/128', '1.2.3.4/+8', ' ::/0'],
    ),
  ],
  [2, nearTexts('10.0.0.0/8', '2001:db8::/32', '192.168.0.0/24', '0000:0000:0000:0000:0000:0000:255.255.255.255/96')],
  [1, textsAround(43, '1')],
);

const OPERATORS = weighted([6, among('In', 'NotIn', 'Exists', 'DoesNotExist')], [2, among('in', 'Gt', '', 'Equals')]);

const selector = members({
  matchLabels: [
    50,
    fc.dictionary(among('app', 'a b', 'k8s:app', '', 'a/b/c', 'k'.repeat(64)), among<Json>('web', 'a b', '', null), { maxKeys: 2 }),
  ],
  matchExpressions: [
    50,
    fc.array(
      members({
        key: [95, among('app', 'a b', '', 'any:app', 'x'.repeat(300))],
        operator: [95, OPERATORS],
        values: [70, fc.array(among<Json>('web', 'a b', '', null), { maxLength: 2 })],
      }),
      { maxLength: 2 },
    ),
  ],
});

const port = members({
  number: [40, NUMBERS],
  range: [60, members({ start: [90, NUMBERS], end: [90, NUMBERS] })],
});

const protocol = weighted<JsonObject>(
  [
    4,
    fc
      .tuple(
        among('tcp', 'udp', 'sctp', 'TCP', 'icmp'),
        weighted<Json>([5, port.map((destinationPort) => ({ destinationPort }))], [1, among<Json>({}, null)]),
      )
      .map(([name, value]) => ({ [name]: value })),
  ],
  [2, among('http', '80', '', 'my_port', 'x'.repeat(300)).map((destinationNamedPort) => ({ destinationNamedPort }))],
  [1, among<JsonObject>({}, { tcp: {}, udp: {} }, { tcp: { destinationPort: { number: 80 } }, destinationNamedPort: 'http' })],
);

const peer = members({
  pods: [20, members({ podSelector: [80, selector], namespaceSelector: [60, selector] })],
  namespaces: [20, selector],
  nodes: [25, selector],
  networks: [30, fc.array(NETWORKS, { maxLength: 2 })],
  domainNames: [30, fc.array(NAMES, { maxLength: 2 })],
  services: [3, fc.constant<Json>({})],
});

/** A peer of one kind, in a rule that may have any action. */
const single = weighted<JsonObject>(
  [2, fc.array(NETWORKS, { minLength: 1, maxLength: 2 }).map((networks) => ({ networks }))],
  [3, fc.array(NAMES, { minLength: 1, maxLength: 2 }).map((domainNames) => ({ domainNames }))],
  [1, selector.map((nodes) => ({ nodes }))],
  [1, selector.map((namespaces) => ({ namespaces }))],
);

const ACTIONS = weighted<Json>([6, among('Accept', 'Deny', 'Pass')], [1, among<Json>('accept', 'Allow', '', null)]);

/** A rule at the end of either section. */
const rule = fc
  .record({
    section: among('ingress', 'egress', 'egress'),
    action: ACTIONS,
    peers: weighted([3, fc.array(single, { minLength: 1, maxLength: 2 })], [2, fc.array(peer, { maxLength: 2 })]),
    protocols: weighted<Json[]>([2, fc.constant([])], [2, fc.array(protocol, { maxLength: 2 })]),
    isNamed: among(true, false, false),
  })
  .map(({ section, action, peers, protocols, isNamed }): Change => (policy) => {
    const spec = objectOf(policy.spec);
    const more: JsonObject = {
      ...(isNamed && { name: 'n' }),
      ...{ action, [section === 'ingress' ? 'from' : 'to']: peers },
      ...(protocols.length > 0 && { protocols }),
    };
    return { ...policy, spec: { ...spec, [section]: [...listOf(spec[section]), more] } };
  });

/** Lists around their longest length, with items that differ, and with one twice. */
const lengths = fc.record({ count: among(0, 24, 25, 26), isTwice: among(true, false) });

const longList: fc.Arbitrary<Change> = fc
  .record({ length: lengths, field: among('networks', 'domainNames', 'peers', 'rules', 'protocols') })
  .map(({ length: { count, isTwice }, field }) => (policy) => {
    const each = <T>(of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(isTwice ? Math.max(1, i) : i));
    const rules: Readonly<Record<string, Json[]>> = {
      networks: [{ action: 'Deny', to: [{ networks: each((i) => `10.0.${i}.0/24`) }] }],
      domainNames: [{ action: 'Accept', to: [{ domainNames: each((i) => `a${i}.example.com`) }] }],
      peers: [{ action: 'Pass', to: each((i) => ({ networks: [`10.0.${i}.0/24`] })) }],
      rules: each((i) => ({ name: `n${i}`, action: 'Accept', to: [{ namespaces: {} }] })),
      protocols: [
        { action: 'Accept', to: [{ namespaces: {} }], protocols: each((i) => ({ tcp: { destinationPort: { number: i + 1 } } })) },
      ],
    };
    return { ...policy, spec: { ...objectOf(policy.spec), egress: rules[field] } };
  });

/** The fields of two parts together, where the CRD allows one. */
const merged: fc.Arbitrary<Change> = fc.tuple(fc.nat(1000), fc.nat(1000)).map(([first, second]) => (policy) => {
  const paths = partsOf(policy)
    .filter(
      ({ path, value }) =>
        isObject(value) && /\.(from|to|protocols)$|\.subject$/.test(path.filter((step) => typeof step === 'string').join('.')),
    )
    .map(({ path }) => path);
  if (paths.length === 0) {
    return policy;
  }
  const [one, other] = [paths[first % paths.length], paths[second % paths.length]];
  return withPart<Policy>(policy, one, { ...objectOf(partAt(policy, one)), ...objectOf(partAt(policy, other)) });
});

const left: fc.Arbitrary<Change> = fc.nat(10_000).map((pick) => (policy) => {
  const parts = partsOf(policy).filter(({ path }) => path[0] === 'spec');
  return parts.length === 0 ? policy : withoutPart<Policy>(policy, parts[pick % parts.length].path);
});

const changes: fc.Arbitrary<Change> = weighted<Change>(
  [8, rule],
  [2, onField('action', ACTIONS)],
  [1, onField('tier', among<Json>('admin', 'Default', '', null, 7))],
  [1, onField('priority', NUMBERS)],
  [2, onPart(isField('number', 'start', 'end'), replaced(NUMBERS))],
  [1, onField('destinationPort', port)],
  [1, onField('name', weighted<Json>([1, among<Json>('', 7)], [2, textsAround(100, 'é')]))],
  [2, onPart((path) => path.at(-2) === 'domainNames', replaced(NAMES))],
  [2, onPart((path) => path.at(-2) === 'networks', replaced(NETWORKS))],
  [1, onField('podSelector', selector)],
  [1, onField('subject', peer)],
  [1, onPart((path) => ['from', 'to'].includes(String(path.at(-2))), replaced(peer))],
  [
    1,
    onPart(
      isField('from', 'to', 'protocols', 'networks', 'domainNames', 'ingress', 'egress'),
      replaced(among<Json>([], null, {}, [null], [{}])),
    ),
  ],
  [2, longList],
  [1, merged],
  [2, left],
  [1, onSpec(among<JsonObject>({ ingress: null }, { nonsense: true }, { subject: {} }, { policyTypes: [] }))],
  [3, anywhere],
  [1, metadataChanges],
);

/** Switches that change what the agent accepts; nodes as peers are off by default. */
const configs = weighted<Record<string, string>>(
  [6, among<Record<string, string>>({ 'enable-node-selector-labels': 'true' })],
  [2, among<Record<string, string>>({})],
  [1, among<Record<string, string>>({ 'enable-l7-proxy': 'false' }, { 'enable-node-selector-labels': 'true', 'enable-l7-proxy': 'false' })],
  [1, among<Record<string, string>>({ 'policy-default-local-cluster': 'false', 'enable-node-selector-labels': 'true' })],
);

const cases: fc.Arbitrary<ValidationCase> = fc
  .record({
    config: configs,
    policy: clusterNetworkPolicies(UNIVERSE),
    steps: weighted<readonly Change[]>([1, fc.constant([])], [4, fc.array(changes, { minLength: 1, maxLength: 3 })]),
  })
  .map(({ config, policy, steps }) => ({
    ...(Object.keys(config).length > 0 && { config }),
    object: steps.reduce((changed, change) => change(changed), policy as Policy),
  }));
