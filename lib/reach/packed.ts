/**
 * Tables of decisions as plain numbers, one behind the other in one array: a look-up reads a few numbers that lie beside each other, and follows no
 * references. That matters with thousands of tables, most of which are not in the cache of the processor.
 */
import { PROTOCOLS } from '../model/policy';
import type { Code } from './code';

/** A table in plain data: for each protocol the decisions of each kind of peers on each stretch of ports. */
export interface PlainTable {
  /** By protocol. Protocols with the same stretches have the same object. */
  readonly stretches: readonly PlainStretches[];
  /** The kinds of the peers from `firstPeer` on. All other peers are of kind 0. */
  readonly kinds: Uint32Array;
  readonly firstPeer: number;
}

export interface PlainStretches {
  /** The first port of each, in ascending order from 0. */
  readonly starts: readonly number[];
  /** By kind, and then by stretch. */
  readonly codes: readonly (readonly Code[])[];
}

/** The place of a table that is not packed. */
export const UNPACKED = -1;

/**
 * Where a packed table has its parts: first, for each protocol, where its stretches begin, counted from the beginning of the table; then the number of
 * the first peer whose kind is stored, in two halves, the number of these peers, and where their kinds begin. Stretches are their count, their first
 * ports, and the decisions of each kind.
 */
const FIRST_PEER = PROTOCOLS.length;
const PEERS = FIRST_PEER + 2;
const KINDS = PEERS + 1;
const HEADER = KINDS + 1;

export class PackedTables {
  private numbers = new Uint16Array(2 ** 12);
  private length = 0;

  /** Whether there is room for a table of so many numbers. */
  public hasRoomFor(size: number): boolean {
    return size <= MOST_IN_TABLE && this.length + size <= MOST_PACKED;
  }

  /** Adds a table and returns its place: `UNPACKED` if it is too large, or if there is no room for it. */
  public add({ stretches, kinds, firstPeer }: PlainTable): number {
    const lists = [...new Set(stretches)];
    const sizes = lists.map(({ starts, codes }) => 1 + starts.length * (1 + codes.length));
    const size = sizes.reduce((sum, one) => sum + one, HEADER + kinds.length);
    if (!this.hasRoomFor(size)) {
      return UNPACKED;
    }
    const at = this.reserve(size);
    const { numbers } = this;
    let end = HEADER;
    const begins = new Map<PlainStretches, number>();
    for (const [i, { starts, codes }] of lists.entries()) {
      begins.set(lists[i], end);
      numbers[at + end] = starts.length;
      [starts, ...codes].forEach((row, k) => numbers.set(row, at + end + 1 + k * starts.length));
      end += sizes[i];
    }
    stretches.forEach((list, protocol) => (numbers[at + protocol] = begins.get(list)!));
    numbers.set([firstPeer & 0xffff, firstPeer >>> 16, kinds.length, end], at + FIRST_PEER);
    numbers.set(kinds, at + end);
    return at;
  }

  /** The decision about a peer in the table at a place. */
  public lookup(at: number, protocol: number, port: number, peer: number): Code {
    const { numbers } = this;
    const list = at + numbers[at + protocol];
    const count = numbers[list];
    const index = peer - numbers[at + FIRST_PEER] - (numbers[at + FIRST_PEER + 1] << 16);
    const kind = index >= 0 && index < numbers[at + PEERS] ? numbers[at + numbers[at + KINDS] + index] : 0;
    return numbers[list + 1 + count * (kind + 1) + this.stretchAt(list + 1, count, port)];
  }

  /** The index of the last stretch that begins at the port or before it. */
  private stretchAt(starts: number, count: number, port: number): number {
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.numbers[starts + middle] <= port) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private reserve(size: number): number {
    const at = this.length;
    this.length += size;
    if (this.length > this.numbers.length) {
      const grown = new Uint16Array(Math.max(this.length, this.numbers.length * 2));
      grown.set(this.numbers);
      this.numbers = grown;
    }
    return at;
  }
}

/** The numbers of one table: places in it are numbers of sixteen bits too. */
export const MOST_IN_TABLE = 65_535;

/** The numbers of all tables, of two bytes each. */
export const MOST_PACKED = 32_000_000;
