/** Finds policies inside other objects: what Kyverno generates, what a ConfigMap holds as a text, what the values of a Helm release render. */
import { asText, isObject } from '../model/json';
import type { Path } from '../model/path';
import { isMeant, JUDGED } from './kinds';

/** The most that are named of one object. */
const MOST_FOUND = 100;

/** The paths of what names the kind and version of a policy in an object, itself aside: mappings, and texts with such lines. */
export function embeddedIn(value: unknown): readonly Path[] {
  const found: Path[] = [];
  search(value, []);
  return found;

  function search(inner: unknown, path: Path): void {
    if (found.length >= MOST_FOUND) {
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

/** A line with the kind of a policy, in YAML or in JSON. */
const WRITTEN = new RegExp(`^[ \\t{]*"?kind"?:[ \\t]*["']?(?:${[...JUDGED.keys()].join('|')})\\b`, 'm');
