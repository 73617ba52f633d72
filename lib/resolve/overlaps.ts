/** Subjects that may have an endpoint in common, by the labels that they name. */
import { mayMeet } from './containment';
import { NAMESPACE_NAMES, SubjectRules } from './subjects';

/** Finds subjects that may have an endpoint in common with another one. Most name a value of a label, and those with another value need not be asked. */
export class Overlaps {
  private readonly tree: Branch;

  public constructor(all: readonly SubjectRules[]) {
    this.tree = branchOf(
      all.map((one) => ({ one, copies: 1 })),
      new Set(),
    );
  }

  /** Whether a subject may have an endpoint in common with one. */
  public has(one: SubjectRules): boolean {
    return this.of(one).next().done === false;
  }

  /** The subjects that may have an endpoint in common with one. One that names several values of a label may come several times. */
  public *of(one: SubjectRules): Generator<SubjectRules> {
    for (const other of candidates(this.tree, one)) {
      if (other.subject.is === one.subject.is && mayMeet(other.least, one.least)) {
        yield other;
      }
    }
  }
}

/** Subjects by the values of a label that most of them name; `others` do not name it, or name too many. */
interface Branch {
  readonly key: string | undefined;
  readonly byValue: ReadonlyMap<string, Branch>;
  readonly others: Branch | undefined;
  readonly list: readonly SubjectRules[];
}

/** A subject in a branch, with how often it stands in the tree because of labels of which it names several values. */
interface Leaf {
  readonly one: SubjectRules;
  readonly copies: number;
}

/** Fewer are asked one by one. */
const FEW = 16;

/** A subject that would stand in more places is asked each time. */
const MOST_COPIES = 8;

function branchOf(all: readonly Leaf[], used: ReadonlySet<string>): Branch {
  const list = all.map(({ one }) => one);
  const key = all.length < FEW ? undefined : commonKey(all, used);
  if (key === undefined) {
    return { key, byValue: new Map(), others: undefined, list };
  }
  const lists = new Map<string, Leaf[]>();
  const others: Leaf[] = [];
  for (const leaf of all) {
    const values = valuesOf(leaf, key);
    for (const value of values ?? []) {
      const same = lists.get(value) ?? [];
      lists.set(value, same);
      same.push({ one: leaf.one, copies: leaf.copies * values!.size });
    }
    if (values === undefined) {
      others.push(leaf);
    }
  }
  const next = new Set([...used, key]);
  return { key, byValue: new Map([...lists].map(([value, same]) => [value, branchOf(same, next)])), others: branchOf(others, next), list };
}

/** The label of which most subjects name values; `undefined` if it is less than half of them. */
function commonKey(all: readonly Leaf[], used: ReadonlySet<string>): string | undefined {
  const counts = new Map<string, number>();
  const named = all.flatMap((leaf) => [...leaf.one.facts.keys()].filter((key) => !used.has(key) && valuesOf(leaf, key) !== undefined));
  for (const key of named) {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most !== undefined && most[1] * 2 >= all.length ? most[0] : undefined;
}

/** The values of a label that a subject names; `undefined` if there are too many, or others are possible. */
function valuesOf({ one, copies }: Leaf, key: string): ReadonlySet<string> | undefined {
  const values = namedValues(one, key);
  return values !== undefined && copies * values.size <= MOST_COPIES ? values : undefined;
}

function namedValues({ facts, assumed }: SubjectRules, key: string): ReadonlySet<string> | undefined {
  const set = assumed !== undefined && NAMESPACE_NAMES.includes(key) ? undefined : facts.get(key);
  return set === undefined || set.absent || set.isExcept ? undefined : set.values;
}

function* candidates({ key, byValue, others, list }: Branch, one: SubjectRules): Generator<SubjectRules> {
  const values = key === undefined ? undefined : namedValues(one, key);
  if (values === undefined) {
    yield* list;
    return;
  }
  for (const value of values) {
    const branch = byValue.get(value);
    if (branch !== undefined) {
      yield* candidates(branch, one);
    }
  }
  yield* candidates(others!, one);
}
