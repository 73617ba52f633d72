/**
 * Texts in which something is filled in later: `${VAR}`, as Flux does, or `{{ … }}`, as Helm does.
 *
 * What they will be is not guessed. Nothing is said of the values in which they stand, and all else is checked.
 */
import type { Path } from '../model/path';

const PLACEHOLDER = /\$\{[^}\n]*\}|\{\{[^\n]*?\}\}|\{%[^\n]*?%\}/;

/** What is to be filled in, or nothing. */
export function placeholderIn(text: string): string | undefined {
  return PLACEHOLDER.exec(text)?.[0];
}

/** The placeholders of a value and of its keys, each once; few texts have any, so this looks only where one can be. */
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

/** Whether what stands at a path, or a key on the way there, is to be filled in. */
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
