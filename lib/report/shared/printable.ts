/**
 * Text of users, made fit to be shown: one line, and nothing in it that a terminal obeys, that turns the direction of
 * writing or that cannot be seen.
 *
 * Control characters become their pictures (`␛`), all else becomes its number (`\u{202e}`).
 */
export function printable(text: string): string {
  return text.replace(UNSEEN, (char) => {
    const code = char.codePointAt(0)!;
    return code < 0x20 ? String.fromCodePoint(PICTURES + code) : code === 0x7f ? '␡' : `\\u{${code.toString(16)}}`;
  });
}

/** Controls, formats, lone surrogates, line and paragraph separators, and the two that XML 1.0 has no room for. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu;

/** The picture of U+0000; those of the other control characters follow it. */
const PICTURES = 0x2400;

/** How many columns of a terminal a printable text takes: two for what is East Asian or an emoji, none for marks. */
export function columnsOf(text: string): number {
  return [...text].reduce((columns, char) => columns + (WIDE.test(char) ? 2 : MARK.test(char) ? 0 : 1), 0);
}

const WIDE = /[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const MARK = /\p{M}/u;
