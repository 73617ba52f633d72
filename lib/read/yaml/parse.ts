/** Parses one YAML document into a tree with places, as the Kubernetes tools parse it. */
import { isDeeper, isJson } from '../json';
import { Builder, ParseError } from './builder';
import type { Node } from './node';
import { Edit, Patched } from './patched';
import { MAX_DEPTH, Problem, readEvents, readPatched, Source } from './source';

/** The tree of a document, and its problems. After a duplicate key or ignored text there still is a tree. */
export interface Parsed {
  readonly root?: Node;
  /** Whether the tree may contain a node twice. */
  readonly hasAliases?: boolean;
  readonly problems: readonly Problem[];
}

export function parseYaml(text: string): Parsed {
  const source = readEvents(text);
  if ('is' in source) {
    return { problems: [source] };
  }
  const { parsed, isEdited } = parsePatched(source, (edits) => edits);
  // If the edits lead to an error, the first one that does decides which error it is.
  return parsed.root === undefined && isEdited ? parsePatched(source, (edits) => edits.slice(0, 1)).parsed : parsed;
}

/** The tree of a text, after as many rounds of edits as it needs. */
function parsePatched(
  first: Source,
  choose: (edits: readonly Edit[]) => readonly Edit[],
): { readonly parsed: Parsed; readonly isEdited: boolean } {
  let source: Source | Problem = first;
  while (!('is' in source)) {
    const builder = new Builder(source, false);
    const parsed = parsedBy(builder);
    if (builder.edits.length === 0) {
      return { parsed, isEdited: source !== first };
    }
    source = readPatched(source.patched.edited(choose(builder.edits)), source.problems, source.read);
  }
  return { parsed: { problems: [source] }, isEdited: true };
}

/** Parses JSON, which allows escapes and tabs that YAML 1.1 does not. */
export function parseJson(text: string): Parsed {
  if (isDeeper(text, MAX_DEPTH)) {
    return { problems: [{ is: 'limit', message: `nesting exceeded maxDepth (${MAX_DEPTH})`, start: 0, end: 0 }] };
  }
  if (!isJson(text)) {
    return { problems: [{ is: 'syntax', message: 'this text after JSON objects is not JSON', start: 0, end: text.length }] };
  }
  const source = readPatched(Patched.of(text), []);
  return 'is' in source ? { problems: [source] } : parsedBy(new Builder(source, true));
}

function parsedBy(builder: Builder): Parsed {
  try {
    const root = builder.document();
    return { root, hasAliases: builder.hasAliases, problems: builder.problems };
  } catch (error) {
    if (error instanceof ParseError) {
      return { problems: [...builder.problems, error.problem] };
    }
    throw error;
  }
}
