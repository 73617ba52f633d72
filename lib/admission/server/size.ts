/**
 * The sizes that a cluster takes: of a request to the API server, and of an object in etcd.
 *
 * A stored object has more fields than the manifest, such as its `uid`, so what is rejected here is too large in any cluster with the usual limits, and
 * an object of nearly that size may be. `managedFields` do not count: the API server tries again without them.
 * Source: etcd `server/embed/config.go`, DefaultMaxRequestBytes; apiserver `pkg/server/config.go`, MaxRequestBodyBytes, and
 * `pkg/endpoints/handlers/create.go`.
 */
import { asObject, asText, isObject, Json, JsonObject } from '../../model/json';
import { byteLength } from '../../net/utf8';
import type { Violation } from './violation';

/** The most bytes of an object in etcd: 1.5 MiB. */
export const MAX_STORED = 1.5 * 1024 * 1024;

/** The most bytes of a request: 3 MiB. */
export const MAX_REQUEST = 3 * 1024 * 1024;

/** An object of at most this many characters is never too large: a default is not much longer than the item that lacks it. */
const SMALL = 64 * 1024;

/** An escaped character has six, for example `\\u0000`. */
const ESCAPED = 6;

/** The characters of the longest number. */
const NUMBER = 25;

/** Whether an object is too large, given as it is sent and as it is stored. Custom resources are stored as JSON, and other kinds in protobuf. */
export function sizeViolations(sent: JsonObject, stored: JsonObject, isCustom: boolean): Violation[] {
  // Most objects are small, and cheaper to weigh than to write.
  if (left(sent, SMALL) >= 0) {
    return [];
  }
  const kept = { ...stored, metadata: { ...asObject(stored.metadata), managedFields: undefined } };
  const size = isCustom ? byteLength(JSON.stringify(kept)) : protobufSize(kept);
  if (size > MAX_STORED) {
    return [{ is: 'size', path: [], size, most: MAX_STORED, isRequest: false }];
  }
  const bytes = byteLength(JSON.stringify(sent));
  return bytes > MAX_REQUEST ? [{ is: 'size', path: [], size: bytes, most: MAX_REQUEST, isRequest: true }] : [];
}

/** What is left of a number of characters after a value in JSON, at least; negative if they may not be enough. */
function left(value: Json, characters: number): number {
  if (typeof value === 'string') {
    return characters - value.length * ESCAPED - 2;
  }
  if (typeof value !== 'object' || value === null) {
    return characters - NUMBER;
  }
  let rest = characters - 2;
  if (Array.isArray(value)) {
    const items = value as readonly Json[];
    for (let i = 0; i < items.length && rest >= 0; i++) {
      rest = left(items[i], rest - 1);
    }
    return rest;
  }
  for (const key of Object.keys(value)) {
    if (rest < 0) {
      break;
    }
    rest = left((value as JsonObject)[key] ?? null, rest - key.length * ESCAPED - 4);
  }
  return rest;
}

/** The bytes of an object in protobuf, at least: the fields that are given, without those that are always written. */
export function protobufSize(value: JsonObject): number {
  return Object.entries(value).reduce((sum, [name, inner]) => sum + (inner === undefined ? 0 : fieldSize(name, inner)), 0);
}

function fieldSize(name: string, value: Json): number {
  if (Array.isArray(value)) {
    return (value as readonly Json[]).reduce<number>((sum, item) => sum + fieldSize(name, item), 0);
  }
  if (isObject(value)) {
    return MAPS.includes(name) ? mapSize(value) : withHead(protobufSize(value));
  }
  if (name === 'port') {
    // It has a type, a number and a name, and all three are written.
    return withHead(2 + (typeof value === 'number' ? 1 + intSize(value) : 2) + textSize(value));
  }
  return typeof value === 'number' ? 1 + intSize(value) : textSize(value);
}

const MAPS = ['matchLabels', 'labels', 'annotations'];

/** Each entry has a key and a value. */
function mapSize(map: JsonObject): number {
  return Object.entries(map).reduce((sum, [key, value]) => sum + withHead(textSize(key) + textSize(value)), 0);
}

function textSize(value: Json | undefined): number {
  return withHead(byteLength(asText(value)));
}

/** The tag and the length of a field come before its bytes. */
function withHead(bytes: number): number {
  return 1 + intSize(bytes) + bytes;
}

/** Seven bits a byte. A negative number takes ten. */
function intSize(number: number): number {
  return number < 0 ? 10 : Math.max(1, Math.ceil(Math.log2(number + 1) / 7));
}
