import { ExcessiveAliasing, toJson } from '../../lib/read/yaml/json';
import { parseYaml } from '../../lib/read/yaml/parse';
import { replay, textParts, yamlJudge } from '../support/vectors/replay';
import { readSet } from '../support/vectors/store';

function json(text: string): unknown {
  const { root, problems } = parseYaml(text);
  return root === undefined ? problems : toJson(root);
}

function problems(text: string): string[] {
  return parseYaml(text).problems.map(({ is, message, start, end }) => `${is}: ${message}, at ${JSON.stringify(text.slice(start, end))}`);
}

test('a text is read as the Kubernetes tools read it', () => {
  const texts = readSet('texts');
  const { disagreements, compared } = replay(texts, textParts, yamlJudge);
  expect(disagreements.map(({ question, part, cilium, ours }) => ({ question, part, cilium, ours }))).toEqual([]);
  expect(compared).toBeGreaterThan(3 * texts.length);
});

test.each<[string, unknown]>([
  ['a: on\nb: No\nc: ~\nd:\n', { a: true, b: false, c: null, d: null }],
  ['a: 0755\nb: 0o17\nc: 0b11\nd: 0x1F\ne: 1_000\nf: 080\n', { a: 493, b: 15, c: 3, d: 31, e: 1000, f: 80 }],
  ['a: 1:30\nb: 2020-01-01\nc: 1e400\n', { a: '1:30', b: '2020-01-01', c: '1e400' }],
  ['y: 1\n8080: 2\n1.5: 3\n', { true: 1, '8080': 2, '1.5': 3 }],
  ['base: &b {a: 1, b: 2}\nmore:\n  <<: *b\n  a: 3\n', { base: { a: 1, b: 2 }, more: { a: 3, b: 2 } }],
  ['a: [\n1,\n2\n]\n', { a: [1, 2] }],
  ['a: "b\nc"\n', { a: 'b c' }],
  [
    'x: 1\na:\t{b:\tc}\nd: \t[1] # x:\ty\ne: &e\t!t\t["k: \tv"]\n"k: \tv":\t{}\n',
    { x: 1, a: { b: 'c' }, d: [1], e: ['k: \tv'], 'k: \tv': {} },
  ],
  ['a: |\n  b', { a: 'b' }],
  // Answers of `sigs.k8s.io/yaml` 1.6.0: a comment needs no space before it behind quotes and brackets, ...
  ['a:\n  b: "TCP"# comment\n', { a: { b: 'TCP' } }],
  ['a:\n  - \'TCP\'# comment\nb: {x: [1]# c\n }# d\nc: &x "y"#c\nd: *x\n', { a: ['TCP'], b: { x: [1] }, c: 'y', d: 'y' }],
  // ... the name of an alias ends before a colon, ...
  ['a: &app x\n*app: 1\nb:\n  - *app: {*app: 2}\n    c: [*app: 3]\n', { a: 'x', x: 1, b: [{ x: { x: 2 }, c: [{ x: 3 }] }] }],
  // ... and a block scalar may stand as far left as its key.
  ['a:\n|\n x\nb:\n  c: !!str # d\n  >-\n    y\n  e: 1\n', { a: 'x\n', b: { c: 'y', e: 1 } }],
  ['a: 1\n---\nb: 2\n', { a: 1 }],
  ['a: !!str 1\nb: !local 1\nc: !!binary aGk=\n', { a: '1', b: '1', c: 'hi' }],
])('%j is %j', (text, value) => {
  expect(json(text)).toEqual(value);
});

test.each([
  ['a: 1\nb: 2\na: 3\n', ['duplicate-key: duplicate key `a`, at "a"']],
  ['a: &x y\nb: *x# c\n', ['syntax: bad indentation of a mapping entry, at ""']],
  ['a: &x y\nb: *x:\n', ['syntax: the name of an anchor can have only letters, digits, `-` and `_`, at "x:"']],
  ['a:\n  b:\n  "x"\n  c: 1\n', [`syntax: expected ':' after a mapping key, at ""`]],
  ['a: *x\n', ['syntax: `*x` has no anchor `&x` before it, at "x"']],
  ['a: .inf\n', ['syntax: `.inf` cannot be represented in JSON, at ".inf"']],
  ['a: [1, 2]]\n', ['syntax: bad indentation of a mapping entry, at ""']],
  ['{a: 1} {b: 2}\n', ['ignored-text: this text is after the end of the document and is ignored, at "{b: 2}\\n"']],
  ['a: !!int x\n', ['syntax: `x` is not a valid `!!int`, at "x"']],
  ['a: "\\/"\n', ['syntax: not a valid escape sequence in YAML 1.1, at "\\\\/"']],
  ['a: "\\u0041\\/"\n', ['syntax: not a valid escape sequence in YAML 1.1, at "\\\\u0041\\\\/"']],
  ['&a [*a]\n', ['syntax: `*a` is inside the node that it refers to, at "a"']],
  ['- \t[a]\n', ['syntax: a tab where YAML 1.1 allows only spaces, at ""']],
  ['{a:{b: 1}}\n', ['syntax: the colon after a key must be followed by a space, at ":"']],
  [' ---\na: 1\n', ['syntax: `---` separates documents only at the beginning of a line, at "---"']],
  ['{"a\nb": 1}\n', ['syntax: the key spans more than one line, at "a\\nb"']],
])('%j is reported as %j', (text, told) => {
  expect(problems(text)).toEqual(told);
});

