/** Where the requirements of a selector are written. */
import { asList, asObject, isObject, JsonObject, valueAt } from '../../model/json';
import type { Resource } from '../../model/origin';
import { Path, PathLink, pathTo } from '../../model/path';
import type { Requirement } from '../../model/policy';
import { NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { placeholdersIn } from '../../read/placeholders';

/** The path of the label in a resource; that of its selector if it is written otherwise. */
export function labelPath({ value }: Resource, at: PathLink, requirement: Requirement): Path {
  const path = pathTo(at);
  const found = PLACES.map(([steps, prefix]) =>
    labelIn(asObject(valueAt(value, [...path, ...steps])), [...path, ...steps], prefix, requirement),
  );
  return found.find((one) => one !== undefined) ?? path;
}

/** Below a subject or a peer, where its selectors are, and what they put before a key. */
const PLACES: readonly (readonly [Path, string])[] = [
  [[], ''],
  [['podSelector'], ''],
  [['namespaceSelector'], NAMESPACE_LABELS_PREFIX],
  [['pods', 'podSelector'], ''],
  [['pods', 'namespaceSelector'], NAMESPACE_LABELS_PREFIX],
  [['namespaces'], NAMESPACE_LABELS_PREFIX],
  [['nodes'], ''],
];

function labelIn(selector: JsonObject, path: Path, prefix: string, { key, operator, values }: Requirement): Path | undefined {
  const { matchLabels, matchExpressions } = selector;
  const isKey = (written: string) => `${prefix}${plain(written)}` === key;
  const label = Object.keys(isObject(matchLabels) ? matchLabels : {}).find(isKey);
  if (label !== undefined && operator === 'In' && values.length === 1) {
    return [...path, 'matchLabels', label];
  }
  const index = asList(matchExpressions)
    .map(asObject)
    .findIndex((one) => typeof one.key === 'string' && isKey(one.key) && one.operator === operator);
  return index < 0 ? undefined : [...path, 'matchExpressions', index];
}

/** A key without its source. */
function plain(key: string): string {
  return /^(?:k8s|any):/.test(key) ? key.slice(key.indexOf(':') + 1) : key;
}

/** Whether a part of a policy has a value that is filled in later, of which nothing can be said. */
export function isVagueAt({ value }: Resource, ...path: Path): boolean {
  return placeholdersIn(valueAt(value, path)).length > 0;
}
