/** Ranges of ports as prefixes, which a table of longest prefixes can hold. */
import { MAX_PORT } from './port';

/** The ports that begin with the same bits. */
export interface PortPrefix {
  readonly first: number;
  /** 0–16; 16 is a single port, and 0 is every port. */
  readonly length: number;
}

const BITS = 16;

/** The fewest prefixes that make up a range, in ascending order: at most 30. */
export function portPrefixes(first: number, last: number): readonly PortPrefix[] {
  const found: PortPrefix[] = [];
  for (let next = first; next <= last;) {
    // The largest block that begins here and does not reach beyond the end.
    let size = next === 0 ? MAX_PORT + 1 : next & -next;
    while (next + size - 1 > last) {
      size /= 2;
    }
    found.push({ first: next, length: BITS - Math.log2(size) });
    next += size;
  }
  return found;
}

/** The prefixes that contain a prefix, itself included, the longest first. */
export function portPrefixesAround({ first, length }: PortPrefix): readonly PortPrefix[] {
  return Array.from({ length: length + 1 }, (_, i) => {
    const free = BITS - length + i;
    return { first: (first >>> free) << free, length: length - i };
  });
}
