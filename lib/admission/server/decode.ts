/**
 * Decodes an object as Go does: unknown fields are dropped, a null field counts as absent, and a null in a list or a map is the zero value of its type.
 *
 * The API server decodes `metadata` of every object, and the whole of a NetworkPolicy, this way. A value of the wrong type rejects the object.
 * Source: sigs.k8s.io/json.
 */
import type { Schema } from '../../crd/schema';
import { isObject, Json, JsonObject, setOwn } from '../../model/json';
import { Path, PathLink, pathTo } from '../../model/path';
import { isOfType } from './of-type';
import type { Violation } from './violation';

export interface Decoded {
  readonly value: JsonObject;
  /** Fields that are dropped, in the order of the object. */
  readonly unknown: readonly Path[];
  /** Values of the wrong type. */
  readonly violations: readonly Violation[];
}

export function decode(object: JsonObject, schema: Schema, at: PathLink | undefined): Decoded {
  const decoder = new Decoder();
  const value = decoder.value(object, schema, at) as JsonObject;
  return { value, unknown: decoder.unknown, violations: decoder.violations };
}

class Decoder {
  public readonly unknown: Path[] = [];
  public readonly violations: Violation[] = [];

  public value(found: Json, schema: Schema, at: PathLink | undefined): Json {
    if (!isOfType(found, schema.type)) {
      this.violations.push({ is: 'type', path: pathTo(at), expected: schema.type!, found });
      return found;
    }
    if (Array.isArray(found) && schema.items !== undefined) {
      const { items } = schema;
      return (found as readonly Json[]).map((item, step) => this.item(item, items, { step, above: at }));
    }
    return isObject(found) && (schema.properties ?? schema.values) !== undefined ? this.fields(found, schema, at) : found;
  }

  private fields(object: JsonObject, { properties = {}, values }: Schema, at: PathLink | undefined): JsonObject {
    const decoded: Record<string, Json> = {};
    for (const name of Object.keys(object)) {
      const [found, place] = [object[name], { step: name, above: at }];
      const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
      if (found === undefined) {
        continue;
      }
      if (values !== undefined) {
        setOwn(decoded, name, this.item(found, values, place));
      } else if (property === undefined) {
        this.unknown.push(pathTo(place));
      } else if (found !== null) {
        decoded[name] = this.value(found, property, place);
      }
    }
    return decoded;
  }

  private item(found: Json, schema: Schema, at: PathLink): Json {
    return found === null ? zeroOf(schema.type) : this.value(found, schema, at);
  }
}

function zeroOf(type: string | undefined): Json {
  return type === 'string' ? '' : {};
}
