/** Combinations of regular expressions that texts can match, against the expressions themselves. */
import fc from 'fast-check';
import { isWhole } from '../../lib/net/regex';
import { regexAtoms } from '../../lib/net/regex-atoms';
import { regexPatterns } from '../generate/regex-patterns';

const ANY_TEXT = { within: '[^\\x00-\\x1f\\x7f]*' };
const MOST = 200_000;

function matchingIn(patterns: readonly string[], text: string): string {
  return patterns.flatMap((pattern, i) => (isWhole(pattern, text) ? i : [])).join();
}

function textsOf(patterns: readonly string[]): readonly string[] {
  return (regexAtoms(patterns, ANY_TEXT, MOST) ?? []).map(({ text }) => text);
}

test.each([
  [
    ['/a', '/b'],
    ['', '/a', '/b'],
  ],
  // What one matches, the other one matches too.
  [
    ['/v1/.*', '/v1/users'],
    ['', '/v1/', '/v1/users'],
  ],
  [
    ['/[ab]', '/(a|b)'],
    ['', '/a'],
  ],
  [
    ['^/a$', '/a'],
    ['', '/a'],
  ],
  [
    ['(?i)get', 'GET'],
    ['', 'get', 'GET'],
  ],
  [
    ['a{2,3}', 'aa'],
    ['', 'aa', 'aaa'],
  ],
  [
    ['.*', 'x+'],
    ['', 'x'],
  ],
  [
    ['[^\\x00-\\x{10ffff}]', ''],
    ['', 'x'],
  ],
])('%j tells texts such as %j apart', (patterns, texts) => {
  expect([...textsOf(patterns)].sort()).toEqual([...texts].sort());
});

test('an example matches what its atom says, and every text is of some atom', () => {
  const patterns = regexPatterns(71, 400);
  let whole = 0;
  fc.assert(
    fc.property(
      fc.subarray(patterns, { minLength: 1, maxLength: 4 }),
      fc.array(fc.string({ maxLength: 12 }), { maxLength: 20 }),
      (some, texts) => {
        const valid = some.filter((pattern) => {
          try {
            return isWhole(pattern, '') || true;
          } catch {
            return false;
          }
        });
        const atoms = regexAtoms(valid, ANY_TEXT, MOST);
        if (atoms === undefined) {
          return;
        }
        whole++;
        expect(atoms.map(({ text }) => matchingIn(valid, text))).toEqual(atoms.map(({ matching }) => matching.join()));
        const kinds = new Set(atoms.map(({ matching }) => matching.join()));
        const near = atoms.flatMap(({ text }) => [`${text}x`, text.slice(1), text.slice(0, -1), `/${text}`, text.toUpperCase()]);

        const inside = [...texts, ...near].filter((text) => !/[\x00-\x1f\x7f]/.test(text) && !/\p{Cs}/u.test(text));
        expect(inside.filter((text) => !kinds.has(matchingIn(valid, text)))).toEqual([]);
      },
    ),
    { seed: 71, numRuns: 300 },
  );
  expect(whole).toBeGreaterThan(100);
});

test('a beginning that is not of the domain is of no text', () => {
  const domain = { within: '/[a-z/]*', notBeginning: '.*//' };
  expect(regexAtoms(['/a', '//.*', '/.*'], domain, MOST)).toEqual([
    { text: '/', matching: [2] },
    { text: '/a', matching: [0, 2] },
  ]);
});

test('what takes too many steps, and what looks at the edges of words, is not told', () => {
  expect(regexAtoms(['(a|b)*a(a|b){12}', '(a|b)*b(a|b){12}'], ANY_TEXT, 10_000)).toBeUndefined();
  expect(regexAtoms(['\\bget\\b'], ANY_TEXT, MOST)).toBeUndefined();
  expect(regexAtoms(['('], ANY_TEXT, MOST)).toBeUndefined();
});
