/** The width of a printable text in terminal columns: two for East Asian characters and emoji, zero for combining marks. */
export function columnsOf(text: string): number {
  return [...text].reduce((columns, char) => columns + (WIDE.test(char) ? 2 : MARK.test(char) ? 0 : 1), 0);
}

const WIDE = /[\p{Emoji_Presentation}\p{sc=Han}\p{sc=Hangul}\p{sc=Hiragana}\p{sc=Katakana}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
const MARK = /\p{M}/u;
