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
  ['a: |\n  b', { a: 'b' }],
  ['a: 1\n---\nb: 2\n', { a: 1 }],
  ['a: !!str 1\nb: !local 1\nc: !!binary aGk=\n', { a: '1', b: '1', c: 'hi' }],
])('%j is %j', (text, value) => {
  expect(json(text)).toEqual(value);
});

test.each([
  ['a: 1\nb: 2\na: 3\n', ['duplicate-key: duplicate key `a`, at "a"']],
  ['a: *x\n', ['syntax: `*x` has no anchor `&x` before it, at "x"']],
  ['a: .inf\n', ['syntax: `.inf` cannot be represented in JSON, at ".inf"']],
  ['a: [1, 2]]\n', ['syntax: bad indentation of a mapping entry, at ""']],
  ['{a: 1} {b: 2}\n', ['ignored-text: this text is after the end of the document and is ignored, at "{b: 2}\\n"']],
  ['a: !!int x\n', ['syntax: `x` is not a valid `!!int`, at "x"']],
  ['a: "\\/"\n', ['syntax: not a valid escape sequence in YAML 1.1, at "\\\\/"']],
  ['&a [*a]\n', ['syntax: `*a` is inside the node that it refers to, at "a"']],
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
