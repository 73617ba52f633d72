/**
 * Regular expressions of HTTP rules, in RE2 syntax as compiled by Go.
 *
 * The agent compiles `path` and `method` with Go's `regexp`. Envoy then matches the whole value, so `^` and `$` are redundant.
 * Source: cilium `pkg/policy/api/http.go`. The library `re2js` accepts Go's syntax except for a few spellings, which `asRe2js` translates.
 * It rejects expressions that compile to more than 1.4 million instructions, where Go stops at 3.4 million.
 */
import type { RE2JS } from 're2js';
import { Bounded } from './bounded';
import { accepted, Parsed, refused } from './parsed';
import { remember } from './remember';

/** A regular expression that Go accepts. */
export interface Regex {
  readonly text: string;
}

/** Reads a regular expression. */
export const parseRegex = remember(compile);

/**
 * Expressions that are valid without compiling them, which most paths are: plain characters, `.`, escaped punctuation and small classes,
 * each followed by at most one of `*`, `+` and `?`.
 */
const PLAIN = /^\^?(?:(?:[-A-Za-z0-9/_ .~%@:,=&]|\\[./?+*$-]|\[\^?(?:a-z|A-Z|0-9|[A-Za-z0-9/_.])+\])[*+?]?)*\$?$/;

function compile(text: string): Parsed<Regex> {
  try {
    if (!PLAIN.test(text)) {
      expectValid(text);
    }
    return accepted({ text });
  } catch (error) {
    return refused(
      `regular expression \`${text}\` is not valid: ${reason(error as Error, text)}`,
      'write RE2 syntax: no look-around, no back-references, repeats up to 1000',
    );
  }
}

/** Throws if the expression is not valid, with words about the expression as it is written. */
function expectValid(text: string): void {
  try {
    parseOnly(asRe2js(shortRepeats(text), () => '\\d'));
  } catch {
    parseOnly(asRe2js(text, () => '\\d'));
  }
}

/** A set parses what is added to it, and compiles nothing: a hundred bytes can compile to a million instructions. */
function parseOnly(expression: string): void {
  const { RE2Set } = require('re2js') as typeof import('re2js');
  new RE2Set().add(expression);
}

/** `x{1,900}` is as valid as `x{900}`, which takes a small part of the time. In a class this removes characters, which are valid too. */
function shortRepeats(text: string): string {
  return text.replace(REPEAT, (token: string, least?: string, most?: string) =>
    least !== undefined && Number(least) <= Number(most) ? `{${most}}` : token,
  );
}

/** A quoted part, an escape, or a counted repeat. */
const REPEAT = /\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\{(\d{1,4}),(\d{1,4})\}/g;

/** Go's error message, without the quoted part of the expression if the translation changed it. */
function reason(error: Error, text: string): string {
  const words = error.message.replace(/^error parsing regexp: /, '');
  const quoted = words.indexOf(': `');
  const hasQuoted = quoted >= 0 && quoted + 3 < words.length && words.endsWith('`');
  return !hasQuoted || text.includes(words.slice(quoted + 3, -1)) ? words : words.slice(0, quoted);
}

/** Whether a pattern that Go accepts matches anywhere in a string. */
export function isFound(pattern: string, text: string): boolean {
  let compiled = searched.get(pattern);
  if (compiled === undefined) {
    compiled = re2js().compile(asRe2js(pattern));
    searched.set(pattern, compiled);
  }
  return compiled.matcher(text).find();
}

/** How many characters of a string a pattern that Go accepts matches from the start; `undefined` if it does not match there. */
export function startLength(pattern: string, text: string): number | undefined {
  const matcher = re2js().compile(asRe2js(pattern)).matcher(text);
  return matcher.find() && matcher.start() === 0 ? matcher.end() : undefined;
}

/** Whether a pattern that Go accepts matches a whole string. Throws if it is not valid, or too large to be compiled here. */
export function isWhole(pattern: string, text: string): boolean {
  let compiled = whole.get(pattern);
  if (compiled === undefined) {
    const size = sizeOf(pattern);
    if (size > MAX_INSTRUCTIONS) {
      throw new Error(`the expression has more than ${MAX_INSTRUCTIONS} instructions`);
    }
    compiled = re2js().compile(asRe2js(pattern));
    whole.set(pattern, compiled, size);
  }
  return compiled.matches(text);
}

/** The maximum size of an expression that requests are matched with. Compiling one of this size takes about 50 ms. */
export const MAX_INSTRUCTIONS = 50_000;

/** An instruction takes about 140 bytes. */
const whole = new Bounded<string, RE2JS>(20 * MAX_INSTRUCTIONS);

/** About how many instructions an expression has: a counted repeat of a character adds to them, and one of a group multiplies them. */
function sizeOf(pattern: string): number {
  let [added, factor] = [0, 1];
  for (const { 1: least, 2: most, index } of pattern.matchAll(COUNT)) {
    const count = Math.min(MAX_COUNT, Math.max(1, Number(most === undefined || most === '' ? least : most)));
    if (pattern[index - 1] === ')') {
      factor = Math.min(MAX_COUNT, factor * count);
    } else {
      added += count;
    }
  }
  const classes = pattern.split(/\\[pP]/).length - 1;
  return (pattern.length + added + classes * RANGES_OF_CLASS) * factor;
}

const COUNT = /\{(\d{1,4})(?:,(\d{0,4}))?\}/g;

/** A Unicode class has up to some hundred ranges. */
const RANGES_OF_CLASS = 700;

