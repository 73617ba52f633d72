/** Objects in which a key may be repeated, and in which a key or a scalar has a spelling. Written as JSON and as YAML. */
import fc from 'fast-check';
import { among, weighted } from './choices';

/** The two spellings of a scalar, of a key, or of another value on one line. */
export interface Spelling {
  readonly yaml: string;
  readonly json: string;
}

/** A value whose keys may be repeated. */
export type Tree = Spelling | { readonly items: readonly Tree[] } | { readonly entries: readonly Entry[] };

export type Entry = readonly [key: Spelling, value: Tree];

/** A text in its usual spelling, or rarely with escapes. */
export function spelled(text: string): fc.Arbitrary<Spelling> {
  const [first, rest] = [text.charCodeAt(0), text.slice(1)];
  const hex = first.toString(16).padStart(2, '0');
  const quoted = JSON.stringify(text);
  const slashes = quoted.replaceAll('/', '\\/');
  const escaped = { yaml: `"\\x${hex}${rest}"`, json: `"\\u00${hex}${rest}"` };
  return weighted(
    [40, fc.constant({ yaml: text, json: quoted })],
    [4, among({ yaml: quoted, json: quoted }, { yaml: `'${text}'`, json: quoted })],
    [3, fc.constant(escaped)],
    [2, among({ yaml: slashes, json: slashes }, { yaml: `!!str ${text}`, json: slashes })],
  );
}

/** Values that are no plain text. */
export function raw(...texts: readonly string[]): fc.Arbitrary<Spelling> {
  return among(...texts.map((text) => ({ yaml: text, json: text })));
}

export function entry(key: fc.Arbitrary<Spelling>, value: fc.Arbitrary<Tree>): fc.Arbitrary<readonly Entry[]> {
  return fc.tuple(key, value).map((pair) => [pair]);
}

/** Entries with the chance that they are there, in percent. */
export function maybe(percent: number, entries: fc.Arbitrary<readonly Entry[]>): fc.Arbitrary<readonly Entry[]> {
  return weighted([percent, entries], [100 - percent, fc.constant([])]);
}

export function tree(...parts: readonly fc.Arbitrary<readonly Entry[]>[]): fc.Arbitrary<Tree> {
  return fc.tuple(...parts).map((all) => ({ entries: all.flat() }));
}

/** JSON, on one line or indented. */
export function jsonText(value: Tree, step: number | undefined, pad = ''): string {
  if ('json' in value) {
    return value.json;
  }
  const [open, close, parts] = partsOf(value, (inner) => jsonText(inner, step, pad + ' '.repeat(step ?? 0)));
  const lineEnd = step === undefined ? '' : `\n${pad}`;
  const inner = step === undefined ? '' : `${lineEnd}${' '.repeat(step)}`;
  return parts.length === 0 ? open + close : `${open}${inner}${parts.join(`,${inner}`)}${lineEnd}${close}`;
}

function partsOf(value: Exclude<Tree, Spelling>, text: (inner: Tree) => string): [open: string, close: string, parts: string[]] {
  return 'items' in value
    ? ['[', ']', value.items.map(text)]
    : ['{', '}', value.entries.map(([key, inner]) => `${key.json}: ${text(inner)}`)];
}

export function flowText(value: Tree): string {
  if ('yaml' in value) {
    return value.yaml;
  }
  return 'items' in value
    ? `[${value.items.map(flowText).join(', ')}]`
    : `{${value.entries.map(([key, inner]) => `${key.yaml}: ${flowText(inner)}`).join(', ')}}`;
}

/** YAML in block style. */
export function blockText(value: Tree, indent: number): string {
  const pad = ' '.repeat(indent);
  if ('yaml' in value) {
    return value.yaml;
  }
  return 'items' in value
    ? value.items.map((item) => `- ${blockText(item, indent + 2)}`).join(`\n${pad}`) || '[]'
    : value.entries.map(([key, inner]) => `${key.yaml}:${afterKey(inner, indent + 2)}`).join(`\n${pad}`) || '{}';
}

function afterKey(value: Tree, indent: number): string {
  return 'yaml' in value ? ` ${value.yaml}` : `\n${' '.repeat(indent)}${blockText(value, indent)}`;
}
