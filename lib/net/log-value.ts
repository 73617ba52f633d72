import { accepted, Parsed, refused } from './parsed';

/**
 * Reads the text that a policy adds to the flow log: up to 32 code points, none of them a control, format or unassigned character.
 *
 * Source: the CRD's `maxLength` and `pattern: ^\PC*$`; class C includes unassigned code points in API servers built with Go 1.25 or newer.
 * Which are assigned is told by the Unicode of Node, which may be newer than Go's 15: the newest characters pass here and not there.
 */
export function parseLogValue(text: string): Parsed<string> {
  const length = [...text].length;
  if (length > MAX_LENGTH) {
    return refused(`log value has ${length} characters, the most is ${MAX_LENGTH}`);
  }
  return /^\P{C}*$/u.test(text)
    ? accepted(text)
    : refused('log value has characters that cannot be printed', 'write printable characters only');
}

const MAX_LENGTH = 32;
