/** Applies fixes as edits of the source text. */
import type { Source } from '../model/origin';
import { documentsOf } from '../read/documents';
import type { ReadProblem } from '../read/problem';
import { readSources } from '../read/read';
import type { Edit, Fixable } from './edit';

/** A source after its fixes. */
export interface Fixed {
  readonly source: Source;
  readonly text: string;
  /** The number of findings that were fixed. */
  readonly fixes: number;
}

/** The sources that fixes change, with their new text. `problems` are those of reading the sources; guesses are applied only if they are wanted. */
export function applyFixes(fixables: readonly Fixable[], problems: readonly ReadProblem[], withUnsafe = false): readonly Fixed[] {
  const edits = new Map<Source, Edit[]>();
  for (const { diagnostic, fix, edit } of fixables) {
    const { source } = diagnostic.origin.document;
    const own = edits.get(source) ?? [];
    edits.set(source, own);
    if ((fix.safety === 'safe' || withUnsafe) && edit !== undefined) {
      own.push(edit);
    }
  }
  return [...edits].flatMap(([source, own]) => {
    if (source.text === undefined || own.length === 0) {
      return [];
    }
    const text = edited(source.text, own);
    // A fix of broken JSON may make JSON of what was YAML, and change what the rest of the text is.
    const after = readSources([{ name: source.name, text }], { namespace: '' });
    const before = problems.filter(({ origin }) => origin.document.source === source);
    const isSame = after.documents === documentsOf(source).length && broken(after.problems) <= broken(before);
    return isSame ? [{ source, text, fixes: own.length }] : [];
  });
}

function broken(problems: readonly ReadProblem[]): number {
  return problems.filter(({ is }) => is === 'syntax' || is === 'ignored-text').length;
}

/** From the last edit to the first, so that of two that overlap the last one counts. A node that an anchor repeats is changed once. */
function edited(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let before = text.length;
  for (const { start, end, text: inserted } of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) {
    if (end <= before) {
      parts.push(text.slice(end, before), inserted);
      before = start;
    }
  }
  return [...parts, text.slice(0, before)].reverse().join('');
}
