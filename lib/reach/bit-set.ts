/** Greater than any number in a set. */
const FAR = 2 ** 30;

/** A set of small whole numbers. */
export class BitSet {
  private words = new Uint32Array();
  /** All members lie between the first and the last: numbers outside are decided without a look at the words, which are far away in memory. */
  private first = FAR;
  private last = -1;

  public static of(...numbers: readonly number[]): BitSet {
    const set = new BitSet();
    numbers.forEach((number) => set.add(number));
    return set;
  }

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

  /** The members of `a` that are not in `b`. */
  public static difference(a: BitSet, b: BitSet): BitSet {
    const rest = new BitSet();
    rest.words = a.words.map((word, i) => word & ~(b.words[i] ?? 0));
    rest.first = a.first;
    rest.last = a.last;
    return rest;
  }

  /** Whether both have the same members. */
  public static equal(a: BitSet, b: BitSet): boolean {
    const length = Math.max(a.words.length, b.words.length);
    return Array.from({ length }).every((_, i) => (a.words[i] ?? 0) === (b.words[i] ?? 0));
  }

  /** The number of members. */
  public get size(): number {
    return this.words.reduce((size, word) => size + bitsIn(word), 0);
  }

  /** The members, in ascending order. */
  public *[Symbol.iterator](): Generator<number> {
    for (const [i, word] of this.words.entries()) {
      for (let bits = word; bits !== 0; bits &= bits - 1) {
        yield i * 32 + (31 - Math.clz32(bits & -bits));
      }
    }
  }

  /** Calls for each member, in ascending order: faster than the iterator. */
  public forEach(call: (member: number) => void): void {
    const { words } = this;
    const end = Math.min(words.length - 1, this.last >>> 5);
    for (let i = this.last < 0 ? 0 : this.first >>> 5; this.last >= 0 && i <= end; i++) {
      for (let bits = words[i]; bits !== 0; bits &= bits - 1) {
        call(i * 32 + (31 - Math.clz32(bits & -bits)));
      }
    }
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

/** The number of ones in a word of 32 bits. */
function bitsIn(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
