/** Bit sets are sets. */
import fc from 'fast-check';
import { BitSet } from '../../lib/reach/bit-set';

const numbers = fc.uniqueArray(fc.nat({ max: 200 }), { maxLength: 40 });
const sorted = (all: Iterable<number>) => [...all].sort((a, b) => a - b);

test('a set has the numbers that were added to it, in ascending order, and no others', () => {
  fc.assert(
    fc.property(numbers, fc.nat({ max: 300 }), (all, other) => {
      const set = BitSet.of(...all);
      expect([...set]).toEqual(sorted(all));
      expect(set.size).toBe(all.length);
      expect(set.has(other)).toBe(all.includes(other));
    }),
  );
});

test('the least member, and the greatest one below a limit', () => {
  fc.assert(
    fc.property(numbers, fc.nat({ max: 300 }), (all, limit) => {
      const set = BitSet.of(...all);
      expect(set.greatestBelow(limit)).toBe(Math.max(-1, ...all.filter((one) => one < limit)));
      expect(all.length === 0 || set.least === Math.min(...all)).toBe(true);
    }),
  );
});

test('union, intersection and difference are those of sets', () => {
  fc.assert(
    fc.property(numbers, numbers, numbers, (a, b, c) => {
      const [x, y, z] = [a, b, c].map((all) => BitSet.of(...all));
      expect([...BitSet.union([x, y, z])]).toEqual(sorted(new Set([...a, ...b, ...c])));
      expect([...BitSet.intersection(x, y)]).toEqual(sorted(a.filter((one) => b.includes(one))));
      expect([...BitSet.difference(x, y)]).toEqual(sorted(a.filter((one) => !b.includes(one))));
      for (const one of a) {
        expect(BitSet.intersection(x, y).has(one)).toBe(b.includes(one));
        expect(BitSet.difference(x, y).has(one)).toBe(!b.includes(one));
      }
    }),
  );
});

test('two sets are equal if they have the same members, however they came to be', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [x, y] = [BitSet.of(...a), BitSet.of(...b)];
      expect(BitSet.equal(x, y)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
      expect(BitSet.equal(x, BitSet.difference(BitSet.union([x, BitSet.of(500)]), BitSet.of(500)))).toBe(true);
    }),
  );
});

test('two sets meet if they have a member in common, and one is within another one that has all of its members', () => {
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const [x, y] = [BitSet.of(...a), BitSet.of(...b)];
      expect([BitSet.meet(x, y), BitSet.isWithin(x, y)]).toEqual([a.some((one) => b.includes(one)), a.every((one) => b.includes(one))]);
      expect([BitSet.meet(x, new BitSet()), BitSet.isWithin(new BitSet(), x), BitSet.isWithin(x, BitSet.union([x, y]))]).toEqual([
        false,
        true,
        true,
      ]);
    }),
  );
});

test('the empty set has no member', () => {
  expect([...new BitSet()]).toEqual([]);
  expect(new BitSet().has(0)).toBe(false);
  expect(new BitSet().size).toBe(0);
  expect([...BitSet.union([])]).toEqual([]);
});

test('the least number of all is a member like others, and one that has been taken out is none', () => {
  expect([...BitSet.union([BitSet.of(0), BitSet.of(40)])]).toEqual([0, 40]);
  const rest = BitSet.difference(BitSet.of(3, 9), BitSet.of(3));
  expect([rest.greatestBelow(9), rest.greatestBelow(10)]).toEqual([-1, 9]);
});
