/** The lines of a text around a place, without control characters, and with long lines cut. */
import type { Place } from '../../model/origin';
import { printable } from '../../net/printable';
import { columnsOf } from './columns';

export interface WindowLine {
  /** The number of the line; absent for the line with the caret. */
  readonly number?: number;
  readonly text: string;
}

/** The line of a place, the lines before and after it, and `^~~~` under the place itself. */
export function windowOf(text: string, { line, column, endLine, endColumn, offset }: Place): readonly WindowLine[] {
  const begin = offset - (column - 1);
  const pointed = lineFrom(text, begin);
  const start = column - 1;
  const end = Math.max(start, endLine === line ? endColumn - 1 : pointed.length);
  const cut = cutOf(pointed, start);
  const lead = columnsOf(show(pointed.slice(0, start), cut));
  const width = columnsOf(show(pointed.slice(0, end), cut)) - lead;
  const newline = text.indexOf('\n', offset);
  return [
    ...(begin > 0 ? [numbered(line - 1, lineFrom(text, text.lastIndexOf('\n', begin - 2) + 1), cut)] : []),
    // A place can be after the last line break, where there is no line.
    ...(begin < text.length ? [numbered(line, pointed, cut)] : []),
    { text: `${' '.repeat(lead)}^${'~'.repeat(Math.max(width - 1, 0))}` },
    ...(newline >= 0 && newline + 1 < text.length ? [numbered(line + 1, lineFrom(text, newline + 1), cut)] : []),
  ];
}

function numbered(number: number, line: string, cut: Cut): WindowLine {
  return { number, text: show(line, cut) + (line.length > cut.end ? '…' : '') };
}

/** The line that begins at an offset, without its line break. */
function lineFrom(text: string, start: number): string {
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  return text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
}

/** The part of a line that is shown; the end is exclusive. */
interface Cut {
  readonly start: number;
  readonly end: number;
}

/** All lines of a window are cut at the same columns, so that they stay aligned. */
function cutOf(line: string, at: number): Cut {
  const start = line.length <= MOST_SHOWN ? 0 : Math.max(0, Math.min(at - MOST_BEFORE, line.length - MOST_SHOWN));
  return { start, end: start + MOST_SHOWN };
}

const MOST_SHOWN = 100;
const MOST_BEFORE = 40;

/** If a cut splits a surrogate pair, neither half is shown. */
function show(line: string, { start, end }: Cut): string {
  const part = line
    .slice(start, end)
    .replace(/^[\udc00-\udfff]/, '')
    .replace(/[\ud800-\udbff]$/, '');
  return `${start > 0 ? '…' : ''}${part.split('\t').map(printable).join('    ')}`;
}
