/**
 * Finds the lines that begin inside brackets or quotes. YAML 1.1 lets their indentation be anything, and js-yaml does not.
 *
 * js-yaml stops at the first line that is not indented enough, and tells no more of what it has read. So `guessedLines` looks at the text
 * without parsing it, and when js-yaml has read the text with the lines that were guessed, `areInner` makes sure that the guess was right.
 */
import { COLLECTION_STYLE, Event, EVENT_ID, SCALAR_STYLE } from 'js-yaml';
import type { Patched } from './patched';
import { afterAll, endOfQuoted, lengthAt } from './scan';

/** The offsets of the lines that seem to begin inside brackets or quotes, without empty lines. */
export function guessedLines(text: string): readonly number[] {
  const lines: number[] = [];
  for (let at = 0; at < text.length;) {
    const node = afterAll(BEFORE_NODE, text, at);
    const end = endOf(text, node);
    if (end === undefined) {
      at = nextBlockLine(text, node);
      continue;
    }
    linesBetween(text, node, end).forEach((line) => lines.push(line));
    at = end;
  }
  return lines;
}

/**
 * The offsets of the lines that begin between two offsets, without empty lines, and without those that may follow a tag or an anchor: there
 * js-yaml accepts any indentation, and ends the node if it is too little. A line that is left out although it need not be costs only time.
 */
function linesBetween(text: string, start: number, end: number): readonly number[] {
  const lines: number[] = [];
  let previous = start;
  let mayFollow = false;
  for (let line = text.indexOf('\n', start) + 1; line > 0 && line < end; line = text.indexOf('\n', line) + 1) {
    const before = text.slice(previous, line);
    mayFollow = /[!&]/.test(before) || (mayFollow && /^\s*(?:#|$)/.test(before));
    if (!mayFollow && lengthAt(EMPTY, text, line) === 0) {
      lines.push(line);
    }
    previous = line;
  }
  return lines;
}

/** What may come before a node on its line: an indicator, a plain key, a tag or an anchor. */
const BEFORE_NODE = /(?:[-?:]|[^\s"'[{#&!|>-][^\n]*?:|[&!]\S*)[ \t]+|[ \t]+/y;

const EMPTY = /[ \t\r]*\n/y;

const BLOCK_SCALAR = /[|>][-+0-9]*[ \t]*(?:#[^\n]*)?\r?(?:\n|$)/y;

/** Where the brackets or quotes end that begin at an offset; `undefined` if none do. */
function endOf(text: string, start: number): number | undefined {
  switch (text[start]) {
    case '"':
    case "'":
      return endOfQuoted(text, start) ?? text.length;
    case '[':
    case '{':
      return endOfBrackets(text, start);
    default:
      return undefined;
  }
}

function endOfBrackets(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const char = text[at];
    depth += char === '[' || char === '{' ? 1 : char === ']' || char === '}' ? -1 : 0;
    if (depth === 0) {
      return at + 1;
    }
    at = afterAll(PLAIN_IN_BRACKETS, text, afterQuotesOrComment(text, at));
  }
  return text.length;
}

/**
 * Where the string or comment ends that begins at an offset, or the next offset. A quote begins a string only at the beginning of a node, and `#` a
 * comment only after a space.
 */
export function afterQuotesOrComment(text: string, at: number): number {
  if (!/["'#]/.test(text[at]) || (at > 0 && !/[\s[{,:]/.test(text[at - 1]))) {
    return at + 1;
  }
  return text[at] === '#' ? at + lengthAt(/#.*/y, text, at) : (endOfQuoted(text, at) ?? text.length);
}

const PLAIN_IN_BRACKETS = /[^"'#[\]{}]+/y;

/** The line after a node that is neither in brackets nor in quotes. The lines of a block scalar are indented more than its own. */
function nextBlockLine(text: string, node: number): number {
  const newline = text.indexOf('\n', node);
  let next = newline < 0 ? text.length : newline + 1;
  if (lengthAt(BLOCK_SCALAR, text, node) === 0) {
    return next;
  }
  const indent = indentAt(text, text.lastIndexOf('\n', node) + 1);
  while (next < text.length && (lengthAt(EMPTY, text, next) > 0 || indentAt(text, next) > indent)) {
    const end = text.indexOf('\n', next);
    next = end < 0 ? text.length : end + 1;
  }
  return next;
}

function indentAt(text: string, line: number): number {
  return lengthAt(/ */y, text, line);
}

/** Whether all these offsets into the original text, which ascend, are inside brackets or quotes. */
export function areInner(
  offsets: readonly number[],
  { patched, events }: { readonly patched: Patched; readonly events: readonly Event[] },
): boolean {
  let i = 0;
  for (const [start, end] of outermost(patched.text, events)) {
    if (offsets[i] <= patched.original(start)) {
      return false;
    }
    while (offsets[i] < patched.original(end)) {
      i++;
    }
  }
  return i === offsets.length;
}

/** The ranges of the outermost brackets and quotes, in the order of the text. */
function outermost(text: string, events: readonly Event[]): readonly (readonly [number, number])[] {
  const ranges: (readonly [number, number])[] = [];
  // Where the open brackets begin, and -1 for collections that have none.
  const open: number[] = [];
  let [depth, last] = [0, 0];
  for (const event of events) {
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        open.push(-1);
        break;
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        opens(event.style === COLLECTION_STYLE.FLOW && '[{'.includes(text[event.start]) ? event.start : -1);
        last = Math.max(last, event.start + 1, event.tagEnd, event.anchorEnd);
        break;
      case EVENT_ID.POP:
        closes(open.pop()!);
        break;
      case EVENT_ID.ALIAS:
        last = event.anchorEnd;
        break;
      case EVENT_ID.SCALAR: {
        const isQuoted = event.style === SCALAR_STYLE.SINGLE_QUOTED || event.style === SCALAR_STYLE.DOUBLE_QUOTED;
        add(isQuoted, event.valueStart - 1, event.valueEnd + 1);
        last = Math.max(last, event.valueEnd + (isQuoted ? 1 : 0), event.tagEnd, event.anchorEnd);
        break;
      }
    }
  }
  return ranges;

  function opens(start: number): void {
    if (start >= 0 && open.at(-1) === start) {
      // In brackets, `[a]: b` is a mapping without any of its own. It has the place of its key.
      open[open.length - 1] = -1;
      depth--;
    }
    open.push(start);
    depth += start < 0 ? 0 : 1;
  }

  function closes(start: number): void {
    if (start >= 0) {
      last = afterAll(BEFORE_CLOSING, text, last) + 1;
      depth--;
      add(true, start, last);
    }
  }

  function add(isRange: boolean, start: number, end: number): void {
    if (isRange && depth === 0) {
      ranges.push([start, end]);
    }
  }
}

/** What may be between the last node in brackets and the closing bracket. */
const BEFORE_CLOSING = /[\s,:?]+|#.*/y;
