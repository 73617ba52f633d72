/** A set of small whole numbers. */
export class BitSet {
  private words: Uint32Array;

  public constructor(size = 0) {
    this.words = new Uint32Array((size + 31) >>> 5);
  }

  public static union(sets: readonly BitSet[]): BitSet {
    const union = new BitSet();
    union.words = new Uint32Array(Math.max(0, ...sets.map(({ words }) => words.length)));
    for (const { words } of sets) {
      words.forEach((word, i) => (union.words[i] |= word));
    }
    return union;
  }

  public static intersection(a: BitSet, b: BitSet): BitSet {
    const both = new BitSet();
    both.words = a.words.slice(0, Math.min(a.words.length, b.words.length)).map((word, i) => word & b.words[i]);
    return both;
  }

  public has(index: number): boolean {
    const word = index >>> 5;
    return word < this.words.length && (this.words[word] & (1 << (index & 31))) !== 0;
  }

  public add(index: number): void {
    const word = index >>> 5;
    if (word >= this.words.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.words.length * 2));
      grown.set(this.words);
      this.words = grown;
    }
    this.words[word] |= 1 << (index & 31);
  }

  public with(index: number): this {
    this.add(index);
    return this;
  }
}
