/** The tree of a document, made when a place in it is asked for; few documents have findings. */
import type { Document } from '../model/origin';
import type { Node } from './yaml/node';
import { parseJson, parseYaml, Parsed } from './yaml/parse';

/** Reads the text of a document; JSON, which YAML 1.1 does not hold all of, is read as what it is. */
export function parseDocument({ source: { text = '' }, start, end }: Document): Parsed {
  const own = start === 0 && end === text.length ? text : text.slice(start, end);
  return parseJson(own) ?? parseYaml(own);
}

/** The tree of a document; nothing where it has none. */
export function treeOf(document: Document): Node | undefined {
  if (last?.document !== document) {
    last = { document, root: parseDocument(document).root };
  }
  return last.root;
}

/** Findings come document by document. */
let last: { readonly document: Document; readonly root?: Node } | undefined;
