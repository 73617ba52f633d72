/** Finds policies inside other objects: what Kyverno generates, what a ConfigMap holds as a text, what the values of a Helm release render. */
import { asText, isObject } from '../model/json';
import type { Document } from '../model/origin';
import type { Path } from '../model/path';
import { isEmpty } from './documents';
import { isMeant, JUDGED } from './kinds';
import type { Node } from './yaml/node';

/** The most that are found in one object. */
const MOST_FOUND = 10_000;

export interface Embedded {
  readonly paths: readonly Path[];
  /** Whether there are more. */
  readonly isCut: boolean;
}

/** The paths of what names the kind and version of a policy in an object, itself aside: mappings, and texts with such lines. */
export function embeddedIn(value: unknown): Embedded {
  const found: Path[] = [];
  search(value, []);
  return { paths: found.slice(0, MOST_FOUND), isCut: found.length > MOST_FOUND };

  function search(inner: unknown, path: Path): void {
    if (found.length > MOST_FOUND) {
      return;
    }
    if (path.length > 0 && (isPolicy(inner) || (typeof inner === 'string' && WRITTEN.test(inner)))) {
      found.push(path);
    } else if (Array.isArray(inner)) {
      inner.forEach((item, i) => search(item, [...path, i]));
    } else if (isObject(inner)) {
      Object.entries(inner).forEach(([key, item]) => search(item, [...path, key]));
    }
  }
}

function isPolicy(value: unknown): boolean {
  return isObject(value) && isMeant({ kind: asText(value.kind), apiVersion: asText(value.apiVersion) }) && asText(value.apiVersion) !== '';
}

/** The kind of a policy, in YAML or in JSON, also on one line. */
const WRITTEN = new RegExp(`(?:^|[\\s{,"'-])kind["']?:[ \\t]*["']?(?:${[...JUDGED.keys()].join('|')})\\b`);

/** The documents in a block of text. They are ranges of the outer text, so that their places are places of the file. */
export function documentsInBlock(outer: Document, { start, end }: Pick<Node, 'start' | 'end'>): readonly Document[] {
  const { text = '' } = outer.source;
  const from = text.lastIndexOf('\n', outer.start + start - 1) + 1;
  const block = text.slice(from, outer.start + end);
  const lines = block.split('\n').filter((line) => line.trim() !== '');
  const indent = lines.reduce((least, line) => Math.min(least, line.search(/[^ ]/)), Infinity);
  // Deeper in, it is a text.
  const separator = new RegExp(`^ {${lines.length === 0 ? 0 : indent}}---[ \\t]*(?:#.*)?(?:\n|$)`, 'gm');
  const ends = [...block.matchAll(separator)].map(({ 0: line, index }) => [index, index + line.length] as const);
  const starts = [0, ...ends.map(([, after]) => after)];
  return starts
    .map((at, i) => ({ ...outer, start: from + at, end: from + (ends.at(i)?.[0] ?? block.length) }))
    .filter((part) => !isEmpty(text, part.start, part.end));
}
