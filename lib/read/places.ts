/** Locates origins in the texts of a run. */
import type { Document, Origin, Place, Places, Range, Source } from '../model/origin';
import { Bounded } from '../net/bounded';
import type { Entry, MappingNode, Node } from './yaml/node';
import { parseJson, parseYaml, Parsed } from './yaml/parse';

/**
 * The total size of the documents whose trees are kept, and of the sources whose line starts are kept, in characters. A tree takes about 17 bytes for
 * each character, so this is at most 40 MB. A check keeps less, because it forgets each document.
 */
export const MOST_KEPT = 2_000_000;

export class TextPlaces implements Places {
  private readonly trees = new Bounded<Document, { readonly root?: Node }>(MOST_KEPT);
  private readonly lines = new Bounded<Source, readonly number[]>(MOST_KEPT);

  /** The tree of a document; `undefined` if it has none. It is built when a place in the document is needed, because few documents have findings. */
  public treeOf(document: Document): Node | undefined {
    const known = this.trees.get(document) ?? { root: parseDocument(document).root };
    this.trees.set(document, known, document.end - document.start);
    return known.root;
  }

  /** Releases the tree of a document when all its places have been looked up. */
  public forget(document: Document): void {
    this.trees.remove(document);
  }

  public placeOf(origin: Origin): Place | undefined {
    const range = this.rangeOf(origin);
    const { source } = origin.document;
    if (range === undefined || source.text === undefined) {
      return undefined;
    }
    const lines = this.linesOf(source, source.text);
    const [line, endLine] = [lineAt(lines, range.start), lineAt(lines, range.end)];
    return {
      ...{ line: line + 1, column: range.start - lines[line] + 1 },
      ...{ endLine: endLine + 1, endColumn: range.end - lines[endLine] + 1 },
      offset: range.start,
    };
  }

  /** The range to highlight: a scalar, the key of a collection, or the first key of an item. */
  public rangeOf({ document, resource, path, onKey, range }: Origin): Range | undefined {
    if (range !== undefined || document.source.text === undefined) {
      return range;
    }
    const root = this.treeOf(document);
    if (root === undefined) {
      return undefined;
    }
    const found = find(root, [...(resource?.at ?? []), ...path]);
    const { entry, node } = found;
    const pointed = entry !== undefined && (onKey || found.isShort || node.is !== 'scalar') ? entry.key : firstOf(node);
    return { start: document.start + pointed.start, end: document.start + pointed.end };
  }

  private linesOf(source: Source, text: string): readonly number[] {
    const lines = this.lines.get(source) ?? lineStarts(text);
    this.lines.set(source, lines, text.length);
    return lines;
  }
}

/** Parses the text of a document. JSON allows escapes and tabs that YAML 1.1 does not. */
export function parseDocument({ source: { text = '' }, start, end, isJson = false }: Document): Parsed {
  const own = start === 0 && end === text.length ? text : text.slice(start, end);
  return isJson ? parseJson(own) : parseYaml(own);
}

export interface Found {
  readonly node: Node;
  /** The entry whose value is the node, if the last step of the path is a key. */
  readonly entry?: Entry;
  /** Whether the rest of the path does not exist. */
  readonly isShort: boolean;
  /** Whether an edit of it changes nothing else: no node on the path has an anchor, a tag or merged entries. */
  readonly isPlain: boolean;
}

/** The node at a path, or the deepest node that exists on the path. */
export function find(root: Node, path: readonly (string | number)[]): Found {
  let found: Found = { node: root, isShort: false, isPlain: root.hasProperties !== true };
  for (const step of path) {
    const { node } = found;
    const entry = node.is === 'mapping' ? entryOf(node, step) : undefined;
    const next = entry?.value ?? (node.is === 'sequence' ? node.items[Number(step)] : undefined);
    if (next === undefined) {
      return { ...found, isShort: true };
    }
    const isPlain = found.isPlain && entry?.isMerged !== true && next.hasProperties !== true && entry?.key.hasProperties !== true;
    found = { node: next, entry, isShort: false, isPlain };
  }
  return found;
}

/** A large mapping has an index, because each of its entries may have a finding. */
const INDICES = new WeakMap<MappingNode, ReadonlyMap<string | number, Entry>>();

function entryOf(node: MappingNode, step: string | number): Entry | undefined {
  if (node.entries.length <= FEW_ENTRIES) {
    return node.entries.find(({ name }) => name === step);
  }
  const index = INDICES.get(node) ?? new Map(node.entries.map((entry) => [entry.name, entry]));
  INDICES.set(node, index);
  return index.get(step);
}

const FEW_ENTRIES = 20;

/** The range of the first scalar in a node: for a mapping its first key, for a list its first item. */
function firstOf(node: Node): Range {
  if (node.is === 'scalar') {
    return node;
  }
  const first = node.is === 'mapping' ? node.entries.at(0)?.key : node.items.at(0);
  return first === undefined ? { start: node.start, end: node.start } : firstOf(first);
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    starts.push(at + 1);
  }
  return starts;
}

/** The line of an offset, counted from 0. */
function lineAt(lines: readonly number[], offset: number): number {
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
