/** Where an origin is in the text of its source. */
import type { Origin } from '../model/origin';
import { treeOf } from './tree';
import type { Entry, Node } from './yaml/node';

/** Offsets into the text of the source; the end is exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Lines and columns count from 1; columns are those of UTF-16. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** The lines and columns of an origin; nothing where there is no text. */
export function placeOf(origin: Origin): Place | undefined {
  const range = rangeOf(origin);
  const { text } = origin.document.source;
  if (range === undefined || text === undefined) {
    return undefined;
  }
  const lines = linesOf(text);
  const [line, endLine] = [lineAt(lines, range.start), lineAt(lines, range.end)];
  return { line: line + 1, column: range.start - lines[line] + 1, endLine: endLine + 1, endColumn: range.end - lines[endLine] + 1 };
}

/** The range to point at: a scalar, the key of a collection, or the first key of an item. */
export function rangeOf({ document, resource, path, onKey, range }: Origin): Range | undefined {
  if (range !== undefined || document.source.text === undefined) {
    return range;
  }
  const root = treeOf(document);
  if (root === undefined) {
    return undefined;
  }
  const found = find(root, [...(resource?.at ?? []), ...path]);
  const { entry, node } = found;
  const pointed = entry !== undefined && (onKey || found.isShort || node.is !== 'scalar') ? entry.key : firstOf(node);
  return { start: document.start + pointed.start, end: document.start + pointed.end };
}

export interface Found {
  readonly node: Node;
  /** The entry of which the node is the value, if its key led there. */
  readonly entry?: Entry;
  /** Whether the path goes on, to where nothing is. */
  readonly isShort: boolean;
}

/** The node at a path, or the last one on the way there. */
export function find(root: Node, path: readonly (string | number)[]): Found {
  let found: Found = { node: root, isShort: false };
  for (const step of path) {
    const { node } = found;
    const entry = node.is === 'mapping' ? node.entries.find(({ name }) => name === step) : undefined;
    const next = entry?.value ?? (node.is === 'sequence' ? node.items[Number(step)] : undefined);
    if (next === undefined) {
      return { ...found, isShort: true };
    }
    found = { node: next, entry, isShort: false };
  }
  return found;
}

/** Of a mapping, its first key; of a list, its first item. */
function firstOf(node: Node): Range {
  if (node.is === 'scalar') {
    return node;
  }
  const first = node.is === 'mapping' ? node.entries.at(0)?.key : node.items.at(0);
  return first === undefined ? { start: node.start, end: node.start } : firstOf(first);
}

/** Where the lines of a text begin. */
export function linesOf(text: string): readonly number[] {
  if (last?.text !== text) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      starts.push(at + 1);
    }
    last = { text, starts };
  }
  return last.starts;
}

let last: { readonly text: string; readonly starts: readonly number[] } | undefined;

/** Which line an offset is in, from 0. */
export function lineAt(lines: readonly number[], offset: number): number {
  let [low, high] = [0, lines.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lines[middle] <= offset) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
