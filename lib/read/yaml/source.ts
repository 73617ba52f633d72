/**
 * The events of one document, from a text that is patched so that js-yaml reads it as the Kubernetes tools do.
 *
 * js-yaml implements YAML 1.2. The Kubernetes tools implement 1.1, and read only the first document of a text. Where js-yaml stops at input that
 * they accept, the text is patched and parsed again.
 */
import { Event, parseEvents, YAMLException } from 'js-yaml';
import { Patched } from './patched';

/** A problem with a text, and its place; `end` is exclusive. */
export interface Problem {
  readonly is: 'syntax' | 'duplicate-key' | 'ignored-text' | 'limit';
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Source {
  readonly patched: Patched;
  readonly events: readonly Event[];
  readonly problems: readonly Problem[];
}

/** The maximum nesting depth of a document. */
export const MAX_DEPTH = 100;

/** The maximum number of characters to parse again because of patches. Only a hostile text needs more. */
const MAX_REREAD = 50_000_000;

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
  const indented = /^\ufeff?(?:[ \t]*(?:#.*)?\n)*[ \t]+(?=---(?:\s|$))/.exec(text)?.[0].length;
  return indented === undefined ? readPatched(Patched.of(text), problems) : readIndentedSeparator(text, indented);
}

/** An indented `---` is not a separator but a string. */
function readIndentedSeparator(text: string, at: number): Source | Problem {
  const isAlone = /^\s*(?:#.*\s*)*$/.test(text.slice(at + 3));
  return isAlone
    ? readPatched(
        Patched.of(text)
          .insert(at + 3, '"')
          .insert(at, '"'),
        [],
      )
    : { is: 'syntax', message: '`---` separates documents only at the beginning of a line', start: at, end: at + 3 };
}

/** The events of a patched text. The builder of the tree may find more to patch. */
export function readPatched(first: Patched, found: readonly Problem[]): Source | Problem {
  const problems = [...found];
  let patched = first;
  for (let read = 0; read <= MAX_REREAD; read += patched.text.length) {
    const answer = eventsOf(patched.text);
    if (!('reason' in answer)) {
      return { patched, events: answer, problems };
    }
    const { reason, position } = answer;
    const next = patch(patched, reason, position);
    if (next === undefined) {
      const at = patched.original(position);
      return { is: reason.startsWith('nesting') ? 'limit' : 'syntax', message: reason, start: at, end: at };
    }
    if (next.text.length < patched.text.length) {
      problems.push(ignored(patched, next.text.length));
    }
    patched = next;
  }
  return { is: 'limit', message: 'too many lines are not indented enough', start: 0, end: first.text.length };
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
  switch (reason) {
    case 'deficient indentation':
      if (text[at - 1] === '\t') {
        // Inside brackets, a tab counts as a space.
        return patched.replace(at - 1, ' ');
      }
      // In YAML 1.1, the indentation of lines inside brackets and quotes is free and has no meaning.
      return patched.insert(text.lastIndexOf('\n', at - 1) + 1, INDENTATION);
    case 'bad indentation of a mapping entry': {
      const tab = /[:,[{] *\t/.exec(text.slice(at));
      return tab === null ? undefined : patched.replace(at + tab.index + tab[0].length - 1, ' ');
    }
    case 'end of the stream or a document separator is expected':
      return isIgnored(text, at) || ONLY_PROPERTIES.test(text.slice(0, at)) ? patched.cut(at) : undefined;
    case 'alias node should not have any properties':
    case 'duplication of a tag property':
    case 'duplication of an anchor property':
      // The properties belong to an empty root, and the document ends after it.
      return ONLY_PROPERTIES.test(text.slice(0, at)) ? patched.cut(at) : undefined;
    case 'a whitespace character is expected after the key-value separator within a block mapping':
      // The apparent first key is the whole document.
      return /^\s*(?:"[^"\n]*"|'[^'\n]*')$/.test(text.slice(0, at)) ? patched.cut(at) : undefined;
    case 'missed comma between flow collection entries':
      // Inside brackets, a lone hyphen is a string.
      return /^-[\s,\]}]/.test(text.slice(at)) ? patched.insert(at + 1, '"').insert(at, '"') : undefined;
    default:
      return undefined;
  }
}

/** Characters that YAML 1.1 does not allow anywhere. */
const CONTROL = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\ufeff\u{10000}-\u{10ffff}]/u;

/** The line breaks of YAML 1.1 other than a line feed. Each is one character, so replacing them keeps offsets. */
const BREAKS = /\r(?!\n)|[\u0085\u2028\u2029]/g;

const INDENTATION = ' '.repeat(40);

/** Tags and anchors, with white space and comments between them. */
const ONLY_PROPERTIES = /^(?:---)?(?:[ \n]|#.*\n)*[!&]\S*\s(?:\s|#.*\n|[!&]\S*\s)*$/;

/**
 * Whether the Kubernetes tools stop before this text and ignore it.
 *
 * They ignore text after the closing bracket or quote of the root, text further left than the beginning of the document, and text on a line after
 * a plain scalar root.
 */
function isIgnored(text: string, at: number): boolean {
  const root = /^\ufeff?(?:[ \t]*(?:#[^\n]*|%[^\n]*|---)?\r?\n|---[ \t]+)*([ ]*)(?:[&!][^ \n]*[ \n]+)*(.?)/.exec(text)!;
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const isNewLine = text.slice(line, at).trim() === '';
  if (text[at] === '%' && isNewLine && at === line) {
    // A directive begins the next document.
    return true;
  }
  if (/^[@`%\t]/.test(text.slice(at)) || (!isNewLine && root[0].length > line && isKeyOfRest(text, at))) {
    return false;
  }
  const isClosed = /["'[{]/.test(root[2]) && !QUOTED_KEY.test(text.slice(root[0].length - 1));
  const isPlain = /[^-\s?:,[\]{}#&*!|>'"%@`]/.test(root[2]) && !/^[^#\n]*:(?:\s|$)/.test(text.slice(root[1].length));
  return isClosed || at - line < root[1].length || (isPlain && line > 0 && isNewLine);
}

const QUOTED_KEY = /^(?:"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*')[ \t]*:(?:\s|$)/;

/** Whether a colon later on the line turns the root into a key. */
function isKeyOfRest(text: string, at: number): boolean {
  const end = text.indexOf('\n', at);
  const rest = text.slice(at, end < 0 ? text.length : end);
  return /:(?:\s|$)/.test(rest.replace(/[[{"'][^\]}"']*[\]}"']/g, '').replace(/(?:^|\s)#.*/, ''));
}

/** The text up to the beginning of the next document. Directives, comments and a first `---` belong to this document. */
function firstDocument(text: string): string {
  const head = /^\ufeff?(?:[ \t]*(?:#.*)?\r?\n|%.*\r?\n)*(?:---(?=\s|$))?/.exec(text)![0].length;
  const separator = /^(?:---|\.\.\.)(?=\s|$)/m;
  const next = separator.exec(text.slice(head));
  // `^` also matches at the end of the head, where no line begins.
  return next === null || (next.index === 0 && head > 0 && text[head - 1] !== '\n') ? text : text.slice(0, head + next.index);
}
