/**
 * Finds and reads the settings file `cdk8s-cilium.yaml`.
 *
 * A file that was found may be a stranger's: it comes from the repository of the working folder, and names files of that repository only. A file
 * that the user names may name any other.
 */
import { existsSync, lstatSync, realpathSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isObject, Json, JsonObject } from '../model/json';
import type { Path } from '../model/path';
import { accepted, Parsed, Refused, refused } from '../net/parsed';
import { FileValue, GivenConfig, parseConfig, parseFile } from '../read/config';
import { homeFolder } from '../read/files';
import { readGiven, readRegular } from '../read/regular-file';
import { parseVariableFile, parseVariableMapping, Variables } from '../read/variables';
import { Layer, LayerSet, refuseUnknown, Settings, settle, unquoted, Values } from './settings';

const SETTINGS_FILE = 'cdk8s-cilium.yaml';

const KEYS = ['cilium', 'config', 'inventory', 'namespace', 'values', 'exclude', 'select', 'ignore', 'habits', 'sets'] as const;

/** The keys of a set. */
const SET_KEYS = ['name', 'paths', 'cilium', 'config', 'inventory', 'namespace', 'values', 'exclude'] as const;

/** The maximum size of a settings file or of a file with `cilium-config`, in bytes. */
export const MAX_SETTINGS = 1024 * 1024;

/** Where settings come from: the file of the working folder, no file, or a file that the user names. */
export type SettingsChoice = 'found' | 'none' | { readonly file: string };

/** The settings file of the working folder, overridden by `values`. `codes` are the codes of all checks. Sets in it do not count. */
export function settleHere(codes: readonly string[], values: Values, choice: SettingsChoice = 'found'): Parsed<Settings> {
  const layer = layerHere(choice);
  return layer.ok ? settle(codes, layer.value, { values, folder: realpathSync('.') }) : layer;
}

/** A set of manifests that is judged alone. */
export interface SettledSet {
  readonly name: string;
  readonly paths: readonly string[];
  readonly settings: Settings;
}

/** The sets of the settings file, each with the settings of the file, its own, and `values`. The last of these wins. */
export function settleSets(codes: readonly string[], values: Values, choice: SettingsChoice = 'found'): Parsed<readonly SettledSet[]> {
  const layer = layerHere(choice);
  if (!layer.ok) {
    return layer;
  }
  const sets = layer.value.sets?.() ?? accepted([]);
  if (!sets.ok) {
    return sets;
  }
  const settled: SettledSet[] = [];
  for (const { name, paths, layer: own } of sets.value) {
    const settings = settle(codes, layer.value, own, { values, folder: realpathSync('.') });
    if (!settings.ok) {
      return settings;
    }
    settled.push({ name, paths, settings: settings.value });
  }
  return accepted(settled);
}

function layerHere(choice: SettingsChoice): Parsed<Layer> {
  return choice === 'none' ? accepted<Layer>({ values: {} }) : choice === 'found' ? findSettings() : settingsAt(choice.file);
}

/** Searches the working folder and the folders above it, up to the repository's root or the user's home. Without either, only the working folder. */
function findSettings(): Parsed<Layer> {
  const here = realpathSync('.');
  const folders = foldersFrom(here);
  const folder = folders.find((at) => lstatSync(join(at, SETTINGS_FILE), { throwIfNoEntry: false }) !== undefined);
  if (folder === undefined) {
    return accepted({ values: {} });
  }
  const path = join(folder, SETTINGS_FILE);
  return settingsAt(relative(here, path), folders[folders.length - 1]);
}

function foldersFrom(here: string): readonly string[] {
  const home = homeFolder();
  const folders: string[] = [];
  for (let at = here; ; at = dirname(at)) {
    folders.push(at);
    if (at === home || existsSync(join(at, '.git'))) {
      return folders;
    }
    if (at === dirname(at)) {
      return [here];
    }
  }
}

