/**
 * The variables that replace placeholders such as `${VAR}`, if the user gives their values.
 *
 * Source: Flux, Kustomization, Post build variable substitution; drone/envsubst `parse/`. Its functions (`${VAR^^}`, `${VAR/a/b}` …) are not known
 * here, and stay placeholders.
 */
import { isObject, Json, JsonObject, setOwn } from '../model/json';
import type { Path } from '../model/path';
import { accepted, Parsed, refused } from '../net/parsed';
import { parseFile } from './config';
import { find } from './places';
import type { MappingNode, ScalarNode } from './yaml/node';
import { parseYaml } from './yaml/parse';
import { MAX_DEPTH } from './yaml/source';

/** Values by the names of variables. */
export type Variables = Readonly<Record<string, string>>;

/** The name of a variable. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `${NAME}`, or with what takes its place if it is not set: `${NAME:=x}`, `${NAME:-x}`; after a second dollar, it is a text. */
const PLACEHOLDER = /(\$?)\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?)[-=]([^{}]*))?\}/g;

/** The values add too many characters. */
export class ExcessiveValues extends Error {}

/** The maximum number of characters that values may add to all documents of a run. */
export const MAX_FILLED = 32 * 1024 * 1024;

/** Fills in the placeholders of the documents or objects of a run. A variable without a value and without a default stays a placeholder. */
export class Filler {
  private left = MAX_FILLED;

  public constructor(private readonly variables: Variables) {}

  public text(text: string): string {
    return text.includes('${')
      ? text.replace(PLACEHOLDER, (whole: string, escape: string, name: string, colon?: string, otherwise?: string) => {
          const value = Object.hasOwn(this.variables, name) ? this.variables[name] : undefined;
          const isSet = value !== undefined && !(value === '' && colon === ':');
          return this.counted(escape === '' ? ((isSet ? value : otherwise) ?? whole) : whole.slice(1));
        })
      : text;
  }

  /** The value of a scalar. Without quotes, the result is read as YAML: `port: ${PORT}` is a number. */
  public scalar({ text, value, style }: ScalarNode): ScalarNode['value'] {
    if (typeof value !== 'string') {
      return value;
    }
    const filled = this.text(value);
    if (style !== 'plain' || filled === text) {
      return filled;
    }
    // A list or a mapping would be another document than the one whose places are known.
    const { root } = parseYaml(filled);
    return root?.is === 'scalar' ? root.value : filled;
  }

  /** An object of a program, whose texts stay texts. What is deeper than any manifest stays as it is. */
  public object(value: Json, depth = 0): Json {
    if (typeof value === 'string') {
      return this.text(value);
    }
    if (depth > MAX_DEPTH) {
      return value;
    }
    if (Array.isArray(value)) {
      return value.map((item: Json) => this.object(item, depth + 1));
    }
    if (!isObject(value)) {
      return value;
    }
    const filled: Record<string, Json> = {};
    Object.entries(value).forEach(([key, inner]) => setOwn(filled, this.text(key), this.object(inner as Json, depth + 1)));
    return filled;
  }

  private counted(value: string): string {
    this.left -= value.length;
    if (this.left < 0) {
      throw new ExcessiveValues();
    }
    return value;
  }
}

/** Reads a file of values: a mapping, a ConfigMap, or lines of `NAME=VALUE`. Errors have places and quote nothing. */
export function parseVariableFile(name: string, text: string): Parsed<Variables> {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.trimStart().startsWith('#'));
  return lines.length > 0 && lines.every((line) => ASSIGNMENT.test(line))
    ? accepted(Object.fromEntries(lines.map((line) => ASSIGNMENT.exec(line)!).map(([, key, value]) => [key, unquoted(value.trim())])))
    : parseVariableMapping(name, text);
}

/** Reads a mapping or a ConfigMap. A value without quotes is what is written: `1.10` and not 1.1. */
export function parseVariableMapping(name: string, text: string): Parsed<Variables> {
  const file = parseFile(name, text);
  if (!file.ok) {
    return file;
  }
  const { value, placeOf, root } = file.value;
  const path: Path = isObject(value) && value.kind === 'ConfigMap' ? ['data'] : [];
  const { node, isShort } = find(root, path);
  const written = isShort || (node.is === 'scalar' && node.value === null) ? {} : node.is === 'mapping' ? textsOf(node) : undefined;
  const parsed = parseVariables(written);
  return parsed.ok
    ? parsed
    : refused(`${placeOf(parsed.name === undefined ? path : [...path, parsed.name])}: ${parsed.problem}`, parsed.help);
}

/** The texts of the scalars in a mapping; null for what is no scalar. */
function textsOf({ entries }: MappingNode): JsonObject {
  return Object.fromEntries(
    entries.map(({ name, key, value }) => [
      key.is === 'scalar' && key.text !== '' ? key.text : name,
      value.is !== 'scalar' ? [] : value.value === null ? '' : value.text,
    ]),
  );
}

const ASSIGNMENT = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;

function unquoted(text: string): string {
  const [quote] = text;
  return text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote) ? text.slice(1, -1) : text;
}

type ParsedVariables =
  | { readonly ok: true; readonly value: Variables }
  | { readonly ok: false; readonly problem: string; readonly help?: string; readonly name?: string };

/** Reads a mapping of names to values. Booleans and numbers may be written without quotes. A problem has the name that it is about. */
export function parseVariables(value: unknown): ParsedVariables {
  if (!isObject(value)) {
    return { ok: false, problem: '`values` must be a mapping of the names of variables to their values', help: HELP };
  }
  const [odd] = Object.keys(value).filter((name) => !NAME.test(name));
  if (odd !== undefined) {
    return { ok: false, problem: 'the name of a variable has letters, digits and `_`, and begins with no digit', name: odd };
  }
  const [wrong] = Object.keys(value).filter((name) => typeof value[name] === 'object' && value[name] !== null);
  const [inexact] = Object.keys(value).filter((name) => typeof value[name] === 'number' && !Number.isSafeInteger(value[name]));
  if (inexact !== undefined) {
    return { ok: false, problem: 'the value is a number that may be written in another way', help: 'write it in quotes', name: inexact };
  }
  return wrong === undefined
    ? { ok: true, value: Object.fromEntries(Object.entries(value).map(([name, one]) => [name, one === null ? '' : String(one as string)])) }
    : { ok: false, problem: 'the value is not a string, a boolean or a number', name: wrong };
}

const HELP = 'write for example `OFFICE_CIDR: 192.0.2.0/24`, or lines of `OFFICE_CIDR=192.0.2.0/24`';
