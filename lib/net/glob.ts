/**
 * Patterns of paths, as in `.gitignore`.
 *
 * A pattern matches in time that grows with its length times the length of the path, whatever both are.
 * Source: git `Documentation/gitignore.txt` and `wildmatch.c`.
 */
import { Parsed, accepted, refused } from './parsed';

export interface Glob {
  /** Whether what matches is taken in again: `!x`. */
  readonly isNegated: boolean;
  /** Whether only folders match: `x/`. */
  readonly isFolder: boolean;
  /** Whether the whole path must match, from the folder of the pattern; otherwise its last name. */
  readonly isAnchored: boolean;
  readonly steps: readonly Step[];
}

/** What one name of a path must match; `**` is any number of names, and at the end at least one. */
type Step = '**' | readonly Token[];

/** A character, `*`, `?`, or a set of characters. */
type Token =
  | { readonly is: 'character'; readonly text: string }
  | { readonly is: 'any' }
  | { readonly is: 'one' }
  | { readonly is: 'set'; readonly isNegated: boolean; readonly has: (character: string) => boolean };

/** The maximum length of a pattern, in characters. */
export const MAX_GLOB = 1000;

/** Reads a pattern; rejected if it is too long, or if no path can match it. */
export function parseGlob(written: string): Parsed<Glob> {
  if (written.length > MAX_GLOB) {
    return refused(`the pattern has ${written.length} characters, the maximum is ${MAX_GLOB}`);
  }
  const isNegated = written.startsWith('!');
  const text = isNegated ? written.slice(1) : written;
  const isFolder = text.endsWith('/');
  const inner = text.replace(/^\/|\/$/g, '');
  if (inner === '') {
    return refused('the pattern names no file or folder');
  }
  const isAnchored = text.slice(0, -1).includes('/');
  const steps = inner.split('/').map((name) => (name === '**' && isAnchored ? name : tokensOf(name)));
  const wrong = steps.some((step) => step === undefined);
  return wrong
    ? refused('the pattern matches nothing: a `[` or an escape has no end, or a name is empty')
    : accepted({ isNegated, isFolder, isAnchored, steps: steps as readonly Step[] });
}

/** The tokens of a name; `undefined` if it cannot match. Several stars are one. */
function tokensOf(name: string): readonly Token[] | undefined {
  const tokens = [...name.replace(STARS, '*').matchAll(TOKEN)].map(([text]) => tokenOf(text));
  return tokens.length > 0 && tokens.every((token) => token !== undefined) ? tokens : undefined;
}

/** Not after a backslash. */
const STARS = /(?<!\\)\*+/g;

/** A set, which may have no end, an escape, or a character. In a set, a bracket that closes it may be the first character. */
const TOKEN = /\[[!^]?\]?(?:\[:\w*:\]|\\[^]|[^\]\\])*\]?|\\[^]|[^]/gu;

function tokenOf(text: string): Token | undefined {
  if (text === '*') {
    return { is: 'any' };
  }
  if (text === '?') {
    return { is: 'one' };
  }
  if (text.startsWith('[')) {
    return setOf(text);
  }
  return text === '\\' ? undefined : { is: 'character', text: text.replace('\\', '') };
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /\s/,
  upper: /[A-Z]/,
  xdigit: /[A-Fa-f0-9]/,
};

/** A set; `undefined` if it has no end, or an unknown class. */
function setOf(text: string): Token | undefined {
  const [, sign, inner] = /^\[([!^]?)([^]+)\]$/.exec(text) ?? [];
  const items = [...(inner ?? '').matchAll(ITEM)];
  if (items.length === 0 || items.some(([, name]) => name !== undefined && !Object.hasOwn(CLASSES, name))) {
    return undefined;
  }
  const tests = items.map(([, name, from, to = from]) => {
    const [first, last] = [from, to].map((one) => one?.replace(/^\\/, ''));
    return (character: string) => (name === undefined ? first <= character && character <= last : CLASSES[name].test(character));
  });
  return { is: 'set', isNegated: sign !== '', has: (character) => tests.some((test) => test(character)) };
}

/** A class, a range, or a character. */
const ITEM = /\[:(\w*):\]|(\\?[^])(?:-(\\?[^]))?/gu;

/** Whether a path matches, given by its names. The caller asks for each folder above it first. */
export function matchesGlob({ isFolder, isAnchored, steps }: Glob, names: readonly string[], isOfFolder: boolean): boolean {
  if (isFolder && !isOfFolder) {
    return false;
  }
  return isAnchored
    ? matchesAll<Step, string>(steps, names, (step) => step === '**', matchesName)
    : matchesName(steps[0], names[names.length - 1]);
}

function matchesName(step: Step, name: string): boolean {
  return step !== '**' && matchesAll<Token, string>(step, [...name], ({ is }) => is === 'any', matchesCharacter, true);
}

function matchesCharacter(token: Token, character: string): boolean {
  switch (token.is) {
    case 'character':
      return token.text === character;
    case 'set':
      return token.has(character) !== token.isNegated;
    case 'any':
    case 'one':
      return true;
  }
}

/**
 * Whether parts match items, where a wild part is any number of items. If the rest does not match, only the last wild part takes one item more:
 * what an earlier one takes need not be tried again.
 */
function matchesAll<P, T>(
  parts: readonly P[],
  items: readonly T[],
  isWild: (part: P) => boolean,
  matches: (part: P, item: T) => boolean,
  mayEndEmpty = false,
): boolean {
  let [part, item, wild, taken] = [0, 0, -1, 0];
  while (item < items.length) {
    if (part < parts.length && isWild(parts[part])) {
      [wild, taken] = [part, item];
      part += 1;
    } else if (part === parts.length && wild === part - 1) {
      return true;
    } else if (part < parts.length && matches(parts[part], items[item])) {
      part += 1;
      item += 1;
    } else if (wild >= 0) {
      taken += 1;
      [part, item] = [wild + 1, taken];
    } else {
      return false;
    }
  }
  const isEnd = part === parts.length - 1 && isWild(parts[part]);
  return part === parts.length || (mayEndEmpty && isEnd);
}
