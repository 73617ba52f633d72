/**
 * Reads the files that are not manifests: settings, and `cilium-config` as a ConfigMap, as a mapping of its keys, or as values of Cilium's Helm chart.
 *
 * A link may have led to the file, so an error has its place and quotes nothing of it.
 */
import type { AgentConfig } from '../model/config';
import { isObject, Json, JsonObject } from '../model/json';
import type { Document, Origin } from '../model/origin';
import type { Path } from '../model/path';
import { accepted, Parsed, refused } from '../net/parsed';
import { valuesIn } from './chart-values';
import { documentsOf } from './documents';
import { parseDocument, TextPlaces } from './places';
import { ExcessiveAliasing, toJson } from './yaml/json';
import type { Node } from './yaml/node';
import type { Problem } from './yaml/source';

/** The value of a file, and where its parts are written. */
export interface FileValue {
  readonly value: Json;
  readonly root: Node;
  /** For example `settings.yaml:3:1`: the key at the end of a path. */
  readonly placeOf: (path: Path) => string;
}

/** Reads a file that holds one YAML or JSON document. */
export function parseFile(name: string, text: string): Parsed<FileValue> {
  const places = new TextPlaces();
  const source = { name, text };
  const [document = { source, index: 0, start: 0, end: 0, places }, ...more] = documentsOf(source, places);
  const placeOf = (at: Omit<Origin, 'document'>, of: Document = document) => {
    const place = places.placeOf({ document: of, ...at });
    return place === undefined ? name : `${name}:${place.line}:${place.column}`;
  };
  if (more.length > 0) {
    return refused(`${placeOf({ path: [] }, more[0])}: ${WORDS['ignored-text']}`);
  }
  const { root, hasAliases, problems } = parseDocument(document);
  const problem = problems.filter(({ is }) => is !== 'merge-override').at(-1);
  if (root === undefined || problem !== undefined) {
    const range = problem && { start: document.start + problem.start, end: document.start + problem.end };
    return refused(`${placeOf({ path: [], range })}: ${problem === undefined ? WORDS.syntax : WORDS[problem.is]}`);
  }
  try {
    return accepted({ value: toJson(root, hasAliases) as Json, root, placeOf: (path) => placeOf({ path, onKey: true }) });
  } catch (error) {
    if (error instanceof ExcessiveAliasing) {
      return refused(`${name}: ${WORDS.limit}`);
    }
    throw error;
  }
}

const WORDS: Readonly<Record<Problem['is'], string>> = {
  syntax: 'the file is not valid YAML',
  'duplicate-key': 'a key stands twice',
  'merge-order': 'a key stands before a `<<` that merges it',
  'merge-twice': 'a `<<` stands twice',
  'merge-override': 'a key stands twice',
  'ignored-text': 'the file must have only one document',
  limit: 'the file is too deep, or repeats its anchors too often',
};

const GIVEN = Symbol('a configuration that is read');

/** A configuration as it is given. */
export type GivenConfig = { readonly [GIVEN]: true } & (
  | { readonly is: 'keys'; readonly keys: AgentConfig }
  /** Values of Cilium's Helm chart, from which the keys follow. */
  | { readonly is: 'values'; readonly values: JsonObject }
) & {
    /** Where a key or value is written, and nothing of it must be quoted. @default - a program gives the configuration */
    readonly placeOf?: (path: Path) => string;
  };

/** Whether a setting is a configuration that is read, and not yet one as users write it. */
export function isGivenConfig(value: unknown): value is GivenConfig {
  return isObject(value) && GIVEN in value;
}

/** Reads a file with `cilium-config`, or with values of Cilium's Helm chart. A ConfigMap has its keys under `data`. */
export function parseConfig(name: string, text: string): Parsed<GivenConfig> {
  const file = parseFile(name, text);
  if (!file.ok) {
    return file;
  }
  const { value, placeOf } = file.value;
  const found = valuesIn(value);
  if (found !== undefined) {
    return accepted({ [GIVEN]: true, is: 'values', values: found.values, placeOf: (path) => placeOf([...found.path, ...path]) });
  }
  const path: Path = isObject(value) && value.kind === 'ConfigMap' ? ['data'] : [];
  const keys: Json | undefined = path.length === 0 ? value : (value as JsonObject).data;
  if (!isObject(keys)) {
    return refused(`${placeOf(path)}: \`cilium-config\` must be a mapping of keys to values`);
  }
  const wrong = wrongKey(keys);
  return wrong === undefined
    ? accepted({ [GIVEN]: true, is: 'keys', keys: textsOf(keys), placeOf: (inner) => placeOf([...path, ...inner]) })
    : refused(`${placeOf([...path, wrong])}: the value is not a string, a boolean or a number`);
}

/** Reads keys or values that a program or a settings file has. Booleans and numbers may be written without quotes. */
export function parseKeys(value: unknown, quote: Quote): Parsed<GivenConfig> {
  if (!isObject(value)) {
    return refused('`config` must be a mapping of keys of `cilium-config` to values');
  }
  const found = valuesIn(value);
  if (found !== undefined) {
    return accepted({ [GIVEN]: true, is: 'values', values: found.values });
  }
  const wrong = wrongKey(value);
  return wrong === undefined
    ? accepted({ [GIVEN]: true, is: 'keys', keys: textsOf(value) })
    : refused(`the value${quote(wrong, 'of')} in \`config\` is not a string, a boolean or a number`);
}

/** Quotes a text of the user after a word, for example ` of \`key\``; for a file, whose errors have places, it quotes nothing. */
export type Quote = (text: string, word?: string) => string;

function wrongKey(keys: JsonObject): string | undefined {
  return Object.keys(keys).find((key) => typeof keys[key] === 'object' && keys[key] !== null);
}

/** The agent reads each key from a file, without the white space around it. Source: cilium `pkg/option/config.go`, ReadDirConfig. */
function textsOf(keys: JsonObject): AgentConfig {
  return Object.fromEntries(Object.entries(keys).map(([key, inner]) => [key, inner === null ? '' : String(inner as string).trim()]));
}
