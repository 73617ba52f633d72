/** The set of characters of a class: one in brackets, or one with a name. */
import type { Cursor } from './cursor';
import { escaped } from './escape';
import { folded } from './fold';
import { GivenUp } from './given-up';
import { PERL, POSIX, unicodeClass } from './named-classes';
import { complement, Runes, runesOf, Span } from './runes';

/** Reads a class in brackets. */
export function bracketed(cursor: Cursor, ignoresCase: boolean): Runes {
  cursor.take();
  const isNegated = cursor.skips('^');
  const spans: Span[] = [];
  // A bracket that comes first is a character.
  do {
    (named(cursor, ignoresCase) ?? [range(cursor)]).forEach((span) => spans.push(span));
  } while (cursor.ahead() !== ']');
  cursor.take();
  const runes = cased(runesOf(spans), ignoresCase);
  return isNegated ? complement(runes) : runes;
}

/** Reads a class with a name if one follows: `\d`, `\pL`, or inside of brackets `[:alpha:]`. */
function named(cursor: Cursor, ignoresCase: boolean): Runes | undefined {
  return posix(cursor, ignoresCase) ?? lettered(cursor, ignoresCase);
}

/** Reads a class that is written with a backslash, if one follows. */
export function lettered(cursor: Cursor, ignoresCase: boolean): Runes | undefined {
  const letter = cursor.ahead() === '\\' ? cursor.ahead(1) : '';
  const small = letter.toLowerCase();
  if (small in PERL) {
    cursor.skips('\\' + letter);
    return signed(PERL[small], letter !== small, ignoresCase);
  }
  if (letter === 'p' || letter === 'P') {
    cursor.skips('\\' + letter);
    return unicode(cursor, letter === 'P', ignoresCase);
  }
  return undefined;
}

/** The name is one letter, or is in braces. A caret negates. */
function unicode(cursor: Cursor, isNegated: boolean, ignoresCase: boolean): Runes {
  const name = cursor.skips('{') ? cursor.until('}') : cursor.take();
  return name.startsWith('^')
    ? signed(unicodeClass(name.slice(1)), !isNegated, ignoresCase)
    : signed(unicodeClass(name), isNegated, ignoresCase);
}

/** What begins a class and has no end is a character. */
function posix(cursor: Cursor, ignoresCase: boolean): Runes | undefined {
  const written = cursor.className();
  if (written === undefined) {
    return undefined;
  }
  const isNegated = written.startsWith('^');
  const name = isNegated ? written.slice(1) : written;
  if (!Object.hasOwn(POSIX, name)) {
    throw new GivenUp({ is: 'refused' });
  }
  return signed(POSIX[name], isNegated, ignoresCase);
}

function signed(runes: Runes, isNegated: boolean, ignoresCase: boolean): Runes {
  const all = cased(runes, ignoresCase);
  return isNegated ? complement(all) : all;
}

function cased(runes: Runes, ignoresCase: boolean): Runes {
  return ignoresCase ? folded(runes) : runes;
}

/** One character, or two with a hyphen between them. */
function range(cursor: Cursor): Span {
  const low = character(cursor);
  if (cursor.ahead() !== '-' || cursor.ahead(1) === ']' || cursor.ahead(1) === '') {
    return [low, low];
  }
  cursor.take();
  const high = character(cursor);
  if (high < low) {
    throw new GivenUp({ is: 'refused' });
  }
  return [low, high];
}

function character(cursor: Cursor): number {
  return cursor.skips('\\') ? escaped(cursor) : cursor.takeRune();
}