/** Go allows no more, in total for nested groups. */
const MAX_COUNT = 1000;

/** Never cleared: these patterns are from the schemas, which have only a few. */
const searched = new Map<string, RE2JS>();

/** Loaded for the first pattern that needs it: most programs have none. */
function re2js(): typeof RE2JS {
  // A static import would cost every program about 6 ms.
  return (require('re2js') as typeof import('re2js')).RE2JS;
}

/**
 * The same expression in the syntax of `re2js`.
 *
 * Unlike Go, `re2js` has only one spelling of each Unicode class, and has scripts that Go does not have. It does not allow two groups of the
 * same name, and reads the `[:]` of `[[:]` as the name of a class. It keeps a lone surrogate, where Go has U+FFFD. Throws if Go does not
 * have a class. A caller that only parses gives another class, because one of Unicode has hundreds of ranges.
 */
function asRe2js(text: string, classOf = (letter: string, name: string) => `\\${letter}{${name}}`): string {
  const lastClassEnd = text.lastIndexOf(':]');
  let groups = 0;
  return text.replace(TOKEN, (token: string, p?: string, letter?: string, caret: string = '', name: string = '', offset: number = 0) => {
    if (p !== undefined) {
      return classOf(p, `${caret}${unicodeClass(letter ?? name, token)}`);
    }
    if (token.startsWith('(')) {
      return `(?P<g${groups++}>`;
    }
    if (token === '[:') {
      return offset + 2 > lastClassEnd ? '[\\:' : token;
    }
    return /^\p{Cs}$/u.test(token) ? '\ufffd' : token;
  });
}

/** A quoted part, a Unicode class (`p` or `P`, then a letter, or a caret and a name), an escape, a named group, `[:`, a lone surrogate. */
const TOKEN = /\\Q[\s\S]*?(?:\\E|$)|\\([pP])(?:([A-Za-z])|\{(\^?)([\w -]*)\})|\\[\s\S]|\(\?P?<\w+>|\[:|\p{Cs}/gu;

/** Go ignores case, `_`, `-` and spaces, so scripts of several words, for example `Old_Italic`, cannot be named at all. */
function unicodeClass(name: string, token: string): string {
  const letters = name.replace(/[_ -]/g, '');
  const canonical = letters.slice(0, 1).toUpperCase() + letters.slice(1).toLowerCase();
  const known = CATEGORIES[canonical] ?? (CLASSES.has(canonical) ? canonical : undefined);
  if (known === undefined) {
    throw new Error(`invalid character class range: \`${token}\``);
  }
  return known;
}

/** Classes that Go names in one word: general categories and scripts of Unicode 15. Source: Go `unicode.Categories` and `unicode.Scripts`. */
const CLASSES: ReadonlySet<string> = new Set(
  [
    'Any Ascii Assigned C Cc Cf Cn Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs',
    'Adlam Ahom Arabic Armenian Avestan Balinese Bamum Batak Bengali Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Carian Chakma',
    'Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cyrillic Deseret Devanagari Dogra Duployan Elbasan Elymaic Ethiopic',
    'Georgian Glagolitic Gothic Grantha Greek Gujarati Gurmukhi Han Hangul Hanunoo Hatran Hebrew Hiragana Inherited Javanese Kaithi',
    'Kannada Katakana Kawi Kharoshthi Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Lisu Lycian Lydian Mahajani Makasar Malayalam',
    'Mandaic Manichaean Marchen Medefaidrin Miao Modi Mongolian Mro Multani Myanmar Nabataean Nandinagari Newa Nko Nushu Ogham Oriya',
    'Osage Osmanya Palmyrene Phoenician Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham Sinhala Sogdian Soyombo Sundanese',
    'Syriac Tagalog Tagbanwa Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho',
    'Yezidi Yi',
  ].flatMap((line) => line.split(' ')),
);

/** The long names of the general categories, without their underscores. Source: Go `unicode.CategoryAliases`. */
const CATEGORIES: Readonly<Record<string, string>> = {
  Lc: 'LC',
  Casedletter: 'LC',
  Closepunctuation: 'Pe',
  Cntrl: 'Cc',
  Combiningmark: 'M',
  Connectorpunctuation: 'Pc',
  Control: 'Cc',
  Currencysymbol: 'Sc',
  Dashpunctuation: 'Pd',
  Decimalnumber: 'Nd',
  Digit: 'Nd',
  Enclosingmark: 'Me',
  Finalpunctuation: 'Pf',
  Format: 'Cf',
  Initialpunctuation: 'Pi',
  Letter: 'L',
  Letternumber: 'Nl',
  Lineseparator: 'Zl',
  Lowercaseletter: 'Ll',
  Mark: 'M',
  Mathsymbol: 'Sm',
  Modifierletter: 'Lm',
  Modifiersymbol: 'Sk',
  Nonspacingmark: 'Mn',
  Number: 'N',
  Openpunctuation: 'Ps',
  Other: 'C',
  Otherletter: 'Lo',
  Othernumber: 'No',
  Otherpunctuation: 'Po',
  Othersymbol: 'So',
  Paragraphseparator: 'Zp',
  Privateuse: 'Co',
  Punct: 'P',
  Punctuation: 'P',
  Separator: 'Z',
  Spaceseparator: 'Zs',
  Spacingmark: 'Mc',
  Surrogate: 'Cs',
  Symbol: 'S',
  Titlecaseletter: 'Lt',
  Unassigned: 'Cn',
  Uppercaseletter: 'Lu',
};
