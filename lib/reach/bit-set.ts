/** Greater than any number in a set. */
const FAR = 2 ** 30;

/** A set of small whole numbers. It has words only for the stretch of numbers that its members lie in. */
export class BitSet {
  /** Words of 32 numbers each, from the one with this index on. */
  private words = new Uint32Array();
  private base = 0;
  /** All members lie between the first and the last: numbers outside are decided without a look at the words, which are far away in memory. */
  private first = FAR;
  private last = -1;

  public static of(...numbers: readonly number[]): BitSet {
    const set = new BitSet();
    numbers.forEach((number) => set.add(number));
    return set;
  }

  public static union(sets: readonly BitSet[]): BitSet {
    const first = sets.reduce((least, set) => Math.min(least, set.first), FAR);
    const last = sets.reduce((most, set) => Math.max(most, set.last), -1);
    const union = BitSet.between(first, last);
    sets.forEach((set) => {
      union.include(set);
    });
    return union;
  }

  public static intersection(a: BitSet, b: BitSet): BitSet {
    const both = BitSet.between(Math.max(a.first, b.first), Math.min(a.last, b.last));
    both.words.forEach((_, i) => (both.words[i] = a.word(both.base + i) & b.word(both.base + i)));
    return both;
  }

  /** The members of `a` that are not in `b`. */
  public static difference(a: BitSet, b: BitSet): BitSet {
    const rest = BitSet.between(a.first, a.last);
    rest.words.forEach((_, i) => (rest.words[i] = a.word(rest.base + i) & ~b.word(rest.base + i)));
    return rest;
  }

  /** Whether both have the same members. */
  public static equal(a: BitSet, b: BitSet): boolean {
    return BitSet.isWithin(a, b) && BitSet.isWithin(b, a);
  }

  /** Whether all members of `a` are in `b`. */
  public static isWithin(a: BitSet, b: BitSet): boolean {
    return a.words.every((word, i) => (word & ~b.word(a.base + i)) === 0);
  }

  /** Whether some number is in both. */
  public static meet(a: BitSet, b: BitSet): boolean {
    const [first, last] = [Math.max(a.first, b.first), Math.min(a.last, b.last)];
    for (let word = first >>> 5; first <= last && word <= last >>> 5; word++) {
      if ((a.word(word) & b.word(word)) !== 0) {
        return true;
      }
    }
    return false;
  }

  /** A set without members, with room for those between two numbers. */
  private static between(first: number, last: number): BitSet {
    const set = new BitSet();
    if (first <= last) {
      set.base = first >>> 5;
      set.words = new Uint32Array((last >>> 5) - set.base + 1);
      set.first = first;
      set.last = last;
    }
    return set;
  }

  /** Adds the members of a set that lie in the stretch that there are words for. */
  private include({ words, base, first, last }: BitSet): void {
    for (let word = first >>> 5; word <= last >>> 5 && last >= 0; word++) {
      this.words[word - this.base] |= words[word - base];
    }
  }

  /** The word with an index, counted from number 0. */
  private word(index: number): number {
    const at = index - this.base;
    return at >= 0 && at < this.words.length ? this.words[at] : 0;
  }

  /** The number of members. */
  public get size(): number {
    return this.words.reduce((size, word) => size + bitsIn(word), 0);
  }

  /** The members, in ascending order. */
  public *[Symbol.iterator](): Generator<number> {
    for (const [i, word] of this.words.entries()) {
      for (let bits = word; bits !== 0; bits &= bits - 1) {
        yield (this.base + i) * 32 + (31 - Math.clz32(bits & -bits));
      }
    }
  }

  /** Calls for each member, in ascending order: faster than the iterator. */
  public forEach(call: (member: number) => void): void {
    const { words, base } = this;
    for (let i = 0; i < words.length; i++) {
      for (let bits = words[i]; bits !== 0; bits &= bits - 1) {
        call((base + i) * 32 + (31 - Math.clz32(bits & -bits)));
      }
    }
  }

  /** The least member, or a number greater than any if there is none. */
  public get least(): number {
    return this.first;
  }

  /** The greatest member below a limit, or -1 if there is none. */
  public greatestBelow(limit: number): number {
    let number = Math.min(this.last, limit - 1);
    while (number >= this.first && !this.has(number)) {
      number -= this.word(number >>> 5) === 0 ? (number & 31) + 1 : 1;
    }
    return number >= this.first ? number : -1;
  }

  public has(index: number): boolean {
    return this.first <= index && index <= this.last && (this.words[(index >>> 5) - this.base] & (1 << (index & 31))) !== 0;
  }

  public add(index: number): void {
    this.reach(index >>> 5);
    this.words[(index >>> 5) - this.base] |= 1 << (index & 31);
    this.first = Math.min(this.first, index);
    this.last = Math.max(this.last, index);
  }

  /** Makes room for a word: up to twice as much as there is, so that a set that grows on either side is not copied at each step. */
  private reach(word: number): void {
    const { words, base } = this;
    if (words.length === 0) {
      this.base = word;
      this.words = new Uint32Array(1);
    } else if (word < base) {
      this.base = Math.max(0, Math.min(word, base - words.length));
      this.words = new Uint32Array(base - this.base + words.length);
      this.words.set(words, base - this.base);
    } else if (word >= base + words.length) {
      this.words = new Uint32Array(Math.max(word - base + 1, words.length * 2));
      this.words.set(words);
    }
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
