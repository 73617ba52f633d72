/**
 * The bytes of a class of characters in UTF-8. Sequences share how they begin, and most of how they end.
 *
 * Source: re2 `re2/compile.cc`, AddRuneRangeUTF8 and AddSuffixRecursive.
 */
import type { Piece, Program } from './program';
import { includes, LAST_RUNE, Runes } from './runes';

/** Compiles a class that has at least one character. */
export function compileClass(runes: Runes, program: Program): Piece {
  const ranges = new Utf8Ranges(program);
  const ignoresCase = isSameInBothCases(runes);
  for (const [low, high] of runes) {
    // With the lower case, the upper case is matched too.
    if (!(ignoresCase && low >= 0x41 && high <= 0x5a)) {
      const hasSomeLetters = !(low <= 0x41 && high >= 0x7a) && high >= 0x41 && low <= 0x7a && !(low > 0x5a && high < 0x61);
      ranges.add(low, high, ignoresCase && hasSomeLetters);
    }
  }
  return ranges.finish();
}

/** Whether the upper case of each ASCII letter of the class is in it too, and the other way round. */
function isSameInBothCases(runes: Runes): boolean {
  for (let upper = 0x41; upper <= 0x5a; upper++) {
    if (includes(runes, upper) !== includes(runes, upper + 0x20)) {
      return false;
    }
  }
  return true;
}

/** The highest characters of one, two and three bytes. */
const LAST_OF_LENGTH = [0x7f, 0x7ff, 0xffff];

/** The bits of the last one, two and three bytes of a sequence. */
const LAST_BITS = [0x3f, 0xfff, 0x3ffff];

/** A tree of forks and ranges of bytes. Endings that are likely to repeat are kept, and not changed. */
class Utf8Ranges {
  private root = 0;
  private readonly exits: number[] = [];
  private readonly endings = new Map<number, number>();

  public constructor(private readonly program: Program) {}

  public finish(): Piece {
    return { begin: this.root, exits: this.exits, canBeEmpty: false };
  }

  public add(low: number, high: number, ignoresCase: boolean): void {
    if (low === 0x80 && high === LAST_RUNE) {
      return this.addAllAbove();
    }
    const border = LAST_OF_LENGTH.find((last) => low <= last && last < high) ?? (high < 0x80 ? undefined : borderOfBytes(low, high));
    if (border !== undefined) {
      this.add(low, border, ignoresCase);
      this.add(border + 1, high, ignoresCase);
      return;
    }
    if (high < 0x80) {
      return this.addSequence(this.fresh(low, high, 0, ignoresCase));
    }
    const [lows, highs] = [utf8(low), utf8(high)];
    let id = 0;
    for (let i = lows.length - 1; i >= 0; i--) {
      const isKept = i === lows.length - 1 || (i > 0 && lows[i] < highs[i]);
      id = isKept ? this.kept(lows[i], highs[i], id) : this.fresh(lows[i], highs[i], id);
    }
    this.addSequence(id);
  }

  /** Everything but ASCII, which RE2 compiles to fewer instructions that match some invalid sequences too. */
  private addAllAbove(): void {
    let ending = 0;
    for (const [low, high] of [
      [0xc2, 0xdf],
      [0xe0, 0xef],
      [0xf0, 0xf4],
    ]) {
      ending = this.fresh(0x80, 0xbf, ending);
      this.addSequence(this.fresh(low, high, ending));
    }
  }

  private fresh(low: number, high: number, next: number, ignoresCase = false): number {
    const id = this.program.bytes(low, high, ignoresCase, next);
    if (next === 0) {
      this.exits.push(2 * id);
    }
    return id;
  }

  private kept(low: number, high: number, next: number): number {
    const key = keyOf(low, high, next);
    const id = this.endings.get(key) ?? this.fresh(low, high, next);
    this.endings.set(key, id);
    return id;
  }

  private isKept(id: number): boolean {
    const { low, high, out, ignoresCase } = this.program.instructions[id];
    return !ignoresCase && this.endings.has(keyOf(low, high, out));
  }

  private addSequence(id: number): void {
    this.root = this.root === 0 ? id : this.inserted(this.root, id);
  }

  /** The root of a tree with one more sequence. Ranges are added in order, so only the last sequence can begin in the same way. */
  private inserted(root: number, id: number): number {
    const { instructions } = this.program;
    const isFork = instructions[root].operation === 'fork';
    let last = isFork ? instructions[root].other : root;
    if (!this.isSameRange(last, id)) {
      return this.program.fork(root, id);
    }
    let top = root;
    if (this.isKept(last)) {
      const { low, high, out, ignoresCase } = instructions[last];
      last = this.program.bytes(low, high, ignoresCase, out);
      if (isFork) {
        instructions[root].other = last;
      } else {
        top = last;
      }
    }
    const { out } = instructions[id];
    if (!this.isKept(id)) {
      this.program.removeLast();
    }
    instructions[last].out = this.inserted(instructions[last].out, out);
    return top;
  }

  private isSameRange(a: number, b: number): boolean {
    const [one, other] = [this.program.instructions[a], this.program.instructions[b]];
    return one.low === other.low && one.high === other.high && one.ignoresCase === other.ignoresCase;
  }
}

/** Where a range must be split for each byte of its sequences to be a range; `undefined` if it need not be. */
function borderOfBytes(low: number, high: number): number | undefined {
  for (const bits of LAST_BITS.filter((some) => (low & ~some) !== (high & ~some))) {
    if ((low & bits) !== 0) {
      return low | bits;
    }
    if ((high & bits) !== bits) {
      return (high & ~bits) - 1;
    }
  }
  return undefined;
}

function keyOf(low: number, high: number, next: number): number {
  return (next * 256 + low) * 256 + high;
}

/** The bytes of a character. Unlike those of Node, surrogates have some. */
export function utf8(rune: number): readonly number[] {
  if (rune < 0x80) {
    return [rune];
  }
  if (rune < 0x800) {
    return [0xc0 | (rune >> 6), 0x80 | (rune & 0x3f)];
  }
  const rest = [0x80 | ((rune >> 6) & 0x3f), 0x80 | (rune & 0x3f)];
  return rune < 0x10000 ? [0xe0 | (rune >> 12), ...rest] : [0xf0 | (rune >> 18), 0x80 | ((rune >> 12) & 0x3f), ...rest];
}
