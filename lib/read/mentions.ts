/**
 * Guesses from the text of a document that cannot be read whether it may hold a policy.
 *
 * The guess errs on one side: what is not plainly another object may be a policy, because a person or an attacker can write `kind` in many ways.
 */

import type { Document, Source } from '../model/origin';

/** Whether a text names a policy, in plain letters or with YAML's escapes. */
export function mentionsPolicy(text: string): boolean {
  return MENTIONS.test(text) || (text.includes('\\') && MENTIONS.test(unescaped(text)));
}

const MENTIONS = /NetworkPolicy|CiliumCIDRGroup|cilium\.io/;

/** Whether a mistake in a document may concern a policy: it may hold one, or another document of its file does, which kubectl then does not apply. */
export function mayConcernPolicy({ source, start, end }: Document): boolean {
  const { text } = source;
  return text === undefined || mayHoldPolicy(text.slice(start, end)) || mentionsPolicyAnywhere(source, text);
}

/** A file may have many mistakes. */
function mentionsPolicyAnywhere(source: Source, text: string): boolean {
  const known = KNOWN.get(source) ?? mentionsPolicy(text);
  KNOWN.set(source, known);
  return known;
}

const KNOWN = new WeakMap<Source, boolean>();

/** Whether a document that cannot be parsed may hold a policy. */
export function mayHoldPolicy(text: string): boolean {
  return mentionsPolicy(text) || !isPlainlyOther(unescaped(text));
}

/** Whether a text that cannot be read may hold an object of a kind. */
export function mayHoldKind(kind: string, text: string): boolean {
  return new RegExp(`\\b${kind}\\b`).test(text) || !isPlainlyOther(unescaped(text));
}

/** Whether all kinds in the text are plain words; without any kind, whether no template writes whole lines, which may have one. */
function isPlainlyOther(text: string): boolean {
  const kinds = [...text.matchAll(KIND)].map(({ index }) => PLAIN_KIND.test(text.slice(index, index + LONGEST_KIND)));
  return kinds.length > 0 ? kinds.every((isPlain) => isPlain) : !WRITES_LINES.test(text);
}

/** A key `kind`, however it is quoted or announced. */
const KIND = /\bkind\b(?=["']?[ \t]*:|["']?[ \t]*$)/gm;

/** A word of letters, on the line of its key. */
const PLAIN_KIND = /^kind["']?[ \t]{0,9}:[ \t]{1,9}(["']?)[A-Za-z]+\1[ \t]{0,9}(?:[\r\n,}]|#|$)/;

/** Longer than every kind with its key. */
const LONGEST_KIND = 300;

/** A template expression at the beginning of a line that is not a condition, a loop, a definition or a comment. */
const WRITES_LINES = /^\{\{(?!-?[ \t]*(?:(?:if|else|end|with|range|define|block)\b|\/\*|\$\w*[ \t]*:?=))/m;

/** The text with the escapes of double quotes decoded. */
function unescaped(text: string): string {
  return text
    .replace(/\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/g, (escape, ...digits: string[]) => {
      const code = parseInt(digits.find((one) => typeof one === 'string') ?? '', 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : escape;
    })
    .replace(/\\\r?\n[ \t]*/g, '')
    .replace(/\\([/"])/g, '$1');
}

/** The first template expression outside of comments, up to the end of its line; `undefined` if there is none. */
export function templateIn(text: string): string | undefined {
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const line = text.slice(start, newline < 0 ? text.length : newline);
    const at = line.search(/\{[{%]/);
    const comment = line.search(/(?<!\S)#/);
    if (at >= 0 && (comment < 0 || at < comment)) {
      return line.slice(at).trimEnd();
    }
    start += line.length + 1;
  }
  return undefined;
}
