/** Placeholders with values. */
import { check, checkObjects, compile, JsonObject } from '../../lib/engine';
import { readSources } from '../../lib/read/read';
import { parseVariableFile } from '../../lib/read/variables';

function filled(written: string, values: Readonly<Record<string, string>>): unknown {
  const text = `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspec:\n  x: ${written}\n`;
  const { policies } = readSources([{ name: 'a.yaml', text }], { namespace: 'default', variables: values });
  return (policies[0].value.spec as { readonly x: unknown }).x;
}

test.each<[string, string, unknown]>([
  ['a variable', '${X}', 'one'],
  ['a part of a text', 'a-${X}.${Y}-z', 'a-one.2-z'],
  ['a variable that has no value', '${Z}', '${Z}'],
  ['a default that is not needed', '${X:=other}', 'one'],
  ['a default', '${Z:=other}', 'other'],
  ['a default after a hyphen', '${Z:-other}', 'other'],
  ['an empty default', '"${Z:=}"', ''],
  ['a default for an empty value', '${EMPTY:=other}', 'other'],
  ['a default only for a value that is not set', '"${EMPTY=other}"', ''],
  ['an escape', '$${X}', '${X}'],
  ['a function, which is not known', '${X^^}', '${X^^}'],
  ['a template', '"{{ X }}"', '{{ X }}'],
  ['a value that looks like a variable', '${LOOP}', '${LOOP}'],
  ['a number without quotes', '${Y}', 2],
  ['a number in quotes', '"${Y}"', '2'],
  ['a number with a tag', '!!str ${Y}', '2'],
  ['a number with an anchor', '&a ${Y}', 2],
  ['a number in a block', '|-\n    ${Y}', '2'],
  ['a number that its value puts in quotes', '${QUOTED}', '2'],
  ['a number with a comment', '${COMMENT}', 2],
  ['a list, which stays a text', '${LIST}', '[a]'],
  ['nothing without quotes', '${EMPTY}', null],
  ['a key', '{"${X}": 1}', { one: 1 }],
  ['a name that objects have', '${constructor}', '${constructor}'],
])('%s is filled in: %s', (_, written, expected) => {
  expect(filled(written, { X: 'one', Y: '2', EMPTY: '', LOOP: '${LOOP}', QUOTED: '"2"', COMMENT: '2 # two', LIST: '[a]' })).toEqual(
    expected,
  );
});

test.each<[string, string, object | RegExp]>([
  ['a mapping', 'CIDR: 192.0.2.0/24\nPORT: 80\nDEBUG: true\nNONE:\n', { CIDR: '192.0.2.0/24', PORT: '80', DEBUG: 'true', NONE: '' }],
  ['a ConfigMap', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: vars}\ndata: {A: b}\n', { A: 'b' }],
  ['a ConfigMap without data', 'apiVersion: v1\nkind: ConfigMap\n', {}],
  ['lines', '# comment\nexport A=b c\n\nB="d=e"\nC=\n', { A: 'b c', B: 'd=e', C: '' }],
  ['JSON', '{"A": "b"}', { A: 'b' }],
  ['lines of Windows', 'A=1\r\nB=2\r\n', { A: '1', B: '2' }],
  [
    'numbers as they are written',
    'A: 1.10\nB: 0123\nYES: 12345678901234567890123\n',
    { A: '1.10', B: '0123', YES: '12345678901234567890123' },
  ],
  ['an empty file', '', {}],
  ['a list', '- A\n', /^v\.yaml:1:3: `values` must be a mapping/],
  ['a name that is none', 'A: b\n1-A: b\n', /^v\.yaml:2:1: the name of a variable has letters/],
  ['a nested value', 'A: {B: c}\n', /^v\.yaml:1:1: the value is not a string/],
  ['no YAML', 'A: [', /^v\.yaml:1:\d+: the file is not valid YAML$/],
  ['two documents', 'A: b\n---\nC: d\n', /^v\.yaml:3:1: the file must have only one document$/],
])('a file of values: %s', (_, text, expected) => {
  const parsed = parseVariableFile('v.yaml', text);
  expect(parsed.ok ? parsed.value : parsed.problem).toEqual(
    expected instanceof RegExp ? (expect.stringMatching(expected) as string) : expected,
  );
});

const POLICY = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { endpointSelector: { matchLabels: { app: 'db' } }, ingress: [{ fromEndpoints: [{ matchLabels: { app: '${APP:=web}' } }] }] },
};

