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

/** The states after a text, in order. */
interface Reached {
  readonly text: string;
  readonly states: readonly number[];
}

/** Runs all expressions at once over every text that leads somewhere new, the shortest ones first. */
class Search {
  private readonly automaton: Automaton;
  /** A character of each kind that expressions tell apart, the most readable ones first. */
  private readonly characters: readonly string[];
  /** By state: where each kind of character leads. */
  private readonly steps: readonly (readonly (readonly [kind: number, to: number])[])[];
  private readonly within: number;
  private work = 0;

  public constructor(
    patterns: readonly string[],
    private readonly most: number,
  ) {
    this.automaton = new Automaton(patterns, MOST_STATES);
    this.within = patterns.length - 3;
    const kinds = kindsOf(this.automaton);
    this.characters = kinds.map(({ rune }) => String.fromCodePoint(rune));
    const kindsIn = new Map<Runes, readonly number[]>();
    this.steps = this.automaton.states.map(({ edges }) =>
      edges.flatMap(({ runes, to }) => {
        const known = kindsIn.get(runes) ?? kinds.flatMap(({ rune }, kind) => (hasRune(runes, rune) ? kind : []));
        kindsIn.set(runes, known);
        this.count(known.length);
        return known.map((kind) => [kind, to] as const);
      }),
    );
  }

  public atoms(): readonly RegexAtom[] {
    const found = new Map<string, RegexAtom>();
    const known = new Set<string>();
    const queue: Reached[] = [];
    const add = (text: string, states: readonly number[]) => {
      const key = states.join();
      if (!known.has(key) && this.isInDomain(states)) {
        known.add(key);
        queue.push({ text, states });
      }
    };
    add('', this.closure(this.automaton.starts, { atStart: true, atEnd: false }));
    for (const { text, states } of queue) {
      const matching = this.matching(this.closure(states, { atStart: text === '', atEnd: true }));
      if (matching.includes(this.within) && !matching.includes(this.within + 1)) {
        const own = matching.filter((i) => i < this.within);
        const key = own.join();
        found.set(key, found.get(key) ?? { text, matching: own });
      }
      for (const [kind, next] of this.after(states)) {
        add(text + this.characters[kind], this.closure(next, { atStart: false, atEnd: false }));
      }
    }
    return [...found.values()];
  }

  /** Where each kind of character leads, in the order of kinds. */
  private after(states: readonly number[]): readonly (readonly [number, readonly number[]])[] {
    const next = new Map<number, number[]>();
    for (const state of states) {
      for (const [kind, to] of this.steps[state]) {
        const list = next.get(kind) ?? [];
        next.set(kind, list);
        list.push(to);
      }
      this.count(this.steps[state].length);
    }
    return [...next].sort(([a], [b]) => a - b);
  }

  /** Whether a text that begins so may be one of the domain. */
  private isInDomain(states: readonly number[]): boolean {
    const [first, next] = [this.automaton.firsts[this.within], this.automaton.firsts[this.within + 1]];
    return states.some((state) => first <= state && state < next) && !this.matching(states).includes(this.within + 2);
  }

  /** The expressions of which a match is reached. */
  private matching(states: readonly number[]): readonly number[] {
    return [...new Set(states.flatMap((state) => this.automaton.states[state].matches ?? []))].sort((a, b) => a - b);
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
function kindsOf({ states }: Automaton): readonly { readonly rune: number }[] {
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
  return [...kinds.values()].sort((a, b) => rankOf(a) - rankOf(b)).map((rune) => ({ rune }));
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
