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
