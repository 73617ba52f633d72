/**
 * Regular expressions of HTTP rules: the syntax of RE2, as Go compiles it.
 *
 * The agent compiles `path` and `method` with Go's `regexp`; Envoy then matches the whole text, so `^` and `$` are redundant.
 * Source: cilium `pkg/policy/api/http.go`. The library `re2js` takes Go's syntax but for a few spellings, which `asRe2js` translates; and it
 * refuses what compiles to more than 1.4 million instructions, where Go stops at 3.4 million.
 */
import type { RE2JS } from 're2js';
import { accepted, Parsed, refused } from './parsed';
import { remember } from './remember';

/** A regular expression that Go accepts. */
export interface Regex {
  readonly text: string;
}

/** Reads a regular expression. */
export const parseRegex = remember(compile);

/**
 * What needs no compiler, which is most paths: plain characters, `.`, escaped punctuation and small classes, each with at most one of
 * `*`, `+` and `?` behind it.
 */
const PLAIN = /^\^?(?:(?:[-A-Za-z0-9/_ .~%@:,=&]|\\[./?+*$-]|\[\^?(?:a-z|A-Z|0-9|[A-Za-z0-9/_.])+\])[*+?]?)*\$?$/;

function compile(text: string): Parsed<Regex> {
  try {
    if (!PLAIN.test(text)) {
      re2js().compile(asRe2js(text));
    }
    return accepted({ text });
  } catch (error) {
    return refused(
      `regular expression \`${text}\` is refused: ${reason(error as Error, text)}`,
      'write RE2 syntax: no look-around, no back-references, repeats up to 1000',
    );
  }
}

/** Go's words; the part of the expression that they quote is left out where the translation changed it. */
function reason(error: Error, text: string): string {
  const words = error.message.replace(/^error parsing regexp: /, '');
  const quoted = /: `([\s\S]*)`$/.exec(words);
  return quoted === null || text.includes(quoted[1]) ? words : words.slice(0, quoted.index);
}

/** Whether a pattern, which Go accepts, is found anywhere in a text. */
export function isFound(pattern: string, text: string): boolean {
  let compiled = searched.get(pattern);
  if (compiled === undefined) {
    compiled = re2js().compile(asRe2js(pattern));
    searched.set(pattern, compiled);
  }
  return compiled.matcher(text).find();
}

/** How much of a text a pattern, which Go accepts, matches from its start; nothing if it is found elsewhere only, or not at all. */
export function startLength(pattern: string, text: string): number | undefined {
  const matcher = re2js().compile(asRe2js(pattern)).matcher(text);
  return matcher.find() && matcher.start() === 0 ? matcher.end() : undefined;
}

/** Whether a pattern, which Go accepts, matches the whole of a text. */
export function isWhole(pattern: string, text: string): boolean {
  let compiled = whole.get(pattern);
  if (compiled === undefined) {
    compiled = re2js().compile(asRe2js(pattern));
    if (whole.size >= MOST_COMPILED) {
      whole.clear();
    }
    whole.set(pattern, compiled);
  }
  return compiled.matches(text);
}

const whole = new Map<string, RE2JS>();
const MOST_COMPILED = 1_000;

/** Asked for by schemas, of which there are few. */
const searched = new Map<string, RE2JS>();

/** Loaded at the first pattern that needs it: most programs never do. */
function re2js(): typeof RE2JS {
  // A static import would cost every program some 6 ms.
  return (require('re2js') as typeof import('re2js')).RE2JS;
}

/**
 * The same expression in the words of `re2js`.
 *
 * Unlike Go, it knows one spelling of each Unicode class, and scripts that Go does not; it lets no two groups share a name, reads the `[:]` of
 * `[[:]` as the name of a class, and takes a lone surrogate for itself, where Go gets U+FFFD. Throws if Go does not know a class.
 */
function asRe2js(text: string): string {
  const lastClassEnd = text.lastIndexOf(':]');
  let groups = 0;
  return text.replace(TOKEN, (token: string, p?: string, letter?: string, caret: string = '', name: string = '', offset: number = 0) => {
    if (p !== undefined) {
      return `\\${p}{${caret}${unicodeClass(letter ?? name, token)}}`;
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

/** Quoted text, a Unicode class (`p` or `P`, then a letter, or a caret and a name), an escape, a named group, `[:`, a lone surrogate. */
const TOKEN = /\\Q[\s\S]*?(?:\\E|$)|\\([pP])(?:([A-Za-z])|\{(\^?)([\w -]*)\})|\\[\s\S]|\(\?P?<\w+>|\[:|\p{Cs}/gu;

/** Go ignores case, `_`, `-` and blanks; so scripts of several words, such as `Old_Italic`, cannot be named at all. */
function unicodeClass(name: string, token: string): string {
  const letters = name.replace(/[_ -]/g, '');
  const canonical = letters.slice(0, 1).toUpperCase() + letters.slice(1).toLowerCase();
  const known = CATEGORIES[canonical] ?? (CLASSES.has(canonical) ? canonical : undefined);
  if (known === undefined) {
    throw new Error(`invalid character class range: \`${token}\``);
  }
  return known;
}

/** What Go can name in one word: general categories, and the scripts of Unicode 15. Source: Go `unicode.Categories` and `unicode.Scripts`. */
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
