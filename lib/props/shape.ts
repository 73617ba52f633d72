/**
 * What the properties of a construct or a value must look like.
 *
 * TypeScript rejects most wrong properties, but not a misspelt one in a variable, and other callers have no compiler. A property that is
 * dropped or spread in silence can open what its author closed, so every property is checked where it is given.
 */
import { IConstruct } from 'constructs';
import { closest } from '../net/did-you-mean';
import { fail, Factory, mustBeA, mustBeMember, mustBeSwitch, mustBeText, mustHaveItems, shown } from './errors';

/** Throws unless the value is of the type; `what` names it in the message. */
export type TypeCheck = (value: unknown, what: string, at?: IConstruct) => void;

/** The type of every property; a property that may be left out has its type in `optional`. */
export type Shape<T> = {
  readonly [K in keyof T as string extends K ? never : K]-?: undefined extends T[K] ? { readonly optional: TypeCheck } : TypeCheck;
};

/** Where properties are given. */
export interface Owner {
  /** The construct that they make; it appears in messages. */
  readonly at?: IConstruct;
  /**
   * Whether a property without a type is rejected only if it looks misspelt: a class that is derived from a construct may pass its own, wider
   * properties on.
   */
  readonly isDerived?: boolean;
}

/** Throws if a property is unknown or missing, or has a value of another type. `name` is the class or function that takes them. */
export function mustFit<T>(name: string, shape: Shape<T>, props: T, { at, isDerived = false }: Owner = {}): void {
  if (!isMap(props)) {
    const given = props === undefined ? 'missing' : `${shown(props)}, not an object`;
    fail(`properties of ${name} are ${given}`, `give ${requiredOf(shape)}`, at);
  }
  const types = shape as Readonly<Record<string, TypeCheck | { readonly optional: TypeCheck }>>;
  for (const key of Object.keys(props)) {
    if (!Object.hasOwn(types, key)) {
      mustNotBeMeant(name, key, Object.keys(types), isDerived, at);
    }
  }
  for (const [key, type] of Object.entries(types)) {
    const value: unknown = props[key];
    if (value !== undefined) {
      const check = typeof type === 'function' ? type : type.optional;
      check(value, key, at);
    } else if (typeof type === 'function') {
      fail(`${key} of ${name} is missing`, `give ${requiredOf(shape)}`, at);
    }
  }
}

function requiredOf(shape: object): string {
  const required = Object.entries(shape).flatMap(([key, type]) => (typeof type === 'function' ? [key] : []));
  return required.length > 0 ? required.join(' and ') : `an object, such as \`{ ${Object.keys(shape)[0]}: … }\``;
}

/** Throws if an unknown key was meant to be one of `keys`, or cannot be anything else. */
function mustNotBeMeant(name: string, key: string, keys: readonly string[], isDerived: boolean, at?: IConstruct): void {
  const guess = closest(key, keys) ?? keys.find((one) => isPartOf(key, one));
  if (guess !== undefined) {
    fail(`${name} has no property \`${key}\``, `did you mean \`${guess}\`?`, at);
  }
  if (!isDerived) {
    const belongsInMetadata = keys.includes('metadata') && METADATA.has(key);
    fail(`${name} has no property \`${key}\``, belongsInMetadata ? `write metadata: { ${key}: … }` : `it has ${keys.join(', ')}`, at);
  }
}

/** Whether one is the other with more letters at its end: `observed` for `observe`. */
function isPartOf(key: string, known: string): boolean {
  const [a, b] = [key.toLowerCase(), known.toLowerCase()];
  return a.length > 3 && b.length > 3 && (a.startsWith(b) || b.startsWith(a));
}

const METADATA: ReadonlySet<string> = new Set(['name', 'namespace', 'labels', 'annotations']);

/** A string. */
export const text: TypeCheck = (value, what, at) => mustBeText(what, value as string, at);

/** `true` or `false`. */
export const flag: TypeCheck = (value, what, at) => mustBeSwitch(what, value as boolean, at);

/** A number; whoever uses it checks its range. */
export const number: TypeCheck = (value, what, at) => {
  if (typeof value !== 'number' || Number.isNaN(value)) {
    fail(`${what} is ${shown(value)}, not a number`, undefined, at);
  }
};

/** A list whose items are all of a type; it may be empty. */
export function listOf(item: TypeCheck): TypeCheck {
  return (value, what, at) => {
    if (!Array.isArray(value)) {
      fail(`${what} is ${shown(value)}, not a list`, undefined, at);
    }
    // A hole in a list is an item too.
    Array.from(value as unknown[]).forEach((one, index) => item(one, `${what}[${index}]`, at));
  };
}

/** A mapping. */
export const mapping: TypeCheck = (value, what, at) => {
  if (!isMap(value)) {
    fail(`${what} is ${shown(value)}, not a mapping`, undefined, at);
  }
};

/** A mapping of keys to strings. */
export const texts: TypeCheck = (value, what, at) => {
  mapping(value, what, at);
  Object.entries(value as object).forEach(([key, one]) => mustBeText(`value of \`${key}\` in ${what}`, one as string, at));
};

/** A list or a mapping that is not empty, if it is given: an empty one would mean more than it says. */
export function some(type: TypeCheck, help: string): TypeCheck {
  return (value, what, at) => {
    type(value, what, at);
    mustHaveItems(what, Array.isArray(value) ? value : Object.keys(value as object), help, at);
  };
}

/** A value that a factory method of a class makes. */
export function a(type: Factory): TypeCheck {
  return (value, what, at) => mustBeA(type, what, value, at);
}

/** A member of an enum. */
export function memberOf(members: Readonly<Record<string, string>>): TypeCheck {
  return (value, what, at) => mustBeMember(what, value as string, members, at);
}

/** Properties inside of properties. */
export function struct<T>(shape: Shape<T>): TypeCheck {
  return (value, what, at) => mustFit(what, shape, value as T, { at });
}

/** Whether the value is an object with properties of its own. A `Map` or a `Promise` has none, so everything in it would be dropped. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return Object.prototype.toString.call(value) === '[object Object]';
}
