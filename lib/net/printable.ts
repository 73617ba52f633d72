/**
 * Makes the user's text safe to print: on one line, without control sequences, without changes of the writing direction, without invisible
 * characters, and not as a command to the program that reads the log.
 *
 * Control characters become their pictures (`␛`), and other invisible characters become their numbers (`\u{202e}`). So does the first character of
 * a command: GitHub obeys `::error::` at the beginning of a line, and GitHub, Azure and TeamCity obey `##[…]`, `##vso[…]` and `##teamcity[…]`.
 */
export function printable(text: string): string {
  const shown = text.replace(UNSAFE, (char) => {
    const code = char.codePointAt(0)!;
    return code < 0x20 ? String.fromCodePoint(PICTURES + code) : code === 0x7f ? '␡' : numbered(char);
  });
  const start = shown.search(/\S/);
  return shown.startsWith('::', start) ? `${shown.slice(0, start)}${numbered(':')}${shown.slice(start + 1)}` : shown;
}

function numbered(char: string): string {
  return `\\u{${char.codePointAt(0)!.toString(16)}}`;
}

/** Several lines, each made safe. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** Control and format characters, lone surrogates, line and paragraph separators, and two characters that XML 1.0 cannot contain; and commands. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]|#(?=#\w*\[)/gu;

/** The picture of U+0000. The pictures of the other control characters follow it. */
const PICTURES = 0x2400;

/** JSON with the same care: what terminals obey or do not show is escaped, so that a log can have it. */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(UNSAFE_IN_JSON, (char) =>
    // A character may be two code units, and JSON escapes each.
    char
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** JSON itself escapes the characters below U+0020 and lone surrogates. */
const UNSAFE_IN_JSON = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\ufffe\uffff]|#(?=#\w*\[)/gu;
