/** A text that something was put into, so that a stricter parser reads it; offsets lead back to what was written. */

interface Insertion {
  /** Where in what was written. */
  readonly at: number;
  readonly text: string;
}

export class Mended {
  private constructor(
    public readonly text: string,
    private readonly insertions: readonly Insertion[],
  ) {}

  public static of(text: string): Mended {
    return new Mended(text, []);
  }

  /** With `inserted` before the character at `offset`. */
  public insert(offset: number, inserted: string): Mended {
    const at = this.written(offset);
    const later = this.insertions.findIndex((insertion) => insertion.at > at);
    const index = later < 0 ? this.insertions.length : later;
    const insertions = [...this.insertions.slice(0, index), { at, text: inserted }, ...this.insertions.slice(index)];
    return new Mended(`${this.text.slice(0, offset)}${inserted}${this.text.slice(offset)}`, insertions);
  }

  /** With another character at `offset`. */
  public replace(offset: number, character: string): Mended {
    return new Mended(`${this.text.slice(0, offset)}${character}${this.text.slice(offset + 1)}`, this.insertions);
  }

  /** Without what follows `offset`. */
  public cut(offset: number): Mended {
    return new Mended(this.text.slice(0, offset), this.insertions);
  }

  /** Where a place of `text` is in what was written. */
  public written(offset: number): number {
    if (this.insertions.length === 0) {
      return offset;
    }
    let shift = 0;
    for (const { at, text } of this.insertions) {
      if (at + shift >= offset) {
        break;
      }
      shift += Math.min(text.length, offset - (at + shift));
    }
    return offset - shift;
  }
}
