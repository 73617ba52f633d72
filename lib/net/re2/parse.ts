/**
 * The parser of RE2, with the rewriting that it does while it reads, because the size of a program depends on it: neighbouring characters
 * become one string, classes of one character become that character, and the alternatives of a choice are factored.
 *
 * Source: re2 `re2/parse.cc`, with the options that Envoy gives: those of Perl, UTF-8.
 */
import { bracketed, lettered } from './class';
import { Cursor } from './cursor';
import { escaped } from './escape';
import { factored } from './factor';
import { folds } from './fold';
import { GivenUp } from './given-up';
import { countOf, includes, Runes, runesOf } from './runes';
import {
  counted,
  DOT_NEWLINE,
  EMPTY,
  FOLD_CASE,
  group,
  isFolding,
  isRepeated,
  Leaf,
  literal,
  Literal,
  Node,
  NOT_GREEDY,
  ONE_LINE,
  Repeated,
  repeated,
  series,
  squashed,
} from './tree';

export function parse(pattern: string): Node {
  const cursor = new Cursor(pattern);
  const parser = new Parser();
  let wasRepeat = false;
  while (!cursor.isAtEnd) {
    const isRepeat = readRepeat(cursor, parser, wasRepeat);
    if (!isRepeat) {
      readOther(cursor, parser);
    }
    wasRepeat = isRepeat;
  }
  return parser.finish();
}

const REPEATS: Readonly<Record<string, Repeated['is']>> = { '*': 'star', '+': 'plus', '?': 'quest' };

/** Reads a repeat if one follows. A repeat of a repeat needs a group. */
function readRepeat(cursor: Cursor, parser: Parser, wasRepeat: boolean): boolean {
  const character = cursor.ahead();
  const counts = character === '{' ? cursor.repeat() : undefined;
  const simple = counts === undefined && character in REPEATS ? REPEATS[cursor.take()] : undefined;
  if (counts === undefined && simple === undefined) {
    return false;
  }
  const isLazy = cursor.skips('?');
  if (wasRepeat) {
    throw new GivenUp({ is: 'refused' });
  }
  if (simple !== undefined) {
    parser.repeat(simple, isLazy);
  } else {
    parser.count(counts!.least, counts!.most, isLazy);
  }
  return true;
}

function readOther(cursor: Cursor, parser: Parser): void {
  switch (cursor.ahead()) {
    case '(':
      return readGroup(cursor, parser);
    case '[':
      return parser.pushClass(bracketed(cursor, parser.ignoresCase));
    case '\\':
      return readBackslash(cursor, parser);
  }
  const character = cursor.take();
  switch (character) {
    case '|':
      return parser.nextAlternative();
    case ')':
      return parser.close();
    case '^':
      return parser.pushLeaf(parser.has(ONE_LINE) ? 'text-start' : 'line-start');
    case '$':
      return parser.pushLeaf(parser.has(ONE_LINE) ? 'dollar' : 'line-end');
    case '.':
      return parser.has(DOT_NEWLINE) ? parser.pushLeaf('any') : parser.pushClass(NO_NEWLINE);
    default:
      return parser.pushRune(character.codePointAt(0)!);
  }
}

const NO_NEWLINE: Runes = [
  [0, 0x09],
  [0x0b, 0x10ffff],
];

const LEAVES: Readonly<Record<string, Leaf['is']>> = { b: 'word-edge', B: 'no-word-edge', A: 'text-start', z: 'text-end', C: 'byte' };

function readBackslash(cursor: Cursor, parser: Parser): void {
  const letter = cursor.ahead(1);
  if (letter in LEAVES) {
    cursor.skips('\\' + letter);
    return parser.pushLeaf(LEAVES[letter]);
  }
  if (cursor.skips('\\Q')) {
    while (!cursor.isAtEnd && !cursor.skips('\\E')) {
      parser.pushRune(cursor.takeRune());
    }
    return;
  }
  const runes = lettered(cursor, parser.ignoresCase);
  if (runes !== undefined) {
    return parser.pushClass(runes);
  }
  cursor.take();
  parser.pushRune(escaped(cursor));
}

const FLAGS: Readonly<Record<string, number>> = { i: FOLD_CASE, m: ONE_LINE, s: DOT_NEWLINE, U: NOT_GREEDY };

/** Reads the beginning of a group, or flags. */
function readGroup(cursor: Cursor, parser: Parser): void {
  if (!cursor.skips('(?')) {
    cursor.take();
    return parser.open(true, parser.flags);
  }
  if (cursor.skips('P<') || cursor.skips('<')) {
    if (!/^[\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]+$/u.test(cursor.until('>'))) {
      throw new GivenUp({ is: 'refused' });
    }
    return parser.open(true, parser.flags);
  }
  const { flags, end } = readFlags(cursor, parser.flags);
  if (end === ':') {
    parser.open(false, flags);
  } else {
    parser.flags = flags;
  }
}

function readFlags(cursor: Cursor, before: number): { readonly flags: number; readonly end: string } {
  let [flags, isNegated, isComplete] = [before, false, true];
  for (;;) {
    const letter = cursor.take();
    if (letter in FLAGS) {
      // `m` is the opposite of one line.
      const isSet = isNegated === (letter === 'm');
      flags = isSet ? flags | FLAGS[letter] : flags & ~FLAGS[letter];
      isComplete = true;
    } else if (letter === '-' && !isNegated) {
      [isNegated, isComplete] = [true, false];
    } else if ((letter === ':' || letter === ')') && isComplete) {
      return { flags, end: letter };
    } else {
      throw new GivenUp({ is: 'refused' });
    }
  }
}

