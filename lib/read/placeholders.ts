/**
 * Finds placeholders, which another tool replaces later: `${VAR}` as in Flux, `{{ … }}` as in Helm, `ENC[…]` of SOPS, or
 * `<path:…>` of the Vault plugin of Argo CD.
 *
 * Their values are unknown, so a value with a placeholder is not checked. Everything else is.
 */
import { valueAt } from '../model/json';
import type { Document, Resource } from '../model/origin';
import type { Path } from '../model/path';

/** What ends a placeholder, by what begins it. */
const ENDS: Readonly<Record<string, string>> = { '${': '}', '{{': '}}', '{%': '%}', 'ENC[': ']', '<path:': '>' };

/** Every place where a placeholder may begin. In `{{%`, there are two. */
const BEGINNINGS = /(?=(\$\{|\{\{|\{%|ENC\[|<path:))/g;

/** Whether the text of a document has a beginning of a placeholder. Most have none, so their values need not be searched. */
export function mayHavePlaceholders(document: Document): boolean {
  const {
    source: { text = '' },
    start,
    end,
  } = document;
  const known = HAVE_BEGINNINGS.get(document) ?? BEGINNING.test(text.slice(start, end));
  HAVE_BEGINNINGS.set(document, known);
  return known;
}

const BEGINNING = /\$\{|\{\{|\{%|ENC\[|<path:/;

/** A list asks for each of its policies. */
const HAVE_BEGINNINGS = new WeakMap<Document, boolean>();

/** The first placeholder in a string; `undefined` if it has none. It begins and ends on one line. */
export function placeholderIn(text: string): string | undefined {
  if (!BEGINNING.test(text)) {
    return undefined;
  }
  for (const line of text.split('\n')) {
    const found = inLine(line);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function inLine(line: string): string | undefined {
  // A line may have a million beginnings and no end, so an end is searched for only if there is one.
  const lastEnds = new Map(Object.entries(ENDS).map(([begin, end]) => [begin, line.lastIndexOf(end)]));
  for (const { 1: begin, index } of line.matchAll(BEGINNINGS)) {
    const inner = index + begin.length;
    if (lastEnds.get(begin)! >= inner) {
      return line.slice(index, line.indexOf(ENDS[begin], inner) + ENDS[begin].length);
    }
  }
  return undefined;
}

/** Whether it is known in which namespace an object is; one that is clusterwide is in none. */
export function isPlaced({ namespace = '', hasAssumedNamespace }: Resource): boolean {
  return hasAssumedNamespace !== true && placeholderIn(namespace) === undefined;
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

/**
 * Whether the value at a path has a placeholder; with `onKey`, whether the key has one. What is above or below it is known. The field that SOPS adds to
 * what it encrypts is gone when that is decrypted.
 */
export function isPlaceholderAt(value: unknown, path: Path, onKey: boolean): boolean {
  if (path.length === 1 && path[0] === 'sops' && placeholdersIn(valueAt(value, path)).length > 0) {
    return true;
  }
  const found = onKey ? path.at(-1) : valueAt(value, path);
  return typeof found === 'string' && placeholderIn(found) !== undefined;
}
