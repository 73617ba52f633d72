/** Generates patterns of HTTP rules: realistic ones, mutations of them, and whatever the syntax of RE2 allows or nearly allows. */
import fc from 'fast-check';
import { among, weighted } from './choices';
import { textsOf } from './near-texts';

/** Patterns of a seed. The same seed gives the same patterns, and a smaller number gives the first ones. */
export function regexPatterns(seed: number, count: number): string[] {
  return fc.sample(fc.noBias(patterns), { seed, numRuns: count }).map((pattern) => pattern.replace(/\p{Cs}/gu, ''));
}

const WORDS = [
  ...['api', 'apps', 'v1', 'v2', 'users', 'user', 'orders', 'order_items', 'metrics', 'health', 'healthz', 'status', 'static', 'assets'],
  ...['dashboard', 'alerts', 'alert-rules', 'calendar', 'components', 'critical_metrics', 'critical_products', 'search', 'simple_search'],
  ...['advisory', 'clone', 'public', 'private', 'login', 'logout', 'callback', 'index.html', 'favicon\\.ico', '.well-known', 'é', 'größe'],
];

const words = among(...WORDS);

const methods = among('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'CONNECT', 'TRACE');

const classes = among(
  ...['.', '\\d', '\\w', '\\s', '\\D', '\\W', '\\S', '[^/]', '[^/?]', '[0-9]', '[a-z]', '[a-z0-9-]', '[0-9a-fA-F]', '[A-Za-z0-9_.~-]'],
  ...['[/?]', '[.]', '[aA]', '[kK]', '[Ss]', '[^.]', '[^a-z]', '[[:alnum:]]', '[[:^digit:]_]', '[\\w.-]', '[^\\s/]', '[\\d-]', '[é-ü]'],
  ...['[α-ω]', '[^\\x00-\\x1f]', '[一-龥]', '[\\x{10000}-\\x{10ffff}]', '[A-z]', '[^A-Z]', '[0-9a-z-]', '[\\x00-\\x{10FFFF}]'],
);

const repeats = among('*', '+', '?', '*?', '+?', '??', '{2}', '{3,}', '{0,2}', '{1,3}?', '{12}', '{36}', '{8}', '{0}', '{1}', '{0,40}');

const segments: fc.Arbitrary<string> = weighted(
  [6, words],
  [2, fc.tuple(classes, repeats).map(([one, times]) => one + times)],
  [2, fc.array(words, { minLength: 2, maxLength: 12 }).map((some) => `(${some.join('|')})`)],
  [1, fc.array(words, { minLength: 2, maxLength: 5 }).map((some) => `(?:${some.join('|')})`)],
  [1, fc.array(fc.tuple(words, words), { minLength: 2, maxLength: 5 }).map((some) => `(${some.map(([a, b]) => `${a}/${b}`).join('|')})`)],
  [1, fc.tuple(words, classes, repeats).map(([word, one, times]) => word + one + times)],
);

const paths = fc
  .tuple(
    among('', '', '', '^', '(?i)', '^(?i)', '(?s)'),
    fc.array(segments, { minLength: 1, maxLength: 8 }),
    among('', '', '.*', '/?', '(/.*)?', '([/?].*)?', '$', '/?(\\?.*)?', '(\\?.*)?$'),
  )
  .map(([head, some, tail]) => `${head}/${some.join('/')}${tail}`);

const hosts = fc
  .tuple(
    among('', '.*[.]', '.*\\.', '*.', '[^.]+\\.', '([a-z0-9-]+\\.)*', '(?i)', '(www\\.)?'),
    fc.array(words, { minLength: 1, maxLength: 5 }),
    among('.com', '[.]com', '\\.com', '\\.(com|net|org)', '', ':\\d+', '(:[0-9]{1,5})?'),
  )
  .map(([head, some, tail]) => head + some.join(some.length % 2 === 0 ? '.' : '\\.') + tail);

const rules = weighted([6, paths], [2, hosts], [1, fc.array(methods, { minLength: 1, maxLength: 9 }).map((some) => some.join('|'))]);

const characters = among(
  ...[...'aabcAkKsS019-_/:,=%&~ '],
  ...['é', 'É', 'ß', 'ſ', 'ſt', 'K', 'α', 'σ', 'ς', '漢', '😀', '\n', '\t', '\0', 'ǆ', 'ÿ', 'İ'],
  ...['\\n', '\\.', '\\/', '\\-', '\\_', '\\x41', '\\x{e9}', '\\x{1F600}', '\\101', '\\0', '\\12', '\\Qa.b\\E', '\\Q*', '\\t'],
);

const anchors = among('^', '$', '\\A', '\\z', '\\b', '\\B', '(?m)^', '(?m:$)', '(?m)$');

/** Anything that the syntax allows. */
const { node: expressions } = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 5, withCrossShrink: false },
    { weight: 5, arbitrary: characters },
    { weight: 3, arbitrary: classes },
    { weight: 1, arbitrary: anchors },
    { weight: 1, arbitrary: among('', '()', '(?:)', '(|)', '\\C', '(?s:.)', '[^\\x00-\\x{10ffff}]', '(?i)', '(?U)', '(?-i)', '(?is-U)') },
    { weight: 5, arbitrary: fc.array(tie('node'), { minLength: 2, maxLength: 5 }).map((some) => some.join('')) },
    { weight: 3, arbitrary: fc.array(tie('node'), { minLength: 2, maxLength: 5 }).map((some) => `(${some.join('|')})`) },
    { weight: 3, arbitrary: fc.array(tie('node'), { minLength: 2, maxLength: 5 }).map((some) => `(?:${some.join('|')})`) },
    { weight: 1, arbitrary: tie('node').map((one) => `(?P<n>${one})`) },
    {
      weight: 1,
      arbitrary: fc.tuple(among('(?i:', '(?s:', '(?U:', '(?m:', '(?i-s:'), tie('node')).map(([flags, one]) => `${flags}${one})`),
    },
    { weight: 4, arbitrary: fc.tuple(tie('node'), repeats).map(([one, times]) => `(?:${one})${times}`) },
    { weight: 3, arbitrary: fc.tuple(tie('node'), repeats).map(([one, times]) => one + times) },
    // What one alternative begins with, another begins with too.
    {
      weight: 2,
      arbitrary: fc
        .tuple(tie('node'), fc.array(tie('node'), { minLength: 2, maxLength: 4 }))
        .map(([first, rest]) => `(?:${rest.map((one) => first + one).join('|')})`),
    },
  ),
}));

