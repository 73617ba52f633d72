/** Sets of characters: sorted, disjoint ranges of code points that do not touch, both ends included. */

export type Runes = readonly Span[];
export type Span = readonly [low: number, high: number];

export const LAST_RUNE = 0x10ffff;

/** The set of ranges in any order. */
export function runesOf(spans: readonly Span[]): Runes {
  const sorted = [...spans].sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = merged.at(-1);
    if (last === undefined || low > last[1] + 1) {
      merged.push([low, high]);
    } else {
      last[1] = Math.max(last[1], high);
    }
  }
  return merged;
}

/** All characters that are not in a set. */
export function complement(runes: Runes): Runes {
  const spans: Span[] = [];
  let next = 0;
  for (const [low, high] of runes) {
    if (low > next) {
      spans.push([next, low - 1]);
    }
    next = high + 1;
  }
  return next > LAST_RUNE ? spans : [...spans, [next, LAST_RUNE]];
}

/** How many characters a set has. */
export function countOf(runes: Runes): number {
  return runes.reduce((count, [low, high]) => count + high - low + 1, 0);
}

export function includes(runes: Runes, rune: number): boolean {
  return runes.some(([low, high]) => low <= rune && rune <= high);
}

export function isFull(runes: Runes): boolean {
  return runes.length === 1 && runes[0][0] === 0 && runes[0][1] === LAST_RUNE;
}

export function sameRunes(a: Runes, b: Runes): boolean {
  return a.length === b.length && a.every(([low, high], i) => low === b[i][0] && high === b[i][1]);
}
