/** Makes an input smaller, as long as it still fails. */

/** In milliseconds. */
const PATIENCE = 5_000;

/** Removes parts of the text of an input, or entries of a folder. */
export function shrunk(input, fails) {
  const end = performance.now() + PATIENCE;
  const key = ['text', 'entries'].find((name) => input[name] !== undefined);
  let parts = [...input[key]];
  const inputOf = (kept) => ({ ...input, [key]: key === 'text' ? kept.join('') : kept });
  for (let size = Math.ceil(parts.length / 2); size >= 1 && performance.now() < end; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < parts.length && performance.now() < end;) {
      const kept = [...parts.slice(0, at), ...parts.slice(at + size)];
      if (fails(inputOf(kept))) {
        parts = kept;
      } else {
        at += size;
      }
    }
  }
  return inputOf(parts);
}
