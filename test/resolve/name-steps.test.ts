/** Combinations of DNS patterns that names can match, against the matching of names. */
import fc from 'fast-check';
import { MINORS } from '../../lib/crd/minor';
import { dnsAtoms } from '../../lib/net/dns-atoms';
import { matchesName, stepsOf } from '../../lib/resolve/names';

const label = fc.constantFrom('a', 'b', 'ab', '*', 'a*', '*b', '*a*', '**');
const patterns = fc.array(
  fc.oneof(
    fc.constantFrom('*', '**'),
    fc.array(label, { minLength: 1, maxLength: 3 }).map((labels) => labels.join('.')),
  ),
  { minLength: 1, maxLength: 4 },
);

/** All names of up to three labels of up to three characters. */
const LABELS = ['a', 'b', 'x', 'aa', 'ab', 'ba', 'bb', 'ax', 'xb', 'xa', 'bx', 'xx', 'aab', 'abb', 'xab', 'axb', 'xax', 'bab', 'aba'];
const NAMES = [
  ...LABELS,
  ...LABELS.flatMap((a) => LABELS.map((b) => `${a}.${b}`)),
  ...LABELS.flatMap((a) => LABELS.flatMap((b) => ['a', 'b', 'x', 'ab'].map((c) => `${a}.${b}.${c}`))),
];

test.each(MINORS)('every name matches one of the combinations, and each combination has a name that matches it, in %s', (minor) => {
  fc.assert(
    fc.property(patterns, (all) => {
      const matching = (name: string) => all.flatMap((pattern, i) => (matchesName(pattern, name, minor) ? i : [])).join();
      const atoms = dnsAtoms(
        all.map((pattern) => stepsOf(pattern, minor)),
        1_000_000,
      )!;
      expect(atoms.map(({ name }) => matching(name))).toEqual(atoms.map(({ matching: own }) => own.join()));
      const found = new Set(atoms.map(({ matching: own }) => own.join()));
      // What no pattern matches leads nowhere, so it is not always found.
      expect(NAMES.map(matching).filter((key) => key !== '' && !found.has(key))).toEqual([]);
    }),
  );
});

test('a thousand names and a thousand patterns are found in time', () => {
  const all = Array.from({ length: 1000 }, (_, i) => [`api${i}.example.com`, `*.a${i}.example.com`]).flat();
  const atoms = dnsAtoms(
    all.map((pattern) => stepsOf(pattern, '1.20')),
    5_000_000,
  )!;
  expect(atoms.filter(({ matching }) => matching.length > 0)).toHaveLength(2000);
});
