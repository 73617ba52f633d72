/** Generates objects for the validation by Kubernetes' own code: NetworkPolicies, and the metadata of custom resources. */
import fc from 'fast-check';
import type { ValidationCase } from './cases';
import { among, members, weighted } from './choices';
import { Json, JsonObject, listOf, objectOf, partsOf, withoutPart, withPart } from './json';
import { NETWORK_POLICY_MUTATIONS } from './mutations/network-policies';
import { nearTexts, textsAround } from './near-texts';
import { Kind, Policy, policyArbitrary } from './policies';
import { UNIVERSE } from './universe';

/** NetworkPolicies of a seed, some valid, most with one to three changes. */
export function networkPolicyCases(seed: number, count: number): ValidationCase[] {
  return sample(casesOf(['NetworkPolicy'], 4, weighted<Change>([6, specChanges], [2, metadataChanges], [2, anywhere])), seed, count);
}

/** Custom resources of a seed, most with one to three changes of their metadata. */
export function metadataCases(seed: number, count: number): ValidationCase[] {
  return sample(casesOf(['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'], 9, metadataChanges), seed, count);
}

function sample<T>(arbitrary: fc.Arbitrary<T>, seed: number, count: number): T[] {
  return count === 0 ? [] : fc.sample(fc.noBias(arbitrary), { seed, numRuns: count });
}

type Change = (policy: Policy) => Policy;

function casesOf(kinds: readonly Kind[], most: number, changes: fc.Arbitrary<Change>): fc.Arbitrary<ValidationCase> {
  const some = weighted<readonly Change[]>([1, fc.constant([])], [most, fc.array(changes, { minLength: 1, maxLength: 3 })]);
  const namespace = weighted<object>([9, fc.constant({})], [1, fc.constant({ namespace: '' })]);
  return fc
    .tuple(policyArbitrary(UNIVERSE, { kinds, portable: true }), some, namespace)
    .map(([policy, all, more]) => ({ ...more, object: all.reduce((changed, change) => change(changed), policy) }));
}

/** What the text of a field may be, near the valid ones. */
const KEYS = weighted(
  [3, nearTexts('app', 'example.com/app', 'a.b/c_d', 'k8s:app')],
  [1, textsAround(63, 'k')],
  [1, textsAround(253, 'abcdefghi.').map((domain) => `${domain}/k`)],
);
const VALUES = weighted([3, nearTexts('web', 'a_b.c', '')], [1, textsAround(63, 'v')]);
const NAMES = weighted([3, nearTexts('web', 'a.b', 'a-')], [1, textsAround(253, 'n')], [1, textsAround(253, 'abcdefghi.')]);

const CIDRS = weighted(
  [
    6,
    among(
      ...['10.0.0.0/8', '10.0.0.0/16', '10.0.0.1/8', '10.1.2.3/32', '0.0.0.0/0', '11.0.0.0/9', '010.0.0.0/8', '10.0.0.0/08', '10.0.0.0/7'],
      ...['::/0', '2001:db8::/32', '2001:db8::1/64', '2001:0db8::/032', '2001:db8::/33', '::ffff:10.0.0.0/104', '::ffff:10.1.0.0/112'],
      ...['::ffff:a00:0/103', '::ffff:0:0/96', '::ffff:0:0/95', '::ffff:1.2.3.4/90', '::10.0.0.0/104', '::ffff:10.0.0.0/128', 'fe80::/10'],
    ),
  ],
  [2, nearTexts('10.0.0.0/8', '2001:db8::/32', '::ffff:10.0.0.0/104', '192.168.0.0/24')],
  [1, fc.tuple(fc.ipV4(), fc.nat(34)).map(([address, length]) => `${address}/${length}`)],
  [1, fc.tuple(fc.ipV6(), fc.nat(130)).map(([address, length]) => `${address}/${length}`)],
);

const PORTS = weighted<Json>(
  [4, among<Json>(-1, 0, 1, 80, 443, 8080, 65535, 65536, 70000, 2147483648, -2147483649)],
  [3, among<Json>('http', 'HTTP', '80', '', 'a', 'a--b', '-a', 'a-', 'a234567890123456', 'web-1', '1-2', 'a_b')],
  [1, nearTexts('http', 'web-8080')],
);

const ENDS = among<Json>(-1, 0, 1, 79, 80, 81, 443, 9000, 65535, 65536, 2147483648);

