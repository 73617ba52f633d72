/** Tests the generators. `conformance/` compares their output with Cilium. */
import fc from 'fast-check';
import { validate } from '../../lib/admission/server/validate';
import { clusterNetworkPolicy, Schema } from '../../lib/crd/schema';
import { schemaErrors } from '../support/crd';
import { validationCases, yamlTexts } from './cases';
import { clusterNetworkPolicies } from './cluster-network-policies';
import { missing } from './counts';
import { validationCoverage } from './coverage';
import { FAMILIES } from './families';
import { featureCoverage } from './features';
import { fieldOf, Json, partsOf, withoutPart, withPart } from './json';
import { judgeLeaf } from './judge-leaf';
import { MUTATIONS } from './mutations';
import { objectTexts } from './object-texts';
import { Kind, KINDS, Policy, policyArbitrary } from './policies';
import { MAX_TEXT } from './texts';
import { tierCases } from './tiers';
import { UNIVERSE } from './universe';

/** Every object that the schemas of 1.18 and 1.20 accept is also accepted by the schema of 1.19. */
const OLDEST_AND_NEWEST = ['1.18', '1.20'];

function portable(kinds: readonly Kind[], count: number): Policy[] {
  return fc.sample(policyArbitrary(UNIVERSE, { kinds, portable: true }), { seed: 1, numRuns: count });
}

test('the same seed gives the same cases, and a smaller number gives the first ones', () => {
  const cases = validationCases(7, 300);
  expect(validationCases(7, 300)).toEqual(cases);
  expect(validationCases(7, 100)).toEqual(cases.slice(0, 100));
  expect(validationCases(8, 300)).not.toEqual(cases);
});

test('the same seed gives the same texts, none of them long, none with a lone surrogate', () => {
  const texts = yamlTexts(7, 300);
  expect(yamlTexts(7, 300)).toEqual(texts);
  expect(texts.filter((text) => text.length > MAX_TEXT || /\p{Cs}/u.test(text))).toEqual([]);
});

test('the same seed gives the same texts with objects, none with a lone surrogate', () => {
  const texts = objectTexts(7, 300);
  expect(objectTexts(7, 300)).toEqual(texts);
  expect(objectTexts(7, 100)).toEqual(texts.slice(0, 100));
  expect(texts.filter((text) => /\p{Cs}/u.test(text))).toEqual([]);
});

test('the same seed gives the same ClusterNetworkPolicies, which are JSON', () => {
  const cases = tierCases(7, 300);
  expect(JSON.parse(JSON.stringify(tierCases(7, 300)))).toEqual(cases);
  expect(tierCases(7, 100)).toEqual(cases.slice(0, 100));
});

test('the ClusterNetworkPolicies that are not changed are valid, and have every field', () => {
  const policies = fc.sample(clusterNetworkPolicies(UNIVERSE), { seed: 1, numRuns: 500 });
  const storings = policies.map((policy) => validate(policy, clusterNetworkPolicy()));
  expect(storings.flatMap(({ violations, unknown }) => [...violations, ...unknown])).toEqual([]);
  const fields = new Set(policies.flatMap((policy) => partsOf(policy).map(({ path }) => fieldOf(path))));
  expect(fieldsBelow(clusterNetworkPolicy().schema.properties!.spec, 'spec').filter((field) => !fields.has(field))).toEqual([]);
});

/** The paths of the fields of a schema, without those in a map. */
function fieldsBelow({ properties = {}, items }: Schema, path: string): string[] {
  const inner = items === undefined ? [] : fieldsBelow(items, path);
  return [...inner, ...Object.entries(properties).flatMap(([name, one]) => [`${path}.${name}`, ...fieldsBelow(one, `${path}.${name}`)])];
}

test('half of the cases are shorter than 700 characters', () => {
  const lengths = validationCases(1, 1_000).map((one) => JSON.stringify(one.object).length);
  expect(lengths.filter((length) => length < 700).length).toBeGreaterThan(500);
});

test('some cases are valid, some have one mutation, some two, some a leaf', () => {
  const cases = validationCases(1, 1_000);
  const share = (count: number) => Math.round(count / 10);
  expect(share(cases.filter(({ mutations, leaf }) => mutations === undefined && leaf === undefined).length)).toBeCloseTo(45, -1);
  expect(share(cases.filter(({ mutations }) => mutations?.length === 1).length)).toBeCloseTo(35, -1);
  expect(cases.filter(({ mutations }) => mutations?.length === 2).length).toBeGreaterThan(10);
  expect(cases.filter(({ leaf }) => leaf !== undefined).length).toBeGreaterThan(100);
});

