/**
 * The pairs of ends between which what passes may differ between two engines over the same cluster.
 *
 * A pull request changes a few rules of thousands. What passes between two ends is decided by the rules that select them, so it is asked again only where
 * a table says something else than before, or where a changed rule selects an end of which tables do not say all.
 */
import type { Direction } from '../model/policy';
import { BitSet } from './bit-set';
import type { Decider, Matrix } from './matrix';
import type { Relevance } from './universe/relevance';
import type { UniverseEnd } from './universe/universe';

/** Pairs of ends by number. */
export class Pairs {
  private readonly to: BitSet[] = [];

  /** Every pair of so many ends. */
  public static all(count: number): Pairs {
    const pairs = new Pairs(count);
    for (let from = 0; from < count; from++) {
      pairs.addRow(from);
    }
    return pairs;
  }

  public constructor(private readonly count: number) {}

  public get size(): number {
    return this.to.reduce((sum, set) => sum + set.size, 0);
  }

  public add(from: number, to: number): void {
    (this.to[from] ??= new BitSet()).add(to);
  }

  public addRow(from: number): void {
    for (let to = this.count - 1; to >= 0; to--) {
      this.add(from, to);
    }
  }

  public addColumn(to: number): void {
    for (let from = 0; from < this.count; from++) {
      this.add(from, to);
    }
  }

  /** By source, both in ascending order. */
  public forEach(call: (from: number, to: number) => void): void {
    this.to.forEach((set, from) => {
      set.forEach((to) => {
        call(from, to);
      });
    });
  }
}

/** The pairs to compare; all of them if more than rules differs. The matrices have the same sides. */
export function differingPairs(
  before: readonly Matrix[],
  after: readonly Matrix[],
  ends: readonly UniverseEnd[],
  relevance: Relevance | undefined,
): Pairs {
  const isOfNodes = relevance?.changed.some(({ rule }) => rule.subject.is === 'nodes') ?? false;
  const sharing = new Set([...before, ...after].map(({ engine }) => engine.resolver.sharesSelectors));
  if (relevance?.changed.length === 0) {
    return new Pairs(ends.length);
  }
  if (relevance?.hasSamePods !== true || isOfNodes || sharing.size > 1) {
    return Pairs.all(ends.length);
  }
  const finding = new Finding(ends, before[0], relevance);
  const length = Math.max(before.length, after.length);
  for (let i = 0; i < length; i++) {
    const [old, now] = [before, after].map((all) => all[Math.min(i, all.length - 1)]);
    finding.compareTables('egress', old, now);
    finding.compareTables('ingress', old, now);
  }
  return finding.finish();
}

class Finding {
  private readonly pairs: Pairs;
  /** The ends of which tables do not say all. */
  private readonly special: readonly number[];
  /** The ends that a changed rule selects. */
  private readonly touched: ReadonlySet<number>;
  /** The sources to which some other end says something else. */
  private readonly answered = new Set<number>();

  public constructor(
    private readonly ends: readonly UniverseEnd[],
    matrix: Matrix,
    private readonly relevance: Relevance,
  ) {
    this.pairs = new Pairs(ends.length);
    this.special = [...ends.keys()].filter((index) => !matrix.isPlain(index));
    const { engine } = matrix;
    // The sets grow with the identities of the ends.
    const selected = [...new Set(relevance.changed.map(({ rule }) => engine.selected(rule.subject.selector)))];
    const isTouched = ({ written }: UniverseEnd) => {
      const self = engine.endpoint(written);
      const identity = self && engine.numberAsSubject(self);
      return identity !== undefined && selected.some((set) => set.has(identity));
    };
    this.touched = new Set([...ends.keys()].filter((index) => isTouched(ends[index])));
  }

  /** Adds the pairs that the tables of one direction decide otherwise: only of ends that a changed rule selects, since the others have the same rules. */
  public compareTables(direction: Direction, before: Matrix, after: Matrix): void {
    const known = new Map<Decider, Map<Decider, readonly number[] | 'all'>>();
    for (const index of this.touched) {
      const [old, now] = [before.decider(direction, index), after.decider(direction, index)];
      const others = known.get(old) ?? new Map<Decider, readonly number[] | 'all'>();
      known.set(old, others);
      const peers =
        others.get(now) ??
        (old === 'ask' || now === 'ask' ? 'all' : differingIn(before.rowOf(old, direction), after.rowOf(now, direction)));
      others.set(now, peers);
      if (peers === 'all') {
        this.addAll(index);
      } else {
        peers.forEach((peer) => {
          this.add(direction, index, peer);
        });
      }
    }
  }

  private add(direction: Direction, self: number, peer: number): void {
    if (direction === 'egress') {
      this.pairs.add(self, peer);
    } else {
      this.pairs.add(peer, self);
      this.answered.add(peer);
    }
  }

  /** Tables say all of an end or nothing: what only the specification knows, it knows of both directions. */
  private addAll(self: number): void {
    this.pairs.addRow(self);
    this.pairs.addColumn(self);
    [...this.ends.keys()].forEach((peer) => this.answered.add(peer));
  }

  public finish(): Pairs {
    const isSpecial = new Set(this.special);
    for (const self of [...this.touched].filter((one) => isSpecial.has(one))) {
      this.addAll(self);
    }
    for (const self of this.ends.keys()) {
      // What a name or the address of a Service leads to is decided by other ends, too. Nobody connects from a name.
      const isSource = isSpecial.has(self) && this.ends[self].is !== 'name';
      if (isSource || this.touched.has(self) || this.answered.has(self) || this.relevance.answersDiffer) {
        this.special.forEach((other) => {
          this.pairs.add(self, other);
        });
      }
      if (this.touched.has(self)) {
        this.special.forEach((other) => {
          this.pairs.add(other, self);
        });
      }
    }
    return this.pairs;
  }
}

function differingIn(a: Uint32Array, b: Uint32Array): readonly number[] {
  if (a === b) {
    return [];
  }
  const found: number[] = [];
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) {
      found.push(i);
    }
  }
  return found;
}
