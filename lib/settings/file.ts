/** Finds and reads the settings file `cdk8s-cilium.yaml`, in a folder or one of its parents. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { AgentConfig } from '../model/config';
import { JsonObject } from '../model/json';
import { accepted, Parsed, refused } from '../net/parsed';
import { parseConfig, parseText } from '../read/config';
import { inFile, Layer, refuseUnknown, Settings, settle, Values } from './settings';

const SETTINGS_FILE = 'cdk8s-cilium.yaml';

const KEYS = ['cilium', 'config', 'inventory', 'namespace', 'select', 'ignore'] as const;

/** The settings file for a folder, as a layer; an empty layer if there is none. */
function findSettings(folder: string): Parsed<Layer> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const file = join(at, SETTINGS_FILE);
    if (existsSync(file)) {
      const values = parseSettings(readFileSync(file, 'utf8'), at);
      return values.ok ? accepted({ file, values: values.value }) : inFile(file, values);
    }
    if (at === dirname(at)) {
      return accepted({ values: {} });
    }
  }
}

/** The settings file of the working directory, overridden by `values`. `codes` are the codes of all checks. */
export function settleHere(codes: readonly string[], values: Values): Parsed<Settings> {
  const file = findSettings('.');
  return file.ok ? settle(codes, file.value, { values }) : file;
}

/** Reads the text of a settings file. The paths in it are relative to `folder`. */
export function parseSettings(text: string, folder: string): Parsed<Values> {
  const value = /^\s*(?:#.*\s*)*$/.test(text) ? accepted<JsonObject>({}) : parseText(text);
  if (!value.ok) {
    return value;
  }
  const unknown = refuseUnknown('setting', Object.keys(value.value), KEYS);
  return unknown.ok ? withFiles(value.value, folder) : unknown;
}

/** Reads the file that `config` names if it is a string, and makes the paths of `inventory` absolute. */
function withFiles(value: JsonObject, folder: string): Parsed<Values> {
  const { config, inventory } = value;
  const keys = typeof config === 'string' ? configIn(config, 'the path is relative to the settings file', folder) : accepted(config);
  if (!keys.ok) {
    return keys;
  }
  const absolute = (path: unknown): unknown => (typeof path === 'string' ? resolve(folder, path) : path);
  return accepted({
    ...value,
    ...(config !== undefined && { config: keys.value }),
    ...(inventory !== undefined && { inventory: Array.isArray(inventory) ? inventory.map(absolute) : absolute(inventory) }),
  });
}

/** Reads a file with a `cilium-config` ConfigMap, or with its keys. `help` is for a file that cannot be read. */
export function configIn(path: string, help: string, folder?: string): Parsed<AgentConfig> {
  const file = folder === undefined ? path : resolve(folder, path);
  try {
    return inFile(file, parseConfig(readFileSync(file, 'utf8')));
  } catch (error) {
    return refused((error as NodeJS.ErrnoException).code === 'ENOENT' ? `no such file \`${path}\`` : `\`${path}\` cannot be read`, help);
  }
}
