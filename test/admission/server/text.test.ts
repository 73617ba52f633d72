import fc from 'fast-check';
import { IS_CIDR, isBroken, RULES } from '../../../lib/admission/server/rules';
import { isCidr, matches, PREDICATES } from '../../../lib/admission/server/text';
import { MINORS } from '../../../lib/crd/minor';
import { clusterNetworkPolicy, resourcesOf, Schema } from '../../../lib/crd/schema';
import { isFound } from '../../../lib/net/regex';

/** The status is only pruned, because the API server drops it. */
const schemas = [...MINORS.flatMap((minor) => resourcesOf(minor)), clusterNetworkPolicy()].flatMap(({ schema }) =>
  below({ ...schema, properties: { ...schema.properties, status: {} } }),
);

function below(schema: Schema): readonly Schema[] {
  const parts = [...Object.values(schema.properties ?? {}), schema.values, schema.items].filter((part) => part !== undefined);
  return [schema, ...parts.flatMap(below)];
}

const patterns = [...new Set(schemas.flatMap(({ pattern }) => pattern ?? []))];

test('every CRD pattern with repetitions has a predicate', () => {
  expect(patterns.filter((pattern) => /[*+]/.test(pattern))).toEqual(expect.arrayContaining(Object.keys(PREDICATES)));
  expect(patterns.filter((pattern) => /[*+]/.test(pattern)).filter((pattern) => !Object.hasOwn(PREDICATES, pattern))).toEqual([]);
});

const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'aZ09.-_*:/ $é'), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom(...'aZ.-_*[\\]^`{@'), maxLength: 9 }),
  fc.constantFrom('', 'EchoReply', 'ExtendedEcho Reply', '**.example.com', '*.[a.b.', '65536', '8080-', 'a--b', '1_000', '\u00ad', '😀'),
);

test.each(patterns)('%s matches the same strings as in RE2', (pattern) => {
  fc.assert(fc.property(texts, (text) => matches(pattern, text) === isFound(pattern, text)));
});

test('every CEL rule of the CRDs is known', () => {
  const rules = [...new Set(schemas.flatMap((schema) => schema.rules ?? []).map(({ rule }) => rule))];
  expect(rules.sort()).toEqual(Object.keys(RULES).sort());
});

test('the number of fields is limited only to exactly one, or to at least one', () => {
  const limits = schemas.flatMap(({ minProperties, maxProperties }) =>
    (minProperties ?? maxProperties) === undefined ? [] : [`${minProperties} ${maxProperties}`],
  );
  expect([...new Set(limits)].sort()).toEqual(['1 1', '1 undefined']);
});

test.each([
  ['10.0.0.1/8', true],
  ['2001:db8::1/64', true],
  ['::10.0.0.0/96', true],
  ['10.0.0.0', false],
  ['10.0.0.0/08', false],
  ['::ffff:10.0.0.0/104', false],
  ['::ffff:0:0/95', false],
  ['fe80::1%eth0/64', false],
])('the rule isCIDR of a ClusterNetworkPolicy holds for %s: %s', (text, expected) => {
  expect(isBroken(IS_CIDR, text)).toBe(!expected);
});

test('cidr is the only format of the CRDs that the API server validates', () => {
  expect([...new Set(schemas.flatMap(({ format }) => format ?? []))]).toEqual(['cidr']);
});

test.each([
  ['10.0.0.0/08', true],
  ['010.0.0.0/8', true],
  ['10.0.0.0/+8', false],
  ['10.0.0.0', false],
  ['10.0.0.0/33', false],
  ['::ffff:10.0.0.0/104', true],
  ['00001::/64', true],
  ['fe80::1%eth0/64', false],
  ['::/1:/0', false],
  ['', false],
])('the format cidr accepts %s: %s', (text, expected) => {
  expect(isCidr(text)).toBe(expected);
});
