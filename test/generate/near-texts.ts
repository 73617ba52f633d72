/** Generates strings that a parser accepts, or nearly accepts. */
import fc from 'fast-check';
import { among, weighted } from './choices';

/** Characters that look alike, that some parsers skip, or that have a meaning in some grammars. */
const STRANGE = [
  ' ',
  '\t',
  '\n',
  '\r',
  '\u0000',
  '\u007f',
  '\u00a0',
  '\u00ad',
  '\u0130',
  '\u017f',
  '\u200b',
  '\u2028',
  '\uff10',
  '\uff41',
  '\ufeff',
  'é',
  'ß',
  '€',
  '😀',
];

const PUNCTUATION = [...'-_.:/*+,;=$%&@!?#~^|\\\'"`()[]{}<>'];

const PLAIN = [...'aAbzZ0189'];

type Edit = (text: string) => string;

/** One of the texts, unchanged or with up to three edits. */
export function nearTexts(...texts: readonly string[]): fc.Arbitrary<string> {
  const some = fc.array(edits, { minLength: 1, maxLength: 3 });
  return fc
    .tuple(among(...texts), weighted<readonly Edit[]>([2, fc.constant([])], [5, some]))
    .map(([text, all]) => all.reduce((changed, edit) => edit(changed), text));
}

/** Several parts in a row. */
export function textsOf(parts: readonly string[], maxLength = 6): fc.Arbitrary<string> {
  return fc.array(among(...parts), { maxLength }).map((chosen) => chosen.join(''));
}

/** A part, repeated to about the given length, one below it or one above it. */
export function textsAround(length: number, part: string): fc.Arbitrary<string> {
  return among(length - 1, length, length + 1).map((exact) => part.repeat(Math.ceil(exact / part.length)).slice(0, exact));
}

const edits: fc.Arbitrary<Edit> = fc
  .record({
    at: fc.nat(1_000),
    other: fc.nat(1_000),
    character: weighted([4, among(...PLAIN)], [5, among(...PUNCTUATION)], [2, among(...STRANGE)]),
    how: fc.integer({ min: 0, max: 6 }),
  })
  .map(
    ({ at, other, character, how }) =>
      (text) =>
        edited([...text], at, other, character, how),
  );

/** The characters with one edit: a character inserted, replaced, removed, doubled or swapped with the next one, a part repeated, or another case. */
function edited(text: readonly string[], at: number, other: number, character: string, how: number): string {
  const index = at % (text.length + 1);
  const [before, after] = [text.slice(0, index).join(''), text.slice(index)];
  const rest = after.slice(1).join('');
  const [first = '', second = ''] = after;
  switch (how) {
    case 0:
      return before + character + after.join('');
    case 1:
      return before + character + rest;
    case 2:
      return before + rest;
    case 3:
      return before + first + first + rest;
    case 4:
      return before + second + first + after.slice(2).join('');
    case 5:
      return before + after.join('') + after.slice(0, other % 8).join('');
    default:
      return before + (first === first.toLowerCase() ? first.toUpperCase() : first.toLowerCase()) + rest;
  }
}
