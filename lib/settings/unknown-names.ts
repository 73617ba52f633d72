/** The names in a configuration that no agent, operator or chart of the minor knows: a misspelt key changes nothing, and nobody would see it. */
import { Minor, MINORS } from '../crd/minor';
import { chartValuesOf, optionsOf } from '../crd/options';
import type { AgentConfig, ConfigProblem } from '../model/config';
import { asObject, JsonObject } from '../model/json';
import type { Path } from '../model/path';
import { closest } from '../net/did-you-mean';
import { groupedBy } from '../net/grouped';
import type { GivenConfig } from '../read/config';
import { READ_VALUES } from './chart';

/** The first unknown names, in the order of the configuration. `place` is where the settings have the configuration, if its keys have no places. */
export function unknownNames(given: GivenConfig, minors: readonly Minor[], place?: string): readonly ConfigProblem[] {
  const names =
    given.is === 'keys'
      ? unknownKeys(given.keys, minors)
      : [...unknownValues(given.values, minors), ...unknownKeys(asObject(given.values.extraConfig), minors, ['extraConfig'])];
  const shown = names.slice(0, MOST_UNKNOWN).map(({ path, ...problem }) => told(problem, given.placeOf?.(path) ?? place));
  const more = names.length - shown.length;
  return shown.map((one, i) => (more > 0 && i === MOST_UNKNOWN - 1 ? { ...one, more } : one));
}

/** The maximum number of unknown names that are told. */
export const MOST_UNKNOWN = 10;

interface Unknown extends ConfigProblem {
  readonly path: Path;
}

/** A name that has a place is not quoted, unless it is one of Cilium's. */
function told(problem: ConfigProblem, place: string | undefined): ConfigProblem {
  const isQuoted = place === undefined || problem.knownIn.length > 0;
  return isQuoted ? { ...problem, place } : { ...problem, place, name: undefined };
}

function unknownKeys(keys: AgentConfig | JsonObject, minors: readonly Minor[], path: Path = []): readonly Unknown[] {
  const unknown = Object.keys(keys).filter((key) => minors.some((minor) => !optionsOf(minor).has(key)));
  return unknown.map((name, i): Unknown => {
    const knownIn = MINORS.filter((minor) => optionsOf(minor).has(name));
    const lacking = minors.filter((minor) => !knownIn.includes(minor));
    // Guesses cost time, and nobody reads more of them.
    const guess = knownIn.length > 0 || i >= MOST_UNKNOWN ? undefined : closest(name, [...optionsOf(minors[minors.length - 1])]);
    return { is: 'unknown-key', of: 'key', name, lacking, knownIn, guess, path: [...path, name] };
  });
}

/** The names in values that were most likely meant as ones that are read here, and keys that belong below `extraConfig`. Others do not matter. */
function unknownValues(values: JsonObject, minors: readonly Minor[]): readonly Unknown[] {
  const misplaced = namesOf(values)
    .filter((name) => !isValue(name) && MINORS.some((minor) => optionsOf(minor).has(name)))
    .map((name) => unknownValue([], name, `extraConfig.${name}`, minors));
  return [...misplaced, ...[...PARTS].flatMap(([parent, parts]) => misspelt(parent, parts, values, minors))];
}

/** The names beside which the parts of a value are not, and that look like one of them. */
function misspelt(parent: string, parts: readonly string[], values: JsonObject, minors: readonly Minor[]): readonly Unknown[] {
  const path = parent === '' ? [] : parent.split('.');
  const given = path.reduce((value, step) => asObject(value[step]), values);
  const missing = parts.filter((part) => !Object.hasOwn(given, part));
  return namesOf(given).flatMap((name) => {
    const isKnown = parts.includes(name) || (parent === '' && isValue(name));
    // A slip is rarely in the first letter: `proxy`, which older charts have, is not `l7Proxy`.
    const guess = isKnown
      ? undefined
      : closest(
          name,
          missing.filter((part) => part[0].toLowerCase() === name[0]?.toLowerCase()),
        );
    return guess === undefined ? [] : unknownValue(path, name, [...path, guess].join('.'), minors);
  });
}

function unknownValue(path: Path, name: string, guess: string, lacking: readonly Minor[]): Unknown {
  return { is: 'unknown-key', of: 'value', name: [...path, name].join('.'), lacking, knownIn: [], guess, path: [...path, name] };
}

/** The parts of values that are read here, by their parents: `hostFirewall` below the empty parent, and `enabled` below `hostFirewall`. */
const PARTS: ReadonlyMap<string, readonly string[]> = (() => {
  const steps = READ_VALUES.flatMap((path) => path.split('.').map((step, i, all) => ({ parent: all.slice(0, i).join('.'), step })));
  return new Map([...groupedBy(steps, ({ parent }) => parent)].map(([parent, of]) => [parent, [...new Set(of.map(({ step }) => step))]]));
})();

function isValue(name: string): boolean {
  return MINORS.some((minor) => chartValuesOf(minor).has(name));
}

/** As many names as are looked at: the chart has fewer, and guesses cost time. */
function namesOf(values: JsonObject): readonly string[] {
  return Object.keys(values).slice(0, MOST_VALUES);
}

export const MOST_VALUES = 200;
