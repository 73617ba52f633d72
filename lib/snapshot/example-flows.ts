/** Flows that stand for what passes between two ends of a universe. */
import type { Flow, WrittenEnd } from '../model/flow';
import type { Inventory, Pod } from '../model/inventory';
import type { UniverseEnd } from '../reach/universe/universe';

export type WrittenPair = Pick<Flow, 'from' | 'to'>;

/** Two ends of a universe, as a flow may have them; `undefined` if no two such ends are there at once. */
export function pairOf(from: UniverseEnd, to: UniverseEnd, inventory: Pick<Inventory, 'pods'>): WrittenPair | undefined {
  const placed = inNamespaces(from, to, inventory);
  return placed && writtenPair(placed[0], placed[1], inventory);
}

/** A namespace that is not listed may have any labels, but not those of two ends at once: such ends are in two namespaces. */
function inNamespaces(
  from: UniverseEnd,
  to: UniverseEnd,
  { pods }: Pick<Inventory, 'pods'>,
): readonly [WrittenEnd, WrittenEnd] | undefined {
  const [a, b] = [from, to].map(({ written }) => homeOf(written, pods));
  if (a === undefined || b === undefined || a.namespace !== b.namespace || a.labels === b.labels) {
    return [from.written, to.written];
  }
  const moved = movedFrom(a.namespace, to);
  if (moved !== undefined) {
    return [from.written, moved];
  }
  const other = movedFrom(b.namespace, from);
  return other && [other, to.written];
}

interface Home {
  readonly namespace: string;
  /** The labels of the namespace, as a text to compare. Of one that is listed, nothing is written. */
  readonly labels: string;
}

function homeOf(written: WrittenEnd, pods: Inventory['pods']): Home | undefined {
  if (written.is === 'labels') {
    const home = HOMES.get(written) ?? { namespace: written.namespace, labels: JSON.stringify(written.namespaceLabels ?? {}) };
    HOMES.set(written, home);
    return written.cluster === undefined ? home : undefined;
  }
  const pod = written.is === 'pod' ? pods.get(written.name) : undefined;
  return pod && { namespace: pod.namespace, labels: '{}' };
}

/** Every end is in many pairs. */
const HOMES = new WeakMap<WrittenEnd, Home>();

/** The same kind of pod in another namespace, if it may be in one. */
function movedFrom(namespace: string, { written, members }: UniverseEnd): WrittenEnd | undefined {
  if (written.is !== 'labels') {
    return undefined;
  }
  // No members: every namespace that nobody names.
  const another = members.length === 0 ? `${namespace}-2` : members.find((name) => name !== namespace);
  return another === undefined ? undefined : { ...written, namespace: another };
}

/** A pod asks another one of its kind, and another node than its own. */
function writtenPair(from: WrittenEnd, to: WrittenEnd, { pods }: Pick<Inventory, 'pods'>): WrittenPair {
  const podOf = (written: WrittenEnd) => (written.is === 'pod' ? pods.get(written.name) : undefined);
  const [source, destination] = [podOf(from), podOf(to)];
  const isAt = (pod: Pod | undefined, node: WrittenEnd) => pod !== undefined && node.is === 'node' && node.name === pod.node;
  return {
    from: isAt(source, to) ? likeOf(source!) : from,
    to: (source !== undefined && source === destination) || isAt(destination, from) ? likeOf(destination!) : to,
  };
}

function likeOf({ labels, namespace, serviceAccount, ports }: Pod): WrittenEnd {
  return { is: 'labels', labels, namespace, serviceAccount, ports };
}

/** A port that people know, if the range has one. */
export function exampleIn(first: number, last: number): number {
  return KNOWN_PORTS.find((port) => first <= port && port <= last) ?? (first === 0 ? last : first);
}

const KNOWN_PORTS = [443, 80];
