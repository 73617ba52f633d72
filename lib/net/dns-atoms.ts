/** Which combinations of DNS patterns a name can match, with an example of each. */

/** One step of a pattern: a character, any characters of a label, one or more whole labels, or any name at all. */
export type DnsStep = { readonly is: 'character'; readonly character: string } | { readonly is: 'star' | 'labels' | 'everything' };

export interface DnsAtom {
  readonly name: string;
  /** The patterns that match it, by index. */
  readonly matching: readonly number[];
}

/**
 * Every combination of patterns that some name matches, with a shortest such name; `undefined` if it takes more than `most` steps to find them.
 *
 * All patterns are run at once, as one automaton, over every name that leads somewhere new.
 */
export function dnsAtoms(patterns: readonly (readonly DnsStep[])[], most: number): readonly DnsAtom[] | undefined {
  const found = new Map<string, DnsAtom>();
  const known = new Set<string>();
  const queue: Reached[] = [{ name: '', places: closure([{ node: treeOf(patterns), isInside: false }]) }];
  let work = 0;
  for (const { name, places } of queue) {
    const atom = { name, matching: places.filter(isComplete).flatMap(({ node }) => node.patterns) };
    const key = atom.matching.sort((a, b) => a - b).join();
    if (isWhole(name)) {
      found.set(key, found.get(key) ?? atom);
    }
    const next = charactersAfter(name, places).map((character) => after({ name, places }, character));
    work += next.reduce((sum, one) => sum + one.places.length, places.length);
    if (work > most) {
      return undefined;
    }
    next.filter((one) => isNew(one, known)).forEach((one) => queue.push(one));
  }
  return [...found.values()];
}

/** Whether a name does not end within a label. */
function isWhole(name: string): boolean {
  return name !== '' && !name.endsWith('.');
}

function after({ name, places }: Reached, character: string): Reached {
  return { name: name + character, places: closure(places.flatMap((place) => stepped(place, character))) };
}

function isNew({ name, places }: Reached, known: Set<string>): boolean {
  const key = `${name.endsWith('.') ? '.' : ''} ${places.map(keyOf).join()}`;
  const isKnown = places.length === 0 || known.has(key);
  known.add(key);
  return !isKnown;
}

/** A beginning of patterns. Patterns that begin alike share it. */
interface Node {
  readonly id: number;
  /** The step that leads to it; `undefined` for the beginning of all. */
  readonly step: DnsStep | undefined;
  readonly byCharacter: Map<string, Node>;
  /** Those that need no character to begin. */
  readonly loops: Map<string, Node>;
  /** The patterns that end here. */
  readonly patterns: number[];
}

function treeOf(patterns: readonly (readonly DnsStep[])[]): Node {
  let count = 0;
  const make = (step?: DnsStep): Node => ({ id: count++, step, byCharacter: new Map(), loops: new Map(), patterns: [] });
  const root = make();
  patterns.forEach((steps, i) => {
    let node = root;
    for (const step of steps) {
      const [children, key] = step.is === 'character' ? [node.byCharacter, step.character] : [node.loops, step.is];
      const next = children.get(key) ?? make(step);
      children.set(key, next);
      node = next;
    }
    node.patterns.push(i);
  });
  return root;
}

interface Reached {
  readonly name: string;
  readonly places: readonly Place[];
}

interface Place {
  readonly node: Node;
  /** Whether a label of `labels` has begun. */
  readonly isInside: boolean;
}

function keyOf({ node, isInside }: Place): string {
  return `${node.id}${isInside ? '+' : ''}`;
}

/** Whether what follows may begin. */
function isComplete({ node, isInside }: Place): boolean {
  return node.step?.is !== 'labels' || isInside;
}

/** The characters that lead to different places: those that patterns wait for, a dot, and one that none waits for. A name has no empty label. */
function charactersAfter(name: string, places: readonly Place[]): readonly string[] {
  const awaited = new Set(places.filter(isComplete).flatMap(({ node }) => [...node.byCharacter.keys()]));
  const other = [...CHARACTERS].find((one) => !awaited.has(one));
  awaited.delete('.');
  const isDotPossible = name !== '' && !name.endsWith('.');
  return [...awaited, ...(other === undefined ? [] : [other]), ...(isDotPossible ? ['.'] : [])];
}

/** Beginning with the letters that make the best examples. */
const CHARACTERS = 'xyzwvabcdefghijklmnopqrstu0123456789-_';

function stepped(place: Place, character: string): readonly Place[] {
  const { node } = place;
  const next = isComplete(place) ? node.byCharacter.get(character) : undefined;
  const again = repeated(place, character === '.');
  return [...(next === undefined ? [] : [{ node: next, isInside: false }]), ...(again === undefined ? [] : [again])];
}

/** The place of a step that goes on. */
function repeated({ node, isInside }: Place, isDot: boolean): Place | undefined {
  switch (node.step?.is) {
    case 'star':
      return isDot ? undefined : { node, isInside };
    case 'labels':
      return isDot && !isInside ? undefined : { node, isInside: !isDot };
    case 'everything':
      return { node, isInside };
    case 'character':
    case undefined:
      return undefined;
  }
}

/** The places with those that need no further character, in order. */
function closure(places: readonly Place[]): readonly Place[] {
  const all = new Map<string, Place>();
  const add = (place: Place) => {
    if (!all.has(keyOf(place))) {
      all.set(keyOf(place), place);
      (isComplete(place) ? [...place.node.loops.values()] : []).forEach((node) => {
        add({ node, isInside: false });
      });
    }
  };
  places.forEach(add);
  return [...all.values()].sort((a, b) => a.node.id - b.node.id || Number(a.isInside) - Number(b.isInside));
}
