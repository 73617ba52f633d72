/** JSON values, and functions that change a part of one. They return new values. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** The path to a part of a value: names and indexes. */
export type Path = readonly (string | number)[];

export interface Part {
  readonly path: Path;
  readonly value: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The value if it is a list, or an empty list. */
export function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** The value if it is an object, or an empty object. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** A string, or a number as a string; otherwise an empty string. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The paths of all parts of a value, outer parts first, without the value itself. */
export function partsOf(value: Json, path: Path = []): Part[] {
  return entriesOf(value).flatMap(([step, part]) => [{ path: [...path, step], value: part }, ...partsOf(part, [...path, step])]);
}

/** The part at a path. */
export function partAt(value: Json, path: Path): Json | undefined {
  let part: Json | undefined = value;
  for (const step of path) {
    part = isList(part) ? part[Number(step)] : objectOf(part)[step];
  }
  return part;
}

/** The value with another part at a path. The objects and lists on the path must exist, but the part itself need not. */
export function withPart<T extends Json>(value: T, path: Path, part: Json): T;
export function withPart(value: Json, path: Path, part: Json): Json {
  if (path.length === 0) {
    return part;
  }
  const [step, ...rest] = path;
  if (isList(value)) {
    const index = Number(step);
    return [...value.slice(0, index), withPart(value[index] ?? null, rest, part), ...value.slice(index + 1)];
  }
  return { ...objectOf(value), [step]: withPart(objectOf(value)[step] ?? null, rest, part) };
}

/** The value without the part at a path. */
export function withoutPart<T extends Json>(value: T, path: Path): T {
  const owner = path.slice(0, -1);
  const step = path[path.length - 1];
  const holder = partAt(value, owner);
  return withPart(value, owner, isList(holder) ? holder.filter((_, index) => index !== step) : without(holder, String(step)));
}

/** The object without some of its members. If the value is not an object, an empty object. */
export function without(object: Json | undefined, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(objectOf(object)).filter(([name]) => !names.includes(name)));
}

/** The names on a path, without the indexes: `spec.egress.toPorts`. */
export function fieldOf(path: Path): string {
  return path.filter((step) => typeof step === 'string').join('.');
}

function entriesOf(value: Json): [string | number, Json][] {
  if (isList(value)) {
    return value.map((item, index) => [index, item]);
  }
  return isObject(value) ? Object.entries(value) : [];
}
