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
  /** The edit of the source; absent if the node is not in the text. */
  readonly edit?: Edit;
}

/** Replaces a range of the text of a source. */
export interface Edit extends Range {
  readonly text: string;
}

/** The edit that a fix makes; `undefined` if the node is not in the text. */
export function editOf({ document, resource, path }: Origin, { change }: Fix, places: TextPlaces): Edit | undefined {
  const { text = '' } = document.source;
  const root = document.source.text === undefined ? undefined : places.treeOf(document);
  const found = root && find(root, [...(resource?.at ?? []), ...path]);
  // What an alias repeats is part of other objects too, and a tag changes what a text means.
  if (found === undefined || found.isShort || !found.isPlain) {
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

/** Numbers that are not put in quotes: as a string, `0x50` would be a port name, and `0443` would still be octal. */
const ODD_NUMBER = /^[-+]?(?:0[0-9_xob]|[0-9.]*e)|^[-+]?[0-9]\w*_/i;

/** Removes the line of an item that has a line of its own. */
function removalOf(text: string, start: number, end: number): Edit | undefined {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const newline = text.indexOf('\n', end);
  const next = newline < 0 ? text.length : newline + 1;
  const isAlone = /^\s*- +$/.test(text.slice(line, start)) && /^\s*(?:#.*)?$/.test(text.slice(end, next));
  return isAlone ? { start: line, end: next, text: '' } : undefined;
}

/** The range of a scalar with its quotes; `undefined` for other nodes and for scalars of several lines. */
function rangeIn(text: string, node: Node, offset: number): Range | undefined {
  if (node.is !== 'scalar' || node.start === node.end) {
    return undefined;
  }
  const [start, end] = [offset + node.start, offset + node.end];
  const isQuoted = /^(["'])\1$/.test(text.slice(start - 1, start) + text.slice(end, end + 1));
  return text.slice(start, end).includes('\n') ? undefined : isQuoted ? { start: start - 1, end: end + 1 } : { start, end };
}
