/** Reads JSON texts of strangers: bounded in depth, and with errors that quote nothing. */
import type { Json } from '../model/json';
import { accepted, Parsed, refused } from '../net/parsed';

/** The maximum nesting depth of a request or a flow. */
export const MAX_JSON_DEPTH = 200;

/** Reads a JSON text. The error, which follows on "the line", has the position, counted from 1. */
export function parseJsonText(text: string): Parsed<Json> {
  if (isDeeper(text, MAX_JSON_DEPTH)) {
    return refused(`is nested more than ${MAX_JSON_DEPTH} levels deep`);
  }
  try {
    return accepted(JSON.parse(text) as Json);
  } catch (error) {
    const position = /at position (\d{1,15})/.exec((error as Error).message)?.[1];
    return refused(`is not valid JSON${position === undefined ? '' : ` at character ${Number(position) + 1}`}`);
  }
}

/** Whether brackets are nested more than `most` levels deep. It reads no further than the first that is, before anything is parsed. */
export function isDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        depth += 1;
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        depth -= 1;
        break;
    }
    if (depth > most) {
      return true;
    }
  }
  return false;
}

/** The offset of the quote that ends a string; the end of the text if there is none. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) {
    at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  }
  return at;
}

/** The offset after the white space of JSON. */
export function afterBlanks(text: string, start: number): number {
  let at = start;
  while (at < text.length && ' \t\r\n'.includes(text[at])) {
    at += 1;
  }
  return at;
}

/** The end of the JSON value at an offset; `undefined` if there is none. */
export function endOfJson(text: string, start: number): number | undefined {
  const end = boundary(text, start);
  const value = text.slice(start, end);
  // The parser would need much memory for a text that is too deep, which is refused later.
  return isDeeper(value, MAX_JSON_DEPTH) || isJson(value) ? end : undefined;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Where the value at an offset ends, if it is JSON. */
function boundary(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    depth += code === OPEN_LIST || code === OPEN_OBJECT ? 1 : code === CLOSE_LIST || code === CLOSE_OBJECT ? -1 : 0;
    at = code === QUOTE ? endOfString(text, at) : at;
    // A word or a number goes on up to a character that cannot be part of it.
    if (depth <= 0 && !(IN_WORD.test(text.charAt(at)) && IN_WORD.test(text.charAt(at + 1)))) {
      return Math.min(at + 1, text.length);
    }
  }
  return text.length;
}

const IN_WORD = /[-+.\w]/;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\[]{}'].map((char) => char.charCodeAt(0));