/** Reads a settings file. It and the files that it names must lie in the folder `root`, if there is one. */
function settingsAt(file: string, root?: string): Parsed<Layer> {
  const text = confinedText(file, root);
  return text.ok ? parseSettings(text.value, file, root) : refused(`the settings file \`${file}\` cannot be read: ${text.problem}`);
}

/** Reads the text of a settings file. The paths in it are relative to its folder. */
export function parseSettings(text: string, file: string, root?: string): Parsed<Layer> {
  const parsed = parseFile(file, text);
  if (!parsed.ok) {
    return parsed;
  }
  const { value, placeOf } = parsed.value;
  const values = value ?? {};
  if (!isObject(values)) {
    return refused(`${placeOf([])}: the settings must be a mapping`);
  }
  for (const name of Object.keys(values)) {
    const known = refuseUnknown('setting', [name], KEYS, unquoted);
    if (!known.ok) {
      return at(placeOf([name]), known);
    }
  }
  const { sets: written, ...own } = values;
  const base = { file, isFound: root !== undefined, folder: realPath(dirname(file)) };
  const files = withFiles(own, placeOf, dirname(file), root);
  if (!files.ok) {
    return files;
  }
  const sets = written === undefined ? undefined : () => parseSets(written, { placeOf, file, root, base });
  return accepted({ ...base, placeOf: (name: string) => placeOf([name]), values: files.value, sets });
}

/** What the sets of a settings file have in common. */
interface OfFile {
  readonly placeOf: FileValue['placeOf'];
  readonly file: string;
  readonly root: string | undefined;
  readonly base: Omit<Layer, 'values'>;
}

function parseSets(written: Json, of: OfFile): Parsed<readonly LayerSet[]> {
  if (!Array.isArray(written) || written.length > MAX_SETS) {
    return refused(`${of.placeOf(['sets'])}: \`sets\` must be a list of at most ${MAX_SETS} sets`, EXAMPLE);
  }
  const sets: LayerSet[] = [];
  for (const [i, value] of (written as readonly Json[]).entries()) {
    const set = parseSet(value, ['sets', i], of);
    if (!set.ok) {
      return set;
    }
    if (sets.some(({ name }) => name === set.value.name)) {
      return refused(`${of.placeOf(['sets', i, 'name'])}: two sets have the same name`);
    }
    sets.push(set.value);
  }
  return accepted(sets);
}

/** The maximum number of sets. */
export const MAX_SETS = 100;

const EXAMPLE = 'write for example `- {name: prod, paths: clusters/prod}`';

function parseSet(value: Json, path: Path, { placeOf, file, root, base }: OfFile): Parsed<LayerSet> {
  const placeIn = (name: string) => placeOf([...path, name]);
  if (!isObject(value)) {
    return refused(`${placeOf(path)}: a set must be a mapping with a name and paths`, EXAMPLE);
  }
  const unknown = Object.keys(value).find((name) => !(SET_KEYS as readonly string[]).includes(name));
  if (unknown !== undefined) {
    return at(placeIn(unknown), refuseUnknown('setting of a set', [unknown], SET_KEYS, unquoted) as Refused);
  }
  const { name, paths, ...own } = value;
  const list: readonly unknown[] = Array.isArray(paths) ? paths : [paths];
  if (typeof name !== 'string' || !/^[A-Za-z0-9][-.\w]{0,62}$/.test(name)) {
    return refused(`${placeOf(path)}: the name of a set must be a string of letters, digits, \`-\`, \`_\` and \`.\``, EXAMPLE);
  }
  if (list.length === 0 || !list.every((one): one is string => typeof one === 'string' && one !== '-')) {
    return refused(`${placeOf(path)}: a set needs \`paths\`, a file or folder or a list of them`, EXAMPLE);
  }
  const folder = dirname(file);
  if (root !== undefined && list.some((one) => isOutside(resolve(folder, one), root))) {
    return at(placeIn('paths'), refused('a path leads out of the repository of the settings file', 'name it with a flag or option'));
  }
  const files = withFiles(own, (inner) => placeOf([...path, ...inner]), folder, root);
  return files.ok
    ? accepted({
        name,
        paths: list.map((one) => fromHere(resolve(folder, one))),
        layer: { ...base, placeOf: placeIn, values: files.value },
      })
    : files;
}

