/**
 * Combines and checks settings from all sources: the settings file, flags, plugin properties, and options of matchers and of programs.
 *
 * Each source is a layer. For every setting, the last layer that has it takes precedence.
 */
import { Minor, NEWEST } from '../crd/minor';
import type { ConfigProblem } from '../model/config';
import { isOwnCheck } from '../model/diagnostic';
import type { Names } from '../model/inventory';
import { isObject } from '../model/json';
import { closest } from '../net/did-you-mean';
import { bytesOf, parseGlob } from '../net/glob';
import { accepted, Parsed, Refused, refused } from '../net/parsed';
import { isGivenConfig, parseKeys, Quote } from '../read/config';
import type { Exclusion } from '../read/exclusions';
import { parseVariables, Variables } from '../read/variables';
import { Configs, configsOf, NO_CONFIG } from './config';
import { Habits, parseHabits } from './habits';
import { parseMinors } from './minors';
import { unjudgedKeys } from './unjudged';
import { unknownNames } from './unknown-names';

export interface Settings {
  /** The minors that policies are judged for, oldest first; more than one is a comparison. */
  readonly minors: readonly Minor[];
  /** Keys of `cilium-config` in each minor; every other key has the default of Cilium's Helm chart. */
  readonly configs: Configs;
  /** What a user must know of the configuration. */
  readonly configProblems: readonly ConfigProblem[];
  /** The namespace of namespaced objects that name none. */
  readonly namespace: string;
  /** Whether somebody has given that namespace, and it is not kubectl's default. */
  readonly isNamespaceGiven: boolean;
  /** The values of placeholders; `undefined` if none are given, and then a default such as that of `${VAR:=x}` does not count either. */
  readonly variables: Variables | undefined;
  /** Paths of manifests with pods, nodes and services. */
  readonly inventory: readonly string[];
  /** The addresses that DNS returns, by name. */
  readonly names: Names;
  /** Whether a name admits addresses only if the DNS proxy can see a look-up of it. */
  readonly learn: boolean;
  /** Codes of checks, or prefixes such as `CIL2`: only these are reported. `undefined` reports all. */
  readonly select: readonly string[] | undefined;
  /** Codes of checks, or prefixes: these are not reported. */
  readonly ignore: readonly string[];
  /** The maximum number of warnings. More warnings fail the run. */
  readonly maxWarnings: number;
  /** Whether comments and annotations in manifests suppress findings. */
  readonly suppressions: boolean;
  /** Whether policies inside other objects are checked, where they stand whole. */
  readonly embedded: boolean;
  /** What the checks of habits hold policies to; `undefined` if they do not run. */
  readonly habits: Habits | undefined;
  /** What is not read in the given folders. */
  readonly exclude: readonly Exclusion[];
  /** Which of `select` and `ignore` are from a settings file that was found, so that they cannot hide what was not read. */
  readonly found: readonly ('select' | 'ignore')[];
  /** The settings file that was read; `undefined` if there is none. */
  readonly file: string | undefined;
}

const DEFAULTS: Settings = {
  minors: [NEWEST],
  configs: NO_CONFIG,
  configProblems: [],
  // The default namespace of kubectl.
  namespace: 'default',
  isNamespaceGiven: false,
  variables: undefined,
  inventory: [],
  names: {},
  learn: true,
  select: undefined,
  ignore: [],
  maxWarnings: Infinity,
  suppressions: true,
  embedded: false,
  habits: undefined,
  exclude: [],
  found: [],
  file: undefined,
};

/** The settings of one source, not yet checked. If a value is `undefined`, an earlier layer applies. */
export interface Layer {
  /** The file that the settings come from. @default - they come from a program or from flags */
  readonly file?: string;
  /** Where a setting is written in the file, for example `cdk8s-cilium.yaml:3:1`. Errors have this place and quote nothing. @default - errors quote */
  readonly placeOf?: (name: string) => string;
  /** Whether the file was found in a repository, and not named by the user. @default false */
  readonly isFound?: boolean;
  /** The real path of the folder that patterns of `exclude` are relative to. @default - the layer has no such patterns */
  readonly folder?: string;
  /** Sets of manifests, each with settings of its own. They are read when they are asked for. @default - the layer has none */
  readonly sets?: () => Parsed<readonly LayerSet[]>;
  readonly values: Values;
}

/** A set of manifests that is judged alone, for example those of one cluster. Its settings override those of its file. */
export interface LayerSet {
  readonly name: string;
  readonly paths: readonly string[];
  readonly layer: Layer;
}

/** Settings as users write them. `cilium` is a minor, for example `1.20`, or a range, for example `1.19..1.20`. */
export type Values = { readonly [name in SettingName]?: unknown };

type SettingName =
  | 'cilium'
  | 'config'
  | 'namespace'
  | 'values'
  | 'inventory'
  | 'names'
  | 'learn'
  | 'select'
  | 'ignore'
  | 'maxWarnings'
  | 'suppressions'
  | 'embedded'
  | 'habits'
  | 'exclude';

