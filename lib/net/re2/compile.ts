/** Compiles an expression to a program, as RE2 does. Source: re2 `re2/compile.cc`. */
import { GivenUp } from './given-up';
import { MAX_COMPILED, Piece, Program } from './program';
import { LAST_RUNE } from './runes';
import { EMPTY, group, isFolding, isGreedy, Node, seriesOf } from './tree';
import { compileClass, utf8 } from './utf8-ranges';

export interface Compiled {
  readonly program: Program;
  /** Where a match from the start begins. 0 if nothing can match. */
  readonly start: number;
  /** Where a search begins. */
  readonly search: number;
}

export function compile(node: Node): Compiled {
  const program = new Program();
  const withoutStart = withoutPlace(node, 'start');
  const { node: inner } = withoutPlace(withoutStart.node, 'end');
  const all = program.sequence(pieceOf(inner, program, { visits: 0 }), program.match());
  const start = all.begin;
  if (withoutStart.isFound) {
    return { program, start, search: start };
  }
  const anyBytes = program.star(program.range(0x00, 0xff), false);
  return { program, start, search: program.sequence(anyBytes, all).begin };
}

/** An expression without the `^` that it begins with, or the `$` that it ends with, as far as RE2 looks for it. */
function withoutPlace(node: Node, which: 'start' | 'end', level = 0): { readonly node: Node; readonly isFound: boolean } {
  const places = which === 'start' ? ['text-start'] : ['text-end', 'dollar'];
  if (level < MOST_LEVELS_OF_PLACES && places.includes(node.is)) {
    return { node: EMPTY, isFound: true };
  }
  if (level < MOST_LEVELS_OF_PLACES && node.is === 'group') {
    const inner = withoutPlace(node.node, which, level + 1);
    return inner.isFound ? { node: group(inner.node), isFound: true } : { node, isFound: false };
  }
  if (level < MOST_LEVELS_OF_PLACES && node.is === 'sequence') {
    const i = which === 'start' ? 0 : node.nodes.length - 1;
    const inner = withoutPlace(node.nodes[i], which, level + 1);
    return inner.isFound
      ? {
          node: seriesOf(
            'sequence',
            node.nodes.map((one, k) => (k === i ? inner.node : one)),
          ),
          isFound: true,
        }
      : { node, isFound: false };
  }
  return { node, isFound: false };
}

const MOST_LEVELS_OF_PLACES = 4;

/** The visits are counted, because what matches nothing adds no instruction. */
function pieceOf(node: Node, program: Program, walk: { visits: number }): Piece {
  walk.visits++;
  if (walk.visits > MAX_COMPILED) {
    throw new GivenUp({ is: 'may-exceed' });
  }
  const inner = (one: Node) => pieceOf(one, program, walk);
  switch (node.is) {
    case 'nothing':
      return program.nothing();
    case 'empty':
      return program.single('nop');
    case 'literal':
      return literalPiece(node.runes, isFolding(node.flags), program);
    case 'class':
      return compileClass(node.runes, program);
    case 'any':
      return compileClass([[0, LAST_RUNE]], program);
    case 'byte':
      return program.range(0x00, 0xff);
    case 'sequence':
      return node.nodes.slice(1).reduce((piece, one) => program.sequence(piece, inner(one)), inner(node.nodes[0]));
    case 'choice':
      return node.nodes.slice(1).reduce((piece, one) => program.choice(piece, inner(one)), inner(node.nodes[0]));
    case 'star':
    case 'plus':
    case 'quest':
      return program[node.is](inner(node.node), isGreedy(node.flags));
    case 'group':
      return program.group(inner(node.node));
    case 'line-start':
    case 'line-end':
    case 'text-start':
    case 'text-end':
    case 'dollar':
    case 'word-edge':
    case 'no-word-edge':
      return program.single('place');
    case 'counted':
      throw new Error('a counted repeat is not simplified');
  }
}

/** Case is ignored only for ASCII: a character above with another case is a class. */
function literalPiece(runes: readonly number[], ignoresCase: boolean, program: Program): Piece {
  const pieces = runes.flatMap((rune) => utf8(rune).map((byte) => ({ byte, folds: ignoresCase && rune < 0x80 })));
  const [first, ...rest] = pieces.map(({ byte, folds }) => program.range(byte, byte, folds));
  return rest.reduce((piece, next) => program.sequence(piece, next), first);
}
