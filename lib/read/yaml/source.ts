/**
 * The events of one document, its text made such that js-yaml reads it as the Kubernetes tools do.
 *
 * js-yaml speaks YAML 1.2, the tools speak 1.1 and look at no more of a text than its first document. Where js-yaml stops at what they take,
 * the text is mended and read again.
 */
import { Event, parseEvents, YAMLException } from 'js-yaml';
import { Mended } from './mended';

/** What is wrong with a text; `end` is where the place ends, exclusive. */
export interface Problem {
  readonly is: 'syntax' | 'duplicate-key' | 'ignored-text' | 'limit';
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Source {
  readonly mended: Mended;
  readonly events: readonly Event[];
  readonly problems: readonly Problem[];
}

/** How deep a document may nest. */
export const MAX_DEPTH = 100;

/** How many characters may be read again for what had to be mended; more is hostile. */
const MAX_REREAD = 50_000_000;

/** The events of the first document of a text, or the problem that leaves none. */
export function readEvents(whole: string): Source | Problem {
  const control = CONTROL.exec(whole);
  if (control !== null) {
    return { is: 'syntax', message: 'a control character', start: control.index, end: control.index + 1 };
  }
  const end = /^\s*\.\.\.(?=\s|$)/.exec(whole);
  if (end !== null) {
    return { is: 'syntax', message: 'a document that begins with its end', start: 0, end: end[0].length };
  }
  const all = whole.replace(BREAKS, '\n');
  const text = firstDocument(all);
  const rest = all
    .slice(text.length)
    .replace(/^\.\.\./, '')
    .trim();
  const problems = rest === '' ? [] : [ignored(Mended.of(all), text.length)];
  const indented = /^\ufeff?(?:[ \t]*(?:#.*)?\n)*[ \t]+(?=---(?:\s|$))/.exec(text)?.[0].length;
  return indented === undefined ? readMended(Mended.of(text), problems) : readIndentedSeparator(text, indented);
}

/** What looks like a separator, but is indented, is a text. */
function readIndentedSeparator(text: string, at: number): Source | Problem {
  const isAlone = /^\s*(?:#.*\s*)*$/.test(text.slice(at + 3));
  return isAlone
    ? readMended(
        Mended.of(text)
          .insert(at + 3, '"')
          .insert(at, '"'),
        [],
      )
    : { is: 'syntax', message: 'a `---` separates documents at the beginning of a line only', start: at, end: at + 3 };
}

/** The events of a text that was mended; a mistake that the builder of the tree finds may be mended too. */
export function readMended(first: Mended, found: readonly Problem[]): Source | Problem {
  const problems = [...found];
  let mended = first;
  for (let read = 0; read <= MAX_REREAD; read += mended.text.length) {
    const answer = eventsOf(mended.text);
    if (!('reason' in answer)) {
      return { mended, events: answer, problems };
    }
    const { reason, position } = answer;
    const next = mend(mended, reason, position);
    if (next === undefined) {
      const at = mended.written(position);
      return { is: reason.startsWith('nesting') ? 'limit' : 'syntax', message: reason, start: at, end: at };
    }
    if (next.text.length < mended.text.length) {
      problems.push(ignored(mended, next.text.length));
    }
    mended = next;
  }
  return { is: 'limit', message: 'too many lines are indented less than what they are in', start: 0, end: first.text.length };
}

/** Why js-yaml does not read a text, and from where on. */
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

function ignored(mended: Mended, from: number): Problem {
  return {
    is: 'ignored-text',
    message: 'the document ends before this text, which is ignored',
    start: mended.written(from),
    end: mended.written(mended.text.length),
  };
}

/** What js-yaml should have been given, if the tools take what it stopped at. */
function mend(mended: Mended, reason: string, at: number): Mended | undefined {
  const { text } = mended;
  switch (reason) {
    case 'deficient indentation':
      if (text[at - 1] === '\t') {
        // In brackets a tab is a space.
        return mended.replace(at - 1, ' ');
      }
      // YAML 1.1 does not care how the lines inside brackets and quotes are indented, and neither does their meaning.
      return mended.insert(text.lastIndexOf('\n', at - 1) + 1, INDENTATION);
    case 'bad indentation of a mapping entry': {
      const tab = /[:,[{] *\t/.exec(text.slice(at));
      return tab === null ? undefined : mended.replace(at + tab.index + tab[0].length - 1, ' ');
    }
    case 'end of the stream or a document separator is expected':
      return isIgnored(text, at) || ONLY_PROPERTIES.test(text.slice(0, at)) ? mended.cut(at) : undefined;
    case 'alias node should not have any properties':
    case 'duplication of a tag property':
    case 'duplication of an anchor property':
      // The properties are those of an empty root, behind which the document ends.
      return ONLY_PROPERTIES.test(text.slice(0, at)) ? mended.cut(at) : undefined;
    case 'a whitespace character is expected after the key-value separator within a block mapping':
      // What seems to be the first key is the whole document.
      return /^\s*(?:"[^"\n]*"|'[^'\n]*')$/.test(text.slice(0, at)) ? mended.cut(at) : undefined;
    case 'missed comma between flow collection entries':
      // In brackets a lone hyphen is a text.
      return /^-[\s,\]}]/.test(text.slice(at)) ? mended.insert(at + 1, '"').insert(at, '"') : undefined;
    default:
      return undefined;
  }
}

/** What YAML 1.1 does not allow anywhere. */
const CONTROL = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\ufeff\u{10000}-\u{10ffff}]/u;

/** What ends a line in YAML 1.1 beside a line feed; each is one character, so that places stay. */
const BREAKS = /\r(?!\n)|[\u0085\u2028\u2029]/g;

const INDENTATION = ' '.repeat(40);

/** Tags and anchors, with space and comments between them. */
const ONLY_PROPERTIES = /^(?:---)?(?:[ \n]|#.*\n)*[!&]\S*\s(?:\s|#.*\n|[!&]\S*\s)*$/;

/**
 * Whether the tools read the document and never look at this text.
 *
 * They do not where the brackets or quotes of the root are closed, where it stands left of where the document began, and where a plain root
 * ended on a line before.
 */
function isIgnored(text: string, at: number): boolean {
  const root = /^\ufeff?(?:[ \t]*(?:#.*|%.*|---)?\n|---[ \t]+)*([ ]*)(?:[&!][^ \n]*[ \n]+)*(.?)/.exec(text)!;
  const line = text.lastIndexOf('\n', at - 1) + 1;
  const isNewLine = text.slice(line, at).trim() === '';
  if (/^[@`%\t]/.test(text.slice(at)) || (!isNewLine && isKeyOfRest(text, at))) {
    return false;
  }
  const isClosed = /["'[{]/.test(root[2]) && !QUOTED_KEY.test(text.slice(root[0].length - 1));
  const isPlain = /[^-\s?:,[\]{}#&*!|>'"%@`]/.test(root[2]) && !/^[^#\n]*:(?:\s|$)/.test(text.slice(root[1].length));
  return isClosed || at - line < root[1].length || (isPlain && line > 0 && isNewLine);
}

const QUOTED_KEY = /^(?:"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*')[ \t]*:(?:\s|$)/;

/** Whether the root is taken for a key by a colon further on in its line. */
function isKeyOfRest(text: string, at: number): boolean {
  const end = text.indexOf('\n', at);
  const rest = text.slice(at, end < 0 ? text.length : end);
  return /:(?:\s|$)/.test(rest.replace(/[[{"'][^\]}"']*[\]}"']/g, '').replace(/(?:^|\s)#.*/, ''));
}

/** Up to where the next document begins; directives, comments and a first `---` are of this one. */
function firstDocument(text: string): string {
  const head = /^\ufeff?(?:[ \t]*(?:#.*)?\r?\n|%.*\r?\n)*(?:---(?=\s|$))?/.exec(text)![0].length;
  const separator = /^(?:---|\.\.\.)(?=\s|$)/m;
  const next = separator.exec(text.slice(head));
  // At the head itself no line begins.
  return next === null || (next.index === 0 && head > 0 && text[head - 1] !== '\n') ? text : text.slice(0, head + next.index);
}