/** The settings of which the last layer counts and which need no others. */
type ParsedName = Exclude<SettingName, 'config' | 'exclude' | 'values'>;

/** Checks and combines layers of settings. Later layers override earlier ones. `codes` are the codes of all checks. */
export function settle(codes: readonly string[], ...layers: readonly Layer[]): Parsed<Settings> {
  const layerOf = (name: SettingName) => [...layers].reverse().find(({ values }) => values[name] !== undefined);
  let settings: Settings = {
    ...DEFAULTS,
    file: layers.find(({ file }) => file !== undefined)?.file,
    found: (['select', 'ignore'] as const).filter((name) => layerOf(name)?.isFound),
  };
  for (const name of Object.keys(PARSERS) as ParsedName[]) {
    const layer = layerOf(name);
    const placeOf = layer?.placeOf;
    const parsed = layer === undefined ? accepted({}) : PARSERS[name](layer.values[name], placeOf === undefined ? quoted : unquoted, codes);
    if (!parsed.ok) {
      return placeOf === undefined ? parsed : refused(`${placeOf(name)}: ${parsed.problem}`, parsed.help);
    }
    settings = { ...settings, ...parsed.value };
  }
  const configured = configOf(layerOf('config'), settings.minors);
  if (!configured.ok) {
    return configured;
  }
  settings = { ...settings, ...configured.value };
  const exclude = allOf(layers.map(exclusionsOf));
  const variables = allOf(layers.filter(({ values }) => values.values !== undefined).map(variablesOf));
  if (!exclude.ok) {
    return exclude;
  }
  return variables.ok
    ? accepted({
        ...settings,
        exclude: exclude.value.flat(),
        variables: variables.value.length === 0 ? undefined : Object.fromEntries(variables.value.flatMap((one) => Object.entries(one))),
      })
    : variables;
}

/** The configuration of a layer. Its names are compared with those of the minors that are judged. */
function configOf(layer: Layer | undefined, minors: readonly Minor[]): Parsed<Partial<Settings>> {
  if (layer === undefined) {
    return accepted({});
  }
  const { values, placeOf } = layer;
  const place = placeOf?.('config');
  const quote = place === undefined ? quoted : unquoted;
  const given = isGivenConfig(values.config) ? accepted(values.config) : parseKeys(values.config, quote);
  const configs = given.ok ? configsOf(given.value, quote) : given;
  if (!given.ok || !configs.ok) {
    const { problem, help } = (given.ok ? configs : given) as Refused;
    return refused(place === undefined ? problem : `${place}: ${problem}`, help);
  }
  return accepted({
    configs: configs.value,
    configProblems: [...unknownNames(given.value, minors, place), ...unjudgedKeys(configs.value, minors)],
  });
}

/** All values, or the first refusal. */
function allOf<T>(all: readonly Parsed<T>[]): Parsed<readonly T[]> {
  const wrong = all.find((one) => !one.ok);
  return wrong !== undefined && !wrong.ok ? wrong : accepted(all.flatMap((one) => (one.ok ? [one.value] : [])));
}

