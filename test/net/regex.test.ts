import * as fc from 'fast-check';
import { isWhole, parseRegex } from '../../lib/net/regex';
import { anyText, long, textOf } from './texts';

test.each<[string, readonly string[]]>([
  ['a path or a method', ['', '/', '/api/v1', '/public(/.*)?(\\?.*)?', 'GET|POST', '^/users/[0-9]+$', '.*', '/a+/b?/c*', '[^/]+\\.html']],
  ['an empty alternative', ['|', 'a|', '|a', 'a||b', '()', '(|)', '(?:)', '(?:|a)*']],
  ['a repeat', ['a*', 'a+?', 'a??', 'a{0}', 'a{3}', 'a{2,}', 'a{2,3}?', 'a{0,0}', 'a{1000}', '()*', '^*', '\\b+', 'a(?i)*']],
  [
    'a repeat of a repeat, up to 1000 in all',
    ['((a{10}){10}){10}', '(?:a{31}){32}', '(?:a{1000}){0}', '((a{100})*){10}', '(a{500}b{500}){2}'],
  ],
  ['a brace that is no repeat', ['{', '}', 'a{', 'a{}', 'a{,3}', 'a{ 1}', 'a{01}', 'a{1', 'a{1,2', 'a{x}', 'a{-1}', '{a']],
  ['a group', ['(a)', '(?:a)', '(?P<n>a)', '(?<n>a)', '(?P<1_a>a)', '((((a))))', '(a(b(c)?)?)?']],
  ['two groups of one name', ['(?P<n>a)(?P<n>b)', '(?P<n>a)|(?<n>b)', '(?P<n>(?P<n>))', '[(?P<n>](?P<n>a)', '[(?P<n>-a](?P<n>)']],
  ['a flag', ['(?i)a', '(?i:a)', '(?s-m)a', '(?-i)a', '(?imsU)a', '(?i-s:a)', '(?)a', '(?ii)a']],
  ['an anchor', ['^', '$', '^a$', 'a^b', '\\Aa\\z', '\\b', '\\B']],
  [
    'a class of characters',
    ['[a]', '[^a]', '[a-z0-9]', '[a-]', '[-a]', '[a-b-c]', '[.]', '[*+?]', '[(|)]', '[\\]]', '[\\-]', '[é-😀]', '[a&&b]'],
  ],
  [
    'a bracket as a character',
    [']', '[]]', '[]a]', '[^]a]', '[[]', '[a[]', '[[a]', '[[]]', '[a]]', '[]-]', '[]-a]', '[+-[]', '[[.a.]]', '[[=a=]]'],
  ],
  ['a letter for a class', ['\\d\\D\\s\\S\\w\\W', '[\\d\\D]', '[\\w-]', '[\\d-a]', '[^\\W]']],
  ['a POSIX class', ['[[:alpha:]]', '[[:^alpha:]]', '[^[:space:][:digit:]]', '[[:word:]-]', '[[:ascii:]a]', '[[:digit:]-z]']],
  [
    'what only looks like a POSIX class',
    ['[:alpha:]', '[:a]', '[:]', '[[:]', '[[:]]', '[a[:]', '[[:a]', '[+-[:a]', '[+-[:alpha:]', '[:][:]', '\\[:'],
  ],
  [
    'a Unicode class',
    ['\\pL', '\\PL', '\\pl', '\\p{L}', '\\p{Lu}', '\\p{^Lu}', '\\P{^Lu}', '\\p{Greek}', '[\\p{Greek}\\PN]', '(?i)\\p{Any}', '\\p{Cn}'],
  ],
  [
    'a Unicode class by its long name',
    ['\\p{Letter}', '\\p{Uppercase_Letter}', '\\p{digit}', '\\p{Cased_Letter}', '\\p{LC}', '\\p{Assigned}'],
  ],
  ['ASCII as a Unicode class', ['\\p{ASCII}', '\\P{ASCII}', '[\\p{ascii}]', '[^\\p{^Ascii}a]']],
  ['an escape', ['\\.', '\\/', '\\-', '\\_', '\\\\', '\\"', '\\ ', '\\\n', '\\n\\t\\r\\f\\v\\a', '[\\n]', '[\\.\\_]']],
  [
    'a number for a character',
    ['\\0', '\\07', '\\08', '\\012', '\\1234', '\\x41', '\\x{41}', '\\x{0041}', '\\x{10FFFF}', '[\\x41-\\x{5a}]', '[\\0-\\07]'],
  ],
  ['quoted text', ['\\Qa*(\\E', '\\Q[', '\\Q', '\\Q\\E', '\\Q\\p{x}(?P<n\\E', '\\Qa\\E*', '\\Q\\\\E', '[\\[]\\Q[\\E']],
  ['characters beyond ASCII', ['é', '😀+', '[é]', '日本{2}', '\u0000', '\u2028', '\ud800', '[\ud800-\udfff]', '[\ue000-\udfff]']],
])('Go takes %s', (_, texts) => {
  expect(texts.map(parseRegex)).toEqual(texts.map((text) => ({ ok: true, value: { text } })));
});

