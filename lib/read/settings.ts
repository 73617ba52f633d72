/** The settings file, `cdk8s-cilium.yaml`, found upwards from a folder. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { AgentConfig } from '../model/config';
import { isObject, Json, JsonObject } from '../model/json';
import { nearest } from '../net/nearest';
import { accepted, Parsed, refused } from '../net/parsed';
import { parseConfig, parseKeys, parseText } from './config';

export const SETTINGS_FILE = 'cdk8s-cilium.yaml';

export interface Settings {
  /** A minor, or two with `..` between them. */
  readonly cilium?: string;
  readonly config?: AgentConfig;
  /** Paths of manifests that policies are judged against, from the working folder. */
  readonly inventory?: readonly string[];
  readonly namespace?: string;
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
}

const KEYS = ['cilium', 'config', 'inventory', 'namespace', 'select', 'ignore'] as const;

/** The settings that hold in a folder; none if there is no file. */
export function findSettings(folder: string): Parsed<Settings> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, SETTINGS_FILE);
    if (existsSync(file)) {
      return inFile(file, parseSettings(readFileSync(file, 'utf8'), at));
    }
    if (at === dirname(at)) {
      return accepted({});
    }
  }
}

function inFile<T>(file: string, parsed: Parsed<T>): Parsed<T> {
  return parsed.ok ? parsed : refused(`${file}: ${parsed.problem}`, parsed.help);
}

/** Reads the text of a settings file that is in a folder; files that it names are found from there. */
export function parseSettings(text: string, folder: string): Parsed<Settings> {
  const value = /^\s*(?:#.*\s*)*$/.test(text) ? accepted<JsonObject>({}) : parseText(text);
  if (!value.ok) {
    return value;
  }
  const unknown = Object.keys(value.value).find((key) => !(KEYS as readonly string[]).includes(key));
  if (unknown !== undefined) {
    const guess = nearest(unknown, KEYS);
    return refused(`unknown setting \`${unknown}\``, guess === undefined ? `known are ${KEYS.join(', ')}` : `did you mean \`${guess}\`?`);
  }
  return parseValues(value.value, folder);
}

function parseValues(value: JsonObject, folder: string): Parsed<Settings> {
  const config = value.config === undefined ? undefined : readConfig(value.config, folder);
  if (config !== undefined && !config.ok) {
    return config;
  }
  const [inventory, select, ignore] = [value.inventory, value.select, value.ignore].map(texts);
  const malformed = ['inventory', 'select', 'ignore'].find((_, i) => [inventory, select, ignore][i] === 'malformed');
  if (malformed !== undefined) {
    return refused(`\`${malformed}\` is no text and no list of texts`);
  }
  if (value.namespace !== undefined && typeof value.namespace !== 'string') {
    return refused('`namespace` is no text', 'write it in quotes');
  }
  return accepted({
    ...(value.cilium !== undefined && { cilium: minorText(value.cilium) }),
    ...(config !== undefined && { config: config.value }),
    ...(inventory !== undefined && { inventory: (inventory as readonly string[]).map((path) => join(folder, path)) }),
    ...(typeof value.namespace === 'string' && { namespace: value.namespace }),
    ...(select !== undefined && { select: select as readonly string[] }),
    ...(ignore !== undefined && { ignore: ignore as readonly string[] }),
  });
}

/** `1.20` without quotes is the number 1.2; no minor ends in a single digit that could be meant otherwise. */
export function minorText(value: unknown): string {
  return typeof value === 'number' ? value.toFixed(2) : typeof value === 'string' ? value : JSON.stringify(value);
}

function texts(value: Json | undefined): readonly string[] | 'malformed' | undefined {
  if (value === undefined) {
    return undefined;
  }
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return list.every((item) => typeof item === 'string') ? list : 'malformed';
}

/** The keys themselves, or the file that has them. */
function readConfig(value: Json, folder: string): Parsed<AgentConfig> {
  if (typeof value !== 'string') {
    return isObject(value) ? parseKeys(value) : refused('`config` is no file and no mapping');
  }
  const file = resolve(folder, value);
  if (!existsSync(file)) {
    return refused(`there is no file \`${value}\``, 'it is looked for beside the settings file');
  }
  return inFile(file, parseConfig(readFileSync(file, 'utf8')));
}
