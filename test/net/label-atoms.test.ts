/** Combinations of selectors that labels can fulfil, against every set of labels of a small universe. */
import fc from 'fast-check';
import { conditionsOf, LabelConditions, labelAtoms } from '../../lib/net/label-atoms';
import { ANY_VALUE, fulfilling, hasValue } from '../../lib/net/value-set';

const requirement = fc.record({
  key: fc.constantFrom('a', 'b', 'c'),
  operator: fc.constantFrom('In', 'NotIn', 'Exists', 'DoesNotExist'),
  values: fc.subarray(['x', 'y'], { minLength: 1 }),
});

const selectors = fc
  .array(fc.array(requirement, { maxLength: 3 }), { maxLength: 6 })
  .map((all) => all.map((one) => conditionsOf(one.map((it) => [it.key, fulfilling(it)]))).filter((one) => one !== undefined));

const VALUES = [undefined, 'x', 'y', 'z'];

/** All labels of the universe: of each key, it is absent, has a value that selectors name, or one that none names. */
const EVERY = VALUES.flatMap((a) => VALUES.flatMap((b) => VALUES.map((c) => ({ a, b, c }))));

function fulfilledBy(labels: Readonly<Record<string, string | undefined>>, all: readonly LabelConditions[]): string {
  const holds = (conditions: LabelConditions) => ['a', 'b', 'c'].every((key) => hasValue(conditions.get(key) ?? ANY_VALUE, labels[key]));
  return all.flatMap((conditions, i) => (holds(conditions) ? i : [])).join();
}

test('the atoms are the combinations that labels can fulfil, each once, and each with labels that fulfil it', () => {
  fc.assert(
    fc.property(selectors, (all) => {
      const { atoms } = labelAtoms(all, 1_000);
      expect(atoms.map(({ fulfilled }) => fulfilled.join()).sort()).toEqual([...new Set(EVERY.map((one) => fulfilledBy(one, all)))].sort());
      expect(atoms.map(({ labels }) => fulfilledBy(labels, all))).toEqual(atoms.map(({ fulfilled }) => fulfilled.join()));
    }),
  );
});

test('a hundred values of one key are a hundred and one atoms', () => {
  const all = Array.from({ length: 100 }, (_, i) => new Map([['app', fulfilling({ operator: 'In', values: [`a${i}`] })]]));
  // No value, and another one, fulfil none of them.
  expect(labelAtoms(all, 1_000)).toMatchObject({ atoms: { length: 101 }, keys: ['app'] });
});

test('of too many combinations there are some, in which each selector is fulfilled', () => {
  const all = Array.from({ length: 24 }, (_, i) => new Map([[`k${i}`, fulfilling({ operator: 'Exists', values: [] })]]));
  const { atoms, keys, isWhole } = labelAtoms(all, 1_000);
  expect(isWhole).toBe(false);
  expect(keys).toEqual(all.flatMap((conditions) => [...conditions.keys()]));
  expect(atoms.map(({ fulfilled }) => fulfilled)).toEqual([[], ...all.map((_, i) => [i])]);
});

test('of selectors that count together, it is told only whether one of them is fulfilled', () => {
  const exists = (key: string) => new Map([[key, fulfilling({ operator: 'Exists', values: [] })]]);
  const all = [exists('own'), ...Array.from({ length: 72 }, (_, i) => exists(`k${i}`))];
  const { atoms, isWhole } = labelAtoms(all, 100, { together: [all.slice(1).map((_, i) => i + 1)] });
  expect(isWhole).toBe(true);
  expect(atoms.map(({ fulfilled }) => fulfilled.join()).sort()).toEqual(['', '0', '0,73', '73']);
});

test('the groups that labels fulfil are those of the selectors that they fulfil', () => {
  fc.assert(
    fc.property(selectors, (all) => {
      const members = [...all.keys()].filter((i) => i % 2 === 1);
      const { atoms } = labelAtoms(all, 1_000, { together: [members] });
      const grouped = (key: string) => {
        const fulfilled = key === '' ? [] : key.split(',').map(Number);
        const own = fulfilled.filter((i) => !members.includes(i));
        return [...own, ...(own.length < fulfilled.length ? [all.length] : [])].join();
      };
      const wanted = new Set(EVERY.map((one) => grouped(fulfilledBy(one, all))));
      expect(atoms.map(({ fulfilled }) => fulfilled.join()).sort()).toEqual([...wanted].sort());
    }),
  );
});
