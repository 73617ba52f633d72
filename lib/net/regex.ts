/**
 * Regular expressions of HTTP rules: the syntax of RE2, as Go compiles it.
 *
 * The agent compiles `path` and `method` with Go's `regexp`; Envoy then matches the whole text, so `^` and `$` are redundant.
 * Source: cilium `pkg/policy/api/http.go`. The library `re2js` takes Go's syntax but for the names of Unicode classes and repeated
 * group names, which `asRe2js` translates.
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
  if (PLAIN.test(text)) {
    return accepted({ text });
  }
  try {
    re2js().compile(asRe2js(text));
    return accepted({ text });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
    return refused(
      `regular expression \`${text}\` is refused: ${reason}`,
      'write RE2 syntax: no look-around, no back-references, repeats up to 1000',
    );
  }
}

/** Loaded at the first pattern that needs it: most programs never do. */
function re2js(): typeof RE2JS {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a static import would cost every program 10 ms
  return (require('re2js') as typeof import('re2js')).RE2JS;
}

/**
 * The same expression in the words of `re2js`: Go since 1.25 takes `\p{Letter}`, `\p{ASCII}` and any spelling of a class's name, and lets
 * two groups share a name. Scripts newer than Go's Unicode 15 are spelt so that they are refused.
 */
function asRe2js(text: string): string {
  const names = new Set<string>();
  let inClass = false;
  return text.replace(TOKEN, (token: string, unicode?: string, group?: string) => {
    if (unicode !== undefined) {
      return unicodeClass(token, unicode, inClass);
    }
    if (group !== undefined && !inClass) {
      return names.has(group) ? '(' : (names.add(group), token);
    }
    inClass = staysInClass(token, inClass);
    return token;
  });
}

/** A `]` ends a class unless it is the first in it; a `[` within a class is a character. */
function staysInClass(token: string, inClass: boolean): boolean {
  if (token.startsWith('[:') || token.startsWith('\\')) {
    return inClass;
  }
  return inClass ? !token.endsWith(']') : token.startsWith('[');
}

/** Quoted text, a class name (1), an escape, a named group (2), a POSIX class, the start of a class, its end. */
const TOKEN = /\\Q[\s\S]*?(?:\\E|$)|\\[pP](\{[^}]*\}|[^{])|\\[\s\S]|\(\?P?<(\w+)>|\[:\^?\w+:\]|\[\^?\]?|\]/g;

function unicodeClass(token: string, braced: string, inClass: boolean): string {
  const inner = braced.replace(/^\{|\}$/g, '');
  const negated = token.startsWith('\\P') !== inner.startsWith('^');
  const name = canonicalClass(inner.replace(/^\^/, ''));
  if (name === 'Ascii') {
    const ascii = negated ? '[:^ascii:]' : '[:ascii:]';
    return inClass ? ascii : `[${ascii}]`;
  }
  return `\\${negated ? 'P' : 'p'}{${name}}`;
}

/** Go ignores case, `_`, `-` and blanks; so scripts of several words, such as `Old_Italic`, cannot be named at all. */
function canonicalClass(name: string): string {
  const letters = name.replace(/[_ -]/g, '');
  const canonical = letters.slice(0, 1).toUpperCase() + letters.slice(1).toLowerCase();
  return NEWER_SCRIPTS.has(canonical) ? 'Unknown' : (CATEGORIES[canonical] ?? canonical);
}

/** One-word scripts of Unicode 16 and 17, which Go 1.26 (Unicode 15) refuses. */
const NEWER_SCRIPTS = new Set(['Garay', 'Sidetic', 'Sunuwar', 'Todhri']);

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
