/** Requests that two proxies may rule on differently: made of what each of them asks, and judged by the specification. */
import type { Flow, HttpRequest } from '../model/flow';
import type { HttpCondition } from '../model/policy';
import type { Proxy } from '../reach/traffic';

export type Request = Pick<Flow, 'http' | 'dns' | 'sni'>;

/** A few requests: one for every condition and name of each side, and one that nobody asks for. */
export function requestsThatMayDiffer(before: readonly Proxy[], after: readonly Proxy[]): readonly Request[] {
  const all = [...before, ...after];
  const has = (...redirects: readonly string[]) => all.some(({ is }) => redirects.includes(is));
  const conditions = all.flatMap(({ http }) => http);
  const names = [...all.flatMap(({ dns }) => dns), ...all.flatMap(({ serverNames }) => serverNames)].map(exampleOfName);
  return [
    ...(has('http') ? [...conditions.flatMap(examplesOf), UNASKED].map((http) => ({ http })) : []),
    ...(has('dns') ? [...names, 'other.example'].map((dns) => ({ dns })) : []),
    ...(has('tls') ? [...names, 'other.example'].map((sni) => ({ sni })) : []),
  ].slice(0, MOST_REQUESTS);
}

const MOST_REQUESTS = 200;

const UNASKED: HttpRequest = { method: 'OPTIONS', path: '/other', host: 'other.example', headers: {} };

/** Requests that fulfil a condition, if its patterns are simple: one for each alternative of its path, and one for each of its method. */
function examplesOf({ method, path, host, headers, headerMatches }: HttpCondition): readonly HttpRequest[] {
  const written = headers.map((text): [string, string] => {
    const [name, ...value] = text.split(' ');
    return [name.replaceAll(':', ''), value.join(' ')];
  });
  const matched = headerMatches.map(({ name, value }): [string, string] => [name, value]);
  const [methods, paths, hosts] = [examples(method, 'GET'), examples(path, '/other'), examples(host, 'other.example')];
  const rest = { host: hosts[0], headers: Object.fromEntries([...written, ...matched]) };
  return [
    ...paths.map((one) => ({ method: methods[0], path: one, ...rest })),
    ...methods.slice(1).map((one) => ({ method: one, path: paths[0], ...rest })),
  ];
}

/** Texts that a simple regular expression matches, one for each alternative. */
function examples(pattern: string, otherwise: string): readonly string[] {
  return pattern === '' ? [otherwise] : alternativesOf(pattern).slice(0, MOST_ALTERNATIVES).map(exampleOfPattern);
}

const MOST_ALTERNATIVES = 10;

/** The alternatives of a pattern, where they are not in brackets. */
function alternativesOf(pattern: string): readonly string[] {
  const found = [''];
  let depth = 0;
  for (const character of pattern) {
    depth += character === '(' || character === '[' ? 1 : character === ')' || character === ']' ? -1 : 0;
    if (character === '|' && depth === 0) {
      found.push('');
    } else {
      found[found.length - 1] += character;
    }
  }
  return found;
}

/** A text that a simple regular expression matches: the first alternative in brackets, one character for each set and wildcard. */
function exampleOfPattern(pattern: string): string {
  let text = '';
  for (let i = 0; i < Math.min(pattern.length, MOST_CHARACTERS); i++) {
    const { example, last } = pieceAt(pattern, i);
    text += example;
    i = last;
  }
  return text;
}

const MOST_CHARACTERS = 500;

interface Piece {
  readonly example: string;
  /** The index of its last character. */
  readonly last: number;
}

function pieceAt(pattern: string, at: number): Piece {
  const character = pattern[at];
  switch (character) {
    case '(': {
      const last = closing(pattern, at, '(', ')');
      const [first] = alternativesOf(pattern.slice(at + 1, last).replace(/^\?:/, ''));
      return { example: exampleOfPattern(first), last };
    }
    case '[': {
      const last = closing(pattern, at, '[', ']');
      return { example: /0-9|\\d/.test(pattern.slice(at, last)) ? '1' : 'x', last };
    }
    case '{':
      return { example: '', last: closing(pattern, at, '{', '}') };
    case '\\':
      return { example: ESCAPES[pattern[at + 1]] ?? pattern[at + 1] ?? '', last: at + 1 };
    default:
      return { example: SPECIAL[character] ?? character, last: at };
  }
}

const ESCAPES: Readonly<Record<string, string>> = { d: '1', w: 'x', s: ' ', S: 'x', b: '' };
const SPECIAL: Readonly<Record<string, string>> = { '^': '', $: '', '*': '', '+': '', '?': '', '.': 'x' };

/** The index of the bracket that closes the one at an index, or the last one. */
function closing(pattern: string, at: number, open: string, close: string): number {
  let depth = 0;
  for (let i = at; i < pattern.length; i++) {
    depth += pattern[i] === open ? 1 : pattern[i] === close ? -1 : 0;
    if (depth === 0) {
      return i;
    }
  }
  return pattern.length - 1;
}

/** A name that a pattern matches. */
function exampleOfName(pattern: string): string {
  return pattern.toLowerCase().replace(/\*+/g, 'x').replace(/\.$/, '');
}
