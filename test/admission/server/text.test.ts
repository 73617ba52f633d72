import fc from 'fast-check';
import { isCidr, matches, PREDICATES } from '../../../lib/admission/server/text';
import { RULES } from '../../../lib/admission/server/validate';
import { MINORS } from '../../../lib/crd/minor';
import { resourcesOf, Schema } from '../../../lib/crd/schema';
import { isFound } from '../../../lib/net/regex';

const schemas = MINORS.flatMap((minor) => resourcesOf(minor).flatMap(({ schema }) => below(schema)));

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
  fc.constantFrom('', 'EchoReply', 'ExtendedEcho Reply', '**.example.com', '65536', '8080-', 'a--b', '1_000', '\u00ad', '😀'),
);

test.each(patterns)('%s matches the same strings as in RE2', (pattern) => {
  fc.assert(fc.property(texts, (text) => matches(pattern, text) === isFound(pattern, text)));
});

test('every CEL rule of the CRDs is known', () => {
  const rules = [...new Set(schemas.flatMap((schema) => schema.rules ?? []).map(({ rule }) => rule))];
  expect(rules).toEqual(Object.keys(RULES));
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
