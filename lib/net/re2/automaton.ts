/** Expressions as one automaton over characters: which of them match a text as a whole is seen by reading the text once. */
import { folds } from './fold';
import { GivenUp } from './given-up';
import { parse } from './parse';
import { LAST_RUNE, Runes, runesOf } from './runes';
import { isFolding, Node } from './tree';

export interface State {
  /** The characters that lead on, each set with the state that they lead to. */
  readonly edges: { readonly runes: Runes; readonly to: number }[];
  /** States that are reached without a character: always, only at the start of the text, or only at its end. */
  readonly free: { readonly when: 'always' | 'start' | 'end'; readonly to: number }[];
  /** The expression that matches if the text ends here. */
  matches?: number;
}

/** States for all expressions together, at most so many. */
export class Automaton {
  public readonly states: State[] = [];
  /** Where each expression begins. */
  public readonly starts: readonly number[];

  /** Throws `GivenUp` if an expression is not valid, too large, or asks for the edges of words or for single bytes. No text has a line break. */
  public constructor(
    patterns: readonly string[],
    private readonly most: number,
  ) {
    this.starts = patterns.map((pattern, i) => {
      const end = this.state();
      this.states[end].matches = i;
      return this.before(parse(pattern), end);
    });
  }

  private state(): number {
    if (this.states.length >= this.most) {
      throw new GivenUp({ is: 'may-exceed' });
    }
    return this.states.push({ edges: [], free: [] }) - 1;
  }

  private edge(runes: Runes, to: number): number {
    const from = this.state();
    this.states[from].edges.push({ runes, to });
    return from;
  }

  private free(when: State['free'][number]['when'], ...all: readonly number[]): number {
    const from = this.state();
    all.forEach((to) => this.states[from].free.push({ when, to }));
    return from;
  }

  /** A state from which an expression leads to `next`. */
  private before(node: Node, next: number): number {
    switch (node.is) {
      case 'nothing':
        return this.state();
      case 'empty':
        return next;
      case 'any':
        return this.edge(ANY, next);
      case 'literal':
        return node.runes.reduceRight((to, rune) => this.edge(runesLike(rune, isFolding(node.flags)), to), next);
      case 'class':
        return this.edge(node.runes, next);
      case 'group':
        return this.before(node.node, next);
      case 'sequence':
        return node.nodes.reduceRight((to, one) => this.before(one, to), next);
      case 'choice':
        return this.free('always', ...node.nodes.map((one) => this.before(one, next)));
      case 'quest':
        return this.free('always', this.before(node.node, next), next);
      case 'star':
      case 'plus':
        return this.repeat(node.node, next, node.is === 'star');
      case 'counted':
        return this.counted(node.node, node.least, node.most, next);
      case 'line-start':
      case 'text-start':
        return this.free('start', next);
      case 'line-end':
      case 'text-end':
      case 'dollar':
        return this.free('end', next);
      case 'byte':
      case 'word-edge':
      case 'no-word-edge':
        throw new GivenUp({ is: 'may-exceed' });
    }
  }

  private repeat(node: Node, next: number, mayBeNone: boolean): number {
    const again = this.free('always', next);
    const start = this.before(node, again);
    this.states[again].free.push({ when: 'always', to: start });
    return mayBeNone ? again : start;
  }

  private counted(node: Node, least: number, most: number, next: number): number {
    let to = most === Infinity ? this.repeat(node, next, true) : next;
    for (let i = least; i < most && most !== Infinity; i++) {
      to = this.free('always', this.before(node, to), next);
    }
    for (let i = 0; i < least; i++) {
      to = this.before(node, to);
    }
    return to;
  }
}

const ANY: Runes = [[0, LAST_RUNE]];

/** Case is ignored only for ASCII: a character above with another case is a class. */
function runesLike(rune: number, ignoresCase: boolean): Runes {
  const same = ignoresCase && rune < 0x80 ? folds(rune).filter((one) => one < 0x80) : [rune];
  return runesOf(same.map((one) => [one, one]));
}
