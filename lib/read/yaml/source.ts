/** The text of one document, made such that js-yaml reads it as the Kubernetes tools do; offsets lead back to what was written. */
import { Event, parseEvents, YAMLException } from 'js-yaml';

/** What is wrong with a text; `end` is where the place ends, exclusive. */
export interface Problem {
  readonly is: 'syntax' | 'duplicate-key' | 'ignored-text' | 'limit';
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Source {
  readonly text: string;
  readonly events: readonly Event[];
  /** Where a place of `text` is in what was written. */
  readonly written: (offset: number) => number;
  readonly problems: readonly Problem[];
}

/** How deep a document may nest. */
export const MAX_DEPTH = 100;

/** How much may be read again for lines that are indented too little; more is hostile. */
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
  const problems: Problem[] = [];
  const inserted: number[] = [];
  let text = firstDocument(whole.replace(BREAKS, '\n'));
  const written = (offset: number) => offset - inserted.filter((at) => at < offset).length * MEND.length;
  for (let read = 0; read <= MAX_REREAD; read += text.length) {
    try {
      return { text, events: parseEvents(text, { maxDepth: MAX_DEPTH }), written, problems };
    } catch (error) {
      const { reason, mark } = error as YAMLException;
      if (mark === undefined) {
        throw error;
      }
      const at = mark.position;
      if (reason === 'deficient indentation') {
        // YAML 1.1 does not care how the lines inside brackets and quotes are indented, and neither does their meaning.
        const line = text.lastIndexOf('\n', at - 1) + 1;
        inserted.push(line);
        text = `${text.slice(0, line)}${MEND}${text.slice(line)}`;
      } else if (reason === 'end of the stream or a document separator is expected' && isIgnored(text, at)) {
        problems.push({
          is: 'ignored-text',
          message: 'the document ends before this text, which is ignored',
          start: written(at),
          end: written(text.length),
        });
        text = text.slice(0, at);
      } else {
        return { is: reason.startsWith('nesting') ? 'limit' : 'syntax', message: reason, start: written(at), end: written(at) };
      }
    }
  }
  return { is: 'limit', message: 'too many lines are indented less than what they are in', start: 0, end: whole.length };
}

/** What YAML 1.1 does not allow anywhere. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\ufeff\u{10000}-\u{10ffff}]/u;

/** What ends a line in YAML 1.1 beside a line feed; each is one character, so that places stay. */
const BREAKS = /\r(?!\n)|[\u0085\u2028\u2029]/g;

/** Whether the tools read the document and never look at this text: brackets or quotes are closed, or it stands left of where the document began. */
function isIgnored(text: string, at: number): boolean {
  const root = /^(?:[ \t]*(?:#.*|%.*|---)?\n|---[ \t]+)*([ ]*)(?:[&!][^ \n]*[ \n]+)*(.?)/.exec(text)!;
  const column = at - (text.lastIndexOf('\n', at - 1) + 1);
  const isOver = /["'[{]/.test(root[2]) || column < root[1].length;
  return isOver && !/^[@`%:\t]/.test(text.slice(at));
}

const MEND = ' '.repeat(40);

/** Up to where the next document begins; directives, comments and a first `---` are of this one. */
function firstDocument(text: string): string {
  const head = /^\ufeff?(?:[ \t]*(?:#.*)?\r?\n|%.*\r?\n)*(?:---(?=\s|$))?/.exec(text)![0].length;
  const separator = /^(?:---|\.\.\.)(?=\s|$)/m;
  const next = separator.exec(text.slice(head));
  // At the head itself no line begins.
  return next === null || (next.index === 0 && head > 0 && text[head - 1] !== '\n') ? text : text.slice(0, head + next.index);
}