test.each<[object, boolean | null]>([
  [{}, null],
  [{ values: {} }, true],
  [{ values: { APP: 'web' } }, true],
  [{ values: { APP: 'other' } }, false],
])('a default counts only where values are given: %j', (options, allowed) => {
  const flow = { from: 'labels:app=web@shop', to: 'labels:app=db@shop', port: 80 };
  expect(compile([{ name: 'a.yaml', text: JSON.stringify(POLICY) }], options).verdict(flow).allowed).toBe(allowed);
});

test('what is filled in is checked at the place of the placeholder', () => {
  const text = `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspec:\n  endpointSelector: {}\n  ingress:\n    - fromCIDR:\n        - \${CIDR}\n`;
  const found = (cidr: string) =>
    check([{ name: 'a.yaml', text }], { values: { CIDR: cidr } }).map(({ code, line, column, message }) => [code, line, column, message]);
  expect(found('192.0.2.0/24')).toEqual([]);
  expect(found('192.0.2.0/33')).toEqual([['CIL106', 8, 11, expect.stringContaining('192.0.2.0/33')]]);
});

test('values that make a document too large end in an error', () => {
  const text = JSON.stringify({ ...POLICY, spec: Array.from({ length: 2000 }, () => '${X}') });
  const [finding, ...more] = check([{ name: 'a.yaml', text }], { values: { X: 'x'.repeat(1_000_000) } });
  expect([finding.code, finding.message, more]).toEqual([
    'CIL008',
    'the values add more than 33554432 characters to the documents of this run',
    [],
  ]);
});

test.each<[string, string, RegExp]>([
  ['with a NUL', 'A: \0\n', /^v\.yaml:1:4: the file is not valid YAML$/],
  ['too deep', `A: ${'['.repeat(200)}\n`, /the file is too deep/],
  [
    'of anchors that expand',
    `${Array.from({ length: 30 }, (_, i) => `a${i}: &a${i} [${i === 0 ? 'x' : `*a${i - 1}, *a${i - 1}, *a${i - 1}`}]`).join('\n')}\n`,
    /^v\.yaml: the file is too deep, or repeats its anchors too often$/,
  ],
  ['with a key twice', 'A: b\nA: c\n', /^v\.yaml:2:1: a key stands twice$/],
  ['with a name of JavaScript', '__proto__: {A: b}\n', /^v\.yaml:1:1: the value is not a string/],
  ['a template', '{{ range .Values }}\nA: b\n{{ end }}\n', /^v\.yaml:1:\d+: the file is not valid YAML$/],
])('a hostile file of values %s is an error with its place, and quotes nothing', (_, text, problem) => {
  const parsed = parseVariableFile('v.yaml', text);
  expect(parsed).toMatchObject({ ok: false, problem: expect.stringMatching(problem) as string });
});

test('a name of JavaScript is a name like others', () => {
  expect(filled('a-${__proto__}-${toString}', Object.fromEntries([['toString', 'x']]))).toBe('a-${__proto__}-x');
  const parsed = parseVariableFile('v.env', '__proto__=a\nconstructor=b\n');
  expect(parsed.ok && Object.entries(parsed.value)).toEqual([
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ]);
});

test('a key that stands twice once its value is filled in is an error', () => {
  const text = `apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspec:\n  endpointSelector:\n    matchLabels:\n      app: web\n      \${KEY}: other\n  ingress: [{}]\n`;
  const found = check([{ name: 'a.yaml', text }], { values: { KEY: 'app' } });
  expect(found.map(({ code, line, message }) => [code, line, message])).toEqual([
    ['CIL002', 8, 'the key stands twice when its value is filled in'],
  ]);
});

test('values have one bound for all documents, and for the namespaces of kustomizations', () => {
  const values = { X: 'x'.repeat(1_000_000) };
  const documents = Array.from({ length: 40 }, () => JSON.stringify({ ...POLICY, spec: ['${X}'] })).join('\n');
  expect(check([{ name: 'a.json', text: documents }], { values }).filter(({ code }) => code === 'CIL008').length).toBeGreaterThan(5);
  const files = { 'kustomization.yaml': `resources: [a.yaml]\nnamespace: "${'${X}'.repeat(2000)}"\n`, 'a.yaml': JSON.stringify(POLICY) };
  expect(
    check(
      Object.entries(files).map(([name, text]) => ({ name, text })),
      { values },
    ).map(({ code }) => code),
  ).toEqual(['CIL008']);
});

test('an object of a program that is deeper than any manifest is no crash', () => {
  let deep: object = {};
  for (let i = 0; i < 20_000; i++) {
    deep = { a: deep };
  }
  expect(() => checkObjects([{ kind: 'ConfigMap', data: deep } as unknown as JsonObject], { values: { A: 'b' } })).not.toThrow();
});
