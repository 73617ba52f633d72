/** Texts that take a super-linear regular expression long: pieces of what it matches, many times, and an end that it does not match. */
import { AST, RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';

/** A text is `prefix`, then `pump` as often as it takes, then `suffix`. */
export interface Attack {
  readonly prefix: string;
  readonly pump: string;
  readonly suffix: string;
}

export function textOf({ prefix, pump, suffix }: Attack, length: number): string {
  return prefix + pump.repeat(Math.ceil(length / pump.length)) + suffix;
}

/** What begins many tokens, whether an expression has it or not. */
const COMMON = [' ', '\t', '\n', '#', '0', 'a', '-', '"', "'", '[', ']', '{', '}', '\\'];

/** What only a few classes match. */
const UNCOMMON = ['!', ':', 'é', '\u00ad', '\ud800', '\u2028', '\u3000', '\u0301'];

/** From a class that excludes characters, so many are taken; from a sequence of parts, sequences of so many. */
const [MOST_OF_CLASS, MOST_PARTS] = [4, 8];

export function attacksOn(source: string, flags: string): readonly Attack[] {
  const { alternatives } = parsed(source, flags);
  const own = new Set<string>();
  alternatives.forEach((alternative) => addPieces(alternative, own));
  const chars = [...new Set([...own].filter((piece) => piece.length === 1))];
  const pairs = chars.flatMap((a) => [...chars, ...COMMON].flatMap((b) => [a + b, b + a]));
  const pumps = [...new Set([...own, ...COMMON, ...pairs])];
  // Behind a character that nothing begins with, an alternative with `^` does not match everything at once.
  const prefixes = [...new Set(['', '!', ...alternatives.flatMap(beginnings)])];
  return prefixes.flatMap((prefix) => pumps.flatMap((pump) => ['\u0000', '!', '\n!'].map((suffix) => ({ prefix, pump, suffix }))));
}

/** Whether an expression repeats a group without a limit. */
export function repeatsGroup(source: string, flags: string): boolean {
  let repeats = false;
  visitRegExpAST(parsed(source, flags), {
    onQuantifierEnter: ({ max, element }) => {
      repeats ||= max === Infinity && (element.type === 'Group' || element.type === 'CapturingGroup');
    },
  });
  return repeats;
}

function parsed(source: string, flags: string): AST.Pattern {
  return new RegExpParser().parsePattern(source, 0, source.length, { unicode: flags.includes('u'), unicodeSets: flags.includes('v') });
}

/** Samples of what the parts of an alternative match, one by one and in sequence. */
function addPieces({ elements }: AST.Alternative, pieces: Set<string>): void {
  elements.forEach((element, i) => {
    addInner(element, pieces);
    for (let end = i + 1; end <= Math.min(elements.length, i + MOST_PARTS); end++) {
      // Another round ends a repeat differently.
      [1, 2].forEach((rounds) =>
        pieces.add(
          elements
            .slice(i, end)
            .map((part) => sampleOf(part, rounds))
            .join(''),
        ),
      );
    }
  });
  pieces.delete('');
}

function addInner(element: AST.Element, pieces: Set<string>): void {
  if (isOneChar(element)) {
    charsOf(element).forEach((char) => pieces.add(char));
  } else if (element.type === 'Quantifier') {
    addInner(element.element, pieces);
  } else if ('alternatives' in element) {
    element.alternatives.forEach((alternative) => addPieces(alternative, pieces));
  }
}

/** What the parts of an alternative match up to each of its repeats. */
function beginnings({ elements }: AST.Alternative): string[] {
  const samples = elements.map((element) => sampleOf(element));
  return elements.flatMap(({ type }, i) => (type === 'Quantifier' ? [samples.slice(0, i).join('')] : []));
}

/** A text that an element matches, repeated at least `rounds` times where it may be; '' if it asserts something. */
function sampleOf(element: AST.Element, rounds = 1): string {
  if (isOneChar(element)) {
    return charsOf(element)[0] ?? '';
  }
  if (element.type === 'Quantifier') {
    return sampleOf(element.element).repeat(Math.min(element.max, Math.max(rounds, element.min)));
  }
  return element.type === 'Group' || element.type === 'CapturingGroup'
    ? element.alternatives[0].elements.map((inner) => sampleOf(inner)).join('')
    : '';
}

type OneChar = AST.Character | AST.CharacterSet | AST.CharacterClass;

function isOneChar(element: AST.Element): element is OneChar {
  return element.type === 'Character' || element.type === 'CharacterSet' || element.type === 'CharacterClass';
}

/** Characters that an element matches: those that it names, or some of those that it does not exclude. */
function charsOf(element: OneChar): string[] {
  if (element.type === 'Character') {
    return [String.fromCodePoint(element.value)];
  }
  if (element.type === 'CharacterClass' && !element.negate) {
    return element.elements.flatMap((part) => {
      if (part.type === 'CharacterClassRange') {
        return charsOf(part.min);
      }
      return part.type === 'Character' || part.type === 'CharacterSet' ? charsOf(part) : [];
    });
  }
  const matcher = new RegExp(element.raw, 'u');
  return [...COMMON, ...UNCOMMON].filter((char) => matcher.test(char)).slice(0, MOST_OF_CLASS);
}
