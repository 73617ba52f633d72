/** The names of a cluster that are nearest to one that it does not have. */
import { closest } from '../net/did-you-mean';

/**
 * Up to three names: the nearest by spelling in the same namespace, then the same name in other namespaces, then those that begin with the name,
 * as the pods of a workload do.
 */
export function nearestNames(name: string, known: Iterable<string>): readonly string[] {
  const [own, plain] = partsOf(name);
  const [near, elsewhere, longer]: [string[], string[], string[]] = [[], [], []];
  for (const one of known) {
    const [namespace, rest] = partsOf(one);
    if (namespace !== own) {
      addTo(elsewhere, rest === plain, one, MOST_NAMES);
      continue;
    }
    addTo(longer, rest.startsWith(`${plain}-`), one, MOST_NAMES);
    addTo(near, Math.abs(rest.length - plain.length) <= MOST_DIFFERENCE, rest, MOST_GUESSED);
  }
  const guess = closest(plain, near);
  const nearest = guess === undefined ? [] : [own === '' ? guess : `${own}/${guess}`];
  return [...new Set([...nearest, ...elsewhere, ...longer])].slice(0, MOST_NAMES);
}

function addTo(list: string[], isAdded: boolean, name: string, most: number): void {
  if (isAdded && list.length < most) {
    list.push(name);
  }
}

/** In a large cluster, a guess for each of many wrong flows would take too long. */
export const MOST_GUESSED = 1_000;
const MOST_DIFFERENCE = 8;
const MOST_NAMES = 3;

/** The namespace, empty if the name has none, and the name in it. */
function partsOf(name: string): readonly [string, string] {
  const slash = name.indexOf('/');
  return [name.slice(0, Math.max(slash, 0)), name.slice(slash + 1)];
}
