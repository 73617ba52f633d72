/** Reads `cilium-config`, as a ConfigMap or as a mapping of its keys. */
import type { AgentConfig } from '../model/config';
import { isObject, Json, JsonObject } from '../model/json';
import { Parsed, accepted, refused } from '../net/parsed';
import { toJson } from './yaml/json';
import { parseYaml } from './yaml/parse';

/** Reads a file. A ConfigMap has its keys under `data`. */
export function parseConfig(text: string): Parsed<AgentConfig> {
  const value = parseText(text);
  if (!value.ok) {
    return value;
  }
  const { kind, data } = value.value;
  return parseKeys(kind === 'ConfigMap' ? data : value.value);
}

/** Reads a YAML text that holds a mapping. */
export function parseText(text: string): Parsed<JsonObject> {
  const { root, problems } = parseYaml(text);
  if (root === undefined) {
    return refused(`not valid YAML: ${problems.at(-1)?.message ?? ''}`);
  }
  const value = toJson(root);
  return isObject(value) ? accepted(value) : refused('the document is not a mapping');
}

/** Reads a mapping of keys. Booleans and numbers may be written without quotes. */
export function parseKeys(value: Json | undefined): Parsed<AgentConfig> {
  if (!isObject(value)) {
    return refused('`cilium-config` is not a mapping of keys to values');
  }
  const wrong = Object.entries(value).find(([, inner]) => typeof inner === 'object' && inner !== null);
  return wrong === undefined
    ? accepted(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inner === null ? '' : String(inner as string)])))
    : refused(`\`${wrong[0]}\` is not a string, a boolean or a number`);
}
