/** What a document may hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a person calls the value. */
export function kindOf(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  const word = WORDS[typeof value];
  return word ?? (Number.isInteger(value) ? 'an integer' : 'a number');
}

const WORDS: Readonly<Record<string, string>> = { object: 'a mapping', string: 'a text', boolean: 'a boolean' };