const port = members({
  port: [80, PORTS],
  endPort: [40, ENDS],
  protocol: [50, weighted([3, among('TCP', 'UDP', 'SCTP', 'tcp', 'ICMP', 'ANY', '')], [1, nearTexts('TCP')])],
});

const OPERATORS = weighted([6, among('In', 'NotIn', 'Exists', 'DoesNotExist')], [2, among('in', 'Gt', '', 'Equals')], [1, nearTexts('In')]);

const expression = members({
  key: [90, weighted<Json>([3, fc.constant('app')], [2, KEYS])],
  operator: [92, OPERATORS],
  values: [70, fc.array(weighted<Json>([3, among<Json>('web', 'db', '')], [2, VALUES], [1, fc.constant(null)]), { maxLength: 3 })],
});

const selector = members({
  matchLabels: [50, fc.dictionary(KEYS, weighted<Json>([2, fc.constant('web')], [2, VALUES], [1, fc.constant(null)]), { maxKeys: 2 })],
  matchExpressions: [50, fc.array(expression, { maxLength: 2 })],
});

const ipBlock = members({
  cidr: [95, CIDRS],
  except: [60, fc.array(weighted<Json>([9, CIDRS], [1, fc.constant(null)]), { maxLength: 3 })],
});

const peer = members({ podSelector: [40, selector], namespaceSelector: [30, selector], ipBlock: [40, ipBlock] });

const types = weighted<Json>(
  [4, fc.array(among('Ingress', 'Egress'), { maxLength: 3 })],
  [2, fc.array(among<Json>('Ingress', 'Egress', 'ingress', 'Both', '', null), { maxLength: 3 })],
  [1, nearTexts('Ingress').map((text) => [text])],
);

const withSpec = (more: fc.Arbitrary<JsonObject>): fc.Arbitrary<Change> =>
  more.map((some) => (policy) => ({ ...policy, spec: { ...objectOf(policy.spec), ...some } }));

/** Puts a part into a rule of either direction. */
const inRule = (list: fc.Arbitrary<readonly Json[]>, field: 'peers' | 'ports'): fc.Arbitrary<Change> =>
  fc.tuple(list, fc.boolean()).map(([items, isIngress]) => (policy) => {
    const section = isIngress ? 'ingress' : 'egress';
    const spec = objectOf(policy.spec);
    const name = field === 'ports' ? 'ports' : isIngress ? 'from' : 'to';
    return { ...policy, spec: { ...spec, [section]: [...listOf(spec[section]), { [name]: items }] } };
  });

const specChanges: fc.Arbitrary<Change> = weighted<Change>(
  [3, inRule(fc.array(port, { minLength: 1, maxLength: 2 }), 'ports')],
  [4, inRule(fc.array(peer, { minLength: 1, maxLength: 2 }), 'peers')],
  [
    3,
    inRule(
      ipBlock.map((one) => [{ ipBlock: one }]),
      'peers',
    ),
  ],
  [1, withSpec(selector.map((podSelector) => ({ podSelector })))],
  [1, withSpec(types.map((policyTypes) => ({ policyTypes })))],
  [2, weighted(...NETWORK_POLICY_MUTATIONS.map(({ apply }) => [1, apply] as const))],
);

/** Values of every type, in place of any part. */
const ODD = among<Json>(null, true, 0, 7, 1.5, '', 'a', [], {}, [null], ['a'], [{}], { a: 'b' }, { a: null });

/** Replaces or removes any part, or adds a field that nobody knows. */
export const anywhere: fc.Arbitrary<Change> = fc
  .record({
    pick: fc.nat(10_000),
    odd: ODD,
    how: among('replace', 'replace', 'remove', 'add'),
    name: among('nonsense', 'Port', 'cidr', 'values'),
  })
  .map(({ pick, odd, how, name }) => (policy) => {
    const parts = partsOf(policy).filter(({ path }) => path[0] !== 'apiVersion' && path[0] !== 'kind');
    if (parts.length === 0) {
      return policy;
    }
    const { path, value } = parts[pick % parts.length];
    if (how === 'remove') {
      return withoutPart(policy, path);
    }
    return withPart(policy, path, how === 'add' ? { ...objectOf(value), [name]: odd } : odd);
  });

