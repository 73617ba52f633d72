/** Plain JSON, and how to change a part of it. Nothing is changed in place. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json;
}

/** The names and indices that lead from a value to a part of it. */
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

/** The list, or none where there is something else. */
export function listOf(value: Json | undefined): readonly Json[] {
  return isList(value) ? value : [];
}

/** The object, or an empty one where there is something else. */
export function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** A text, or that of a number; nothing else has one. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Every part of a value, the outer before the inner, without the value itself. */
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

/** The value with another part at a path; the objects and lists on the way must be there, the part itself need not. */
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

/** The object without some of its members; where there is something else, an empty one. */
export function without(object: Json | undefined, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(objectOf(object)).filter(([name]) => !names.includes(name)));
}

/** The names on a path, without the indices: `spec.egress.toPorts`. */
export function fieldOf(path: Path): string {
  return path.filter((step) => typeof step === 'string').join('.');
}

function entriesOf(value: Json): [string | number, Json][] {
  if (isList(value)) {
    return value.map((item, index) => [index, item]);
  }
  return isObject(value) ? Object.entries(value) : [];
}
