/** Reads lines from a stream with a bound, so that no line uses all memory. */
import type { Json } from '../model/json';
import { accepted, Parsed, refused } from '../net/parsed';
import { parseJsonText } from '../read/json';

/** The maximum length of a line, in bytes. */
export const MAX_LINE = 64 * 1024 * 1024;

/** A line with its number, counted from 1; rejected if it cannot be read. */
export interface Line {
  readonly number: number;
  readonly text: Parsed<string>;
}

/** The value of a line with JSON. */
export function lineJson({ text }: Line): Parsed<Json> {
  const parsed = text.ok ? parseJsonText(text.value) : text;
  return parsed.ok ? parsed : refused(`the line ${parsed.problem}`);
}

/** The lines of a stream that are not empty. The rest of a line that is too long is dropped. */
export async function* linesOf(stream: AsyncIterable<Buffer>, most = MAX_LINE): AsyncGenerator<Line> {
  let [number, size] = [1, 0];
  let parts: Buffer[] = [];
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      add(chunk.subarray(start, end));
      yield* line();
      number += 1;
      start = end + 1;
    }
    add(chunk.subarray(start));
  }
  yield* line();

  function add(part: Buffer): void {
    size += part.length;
    if (size > most) {
      parts = [];
    } else if (part.length > 0) {
      parts.push(part);
    }
  }

  function line(): Line[] {
    const text = size > most ? refused(`has more than ${most} bytes`) : decoded(Buffer.concat(parts));
    [size, parts] = [0, []];
    return text.ok && text.value === '' ? [] : [{ number, text }];
  }
}

function decoded(bytes: Buffer): Parsed<string> {
  try {
    return accepted(new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim());
  } catch {
    return refused('is not valid UTF-8');
  }
}