/** A group that is open: the alternatives that are complete, and the one that is being read. */
interface Open {
  readonly captures: boolean;
  /** The flags outside of the group. */
  readonly flags: number;
  readonly alternatives: Node[];
  readonly sequence: Node[];
}

class Parser {
  public flags = ONE_LINE;
  private readonly outer: Open[] = [];
  private inner: Open = { captures: false, flags: ONE_LINE, alternatives: [], sequence: [] };

  public has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }

  public get ignoresCase(): boolean {
    return this.has(FOLD_CASE);
  }

  public open(captures: boolean, flags: number): void {
    this.joinCharacters();
    this.outer.push(this.inner);
    this.inner = { captures, flags: this.flags, alternatives: [], sequence: [] };
    this.flags = flags;
  }

  public close(): void {
    const node = this.choice();
    const outside = this.outer.pop();
    if (outside === undefined) {
      throw new GivenUp({ is: 'refused' });
    }
    const { captures, flags } = this.inner;
    this.flags = flags;
    this.inner = outside;
    this.push(captures ? group(node) : node);
  }

  public finish(): Node {
    const node = this.choice();
    if (this.outer.length > 0) {
      throw new GivenUp({ is: 'refused' });
    }
    return node;
  }

  public nextAlternative(): void {
    this.joinCharacters();
    const { alternatives, sequence } = this.inner;
    const next = series('sequence', sequence.length === 0 ? [EMPTY] : flat('sequence', sequence));
    sequence.length = 0;
    const previous = alternatives.at(-1);
    if (previous?.is === 'any' && isOneCharacter(next)) {
      return;
    }
    if (next.is === 'any' && previous !== undefined && isOneCharacter(previous)) {
      alternatives.pop();
    }
    alternatives.push(next);
  }

  public pushLeaf(is: Leaf['is']): void {
    this.push({ is });
  }

  /** A class of one character, or of both cases of a letter, is that character. */
  public pushClass(runes: Runes): void {
    const count = countOf(runes);
    const first = runes[0]?.[0];
    if (count === 1) {
      this.push(literal([first], this.flags));
    } else if (count === 2 && first >= 0x41 && first <= 0x5a && includes(runes, first + 0x20)) {
      this.push(literal([first + 0x20], this.flags | FOLD_CASE));
    } else {
      this.push({ is: 'class', runes });
    }
  }

  public pushRune(rune: number): void {
    const same = this.ignoresCase ? folds(rune) : [rune];
    if (same.length > 1) {
      this.pushClass(runesOf(same.map((one) => [one, one])));
    } else {
      this.push(literal([rune], this.flags));
    }
  }

  public repeat(is: Repeated['is'], isLazy: boolean): void {
    const top = this.takeTop();
    const flags = isLazy ? this.flags ^ NOT_GREEDY : this.flags;
    this.inner.sequence.push(isRepeated(top) ? squashed(is, top, flags) : repeated(is, top, flags));
  }

  public count(least: number, most: number, isLazy: boolean): void {
    if (most < least || least > MOST_COPIES || (most > MOST_COPIES && most !== Infinity)) {
      throw new GivenUp({ is: 'refused' });
    }
    const node = counted(this.takeTop(), least, most, isLazy ? this.flags ^ NOT_GREEDY : this.flags);
    if ((least >= 2 || (most >= 2 && most !== Infinity)) && node.copies > MOST_COPIES) {
      throw new GivenUp({ is: 'refused' });
    }
    this.inner.sequence.push(node);
  }

  private takeTop(): Node {
    const top = this.inner.sequence.pop();
    if (top === undefined) {
      throw new GivenUp({ is: 'refused' });
    }
    return top;
  }

  private push(node: Node): void {
    this.joinCharacters();
    this.inner.sequence.push(node);
  }

  /** The last character of a sequence stays apart, because a repeat may follow, which repeats only it. */
  private joinCharacters(): void {
    const { sequence } = this.inner;
    const [before, last] = [sequence.at(-2), sequence.at(-1)];
    if (isLiteral(before) && isLiteral(last) && isFolding(before.flags) === isFolding(last.flags)) {
      sequence.pop();
      last.runes.forEach((rune) => before.runes.push(rune));
    }
  }

  private choice(): Node {
    this.nextAlternative();
    const { alternatives } = this.inner;
    return alternatives.length === 1 ? alternatives[0] : series('choice', factored(flat('choice', alternatives)));
  }
}

/** The maximum count of a repeat, and of repeats in repeats. */
const MOST_COPIES = 1000;

function isLiteral(node: Node | undefined): node is Literal {
  return node?.is === 'literal';
}

function isOneCharacter(node: Node): boolean {
  return node.is === 'any' || node.is === 'class' || (node.is === 'literal' && node.runes.length === 1);
}

/** A sequence in a sequence is a part of it, and so is a choice in a choice. */
function flat(is: 'sequence' | 'choice', nodes: readonly Node[]): readonly Node[] {
  return nodes.length === 1 ? nodes : nodes.flatMap((node) => (node.is === is ? node.nodes : [node]));
}
