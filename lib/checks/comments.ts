/** Finds the comments of a document and the nodes that they stand at. */
import type { Path } from '../model/path';
import type { Node } from '../read/yaml/node';

export interface Comment {
  /** Offsets into the text of the document: the hash, and the end without trailing blanks. */
  readonly start: number;
  readonly end: number;
  /** The text after the mark. */
  readonly content: string;
  /** The path of the node that it stands above or behind; empty above the first node, and `undefined` if there is no such node. */
  readonly scope: Path | undefined;
}

/** Where a node begins, with the path that leads to it. */
interface Start {
  readonly at: number;
  /** The step to it, and the step before it. */
  readonly link: Link;
}

interface Link {
  readonly step: string | number;
  readonly before: Link | undefined;
}

export class Comments {
  /** In the order of the text: of several nodes that begin at one place, the outermost. */
  private readonly starts: readonly Start[];
  /** The ends of scalars, by their starts. */
  private readonly scalars: readonly (readonly [number, number])[];
  private readonly first: number;
  /** The beginnings of the lines that have more than comments and indicators. */
  private readonly contents: readonly number[];

  public constructor(
    private readonly text: string,
    root: Node | undefined,
  ) {
    const [starts, scalars]: [Start[], [number, number][]] = [[], []];
    if (root !== undefined) {
      collect(root, undefined, starts, scalars, new Set());
    }
    this.starts = starts.sort((a, b) => a.at - b.at);
    this.scalars = scalars.sort(([a], [b]) => a - b);
    this.first = root?.start ?? Infinity;
    this.contents = contentsOf(text);
  }

  /** The comments that begin with a mark. */
  public with(mark: string): readonly Comment[] {
    const found: Comment[] = [];
    for (let at = this.text.indexOf(mark); at >= 0; at = this.text.indexOf(mark, at + mark.length)) {
      const start = this.hashBefore(at);
      if (start !== undefined && !this.isInScalar(start)) {
        const newline = this.text.indexOf('\n', at);
        const content = this.text.slice(at + mark.length, newline < 0 ? this.text.length : newline);
        const end = at + mark.length + content.trimEnd().length;
        found.push({ start, end, content, scope: this.scopeOf(start) });
      }
    }
    return found;
  }

  /** The hash before a mark, if only blanks are between them. */
  private hashBefore(mark: number): number | undefined {
    let at = mark - 1;
    while (this.text[at] === ' ' || this.text[at] === '\t') {
      at -= 1;
    }
    return this.text[at] === '#' ? at : undefined;
  }

  /** A hash inside a scalar does not begin a comment. */
  private isInScalar(offset: number): boolean {
    const next = lowest(this.scalars, ([start]) => start > offset);
    return next > 0 && offset < this.scalars[next - 1][1];
  }

  private scopeOf(offset: number): Path | undefined {
    if (offset < this.first) {
      return [];
    }
    const line = this.text.lastIndexOf('\n', offset - 1) + 1;
    const isBehind = this.text.slice(line, offset).trim() !== '';
    const start = this.starts.at(lowest(this.starts, ({ at }) => at >= (isBehind ? line : offset)));
    const stands = start !== undefined && (isBehind ? start.at < offset : this.isRightBelow(start.at, line));
    return stands ? pathOf(start.link) : undefined;
  }

  /** Whether there are only comments and indicators between a line and a node. A bracket that closes a collection is neither. */
  private isRightBelow(node: number, line: number): boolean {
    const next = this.contents.at(lowest(this.contents, (at) => at > line)) ?? Infinity;
    return next <= node && !/[\n\]}]/.test(this.text.slice(next, node));
  }
}

/** The beginnings of the lines that have more than comments and indicators. */
function contentsOf(text: string): readonly number[] {
  const found: number[] = [];
  for (let line = 0; line < text.length;) {
    let at = line;
    while (' \t\r-?'.includes(text.charAt(at)) && at < text.length) {
      at += 1;
    }
    if (!['#', '\n', ''].includes(text.charAt(at))) {
      found.push(line);
    }
    const newline = text.indexOf('\n', at);
    line = newline < 0 ? text.length : newline + 1;
  }
  return found;
}

/** The index of the first item for which a condition holds; it holds for all items after it. */
function lowest<T>(sorted: readonly T[], holds: (item: T) => boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (holds(sorted[middle])) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** A node that an alias repeats is visited once, where it is written. */
function collect(node: Node, link: Link | undefined, starts: Start[], scalars: [number, number][], seen: Set<Node>): void {
  if (node.is === 'scalar') {
    scalars.push([node.start, node.end]);
    return;
  }
  if (seen.has(node)) {
    return;
  }
  seen.add(node);
  if (node.is === 'sequence') {
    node.items.forEach((item, step) => child(item, startOf(item), { step, before: link }));
  } else {
    for (const { name, key, value } of node.entries) {
      collect(key, undefined, starts, scalars, seen);
      child(value, key.start, { step: name, before: link });
    }
  }

  function child(value: Node, at: number, own: Link): void {
    starts.push({ at, link: own });
    collect(value, own, starts, scalars, seen);
  }
}

function startOf(node: Node): number {
  return node.is === 'mapping' ? (node.entries.at(0)?.key.start ?? node.start) : node.start;
}

function pathOf(link: Link): Path {
  const path: (string | number)[] = [];
  for (let at: Link | undefined = link; at !== undefined; at = at.before) {
    path.push(at.step);
  }
  return path.reverse();
}