test.each<[string, readonly string[]]>([
  ['look-around', ['(?=a)', '(?!a)', '(?<=a)', '(?<!a)']],
  ['back-references', ['(a)\\1', '\\8', '(?P<n>a)(?P=n)', '(?<n>a)\\k<n>', '(?P>n)']],
  ['groups of other engines', ['(?>a)', '(?|a)', '(?#a)', "(?'n'a)", '(?R)', '(?x)a', '(?^i)a', '(?--i)a', '(?i-)a']],
  ['escapes of other engines', ['\\Z', '\\G', '\\K', '\\R', '\\X', '\\h', '\\e', '\\C', '\\cA', '\\u0041', '\\i', '\\é', '[\\é]', '[\\b]']],
  ['repeats of repeats', ['a**', 'a++', 'a+?*', 'a{2}{3}', 'a{2}*', '^**']],
  ['repeats of nothing', ['*', '+a', '?', '{1}', '(*)', '|*', '(?i)*', '\\Q\\E*', '(?:*)']],
  [
    'repeats of more than 1000',
    ['a{1001}', 'a{2,1001}', 'a{1001,}', 'a{2,1}', 'a{100000000000}', '(?:a{31}){33}', '((a{10}){10}){11}', '((a{100})*){11}'],
  ],
  ['parentheses that do not match', ['(', ')', '(()', '())', 'a)', '(a|b', '\\Q(\\E)', '(?:', '(?i:a', '[)](']],
  ['brackets that do not match', ['[', '[a', '[]', '[^]', '[^', '[[:word:]', '[\\]', '[a-', '[[a][']],
  ['ranges that fall', ['[b-a]', '[z-\\x41]', '[😀-é]', '[a-\\d]', '[\\x{10FFFF}-a]', '[\ud800-\ue000]']],
  [
    'POSIX classes that do not exist',
    ['[[:foo:]]', '[[:ALPHA:]]', '[[::]]', '[[:^:]]', '[[:a-z:]]', '[[:]a:]', '[[:][:alpha:]]', '[[:][[:]'],
  ],
  [
    'Unicode classes that do not exist',
    ['\\p', '\\p{', '\\p{}', '\\p{^}', '\\p{^^L}', '\\pX', '\\pé', '\\p{Foo}', '[\\p{Foo}]', '[\\p{Greek]', '\\p{L&}'],
  ],
  ['scripts of several words', ['\\p{Old_Italic}', '\\p{OldItalic}', '\\p{old italic}', '\\p{Phags-Pa}', '\\p{SignWriting}']],
  ['scripts newer than Unicode 15', ['\\p{Garay}', '\\p{Sidetic}', '\\p{Sunuwar}', '\\p{Todhri}', '\\p{Kirat_Rai}']],
  [
    'names of other Unicode properties',
    ['\\p{Alphabetic}', '\\p{Emoji}', '\\p{Math}', '\\p{Unknown}', '\\p{Latn}', '\\p{IsGreek}', '\\p{Script=Greek}'],
  ],
  ['numbers of no character', ['\\x', '\\x4', '\\x4g', '\\x{}', '\\x{110000}', '\\x{41', '\\x{g}', '\\1', '\\9']],
  ['names that no group may have', ['(?P<>a)', '(?P<n', '(?<n', '(?P<é>a)', '(?P<a-b>a)', '(?P<a b>a)', '(?P', '(?<', '(?']],
  ['a backslash at the end', ['\\', 'a\\', '[\\', '\\\\\\']],
])('Go refuses %s', (_, texts) => {
  expect(texts.filter((text) => parseRegex(text).ok)).toEqual([]);
});

