/** The lines of a text around a place, as they can be shown: without control characters, and cut where they are long. */
import type { Place } from '../../model/origin';
import { columnsOf, printable } from '../shared/printable';

export interface WindowLine {
  /** The number of the line; absent for the line of carets. */
  readonly number?: number;
  readonly text: string;
}

/** The line of a place with one before and one after it, and `^~~~` under the place itself. */
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
    // Behind the last line break there is a place, and no line.
    ...(begin < text.length ? [numbered(line, pointed, cut)] : []),
    { text: `${' '.repeat(lead)}^${'~'.repeat(Math.max(width - 1, 0))}` },
    ...(newline >= 0 && newline + 1 < text.length ? [numbered(line + 1, lineFrom(text, newline + 1), cut)] : []),
  ];
}

function numbered(number: number, line: string, cut: Cut): WindowLine {
  return { number, text: show(line, cut) + (line.length > cut.end ? '…' : '') };
}

/** The line that begins at an offset, without its break. */
function lineFrom(text: string, start: number): string {
  const newline = text.indexOf('\n', start);
  const end = newline < 0 ? text.length : newline;
  return text.slice(start, text[end - 1] === '\r' && end > start ? end - 1 : end);
}

/** Which part of a line is shown; the end is exclusive. */
interface Cut {
  readonly start: number;
  readonly end: number;
}

/** All lines of a window are cut alike, so that they stay below each other. */
function cutOf(line: string, at: number): Cut {
  const start = line.length <= MOST_SHOWN ? 0 : Math.max(0, Math.min(at - MOST_BEFORE, line.length - MOST_SHOWN));
  return { start, end: start + MOST_SHOWN };
}

const MOST_SHOWN = 100;
const MOST_BEFORE = 40;

/** A cut may go through the two halves of a character: then neither is shown. */
function show(line: string, { start, end }: Cut): string {
  const part = line
    .slice(start, end)
    .replace(/^[\udc00-\udfff]/, '')
    .replace(/[\ud800-\udbff]$/, '');
  return `${start > 0 ? '…' : ''}${part.split('\t').map(printable).join('    ')}`;
}
