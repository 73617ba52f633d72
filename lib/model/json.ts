/** A JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value if it is a mapping, or an empty mapping. Go reads an absent value or null as the zero value of its type. */
export function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/** The value if it is a list, or an empty list. */
export function asList(value: unknown): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** The value if it is a string, or an empty string. */
export function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Sets a field of an object, including a field with the name `__proto__`. */
export function setOwn(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[name] = value;
  }
}

/** The type of a value in messages. */
export function kindOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (value === undefined) {
    return 'nothing';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  const word = WORDS[typeof value];
  return word ?? (Number.isInteger(value) ? 'an integer' : 'a number');
}

const WORDS: Readonly<Record<string, string>> = { object: 'a mapping', string: 'a string', boolean: 'a boolean' };

/** The value at a path; `undefined` if there is none. */
export function valueAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((inner, step) => (isObject(inner) || Array.isArray(inner) ? (inner as JsonObject)[step] : undefined), value);
}

/** A mapping of texts; other values become empty texts. It has no members but its own, so that a label may be called `constructor`. */
export function textsOf(value: unknown): Readonly<Record<string, string>> {
  const texts = Object.create(null) as Record<string, string>;
  for (const [key, inner] of Object.entries(asObject(value))) {
    texts[key] = asText(inner);
  }
  return texts;
}
