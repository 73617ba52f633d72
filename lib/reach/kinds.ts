/** Numbers told apart by the sets that they are in. */
import type { BitSet } from './bit-set';

export interface Kinds {
  /** The kinds of the numbers from `first` on. All others below the limit are in no set and of kind 0. */
  readonly kinds: Uint32Array;
  readonly first: number;
  /** A number of each kind, by kind; of kind 0 one that is in no set. */
  readonly examples: readonly number[];
}

/** The first number below a limit that some set has, and the last one. */
export function stretchOf(sets: readonly BitSet[], limit: number): { readonly first: number; readonly last: number } {
  return {
    first: sets.reduce((least, set) => Math.min(least, set.least), limit),
    last: sets.reduce((most, set) => Math.max(most, set.greatestBelow(limit)), -1),
  };
}

/** The kinds of the numbers below a limit. Most are in no set, and are never looked at. */
export function kindsOf(sets: readonly BitSet[], limit: number): Kinds {
  const { first, last } = stretchOf(sets, limit);
  const kinds = new Uint32Array(Math.max(0, last - first + 1));
  let count = 1;
  for (const set of sets) {
    const moved: number[] = [];
    set.forEach((number) => {
      if (number < limit) {
        kinds[number - first] = moved[kinds[number - first]] ??= count++;
      }
    });
  }
  return { first, ...numberedAnew(kinds, first) };
}

/** Without the kinds of which every number has moved on to another one. */
function numberedAnew(kinds: Uint32Array, first: number): Pick<Kinds, 'kinds' | 'examples'> {
  const examples = [NOWHERE];
  const numbers = [0];
  kinds.forEach((kind, i) => {
    kinds[i] = numbers[kind] ??= examples.push(first + i) - 1;
  });
  return { kinds, examples };
}

/** It is in no set. */
const NOWHERE = -1;