/** The values of placeholders in a layer. A later layer adds to them, and wins where both have one. */
function variablesOf({ values: { values }, placeOf }: Layer): Parsed<Variables> {
  const parsed = parseVariables(values);
  if (parsed.ok) {
    return parsed;
  }
  const { problem, help, name } = parsed;
  return placeOf === undefined
    ? refused(`${name === undefined ? '' : `\`${name}\` in \`values\`: `}${problem}`, help)
    : refused(`${placeOf('values')}: ${problem}`, help);
}

/** The patterns of a layer, which are added to those of the others. */
function exclusionsOf({ values: { exclude = [] }, folder = '', placeOf, isFound = false }: Layer): Parsed<readonly Exclusion[]> {
  const place = placeOf?.('exclude');
  const refusedAt = ({ problem, help }: Refused) => refused(`${place === undefined ? '' : `${place}: `}${problem}`, help);
  const patterns = parseStrings('exclude', exclude);
  if (!patterns.ok) {
    return refusedAt(patterns);
  }
  if (patterns.value.length > MAX_EXCLUDE) {
    return refusedAt(refused(`\`exclude\` has ${patterns.value.length} patterns, the maximum is ${MAX_EXCLUDE}`));
  }
  const found: Exclusion[] = [];
  for (const pattern of patterns.value) {
    const glob = parseGlob(bytesOf(pattern.replace(/^\.\/(?=.)/, '')));
    if (!glob.ok) {
      return refusedAt(refused(`\`exclude\`${place === undefined ? `: \`${pattern}\`` : ''}: ${glob.problem}`, EXAMPLE));
    }
    found.push({ folder, glob: glob.value, by: place === undefined ? `--exclude ${pattern}` : `${place} ${pattern}`, isUnasked: isFound });
  }
  return accepted(found);
}

/** The maximum number of patterns of a layer. */
export const MAX_EXCLUDE = 1000;

const EXAMPLE = 'write a pattern as in `.gitignore`, for example `vendor/` or `clusters/**/generated/*.yaml`';

/** The minor of the settings; rejected if the settings are a comparison. */
export function oneMinor({ minors }: Settings): Parsed<Minor> {
  return minors.length === 1 ? accepted(minors[0]) : refused('a verdict needs exactly one minor', 'write one minor, for example `1.20`');
}

/** Quotes the user's text. */
export const quoted: Quote = (text, word) => ` ${word === undefined ? '' : `${word} `}\`${text}\``;

/** Quotes nothing, because the place says enough and the text may be a secret. */
export const unquoted: Quote = () => '';

/** Rejects an unknown name. `what` names its kind in the message, for example `setting`. */
export function refuseUnknown(what: string, given: readonly string[], known: readonly string[], quote = quoted): Parsed<undefined> {
  const unknown = given.find((name) => !known.includes(name));
  if (unknown === undefined) {
    return accepted(undefined);
  }
  const guess = closest(unknown, known);
  return refused(
    `unknown ${what}${quote(unknown)}`,
    guess === undefined ? `write one of ${known.join(', ')}` : `did you mean \`${guess}\`?`,
  );
}

type Parser = (value: unknown, quote: Quote, codes: readonly string[]) => Parsed<Partial<Settings>>;

/** The parser of each setting. Settings are checked in this order, and the first problem is reported. */
const PARSERS: Readonly<Record<ParsedName, Parser>> = {
  cilium: (value, quote) => mapped(parseMinors(value, quote), (minors) => ({ minors })),
  namespace: (value, quote) => mapped(parseNamespace(value, quote), (namespace) => ({ namespace, isNamespaceGiven: true })),
  inventory: (value) => mapped(parseStrings('inventory', value), (inventory) => ({ inventory })),
  names: (value) => mapped(parseNames(value), (names) => ({ names })),
  learn: (value) => mapped(parseBoolean('learn', value), (learn) => ({ learn })),
  select: (value, quote, codes) => mapped(parseCodes('select', value, quote, codes), (select) => ({ select })),
  ignore: (value, quote, codes) => mapped(parseIgnored(value, quote, codes), (ignore) => ({ ignore })),
  maxWarnings: (value) => (typeof value === 'number' ? accepted({ maxWarnings: value }) : refused('`maxWarnings` must be a number')),
  suppressions: (value) => mapped(parseBoolean('suppressions', value), (suppressions) => ({ suppressions })),
  embedded: (value) => mapped(parseBoolean('embedded', value), (embedded) => ({ embedded })),
  habits: (value, quote) => mapped(parseHabits(value, quote), (habits) => ({ habits })),
};

function parseBoolean(name: string, value: unknown): Parsed<boolean> {
  return typeof value === 'boolean' ? accepted(value) : refused(`\`${name}\` must be true or false`);
}

function mapped<T, U>(parsed: Parsed<T>, change: (value: T) => U): Parsed<U> {
  return parsed.ok ? accepted(change(parsed.value)) : parsed;
}

/** A DNS label, as the API server requires of a namespace. */
function parseNamespace(value: unknown, quote: Quote): Parsed<string> {
  if (typeof value !== 'string') {
    return refused('`namespace` must be a string', 'write it in quotes');
  }
  return /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(value)
    ? accepted(value)
    : refused(`the namespace${quote(value)} is not a valid name`, 'write 1–63 lower-case letters, digits and hyphens, for example `shop`');
}

function parseStrings(name: string, value: unknown): Parsed<readonly string[]> {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.every((item) => typeof item === 'string') ? accepted(list) : refused(`\`${name}\` must be a string or a list of strings`);
}

/** Reads codes and prefixes of codes. A prefix has a digit, so that an empty text or a stray comma is not every code. */
function parseCodes(name: string, value: unknown, quote: Quote, codes: readonly string[]): Parsed<readonly string[]> {
  const prefixes = parseStrings(name, value);
  const isKnown = (prefix: string) => /^CIL\d/i.test(prefix) && codes.some((code) => code.startsWith(prefix.toUpperCase()));
  const unknown = prefixes.ok && prefixes.value.find((prefix) => !isKnown(prefix));
  return typeof unknown === 'string'
    ? refused(`unknown check${quote(unknown)} in \`${name}\``, 'write a code such as `CIL201`, or a prefix with a digit such as `CIL2`')
    : prefixes;
}

function parseIgnored(value: unknown, quote: Quote, codes: readonly string[]): Parsed<readonly string[]> {
  const prefixes = parseCodes('ignore', value, quote, codes);
  const own = prefixes.ok && prefixes.value.find((prefix) => isOwnCheck(prefix.toUpperCase()));
  return typeof own === 'string'
    ? refused(`the check${quote(own)} cannot be ignored`, 'checks from CIL900 on tell what the run itself did not do')
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
