/**
 * What the API server makes of an object of a custom resource: what it stores, which fields it does not know and drops, and why it refuses.
 *
 * It first fills in defaults, then drops unknown fields and every null where null is not allowed, and judges what is left.
 * Source: apiextensions-apiserver `pkg/apiserver/customresource_handler.go`, unstructuredSchemaCoercer, and `pkg/apiserver/validation`.
 */
import type { CustomResource, Schema } from '../../crd/schema';
import { isObject, Json, JsonObject, setOwn } from '../../model/json';
import { Path, PathLink, pathTo } from '../../model/path';
import { validateMetadata } from './metadata';
import { isCidr, matches } from './text';
import type { Violation } from './violation';

/** The API server's answer. */
export interface Storing {
  /** Whether the object could be decoded at all; else nothing but its metadata was looked at. */
  readonly isDecoded: boolean;
  /** The object as it is stored; of one that is refused, as it would be. */
  readonly stored: JsonObject;
  /** Fields that are dropped, in the order of the object. */
  readonly unknown: readonly Path[];
  /** Why the object is refused; none if it is taken. */
  readonly violations: readonly Violation[];
  /** Values of a wrong type that the API server takes nevertheless. */
  readonly tolerated: readonly Violation[];
}

/** Validates an object whose `apiVersion` and `kind` are those of the resource. */
export function validate(object: JsonObject, resource: CustomResource): Storing {
  const metadata = validateMetadata(object.metadata, resource.namespaced);
  if (metadata.is === 'malformed') {
    // It cannot even be decoded, so nothing else is looked at.
    return { isDecoded: false, stored: object, unknown: [], violations: metadata.violations, tolerated: [] };
  }
  const walk = new Walk(metadata.stored);
  const stored = walk.object(object, resource.schema, undefined);
  return {
    isDecoded: true,
    stored,
    unknown: [...metadata.unknown, ...walk.unknown],
    violations: [...metadata.violations, ...walk.violations],
    tolerated: walk.tolerated,
  };
}

class Walk {
  public readonly unknown: Path[] = [];
  public readonly violations: Violation[] = [];
  public readonly tolerated: Violation[] = [];

  public constructor(private readonly metadata: JsonObject) {}

  public object(object: JsonObject, schema: Schema, at: PathLink | undefined): JsonObject {
    const stored: Record<string, Json> = {};
    const { properties = {}, values } = schema;
    for (const name of Object.keys(object)) {
      const value = object[name];
      const property = Object.hasOwn(properties, name) ? properties[name] : values;
      if (at === undefined && (name === 'metadata' || name === 'status')) {
        this.special(name, value, property);
      } else if (property === undefined) {
        this.unknown.push(pathTo({ step: name, above: at }));
      } else if (value !== null && value !== undefined) {
        setOwn(stored, name, this.value(value, property, { step: name, above: at }));
      }
    }
    if (at === undefined) {
      stored.metadata = this.metadata;
    }
    for (const name of Object.keys(properties)) {
      const { default: fallback } = properties[name];
      if (fallback !== undefined && !Object.hasOwn(stored, name)) {
        stored[name] = fallback;
      }
    }
    this.judgeFields(object, stored, schema, at);
    return stored;
  }

  private judgeFields(object: JsonObject, stored: JsonObject, schema: Schema, at: PathLink | undefined): void {
    for (const field of schema.required ?? []) {
      if (!Object.hasOwn(stored, field)) {
        this.violations.push({ is: 'required', path: pathTo(at), field, isNull: object[field] === null });
      }
    }
    this.judgeAlternatives(schema.oneOf, true, object, stored, at);
    this.judgeAlternatives(schema.anyOf, false, object, stored, at);
    for (const { rule, message } of schema.rules ?? []) {
      if (!RULES[rule](stored)) {
        this.violations.push({ is: 'rule', path: pathTo(at), message });
      }
    }
  }

  private judgeAlternatives(
    fields: readonly string[] | undefined,
    isExclusive: boolean,
    object: JsonObject,
    stored: JsonObject,
    at: PathLink | undefined,
  ): void {
    if (fields === undefined) {
      return;
    }
    const found = fields.filter((field) => Object.hasOwn(stored, field));
    if (found.length === 0 || (isExclusive && found.length > 1)) {
      const nulls = fields.filter((field) => object[field] === null);
      this.violations.push({ is: 'alternatives', path: pathTo(at), fields, found, nulls, isExclusive });
    }
  }

