/** The HTTP rules of a policy. */
import { l7Parts } from '../../admission/written/written';
import { asList, asObject, asText } from '../../model/json';
import { below, PathLink } from '../../model/path';
import type { ObjectPart, WrittenPolicy } from '../../model/written';

/** The entries of `http` in rules that allow. The agent ignores those of deny rules. */
export function httpRules(policy: WrittenPolicy): readonly ObjectPart[] {
  const known = KNOWN.get(policy) ?? rulesIn(policy);
  KNOWN.set(policy, known);
  return known;
}

/** Several checks ask for the same. */
const KNOWN = new WeakMap<WrittenPolicy, readonly ObjectPart[]>();

function rulesIn({ specs }: WrittenPolicy): readonly ObjectPart[] {
  return specs
    .flatMap(({ rules }) => rules)
    .filter(({ isDeny }) => !isDeny)
    .flatMap(({ portRules }) => portRules)
    .flatMap((part) => l7Parts(part, 'http'));
}

/** A text of an HTTP rule. */
export interface WrittenText {
  readonly text: string;
  readonly at: PathLink;
}

/** A field of all HTTP rules, where it is not empty. */
export function textsOf(policy: WrittenPolicy, field: 'path' | 'method'): readonly WrittenText[] {
  return httpRules(policy)
    .map(({ value, at }) => ({ text: asText(value[field]), at: below(at, field) }))
    .filter(({ text }) => text !== '');
}

/** The entries of `headers`. */
export function headersOf(policy: WrittenPolicy): readonly WrittenText[] {
  return httpRules(policy).flatMap(({ value, at }) =>
    asList(value.headers).map((header, i) => ({ text: asText(header), at: below(at, 'headers', i) })),
  );
}

/** The values of `headerMatches`. */
export function matchedValues(policy: WrittenPolicy): readonly WrittenText[] {
  return httpRules(policy).flatMap(({ value, at }) =>
    asList(value.headerMatches).map((match, i) => ({ text: asText(asObject(match).value), at: below(at, 'headerMatches', i, 'value') })),
  );
}

/** A part of a regular expression, as far as it is read here. */
export interface RegexToken {
  /** A plain character; or anything else, such as an escape, a class, a dot or a group. */
  readonly isPlain: boolean;
  readonly text: string;
  /** The offset of the token. */
  readonly start: number;
}

/** The tokens of an expression that Go accepts; none if it quotes text with `\Q`. Runs in linear time. */
export function regexTokens(expression: string): readonly RegexToken[] {
  if (expression.includes('\\Q')) {
    return [];
  }
  const tokens: RegexToken[] = [];
  const lastPosix = expression.lastIndexOf(':]');
  for (let start = 0; start < expression.length;) {
    const end = tokenEnd(expression, start, lastPosix);
    const text = expression.slice(start, end);
    tokens.push({ isPlain: /^[\w/%~@:,=&;!-]$/.test(text), text, start });
    start = end;
  }
  return tokens;
}

function tokenEnd(expression: string, start: number, lastPosix: number): number {
  switch (expression[start]) {
    case '\\':
      return escapeEnd(expression, start);
    case '[':
      return classEnd(expression, start, lastPosix);
    default:
      return start + 1;
  }
}

/** The end of an escape: `\d`, `\pN`, `\p{Greek}`, `\x41`, `\x{10FFFF}` or octal `\123`. */
function escapeEnd(expression: string, start: number): number {
  const rest = expression.slice(start + 1, start + 1 + LONGEST_ESCAPE);
  const [longer = ''] = /^(?:[pP]\{[^}]*\}|x\{[^}]*\}|[pP].|x[\da-fA-F]{2}|[0-7]{1,3})/.exec(rest) ?? [];
  return start + 1 + Math.max(1, longer.length);
}

const LONGEST_ESCAPE = 64;

/** A class may begin with a bracket that closes nothing, and have names such as `[:alpha:]` inside. */
function classEnd(expression: string, start: number, lastPosix: number): number {
  let at = start + (expression[start + 1] === '^' ? 2 : 1);
  at += expression[at] === ']' ? 1 : 0;
  while (at < expression.length && expression[at] !== ']') {
    const isNamed = expression.startsWith('[:', at) && at < lastPosix;
    at = isNamed ? expression.indexOf(':]', at) + 2 : at + (expression[at] === '\\' ? 2 : 1);
  }
  return at + 1;
}
