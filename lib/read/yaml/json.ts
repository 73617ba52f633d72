import { setOwn } from '../../model/json';
import type { Entry, Node, ScalarNode } from './node';

/** The document uses its anchors so often that the Kubernetes tools reject it, or that its texts have too many characters. */
export class ExcessiveAliasing extends Error {}

/** Fills in the placeholders of values and keys. */
export interface Fill {
  scalar(node: ScalarNode): unknown;
  key(name: string): string;
  /** Called for a key that stands twice after it was filled in. */
  twice(entry: Entry): void;
}

/** The maximum number of characters in the keys and scalars of a document, each counted as often as aliases repeat it. */
export const MAX_CHARACTERS = 32 * 1024 * 1024;

/**
 * Converts a document to JSON, as the Kubernetes tools do.
 *
 * A node that is visited twice is visited through an alias. The share of such visits is limited, as in those tools, because a few lines of
 * aliases can expand to gigabytes. Source: `sigs.k8s.io/yaml/goyaml.v2`, `decode.go`, allowedAliasRatio.
 */
export function toJson(root: Node, hasAliases = true, fill?: Fill): unknown {
  const met = new Set<Node>();
  let [all, aliased, insideAlias, characters] = [0, 0, 0, 0];
  return convert(root);

  function convert(node: Node): unknown {
    count();
    if (node.is === 'scalar') {
      countText(node.text);
      return fill === undefined ? node.value : fill.scalar(node);
    }
    const isAlias = met.has(node);
    insideAlias += isAlias ? 1 : 0;
    const value = node.is === 'sequence' ? node.items.map(convert) : convertEntries(node);
    insideAlias -= isAlias ? 1 : 0;
    if (hasAliases) {
      met.add(node);
    }
    return value;
  }

  function convertEntries({ entries }: Extract<Node, { is: 'mapping' }>): unknown {
    const object: Record<string, unknown> = {};
    for (const entry of entries) {
      const { name, value } = entry;
      countText(name);
      const filled = fill === undefined ? name : fill.key(name);
      if (filled !== name && Object.hasOwn(object, filled)) {
        fill?.twice(entry);
      }
      setOwn(object, filled, convert(value));
    }
    return object;
  }

  function count(): void {
    all += 1;
    aliased += insideAlias > 0 ? 1 : 0;
    if (aliased > 100 && all > 1000 && aliased / all > allowedRatio(all)) {
      throw new ExcessiveAliasing();
    }
  }

  /** A text that is repeated takes no memory, but the time of each check. */
  function countText({ length }: string): void {
    characters += length;
    if (hasAliases && characters > MAX_CHARACTERS) {
      throw new ExcessiveAliasing();
    }
  }
}

const [FEW, MANY] = [400_000, 4_000_000];

function allowedRatio(all: number): number {
  return all <= FEW ? 0.99 : all >= MANY ? 0.1 : 0.99 - (0.89 * (all - FEW)) / (MANY - FEW);
}
