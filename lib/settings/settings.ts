/**
 * Combines and checks settings from all sources: the settings file, flags, plugin properties, and options of matchers and of programs.
 *
 * Each source is a layer. For every setting, the last layer that has it takes precedence.
 */
import { Minor, NEWEST } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import type { Names } from '../model/inventory';
import { isObject, Json } from '../model/json';
import { closest } from '../net/did-you-mean';
import { accepted, Parsed, refused } from '../net/parsed';
import { parseKeys } from '../read/config';
import { parseMinors } from './minors';

export interface Settings {
  /** The minors that policies are judged for, oldest first; more than one is a comparison. */
  readonly minors: readonly Minor[];
  /** Keys of `cilium-config`; every other key has the default of Cilium's Helm chart. */
  readonly config: AgentConfig;
  /** The namespace of namespaced objects that name none. */
  readonly namespace: string;
  /** Paths of manifests with pods, nodes and services. */
  readonly inventory: readonly string[];
  /** The addresses that DNS returns, by name. */
  readonly names: Names;
  /** Codes of checks, or prefixes such as `CIL2`: only these are reported. `undefined` reports all. */
  readonly select: readonly string[] | undefined;
  /** Codes of checks, or prefixes: these are not reported. */
  readonly ignore: readonly string[];
  /** The maximum number of warnings. More warnings fail the run. */
  readonly maxWarnings: number;
}

const DEFAULTS: Settings = {
  minors: [NEWEST],
  config: {},
  // The default namespace of kubectl.
  namespace: 'default',
  inventory: [],
  names: {},
  select: undefined,
  ignore: [],
  maxWarnings: Infinity,
};

/** The settings of one source, not yet checked. If a value is `undefined`, an earlier layer applies. */
export interface Layer {
  /** The file that the settings come from. @default - errors name no file */
  readonly file?: string;
  readonly values: Values;
}

/** Settings as users write them. `cilium` is a minor, for example `1.20`, or a range, for example `1.19..1.20`. */
export type Values = { readonly [name in SettingName]?: unknown };

type SettingName = 'cilium' | 'config' | 'namespace' | 'inventory' | 'names' | 'select' | 'ignore' | 'maxWarnings';

/** Checks and combines layers of settings. Later layers override earlier ones. `codes` are the codes of all checks. */
export function settle(codes: readonly string[], ...layers: readonly Layer[]): Parsed<Settings> {
  let settings = DEFAULTS;
  for (const name of Object.keys(PARSERS) as SettingName[]) {
    const layer = [...layers].reverse().find(({ values }) => values[name] !== undefined);
    const parsed = layer === undefined ? accepted({}) : PARSERS[name](layer.values[name], codes);
    if (!parsed.ok) {
      return inFile(layer?.file, parsed);
    }
    settings = { ...settings, ...parsed.value };
  }
  return accepted(settings);
}

/** The minor of the settings; rejected if the settings are a comparison. */
export function oneMinor({ minors }: Settings): Parsed<Minor> {
  return minors.length === 1 ? accepted(minors[0]) : refused('a verdict needs exactly one minor', 'write one minor, for example `1.20`');
}

/** Adds the name of the file to a problem. */
export function inFile<T>(file: string | undefined, parsed: Parsed<T>): Parsed<T> {
  return parsed.ok || file === undefined ? parsed : refused(`${file}: ${parsed.problem}`, parsed.help);
}

/** Rejects an unknown name. `what` names its kind in the message, for example `setting`. */
export function refuseUnknown(what: string, given: readonly string[], known: readonly string[]): Parsed<undefined> {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) {
    return accepted(undefined);
  }
  const guess = closest(unknown, known);
  return refused(`unknown ${what} \`${unknown}\``, guess === undefined ? `write one of ${known.join(', ')}` : `did you mean \`${guess}\`?`);
}

type Parser = (value: unknown, codes: readonly string[]) => Parsed<Partial<Settings>>;

/** The parser of each setting. Settings are checked in this order, and the first problem is reported. */
const PARSERS: Readonly<Record<SettingName, Parser>> = {
  cilium: (value) => mapped(parseMinors(value), (minors) => ({ minors })),
  config: (value) => mapped(parseKeys(value as Json), (config) => ({ config })),
  namespace: (value) =>
    typeof value === 'string' ? accepted({ namespace: value }) : refused('`namespace` must be a string', 'write it in quotes'),
  inventory: (value) => mapped(parseStrings('inventory', value), (inventory) => ({ inventory })),
  names: (value) => mapped(parseNames(value), (names) => ({ names })),
  select: (value, codes) => mapped(parseCodes('select', value, codes), (select) => ({ select })),
  ignore: (value, codes) => mapped(parseCodes('ignore', value, codes), (ignore) => ({ ignore })),
  maxWarnings: (value) => (typeof value === 'number' ? accepted({ maxWarnings: value }) : refused('`maxWarnings` must be a number')),
};

function mapped<T, U>(parsed: Parsed<T>, change: (value: T) => U): Parsed<U> {
  return parsed.ok ? accepted(change(parsed.value)) : parsed;
}

function parseStrings(name: string, value: unknown): Parsed<readonly string[]> {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.every((item) => typeof item === 'string') ? accepted(list) : refused(`\`${name}\` must be a string or a list of strings`);
}

function parseCodes(name: string, value: unknown, codes: readonly string[]): Parsed<readonly string[]> {
  const prefixes = parseStrings(name, value);
  const unknown = prefixes.ok && prefixes.value.find((prefix) => !codes.some((code) => code.startsWith(prefix.toUpperCase())));
  return typeof unknown === 'string'
    ? refused(`unknown check \`${unknown}\``, 'write a code such as `CIL201`, or a prefix such as `CIL2`')
    : prefixes;
}

/** Reads the addresses that DNS returns: a list for each name. */
function parseNames(value: unknown): Parsed<Names> {
  if (!isObject(value)) {
    return refused('`names` must be a mapping of names to addresses');
  }
  const entries = Object.entries(value);
  const wrong = entries.find(([, addresses]) => !Array.isArray(addresses) || addresses.some((one) => typeof one !== 'string'));
  return wrong === undefined
    ? accepted(Object.fromEntries(entries as unknown as [string, readonly string[]][]))
    : refused(`\`names\` must have a list of addresses for \`${wrong[0]}\``);
}