test.each([
  ['a{1001}', 'invalid repeat count: `{1001}`'],
  ['a**', 'invalid nested repetition operator: `**`'],
  ['|*', 'missing argument to repetition operator: `*`'],
  ['a\\1', 'invalid escape sequence: `\\1`'],
  ['a\\', 'trailing backslash at end of expression'],
  ['[b-a]', 'invalid character class range: `b-a`'],
  ['\\pL\\p{Old_Italic}', 'invalid character class range: `\\p{Old_Italic}`'],
  ['a[b', 'missing closing ]: `[b`'],
  ['a(b', 'missing closing ): `a(b`'],
  ['a)b', 'unexpected ): `a)b`'],
  ['(?P<n!>a)', 'invalid named capture: `(?P<n!>`'],
  ['a(?=b)', 'invalid or unsupported Perl syntax: `(?=`'],
  ['('.repeat(1000) + ')'.repeat(1000), 'expression nests too deeply'],
  ['.{1000}'.repeat(3400), 'expression too large'],
])('the refusal of `%.20s` says it in the words of Go', (text, reason) => {
  expect(parseRegex(text)).toEqual({
    ok: false,
    problem: `regular expression \`${text}\` is not valid: ${reason}`,
    help: 'write RE2 syntax: no look-around, no back-references, repeats up to 1000',
  });
});

test('a refusal quotes nothing that the user did not write', () => {
  expect(parseRegex('(?P<n>a')).toMatchObject({ problem: 'regular expression `(?P<n>a` is not valid: missing closing )' });
});

test('groups may nest 999 deep', () => {
  expect(parseRegex('('.repeat(999) + ')'.repeat(999)).ok).toBe(true);
});

test.each(['Greek', 'Han', 'L', 'Lu', 'LC', 'Uppercase_Letter', 'Combining_Mark', 'punct', 'Any', 'ASCII', 'Assigned'])(
  'case, blanks, hyphens and underscores in the name of a Unicode class do not matter: %s',
  (name) => {
    const spelling = fc.tuple(
      ...Array.from(name, (letter) =>
        fc.tuple(fc.constantFrom('', '_', '-', ' '), fc.constantFrom(letter.toLowerCase(), letter.toUpperCase())),
      ),
    );
    fc.assert(
      fc.property(spelling, fc.constantFrom('\\p{', '\\P{', '\\p{^'), (letters, open) => {
        const written = `${open}${letters.flat().join('')}}`;
        expect(parseRegex(written).ok).toBe(true);
        expect(parseRegex(`[a${written}]`).ok).toBe(true);
      }),
    );
  },
);

const { regex: regexes } = fc.letrec<{ regex: string; alternative: string; piece: string; atom: string; group: string }>((tie) => ({
  regex: fc.array(tie('alternative'), { minLength: 1, maxLength: 3 }).map((alternatives) => alternatives.join('|')),
  alternative: fc.array(tie('piece'), { maxLength: 3 }).map((pieces) => pieces.join('')),
  piece: fc.tuple(tie('atom'), fc.constantFrom('', '', '*', '+?', '{0,2}')).map((parts) => parts.join('')),
  atom: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      'a',
      'é',
      '.',
      '^',
      '\\b',
      '\\d',
      '\\.',
      '\\pL',
      '\\p{greek}',
      '[a-z]',
      '[^]\\n]',
      '[[:alpha:]_]',
      '\\Q*(\\E',
      '\\x{41}',
    ),
    tie('group'),
  ),
  group: fc.tuple(fc.constantFrom('(', '(?:', '(?i:', '(?P<n>'), tie('regex')).map(([open, inner]) => `${open}${inner})`),
}));

