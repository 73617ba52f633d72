/** The path to a value in a document: keys of mappings and indexes of lists. */
export type Path = readonly (string | number)[];

/** The path as a JSON pointer (RFC 6901); empty for the whole document. */
export function pointer(path: Path): string {
  return path.map(pointerStep).join('');
}

/** The pointers to everything along a path: from the whole document to the end of the path. */
export function pointersAlong(path: Path): readonly string[] {
  const pointers = [''];
  path.forEach((step, i) => pointers.push(pointers[i] + pointerStep(step)));
  return pointers;
}

function pointerStep(step: string | number): string {
  return `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The last field of a path, without indexes of lists. */
export function fieldAt(path: Path): string {
  return String([...path].reverse().find((step) => typeof step === 'string') ?? '');
}

/** Whether a path is at a place or below it. */
export function isBelow(path: Path, place: Path): boolean {
  return place.length <= path.length && place.every((step, i) => step === path[i]);
}

/** A path as a linked list. It is converted to a `Path` only when needed, which is rare. */
export interface PathLink {
  readonly step: string | number;
  readonly above: PathLink | undefined;
}

export function pathTo(link: PathLink | undefined): Path {
  const path: (string | number)[] = [];
  for (let at = link; at !== undefined; at = at.above) {
    path.push(at.step);
  }
  return path.reverse();
}

/** Returns a path that extends another path. */
export function below(above: PathLink | undefined, step: string | number, ...more: readonly (string | number)[]): PathLink {
  return more.reduce<PathLink>((inner, next) => ({ step: next, above: inner }), { step, above });
}
