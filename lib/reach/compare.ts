/** What a change does: the traffic that passes before and not after, and the reverse, between all ends of a universe. */
import { groupedBy } from '../net/grouped';
import type { Pairs } from './differing';
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

/** What a change does, or may do where that is not known. */
export function effectsOf({ is, traffic }: Pick<Change, 'is' | 'traffic'>): readonly ('opened' | 'closed')[] {
  if (is === 'opened' || is === 'closed') {
    return [is];
  }
  const [opens, closes] = [
    traffic.some(({ before, after }) => before?.is !== 'allowed' && after !== undefined),
    traffic.some(({ before, after }) => before !== undefined && after?.is !== 'allowed'),
  ];
  // What a proxy asks instead may be more or less.
  return is === 'rewritten' ? ['opened', 'closed'] : [...(opens ? (['opened'] as const) : []), ...(closes ? (['closed'] as const) : [])];
}

/** All changes between two states of traffic over the same ends. None is a proof that both mean the same. `pairs`: all where they may differ. */
export function changesBetween(
  pairs: Pairs,
  before: (from: number, to: number) => Traffic,
  after: (from: number, to: number) => Traffic,
): readonly Change[] {
  const known = new Map<Traffic, Map<Traffic, readonly Piece[]>>();
  const interned = new Map<string, Piece>();
  const piecesOf = (old: Traffic, now: Traffic): readonly Piece[] => {
    const others = known.get(old) ?? new Map<Traffic, readonly Piece[]>();
    known.set(old, others);
    const pieces = others.get(now) ?? changedTraffic(old, now).map((piece) => interned.get(piece.key) ?? piece);
    others.set(now, pieces);
    pieces.forEach((piece) => interned.set(piece.key, piece));
    return pieces;
  };
  const found = new Map<Piece, Map<number, number[]>>();
  pairs.forEach((from, to) => {
    for (const piece of piecesOf(before(from, to), after(from, to))) {
      const bySource = found.get(piece) ?? new Map<number, number[]>();
      found.set(piece, bySource);
      const destinations = bySource.get(from) ?? [];
      bySource.set(from, destinations);
      destinations.push(to);
    }
  });
  return [...found].flatMap(([{ is, traffic }, bySource]) =>
    rectangles(bySource).map(({ from, to }): Change => ({ is, from, to, traffic })),
  );
}

/** Sources with the same destinations are one. */
function rectangles(bySource: ReadonlyMap<number, readonly number[]>): readonly Pick<Change, 'from' | 'to'>[] {
  const same = groupedBy([...bySource], ([, to]) => to.join());
  return [...same.values()].map((all) => ({ from: all.map(([from]) => from), to: all[0][1] }));
}

/** Traffic that changes in one way. */
interface Piece {
  readonly key: string;
  readonly is: ChangeKind;
  readonly traffic: readonly ChangedPassage[];
}

function changedTraffic(before: Traffic, after: Traffic): readonly Piece[] {
  const changed =
    before.key === after.key
      ? []
      : pairedPassages(before, after).map(({ a, b, ...range }): ChangedPassage => ({ ...range, before: a, after: b }));
  return KINDS.flatMap((is) => {
    const traffic = changed.filter((one) => kindOf(one) === is);
    return traffic.length === 0 ? [] : [{ key: `${is} ${keyOf(traffic)}`, is, traffic }];
  });
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