/** Adds the place to a problem. */
function at(place: string, { problem, help }: Refused): Refused {
  return refused(`${place}: ${problem}`, help);
}

/** Reads the files that `config` and `values` name if they are strings, and makes the paths of `inventory` relative to the working folder. */
function withFiles(values: JsonObject, placeOf: FileValue['placeOf'], folder: string, root?: string): Parsed<Values> {
  const { config, inventory, values: variables } = values;
  const paths: readonly unknown[] = Array.isArray(inventory) ? inventory : [inventory];
  const keys = typeof config === 'string' ? configIn(resolve(folder, config), root) : accepted(config);
  if (!keys.ok) {
    return at(placeOf(['config']), refused(keys.problem, `the path is relative to the settings file${confinement(root)}`));
  }
  const filled = typeof variables === 'string' ? variablesIn(resolve(folder, variables), root) : accepted(variables);
  if (!filled.ok) {
    return at(placeOf(['values']), refused(filled.problem, `the path is relative to the settings file${confinement(root)}`));
  }
  if (paths.includes('-')) {
    return at(placeOf(['inventory']), refused('settings cannot read standard input', 'name files or folders'));
  }
  if (root !== undefined && paths.some((path) => typeof path === 'string' && isOutside(resolve(folder, path), root))) {
    return at(placeOf(['inventory']), refused('a path leads out of the repository of the settings file', 'name it with a flag or option'));
  }
  return accepted({
    ...values,
    ...(config !== undefined && { config: keys.value }),
    ...(variables !== undefined && { values: filled.value }),
    ...(inventory !== undefined && {
      inventory: paths.map((path) => (typeof path === 'string' ? fromHere(resolve(folder, path)) : path)),
    }),
  });
}

/** A path as the user would write it in the working folder. */
function fromHere(path: string): string {
  const near = relative(realpathSync('.'), path);
  // A file of this name is not standard input.
  return near.startsWith('..') ? path : near === '' ? '.' : near === '-' ? './-' : near;
}

function confinement(root: string | undefined): string {
  return root === undefined ? '' : ', and leads to a file in its repository';
}

/** Reads a file with a `cilium-config` ConfigMap, with its keys, or with values of Cilium's Helm chart. */
export function configIn(path: string, root?: string): Parsed<GivenConfig> {
  const text = confinedText(path, root);
  return text.ok
    ? parseConfig(fromHere(resolve(path)), text.value)
    : refused(`${root === undefined ? `\`${path}\`` : 'the file'} cannot be read: ${text.problem}`);
}

/**
 * Reads a file with values of placeholders. What they are filled into is quoted in findings, so settings that were found may name a manifest only, and
 * no `.env` that git does not know.
 */
export function variablesIn(path: string, root?: string): Parsed<Variables> {
  if (root !== undefined && !/\.(?:ya?ml|json)$/i.test(path)) {
    return refused('settings that were found may name only a YAML or JSON file');
  }
  const text = confinedText(path, root);
  const parse = root === undefined ? parseVariableFile : parseVariableMapping;
  return text.ok
    ? parse(fromHere(resolve(path)), text.value)
    : refused(`${root === undefined ? `\`${path}\`` : 'the file'} cannot be read: ${text.problem}`);
}

function confinedText(path: string, root: string | undefined): Parsed<string> {
  if (root !== undefined && isOutside(path, root)) {
    return refused('it is outside of the repository');
  }
  const bytes = root === undefined ? readGiven(path, MAX_SETTINGS) : readRegular(path, MAX_SETTINGS);
  return bytes.ok ? accepted(bytes.value.toString('utf8').replace(/^\ufeff/, '')) : bytes;
}

/** Whether a path, or what its links lead to, is outside of a folder. A path that does not exist is reported later. */
function isOutside(path: string, root: string): boolean {
  return [resolve(path), realPath(path)].some((one) => one !== root && !one.startsWith(root.endsWith(sep) ? root : `${root}${sep}`));
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}
