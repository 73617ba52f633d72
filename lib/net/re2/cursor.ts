/** A place in a pattern. RE2 reads UTF-8, in which a lone surrogate cannot be written: Go writes U+FFFD instead. */
import { GivenUp } from './given-up';

export class Cursor {
  private readonly characters: readonly string[];
  private readonly lastClassEnd: number;
  private at = 0;

  public constructor(pattern: string) {
    this.characters = Array.from(pattern, (character) => (/^\p{Cs}$/u.test(character) ? '\ufffd' : character));
    this.lastClassEnd = lastPair(this.characters, ':', ']');
  }

  public get isAtEnd(): boolean {
    return this.at >= this.characters.length;
  }

  /** The character that is so many characters ahead; empty beyond the end. */
  public ahead(offset = 0): string {
    return this.characters[this.at + offset] ?? '';
  }

  public sees(text: string): boolean {
    return Array.from(text).every((character, i) => this.ahead(i) === character);
  }

  /** The next character, which must be there. */
  public take(): string {
    if (this.isAtEnd) {
      throw new GivenUp({ is: 'refused' });
    }
    return this.characters[this.at++];
  }

  public takeRune(): number {
    return this.take().codePointAt(0)!;
  }

  /** Whether a text follows; if so, it is passed over. */
  public skips(text: string): boolean {
    const sees = this.sees(text);
    this.at += sees ? text.length : 0;
    return sees;
  }

  /** The text up to a character, which is passed over too. */
  public until(end: string): string {
    let text = '';
    for (let character = this.take(); character !== end; character = this.take()) {
      text += character;
    }
    return text;
  }

  /** The text between `[:` and `:]`, which are passed over; `undefined` if the second does not follow anywhere. */
  public className(): string | undefined {
    if (!this.sees('[:') || this.lastClassEnd < this.at + 2) {
      return undefined;
    }
    const start = this.at + 2;
    let end = start;
    while (this.characters[end] !== ':' || this.characters[end + 1] !== ']') {
      end++;
    }
    this.at = end + 2;
    return this.characters.slice(start, end).join('');
  }

  /** The counts of a repeat such as `{2,3}`, which is passed over; `undefined` if what follows is no repeat. */
  public repeat(): { readonly least: number; readonly most: number } | undefined {
    // No count has more than nine digits.
    const written = this.characters.slice(this.at, this.at + LONGEST_REPEAT).join('');
    const found = /^\{(0|[1-9]\d{0,8})(,(0|[1-9]\d{0,8})?)?\}/.exec(written);
    if (found === null) {
      return undefined;
    }
    this.at += found[0].length;
    const least = Number(found[1]);
    return { least, most: found[2] === undefined ? least : found[3] === undefined ? Infinity : Number(found[3]) };
  }
}

const LONGEST_REPEAT = 21;

/** Where a character was last followed by another; -1 if nowhere. */
function lastPair(characters: readonly string[], first: string, second: string): number {
  let i = characters.length - 2;
  while (i >= 0 && (characters[i] !== first || characters[i + 1] !== second)) {
    i--;
  }
  return Math.max(i, -1);
}
