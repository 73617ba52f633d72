/**
 * Patterns of paths, as in `.gitignore`.
 *
 * Texts are bytes, as git matches them: `?` is one byte. A pattern may be a stranger's, so only the last star is ever tried again, which takes at most
 * the product of the two lengths, and a caller may bound the steps of all patterns together.
 *
 * Source: git `Documentation/gitignore.txt`, `dir.c` and `wildmatch.c`.
 */
import { accepted, Parsed, refused } from './parsed';

export interface Glob {
  /** Whether what matches is taken in again: `!x`. */
  readonly isNegated: boolean;
  /** Whether only folders match: `x/`. */
  readonly isFolder: boolean;
  /** Whether the whole path must match, from the folder of the pattern; otherwise its last name. */
  readonly isAnchored: boolean;
  /** What each name must match; `**` is any number of names. */
  readonly names: readonly (readonly Token[] | typeof DEEP)[];
}

/** What one byte must be; a star is any number of bytes. */
type Token = typeof STAR | ((byte: string) => boolean);

/** How many more steps matching may take. */
export interface Steps {
  left: number;
}

const DEEP = '**';
const STAR = '*';

/** The maximum length of a pattern, in bytes. */
export const MAX_GLOB = 1000;

/** The bytes of a text in UTF-8, one a character. */
export function bytesOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/** Reads a pattern of bytes; rejected if it is too long, or if no path can match it. */
export function parseGlob(bytes: string): Parsed<Glob> {
  if (bytes.length > MAX_GLOB) {
    return refused(`the pattern has ${bytes.length} bytes, the maximum is ${MAX_GLOB}`);
  }
  const isNegated = bytes.startsWith('!');
  const text = isNegated ? bytes.slice(1) : bytes;
  const isFolder = text.endsWith('/');
  const inner = text.replace(/\/$/, '').replace(/^\//, '');
  const names = namesIn(inner);
  const isAnchored = text.slice(0, -1).includes('/');
  if (inner === '') {
    return refused('the pattern names no file or folder');
  }
  return names?.every(({ length }) => length > 0)
    ? accepted({ isNegated, isFolder, isAnchored, names })
    : refused('the pattern matches nothing: a `[` or an escape has no end, or a name is empty');
}

/** The names of a pattern, split at each slash outside of brackets; `undefined` if nothing can match. */
function namesIn(pattern: string): Glob['names'] | undefined {
  const names: Token[][] = [[]];
  for (let at = 0; at < pattern.length;) {
    const slash = /^\\?\//.exec(pattern.slice(at, at + 2));
    const read = slash === null ? tokenAt(pattern, at) : { end: at + slash[0].length };
    if (read === undefined) {
      return undefined;
    }
    if ('token' in read) {
      names[names.length - 1].push(read.token);
    } else {
      names.push([]);
    }
    at = read.end;
  }
  const all = names.map((tokens) => (tokens.length > 1 && tokens.every((token) => token === STAR) ? DEEP : tokens));
  // At the end, `**` is what a folder has in it, and not the folder.
  return all.length > 1 && all.at(-1) === DEEP ? [...all, [STAR]] : all;
}

interface ReadToken {
  readonly token: Token;
  readonly end: number;
}

function tokenAt(pattern: string, at: number): ReadToken | undefined {
  switch (pattern[at]) {
    case '*':
      return { token: STAR, end: at + 1 };
    case '?':
      return { token: () => true, end: at + 1 };
    case '[':
      return setAt(pattern, at);
    default: {
      const literal = byteAt(pattern, at);
      return literal && { token: (byte) => byte === literal.byte, end: literal.end };
    }
  }
}

/** A byte that may be escaped; `undefined` at the end of the pattern. */
function byteAt(pattern: string, at: number): { readonly byte: string; readonly end: number } | undefined {
  const here = pattern[at] === '\\' ? at + 1 : at;
  return here < pattern.length ? { byte: pattern[here], end: here + 1 } : undefined;
}

/** The set that begins with a bracket. A `]` that comes first is a member, as is a `-` that comes first, last or behind a range. */
function setAt(pattern: string, start: number): ReadToken | undefined {
  const isNegated = pattern[start + 1] === '!' || pattern[start + 1] === '^';
  const first = start + (isNegated ? 2 : 1);
  const members = new Set<string>();
  let at = first;
  for (let before: string | undefined; at === first || pattern[at] !== ']';) {
    const member = memberAt(pattern, at, before);
    if (member === undefined) {
      return undefined;
    }
    member.bytes.forEach((byte) => members.add(byte));
    ({ end: at, before } = member);
  }
  return { token: (byte) => members.has(byte) !== isNegated, end: at + 1 };
}

interface Member {
  readonly bytes: readonly string[];
  readonly end: number;
  /** What a range may begin with. */
  readonly before?: string;
}

/** A byte, a class, or the rest of a range whose first byte is a member already; `undefined` if it has no end. */
function memberAt(pattern: string, at: number, before: string | undefined): Member | undefined {
  const [written = '', name] = /^\[:([^\]]*):\]/.exec(pattern.slice(at, at + LONGEST_CLASS)) ?? [];
  if (pattern[at] === '-' && before !== undefined && at + 1 < pattern.length && pattern[at + 1] !== ']') {
    const to = byteAt(pattern, at + 1);
    return to && { bytes: BYTES.filter((byte) => before <= byte && byte <= to.byte), end: to.end };
  }
  if (name !== undefined) {
    const members = Object.hasOwn(CLASSES, name) ? BYTES.filter((byte) => CLASSES[name].test(byte)) : undefined;
    return members && { bytes: members, end: at + written.length };
  }
  const one = byteAt(pattern, at);
  return one && { bytes: [one.byte], end: one.end, before: one.byte };
}

const BYTES = Array.from({ length: 256 }, (_, code) => String.fromCharCode(code));

/** Longer than `[:xdigit:]`. */
const LONGEST_CLASS = 12;

/** Of ASCII only; a vertical tab and a form feed are no space. */
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
  space: /[ \t\n\r]/,
  upper: /[A-Z]/,
  xdigit: /[A-Fa-f0-9]/,
};

/** Whether a path matches, given by its names. The caller asks for each folder above it first. Without steps left, nothing matches. */
export function matchesGlob(glob: Glob, path: readonly string[], isOfFolder: boolean, steps: Steps): boolean {
  if (glob.isFolder && !isOfFolder) {
    steps.left -= 1;
    return false;
  }
  const matchesName = (tokens: readonly Token[], name: string) =>
    matchesAll<(byte: string) => boolean, string>(tokens, name, (has, byte) => has(byte), steps);
  return matchesAll<readonly Token[], string>(glob.names, glob.isAnchored ? path : path.slice(-1), matchesName, steps);
}

/** Whether parts match items one by one, and each star any number of them. What an earlier star takes need not be tried again. */
function matchesAll<P, T>(
  parts: readonly (P | typeof STAR | typeof DEEP)[],
  items: ArrayLike<T>,
  matches: (part: P, item: T) => boolean,
  steps: Steps,
): boolean {
  let [at, item, star, taken] = [0, 0, -1, 0];
  while (item < items.length || at < parts.length) {
    steps.left -= 1;
    if (steps.left < 0) {
      return false;
    }
    const part = parts[at];
    if (part === STAR || part === DEEP) {
      [star, taken] = [at, item];
      at += 1;
    } else if (at < parts.length && item < items.length && matches(part, items[item])) {
      at += 1;
      item += 1;
    } else if (star >= 0 && taken < items.length) {
      taken += 1;
      [at, item] = [star + 1, taken];
    } else {
      return false;
    }
  }
  return true;
}
