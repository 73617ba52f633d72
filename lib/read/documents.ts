/** Splits a text into documents as kubectl does. Each document is parsed on its own, so a broken document does not affect the others. */
import type { Document, Places, Source } from '../model/origin';

/** The maximum size of a document, in characters. */
export const MAX_DOCUMENT = 32 * 1024 * 1024;

/** The maximum number of values in a document. Each takes about 300 bytes while it is read. */
export const MAX_VALUES = 2_000_000;

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
 * The non-empty documents of a source.
 *
 * A line that begins with `---` is a separator if only a comment follows on the line.
 * Source: apimachinery `pkg/util/yaml/decoder.go`, YAMLReader.
 */
export function documentsOf(source: Source, places?: Places): readonly Document[] {
  const { text = '' } = source;
  const documents: Document[] = [];
  let start = 0;
  for (const { at, end } of separators(text)) {
    add(start, at);
    start = end;
  }
  add(start, text.length);
  return documents;

  function add(from: number, to: number): void {
    const previous = documents.at(-1);
    if (previous !== undefined && isDirectives(text, previous)) {
      documents[documents.length - 1] = { ...previous, end: to };
    } else if (!isEmpty(text, from, to)) {
      documents.push({ source, index: documents.length, start: from, end: to, ...(places && { places }) });
    }
  }
}

function* separators(text: string): Generator<{ readonly at: number; readonly end: number }> {
  for (let at = text.startsWith('---') ? 0 : next(0); at >= 0; at = next(at)) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline + 1;
    if (/^---\s*(?:#.*)?$/.test(text.slice(at, end).trimEnd())) {
      yield { at, end };
    }
  }

  function next(after: number): number {
    const found = text.indexOf('\n---', after);
    return found < 0 ? -1 : found + 1;
  }
}

/** Whether there is only white space and comments. */
function isEmpty(text: string, start: number, end: number): boolean {
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

/** Whether a document has only directives, which belong to the document that follows. */
function isDirectives(text: string, { start, end }: Document): boolean {
  return (
    text[start] === '%' &&
    text
      .slice(start, end)
      .split('\n')
      .every((line) => /^(?:%.*|\s*(?:#.*)?)$/.test(line))
  );
}
