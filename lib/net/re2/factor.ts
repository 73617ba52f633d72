/**
 * The factoring of a choice: what neighbouring alternatives begin with is written once, and neighbouring characters become a class. For
 * example, `abc|abd|x|y` becomes `ab[cd]|[xy]`. RE2 compares only neighbours, so the order of the alternatives matters.
 *
 * Source: re2 `re2/parse.cc`, FactorAlternation.
 */
import { folded } from './fold';
import { GivenUp } from './given-up';
import { Runes, runesOf } from './runes';
import { EMPTY, FOLD_CASE, isFolding, isPlace, isSame, isSingle, literal, Literal, MAX_LEVELS, Node, series } from './tree';

export function factored(nodes: readonly Node[], level = 0): readonly Node[] {
  if (level > MAX_LEVELS) {
    throw new GivenUp({ is: 'may-exceed' });
  }
  return withClasses(withPieces(withPrefixes(nodes, level), level));
}

/** Alternatives that begin with the same characters. */
function withPrefixes(nodes: readonly Node[], level: number): readonly Node[] {
  const found: Node[] = [];
  for (let start = 0; start < nodes.length;) {
    const { end, shared } = runOfPrefix(nodes, start);
    const rests = nodes.slice(start, end);
    found.push(
      shared === undefined
        ? nodes[start]
        : beginning(
            shared,
            rests.map((node) => withoutPrefix(node, shared.runes.length)),
            level,
          ),
    );
    start = end;
  }
  return found;
}

/** Where the alternatives end that begin like the first one, and what they begin with; nothing if it is the only one. */
function runOfPrefix(nodes: readonly Node[], start: number): { readonly end: number; readonly shared?: Literal } {
  const first = prefixOf(nodes[start]);
  let length = first?.runes.length ?? 0;
  let end = start + 1;
  for (; end < nodes.length && first !== undefined; end++) {
    const same = sharedLength(first, prefixOf(nodes[end]), length);
    if (same === 0) {
      break;
    }
    length = same;
  }
  return first === undefined || end === start + 1
    ? { end }
    : { end, shared: { is: 'literal', runes: first.runes.slice(0, length), flags: first.flags & FOLD_CASE } };
}

/** The characters that a node begins with. */
function prefixOf(node: Node): Literal | undefined {
  let first = node;
  while (first.is === 'sequence') {
    first = first.nodes[0];
  }
  return first.is === 'literal' ? first : undefined;
}

function sharedLength(a: Literal, b: Literal | undefined, most: number): number {
  if (b === undefined || isFolding(a.flags) !== isFolding(b.flags)) {
    return 0;
  }
  let length = 0;
  while (length < most && length < b.runes.length && a.runes[length] === b.runes[length]) {
    length++;
  }
  return length;
}

function withoutPrefix(node: Node, length: number): Node {
  if (node.is === 'literal') {
    return literal(node.runes.slice(length), node.flags);
  }
  if (node.is !== 'sequence') {
    return node;
  }
  const [first, ...rest] = node.nodes;
  const left = withoutPrefix(first, length);
  return series('sequence', left.is === 'empty' ? rest : [left, ...rest]);
}

/** Alternatives that begin with the same class, place or counted repeat. To factor more would change which alternative matches. */
function withPieces(nodes: readonly Node[], level: number): readonly Node[] {
  const found: Node[] = [];
  for (let start = 0; start < nodes.length;) {
    const first = firstOf(nodes[start]);
    let end = start + 1;
    while (end < nodes.length && first !== undefined && isPiece(first) && beginsWith(nodes[end], first)) {
      end++;
    }
    const rests = nodes.slice(start, end);
    found.push(first === undefined || rests.length === 1 ? nodes[start] : beginning(first, rests.map(withoutFirst), level));
    start = end;
  }
  return found;
}

function beginsWith(node: Node, first: Node): boolean {
  const own = firstOf(node);
  return own !== undefined && isSame(first, own);
}

function firstOf(node: Node): Node | undefined {
  const first = node.is === 'sequence' && node.nodes.length >= 2 ? node.nodes[0] : node;
  return first.is === 'empty' ? undefined : first;
}

function withoutFirst(node: Node): Node {
  return node.is === 'sequence' && node.nodes.length >= 2 ? series('sequence', node.nodes.slice(1)) : EMPTY;
}

function isPiece(node: Node): boolean {
  const isFixed = node.is === 'counted' && node.least === node.most && isSingle(node.node);
  return isFixed || isPlace(node) || (isSingle(node) && node.is !== 'literal');
}

/** What several alternatives begin with, then a choice of what is left of them. */
function beginning(first: Node, rests: readonly Node[], level: number): Node {
  return series('sequence', [first, series('choice', factored(rests, level + 1))]);
}

/** Runs of characters and classes. */
function withClasses(nodes: readonly Node[]): readonly Node[] {
  const merged: Node[] = [];
  for (let i = 0; i < nodes.length;) {
    const start = i;
    while (i < nodes.length && runesIn(nodes[i]) !== undefined) {
      i++;
    }
    if (i <= start + 1) {
      i = start + 1;
      merged.push(nodes[start]);
    } else {
      merged.push({ is: 'class', runes: runesOf(nodes.slice(start, i).flatMap((node) => runesIn(node)!)) });
    }
  }
  return merged;
}

/** The characters of a class, or of a literal of one character. */
function runesIn(node: Node): Runes | undefined {
  if (node.is === 'class') {
    return node.runes;
  }
  if (node.is !== 'literal' || node.runes.length !== 1) {
    return undefined;
  }
  const [rune] = node.runes;
  return isFolding(node.flags) ? folded([[rune, rune]]) : [[rune, rune]];
}
