/** Basic choices that all generators use. */
import fc from 'fast-check';
import { Json, JsonObject } from './json';

/** One of some values, with equal probability. */
export function among<T>(...values: readonly T[]): fc.Arbitrary<T> {
  return fc.constantFrom(...values);
}

/** One of some arbitraries, by weight. An arbitrary with weight 0 is never chosen. */
export function weighted<T>(...choices: readonly (readonly [weight: number, arbitrary: fc.Arbitrary<T>])[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.filter(([weight]) => weight > 0).map(([weight, arbitrary]) => ({ weight, arbitrary })));
}

/** A list, usually short, rarely empty. */
export function few<T>(items: fc.Arbitrary<T>, least = 1, most = 2): fc.Arbitrary<T[]> {
  const lengths = Array.from({ length: most - least + 1 }, (_, more) => least + more);
  return weighted(
    ...lengths.map(
      (length) => [length === 0 ? 1 : 3 ** (most - length + 1), fc.array(items, { minLength: length, maxLength: length })] as const,
    ),
  );
}

/** Optional members of an object, each with its probability in percent. */
export type Chances = Readonly<Record<string, readonly [percent: number, arbitrary: fc.Arbitrary<Json>]>>;

/** An object that has each member with its probability. */
export function members(chances: Chances): fc.Arbitrary<JsonObject> {
  const names = Object.keys(chances);
  const values = names.map((name) => {
    const [percent, arbitrary] = chances[name];
    return weighted<Json | undefined>([percent, arbitrary], [100 - percent, fc.constant(undefined)]);
  });
  return fc.tuple(...values).map((all) => {
    const given = names.flatMap((name, index): [string, Json][] => {
      const value = all[index];
      return value === undefined ? [] : [[name, value]];
    });
    return Object.fromEntries(given);
  });
}

/** The members of both objects. */
export function joined(...parts: readonly fc.Arbitrary<JsonObject>[]): fc.Arbitrary<JsonObject> {
  return fc.tuple(...parts).map((all) => Object.assign({}, ...all) as JsonObject);
}
