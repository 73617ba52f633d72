/**
 * Reads texts piece by piece. The engine of JavaScript keeps a stack of the rounds of a repeated group and throws when it is full, which a few
 * megabytes of comments are enough for.
 */

/** How many characters an expression, which is sticky, matches at an offset. */
export function lengthAt(expression: RegExp, text: string, at: number): number {
  expression.lastIndex = at;
  return expression.exec(text)?.[0].length ?? 0;
}

/** Where the matches of a sticky expression end that follow each other from an offset on. */
export function afterAll(expression: RegExp, text: string, at: number): number {
  let end = at;
  for (let length = lengthAt(expression, text, end); length > 0; length = lengthAt(expression, text, end)) {
    end += length;
  }
  return end;
}

/** Where a string in quotes ends that begins at an offset; `undefined` if it does not end. */
export function endOfQuoted(text: string, start: number): number | undefined {
  const end = afterAll(text[start] === '"' ? IN_DOUBLE_QUOTES : IN_SINGLE_QUOTES, text, start + 1);
  return end < text.length && text[end] === text[start] ? end + 1 : undefined;
}

const IN_DOUBLE_QUOTES = /[^"\\]+|\\[^]/y;

const IN_SINGLE_QUOTES = /[^']+|''/y;

/** Whether a text has only white space and comments. */
export function hasOnlyComments(text: string): boolean {
  return !CONTENT.test(text);
}

/** The beginning of a line that is neither empty nor a comment. Each line is looked at once, however many comments there are. */
const CONTENT = /^[^\S\n\r\u2028\u2029]*[^\s#]/m;
