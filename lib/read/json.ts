/** Reads JSON texts of strangers: bounded in depth, and with errors that quote nothing. */
import type { Json } from '../model/json';
import { accepted, Parsed, refused } from '../net/parsed';

/** The maximum nesting depth of a request or a flow. */
export const MAX_JSON_DEPTH = 200;

/** Reads a JSON text. The error, which follows on "the line is", has the position, counted from 1. */
export function parseJsonText(text: string): Parsed<Json> {
  if (isDeeper(text, MAX_JSON_DEPTH)) {
    return refused(`nested more than ${MAX_JSON_DEPTH} levels deep`);
  }
  try {
    return accepted(JSON.parse(text) as Json);
  } catch (error) {
    const position = /at position (\d{1,15})/.exec((error as Error).message)?.[1];
    return refused(`not valid JSON${position === undefined ? '' : ` at character ${Number(position) + 1}`}`);
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

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [...'"\\[]{}'].map((char) => char.charCodeAt(0));
