/**
 * Validates `metadata` as the API server does: CRDs have no schema for it.
 *
 * The API server sets `uid`, `generation` and the times of an object that is created, and writes `managedFields` anew. Only their types matter.
 * Source: apiextensions-apiserver `pkg/apiserver/schema/objectmeta`, apimachinery `pkg/api/validation/objectmeta.go`, apiserver
 * `pkg/endpoints/handlers/create.go`.
 */
import type { Schema } from '../../crd/schema';
import { asList, asObject, asText, isObject, Json, JsonObject } from '../../model/json';
import { below, Path } from '../../model/path';
import { parseKubernetesKey, parseLabelValue, parseNamespaceName, parseObjectName } from '../../net/label';
import type { Parsed } from '../../net/parsed';
import { byteLength } from '../../net/utf8';
import { decode } from './decode';
import type { Violation } from './violation';

export type ValidatedMetadata =
  /** A field has the wrong type, so the object is not decoded. */
  | { readonly is: 'malformed'; readonly violations: readonly Violation[] }
  | { readonly is: 'read'; readonly stored: JsonObject; readonly unknown: readonly Path[]; readonly violations: readonly Violation[] };

const TEXT: Schema = { type: 'string' };
const TEXTS: Schema = { type: 'object', values: TEXT };
const INTEGER: Schema = { type: 'integer' };
const BOOLEAN: Schema = { type: 'boolean' };
const TIME: Schema = { type: 'date-time' };

const OWNER: Schema = {
  type: 'object',
  properties: { apiVersion: TEXT, kind: TEXT, name: TEXT, uid: TEXT, controller: BOOLEAN, blockOwnerDeletion: BOOLEAN },
};

const MANAGED_FIELDS: Schema = {
  type: 'object',
  properties: { manager: TEXT, operation: TEXT, apiVersion: TEXT, time: TIME, fieldsType: TEXT, fieldsV1: {}, subresource: TEXT },
};

/** Source: apimachinery `pkg/apis/meta/v1/types.go`, ObjectMeta. */
export const METADATA: Schema = {
  type: 'object',
  properties: {
    name: TEXT,
    generateName: TEXT,
    namespace: TEXT,
    selfLink: TEXT,
    uid: TEXT,
    resourceVersion: TEXT,
    generation: INTEGER,
    creationTimestamp: TIME,
    deletionTimestamp: TIME,
    deletionGracePeriodSeconds: INTEGER,
    labels: TEXTS,
    annotations: TEXTS,
    ownerReferences: { type: 'array', items: OWNER },
    finalizers: { type: 'array', items: TEXT },
    managedFields: { type: 'array', items: MANAGED_FIELDS },
  },
};

export function validateMetadata(metadata: Json | undefined, isNamespaced: boolean): ValidatedMetadata {
  const given = metadata ?? {};
  if (!isObject(given)) {
    return { is: 'malformed', violations: [{ is: 'type', path: ['metadata'], expected: 'object', found: metadata }] };
  }
  const { value: stored, unknown, violations } = decode(given, METADATA, below(undefined, 'metadata'));
  return violations.length > 0
    ? { is: 'malformed', violations }
    : { is: 'read', stored, unknown, violations: valueViolations(stored, isNamespaced) };
}

/** The maximum total size of the keys and values of all annotations, in bytes. */
const MAX_ANNOTATIONS = 256 * 1024;

