/** One YAML document as a tree with places, read as the Kubernetes tools read it. */
import { Builder, Mendable, Mistake } from './builder';
import { Mended } from './mended';
import type { Node } from './node';
import { Problem, readEvents, readMended, Source } from './source';

/** A document: its tree if it has one, and all that is wrong with it. A duplicate key and text that is ignored leave a tree. */
export interface Parsed {
  readonly root?: Node;
  /** Whether a node of the tree may be met twice. */
  readonly hasAliases?: boolean;
  readonly problems: readonly Problem[];
}

export function parseYaml(text: string): Parsed {
  let source = readEvents(text);
  for (let mends = 0; !('is' in source); mends++) {
    const built = build(source);
    if (!(built instanceof Mended)) {
      return built;
    }
    source = mends < MOST_MENDS ? readMended(built, source.problems) : TOO_CURIOUS;
  }
  return { problems: [source] };
}

/** A text that is JSON, which may have escapes and tabs that YAML 1.1 does not; nothing if it is not. */
export function parseJson(text: string): Parsed | undefined {
  if (!/^\s*[{[]/.test(text) || !isJson(text)) {
    return undefined;
  }
  const source = readMended(Mended.of(text), []);
  return 'is' in source ? undefined : parsed(new Builder(source, true));
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Texts that have to be mended more often than this are made to be. */
const MOST_MENDS = 100;

const TOO_CURIOUS: Problem = { is: 'limit', message: 'too many tags and keys that only YAML 1.1 knows', start: 0, end: 0 };

function build(source: Source): Parsed | Mended {
  try {
    return parsed(new Builder(source, false));
  } catch (error) {
    if (error instanceof Mendable) {
      return error.mended;
    }
    throw error;
  }
}

function parsed(builder: Builder): Parsed {
  try {
    const root = builder.document();
    return { root, hasAliases: builder.hasAliases, problems: builder.problems };
  } catch (error) {
    if (error instanceof Mistake) {
      return { problems: [...builder.problems, error.problem] };
    }
    throw error;
  }
}