  /** The metadata is judged for itself. The status is written by Cilium alone, so what is given is dropped, and only its unknown fields are told. */
  private special(name: string, value: Json | undefined, schema: Schema | undefined): void {
    if (name === 'status' && value !== undefined) {
      this.pruned(value, schema, { step: name, above: undefined });
    }
  }

  private value(value: Json, schema: Schema, at: PathLink): Json {
    if (!isOfType(value, schema.type)) {
      // A list passes for a text with a format. Source: kube-openapi `pkg/validation/validate/type.go`.
      const isTaken = schema.format !== undefined && Array.isArray(value);
      const violations = isTaken ? this.tolerated : this.violations;
      violations.push({ is: 'type', path: pathTo(at), expected: schema.type ?? '', found: value });
      return this.pruned(value, schema, at);
    }
    if (isObject(value)) {
      return this.object(value, schema, at);
    }
    if (Array.isArray(value)) {
      return this.list(value as readonly Json[], schema, at);
    }
    if (typeof value === 'string') {
      this.judgeText(value, schema, at);
    } else if (typeof value === 'number') {
      this.judgeNumber(value, schema, at);
    }
    return value;
  }

  /** Unknown fields are dropped also where a value has the wrong type. */
  private pruned(value: Json, schema: Schema | undefined, at: PathLink): Json {
    if (Array.isArray(value)) {
      return (value as readonly Json[]).map((item, step) => this.pruned(item, schema?.items, { step, above: at }));
    }
    if (!isObject(value)) {
      return value;
    }
    const entries = Object.entries(value).flatMap(([step, inner]): [string, Json][] => {
      const place = { step, above: at };
      const known = schema?.properties && Object.hasOwn(schema.properties, step) ? schema.properties[step] : schema?.values;
      if (known === undefined) {
        this.unknown.push(pathTo(place));
      }
      return known === undefined || inner === undefined ? [] : [[step, this.pruned(inner, known, place)]];
    });
    return Object.fromEntries(entries);
  }

  private list(list: readonly Json[], schema: Schema, at: PathLink): Json {
    const { items = {}, minItems: least = 0, maxItems: most = Infinity } = schema;
    if (list.length < least || list.length > most) {
      this.violations.push({ is: 'items', path: pathTo(at), count: list.length, least, most });
    }
    const stored = list.map((item, step) => this.value(item, items, { step, above: at }));
    if (schema.unique || schema.keys) {
      this.judgeUnique(stored, schema, at);
    }
    return stored;
  }

  private judgeUnique(list: readonly Json[], { keys }: Schema, at: PathLink): void {
    const seen = new Set<string>();
    list.forEach((item, step) => {
      const identity = JSON.stringify(keys && isObject(item) ? keys.map((key) => item[key]) : item);
      if (seen.has(identity)) {
        this.violations.push({ is: 'duplicate', path: pathTo({ step, above: at }), found: item });
      }
      seen.add(identity);
    });
  }

  private judgeText(found: string, schema: Schema, at: PathLink): void {
    const { minLength: least = 0, maxLength: most = Infinity } = schema;
    // A text has no more characters than code units.
    const length = found.length > most ? [...found].length : found.length;
    if (length < least || length > most) {
      this.violations.push({ is: 'length', path: pathTo(at), length, least, most });
    }
    if (schema.pattern !== undefined && !matches(schema.pattern, found)) {
      this.violations.push({ is: 'pattern', path: pathTo(at), found, pattern: schema.pattern });
    }
    if (schema.format === 'cidr' && !isCidr(found)) {
      this.violations.push({ is: 'format', path: pathTo(at), found, format: schema.format });
    }
    if (schema.enum !== undefined && !schema.enum.includes(found)) {
      this.violations.push({ is: 'enum', path: pathTo(at), found, allowed: schema.enum });
    }
  }

  private judgeNumber(found: number, schema: Schema, at: PathLink): void {
    const { minimum: least = -Infinity, maximum: most = Infinity } = schema;
    if (found < least || found > most) {
      this.violations.push({ is: 'range', path: pathTo(at), found, least, most });
    }
  }
}

function isOfType(value: Json, type: string | undefined): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'integer or string':
      return Number.isInteger(value) || typeof value === 'string';
    case undefined:
      return true;
    default:
      return typeof value === type;
  }
}

/** The rules in CEL that the CRDs have; a test holds that there are no others. */
export const RULES: Readonly<Record<string, (self: JsonObject) => boolean>> = {
  'has(self.spec) || has(self.specs)': (self) => Object.hasOwn(self, 'spec') || Object.hasOwn(self, 'specs'),
};
