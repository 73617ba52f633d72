/** The instructions of a program, before those that do nothing are removed, and the pieces that it is put together from. */
import { GivenUp } from './given-up';

export type Operation = 'fail' | 'match' | 'nop' | 'fork' | 'bytes' | 'mark' | 'place' | 'match-all';

export interface Instruction {
  operation: Operation;
  /** What comes next. 0, the instruction that fails, until it is known. */
  out: number;
  /** What comes next on the second way of a fork. */
  other: number;
  /** A range of bytes, both ends included. */
  readonly low: number;
  readonly high: number;
  readonly ignoresCase: boolean;
}

/** A part of a program. What begins with 0 matches nothing. */
export interface Piece {
  readonly begin: number;
  /** The exits whose target is not known yet. A list has one owner, which may add to it. */
  readonly exits: number[];
  readonly canBeEmpty: boolean;
}

/** The exit of an instruction: twice its number, and one more for the second way of a fork. */
type Exit = number;

/** The maximum number of instructions before those that do nothing are removed. RE2 refuses more than 349,000. */
export const MAX_COMPILED = 100_000;

const FAILING: Piece = { begin: 0, exits: [], canBeEmpty: false };

/** Builds a program. Its instructions are numbered as RE2 numbers them, because what remains of a program depends on their order. */
export class Program {
  public readonly instructions: Instruction[] = [instruction('fail')];

  public bytes(low: number, high: number, ignoresCase = false, out = 0): number {
    return this.add({ operation: 'bytes', out, other: 0, low, high, ignoresCase });
  }

  public fork(out: number, other: number): number {
    return this.add({ ...instruction('fork'), out, other });
  }

  /** Removes the last instruction. */
  public removeLast(): void {
    this.instructions.pop();
  }

  public nothing(): Piece {
    return { ...FAILING, exits: [] };
  }

  public range(low: number, high: number, ignoresCase = false): Piece {
    const id = this.bytes(low, high, ignoresCase);
    return { begin: id, exits: [2 * id], canBeEmpty: false };
  }

  public single(operation: 'nop' | 'place'): Piece {
    const id = this.add(instruction(operation));
    return { begin: id, exits: [2 * id], canBeEmpty: true };
  }

  public match(): Piece {
    return { begin: this.add(instruction('match')), exits: [], canBeEmpty: false };
  }

  public sequence(first: Piece, second: Piece): Piece {
    if (first.begin === 0 || second.begin === 0) {
      return this.nothing();
    }
    const { operation, out } = this.instructions[first.begin];
    const isNop = operation === 'nop' && out === 0;
    this.lead(first.exits, second.begin);
    return isNop ? second : { begin: first.begin, exits: second.exits, canBeEmpty: first.canBeEmpty && second.canBeEmpty };
  }

  public choice(first: Piece, second: Piece): Piece {
    if (first.begin === 0 || second.begin === 0) {
      return first.begin === 0 ? second : first;
    }
    const begin = this.fork(first.begin, second.begin);
    return { begin, exits: united(first.exits, second.exits), canBeEmpty: first.canBeEmpty || second.canBeEmpty };
  }

  public plus(piece: Piece, isGreedy: boolean): Piece {
    const { id, exit } = this.loop(piece, isGreedy);
    this.lead(piece.exits, id);
    return { begin: piece.begin, exits: [exit], canBeEmpty: piece.canBeEmpty };
  }

  public star(piece: Piece, isGreedy: boolean): Piece {
    // One fork would not keep the order in which the ways are tried.
    if (piece.canBeEmpty) {
      return this.quest(this.plus(piece, isGreedy), isGreedy);
    }
    const { id, exit } = this.loop(piece, isGreedy);
    this.lead(piece.exits, id);
    return { begin: id, exits: [exit], canBeEmpty: true };
  }

  public quest(piece: Piece, isGreedy: boolean): Piece {
    if (piece.begin === 0) {
      return this.single('nop');
    }
    const { id, exit } = this.loop(piece, isGreedy);
    return { begin: id, exits: united([exit], piece.exits), canBeEmpty: true };
  }

  public group(piece: Piece): Piece {
    if (piece.begin === 0) {
      return piece;
    }
    const begin = this.add({ ...instruction('mark'), out: piece.begin });
    const end = this.add(instruction('mark'));
    this.lead(piece.exits, end);
    return { begin, exits: [2 * end], canBeEmpty: piece.canBeEmpty };
  }

  /** A fork of which one way leads into a piece, and the other is an exit. */
  private loop({ begin }: Piece, isGreedy: boolean): { readonly id: number; readonly exit: Exit } {
    const id = isGreedy ? this.fork(begin, 0) : this.fork(0, begin);
    return { id, exit: isGreedy ? 2 * id + 1 : 2 * id };
  }

  private lead(exits: readonly Exit[], target: number): void {
    for (const exit of exits) {
      const from = this.instructions[exit >> 1];
      if (exit % 2 === 1) {
        from.other = target;
      } else {
        from.out = target;
      }
    }
  }

  private add(one: Instruction): number {
    if (this.instructions.length >= MAX_COMPILED) {
      throw new GivenUp({ is: 'may-exceed' });
    }
    return this.instructions.push(one) - 1;
  }
}

function instruction(operation: Operation): Instruction {
  return { operation, out: 0, other: 0, low: 0, high: 0, ignoresCase: false };
}

/** Adds the shorter list to the longer one, so that many small lists do not take quadratic time. */
function united(a: Exit[], b: Exit[]): Exit[] {
  const [long, short] = a.length < b.length ? [b, a] : [a, b];
  short.forEach((exit) => long.push(exit));
  return long;
}
