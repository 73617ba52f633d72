/** Reads lines from a stream with a bound, so that no line uses all memory. */

/** The maximum length of a line, in bytes. */
export const MAX_LINE = 64 * 1024 * 1024;

/** A line with its number, counted from 1. Without a text, the problem says why. */
export interface Line {
  readonly number: number;
  readonly text?: string;
  readonly problem?: string;
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
    const found = size > most ? [{ number, problem: `the line has more than ${most} bytes` }] : decoded(Buffer.concat(parts), number);
    [size, parts] = [0, []];
    return found;
  }
}

function decoded(bytes: Buffer, number: number): Line[] {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
    return text === '' ? [] : [{ number, text }];
  } catch {
    return [{ number, problem: 'the line is not valid UTF-8' }];
  }
}
