/** Generates texts with objects: streams of documents in YAML and JSON. The oracle answers which objects kubectl finds in them. */
import fc from 'fast-check';
import { among, few, weighted } from './choices';
import { policyArbitrary } from './policies';
import { damaged } from './texts';
import { UNIVERSE } from './universe';
import { yamlOf } from './yaml-style';

/** The two spellings of a scalar, of a key, or of another value on one line. */
interface Spelling {
  readonly yaml: string;
  readonly json: string;
}

/** A value whose keys may be repeated. */
type Tree = Spelling | { readonly items: readonly Tree[] } | { readonly entries: readonly Entry[] };

type Entry = readonly [key: Spelling, value: Tree];

/** A text in its usual spelling, or rarely with escapes. */
function spelled(text: string): fc.Arbitrary<Spelling> {
  const [first, rest] = [text.charCodeAt(0), text.slice(1)];
  const hex = first.toString(16).padStart(2, '0');
  const quoted = JSON.stringify(text);
  const slashes = quoted.replaceAll('/', '\\/');
  const escaped = { yaml: `"\\x${hex}${rest}"`, json: `"\\u00${hex}${rest}"` };
  return weighted(
    [40, fc.constant({ yaml: text, json: quoted })],
    [4, among({ yaml: quoted, json: quoted }, { yaml: `'${text}'`, json: quoted })],
    [3, fc.constant(escaped)],
    [2, among({ yaml: slashes, json: slashes }, { yaml: `!!str ${text}`, json: slashes })],
  );
}

/** Values that are no plain text. */
function raw(...texts: readonly string[]): fc.Arbitrary<Spelling> {
  return among(...texts.map((text) => ({ yaml: text, json: text })));
}

function entry(key: fc.Arbitrary<Spelling>, value: fc.Arbitrary<Tree>): fc.Arbitrary<readonly Entry[]> {
  return fc.tuple(key, value).map((pair) => [pair]);
}

/** Entries with the chance that they are there, in percent. */
function maybe(percent: number, entries: fc.Arbitrary<readonly Entry[]>): fc.Arbitrary<readonly Entry[]> {
  return weighted([percent, entries], [100 - percent, fc.constant([])]);
}

function tree(...parts: readonly fc.Arbitrary<readonly Entry[]>[]): fc.Arbitrary<Tree> {
  return fc.tuple(...parts).map((all) => ({ entries: all.flat() }));
}

const POLICY_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CiliumCIDRGroup'];
const OTHER_KINDS = ['Pod', 'ConfigMap', 'CiliumEndpoint', 'CiliumNetworkPolice', 'AllowList'];
const LIST_KINDS = ['List', 'PodList', 'CiliumNetworkPolicyList', 'Listing', 'CiliumNetworkPolicy', 'AllowList'];

const kindKey = weighted([60, spelled('kind')], [1, spelled('Kind')]);
const versionKey = weighted([30, spelled('apiVersion')], [1, spelled('apiversion')]);

const policyKind = among(...POLICY_KINDS).chain(spelled);
const anyKind = weighted<Spelling>(
  [24, policyKind],
  [16, among(...OTHER_KINDS).chain(spelled)],
  [1, raw('null', '""', '1', 'true', '[]', '{}')],
);
const listKind = weighted<Spelling>([40, among(...LIST_KINDS).chain(spelled)], [1, raw('null', '""', '1')]);

const version = weighted<Spelling>(
  [40, spelled('cilium.io/v2')],
  [20, spelled('v1')],
  [1, among('cilium.io/v3', 'cilium.io/v2/x', 'a/b', '/', '/v1').chain(spelled)],
  [1, raw('null', '""', '2', '{}')],
);

const metadata = weighted<Tree>(
  [20, tree(entry(spelled('name'), among('a', 'b', 'web').chain(spelled)))],
  [
    3,
    tree(
      entry(spelled('name'), among('a', 'b').chain(spelled)),
      entry(spelled('namespace'), spelled('shop')),
      entry(spelled('labels'), raw('{"app": "web"}', '{}', 'null')),
    ),
  ],
  [1, raw('null', '{}', '{"name": 1}', '{"name": null}', '{"labels": {"a": 1}}', '"a"', '[]', '{"Name": 1}')],
);

const spec: fc.Arbitrary<Tree> = raw(
  '{"endpointSelector": {}}',
  '{"endpointSelector": {"matchLabels": {"app": "web"}}, "ingress": [{}]}',
  '{"ports": [80, 1.5, 1e3]}',
  '{"items": [{"kind": "Pod"}]}',
  '{}',
  'null',
);

