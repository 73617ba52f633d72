/** What a label may be: laws of the sets, over every set of two named values, the absent label and all other values. */
import fc from 'fast-check';
import { complement, fulfilling, hasValue, intersection, isEmptySet, isWithin, union, ValueSet, witness } from '../../lib/net/value-set';

const sets: fc.Arbitrary<ValueSet> = fc.record({
  absent: fc.boolean(),
  isExcept: fc.boolean(),
  values: fc.subarray(['a', 'b']).map((values) => new Set(values)),
});

/** One of each kind of member: absent, both values, and one that nobody names. */
const MEMBERS = [undefined, 'a', 'b', 'other'];

const membersOf = (set: ValueSet) => MEMBERS.filter((one) => hasValue(set, one));

test('a union, an intersection and a complement have the members that they should have', () => {
  fc.assert(
    fc.property(sets, sets, (a, b) => {
      expect(membersOf(intersection(a, b))).toEqual(MEMBERS.filter((one) => hasValue(a, one) && hasValue(b, one)));
      expect(membersOf(union(a, b))).toEqual(MEMBERS.filter((one) => hasValue(a, one) || hasValue(b, one)));
      expect(membersOf(complement(a))).toEqual(MEMBERS.filter((one) => !hasValue(a, one)));
      expect(isWithin(a, b)).toBe(membersOf(a).every((one) => hasValue(b, one)));
    }),
  );
});

test('a set is empty if it has no member, and otherwise its witness is one', () => {
  fc.assert(
    fc.property(sets, (set) => {
      expect(isEmptySet(set)).toBe(membersOf(set).length === 0);
      if (!isEmptySet(set)) {
        expect(membersOf(set)).toContain(witness(set, () => 'other'));
      }
    }),
  );
});

test.each([
  ['In', ['a']],
  ['NotIn', [undefined, 'b', 'other']],
  ['Exists', ['a', 'b', 'other']],
  ['DoesNotExist', [undefined]],
] as const)('%s a', (operator, members) => {
  expect(membersOf(fulfilling({ operator, values: ['a'] }))).toEqual(members);
});
