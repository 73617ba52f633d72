/** A set of names and patterns, and which of them match some name that another one matches. */
import type { Minor } from '../crd/minor';
import { dnsAtoms } from '../net/dns-atoms';
import { plainName } from '../net/dns-pattern';
import { matchesName, stepsOf, tailOf } from './names';

export class NameSet {
  private readonly all: ReadonlySet<string>;
  private readonly byName = new Map<string, string[]>();
  private readonly byTail = new Map<string, string[]>();
  private readonly tailLengths: ReadonlySet<number>;
  /** Names, and tails of patterns, from the end on, in order: those with one end stand together. */
  private readonly names: readonly string[];
  private readonly tails: readonly string[];

  public constructor(
    patterns: Iterable<string>,
    private readonly minor: Minor,
  ) {
    this.all = new Set(patterns);
    for (const pattern of this.all) {
      const [lists, key] = pattern.includes('*') ? [this.byTail, tailOf(pattern)] : [this.byName, plainName(pattern)];
      const list = lists.get(key) ?? [];
      lists.set(key, list);
      list.push(pattern);
    }
    this.tailLengths = new Set([...this.byTail.keys()].map((tail) => tail.length));
    this.names = [...this.byName.keys()].map(reversed).sort(inOrder);
    this.tails = [...this.byTail.keys()].map(reversed).sort(inOrder);
  }

  /**
   * The members that have a name in common with a pattern, those that are equal first. Of very many that may have one, those beyond a bound are
   * taken to have one.
   */
  public *meeting(pattern: string): Generator<string> {
    if (this.all.has(pattern)) {
      yield pattern;
    }
    let left = MOST_TRIED;
    for (const other of pattern.includes('*') ? this.aroundPattern(pattern) : this.aroundName(plainName(pattern))) {
      if (other !== pattern && (left-- <= 0 || this.meets(pattern, other))) {
        yield other;
      }
    }
  }

  private *aroundName(name: string): Generator<string> {
    yield* this.byName.get(name) ?? [];
    yield* this.withTailsOf(name);
  }

  private *aroundPattern(pattern: string): Generator<string> {
    const tail = tailOf(pattern);
    yield* this.withTailsOf(tail);
    for (const name of withStart(reversed(tail), this.names)) {
      yield* this.byName.get(reversed(name)) ?? [];
    }
    for (const longer of withStart(reversed(tail), this.tails)) {
      yield* longer.length === tail.length ? [] : (this.byTail.get(reversed(longer)) ?? []);
    }
  }

  /** The patterns whose names may end as a text does. */
  private *withTailsOf(text: string): Generator<string> {
    for (const length of this.tailLengths) {
      yield* length > text.length ? [] : (this.byTail.get(text.slice(text.length - length)) ?? []);
    }
  }

  private meets(a: string, b: string): boolean {
    const [isWild, isOtherWild] = [a.includes('*'), b.includes('*')];
    if (!isWild || !isOtherWild) {
      return isWild ? matchesName(a, plainName(b), this.minor) : matchesName(b, plainName(a), this.minor);
    }
    const atoms = dnsAtoms([stepsOf(a, this.minor), stepsOf(b, this.minor)], MOST_STEPS);
    return atoms === undefined || atoms.some(({ matching }) => matching.length === 2);
  }
}

/** Members that may have a name in common with one pattern. */
export const MOST_TRIED = 500;
const MOST_STEPS = 20_000;

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function inOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The texts of a sorted list that begin with another one. */
function* withStart(start: string, sorted: readonly string[]): Generator<string> {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    [low, high] = sorted[middle] < start ? [middle + 1, high] : [low, middle];
  }
  for (let at = low; at < sorted.length && sorted[at].startsWith(start); at++) {
    yield sorted[at];
  }
}
