/** Splits a text into documents as kubectl does. Each document is parsed on its own, so a broken document does not affect the others. */
import type { Document, Places, Source } from '../model/origin';
import { afterBlanks, endOfJson } from './json';
import type { Problem } from './yaml/source';

/** The maximum size of a document, in characters. */
export const MAX_DOCUMENT = 32 * 1024 * 1024;

/** The maximum number of values in a document. Each takes about 300 bytes while it is read. */
export const MAX_VALUES = 1_000_000;

/** The maximum number of documents in a file. Real ones of this number are larger than a file may be. */
export const MAX_DOCUMENTS = 200_000;

/** About how many values a text has, before it is parsed: no value is without a line break or a comma. */
export function valuesIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // A comma at the end of a line counts once with its line break.
    count += code === NEWLINE || (code === COMMA && text.charCodeAt(at + 1) !== NEWLINE) ? 1 : 0;
  }
  return count;
}

const [NEWLINE, COMMA] = [10, 44];

/**
 * The non-empty documents of a source, as kubectl's decoder finds them. Beyond the maximum, the rest of the text is one more document.
 *
 * A text that begins with a brace is a series of JSON values. If the first or second of them is not JSON, the rest of the text is YAML. In YAML, a
 * line that begins with `---` is a separator if only a comment follows on the line.
 * Source: apimachinery `pkg/util/yaml/decoder.go`, YAMLOrJSONDecoder and YAMLReader; cli-runtime `pkg/resource/visitor.go`, FileVisitor.
 */
export function documentsOf(source: Source, places?: Places): readonly Document[] {
  const { text = '' } = source;
  const documents: Document[] = [];
  const begin = afterMark(text, 0);
  const { values, end } = isJsonStream(text, begin) ? jsonValues(text, begin) : { values: [], end: begin };
  values.forEach((value) => add(value.start, value.end, true));
  // One byte order mark is dropped with the file, and another with the YAML.
  let start = afterMark(text, end);
  // Where a document begins with its separator, the decoder leaves the line to YAML, which knows fewer blanks.
  let isBegun = false;
  for (const separator of separators(text, start)) {
    if (documents.length >= MAX_DOCUMENTS) {
      break;
    }
    const isFirst: boolean = separator.at === start && !isBegun;
    if (!isFirst || YAML_SEPARATOR.test(text.slice(separator.at, separator.end).trimEnd())) {
      add(start, separator.at);
      start = separator.end;
      isBegun = isFirst;
    }
  }
  add(start, text.length);
  return documents;

  function add(from: number, to: number, isJson = false): void {
    if (isJson || !isEmpty(text, from, to)) {
      documents.push({ source, index: documents.length, start: from, end: to, ...(isJson && { isJson }), ...(places && { places }) });
    }
  }
}

const YAML_SEPARATOR = /^---(?:[ \t]|$)/;

/** The offset after a byte order mark. */
function afterMark(text: string, at: number): number {
  return text[at] === '\ufeff' ? at + 1 : at;
}

/** Whether the first character is a brace. The decoder looks no further than its buffer. */
function isJsonStream(text: string, begin: number): boolean {
  return text
    .slice(begin, begin + BUFFER)
    .replace(LEADING_SPACE, '')
    .startsWith('{');
}

const BUFFER = 4096;

/** What Go takes for white space, which differs from JavaScript. Source: Go `unicode.IsSpace`. */
const SPACE = '\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const LEADING_SPACE = new RegExp(`^[${SPACE}]+`);

interface JsonValues {
  readonly values: readonly { readonly start: number; readonly end: number }[];
  /** Where YAML begins; the end of the text if it does not. */
  readonly end: number;
}

/** The values of a series, and where it ends. After two values, what is not JSON is an error; it is a value too, so that it is reported. */
function jsonValues(text: string, begin: number): JsonValues {
  const values: { start: number; end: number }[] = [];
  let count = 0;
  for (let at = begin; ; count++) {
    const start = afterBlanks(text, at);
    if (start === text.length) {
      return { values, end: start };
    }
    if (values.length === MAX_DOCUMENTS) {
      return { values: [...values, { start, end: text.length }], end: text.length };
    }
    const end = endOfJson(text, start);
    if (end === undefined) {
      return count > 1 ? { values: [...values, { start, end: text.length }], end: text.length } : { values, end: afterLine(text, at) };
    }
    if (text.slice(start, end) !== 'null') {
      values.push({ start, end });
    }
    at = end;
  }
}

/** The offset after white space, up to and with the first line break. */
function afterLine(text: string, at: number): number {
  const [space = ''] = LEADING_SPACE.exec(text.slice(at, at + BUFFER)) ?? [];
  const newline = space.indexOf('\n');
  return at + (newline < 0 ? space.length : newline + 1);
}

function* separators(text: string, begin: number): Generator<{ readonly at: number; readonly end: number }> {
  for (let at = text.startsWith('---', begin) ? begin : next(begin); at >= 0; at = next(at)) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline + 1;
    const behind = text
      .slice(at + 3, end)
      .replace(LEADING_SPACE, '')
      .trimEnd();
    // Behind another line break of YAML, the comment has ended.
    if (behind === '' || (behind.startsWith('#') && !/[\r\u0085\u2028\u2029]/.test(behind))) {
      yield { at, end };
    }
  }

  function next(after: number): number {
    const found = text.indexOf('\n---', after);
    return found < 0 ? -1 : found + 1;
  }
}

/**
 * A line of a document that looks like a separator and is none. kubectl rejects text behind `---`, and drops the document before it; of what follows
 * a byte order mark and `---`, YAML says nothing.
 */
export function brokenSeparator(text: string): Problem | undefined {
  const at = text.search(BROKEN_SEPARATOR);
  const message =
    text[at] === '\ufeff'
      ? 'a byte order mark before `---` is allowed only at the beginning of a file'
      : 'only a comment may be behind `---`';
  return at < 0 ? undefined : { is: 'syntax', message, start: at, end: at + '---'.length };
}

/** At the beginning of a line, of which kubectl knows one kind. */
const BROKEN_SEPARATOR = /(?<![^\n])(?:\ufeff---|---[ \t]*[^\s#])/;

/** Whether there is only white space and comments. */
export function isEmpty(text: string, start: number, end: number): boolean {
  for (let line = start; line < end;) {
    const newline = text.indexOf('\n', line);
    const next = newline < 0 || newline >= end ? end : newline + 1;
    if (!/^[\s\ufeff]*(?:#.*)?$/.test(text.slice(line, next).trimEnd())) {
      return false;
    }
    line = next;
  }
  return true;
}
