import type { Node } from './node';

/** The document as JSON, which is what the Kubernetes tools make of it; nothing where a number is none in JSON. */
export function toJson(node: Node): unknown {
  switch (node.is) {
    case 'scalar':
      return node.value;
    case 'sequence':
      return node.items.map(toJson);
    case 'mapping':
      return Object.fromEntries(node.entries.map(({ name, value }) => [name, toJson(value)]));
  }
}
