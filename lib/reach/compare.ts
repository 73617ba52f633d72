/** What a change does: the traffic that passes before and not after, and the reverse, between all ends of a universe. */
import { classesOf } from './classes';
import { Passage, termsOf, Traffic } from './traffic';
import { pairedPassages } from './vague';

/**
 * `opened`: it passes after and not before. `closed`: the reverse. `rewritten`: it passes in both, and a proxy asks something else of requests.
 * `undecided`: whether it passes is not known in one of them.
 */
export type ChangeKind = 'opened' | 'closed' | 'rewritten' | 'undecided';

/** Some traffic between some ends that changes in one way. */
export interface Change {
  readonly is: ChangeKind;
  /** Ends of the universe, by number. The change is one of each pair of them. */
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly traffic: readonly ChangedPassage[];
}

/** A range of ports; what passes before and after, nothing if it is denied. */
export interface ChangedPassage {
  readonly protocol: Passage['protocol'];
  readonly first: number;
  readonly last: number;
  readonly before: Passage | undefined;
  readonly after: Passage | undefined;
}

/** All changes between two states of traffic over the same ends. None is a proof that both mean the same. */
export function changesBetween(
  count: number,
  before: (from: number, to: number) => Traffic,
  after: (from: number, to: number) => Traffic,
): readonly Change[] {
  const pairs = new Map<Traffic, Map<Traffic, ChangedTraffic>>();
  const changeOf = (from: number, to: number): ChangedTraffic => {
    const [old, now] = [before(from, to), after(from, to)];
    const known = pairs.get(old) ?? new Map<Traffic, ChangedTraffic>();
    pairs.set(old, known);
    const changed = known.get(now) ?? internedChange(old, now);
    known.set(now, changed);
    return changed;
  };
  const interned = new Map<string, ChangedTraffic>();
  const internedChange = (old: Traffic, now: Traffic) => {
    const changed = changedTraffic(old, now);
    const same = interned.get(changed.key) ?? changed;
    interned.set(changed.key, same);
    return same;
  };
  const { classes, between } = classesOf(count, changeOf);
  const pieces = classes.flatMap((from, i) =>
    classes.flatMap((to, k) => between(i, k).kinds.map(([is, traffic]): Change => ({ is, from, to, traffic }))),
  );
  return joined(pieces);
}

/** What changes between two ends, by the kind of change. */
interface ChangedTraffic {
  readonly key: string;
  readonly kinds: readonly (readonly [ChangeKind, readonly ChangedPassage[]])[];
}

function changedTraffic(before: Traffic, after: Traffic): ChangedTraffic {
  const changed =
    before.key === after.key
      ? []
      : pairedPassages(before, after).map(({ a, b, ...range }): ChangedPassage => ({ ...range, before: a, after: b }));
  const kinds = KINDS.flatMap((is) => {
    const own = changed.filter((one) => kindOf(one) === is);
    return own.length === 0 ? [] : [[is, own] as const];
  });
  return { key: kinds.map(([is, own]) => `${is} ${keyOf(own)}`).join('\n'), kinds };
}

const KINDS: readonly ChangeKind[] = ['opened', 'closed', 'rewritten', 'undecided'];

function kindOf({ before, after }: ChangedPassage): ChangeKind | undefined {
  if (before?.is === 'unknown' || after?.is === 'unknown') {
    return before?.is === after?.is ? undefined : 'undecided';
  }
  if (before === undefined || after === undefined) {
    return before === undefined ? 'opened' : 'closed';
  }
  return termsOf(before) === termsOf(after) ? undefined : 'rewritten';
}

function keyOf(traffic: readonly ChangedPassage[]): string {
  return traffic
    .map(
      ({ protocol, first, last, before, after }) =>
        `${protocol} ${first}-${last} ${before ? termsOf(before) : ''} → ${after ? termsOf(after) : ''}`,
    )
    .join(', ');
}

/** Changes of the same traffic with the same ends on one side are one: first those from the same sources, then those to the same destinations. */
function joined(pieces: readonly Change[]): readonly Change[] {
  const bySource = merged(
    pieces,
    ({ from }) => from.join(),
    (same) => ({ ...same[0], to: same.flatMap(({ to }) => to) }),
  );
  return merged(
    bySource,
    ({ to }) => to.join(),
    (same) => ({ ...same[0], from: same.flatMap(({ from }) => from) }),
  );
}

function merged(pieces: readonly Change[], sideOf: (one: Change) => string, merge: (same: readonly Change[]) => Change): readonly Change[] {
  const groups = new Map<string, Change[]>();
  for (const piece of pieces) {
    const key = `${piece.is} ${keyOf(piece.traffic)} ${sideOf(piece)}`;
    const same = groups.get(key) ?? [];
    groups.set(key, same);
    same.push(piece);
  }
  return [...groups.values()].map(merge);
}
