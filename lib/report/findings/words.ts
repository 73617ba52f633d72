/** What the reports for people say alike. Nothing here is escaped. */
import type { Diagnostic } from '../../model/diagnostic';
import type { Summary } from './report';
import { DiagnosticView, viewOf } from './view';

/** A finding as a person is told of it. */
export interface Told extends DiagnosticView {
  /** A file with line and column, or a construct, or the word for what was checked. */
  readonly place: string;
  /** The same without line and column. */
  readonly source: string;
  /** Such as `CiliumNetworkPolicy shop/web`; empty where there is no resource. */
  readonly owner: string;
  /** The message, in a comparison with the minors in which it holds. */
  readonly words: string;
}

export function toldOf(diagnostic: Diagnostic): Told {
  const view = viewOf(diagnostic);
  const { file, line, column, constructPath, message, cilium } = view;
  const source = file ?? constructPath ?? diagnostic.origin.document.source.name;
  return {
    ...view,
    source,
    place: line === null ? source : `${source}:${line}:${column}`,
    owner: ownerOf(view),
    words: cilium === null ? message : `${message} (in Cilium ${cilium.join(', ')})`,
  };
}

function ownerOf({ resource }: DiagnosticView): string {
  if (resource === null) {
    return '';
  }
  const name = resource.name === '' ? '(no name)' : resource.name;
  return `${resource.kind} ${resource.namespace === null ? '' : `${resource.namespace}/`}${name}`;
}

/** Such as `2 errors, 1 warning`, or `no findings`. */
export function countsOf({ errors, warnings, infos }: Summary): string {
  const counts = [counted(errors, 'error'), counted(warnings, 'warning'), counted(infos, 'info')];
  return counts.filter((text) => !text.startsWith('0 ')).join(', ') || 'no findings';
}

/** Such as `2 errors in 3 policies (12 documents, 4 files)`, then what else there is to know of the run. */
export function summaryOf(summary: Summary): readonly string[] {
  const { policies, documents, files, unchecked, suppressed } = summary;
  const found = `${countsOf(summary)} in ${counted(policies, 'policy')} (${counted(documents, 'document')}, ${counted(files, 'file')})`;
  return [
    found,
    ...(unchecked === 0 ? [] : [`${counted(unchecked, 'document')} ${unchecked === 1 ? 'was' : 'were'} not checked`]),
    ...(suppressed === 0 ? [] : [allowedOf(summary)]),
  ];
}

/** Such as `3 findings are allowed`. */
export function allowedOf({ suppressed }: Summary): string {
  return `${counted(suppressed, 'finding')} ${suppressed === 1 ? 'is' : 'are'} allowed`;
}

export function counted(count: number, noun: string): string {
  const many = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${count} ${count === 1 ? noun : many}`;
}
