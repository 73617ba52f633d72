/** Generates texts with objects: streams of documents in YAML and JSON. The oracle answers which objects kubectl finds in them. */
import fc from 'fast-check';
import { among, few, weighted } from './choices';
import { objects } from './object-manifests';
import { blockText, flowText, jsonText } from './object-trees';
import { policyArbitrary } from './policies';
import { damaged } from './texts';
import { UNIVERSE } from './universe';
import { yamlOf } from './yaml-style';

/** A line at the end of a document: a comment, a template, an anchor, a merge or an ordinary key. */
const yamlOnly = among('# {{ x }}', '# ---', 'x: {{ x }}', "x: '{{ x }}'", 'x: &a b', 'x: *a', '<<: {kind: Pod}', 'y: 1', '');

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

/** Whole policies, so that some texts are longer than the buffer of the decoder. */
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

/** The same in JSON, which needs no separator. */
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
