/**
 * Decodes an object as Go does: unknown fields are dropped, a null field counts as absent, and a null in a list or a map is the zero value of its type.
 *
 * The API server decodes `metadata` of every object, and the whole of a NetworkPolicy, this way. A value of the wrong type rejects the object.
 * Source: sigs.k8s.io/json.
 */
import type { Schema } from '../../crd/schema';
import { isObject, Json, JsonObject, setOwn } from '../../model/json';
import { Path, PathLink, pathTo } from '../../model/path';
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
    case 'date-time':
      return typeof value === 'string' && isTime(value);
    case undefined:
      return true;
    default:
      return typeof value === type;
  }
}

/**
 * Whether Go reads a text as a time in the form of RFC 3339. The hour may have one digit, and a fraction may follow a comma.
 *
 * Source: Go `time.Parse` with `time.RFC3339`; apimachinery `pkg/apis/meta/v1/time.go`.
 */
function isTime(text: string): boolean {
  const [, year, month, day, hour, minute, second, zoneHour = '0', zoneMinute = '0'] = TIME.exec(text) ?? [];
  if (year === undefined) {
    return false;
  }
  const isLeap = Number(year) % 4 === 0 && (Number(year) % 100 !== 0 || Number(year) % 400 === 0);
  const days = month === '02' && isLeap ? 29 : (DAYS[Number(month) - 1] ?? 0);
  const isDate = Number(day) >= 1 && Number(day) <= days;
  return isDate && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60 && Number(zoneHour) <= 24 && Number(zoneMinute) <= 60;
}

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[+-](\d\d):(\d\d))$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
