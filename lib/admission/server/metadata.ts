/**
 * Validates `metadata` as the API server does: CRDs have no schema for it.
 *
 * Source: apiextensions-apiserver `pkg/apiserver/schema/objectmeta`, apimachinery `pkg/api/validation/objectmeta.go`.
 */
import { asList, asText, isObject, Json, JsonObject } from '../../model/json';
import type { Path } from '../../model/path';
import { parseKubernetesKey, parseLabelValue, parseNamespaceName, parseObjectName } from '../../net/label';
import type { Parsed } from '../../net/parsed';
import { byteLength } from '../../net/utf8';
import type { Violation } from './violation';

export type ValidatedMetadata =
  /** A field has the wrong type, so the object is not decoded. */
  | { readonly is: 'malformed'; readonly violations: readonly Violation[] }
  | { readonly is: 'read'; readonly stored: JsonObject; readonly unknown: readonly Path[]; readonly violations: readonly Violation[] };

type FieldType = 'text' | 'texts' | 'map' | 'integer' | 'list' | 'time';

const FIELDS: Readonly<Record<string, FieldType>> = {
  name: 'text',
  generateName: 'text',
  namespace: 'text',
  selfLink: 'text',
  uid: 'text',
  resourceVersion: 'text',
  generation: 'integer',
  creationTimestamp: 'time',
  deletionTimestamp: 'time',
  deletionGracePeriodSeconds: 'integer',
  labels: 'map',
  annotations: 'map',
  ownerReferences: 'list',
  finalizers: 'texts',
  managedFields: 'list',
};

export function validateMetadata(metadata: Json | undefined, isNamespaced: boolean): ValidatedMetadata {
  const given = metadata ?? {};
  if (!isObject(given)) {
    return { is: 'malformed', violations: [{ is: 'type', path: ['metadata'], expected: 'object', found: metadata }] };
  }
  const names = Object.keys(given);
  const malformed = names.flatMap((name) =>
    Object.hasOwn(FIELDS, name) ? typeViolations(given[name]!, FIELDS[name], ['metadata', name]) : [],
  );
  if (malformed.length > 0) {
    return { is: 'malformed', violations: malformed };
  }
  const stored = Object.fromEntries(
    names.filter((name) => Object.hasOwn(FIELDS, name) && given[name] !== null).map((name) => [name, withoutNulls(given[name]!)]),
  );
  return {
    is: 'read',
    stored,
    unknown: names.filter((name) => !Object.hasOwn(FIELDS, name)).map((name) => ['metadata', name]),
    violations: valueViolations(stored, isNamespaced),
  };
}

function typeViolations(value: Json, type: FieldType, path: Path): Violation[] {
  const wrong = (expected: string): Violation[] => [{ is: 'type', path, expected, found: value }];
  if (value === null) {
    return [];
  }
  switch (type) {
    case 'text':
      return typeof value === 'string' ? [] : wrong('string');
    case 'time':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d/.test(value) ? [] : wrong('date-time');
    case 'integer':
      return Number.isInteger(value) ? [] : wrong('integer');
    case 'list':
      return Array.isArray(value) ? [] : wrong('array');
    case 'texts':
      return Array.isArray(value) ? itemViolations(Object.entries(value), path, true) : wrong('array');
    case 'map':
      return isObject(value) ? itemViolations(Object.entries(value), path, false) : wrong('object');
  }
}

function itemViolations(entries: readonly (readonly [string, unknown])[], path: Path, isList: boolean): Violation[] {
  return entries
    .filter(([, value]) => typeof value !== 'string' && value !== null)
    .map(([key, found]) => ({ is: 'type', path: [...path, isList ? Number(key) : key], expected: 'string', found }));
}

/** Go reads a null as an empty string. */
function withoutNulls(value: Json): Json {
  if (!isObject(value)) {
    return value;
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inner ?? '']));
}

/** The maximum total size of the keys and values of all annotations, in bytes. */
const MAX_ANNOTATIONS = 256 * 1024;

function valueViolations(metadata: JsonObject, isNamespaced: boolean): Violation[] {
  const found: Violation[] = [];
  const [name, generateName, namespace] = [metadata.name, metadata.generateName, metadata.namespace].map(asText);
  if (name === '') {
    const help =
      generateName === '' ? 'write `metadata.name`' : 'write `metadata.name`: only `kubectl create` generates a name from `generateName`';
    found.push({ is: 'metadata', path: ['metadata', 'name'], problem: 'the object has no name', help });
  } else {
    report(parseObjectName(name), 'name');
  }
  if (generateName !== '') {
    // The API server appends a suffix, so a hyphen at the end is valid.
    report(parseObjectName(generateName.replace(/.-$/, 'a')), 'generateName');
  }
  if (isNamespaced && namespace === '') {
    found.push({
      is: 'metadata',
      path: ['metadata', 'namespace'],
      problem: 'the object has no namespace',
      help: 'write `metadata.namespace`',
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
  asList(metadata.finalizers).forEach((key, i) => report(parseKubernetesKey(asText(key)), 'finalizers', i));
  judgeAnnotations(Object.entries(metadata.annotations ?? {}));
  return found;

  function report(parsed: Parsed<unknown>, ...path: Path): void {
    if (!parsed.ok) {
      found.push({ is: 'metadata', path: ['metadata', ...path], problem: parsed.problem, help: parsed.help });
    }
  }

  function judgeAnnotations(annotations: readonly [string, unknown][]): void {
    annotations.forEach(([key]) => report(parseKubernetesKey(key.toLowerCase()), 'annotations', key));
    const size = annotations.length === 0 ? 0 : byteLength(annotations.flat().join(''));
    if (size > MAX_ANNOTATIONS) {
      const problem = `the annotations have ${size} bytes, the most is ${MAX_ANNOTATIONS}`;
      found.push({ is: 'metadata', path: ['metadata', 'annotations'], problem });
    }
  }
}
