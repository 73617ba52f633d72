/** Packed tables say what the tables say that they are made of. */
import fc from 'fast-check';
import { PROTOCOLS } from '../../lib/model/policy';
import { BitSet } from '../../lib/reach/bit-set';
import { kindsOf } from '../../lib/reach/kinds';
import { MOST_IN_TABLE, MOST_PACKED, PackedTables, PlainTable, UNPACKED } from '../../lib/reach/packed';

const KINDS = 3;

const ports = fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 5 });
const stretches = ports.chain((some) => {
  const starts = [0, ...some.sort((a, b) => a - b)];
  const row = fc.array(fc.nat({ max: 40 }), { minLength: starts.length, maxLength: starts.length });
  return fc.record({ starts: fc.constant(starts), codes: fc.array(row, { minLength: KINDS, maxLength: KINDS }) });
});
const table: fc.Arbitrary<PlainTable> = fc.record({
  stretches: fc
    .tuple(stretches, stretches, fc.array(fc.boolean(), { minLength: PROTOCOLS.length, maxLength: PROTOCOLS.length }))
    .map(([a, b, which]) => which.map((isFirst) => (isFirst ? a : b))),
  kinds: fc.array(fc.nat({ max: KINDS - 1 }), { maxLength: 8 }).map((kinds) => Uint32Array.from(kinds)),
  firstPeer: fc.oneof(fc.nat({ max: 5 }), fc.constant(70_000)),
});

const question = fc.record({
  protocol: fc.nat({ max: PROTOCOLS.length - 1 }),
  port: fc.nat({ max: 21 }),
  offset: fc.integer({ min: -2, max: 10 }),
});

test('a look-up in a packed table is one in the plain table, whatever stands beside it', () => {
  fc.assert(
    fc.property(fc.array(table, { minLength: 1, maxLength: 5 }), question, (tables, { protocol, port, offset }) => {
      const packed = new PackedTables();
      const places = tables.map((one) => packed.add(one));
      for (const [i, { stretches, kinds, firstPeer }] of tables.entries()) {
        const { starts, codes } = stretches[protocol];
        const stretch = starts.filter((start) => start <= port).length - 1;
        expect(packed.lookup(places[i], protocol, port, firstPeer + offset)).toBe(codes[kinds[offset] ?? 0][stretch]);
      }
    }),
    { numRuns: 1000 },
  );
});

test('a table that has too many numbers is not packed', () => {
  const stretches = PROTOCOLS.map(() => ({ starts: [0], codes: [[1]] }));
  const packed = new PackedTables();
  expect(packed.add({ stretches, kinds: new Uint32Array(MOST_IN_TABLE), firstPeer: 0 })).toBe(UNPACKED);
  expect(packed.lookup(packed.add({ stretches, kinds: new Uint32Array(9), firstPeer: 0 }), 0, 80, 3)).toBe(1);
});

test('as many tables are packed as there is room for', () => {
  const stretches = PROTOCOLS.map(() => ({ starts: [0], codes: [[1]] }));
  const [SIZE, OTHERS] = [64_000, PROTOCOLS.length + 4 + 3 * PROTOCOLS.length];
  const table = { stretches, kinds: new Uint32Array(SIZE - OTHERS), firstPeer: 0 };
  const packed = new PackedTables();
  const places = Array.from({ length: MOST_PACKED / SIZE }, () => packed.add(table));
  expect(places).toEqual(places.map((_, i) => i * SIZE));
  expect(packed.add(table)).toBe(UNPACKED);
});

test('numbers are of one kind if they are in the same sets', () => {
  const members = fc.uniqueArray(fc.nat({ max: 60 }), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(members, { maxLength: 5 }), fc.nat({ max: 70 }), (lists, limit) => {
      const { kinds, first, examples } = kindsOf(
        lists.map((all) => BitSet.of(...all)),
        limit,
      );
      const setsOf = (number: number) => lists.map((all) => all.includes(number)).join();
      const kindOf = (number: number) => kinds[number - first] ?? 0;
      for (let number = 0; number < limit; number++) {
        expect(setsOf(examples[kindOf(number)])).toBe(setsOf(number));
      }
      const distinct = new Set(Array.from({ length: limit }, (_, number) => kindOf(number)));
      expect(examples.length).toBe(new Set([...distinct, 0]).size);
    }),
  );
});
