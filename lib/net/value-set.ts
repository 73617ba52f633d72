/** Sets of what a label may be: one of some values, anything but some values, and absent. Requirements on labels are such sets. */

/** A condition on one label, as selectors of Kubernetes and Cilium write it. */
export interface Condition {
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

export interface ValueSet {
  /** Whether the label may be absent. */
  readonly absent: boolean;
  /** Whether it may have every value but these, and not only these. */
  readonly isExcept: boolean;
  readonly values: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Everything: any value, or none at all. */
export const ANY_VALUE: ValueSet = { absent: true, isExcept: true, values: NONE };

/** What fulfils a condition. An absent label fulfils `NotIn` and `DoesNotExist`. */
export function fulfilling({ operator, values }: Condition): ValueSet {
  switch (operator) {
    case 'In':
      return { absent: false, isExcept: false, values: new Set(values) };
    case 'NotIn':
      return { absent: true, isExcept: true, values: new Set(values) };
    case 'Exists':
      return { absent: false, isExcept: true, values: NONE };
    case 'DoesNotExist':
      return { absent: true, isExcept: false, values: NONE };
  }
}

/** Whether a value is in the set; `undefined` stands for the absent label. */
export function hasValue({ absent, isExcept, values }: ValueSet, value: string | undefined): boolean {
  return value === undefined ? absent : values.has(value) !== isExcept;
}

export function isEmptySet({ absent, isExcept, values }: ValueSet): boolean {
  return !absent && !isExcept && values.size === 0;
}

export function complement({ absent, isExcept, values }: ValueSet): ValueSet {
  return { absent: !absent, isExcept: !isExcept, values };
}

export function intersection(a: ValueSet, b: ValueSet): ValueSet {
  const absent = a.absent && b.absent;
  if (a.isExcept && b.isExcept) {
    return { absent, isExcept: true, values: new Set([...a.values, ...b.values]) };
  }
  const [finite, other] = a.isExcept ? [b, a] : [a, b];
  return { absent, isExcept: false, values: new Set([...finite.values].filter((value) => hasValue(other, value))) };
}

/** Whether two sets have no member in common. */
export function areDisjoint(a: ValueSet, b: ValueSet): boolean {
  if ((a.absent && b.absent) || (a.isExcept && b.isExcept)) {
    return false;
  }
  const [finite, other] = a.isExcept || (!b.isExcept && b.values.size < a.values.size) ? [b, a] : [a, b];
  for (const value of finite.values) {
    if (hasValue(other, value)) {
      return false;
    }
  }
  return true;
}

export function union(a: ValueSet, b: ValueSet): ValueSet {
  return complement(intersection(complement(a), complement(b)));
}

/** Whether every member of `inner` is one of `outer`. */
export function isWithin(inner: ValueSet, outer: ValueSet): boolean {
  return isEmptySet(intersection(inner, complement(outer)));
}

/**
 * A member of a set that is not empty: `undefined` for the absent label, otherwise one of its values, or one that nobody names. `fresh` makes the
 * names of the latter.
 */
export function witness(set: ValueSet, fresh: (taken: ReadonlySet<string>) => string): string | undefined {
  if (set.absent) {
    return undefined;
  }
  return set.isExcept ? fresh(set.values) : [...set.values][0];
}
