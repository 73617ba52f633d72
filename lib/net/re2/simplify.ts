/**
 * What RE2 rewrites before it compiles: neighbouring repeats of the same character become one, and counted repeats become copies.
 *
 * Source: re2 `re2/simplify.cc`.
 */
import { GivenUp } from './given-up';
import {
  Counted,
  counted,
  EMPTY,
  group,
  isFolding,
  isGreedy,
  isPlace,
  isRepeated,
  isSame,
  isSingle,
  literal,
  Node,
  Repeated,
  repeated,
  series,
  Series,
  seriesOf,
  simpleClass,
  squashed,
} from './tree';

/** Joins neighbouring repeats: `a*a+` becomes `a{1,}`, and `a*aab` becomes `a{2,}b`. */
export function coalesced(node: Node): Node {
  if (isRepeated(node)) {
    return repeated(node.is, coalesced(node.node), node.flags);
  }
  if (node.is === 'counted') {
    return counted(coalesced(node.node), node.least, node.most, node.flags);
  }
  if (node.is === 'group') {
    return group(coalesced(node.node));
  }
  if (node.is === 'choice') {
    return seriesOf('choice', node.nodes.map(coalesced));
  }
  return node.is === 'sequence' ? coalescedSequence(node) : node;
}

function coalescedSequence({ nodes }: Series): Node {
  const parts = nodes.map(coalesced);
  let hasJoined = false;
  for (let i = 0; i + 1 < parts.length; i++) {
    const joined = join(parts[i], parts[i + 1]);
    if (joined !== undefined) {
      [parts[i], parts[i + 1]] = joined;
      hasJoined = true;
    }
  }
  return seriesOf('sequence', hasJoined ? parts.filter(({ is }) => is !== 'empty') : parts);
}

/** A repeat and what follows it, joined; `undefined` if they cannot be. */
function join(repeat: Node, next: Node): readonly [Node, Node] | undefined {
  if (!isRepeated(repeat) && repeat.is !== 'counted') {
    return undefined;
  }
  const { node, flags } = repeat;
  const [least, most] = countsOf(repeat);
  if (!isSingle(node)) {
    return undefined;
  }
  if ((isRepeated(next) || next.is === 'counted') && isSame(node, next.node) && isGreedy(flags) === isGreedy(next.flags)) {
    const [leastOfNext, mostOfNext] = countsOf(next);
    return [EMPTY, counted(node, least + leastOfNext, most + mostOfNext, flags)];
  }
  if (isSame(node, next)) {
    return [EMPTY, counted(node, least + 1, most + 1, flags)];
  }
  if (node.is === 'literal' && next.is === 'literal' && isFolding(node.flags) === isFolding(next.flags)) {
    const different = next.runes.findIndex((rune) => rune !== node.runes[0]);
    const same = different < 0 ? next.runes.length : different;
    const longer = counted(node, least + same, most + same, flags);
    return same === 0 ? undefined : same === next.runes.length ? [EMPTY, longer] : [longer, literal(next.runes.slice(same), next.flags)];
  }
  return undefined;
}

function countsOf(repeat: Repeated | Counted): readonly [number, number] {
  switch (repeat.is) {
    case 'star':
      return [0, Infinity];
    case 'plus':
      return [1, Infinity];
    case 'quest':
      return [0, 1];
    case 'counted':
      return [repeat.least, repeat.most];
  }
}

/** The maximum number of parts that counted repeats are written as. */
export const MAX_COPIES = 200_000;

/** Writes counted repeats as copies: `a{2,4}` as `aa(?:a(?:a)?)?`. The copies are the same object. */
export function simplified(node: Node): Node {
  let copies = 0;
  return simplify(node);

  function simplify(one: Node): Node {
    if (isRepeated(one)) {
      return repeatOf(one);
    }
    if (one.is === 'counted') {
      return copiesOf(one);
    }
    if (one.is === 'group') {
      return group(simplify(one.node));
    }
    if (one.is === 'sequence' || one.is === 'choice') {
      return seriesOf(one.is, one.nodes.map(simplify));
    }
    return one.is === 'class' ? simpleClass(one) : one;
  }

  function repeatOf({ is, node: old, flags }: Repeated): Node {
    const inner = simplify(old);
    // Unlike when they are read, only two of the same kind become one.
    const isSameRepeat = inner.is === is && inner.flags === flags;
    return inner.is === 'empty' || isSameRepeat ? inner : repeated(is, inner, flags);
  }

  function copiesOf({ node: old, least: written, most: mostWritten, flags }: Counted): Node {
    const inner = simplify(old);
    if (inner.is === 'empty' || mostWritten === 0) {
      return EMPTY;
    }
    // To repeat what matches only places adds nothing.
    const isOnce = onlyPlaces(inner);
    const least = isOnce ? Math.min(written, 1) : written;
    const most = isOnce && mostWritten !== Infinity ? 1 : mostWritten;
    copies += most === Infinity ? least : most;
    if (copies > MAX_COPIES) {
      throw new GivenUp({ is: 'may-exceed' });
    }
    if (most === Infinity) {
      return least === 0
        ? squashed('star', inner, flags)
        : series('sequence', [...Array<Node>(least - 1).fill(inner), squashed('plus', inner, flags)]);
    }
    const needed = Array<Node>(least).fill(inner);
    if (most === least) {
      return series('sequence', needed);
    }
    const optional = optionalOf(inner, most - least, flags);
    return least === 0 ? optional : seriesOf('sequence', [series('sequence', needed), optional]);
  }
}

/** `x?`, `(?:xx?)?`, and so on, deeper and deeper. */
function optionalOf(node: Node, count: number, flags: number): Node {
  let optional: Node = squashed('quest', node, flags);
  for (let i = 1; i < count; i++) {
    optional = squashed('quest', seriesOf('sequence', [node, optional]), flags);
  }
  return optional;
}

function onlyPlaces(node: Node): boolean {
  return isPlace(node) || ((node.is === 'sequence' || node.is === 'choice') && node.nodes.every(isPlace));
}