test('places refer to the original text, even after lines that were indented by a patch', () => {
  const text = 'a: [\n1,\n2\n]\nb: word\n';
  const { root } = parseYaml(text);
  const value = root?.is === 'mapping' ? root.entries[1].value : undefined;
  expect(value && text.slice(value.start, value.end)).toBe('word');
});

describe('what only YAML 1.1 allows is read in few rounds, however often it occurs:', () => {
  const MANY = 20_000;
  const numbers = Array.from({ length: MANY }, (_, i) => i);

  test.each<[string, string, unknown]>([
    ['lines in brackets that are not indented', `a: [${'\n1,'.repeat(MANY)}\n]\n`, { a: Array(MANY).fill(1) }],
    ['lines in brackets that begin with tabs', `a: [${'\n\t1,'.repeat(MANY)}\n]\n`, { a: Array(MANY).fill(1) }],
    ['lines in quotes that are not indented', `a: "b${'\nb'.repeat(MANY)}"\n`, { a: 'b' + ' b'.repeat(MANY) }],
    ['tags with a comma', `[${'!t, v, '.repeat(MANY)}w]\n`, [...Array<string>(MANY).fill('v'), 'w']],
    [
      'question marks before keys',
      `{${numbers.map((i) => `?k${i}`).join(', ')}}\n`,
      Object.fromEntries(numbers.map((i) => [`k${i}`, null])),
    ],
  ])('%s', (_, text, value) => {
    expect(json(text)).toEqual(value);
  });

  test('brackets on many lines, between comments, quotes and block scalars', () => {
    const part = (i: number) =>
      `k${i}: [ # [ "\n'it''s [',\n# ]\n{a: "\\"]",\n}\n]\nb${i}: |\n  - [\n   x\nc${i}: don't [\nd${i}: &x {e:\n1}\n`;
    const { root, problems } = parseYaml(Array.from({ length: 2_000 }, (_, i) => part(i)).join(''));
    expect(problems).toEqual([]);
    expect(toJson(root!)).toMatchObject({ k9: ["it's [", { a: '"]' }], b9: '- [\n x\n', c9: "don't [", d1999: { e: 1 } });
  });
});

test.each([
  ['a: {b: &x\n1,\nc: 2}\n', 'missed comma between flow collection entries'],
  ['a: [\n1,\n2\n]]\nb: [\n3\n]\n', 'bad indentation of a mapping entry'],
  ['[!t, v, !u, !w, x]\n', 'duplication of a tag property'],
  ['{!t, a: !!int x, !u, b: 1, !!int, c: 1}\n', '`x` is not a valid `!!int`'],
])('%j is rejected for what is wrong with it', (text, message) => {
  expect(parseYaml(text).problems).toMatchObject([{ message }]);
});

test('an error after lines that were indented by a patch has the place of the original text', () => {
  expect(problems('a: [\n1\n]\nb: {? [x] : y}\n')).toEqual(['syntax: a key must be a string, a number or a boolean, at "[x"']);
});

test('overriding many merged keys is no mistake', () => {
  const keys = Array.from({ length: 2_000 }, (_, i) => `k${i}: 1`);
  const { root, problems: found } = parseYaml(`a: &a {${keys.join(', ')}}\nb:\n  <<: *a\n${keys.map((key) => `  ${key}\n`).join('')}`);
  expect(root).toBeDefined();
  expect(found.map(({ is }) => is)).toEqual(['merge-override']);
});

test('duplicate keys and merged entries are limited', () => {
  const duplicates = parseYaml('a: 1\n'.repeat(1_002));
  expect(duplicates.root).toBeUndefined();
  expect(duplicates.problems.slice(999)).toMatchObject([
    { is: 'duplicate-key' },
    { is: 'limit', message: 'more than 1000 keys are duplicates' },
  ]);
  expect(parseYaml('a: 1\n'.repeat(1_001))).toMatchObject({ root: {}, problems: Array(1_000).fill({ is: 'duplicate-key' }) });
  const keys = Array.from({ length: 1_000 }, (_, i) => `k${i}: 1`).join(', ');
  const merges = (count: number) => parseYaml(`a: &a {${keys}}\nb:\n${'- <<: *a\n'.repeat(count)}`).problems;
  expect(merges(1_000)).toEqual([]);
  expect(merges(1_001)).toMatchObject([{ is: 'limit', message: '`<<` merges more than 1000000 entries' }]);
});

test('excessive nesting is rejected, and nothing hangs', () => {
  expect(parseYaml('['.repeat(200)).problems).toMatchObject([{ is: 'limit' }]);
  const alias = [
    'a: &a [1]',
    ...Array.from(
      { length: 25 },
      (_, i) => `${'b'.repeat(i + 1)}: &x${i} [*${i === 0 ? 'a' : `x${i - 1}`}, *${i === 0 ? 'a' : `x${i - 1}`}]`,
    ),
  ];
  // Half a gigabyte if it were written out; as a tree it is small.
  const { root } = parseYaml(alias.join('\n'));
  expect(() => toJson(root!)).toThrow(ExcessiveAliasing);
});

test('a mapping may have more keys than a function call may have arguments', () => {
  const { root, problems } = parseYaml(Array.from({ length: 200_000 }, (_, i) => `key-${i}: ${i}\n`).join(''));
  expect(problems).toEqual([]);
  expect(root?.is === 'mapping' && root.entries.length).toBe(200_000);
});
