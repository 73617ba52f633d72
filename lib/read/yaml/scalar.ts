/**
 * Resolves plain scalars as the Kubernetes tools do, which follow neither YAML 1.2 nor 1.1 exactly.
 *
 * Source: `sigs.k8s.io/yaml/goyaml.v2`, `resolve.go`. The vectors compare the two.
 */

export type Scalar = null | boolean | number | string;

const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);

const TRUE = new Set(['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON']);

const FALSE = new Set(['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF']);

/** The length of `false`. */
const LONGEST_WORD = 5;

const INFINITE = /^([-+]?)\.(?:inf|Inf|INF)$/;

const NOT_A_NUMBER = new Set(['.nan', '.NaN', '.NAN']);

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Go's integers, with an optional base prefix. A leading zero alone means octal. */
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;

/** Longer than every 64-bit integer; only zeros in front could make one longer. */
const LONGEST_INTEGER = 1000;

const [LEAST, MOST] = [-(2n ** 63n), 2n ** 64n - 1n];

/** The value of a scalar without quotes and without a tag. */
export function resolvePlain(text: string): Scalar {
  const first = text.charCodeAt(0);
  // Only a sign, a dot or a digit can begin a number, and most scalars begin with something else.
  return first >= 43 && first <= 57 ? (resolveNumber(text) ?? text) : resolveWord(text);
}

function resolveWord(text: string): Scalar {
  if (text.length > LONGEST_WORD) {
    return text;
  }
  if (NULLS.has(text)) {
    return null;
  }
  return TRUE.has(text) || (FALSE.has(text) ? false : text);
}

function resolveNumber(text: string): number | undefined {
  const infinite = INFINITE.exec(text);
  if (infinite !== null) {
    return infinite[1] === '-' ? -Infinity : Infinity;
  }
  if (NOT_A_NUMBER.has(text)) {
    return NaN;
  }
  if (text.startsWith('.')) {
    return float(text);
  }
  // Underscores can be anywhere in a number.
  const plain = text.replaceAll('_', '');
  const integer = parseInteger(plain);
  return integer === undefined ? float(plain) : Number(integer);
}

/** A number that is too large for a float stays a string. */
function float(text: string): number | undefined {
  return FLOAT.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined;
}

/** A signed or unsigned 64-bit integer; `undefined` if the text is not one. */
export function parseInteger(text: string): bigint | undefined {
  const match = INTEGER.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, sign, hex, binary, octal, decimal] = match;
  if (text.length > LONGEST_INTEGER) {
    return undefined;
  }
  const digits = hex !== undefined ? `0x${hex}` : binary !== undefined ? `0b${binary}` : octal !== undefined ? `0o${octal}` : decimal;
  const value = (sign === '-' ? -1n : 1n) * BigInt(digits);
  return value >= LEAST && value <= MOST ? value : undefined;
}