test('what is built by the grammar is an expression, and none with a parenthesis or a backslash too many', () => {
  fc.assert(
    fc.property(regexes, (text) => {
      expect(parseRegex(text).ok).toBe(true);
      expect(parseRegex(`(?:${text})?`).ok).toBe(true);
      expect([`(${text}`, `${text})`, `${text}\\`].filter((broken) => parseRegex(broken).ok)).toEqual([]);
    }),
  );
});

test('any text can be quoted, and any text can be escaped', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(parseRegex(text.replace(/[!-/:-@[-`{-~]/g, '\\$&')).ok).toBe(true);
      expect(text.includes('\\E') || parseRegex(`\\Q${text}\\E`).ok).toBe(true);
    }),
  );
});

test('an empty group behind an expression changes nothing', () => {
  const plain = textOf(['a', 'Z', '0', '-', '/', '.', '*', '+', '?', '^', '$', '[', ']', '[^', 'a-z', '\\', '\\.', '\\/', '\\-', ' ', '|']);
  fc.assert(
    fc.property(plain, (text) => parseRegex(text).ok === parseRegex(`${text}()`).ok),
    { numRuns: 1000 },
  );
});

test('whatever is asked, there is an answer', () => {
  const near = textOf([
    '(',
    ')',
    '[',
    ']',
    '(?',
    'P<n>',
    ':',
    '[:',
    ':]',
    '-',
    '\\',
    'p',
    '{',
    '}',
    '{2}',
    '*',
    '|',
    'a',
    'é',
    'Q',
    'E',
    'x',
    '\ud800',
  ]);
  fc.assert(fc.property(fc.oneof(anyText, near), (text) => typeof parseRegex(text).ok === 'boolean'));
});

test.each(['(', ')', '[', '[:', '[[:a', '\\p{', '[\\p{', '(?<', '*', '()(', '(?:a{1000})'])(
  '100,000 characters of `%s` are no expression',
  (part) => {
    expect(parseRegex(long(part)).ok).toBe(false);
  },
);

test.each(['a', '|', 'a*', '(a*)*', 'a{2}', '\\Q', '(?P<n>)', '\\d', '\ud800'])('100,000 characters of %j are an expression', (part) => {
  expect(parseRegex(long(part)).ok).toBe(true);
});

test('a short expression that would compile to a million instructions is only parsed', () => {
  for (let i = 0; i < 100; i++) {
    expect(parseRegex(`(${'a'.repeat(1300)}){1,1000}${i}`).ok).toBe(true);
  }
});

test('thousands of Unicode classes are checked by their names', () => {
  expect(parseRegex(`[${'\\pL'.repeat(200_000)}]`).ok).toBe(true);
  expect(parseRegex(`[${'\\pL'.repeat(1000)}\\pX]`).ok).toBe(false);
  expect(() => isWhole(`[${'\\pL'.repeat(1000)}]`, 'a')).toThrow('the expression has more than 50000 instructions');
});

test('an invalid repeat is reported as it is written', () => {
  expect(parseRegex('a{1,1001}')).toMatchObject({ ok: false, problem: expect.stringContaining('`{1,1001}`') as string });
  expect(parseRegex('a{3,2}').ok).toBe(false);
});

test.each([
  ['/[a-z0-9]{1,63}/[a-z0-9]{1,63}', '/a/b', true],
  ['(?:[a-f0-9]{8}-){3}[a-f0-9]{12}', '01234567-01234567-01234567-0123456789ab', true],
  [`(${'a'.repeat(1300)}){1,1000}`, 'a', undefined],
])('%.40s is matched, if it is not too large', (pattern, text, expected) => {
  const matched = () => isWhole(pattern, text);
  if (expected === undefined) {
    expect(matched).toThrow('the expression has more than 50000 instructions');
  } else {
    expect(matched()).toBe(expected);
  }
});
