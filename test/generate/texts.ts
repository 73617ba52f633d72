/** Generates YAML texts, both usual and unusual ones. The oracle answers how the Kubernetes tools read them. */
import fc from 'fast-check';
import { among, weighted } from './choices';
import { textsOf } from './near-texts';
import { policyArbitrary } from './policies';
import { UNIVERSE } from './universe';
import { CURIOSITIES } from './yaml-curiosities';
import { BLOCKS, FLOWS, SCALARS } from './yaml-scalars';
import { yamlOf } from './yaml-style';

/** The maximum length of a text. */
export const MAX_TEXT = 2_000;

const scalars = among(...SCALARS);

const keys = fc.oneof(among('a', 'b', 'a', '"a"', "'a'", 'A', 'a b', '"a\\u0041"'), scalars);

/** Small values. */
const values: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: scalars },
  { weight: 2, arbitrary: fc.tuple(scalars, scalars).map(([a, b]) => `[${a}, ${b}]`) },
  { weight: 2, arbitrary: fc.tuple(keys, scalars, keys, scalars).map(([k, a, l, b]) => `{${k}: ${a}, ${l}: ${b}}`) },
  { weight: 1, arbitrary: among(...FLOWS) },
  { weight: 1, arbitrary: among(...BLOCKS) },
);

/** Lines that depend on each other: duplicates, anchors, merges, indentation. */
const documents: fc.Arbitrary<string> = weighted(
  [4, values],
  [4, values.map((value) => `a: ${value}\n`)],
  [4, fc.tuple(keys, values).map(([key, value]) => `${key}: ${value}`)],
  [3, fc.tuple(keys, values, keys, values).map(([key, value, other, another]) => `${key}: ${value}\n${other}: ${another}\n`)],
  [2, fc.tuple(values, values).map(([one, two]) => `- ${one}\n- ${two}\n`)],
  [2, fc.tuple(keys, values).map(([key, value]) => `? ${key}\n: ${value}\n`)],
  [2, fc.tuple(values, values).map(([one, two]) => `a: &x ${one}\nb: *x\nc: [*x, ${two}]\n`)],
  [2, fc.tuple(scalars, scalars).map(([one, two]) => `base: &x {a: ${one}, b: 1}\nmore:\n  <<: *x\n  a: ${two}\n`)],
  [
    2,
    fc
      .tuple(
        values,
        among('', '---\n', '...\n', '--- ', '%YAML 1.2\n---\n', '%TAG ! tag:x,2000:\n---\n', '# c\n', '\ufeff', ' ', '\t', '\n\n'),
      )
      .map(([value, head]) => `${head}a: ${value}`),
  ],
  [
    2,
    fc
      .tuple(values, values, among('---\n', '---', '...\n', '...\n---\n', '--- # c\n'))
      .map(([one, two, between]) => `a: ${one}\n${between}\nb: ${two}\n`),
  ],
  [2, among(...CURIOSITIES)],
  [
    3,
    textsOf(
      [
        'a',
        'b',
        ': ',
        ':',
        '\n',
        '  ',
        ' ',
        '- ',
        '-',
        '[',
        ']',
        '{',
        '}',
        ', ',
        '#',
        ' #',
        '"',
        "'",
        '|',
        '>',
        '&x ',
        '*x',
        '!!str ',
        '<<: ',
        '? ',
        '\t',
        '---\n',
        '1',
        '~',
      ],
      14,
    ),
  ],
);

/** The text with a piece removed, doubled, moved or inserted. */
export function damaged(text: string): fc.Arbitrary<string> {
  const pieces = among(
    ' ',
    '  ',
    '\t',
    '\n',
    ':',
    ': ',
    '-',
    '- ',
    '#',
    ' # ',
    '"',
    "'",
    '{',
    '}',
    '[',
    ']',
    ',',
    '&a ',
    '*a',
    '!',
    '!!str ',
    '|',
    '>',
    '~',
    'yes',
    '0',
    '<<: ',
    '---\n',
    'é',
  );
  const lines = text.split('\n');
  const at = fc.nat(text.length);
  const line = fc.nat(lines.length - 1);
  return fc.oneof(
    { weight: 3, arbitrary: fc.tuple(at, pieces).map(([index, piece]) => text.slice(0, index) + piece + text.slice(index)) },
    { weight: 2, arbitrary: fc.tuple(at, fc.integer({ min: 1, max: 4 })).map(([index, count]) => cut(text, index, count)) },
    { weight: 1, arbitrary: at.map((index) => text.slice(0, index)) },
    { weight: 2, arbitrary: line.map((index) => [...lines.slice(0, index + 1), ...lines.slice(index)].join('\n')) },
    { weight: 1, arbitrary: line.map((index) => [...lines.slice(0, index), ...lines.slice(index + 1)].join('\n')) },
    { weight: 1, arbitrary: fc.tuple(line, scalars).map(([index, scalar]) => withScalar(lines, index, scalar)) },
    { weight: 1, arbitrary: line.map((index) => lines.map((one, position) => (position === index ? ` ${one}` : one)).join('\n')) },
  );
}

/** Removes lone surrogates. */
function cut(text: string, index: number, count: number): string {
  return (text.slice(0, index) + text.slice(index + count)).replace(/\p{Cs}/gu, '');
}

/** Replaces the value after the key of a line. */
function withScalar(lines: readonly string[], index: number, scalar: string): string {
  return lines
    .map((line, position) => (position === index ? line.replace(/: .*$|:$|- [^:]*$/, (rest) => `${rest.slice(0, 1)} ${scalar}`) : line))
    .join('\n');
}

const styled = policyArbitrary(UNIVERSE).chain(yamlOf);

/** YAML texts, in Unicode without lone surrogates. */
export const yamlArbitrary: fc.Arbitrary<string> = weighted([25, styled], [20, styled.chain(damaged)], [55, documents]).filter(
  (text) => text.length <= MAX_TEXT,
);