/** A comment, a repeated key, a template, an anchor or a merge: lines of YAML only. */
const yamlOnly = among('# {{ x }}', '# ---', 'x: {{ x }}', "x: '{{ x }}'", 'x: &a b', 'x: *a', '<<: {kind: Pod}', 'y: 1', '');

function common(kind: fc.Arbitrary<Spelling>): fc.Arbitrary<readonly Entry[]> {
  const both = fc.tuple(maybe(97, entry(versionKey, version)), maybe(98, entry(kindKey, kind)), maybe(3, entry(kindKey, kind)));
  return fc.tuple(both, fc.boolean()).map(([parts, isSwapped]) => (isSwapped ? [...parts].reverse() : parts).flat());
}

const simple = tree(common(anyKind), maybe(90, entry(spelled('metadata'), metadata)), maybe(50, entry(spelled('spec'), spec)));

/** An item that takes its kind from its list, or has only one of kind and version. */
const partial = tree(
  maybe(8, entry(spelled('kind'), policyKind)),
  maybe(8, entry(spelled('apiVersion'), version)),
  maybe(90, entry(spelled('metadata'), metadata)),
);

/** Lists in lists, at most three deep. */
function listOf(depth: number): fc.Arbitrary<Tree> {
  const item = weighted<Tree>(
    [24, simple],
    [10, partial],
    [1, raw('null', '{}', '1', '"a"', '[]', '[{"kind": "Pod", "apiVersion": "v1"}]')],
    ...(depth > 0 ? [[2, listOf(depth - 1)] as const] : []),
  );
  const items = weighted<Tree>(
    [24, few(item, 0, 3).map((all) => ({ items: all }))],
    [3, raw('null', '[]', '{}', '"a"', '1', 'false', '{"a": {}}', '[null]')],
  );
  return tree(
    common(listKind),
    maybe(40, entry(spelled('metadata'), metadata)),
    entry(weighted([15, spelled('items')], [1, among('Items', 'ITEMS', 'item').chain(spelled)]), items),
    maybe(4, entry(spelled('items'), raw('null', '[]'))),
  );
}

const objects: fc.Arbitrary<Tree> = weighted([13, simple], [7, among(0, 0, 0, 0, 1, 2).chain(listOf)]);

/** Documents that hold no object. */
const NO_OBJECTS = [
  '',
  'null',
  '~',
  '# c',
  '{}',
  '[]',
  '[{"kind": "Pod", "apiVersion": "v1"}]',
  'a',
  '"a"',
  '1',
  'true',
  '""',
  ' ',
  '!!null a',
];

/** Policies with all their fields, so that a text has more characters than the buffer of the decoder. */
const long = policyArbitrary(UNIVERSE).chain((policy) => among(JSON.stringify(policy), JSON.stringify(policy, undefined, 2)));

const jsonDocument = weighted(
  [40, fc.tuple(objects, among(undefined, 1, 2)).map(([object, step]) => jsonText(object, step))],
  [2, long],
  [2, among(...NO_OBJECTS)],
);

const yamlDocument = weighted(
  [40, fc.tuple(objects, weighted([7, among('')], [1, yamlOnly])).map(([object, line]) => `${blockText(object, 0)}\n${line}`)],
  [4, objects.map(flowText)],
  [2, policyArbitrary(UNIVERSE).chain(yamlOf)],
  [2, among(...NO_OBJECTS)],
);

/** What follows one document and precedes the next, in YAML. */
const yamlSeparator = weighted(
  [40, among('\n---\n')],
  [
    20,
    among(
      ...['\n--- # c\n', '\n---   \n', '\n---\t# c\n', '\n--- # {{ c }}\n', '\n---#c\n', '\n---\n---\n'],
      ...['\n---\n# c\n---\n', '\n---\nnull\n---\n', '\n\n---\n\n', '\n---\n%YAML 1.1\n---\n', '\n%YAML 1.1\n---\n', '\n...\n---\n'],
      ...['\n---\r\n', '\r\n---\r\n', '\n---\n\ufeff', '\n---\u00a0\n', '\n---\u0085\n', '\n---\u000b\n', '\n---\u2028\n', '\n---\ufeff\n'],
    ),
  ],
  [
    3,
    among(
      '\n ---\n',
      '\n--- a\n',
      '\n--- {{ c }}\n',
      '\n---a\n',
      '\n----\n',
      '\n...\n',
      '\n... # c\n',
      '\n',
      '\r---\r',
      '\n--- ',
      '\n--- |\n',
      '\n\ufeff---\n',
      '---\n',
    ),
  ],
);

