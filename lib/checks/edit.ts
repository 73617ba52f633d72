/** What a fix changes in the text of a source. */
import type { Fix } from '../admission/fix';
import type { Diagnostic } from '../model/diagnostic';
import type { Origin, Range } from '../model/origin';
import { find, TextPlaces } from '../read/places';
import type { Node } from '../read/yaml/node';

/** A finding that can be fixed. */
export interface Fixable {
  readonly diagnostic: Diagnostic;
  readonly fix: Fix;
  /** The change of the text; absent if the text has no place for it. */
  readonly edit?: Edit;
}

/** A change of the text of a source. */
export interface Edit extends Range {
  readonly text: string;
}

/** The change of the text that a fix makes; `undefined` where the text does not say what it changes. */
export function editOf({ document, resource, path }: Origin, { change }: Fix, places: TextPlaces): Edit | undefined {
  const { text = '' } = document.source;
  const root = document.source.text === undefined ? undefined : places.treeOf(document);
  const found = root && find(root, [...(resource?.at ?? []), ...path]);
  if (found === undefined || found.isShort) {
    return undefined;
  }
  const node = change.is === 'key' ? found.entry?.key : found.node;
  const range = node && rangeIn(text, node, document.start);
  return range === undefined ? undefined : changeOf(text, range, change);
}

function changeOf(text: string, { start, end }: Range, change: Fix['change']): Edit | undefined {
  switch (change.is) {
    case 'value':
    case 'key': {
      const quotes = /^["']/.exec(text.slice(start, end))?.[0] ?? '';
      return { start, end, text: `${quotes}${change.text}${quotes}` };
    }
    case 'quotes':
      return ODD_NUMBER.test(text.slice(start, end)) ? undefined : { start, end, text: `"${text.slice(start, end)}"` };
    case 'removal':
      return removalOf(text, start, end);
  }
}

/** As a text, `0x50` would be the name of a port, and `0443` is no more what it looks like than it was. */
const ODD_NUMBER = /^[-+]?(?:0[0-9_xob]|[0-9.]*e)|^[-+]?[0-9]\w*_/i;

/** The whole line of an item that has one of its own. */
function removalOf(text: string, start: number, end: number): Edit | undefined {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const next = newline < 0 ? text.length : newline + 1;
  const isAlone = /^\s*- +$/.test(text.slice(line, start)) && /^\s*(?:#.*)?$/.test(text.slice(end, next));
  return isAlone ? { start: line, end: next, text: '' } : undefined;
}

/** A scalar with its quotes; other nodes are not changed, and neither is text in blocks. */
function rangeIn(text: string, node: Node, offset: number): Range | undefined {
  if (node.is !== 'scalar' || node.start === node.end) {
    return undefined;
  }
  const [start, end] = [offset + node.start, offset + node.end];
  const isQuoted = /^(["'])\1$/.test(text.slice(start - 1, start) + text.slice(end, end + 1));
  return text.slice(start, end).includes('\n') ? undefined : isQuoted ? { start: start - 1, end: end + 1 } : { start, end };
}
