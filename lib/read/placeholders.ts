/**
 * Finds placeholders, which another tool replaces later: `${VAR}` as in Flux, or `{{ … }}` as in Helm.
 *
 * Their values are unknown, so a value with a placeholder is not checked. Everything else is.
 */
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

/** Whether the value at a path, or a key on the way to it, has a placeholder. */
export function isPlaceholderAt(value: unknown, path: Path): boolean {
  let inner = value;
  for (const step of path) {
    if (typeof step === 'string' && placeholderIn(step) !== undefined) {
      return true;
    }
    inner = typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[step] : undefined;
  }
  return typeof inner === 'string' && placeholderIn(inner) !== undefined;
}
