/**
 * Validates an object as the API server does: what it stores, which unknown fields it drops, and why it rejects the object.
 *
 * Of a custom resource, the API server first fills in defaults, then drops unknown fields and every null that is not allowed, and validates the rest.
 * Source: apiextensions-apiserver `pkg/apiserver/customresource_handler.go`, unstructuredSchemaCoercer, and `pkg/apiserver/validation`.
 */
import type { CustomResource, Schema } from '../../crd/schema';
import { isObject, Json, JsonObject, setOwn } from '../../model/json';
import { Path, PathLink, pathTo } from '../../model/path';
import { decode } from './decode';
import { ValidatedMetadata, validateMetadata } from './metadata';
import { judgeNetworkPolicy, NETWORK_POLICY } from './network-policy';
import { isOfType } from './of-type';
import { isBroken } from './rules';
import { sizeViolations } from './size';
import { isCidr, matches } from './text';
import type { Doubt, Experimental, Violation } from './violation';

/** The API server's answer. */
export interface Storing {
  /** Whether the object can be decoded. If not, only its metadata was validated. */
  readonly isDecoded: boolean;
  /** The object as it is stored, or would be stored if it were not rejected. */
  readonly stored: JsonObject;
  /** Fields that are dropped, in the order of the object. */
  readonly unknown: readonly Path[];
  /** Why the object is rejected; empty if it is accepted. */
  readonly violations: readonly Violation[];
  /** Values of the wrong type that the API server accepts nevertheless. */
  readonly tolerated: readonly Violation[];
  /** Values that only some versions of Kubernetes accept, and fields that only one of two CRDs has. */
  readonly doubts: readonly (Doubt | Experimental)[];
}

/** Validates an object whose `apiVersion` and `kind` are those of the resource. */
export function validate(object: JsonObject, resource: CustomResource): Storing {
  const storing = validateFields(object, resource);
  const size = storing.isDecoded ? sizeViolations(object, storing.stored, resource !== NETWORK_POLICY) : [];
  return size.length === 0 ? storing : { ...storing, violations: [...storing.violations, ...size] };
}

function validateFields(object: JsonObject, resource: CustomResource): Storing {
  const metadata = validateMetadata(object.metadata, resource.namespaced);
  if (metadata.is === 'malformed') {
    // The object cannot be decoded, so the API server validates nothing else.
    return { isDecoded: false, stored: object, unknown: [], violations: metadata.violations, tolerated: [], doubts: [] };
  }
  if (resource === NETWORK_POLICY) {
    return validateNetworkPolicy(object, metadata);
  }
  const walk = new Walk(metadata.stored);
  const stored = walk.object(object, resource.schema, undefined);
  const violations = [...metadata.violations, ...walk.violations];
  return {
    isDecoded: true,
    stored,
    unknown: [...metadata.unknown, ...walk.unknown],
    violations: violations.some(blocksRules) ? violations : [...violations, ...walk.broken],
    tolerated: walk.tolerated,
    doubts: walk.experimental,
  };
}

/**
 * Whether the API server evaluates no CEL rules because of a violation.
 *
 * Source: apiextensions-apiserver `pkg/registry/customresource/strategy.go`, hasBlockingErr.
 */
function blocksRules(violation: Violation): boolean {
  return (
    ['type', 'required', 'enum'].includes(violation.is) ||
    (violation.is === 'length' && violation.length > violation.most) ||
    (violation.is === 'items' && violation.count > violation.most) ||
    (violation.is === 'alternatives' && violation.isOfCount === true && violation.found.length > 0) ||
    (violation.is === 'metadata' && violation.blocksRules === true)
  );
}

/** An object with a value of the wrong type is not decoded, so its values are not validated. The defaults are left to the readers of the object. */
function validateNetworkPolicy(object: JsonObject, metadata: Extract<ValidatedMetadata, { is: 'read' }>): Storing {
  const { value, unknown, violations } = decode(object, NETWORK_POLICY.schema, undefined);
  const stored = { ...value, metadata: metadata.stored };
  const judged = violations.length > 0 ? { violations, doubts: [] } : judgeNetworkPolicy(stored);
  return {
    isDecoded: true,
    stored,
    unknown: [...metadata.unknown, ...unknown],
    violations: [...metadata.violations, ...judged.violations],
    tolerated: [],
    doubts: judged.doubts,
  };
}

class Walk {
  public readonly unknown: Path[] = [];
  public readonly violations: Violation[] = [];
  public readonly tolerated: Violation[] = [];
  public readonly experimental: Experimental[] = [];
  /** The CEL rules that values break. */
  public readonly broken: Violation[] = [];

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
        setOwn(stored, name, this.field(value, property, { step: name, above: at }));
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

  private field(value: Json, schema: Schema, at: PathLink): Json {
    if (schema.isExperimental === true) {
      this.experimental.push({ is: 'experimental', path: pathTo(at) });
    }
    return this.value(value, schema, at);
  }

  private judgeFields(object: JsonObject, stored: JsonObject, schema: Schema, at: PathLink | undefined): void {
    for (const field of schema.required ?? []) {
      if (!Object.hasOwn(stored, field)) {
        this.violations.push({ is: 'required', path: pathTo(at), field, isNull: object[field] === null });
      }
    }
    this.judgeAlternatives(schema.oneOf, true, object, stored, at);
    this.judgeAlternatives(schema.anyOf, false, object, stored, at);
    this.judgeCount(object, stored, schema, at);
    this.judgeRules(stored, schema, at);
  }

  /** The CRDs limit the number of fields only to 1, where exactly one or at least one is required. A test ensures this. */
  private judgeCount(object: JsonObject, stored: JsonObject, schema: Schema, at: PathLink | undefined): void {
    const { minProperties: least, maxProperties: most = Infinity, properties = {} } = schema;
    const found = Object.keys(stored);
    if (least !== undefined && (found.length < least || found.length > most)) {
      const fields = Object.keys(properties);
      const nulls = fields.filter((field) => object[field] === null);
      this.violations.push({
        ...{ is: 'alternatives', path: pathTo(at), fields, found, nulls, isExclusive: most === 1, isOfCount: true },
      });
    }
  }

  private judgeRules(found: Json, { rules = [] }: Schema, at: PathLink | undefined): void {
    for (const { rule, message } of rules) {
      if (isBroken(rule, found)) {
        this.broken.push({ is: 'rule', path: pathTo(at), rule, message, found });
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

  /** `metadata` is validated separately. Only Cilium writes `status`: the given status is dropped, and only its unknown fields are reported. */
  private special(name: string, value: Json | undefined, schema: Schema | undefined): void {
    if (name === 'status' && value !== undefined) {
      this.pruned(value, schema, { step: name, above: undefined });
    }
  }

  private value(value: Json, schema: Schema, at: PathLink): Json {
    if (!isOfType(value, schema.type)) {
      // A list is accepted for a string with a format. Source: kube-openapi `pkg/validation/validate/type.go`.
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

  /** Unknown fields are dropped even in a value of the wrong type. */
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
    // A string never has more characters than code units.
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
    this.judgeRules(found, schema, at);
  }

  private judgeNumber(found: number, schema: Schema, at: PathLink): void {
    const { minimum: least = -Infinity, maximum: most = Infinity } = schema;
    if (found < least || found > most) {
      this.violations.push({ is: 'range', path: pathTo(at), found, least, most });
    }
  }
}