/** Sets of characters, of which the bytes in UTF-8 are shared in many ways. */
const sets = fc
  .tuple(among('', '', '(?i)'), among('[', '[', '[^'), fc.array(fc.tuple(points(), points()), { minLength: 1, maxLength: 5 }))
  .map(
    ([head, open, ranges]) =>
      `${head}${open}${ranges.map(([a, b]) => `\\x{${hex(Math.min(a, b))}}-\\x{${hex(Math.max(a, b))}}`).join('')}]`,
  );

function points(): fc.Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0x7ff }),
    fc.integer({ min: 0x800, max: 0xffff }),
    fc.integer({ min: 0x10000, max: 0x10ffff }),
    among(0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x3ffff, 0x40000, 0x10ffff, 0x2fff, 0x30ff),
  );
}

function hex(point: number): string {
  return point.toString(16);
}

const unicodeNames = among(
  'Greek',
  'Old_Italic',
  'Thai',
  'Zs',
  'Nl',
  'Pc',
  'Lt',
  'L',
  '^Greek',
  'greek',
  'Letter',
  'Any',
  'Nd',
  'Hiragana',
);

const unicode = fc
  .tuple(among('', '(?i)'), among('\\p{', '\\P{', '[\\p{', '[^\\p{', '[a\\P{'), unicodeNames, repeats)
  .map(([flags, open, name, times]) => `${flags}${open}${name}}${open.startsWith('[') ? ']' : ''}${times}`);

const oddities = among(
  ...[
    'a**',
    'a{1001}',
    'a{2,1}',
    '{2}',
    'a{01}',
    'a{,3}',
    'a{1000}',
    '(a{100}){11}',
    '(a{0,2}){0}',
    '((a{10}){10}){10}',
    ')',
    '(',
    '[',
    ']',
  ],
  ...[
    '[]a]',
    '[^]a]',
    '[a-\\d]',
    '[b-a]',
    '[[:foo:]]',
    '[[:alpha:]',
    '\\8',
    '\\1',
    '\\E',
    '\\Z',
    '\\pN',
    '\\p{',
    '\\x',
    '\\x{110000}',
    '\\',
  ],
  ...['(?', '(?P<', '(?P<n', '(?P<n>', '(?P<1é>a)', '(?P<n>a)(?P<n>b)', '(?<n>a)', '(?=a)', '(?<=a)', '(?!a)', '(?#a)', '(?i-)a', '(?)a'],
  ...[
    'a*(?i)*',
    '(a*)*',
    '(?:a*)+',
    '(?:a*)?',
    '(a|b)*?c',
    '(?:|){20}',
    '^{5}',
    '(?:^|$){7}',
    'a*a*a*aaab',
    'a+a?a{2,3}',
    '\\C*',
    '(?s).*',
  ],
);

const patterns: fc.Arbitrary<string> = weighted(
  [30, rules],
  [
    15,
    fc
      .tuple(rules, fc.array(fc.tuple(fc.nat(), fc.nat(3), mutants()), { minLength: 1, maxLength: 3 }))
      .map(([one, edits]) => edits.reduce(edited, one)),
  ],
  [30, expressions],
  [8, fc.tuple(paths, expressions).map(([path, more]) => path + more)],
  [8, sets],
  [2, unicode],
  [2, oddities],
  [3, fc.tuple(oddities, expressions, oddities).map((some) => some.join(''))],
  [
    3,
    textsOf(['a', 'ab', '(', ')', '|', '*', '+', '?', '[', ']', '^', '-', '{2}', '\\', '\\d', '(?i)', '(?:', '.', '[a-z]', '\\Q', '\\E']),
  ],
);

function mutants(): fc.Arbitrary<string> {
  return weighted([3, characters], [2, classes], [2, repeats], [1, anchors], [3, among('(', ')', '|', '[', ']', '*', '\\', '(?:', '(?i)')]);
}

/** A pattern with a part inserted, replaced, removed or repeated. */
function edited(pattern: string, [at, how, part]: readonly [number, number, string]): string {
  const place = at % (pattern.length + 1);
  const [before, after] = [pattern.slice(0, place), pattern.slice(place)];
  return [before + part + after, before + part + after.slice(1), before + after.slice(1), before + after.slice(0, 3) + after][how];
}
