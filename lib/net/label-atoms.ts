/** Which combinations of selectors a set of labels can fulfil, with an example of each: the atomic predicates of the selectors. */
import { ANY_VALUE, hasValue, intersection, isEmptySet, ValueSet, witness } from './value-set';

/** What a selector says of each label that it names. All must hold. */
export type LabelConditions = ReadonlyMap<string, ValueSet>;

/** Labels, and which of the selectors they fulfil, by index. */
export interface LabelAtom {
  readonly labels: Readonly<Record<string, string>>;
  readonly fulfilled: readonly number[];
}

export interface LabelAtoms {
  readonly atoms: readonly LabelAtom[];
  /** The keys that the selectors name. */
  readonly keys: readonly string[];
  /** Whether these are all combinations. */
  readonly isWhole: boolean;
}

/**
 * Every combination of fulfilled selectors that some labels have; if there are more than `most`, only some, in which each of the chosen selectors is
 * fulfilled once.
 *
 * Keys are independent of each other, so they are decided one by one. What decides the rest is only which selectors are still open: of all labels
 * with the same open ones, one is kept. So the work grows with the combinations that there are, not with the product of the keys.
 */
export function labelAtoms(selectors: readonly LabelConditions[], most: number, options: AtomOptions = {}): LabelAtoms {
  const { chosen = selectors.map((_, i) => i), together = [] } = options;
  const keys = [...new Set(selectors.flatMap((conditions) => [...conditions.keys()]))];
  const groups = together.map((members, i): Group => ({ members: new Set(members), number: selectors.length + i }));
  const left = selectors.map((conditions) => conditions.size);
  let states: readonly LabelAtom[] = [{ labels: {}, fulfilled: collapsed([...selectors.keys()], groups, left) }];
  for (const key of keys) {
    selectors.forEach((conditions, i) => (left[i] -= conditions.has(key) ? 1 : 0));
    states = decided(states, key, selectors, (open) => collapsed(open, groups, left));
    if (states.length > most) {
      return { atoms: someAtoms(selectors, chosen, groups), keys, isWhole: false };
    }
  }
  return { atoms: states, keys, isWhole: true };
}

export interface AtomOptions {
  /** The selectors that are fulfilled where there are too many combinations. @default - all */
  readonly chosen?: readonly number[];
  /**
   * Selectors of which it matters only whether one of them is fulfilled: the group has the number of its place after all selectors.
   *
   * @default - each selector counts by itself
   */
  readonly together?: readonly (readonly number[])[];
}

interface Group {
  readonly members: ReadonlySet<number>;
  readonly number: number;
}

/** Where a member of a group is fulfilled, the group stands for all of them. `left`: how many keys of each selector are not decided. */
function collapsed(open: readonly number[], groups: readonly Group[], left: readonly number[]): readonly number[] {
  let rest = open;
  for (const { members, number } of groups) {
    if (rest.includes(number) || rest.some((i) => members.has(i) && left[i] === 0)) {
      rest = [...rest.filter((i) => i !== number && !members.has(i)), number];
    }
  }
  return rest;
}

/** Labels that fulfil nothing that they need not, and for each chosen selector labels that fulfil it and little more. */
function someAtoms(selectors: readonly LabelConditions[], chosen: readonly number[], groups: readonly Group[]): readonly LabelAtom[] {
  const found = new Map<string, LabelAtom>();
  for (const conditions of [new Map<string, ValueSet>(), ...chosen.map((i) => selectors[i])]) {
    const values = [...conditions].flatMap(([key, set]): [string, string][] => {
      const value = witness(set, (taken) => freshName('other', taken));
      return value === undefined ? [] : [[key, value]];
    });
    const labels = Object.fromEntries(values);
    const fulfilled = [...selectors.keys()].filter((i) =>
      [...selectors[i]].every(([key, set]) => hasValue(set, Object.hasOwn(labels, key) ? labels[key] : undefined)),
    );
    const all = collapsed(
      fulfilled,
      groups,
      selectors.map(() => 0),
    );
    found.set(all.join(), { labels, fulfilled: all });
  }
  return [...found.values()];
}

/** The same labels with each value of one more key. */
function decided(
  states: readonly LabelAtom[],
  key: string,
  selectors: readonly LabelConditions[],
  collapse: (open: readonly number[]) => readonly number[],
): readonly LabelAtom[] {
  const next = new Map<string, LabelAtom>();
  const values = valuesOf(key, selectors);
  for (const { labels, fulfilled } of states) {
    for (const value of values) {
      const open = collapse(fulfilled.filter((i) => i >= selectors.length || hasValue(selectors[i].get(key) ?? ANY_VALUE, value)));
      const id = open.join();
      next.set(id, next.get(id) ?? { labels: value === undefined ? labels : { ...labels, [key]: value }, fulfilled: open });
    }
  }
  return [...next.values()];
}

/** One value for each way in which the selectors tell values of a key apart: absent, each one that is named, and one that is not. */
function valuesOf(key: string, selectors: readonly LabelConditions[]): readonly (string | undefined)[] {
  const named = new Set(selectors.flatMap((conditions) => [...(conditions.get(key)?.values ?? [])]));
  return [undefined, ...named, freshName('other', named)];
}

/** A name that nobody has. */
export function freshName(base: string, taken: Pick<ReadonlySet<string>, 'has'>): string {
  let name = base;
  for (let i = 2; taken.has(name); i++) {
    name = `${base}-${i}`;
  }
  return name;
}

/** What several conditions on labels come to; `undefined` if nothing fulfils all of them. */
export function conditionsOf(all: Iterable<readonly [string, ValueSet]>): LabelConditions | undefined {
  const conditions = new Map<string, ValueSet>();
  for (const [key, set] of all) {
    const both = intersection(conditions.get(key) ?? ANY_VALUE, set);
    if (isEmptySet(both)) {
      return undefined;
    }
    conditions.set(key, both);
  }
  return conditions;
}
