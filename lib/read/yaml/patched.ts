/** A text with insertions, so that a stricter parser reads it. Offsets can be mapped back to the original text. */

interface Insertion {
  /** The offset in the original text. */
  readonly at: number;
  readonly length: number;
}

/** Text to insert before an offset, or one character that replaces the one there. */
export interface Edit {
  readonly is: 'insert' | 'replace';
  readonly at: number;
  readonly text: string;
}

export class Patched {
  /** The offset in `text` of each insertion, and how many characters were inserted before it. */
  private readonly starts: readonly number[];
  private readonly shifts: readonly number[];

  private constructor(
    public readonly text: string,
    private readonly insertions: readonly Insertion[],
  ) {
    let shift = 0;
    this.shifts = insertions.map(({ length }) => (shift += length) - length);
    this.starts = insertions.map(({ at }, i) => at + this.shifts[i]);
  }

  public static of(text: string): Patched {
    return new Patched(text, []);
  }

  /** Returns the text with edits, which are in the order of their offsets. */
  public edited(edits: readonly Edit[]): Patched {
    const parts: string[] = [];
    const added: Insertion[] = [];
    let end = 0;
    for (const { is, at, text } of edits) {
      parts.push(this.text.slice(end, at), text);
      end = is === 'insert' ? at : at + 1;
      if (is === 'insert') {
        added.push({ at: this.original(at), length: text.length });
      }
    }
    parts.push(this.text.slice(end));
    const insertions = added.length === 0 ? this.insertions : [...this.insertions, ...added].sort((a, b) => a.at - b.at);
    return new Patched(parts.join(''), insertions);
  }

  /** Returns the text up to `offset`. */
  public cut(offset: number): Patched {
    return new Patched(this.text.slice(0, offset), this.insertions);
  }

  /** The offset in the original text of an offset in `text`. */
  public original(offset: number): number {
    // The number of insertions that begin before the offset.
    let [low, high] = [0, this.starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.starts[middle] < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const last = low - 1;
    return last < 0 ? offset : offset - this.shifts[last] - Math.min(this.insertions[last].length, offset - this.starts[last]);
  }
}
