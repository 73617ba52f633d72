/** Which combinations of regular expressions a text can match as a whole, with an example of each. */
import { Automaton } from './re2/automaton';
import { GivenUp } from './re2/given-up';
import type { Runes } from './re2/runes';

export interface RegexAtom {
  readonly text: string;
  /** The expressions that match it as a whole, by index. */
  readonly matching: readonly number[];
}

/** The texts that are looked at: all that match an expression, but for those that match another one, and those with a beginning that matches a third. */
export interface TextDomain {
  readonly within: string;
  readonly not?: string;
  readonly notBeginning?: string;
}

/**
 * Every combination of expressions that some text of a domain matches, with a shortest such text; `undefined` if it takes more than `most` steps to find
 * them, or if an expression is not valid or looks at the edges of words. No text of the domain may have a line break.
 */
export function regexAtoms(
  patterns: readonly string[],
  { within, not = NOTHING, notBeginning = NOTHING }: TextDomain,
  most: number,
): readonly RegexAtom[] | undefined {
  try {
    return new Search([...patterns, within, not, notBeginning], most).atoms();
  } catch (error) {
    if (error instanceof GivenUp) {
      return undefined;
    }
    throw error;
  }
}

/** An expression that matches no text. */
const NOTHING = '[^\\x00-\\x{10ffff}]';

/** Where one expression stands after a text: the states that it may be in. */
interface Place {
  readonly states: readonly number[];
  /** The expression, if it matches the text. */
  readonly matched: number | undefined;
  /** Whether it matches, if it does so whatever follows. */
  readonly isMatched: boolean;
  /** Where each kind of character leads; nowhere if the expression matches no text that begins so. */
  next?: ReadonlyMap<number, number>;
}

/** A text, and the places of all expressions that may still match, by number: that of the domain comes first. */
interface Reached {
  readonly text: string;
  readonly places: readonly number[];
}

/** Runs all expressions at once over every text that leads somewhere new, the shortest ones first. */
class Search {
  private readonly automaton: Automaton;
  /** A character of each kind that expressions tell apart, the most readable ones first. */
  private readonly kinds: readonly number[];
  private readonly kindsIn = new Map<Runes, readonly number[]>();
  private readonly places: Place[] = [];
  private readonly numbers = new Map<string, number>();
  private readonly within: number;
  private work = 0;

  public constructor(
    patterns: readonly string[],
    private readonly most: number,
  ) {
    this.automaton = new Automaton(patterns, MOST_STATES);
    this.within = patterns.length - 3;
    this.kinds = kindsOf(this.automaton);
  }

  public atoms(): readonly RegexAtom[] {
    const found = new Map<string, RegexAtom>();
    const known = new Set<string>();
    const queue: Reached[] = [];
    const add = (text: string, places: readonly number[]) => {
      const key = places.join();
      if (!known.has(key) && !places.some((number) => this.isForbidden(this.places[number]))) {
        known.add(key);
        queue.push({ text, places });
      }
    };
    const starts = this.automaton.starts.map((start) => this.numberOf([start], true));
    const [domain] = starts.splice(this.within, 1);
    add('', [domain, ...starts]);
    for (const { text, places } of queue) {
      const matching = places.flatMap((number) => this.places[number].matched ?? []).sort((a, b) => a - b);
      if (matching.includes(this.within) && !matching.includes(this.within + 1)) {
        const own = matching.filter((i) => i < this.within);
        const key = own.join();
        found.set(key, found.get(key) ?? { text, matching: own });
      }
      for (const [kind, next] of this.after(places)) {
        add(text + String.fromCodePoint(this.kinds[kind]), next);
      }
    }
    return [...found.values()];
  }

  /** Where each kind of character leads that the domain allows, in the order of kinds. */
  private after([domain, ...others]: readonly number[]): readonly (readonly [number, readonly number[]])[] {
    const next = new Map([...this.nextOf(domain)].sort(([a], [b]) => a - b).map(([kind, to]) => [kind, [to]]));
    this.count(next.size);
    for (const number of others) {
      const own = this.nextOf(number);
      this.count(own.size);
      own.forEach((to, kind) => next.get(kind)?.push(to));
    }
    return [...next];
  }

  private nextOf(number: number): ReadonlyMap<number, number> {
    const place = this.places[number];
    return (place.next ??= this.steps(place));
  }

