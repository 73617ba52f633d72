/** A text with insertions, so that a stricter parser reads it. Offsets can be mapped back to the original text. */

interface Insertion {
  /** The offset in the original text. */
  readonly at: number;
  readonly text: string;
}

export class Patched {
  private constructor(
    public readonly text: string,
    private readonly insertions: readonly Insertion[],
  ) {}

  public static of(text: string): Patched {
    return new Patched(text, []);
  }

  /** Returns the text with `inserted` before the character at `offset`. */
  public insert(offset: number, inserted: string): Patched {
    const at = this.original(offset);
    const later = this.insertions.findIndex((insertion) => insertion.at > at);
    const index = later < 0 ? this.insertions.length : later;
    const insertions = [...this.insertions.slice(0, index), { at, text: inserted }, ...this.insertions.slice(index)];
    return new Patched(`${this.text.slice(0, offset)}${inserted}${this.text.slice(offset)}`, insertions);
  }

  /** Returns the text with another character at `offset`. */
  public replace(offset: number, character: string): Patched {
    return new Patched(`${this.text.slice(0, offset)}${character}${this.text.slice(offset + 1)}`, this.insertions);
  }

  /** Returns the text up to `offset`. */
  public cut(offset: number): Patched {
    return new Patched(this.text.slice(0, offset), this.insertions);
  }

  /** The offset in the original text of an offset in `text`. */
  public original(offset: number): number {
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
