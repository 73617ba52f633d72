/** A lower bound of the size of a program, without compiling it. */
import type { Node } from './tree';
import { utf8 } from './utf8-ranges';

/** At least how many instructions an expression compiles to. `undefined` if it can match nothing: what is around it is not compiled then. */
export function leastSize(node: Node, ofPlace = 1): number | undefined {
  switch (node.is) {
    case 'nothing':
      return undefined;
    case 'empty':
      return 0;
    case 'any':
    case 'byte':
      return 1;
    case 'literal':
      return node.runes.reduce((size, rune) => size + utf8(rune).length, 0);
    case 'class':
      return node.runes.length === 0 ? undefined : 1;
    case 'sequence':
      return node.nodes.reduce<number | undefined>((size, one) => sum(size, leastSize(one, ofPlace)), 0);
    case 'choice':
      return node.nodes.map((one) => leastSize(one, ofPlace)).reduce((size, one) => sum(size ?? 0, one ?? 0));
    case 'star':
    case 'quest':
      return leastSize(node.node, ofPlace) ?? 0;
    case 'plus':
      return leastSize(node.node, ofPlace);
    case 'group':
      return sum(leastSize(node.node, ofPlace), 2);
    case 'counted':
      // What matches only places is not copied.
      return copied(leastSize(node.node, 0), node.least, node.most);
    case 'line-start':
    case 'line-end':
    case 'text-start':
    case 'text-end':
    case 'dollar':
    case 'word-edge':
    case 'no-word-edge':
      return ofPlace;
  }
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function copied(size: number | undefined, least: number, most: number): number | undefined {
  if (size === undefined) {
    return least === 0 ? 0 : undefined;
  }
  return size * (most === Infinity ? Math.max(1, least) : most);
}