  private steps({ states }: Place): ReadonlyMap<number, number> {
    const next = new Map<number, number[]>();
    for (const { runes, to } of states.flatMap((state) => this.automaton.states[state].edges)) {
      const kinds = this.kindsIn.get(runes) ?? this.kinds.flatMap((rune, kind) => (hasRune(runes, rune) ? kind : []));
      this.kindsIn.set(runes, kinds);
      this.count(kinds.length);
      kinds.forEach((kind) => next.set(kind, [...(next.get(kind) ?? []), to]));
    }
    return new Map([...next].map(([kind, to]) => [kind, this.numberOf(to, false)]));
  }

  private numberOf(from: readonly number[], isAtStart: boolean): number {
    const states = this.closure(from, { atStart: isAtStart, atEnd: false });
    const key = `${isAtStart ? '^' : ''}${states.join()}`;
    const known = this.numbers.get(key);
    if (known !== undefined) {
      return known;
    }
    const matchedBy = (all: readonly number[]) => all.map((state) => this.automaton.states[state].matches).find((one) => one !== undefined);
    const matched = matchedBy(this.closure(states, { atStart: isAtStart, atEnd: true }));
    const number = this.places.push({ states, matched, isMatched: matchedBy(states) !== undefined }) - 1;
    this.numbers.set(key, number);
    return number;
  }

  /** Whether a beginning is matched that no text of the domain has. */
  private isForbidden({ matched, isMatched }: Place): boolean {
    return matched === this.within + 2 && isMatched;
  }

  /** The states with those that need no further character, in order. */
  private closure(from: readonly number[], { atStart, atEnd }: { readonly atStart: boolean; readonly atEnd: boolean }): readonly number[] {
    const all = new Set(from);
    const isFree = { always: true, start: atStart, end: atEnd };
    for (const state of all) {
      this.automaton.states[state].free.filter(({ when }) => isFree[when]).forEach(({ to }) => all.add(to));
    }
    this.count(all.size);
    return [...all].sort((a, b) => a - b);
  }

  private count(steps: number): void {
    this.work += steps;
    if (this.work > this.most) {
      throw new GivenUp({ is: 'may-exceed' });
    }
  }
}

/** Of all expressions of a comparison together. */
const MOST_STATES = 20_000;

/** Of all kinds of characters. */
const MOST_KINDS = 2_000;

/** Kinds of characters that no expression tells apart, each with its most readable one. */
function kindsOf({ states }: Automaton): readonly number[] {
  const sets = [...new Map(states.flatMap(({ edges }) => edges).map(({ runes }) => [runes.join(), runes])).values()];
  const cuts = [...new Set(sets.flatMap((runes) => runes.flatMap(([low, high]) => [low, high + 1])))].sort((a, b) => a - b);
  if (cuts.length > MOST_KINDS) {
    throw new GivenUp({ is: 'may-exceed' });
  }
  const kinds = new Map<string, number>();
  for (const [i, low] of cuts.entries()) {
    const high = (cuts.at(i + 1) ?? low + 1) - 1;
    const key = sets.flatMap((runes, k) => (hasRune(runes, low) ? k : [])).join();
    const rune = readableIn(low, high);
    const known = kinds.get(key);
    kinds.set(key, known === undefined || rankOf(rune) < rankOf(known) ? rune : known);
  }
  kinds.delete('');
  return [...kinds.values()].sort((a, b) => rankOf(a) - rankOf(b));
}

function hasRune(runes: Runes, rune: number): boolean {
  let [low, high] = [0, runes.length - 1];
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (rune < runes[middle][0]) {
      high = middle - 1;
    } else if (rune > runes[middle][1]) {
      low = middle + 1;
    } else {
      return true;
    }
  }
  return false;
}

const READABLE = [...'xyzwvabcdefghijklmnopqrstuXYZWVABCDEFGHIJKLMNOPQRSTU0123456789-._/~:,@!$&*+=;|%'].map((one) => one.codePointAt(0)!);
const RANKS = new Map(READABLE.map((rune, rank) => [rune, rank]));

function readableIn(low: number, high: number): number {
  return READABLE.find((rune) => low <= rune && rune <= high) ?? low;
}

function rankOf(rune: number): number {
  return RANKS.get(rune) ?? READABLE.length + rune;
}
