/** Regular expressions as RE2 sees them: what its parser makes of a pattern, and what the later steps rewrite. */
import { GivenUp } from './given-up';
import { isFull, Runes, sameRunes } from './runes';

/** The flags that a part of a pattern was read with. Two repeats are the same only if all of their flags are. */
export const FOLD_CASE = 1;
export const ONE_LINE = 2;
export const DOT_NEWLINE = 4;
export const NOT_GREEDY = 8;

export type Node = Leaf | Literal | Class | Repeated | Counted | Group | Series;

/** What matches nothing at all, the empty string, any character, any byte, or at a place (`\z` and `$` differ where prefixes are compared). */
export interface Leaf {
  readonly is: 'nothing' | 'empty' | 'any' | 'byte' | Place;
}

export type Place = 'line-start' | 'line-end' | 'text-start' | 'text-end' | 'dollar' | 'word-edge' | 'no-word-edge';

export interface Literal {
  readonly is: 'literal';
  /** At least one. The list grows while the pattern is parsed. */
  readonly runes: number[];
  readonly flags: number;
}

export interface Class {
  readonly is: 'class';
  readonly runes: Runes;
}

/** The measures of what has parts. */
interface Measured {
  /** How deep its parts are nested. */
  readonly depth: number;
  /** How often the counted repeats in it repeat the same part at most. */
  readonly copies: number;
}

export interface Repeated extends Measured {
  readonly is: 'star' | 'plus' | 'quest';
  readonly node: Node;
  readonly flags: number;
}

export interface Counted extends Measured {
  readonly is: 'counted';
  readonly node: Node;
  readonly least: number;
  /** Infinite for `x{2,}`. */
  readonly most: number;
  readonly flags: number;
}

export interface Group extends Measured {
  readonly is: 'group';
  readonly node: Node;
}

export interface Series extends Measured {
  readonly is: 'sequence' | 'choice';
  readonly nodes: readonly Node[];
}

export const NOTHING: Leaf = { is: 'nothing' };
export const EMPTY: Leaf = { is: 'empty' };

/** The maximum depth of an expression: the functions here call themselves for each level. RE2 has no such bound. */
export const MAX_LEVELS = 1000;

/** RE2 makes a list of lists of more. */
const MAX_SERIES = 65_535;

export function literal(runes: number[], flags: number): Node {
  return runes.length === 0 ? EMPTY : { is: 'literal', runes, flags };
}

export function repeated(is: Repeated['is'], node: Node, flags: number): Repeated {
  return { is, node, flags, ...measuresOf([node]) };
}

export function counted(node: Node, least: number, most: number, flags: number): Counted {
  const { depth, copies } = measuresOf([node]);
  return { is: 'counted', node, least, most, flags, depth, copies: copies * Math.max(1, most === Infinity ? least : most) };
}

export function group(node: Node): Group {
  return { is: 'group', node, ...measuresOf([node]) };
}

/** A sequence or a choice; of one, that one. */
export function series(is: Series['is'], nodes: readonly Node[]): Node {
  if (nodes.length === 0) {
    return is === 'choice' ? NOTHING : EMPTY;
  }
  return nodes.length === 1 ? nodes[0] : seriesOf(is, nodes);
}

/** A sequence or a choice, even of one. */
export function seriesOf(is: Series['is'], nodes: readonly Node[]): Series {
  if (nodes.length > MAX_SERIES) {
    throw new GivenUp({ is: 'may-exceed' });
  }
  return { is, nodes, ...measuresOf(nodes) };
}

/** A repeat of a repeat with the same flags is one repeat. */
export function squashed(is: Repeated['is'], node: Node, flags: number): Repeated {
  if (!isRepeated(node) || node.flags !== flags) {
    return repeated(is, node, flags);
  }
  return node.is === is || node.is === 'star' ? node : repeated('star', node.node, flags);
}

export function isRepeated(node: Node): node is Repeated {
  return node.is === 'star' || node.is === 'plus' || node.is === 'quest';
}

/** Whether it is exactly one character, class or byte. */
export function isSingle(node: Node): boolean {
  return (node.is === 'literal' && node.runes.length === 1) || node.is === 'class' || node.is === 'any' || node.is === 'byte';
}

const PLACES: readonly string[] = ['line-start', 'line-end', 'text-start', 'text-end', 'dollar', 'word-edge', 'no-word-edge'];

export function isPlace(node: Node): boolean {
  return PLACES.includes(node.is);
}

/** Whether two are the same; only for what has no parts, and a counted repeat of that. */
export function isSame(a: Node, b: Node): boolean {
  if (a.is === 'literal' && b.is === 'literal') {
    return (
      isFolding(a.flags) === isFolding(b.flags) && a.runes.length === b.runes.length && a.runes.every((rune, i) => rune === b.runes[i])
    );
  }
  if (a.is === 'class' && b.is === 'class') {
    return sameRunes(a.runes, b.runes);
  }
  if (a.is === 'counted' && b.is === 'counted') {
    return a.least === b.least && a.most === b.most && isGreedy(a.flags) === isGreedy(b.flags) && isSame(a.node, b.node);
  }
  return a.is === b.is && !('depth' in a);
}

export function isFolding(flags: number): boolean {
  return (flags & FOLD_CASE) !== 0;
}

export function isGreedy(flags: number): boolean {
  return (flags & NOT_GREEDY) === 0;
}

/** A class with no character matches nothing, and one with all of them is `any`. */
export function simpleClass(node: Class): Node {
  if (node.runes.length === 0) {
    return NOTHING;
  }
  return isFull(node.runes) ? { is: 'any' } : node;
}

/** The measures of what has these parts. */
function measuresOf(nodes: readonly Node[]): Measured {
  let [depth, copies] = [0, 1];
  for (const node of nodes) {
    if ('depth' in node) {
      depth = Math.max(depth, node.depth);
      copies = Math.max(copies, node.copies);
    }
  }
  if (depth >= MAX_LEVELS) {
    throw new GivenUp({ is: 'may-exceed' });
  }
  return { depth: depth + 1, copies };
}
