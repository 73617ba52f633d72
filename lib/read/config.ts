/** `cilium-config`, as a ConfigMap or as plain keys. */
import type { AgentConfig } from '../model/config';
import { isObject, Json, JsonObject } from '../model/json';
import { Parsed, accepted, refused } from '../net/parsed';
import { toJson } from './yaml/json';
import { parseYaml } from './yaml/parse';

/** Reads the text of a file; a ConfigMap has its keys under `data`. */
export function parseConfig(text: string): Parsed<AgentConfig> {
  const value = parseText(text);
  if (!value.ok) {
    return value;
  }
  const { kind, data } = value.value;
  return parseKeys(kind === 'ConfigMap' ? data : value.value);
}

/** The mapping that a text holds. */
export function parseText(text: string): Parsed<JsonObject> {
  const { root, problems } = parseYaml(text);
  if (root === undefined) {
    return refused(`the text is not YAML: ${problems.at(-1)?.message ?? ''}`);
  }
  const value = toJson(root);
  return isObject(value) ? accepted(value) : refused('the text is not a mapping');
}

/** Reads plain keys; switches and numbers may be written without quotes. */
export function parseKeys(value: Json | undefined): Parsed<AgentConfig> {
  if (!isObject(value)) {
    return refused('the keys of cilium-config are not a mapping');
  }
  const wrong = Object.entries(value).find(([, inner]) => typeof inner === 'object' && inner !== null);
  return wrong === undefined
    ? accepted(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, inner === null ? '' : String(inner as string)])))
    : refused(`\`${wrong[0]}\` is not a string, a boolean or a number`);
}
