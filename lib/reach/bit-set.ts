/** More than any number of a set. */
const FAR = 2 ** 30;

/** A set of small whole numbers. */
export class BitSet {
  private words = new Uint32Array();
  /** Nobody is before the first and after the last: who is not in between is found without a look at the words, which are far away. */
  private first = FAR;
  private last = -1;

  public static union(sets: readonly BitSet[]): BitSet {
    const union = new BitSet();
    const lengths = sets.map(({ words }) => words.length);
    union.words = new Uint32Array(lengths.reduce((a, b) => Math.max(a, b), 0));
    for (const { words, first, last } of sets) {
      words.forEach((word, i) => (union.words[i] |= word));
      union.first = Math.min(union.first, first);
      union.last = Math.max(union.last, last);
    }
    return union;
  }

  public static intersection(a: BitSet, b: BitSet): BitSet {
    const both = new BitSet();
    both.words = a.words.slice(0, Math.min(a.words.length, b.words.length)).map((word, i) => word & b.words[i]);
    both.first = Math.max(a.first, b.first);
    both.last = Math.min(a.last, b.last);
    return both;
  }

  public has(index: number): boolean {
    return this.first <= index && index <= this.last && (this.words[index >>> 5] & (1 << (index & 31))) !== 0;
  }

  public add(index: number): void {
    const word = index >>> 5;
    if (word >= this.words.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.words.length * 2));
      grown.set(this.words);
      this.words = grown;
    }
    this.words[word] |= 1 << (index & 31);
    this.first = Math.min(this.first, index);
    this.last = Math.max(this.last, index);
  }

  public with(index: number): this {
    this.add(index);
    return this;
  }
}
