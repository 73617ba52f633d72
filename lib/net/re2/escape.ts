/** A character that is written with a backslash. */
import type { Cursor } from './cursor';
import { GivenUp } from './given-up';
import { LAST_RUNE } from './runes';

/** Reads what follows a backslash. */
export function escaped(cursor: Cursor): number {
  const letter = cursor.take();
  if (letter in CONTROLS) {
    return CONTROLS[letter];
  }
  if (letter === 'x') {
    return hexadecimal(cursor);
  }
  // A single digit other than 0 would be a back-reference.
  if (letter === '0' || (isOctal(letter) && isOctal(cursor.ahead()))) {
    return octal(letter, cursor);
  }
  if (letter > '\x7f' || /[0-9A-Za-z]/.test(letter)) {
    throw new GivenUp({ is: 'refused' });
  }
  return letter.codePointAt(0)!;
}

const CONTROLS: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, a: 0x07, f: 0x0c, v: 0x0b };

function isOctal(character: string): boolean {
  return /^[0-7]$/.test(character);
}

/** Up to three digits. */
function octal(first: string, cursor: Cursor): number {
  let digits = first;
  while (digits.length < 3 && isOctal(cursor.ahead())) {
    digits += cursor.take();
  }
  return parseInt(digits, 8);
}

/** Two digits, or any number of them in braces. */
function hexadecimal(cursor: Cursor): number {
  const digits = cursor.skips('{') ? cursor.until('}') : cursor.take() + cursor.take();
  if (!/^[0-9A-Fa-f]+$/.test(digits) || parseInt(digits, 16) > LAST_RUNE) {
    throw new GivenUp({ is: 'refused' });
  }
  return parseInt(digits, 16);
}
