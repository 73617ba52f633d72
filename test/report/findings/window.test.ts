/** The source lines around a place. */
import { printable } from '../../../lib/net/printable';
import { columnsOf } from '../../../lib/report/findings/columns';
import { windowOf } from '../../../lib/report/findings/window';

const lines = (text: string, line: number, column: number, endColumn: number, endLine = line) =>
  windowOf(text, { line, column, endLine, endColumn, offset: offsetOf(text, line) + column - 1 }).map(({ text: shown }) => shown);

/** The offset at which a line begins. */
const offsetOf = (text: string, line: number) =>
  text
    .split('\n')
    .slice(0, line - 1)
    .join('\n').length + (line > 1 ? 1 : 0);

test('the first and the last line have one neighbour', () => {
  expect(lines('a\nb\n', 1, 1, 2)).toEqual(['a', '^', 'b']);
  expect(lines('a\nb\n', 2, 1, 2)).toEqual(['a', 'b', '^']);
});

test('an empty range has a caret, and a range of several lines is marked to the end of its first line', () => {
  expect(lines('abc', 1, 2, 2)).toEqual(['abc', ' ^']);
  expect(lines('abc\ndef', 1, 2, 3, 2)).toEqual(['abc', ' ^~', 'def']);
});

test('the end of the text, after the last line break, is a place too', () => {
  expect(lines('a\n', 2, 1, 1)).toEqual(['a', '^']);
  expect(lines('', 1, 1, 1)).toEqual(['^']);
});

test('a Windows line break is not part of a line', () => {
  expect(lines('a\r\nb\r\n', 1, 1, 2)).toEqual(['a', '^', 'b']);
});

test('carets are below the range, also after tabs, wide and combined characters', () => {
  expect(lines('\ta: b', 1, 5, 6)).toEqual(['    a: b', '       ^']);
  expect(lines('日本: b', 1, 5, 6)).toEqual(['日本: b', '      ^']);
  expect(lines('e\u0301: b', 1, 5, 6)).toEqual(['e\u0301: b', '   ^']);
  expect(lines('😀: 日本', 1, 5, 7)).toEqual(['😀: 日本', '    ^~~~']);
});

test('a long line is cut around the range, and so are its neighbours', () => {
  const long = `${'a'.repeat(500)}X${'b'.repeat(500)}`;
  expect(lines(`short\n${long}`, 2, 501, 502)).toEqual(['…', `…${'a'.repeat(40)}X${'b'.repeat(59)}…`, `${' '.repeat(41)}^`]);
  expect(lines(long, 1, 1, 1001)).toEqual([`${'a'.repeat(100)}…`, `^${'~'.repeat(99)}`]);
});

test('a cut never shows half a character', () => {
  const [shown] = lines('😀'.repeat(300), 1, 100, 102);
  expect(shown).not.toMatch(/u\{d/);
});

test('invisible characters are shown as a symbol or a code point', () => {
  expect(printable('a\u001b\n\t\u007f')).toBe('a␛␊␉␡');
  expect(printable('\u009b\u202e\u2028\ufeff\ud800\uffff')).toBe('\\u{9b}\\u{202e}\\u{2028}\\u{feff}\\u{d800}\\u{ffff}');
  expect(printable('日本 é 😀')).toBe('日本 é 😀');
});

test('columns are terminal columns', () => {
  expect(['a', '日', '😀', 'e\u0301', '１'].map(columnsOf)).toEqual([1, 2, 2, 1, 2]);
});
