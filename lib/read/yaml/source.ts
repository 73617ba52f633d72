/**
 * The events of one document, from a text that is patched so that js-yaml reads it as the Kubernetes tools do.
 *
 * js-yaml implements YAML 1.2. The Kubernetes tools implement 1.1, and read only the first document of a text. Where js-yaml stops at input that
 * they accept, the text is patched and parsed again.
 */
import { Event, parseEvents, YAMLException } from 'js-yaml';
import { afterQuotesOrComment, areInner, guessedLines } from './inner-lines';
import { Edit, Patched } from './patched';
import { afterAll, endOfQuoted, hasOnlyComments, lengthAt } from './scan';

/** A problem with a text, and its place; `end` is exclusive. */
export interface Problem {
  /**
   * `merge-order`: a key before a `<<` that merges the same key, which tools read differently. `merge-override`: a key after it, or a key of two
   * merged mappings, which only strict readers reject.
   * `merge-twice`: a second `<<`, which kubectl reads and kustomize rejects.
   */
  readonly is: 'syntax' | 'duplicate-key' | 'merge-order' | 'merge-override' | 'merge-twice' | 'ignored-text' | 'limit';
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Source {
  readonly patched: Patched;
  readonly events: readonly Event[];
  readonly problems: readonly Problem[];
  /** The number of characters that were parsed until now, each as often as it was. */
  readonly read: number;
}

/** The maximum nesting depth of a document. */
export const MAX_DEPTH = 100;

/** The maximum number of characters to parse because of patches, in addition to `MAX_ROUNDS`. It takes about a second. */
export const MAX_REREAD = 6_000_000;

/** How often a text may be parsed because of patches. Only a hostile text needs more. */
export const MAX_ROUNDS = 4;

/** What an error costs, as a part of what parsing the text would cost. */
const COST_OF_ERROR = 0.1;

/** The events of the first document of a text, or the problem that stops the parsing. */
export function readEvents(whole: string): Source | Problem {
  const control = CONTROL.exec(whole);
  if (control !== null) {
    return { is: 'syntax', message: 'control characters are not allowed', start: control.index, end: control.index + 1 };
  }
  const end = /^\s*\.\.\.(?=\s|$)/.exec(whole);
  if (end !== null) {
    return { is: 'syntax', message: 'the document begins with `...`, which ends a document', start: 0, end: end[0].length };
  }
  const all = whole.replace(BREAKS, '\n');
  const text = firstDocument(all);
  const rest = all
    .slice(text.length)
    .replace(/^\.\.\./, '')
    .trim();
  const problems = rest === '' ? [] : [ignored(Patched.of(all), text.length)];
  const line = afterAll(EMPTY_LINE, text, lengthAt(BYTE_ORDER_MARK, text, 0));
  const blanks = lengthAt(BEFORE_SEPARATOR, text, line);
  return blanks === 0 ? readPatched(Patched.of(text), problems) : readIndentedSeparator(text, line + blanks);
}

const BYTE_ORDER_MARK = /\ufeff/y;

const EMPTY_LINE = /[ \t]*(?:#.*)?\n/y;

const BEFORE_SEPARATOR = /[ \t]+(?=---(?:\s|$))/y;

/** An indented `---` is not a separator but a string. */
function readIndentedSeparator(text: string, at: number): Source | Problem {
  return hasOnlyComments(text.slice(at + 3))
    ? readPatched(Patched.of(text).edited(quotes(at, at + 3)), [])
    : { is: 'syntax', message: '`---` separates documents only at the beginning of a line', start: at, end: at + 3 };
}

function quotes(start: number, end: number): readonly Edit[] {
  return [
    { is: 'insert', at: start, text: '"' },
    { is: 'insert', at: end, text: '"' },
  ];
}

/** The events of a patched text. The builder of the tree may find more to patch. `before` counts what was read before. */
export function readPatched(first: Patched, found: readonly Problem[], before = 0, mayIndent = true): Source | Problem {
  const problems = [...found];
  const { length } = first.text;
  let patched = first;
  let read = before;
  while (read <= MAX_REREAD + MAX_ROUNDS * length) {
    const answer = eventsOf(patched.text);
    if (!('reason' in answer)) {
      return { patched, events: answer, problems, read: read + patched.text.length };
    }
    const { reason, position } = answer;
    // An error looks at the whole text for line breaks.
    read += position + Math.ceil(patched.text.length * COST_OF_ERROR);
    if (mayIndent && reason === 'deficient indentation') {
      return readIndented(patched, problems, read) ?? readPatched(patched, problems, read, false);
    }
    const next = patch(patched, reason, position);
    if (next === undefined) {
      const at = patched.original(position);
      const message = reason === 'deficient indentation' ? 'a tab where YAML 1.1 allows only spaces' : reason;
      return { is: reason.startsWith('nesting') ? 'limit' : 'syntax', message, start: at, end: at };
    }
    if (next.text.length < patched.text.length) {
      problems.push(ignored(patched, next.text.length));
    }
    patched = next;
  }
  return { is: 'limit', message: 'too many lines, tags and keys are valid only in YAML 1.1', start: 0, end: first.original(length) };
}

/**
 * The events of a text in which every line inside brackets or quotes is indented enough; `undefined` if there is an error then. Where the lines
 * are patched one by one, each is a reason to read the text again.
 */
function readIndented(patched: Patched, problems: readonly Problem[], read: number): Source | undefined {
  const lines = guessedLines(patched.text);
  const source = readPatched(patched.edited(lines.flatMap((line) => indented(patched.text, line))), problems, read, false);
  const places = lines.map((line) => patched.original(line));
  return 'is' in source || !areInner(places, source) ? undefined : source;
}

/** Indents a line by spaces. */
function indented(text: string, line: number): readonly Edit[] {
  return [{ is: 'insert', at: line, text: INDENTATION }, ...tabsAt(text, line)];
}

/** Edits that make spaces of the tabs that are at an offset, perhaps between spaces. */
function tabsAt(text: string, start: number): readonly Edit[] {
  const edits: Edit[] = [];
  for (let at = start; text[at] === ' ' || text[at] === '\t'; at++) {
    if (text[at] === '\t') {
      edits.push({ is: 'replace', at, text: ' ' });
    }
  }
  return edits;
}

/** Why and where js-yaml stops. */
interface Stop {
  readonly reason: string;
  readonly position: number;
}

function eventsOf(text: string): readonly Event[] | Stop {
  try {
    return parseEvents(text, { maxDepth: MAX_DEPTH });
  } catch (error) {
    const { reason, mark } = error as YAMLException;
    if (mark === undefined) {
      throw error;
    }
    return { reason, position: mark.position };
  }
}

function ignored(patched: Patched, from: number): Problem {
  return {
    is: 'ignored-text',
    message: 'this text is after the end of the document and is ignored',
    start: patched.original(from),
    end: patched.original(patched.text.length),
  };
}

/** The patched text, if the Kubernetes tools accept the input at which js-yaml stopped; `undefined` if they reject it. */
function patch(patched: Patched, reason: string, at: number): Patched | undefined {
  const { text } = patched;
  const space = spaceAt(text, at);
  if (space !== undefined) {
    return patched.edited([{ is: 'insert', at: space, text: ' ' }]);
  }
  switch (reason) {
    case 'deficient indentation': {
      const edits = editsOfLine(text, at);
      return edits.length === 0 ? undefined : patched.edited(edits);
    }
    case 'bad indentation of a mapping entry': {
      const tab = /[:,[{] *\t/.exec(text.slice(at));
      return tab === null ? undefined : patched.edited([{ is: 'replace', at: at + tab.index + tab[0].length - 1, text: ' ' }]);
    }
    case 'end of the stream or a document separator is expected':
      return isIgnored(text, at) || hasOnlyProperties(text.slice(0, at)) ? patched.cut(at) : undefined;
    case 'alias node should not have any properties':
    case 'duplication of a tag property':
    case 'duplication of an anchor property':
      // The properties belong to an empty root, and the document ends after it.
      return hasOnlyProperties(text.slice(0, at)) ? patched.cut(at) : undefined;
    case 'a whitespace character is expected after the key-value separator within a block mapping':
      // The apparent first key is the whole document.
      return /^\s*(?:"[^"\n]*"|'[^'\n]*')$/.test(text.slice(0, at)) ? patched.cut(at) : undefined;
    case 'missed comma between flow collection entries':
      // Inside brackets, a lone hyphen is a string.
      return /^-[\s,\]}]/.test(text.slice(at)) ? patched.edited(quotes(at, at + 1)) : undefined;
    default:
      return undefined;
  }
}

/**
 * Where YAML 1.2 lacks a space that YAML 1.1 does not ask for: before a comment behind quotes or brackets, between an alias and the colon behind it, and
 * before a block scalar that is not indented below its key.
 */
function spaceAt(text: string, at: number): number | undefined {
  if (text[at] === '#' && /["'\]}]/.test(text.charAt(at - 1))) {
    return at;
  }
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const previous = text.lastIndexOf('\n', line - 2) + 1;
  const alias = LAST_ALIAS_KEY.exec(text.slice(previous, at));
  if (alias !== null) {
    return previous + alias.index + alias[0].length - alias[1].length - 1;
  }
  const isBlock = /[|>]/.test(text.charAt(at)) && text.slice(line, at).trim() === '' && isKeyAlone(text.slice(previous, line));
  return isBlock ? line : undefined;
}

/** An alias with a colon, and what follows. */
const LAST_ALIAS_KEY = /(?<![^\s,{[])\*[\w-]+:((?:\s[^*]*)?)$/;

/** Whether a line ends with a key, perhaps with a tag and an anchor. */
function isKeyAlone(line: string): boolean {
  const words = line.trim().split(/\s+/);
  const comment = words.findIndex((word) => word.startsWith('#'));
  const rest = words.slice(0, comment < 0 ? words.length : comment).filter((word) => !/^[!&]/.test(word));
  return rest.at(-1)?.endsWith(':') === true;
}

/**
 * The edits of a line at which js-yaml stops because it is not indented enough, or because it has a tab. In YAML 1.1, the indentation of lines inside
 * brackets and quotes is free and has no meaning. Inside brackets, and between a colon and a bracket, a tab counts as a space.
 */
function editsOfLine(text: string, at: number): readonly Edit[] {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const isBegun = /[^ \t]/.test(text.slice(line, at));
  const separating = isBegun ? separatingTabs(text, line) : [];
  if (separating.length > 0) {
    return separating;
  }
  if (text[at - 1] === '\t') {
    return [{ is: 'replace', at: at - 1, text: ' ' }];
  }
  return isBegun ? [] : [{ is: 'insert', at: line, text: INDENTATION }];
}

/** What a tab may follow: a colon, a comma, an opening bracket, a tag, an anchor. */
const BEFORE_TAB = /[:,[{]|(?<=\s)[!&]\S*/y;

/** Edits that make spaces of the tabs that follow these on a line. */
function separatingTabs(text: string, line: number): readonly Edit[] {
  const edits: Edit[] = [];
  const newline = text.indexOf('\n', line);
  const end = newline < 0 ? text.length : newline;
  for (let at = line; at < end; at = afterQuotesOrComment(text, at)) {
    const length = lengthAt(BEFORE_TAB, text, at);
    if (length > 0) {
      tabsAt(text, at + length).forEach((edit) => edits.push(edit));
    }
  }
  return edits;
}

/** Characters that YAML 1.1 does not allow anywhere. */
const CONTROL = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\ufeff\u{10000}-\u{10ffff}]/u;

/** The line breaks of YAML 1.1 other than a line feed. Each is one character, so replacing them keeps offsets. */
const BREAKS = /\r(?!\n)|[\u0085\u2028\u2029]/g;

const INDENTATION = ' '.repeat(40);

/** Whether there are only tags and anchors, with white space and comments between them. */
function hasOnlyProperties(text: string): boolean {
  const first = afterAll(/[ \n]+|#.*\n/y, text, text.startsWith('---') ? 3 : 0);
  return lengthAt(PROPERTY, text, first) > 0 && afterAll(/\s+|#.*\n|[!&]\S*\s/y, text, first) === text.length;
}

const PROPERTY = /[!&]\S*\s/y;

/**
 * Whether the Kubernetes tools stop before this text and ignore it.
 *
 * They ignore text after the closing bracket or quote of the root, text further left than the beginning of the document, and text on a line after
 * a plain scalar root.
 */
function isIgnored(text: string, at: number): boolean {
  const start = afterAll(/[ \t]*(?:[#%][^\n]*|---)?\r?\n|---[ \t]+/y, text, lengthAt(BYTE_ORDER_MARK, text, 0));
  const indent = lengthAt(/ +/y, text, start);
  const root = afterAll(/[&!][^ \n]*[ \n]+/y, text, start + indent);
  const first = text.slice(root, root + 1);
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const isNewLine = text.slice(line, at).trim() === '';
  if (text[at] === '%' && at === line) {
    // A directive begins the next document.
    return true;
  }
  if (/^[@`%\t]/.test(text.slice(at)) || (!isNewLine && root >= line && isKeyOfRest(text, at))) {
    return false;
  }
  const isClosed = /["'[{]/.test(first) && !isQuotedKey(text, root);
  const isPlain = /[^-\s?:,[\]{}#&*!|>'"%@`]/.test(first) && !/^[^#\n]*:(?:\s|$)/.test(text.slice(indent));
  return isClosed || at - line < indent || (isPlain && line > 0 && isNewLine);
}

function isQuotedKey(text: string, start: number): boolean {
  const end = /["']/.test(text.slice(start, start + 1)) ? endOfQuoted(text, start) : undefined;
  return end !== undefined && lengthAt(/[ \t]*:(?:\s|$)/y, text, end) > 0;
}

/** Whether a colon later on the line turns the root into a key. */
function isKeyOfRest(text: string, at: number): boolean {
  const end = text.indexOf('\n', at);
  const rest = text.slice(at, end < 0 ? text.length : end);
  const outside = rest.replace(ENCLOSED, (enclosed) => (/^.$|[^\]}"']$/.test(enclosed) ? enclosed : ''));
  return /:(?:\s|$)/.test(outside.replace(/(?:^|\s)#.*/, ''));
}

/** What brackets or quotes enclose. If they do not close, the rest of the line, so that it is not searched again from the next bracket. */
const ENCLOSED = /[[{"'][^\]}"']*[\]}"']?/g;

/** The text up to the beginning of the next document. Directives, comments and a first `---` belong to this document. */
function firstDocument(text: string): string {
  const lines = afterAll(/[ \t]*(?:#.*)?\r?\n|%.*\r?\n/y, text, lengthAt(BYTE_ORDER_MARK, text, 0));
  const head = lines + lengthAt(/---(?=\s|$)/y, text, lines);
  const separator = /^(?:---|\.\.\.)(?=\s|$)/m;
  const next = separator.exec(text.slice(head));
  // `^` also matches at the end of the head, where no line begins.
  return next === null || (next.index === 0 && head > 0 && text[head - 1] !== '\n') ? text : text.slice(0, head + next.index);
}
