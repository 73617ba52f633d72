/** The lines of a text around a place, as they can be shown: without control characters, and cut where they are long. */
import { linesOf, Place } from '../read/place';
import { columnsOf, printable } from './printable';

export interface WindowLine {
  /** The number of the line; absent for the line of carets. */
  readonly number?: number;
  readonly text: string;
}

/** The line of a place with one before and one after it, and `^~~~` under what the place is about. */
export function windowOf(text: string, { line, column, endLine, endColumn }: Place): readonly WindowLine[] {
  const pointed = lineOf(text, line) ?? '';
  const start = column - 1;
  const end = Math.max(start, endLine === line ? endColumn - 1 : pointed.length);
  const cut = cutOf(pointed, start);
  const lead = columnsOf(show(pointed.slice(0, start), cut));
  const width = columnsOf(show(pointed.slice(0, end), cut)) - lead;
  return [
    ...numbered(text, line - 1, cut),
    ...numbered(text, line, cut),
    { text: `${' '.repeat(lead)}^${'~'.repeat(Math.max(width - 1, 0))}` },
    ...numbered(text, line + 1, cut),
  ];
}

function numbered(text: string, number: number, cut: Cut): readonly WindowLine[] {
  const line = lineOf(text, number);
  return line === undefined ? [] : [{ number, text: show(line, cut) + (line.length > cut.end ? '…' : '') }];
}

/** A line without its break, counted from 1. */
function lineOf(text: string, number: number): string | undefined {
  const starts = linesOf(text);
  if (number < 1 || number > starts.length || (number === starts.length && starts[number - 1] === text.length)) {
    return undefined;
  }
  const end = number < starts.length ? starts[number] - 1 : text.length;
  return text.slice(starts[number - 1], text[end - 1] === '\r' ? end - 1 : end);
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
