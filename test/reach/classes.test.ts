/** Ends of one class are those between which and all others the same passes. */
import fc from 'fast-check';
import { classesOf } from '../../lib/reach/classes';

/** What passes between ends: for each source a text with a letter for each destination. */
function classes(rows: readonly string[]): readonly (readonly number[])[] {
  return classesOf(rows.length, (from, to) => rows[from][to]).classes;
}

test.each<[string, readonly string[], readonly (readonly number[])[]]>([
  ['nothing', [], []],
  ['the same in every row and column', ['aa', 'aa'], [[0, 1]]],
  ['another row', ['aaa', 'aaa', 'bbb'], [[0, 1], [2]]],
  ['another column', ['aab', 'aab', 'aab'], [[0, 1], [2]]],
  ['one of many values', ['aaa', 'aba', 'aaa'], [[0, 2], [1]]],
])('ends are told apart by %s', (_, rows, expected) => {
  expect(classes(rows)).toEqual(expected);
});

test('between two classes passes what passes between any of their ends, and no two classes are alike', () => {
  const tables = fc
    .integer({ min: 1, max: 5 })
    .chain((count) =>
      fc.array(fc.string({ unit: fc.constantFrom('a', 'b'), minLength: count, maxLength: count }), { minLength: count, maxLength: count }),
    );
  fc.assert(
    fc.property(tables, (rows) => {
      const { classes: all, between } = classesOf(rows.length, (from, to) => rows[from][to]);
      expect(all.flat().sort((a, b) => a - b)).toEqual([...rows.keys()]);
      all.forEach((from, i) =>
        all.forEach((to, k) => from.forEach((one) => to.forEach((other) => expect(between(i, k)).toBe(rows[one][other])))),
      );
      const keyOf = ([one]: readonly number[]) => `${rows[one]} ${rows.map((row) => row[one]).join('')}`;
      expect(new Set(all.map(keyOf)).size).toBe(all.length);
    }),
    { numRuns: 300 },
  );
});

test('each pair of ends is asked about once', () => {
  const asked: string[] = [];
  classesOf(2, (from, to) => asked.push(`${from} ${to}`));
  expect(asked).toEqual(['0 0', '0 1', '1 0', '1 1']);
});
