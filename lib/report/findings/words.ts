/** The wording that the human-readable reports share. Nothing here is escaped. */
import type { Diagnostic } from '../../model/diagnostic';
import type { RenderOptions, Report, Summary } from './report';
import { DiagnosticView, viewOf } from './view';

/** A finding with its wording. */
export interface FindingText extends DiagnosticView {
  /** A file with line and column, or a construct, or the name of the source. */
  readonly place: string;
  /** Like `place`, without line and column. */
  readonly source: string;
  /** For example `CiliumNetworkPolicy shop/web`; empty if there is no resource. */
  readonly owner: string;
  /** The message. In a comparison, it includes the minors that have this finding, and of several sets, those that have it. */
  readonly words: string;
}

export function findingText(diagnostic: Diagnostic): FindingText {
  const view = viewOf(diagnostic);
  const { file, line, column, constructPath, message, cilium, sets } = view;
  const source = file ?? constructPath ?? diagnostic.origin.document.source.name;
  return {
    ...view,
    source,
    place: line === null ? source : `${source}:${line}:${column}`,
    owner: ownerOf(view),
    words: [
      message,
      ...(cilium === null ? [] : [`(in Cilium ${cilium.join(', ')})`]),
      ...(sets === null ? [] : [`(in ${sets.join(', ')})`]),
    ].join(' '),
  };
}

function ownerOf({ resource }: DiagnosticView): string {
  if (resource === null) {
    return '';
  }
  const name = resource.name === '' ? '(no name)' : resource.name;
  return `${resource.kind} ${resource.namespace === null ? '' : `${resource.namespace}/`}${name}`;
}

/** For example `2 errors, 1 warning`, or `no findings`. */
export function countsOf({ errors, warnings, infos }: Summary): string {
  const counts = [counted(errors, 'error'), counted(warnings, 'warning'), counted(infos, 'info')];
  return counts.filter((text) => !text.startsWith('0 ')).join(', ') || 'no findings';
}

/**
 * For example `2 errors in 3 policies (12 documents, 4 files)`, followed by what else a reader must know: what was not checked, what is allowed, and
 * which settings file counts.
 */
export function summaryOf(
  { summary, settings }: Pick<Report, 'summary' | 'settings'>,
  { isVerbose = false }: Pick<RenderOptions, 'isVerbose'> = {},
): readonly string[] {
  const most = isVerbose ? Infinity : MOST_NAMED;
  const { policies, documents, files, unchecked, suppressed, skipped, excluded, notChecked } = summary;
  const found = `${countsOf(summary)} in ${counted(policies, 'policy')} (${counted(documents, 'document')}, ${counted(files, 'file')})`;
  return [
    found,
    ...(unchecked === 0 ? [] : [`${counted(unchecked, 'document')} ${unchecked === 1 ? 'was' : 'were'} not checked`]),
    ...notChecked.slice(0, most).map((text) => `not checked: ${text}`),
    ...(notChecked.length > most ? [`not checked: ${notChecked.length - most} more, which \`--verbose\` and \`-o json\` list`] : []),
    ...(skipped.length === 0
      ? []
      : [`${counted(skipped.length, 'folder')} ${skipped.length === 1 ? 'was' : 'were'} not read: ${someOf(skipped, most)}`]),
    ...(excluded.length === 0
      ? []
      : [`${counted(excluded.length, 'path')} ${excluded.length === 1 ? 'is' : 'are'} excluded: ${someOf(excluded, most)}`]),
    ...(suppressed === 0 ? [] : [allowedOf(summary)]),
    ...(settings === null ? [] : [`settings: ${settings}`]),
  ];
}

/** The first of some names, and how many more. */
export function someOf(names: readonly string[], most: number): string {
  const few = names.slice(0, most).join(', ');
  return names.length <= most ? few : `${few} and ${names.length - most} more`;
}

const MOST_NAMED = 10;

/** For example `3 findings are allowed`. */
export function allowedOf({ suppressed }: Summary): string {
  return `${counted(suppressed, 'finding')} ${suppressed === 1 ? 'is' : 'are'} allowed`;
}

export function counted(count: number, noun: string): string {
  const many = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count} ${count === 1 ? noun : many}`;
}
