/** Where something is in a document: the keys and the places in lists that lead there. */
export type Path = readonly (string | number)[];

/** The path as a JSON pointer (RFC 6901); empty for the whole document. */
export function pointer(path: Path): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The field that a path is about: its last key, past the places in lists. */
export function fieldAt(path: Path): string {
  return String([...path].reverse().find((step) => typeof step === 'string') ?? '');
}

/** A path on the way down, made into a `Path` only where it is needed: most are not. */
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

/** The path below another one. */
export function below(above: PathLink | undefined, step: string | number, ...more: readonly (string | number)[]): PathLink {
  return more.reduce<PathLink>((inner, next) => ({ step: next, above: inner }), { step, above });
}