test('a case is JSON', () => {
  const cases = validationCases(3, 500);
  expect(JSON.parse(JSON.stringify(cases))).toEqual(cases);
});

test('every mutation changes something', () => {
  const policies = KINDS.flatMap((kind) => portable([kind], 10));
  const idle = MUTATIONS.filter(({ apply, kinds }) => {
    const suiting = policies.filter(({ kind }) => kinds.includes(kind));
    const changes = fc.sample(apply, { seed: 1, numRuns: suiting.length });
    return suiting.every((policy, index) => JSON.stringify(changes[index](policy)) === JSON.stringify(policy));
  });
  expect(idle.map(({ name }) => name)).toEqual([]);
});

test('the names of mutations are unique, and so are the names of families', () => {
  const names = MUTATIONS.map(({ name }) => name);
  const families = FAMILIES.map(({ rule, name, minors }) => `${rule} ${name} ${minors?.join()}`);
  expect([new Set(names).size, new Set(families).size]).toEqual([names.length, families.length]);
});

test('every mutation that a family names exists', () => {
  const spoken = FAMILIES.flatMap(({ name }) => /^([a-z0-9.-]+): (schema|agent|cel|accepted)/.exec(name)?.[1] ?? []);
  expect(spoken.filter((name) => !MUTATIONS.some((mutation) => mutation.name === name))).toEqual([]);
});

test.each(OLDEST_AND_NEWEST)('what is portable has no field, and no value, that the CRDs of %s refuse', (minor) => {
  const policies = portable(['CiliumNetworkPolicy'], 300);
  expect(policies.flatMap((policy) => schemaErrors(policy, minor))).toEqual([]);
});

test('policies use every field of the API, except some parts of selectors that only 1.18 accepts', () => {
  const policies = fc.sample(policyArbitrary(UNIVERSE), { seed: 1, numRuns: 6_000 });
  const never = missing(featureCoverage(policies.map((object) => ({ object }))).fields);
  expect(never.filter((field) => !/Requires\./.test(field))).toEqual([]);
});

test('the coverage lists what no answer shows', () => {
  const none = validationCoverage([], [], '1.20').families;
  expect(missing(none)).toEqual(Object.keys(none));
  const object = { kind: 'CiliumNetworkPolicy' };
  const one = validationCoverage([{ object }], [{ agent: ['CiliumNetworkPolicy must have name'] }], '1.20').families;
  expect(Object.keys(one).filter((name) => one[name] > 0)).toEqual(['B.9-53 namespaced without name']);
});

test('a leaf is judged by the rules of its minor, or not at all', () => {
  expect(judgeLeaf({ parser: 'selectorKey', text: '$host' }, '1.19')).toBe(true);
  expect(judgeLeaf({ parser: 'selectorKey', text: '$host' }, '1.20')).toBe(false);
  expect(judgeLeaf({ parser: 'serverName', text: '*' }, '1.19')).toBeUndefined();
  expect(judgeLeaf({ parser: 'serverName', text: '*' }, '1.20')).toBe(true);
  expect(judgeLeaf({ parser: 'except', text: '10.0.0.0/8', cidr: '10.0.0.0/16' }, '1.19')).toBe(true);
  expect(judgeLeaf({ parser: 'except', text: '10.0.0.0/8', cidr: '10.0.0.0/16' }, '1.20')).toBe(false);
  expect(judgeLeaf({ parser: 'icmpType', text: 'Echo', family: 'IPv6' }, '1.20')).toBe(false);
});

test('replacing or removing a part does not change other parts', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.nat(), (value, pick) => {
      const json = value as Json;
      const parts = partsOf(json);
      fc.pre(parts.length > 0);
      const { path, value: part } = parts[pick % parts.length];
      expect(JSON.stringify(withPart(json, path, part))).toBe(JSON.stringify(json));
      expect(partsOf(withoutPart(json, path)).length).toBe(parts.length - 1 - partsOf(part).length);
    }),
    { numRuns: 200 },
  );
});
