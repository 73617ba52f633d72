/** Characters that are the same without regard to case. */
import { includes, Runes, runesOf, Span } from './runes';

/** The characters that are equal to one without regard to case, itself included. */
export function folds(rune: number): readonly number[] {
  return rune < 0x80 ? foldsOfAscii(rune) : (allFolds().get(rune) ?? [rune]);
}

/** A set with all characters that are equal to one of it without regard to case. */
export function folded(runes: Runes): Runes {
  const spans: Span[] = [...runes];
  for (const [low, high] of runes) {
    const add = (rune: number) =>
      folds(rune).forEach((same) => {
        if (same < low || same > high) {
          spans.push([same, same]);
        }
      });
    for (let rune = low; rune <= Math.min(high, 0x7f); rune++) {
      add(rune);
    }
    if (high > 0x7f) {
      foldedAbove()
        .filter((rune) => low <= rune && rune <= high)
        .forEach(add);
    }
  }
  return spans.length === runes.length ? runes : runesOf(spans);
}

/** The Kelvin sign is a k, and the long s is an s. */
function foldsOfAscii(rune: number): readonly number[] {
  const letter = String.fromCharCode(rune);
  const [lower, upper] = [letter.toLowerCase(), letter.toUpperCase()].map((one) => one.charCodeAt(0));
  if (lower === upper) {
    return [rune];
  }
  return letter.toLowerCase() === 'k' ? [lower, upper, 0x212a] : letter.toLowerCase() === 's' ? [lower, upper, 0x17f] : [lower, upper];
}

let known: ReadonlyMap<number, readonly number[]> | undefined;
let above: readonly number[] | undefined;

/** Of each character with another case, all that are equal to it. Made only for a pattern that needs it: it takes some 30 ms. */
function allFolds(): ReadonlyMap<number, readonly number[]> {
  known ??= computed();
  return known;
}

/** Those of them that are not ASCII. */
function foldedAbove(): readonly number[] {
  above ??= [...allFolds().keys()].filter((rune) => rune > 0x7f);
  return above;
}

function computed(): ReadonlyMap<number, readonly number[]> {
  const classes = new Map<number, readonly number[]>();
  const join = (a: number, b: number) => {
    const all = [...new Set([...(classes.get(a) ?? [a]), ...(classes.get(b) ?? [b])])];
    all.forEach((one) => classes.set(one, all));
  };
  for (let rune = 0; rune <= LAST_LETTER; rune++) {
    const text = String.fromCodePoint(rune);
    const others = [text.toLowerCase(), text.toUpperCase()].filter((other) => other !== text && Array.from(other).length === 1);
    const pair = [rune, ...others.map((other) => other.codePointAt(0)!)];
    if (!pair.some((one) => includes(NOT_IN_RE2, one))) {
      pair.slice(1).forEach((other) => join(rune, other));
    }
  }
  ONLY_FOLDED.forEach(([a, b]) => join(a, b));
  return classes;
}

/** No character above has another case. */
const LAST_LETTER = 0x1ffff;

/** The letters i of Turkish, whose other case is not that of other languages, and letters that are newer than Unicode 15, which RE2 has. */
const NOT_IN_RE2: Runes = [
  [0x130, 0x131],
  [0x1c89, 0x1c8a],
  [0xa7cb, 0xa7cf],
  [0xa7d2, 0xa7d5],
  [0xa7da, 0xa7dc],
  [0x10d50, 0x10d85],
  [0x16ea0, 0x16ed3],
];

/** Equal without regard to case, but only to each other: their upper case is several characters. */
const ONLY_FOLDED = [
  [0x390, 0x1fd3],
  [0x3b0, 0x1fe3],
  [0xfb05, 0xfb06],
];
