/** Safe fixes as changes of texts. */
import type { Source } from '../model/origin';
import type { Edit, Fixable } from './edit';

/** A text with its fixes in it. */
export interface Fixed {
  readonly source: Source;
  readonly text: string;
  /** How many findings were mended. */
  readonly fixes: number;
}

/** The sources that safe fixes change. */
export function applyFixes(fixables: readonly Fixable[]): readonly Fixed[] {
  const edits = new Map<Source, Edit[]>();
  for (const { diagnostic, fix, edit } of fixables) {
    const { source } = diagnostic.origin.document;
    edits.set(source, [...(edits.get(source) ?? []), ...(fix.safety === 'safe' && edit !== undefined ? [edit] : [])]);
  }
  return [...edits].flatMap(([source, own]) =>
    source.text === undefined || own.length === 0 ? [] : [{ source, text: edited(source.text, own), fixes: own.length }],
  );
}

/** The last edit comes first, so that the places of the others hold; what an anchor repeats is changed once. */
function edited(text: string, edits: readonly Edit[]): string {
  let changed = text;
  let before = text.length;
  for (const { start, end, text: inserted } of [...edits].sort((a, b) => b.start - a.start || b.end - a.end)) {
    if (end <= before) {
      changed = `${changed.slice(0, start)}${inserted}${changed.slice(end)}`;
      before = start;
    }
  }
  return changed;
}