/** The same in JSON, where nothing is needed. */
const jsonSeparator = weighted(
  [20, among('', '\n', ' ', '\r\n', '\n\n', ' \n', '\t')],
  [10, among('\n---\n', '---\n', ' ---\n', '\n---', '\n--- # c\n', ' \n---\n', '\n\n---\n', '\n...\n', '\n---\n---\n', '\r\n---\r\n')],
  [2, among(',', ';', '\n# c\n', '\nnull\n', '\n1\n', '\n"a"\n', '\n[]\n', '{}', '\n{}\n', '}', '\u00a0', '\ufeff', '\n%YAML 1.1\n---\n')],
);

/** A comment whose length is about the size of a buffer. */
const padding = among(500, 1_000, 4_000, 4_090, 5_000).map((length) => `# ${'-'.repeat(length)}\n`);

const head = weighted(
  [60, among('')],
  [10, among('---\n', '\n', '# c\n', '\ufeff', '{}\n', '--- # c\n')],
  [
    2,
    among(
      ' ',
      '\t',
      '\n\n\n',
      '\ufeff---\n',
      '\ufeff\ufeff',
      '%YAML 1.1\n---\n',
      '%YAML 1.1\n',
      'null\n---\n',
      '\u00a0',
      '---',
      '--- a\n',
      '...\n',
    ),
  ],
  [1, padding],
  [1, among(500, 4_094, 5_000).map((length) => ' '.repeat(length))],
);

const tail = weighted(
  [15, among('\n', '')],
  [4, among('\n---', '\n---\n', '\n# c\n', '\n\n', ' ')],
  [1, among('\n...\nkind: Pod\n', '\n...', '\n--- a', '\n--- # c', '\n---\n---', '\n---\nnull', '}', '\u0000', '\n\ufeff')],
);

/** Documents with what is between them. */
function stream(documents: fc.Arbitrary<string>, separators: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(head, documents, few(fc.tuple(separators, documents), 0, 3), tail)
    .map(([before, first, rest, after]) => before + first + rest.flat().join('') + after);
}

const streams = weighted(
  [10, stream(yamlDocument, yamlSeparator)],
  [5, stream(jsonDocument, jsonSeparator)],
  [2, stream(jsonDocument, yamlSeparator)],
  [3, stream(fc.oneof(yamlDocument, jsonDocument), fc.oneof(yamlSeparator, jsonSeparator))],
);

const ended = fc
  .tuple(streams, weighted([40, among('\n')], [3, among('\r\n')], [1, among('\r')]))
  .map(([text, lineEnd]) => text.replaceAll('\n', lineEnd));

const objectTextArbitrary = weighted([9, ended], [1, ended.chain(damaged)]);

/** The texts of a seed. */
export function objectTexts(seed: number, count: number): string[] {
  return fc.sample(fc.noBias(objectTextArbitrary), { seed, numRuns: count });
}

/** JSON, on one line or indented. */
function jsonText(value: Tree, step: number | undefined, pad = ''): string {
  if ('json' in value) {
    return value.json;
  }
  const [open, close, parts] = partsOf(value, (inner) => jsonText(inner, step, pad + ' '.repeat(step ?? 0)));
  const lineEnd = step === undefined ? '' : `\n${pad}`;
  const inner = step === undefined ? '' : `${lineEnd}${' '.repeat(step)}`;
  return parts.length === 0 ? open + close : `${open}${inner}${parts.join(`,${inner}`)}${lineEnd}${close}`;
}

function partsOf(value: Exclude<Tree, Spelling>, text: (inner: Tree) => string): [open: string, close: string, parts: string[]] {
  return 'items' in value
    ? ['[', ']', value.items.map(text)]
    : ['{', '}', value.entries.map(([key, inner]) => `${key.json}: ${text(inner)}`)];
}

function flowText(value: Tree): string {
  if ('yaml' in value) {
    return value.yaml;
  }
  return 'items' in value
    ? `[${value.items.map(flowText).join(', ')}]`
    : `{${value.entries.map(([key, inner]) => `${key.yaml}: ${flowText(inner)}`).join(', ')}}`;
}

/** YAML in block style. */
function blockText(value: Tree, indent: number): string {
  const pad = ' '.repeat(indent);
  if ('yaml' in value) {
    return value.yaml;
  }
  return 'items' in value
    ? value.items.map((item) => `- ${blockText(item, indent + 2)}`).join(`\n${pad}`) || '[]'
    : value.entries.map(([key, inner]) => `${key.yaml}:${afterKey(inner, indent + 2)}`).join(`\n${pad}`) || '{}';
}

function afterKey(value: Tree, indent: number): string {
  return 'yaml' in value ? ` ${value.yaml}` : `\n${' '.repeat(indent)}${blockText(value, indent)}`;
}
