/**
 * Makes the user's text safe to print: on one line, without control sequences, without changes of the writing direction, and without
 * invisible characters.
 *
 * Control characters become their pictures (`␛`), and other invisible characters become their numbers (`\u{202e}`).
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, (char) => {
    const code = char.codePointAt(0)!;
    return code < 0x20 ? String.fromCodePoint(PICTURES + code) : code === 0x7f ? '␡' : `\\u{${code.toString(16)}}`;
  });
}

/** Control and format characters, lone surrogates, line and paragraph separators, and two characters that XML 1.0 cannot contain. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** The picture of U+0000. The pictures of the other control characters follow it. */
const PICTURES = 0x2400;

/** The width of a printable text in terminal columns: two for East Asian characters and emoji, zero for combining marks. */
export function columnsOf(text: string): number {
  return [...text].reduce((columns, char) => columns + (WIDE.test(char) ? 2 : MARK.test(char) ? 0 : 1), 0);
}

const WIDE = /[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const MARK = /\p{M}/u;
