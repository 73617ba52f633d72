/** Whether pieces of traffic cover others. A rule may have thousands of ports, so they are looked up. */
import type { Protocol, Traffic } from '../model/policy';
import { MAX_PORT } from '../net/port';

/** Whether each piece of the narrow traffic lies in one piece of the wide one; `undefined` is all traffic. */
export function coversTraffic(wide: readonly Traffic[] | undefined, narrow: readonly Traffic[] | undefined): boolean {
  if (wide === undefined || wide === narrow) {
    return true;
  }
  const pieces = piecesOf(wide);
  return narrow?.every((one) => pieces.get(one.protocol)?.covers(one) ?? false) ?? false;
}

function piecesOf(all: readonly Traffic[]): ReadonlyMap<Protocol, Pieces> {
  const known = KNOWN.get(all);
  if (known !== undefined) {
    return known;
  }
  const pieces = new Map<Protocol, Pieces>();
  for (const { protocol } of all) {
    if (!pieces.has(protocol)) {
      pieces.set(protocol, new Pieces(all.filter((one) => one.protocol === protocol)));
    }
  }
  KNOWN.set(all, pieces);
  return pieces;
}

/** The same rule is compared with many others. */
const KNOWN = new WeakMap<readonly Traffic[], ReadonlyMap<Protocol, Pieces>>();

/** Pieces of one protocol. */
class Pieces {
  /** Ranges by their first port, each with the last port of those up to it. */
  private readonly ranges: readonly Range[];
  private readonly names: ReadonlySet<string>;

  public constructor(all: readonly Traffic[]) {
    const ranges = all.flatMap(({ port }) => (port.is === 'number' ? [rangeOf(port)] : []));
    let last = -1;
    this.ranges = ranges.sort((a, b) => a.first - b.first).map((one) => ({ first: one.first, last: (last = Math.max(last, one.last)) }));
    this.names = new Set(all.flatMap(({ port }) => (port.is === 'name' ? [nameOf(port)] : [])));
  }

  /** A name may be any port. */
  public covers({ port }: Traffic): boolean {
    const { first, last } = port.is === 'number' ? rangeOf(port) : EVERY;
    return this.lastFrom(first) >= last || (port.is === 'name' && this.names.has(nameOf(port)));
  }

  /** The last port of a range that begins at a port or before it; -1 if none does. */
  private lastFrom(first: number): number {
    let [low, high] = [0, this.ranges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      [low, high] = this.ranges[middle].first <= first ? [middle + 1, high] : [low, middle];
    }
    return low === 0 ? -1 : this.ranges[low - 1].last;
  }
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Port 0 is every port. */
const EVERY: Range = { first: 0, last: MAX_PORT };

function rangeOf({ number, end }: { readonly number: number; readonly end: number }): Range {
  return number === 0 && end === 0 ? EVERY : { first: number, last: Math.max(number, end) };
}

function nameOf({ name, end }: { readonly name: string; readonly end: number }): string {
  return `${name} ${end}`;
}
