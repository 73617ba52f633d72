/** Parses one YAML document into a tree with places, as the Kubernetes tools parse it. */
import { isDeeper, isJson } from '../json';
import { Builder, NeedsPatch, ParseError } from './builder';
import type { Node } from './node';
import { Patched } from './patched';
import { MAX_DEPTH, Problem, readEvents, readPatched, Source } from './source';

/** The tree of a document, and its problems. After a duplicate key or ignored text there still is a tree. */
export interface Parsed {
  readonly root?: Node;
  /** Whether the tree may contain a node twice. */
  readonly hasAliases?: boolean;
  readonly problems: readonly Problem[];
}

export function parseYaml(text: string): Parsed {
  let source = readEvents(text);
  for (let patches = 0; !('is' in source); patches++) {
    const built = build(source);
    if (!(built instanceof Patched)) {
      return built;
    }
    source = patches < MAX_PATCHES ? readPatched(built, source.problems) : TOO_MANY_PATCHES;
  }
  return { problems: [source] };
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
  return 'is' in source ? { problems: [source] } : parsed(new Builder(source, true));
}

/** Only a hostile text needs more patches. */
const MAX_PATCHES = 100;

const TOO_MANY_PATCHES: Problem = { is: 'limit', message: 'too many tags and keys that are valid only in YAML 1.1', start: 0, end: 0 };

function build(source: Source): Parsed | Patched {
  try {
    return parsed(new Builder(source, false));
  } catch (error) {
    if (error instanceof NeedsPatch) {
      return error.patched;
    }
    throw error;
  }
}

function parsed(builder: Builder): Parsed {
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