function valueViolations(metadata: JsonObject, isNamespaced: boolean): Violation[] {
  const found: Violation[] = [];
  const [name, generateName, namespace] = [metadata.name, metadata.generateName, metadata.namespace].map(asText);
  if (name === '') {
    const help =
      generateName === '' ? 'write `metadata.name`' : 'write `metadata.name`: only `kubectl create` generates a name from `generateName`';
    found.push({ is: 'metadata', path: ['metadata', 'name'], problem: 'the object has no name', help, blocksRules: true });
  } else {
    report(parseObjectName(name), 'name');
  }
  if (generateName !== '') {
    // The API server appends a suffix, so a hyphen at the end is valid. It replaces the hyphen and the byte before it, whatever that is.
    report(parseObjectName(generateName.replace(/[^/%\P{ASCII}]-$/u, 'a')), 'generateName');
  }
  if (isNamespaced && namespace === '') {
    found.push({
      is: 'metadata',
      path: ['metadata', 'namespace'],
      problem: 'the object has no namespace',
      help: 'write `metadata.namespace`',
      blocksRules: true,
    });
  } else if (!isNamespaced && namespace !== '') {
    const problem = `a clusterwide object has no namespace, but this one has \`${namespace}\``;
    found.push({ is: 'metadata', path: ['metadata', 'namespace'], problem, help: 'remove the namespace' });
  } else if (isNamespaced) {
    report(parseNamespaceName(namespace), 'namespace');
  }
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    report(parseKubernetesKey(key), 'labels', key);
    report(parseLabelValue(asText(value)), 'labels', key);
  }
  judgeAnnotations(Object.entries(metadata.annotations ?? {}));
  judgeOwners(asList(metadata.ownerReferences).map(asObject));
  judgeFinalizers(asList(metadata.finalizers).map(asText));
  return found;

  function report(parsed: Parsed<unknown>, ...path: Path): void {
    if (!parsed.ok) {
      found.push({ is: 'metadata', path: ['metadata', ...path], problem: parsed.problem, help: parsed.help });
    }
  }

  function judgeAnnotations(annotations: readonly [string, unknown][]): void {
    annotations.forEach(([key]) => report(parseKubernetesKey(lowerCase(key)), 'annotations', key));
    const size = annotations.length === 0 ? 0 : byteLength(annotations.flat().join(''));
    if (size > MAX_ANNOTATIONS) {
      const problem = `the annotations have ${size} bytes, the most is ${MAX_ANNOTATIONS}`;
      found.push({ is: 'metadata', path: ['metadata', 'annotations'], problem, blocksRules: true });
    }
  }

  function judgeOwners(owners: readonly JsonObject[]): void {
    owners.forEach((owner, i) => {
      const path = ['metadata', 'ownerReferences', i];
      for (const field of ['apiVersion', 'kind', 'name', 'uid']) {
        if (isMissing(owner, field)) {
          const problem = field === 'apiVersion' ? 'the owner has no version in `apiVersion`' : `the owner has no \`${field}\``;
          const at = owner[field] === undefined ? path : [...path, field];
          found.push({ is: 'metadata', path: at, problem, help: field === 'uid' ? UID_HELP : undefined });
        }
      }
      if (owner.kind === 'Event' && /^\/?v1$/.test(asText(owner.apiVersion))) {
        found.push({ is: 'metadata', path: [...path, 'kind'], problem: 'an Event cannot be an owner' });
      }
    });
    controllersOf(owners)
      .slice(1)
      .forEach((i) => {
        const path = ['metadata', 'ownerReferences', i, 'controller'];
        found.push({
          is: 'metadata',
          path,
          problem: 'a second owner is the controller',
          help: 'write `controller: true` for one owner only',
        });
      });
  }

  function judgeFinalizers(finalizers: readonly string[]): void {
    finalizers.forEach((finalizer, i) => report(parseKubernetesKey(finalizer), 'finalizers', i));
    if (EXCLUSIVE_FINALIZERS.every((one) => finalizers.includes(one))) {
      const problem = `finalizers ${EXCLUSIVE_FINALIZERS.map((one) => `\`${one}\``).join(' and ')} are mutually exclusive`;
      found.push({ is: 'metadata', path: ['metadata', 'finalizers'], problem });
    }
  }
}

/** Go lowers `İ` to one letter, and JavaScript to a letter with a dot above. */
function lowerCase(key: string): string {
  return key.replaceAll('İ', 'i').toLowerCase();
}

const UID_HELP = 'a manifest cannot know the `uid` of an object that is created later; remove the reference';

/** Whether a reference lacks a field. A version is what follows the only slash of `apiVersion`, or the whole of it. */
function isMissing(owner: JsonObject, field: string): boolean {
  const text = asText(owner[field]);
  return field === 'apiVersion' ? !/^[^/]+$|^[^/]*\/[^/]+$/.test(text) : text === '';
}

/** The indexes of the owners that are the controller, without those that the API server drops as duplicates. */
function controllersOf(owners: readonly JsonObject[]): readonly number[] {
  const seen = new Set<string>();
  return owners.flatMap((owner, i) => {
    const identity = JSON.stringify([
      ...['apiVersion', 'kind', 'name', 'uid'].map((field) => asText(owner[field])),
      ...['controller', 'blockOwnerDeletion'].map((field) => owner[field] ?? null),
    ]);
    const isNew = !seen.has(identity);
    seen.add(identity);
    return isNew && owner.controller === true ? [i] : [];
  });
}

const EXCLUSIVE_FINALIZERS = ['orphan', 'foregroundDeletion'];
