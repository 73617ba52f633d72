/**
 * Finds placeholders, which another tool replaces later: `${VAR}` as in Flux, or `{{ … }}` as in Helm.
 *
 * Their values are unknown, so a value with a placeholder is not checked. Everything else is.
 */
import { isObject, JsonObject } from '../model/json';
import type { Path } from '../model/path';

const PLACEHOLDER = /\$\{[^}\n]*\}|\{\{[^\n]*?\}\}|\{%[^\n]*?%\}/;

/** The first placeholder in a string; `undefined` if it has none. */
export function placeholderIn(text: string): string | undefined {
  return PLACEHOLDER.exec(text)?.[0];
}

/** The placeholders in a value and in its keys: the first one of each string, without duplicates. */
export function placeholdersIn(value: unknown): readonly string[] {
  const found = new Set<string>();
  collect(value);
  return [...found];

  function collect(inner: unknown): void {
    if (typeof inner === 'string') {
      const placeholder = placeholderIn(inner);
      if (placeholder !== undefined) {
        found.add(placeholder);
      }
    } else if (typeof inner === 'object' && inner !== null) {
      Object.keys(inner).forEach(collect);
      Object.values(inner).forEach(collect);
    }
  }
}

/** Whether the value at a path has a placeholder; with `onKey`, whether the key has one. What is above or below it is known. */
export function isPlaceholderAt(value: unknown, path: Path, onKey: boolean): boolean {
  const last = path.at(-1);
  const found = onKey
    ? last
    : path.reduce((inner, step) => (isObject(inner) || Array.isArray(inner) ? (inner as JsonObject)[step] : undefined), value);
  return typeof found === 'string' && placeholderIn(found) !== undefined;
}