const owner = members({
  apiVersion: [90, weighted([5, among('v1', 'apps/v1', '/v1', '', '/', 'apps/', 'a/b/c')], [1, nearTexts('apps/v1')])],
  kind: [90, among('Pod', 'Event', 'Deployment', '')],
  name: [90, among('a', 'b', '')],
  uid: [85, among('1', '2', '')],
  controller: [50, among<Json>(true, true, false, null)],
  blockOwnerDeletion: [30, among<Json>(true, false)],
  extra: [3, fc.constant<Json>('a')],
});

const TIMES = weighted(
  [
    3,
    among(
      ...['2030-01-31T12:00:00Z', '2030-02-29T12:00:00Z', '2028-02-29T1:00:00Z', '2030-01-31t12:00:00Z', '2030-01-31T24:00:00Z', ''],
      ...['2030-01-31T12:00:00.5Z', '2030-01-31T12:00:00,5+24:60', '2030-01-31T12:00:00+25:00', '2030-13-01T12:00:00Z', '2030-01-31'],
    ),
  ],
  [1, nearTexts('2030-01-31T12:00:00Z', '2030-01-31T12:00:00.123+01:00')],
);

const managed = members({
  manager: [80, among('kubectl', '')],
  operation: [80, among('Apply', 'Update', 'Delete')],
  apiVersion: [80, among('v1', '')],
  time: [50, TIMES],
  fieldsType: [80, among('FieldsV1', '')],
  fieldsV1: [80, ODD],
  subresource: [20, among('status')],
  extra: [3, fc.constant<Json>('a')],
});

const TEXTS = (keys: fc.Arbitrary<string>): fc.Arbitrary<Json> =>
  fc.dictionary(keys, weighted<Json>([3, fc.constant('web')], [3, VALUES], [1, among<Json>(null, 7)]), { maxKeys: 2 });

const LISTS = <T extends Json>(items: fc.Arbitrary<T>): fc.Arbitrary<Json> =>
  fc.array(weighted<Json>([12, items], [1, ODD]), { maxLength: 3 });

const FINALIZERS = weighted<Json>([4, among<Json>('orphan', 'foregroundDeletion', 'kubernetes', 'example.com/a', 'a', '')], [2, KEYS]);

const METADATA_FIELDS = [
  ...['name', 'generateName', 'namespace', 'selfLink', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp'],
  ...['deletionGracePeriodSeconds', 'labels', 'annotations', 'ownerReferences', 'finalizers', 'managedFields'],
];

/** One or more fields of the metadata. */
export const metadataChanges: fc.Arbitrary<Change> = weighted<JsonObject>(
  [4, fc.record({ ownerReferences: weighted<Json>([8, fc.array(owner, { maxLength: 3 })], [2, LISTS(owner)]) })],
  [1, twice(owner)],
  [2, fc.record({ finalizers: LISTS(FINALIZERS) })],
  [2, fc.record({ labels: TEXTS(KEYS) })],
  [2, fc.record({ annotations: TEXTS(weighted([3, KEYS], [1, nearTexts('Example.com/App', 'İx')])) })],
  [2, fc.record({ name: NAMES })],
  [1, members({ generateName: [100, NAMES], name: [80, among('a')] })],
  [1, fc.record({ namespace: weighted<Json>([3, nearTexts('shop')], [1, textsAround(63, 'n')], [1, among<Json>(null, '')]) })],
  [2, fc.record({ managedFields: LISTS(managed) })],
  [2, members({ creationTimestamp: [60, TIMES], deletionTimestamp: [60, TIMES] })],
  [1, members({ generation: [60, among<Json>(-1, 0, 7, 1.5)], deletionGracePeriodSeconds: [60, among<Json>(-1, 0, 'a')] })],
  [1, members({ uid: [50, among<Json>('', 'a', 7)], resourceVersion: [50, among<Json>('', '1')], selfLink: [50, among<Json>('', 'a')] })],
  [1, members({ nonsense: [60, ODD], label: [60, ODD] })],
  [2, fc.tuple(among(...METADATA_FIELDS), ODD).map(([name, odd]) => ({ [name]: odd }))],
).map((some) => (policy) => ({ ...policy, metadata: { ...objectOf(policy.metadata), ...some } }));

/** The same owner twice, which the API server drops. */
function twice(one: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return fc.tuple(one, one).map(([first, second]) => ({ ownerReferences: [first, second, first] }));
}
