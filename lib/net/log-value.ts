import { accepted, Parsed, refused } from './parsed';

/**
 * Reads the string that a policy adds to the flow log: up to 32 code points, none of them a control, format or unassigned character.
 *
 * Source: the CRD's `maxLength` and `pattern: ^\PC*$`; class C includes unassigned code points in API servers built with Go 1.25 or newer.
 * Here, Node's Unicode version decides which code points are assigned. It may be newer than Go's version 15, so the newest characters are
 * accepted here but not by the API server.
 */
export function parseLogValue(text: string): Parsed<string> {
  const length = [...text].length;
  if (length > MAX_LENGTH) {
    return refused(`log value has ${length} characters, the most is ${MAX_LENGTH}`);
  }
  return /^\P{C}*$/u.test(text) ? accepted(text) : refused('log value has non-printable characters', 'use only printable characters');
}

const MAX_LENGTH = 32;
