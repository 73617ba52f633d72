/**
 * Lists, as kubectl reads them.
 *
 * Source: apimachinery `pkg/apis/meta/v1/unstructured/helpers.go`, decode and decodeToList; cli-runtime `pkg/resource/visitor.go`, FlattenListVisitor.
 */
import { asText, isObject, Json, JsonObject } from '../model/json';
import type { Resource } from '../model/origin';
import { isMeant } from './kinds';

/** Whether kubectl takes an object for a list: a document with the field `items`, whatever it has, or an item with a list of items. */
export function isList({ items }: JsonObject, isItem: boolean): boolean {
  return isItem ? Array.isArray(items) : items !== undefined;
}

/** Whether a list, which is no object of kubectl's, has only manifests: KCL and Pkl write such, and `kubectl` with a template. */
export function areManifests(items: readonly Json[]): items is readonly JsonObject[] {
  return items.length > 0 && items.every((item) => isObject(item) && asText(item.kind) !== '' && asText(item.apiVersion) !== '');
}

/** An item with the kind and version of its list, if it has neither: an item of a `PodList` is a Pod. */
export function ofList(item: JsonObject, list: JsonObject): JsonObject {
  const isTyped = asText(item.kind) !== '' || asText(item.apiVersion) !== '';
  return isTyped ? item : { ...item, kind: asText(list.kind).replace(/List$/, ''), apiVersion: asText(list.apiVersion) };
}

/** What is wrong with an object that has `items`; `undefined` if it is the list that it seems to be, or has nothing to do with policies. */
export function listProblem(resource: Resource, hasPolicies: boolean): string | undefined {
  const {
    kind,
    value: { items },
  } = resource;
  if (isMeant(resource)) {
    return `the ${kind} has \`items\`, so kubectl takes it for a list: it applies the items, and not the policy itself`;
  }
  if (!hasPolicies) {
    return undefined;
  }
  const all = Array.isArray(items) ? (items as readonly unknown[]) : [];
  if (!all.every((item) => isObject(item) || item === null)) {
    return 'an item of the list is not an object, so kubectl rejects the whole list';
  }
  if (all.some((item) => isObject(item) && Array.isArray(item.items))) {
    return 'an item of the list is a list too, so kubectl rejects the whole list';
  }
  return kind.endsWith('List')
    ? undefined
    : `the ${kind === '' ? 'object' : kind} has \`items\`, so kubectl takes it for a list, and applies the items`;
}
