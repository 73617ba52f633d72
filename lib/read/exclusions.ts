/** Files and folders that are not read because a pattern of the user or of a `.gitignore` excludes them. */
import { existsSync, lstatSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { bytesOf, Glob, matchesGlob, parseGlob, Steps } from '../net/glob';
import { accepted, Parsed, refused } from '../net/parsed';
import { readRegular } from './regular-file';

/** A pattern for paths in a folder. */
export interface Exclusion {
  /** The real path of the folder that the pattern is relative to. */
  readonly folder: string;
  readonly glob: Glob;
  /** Where the pattern comes from, for example `--exclude vendor/` or `apps/.gitignore:3`. */
  readonly by: string;
  /** Whether a settings file that was found has the pattern, which may be a stranger's. @default false */
  readonly isUnasked?: boolean;
}

/** What decides is the last pattern that matches, of the last list that has one. */
export type Exclusions = readonly (readonly Exclusion[])[];

/** What excludes a path; `undefined` if nothing does, or if no steps are left. The folders above it are not excluded. */
export function excluderOf(real: string, isFolder: boolean, lists: Exclusions, steps: Steps): Exclusion | undefined {
  const named = new Map<string, Names>();
  const matches = ({ folder, glob }: Exclusion) => {
    const { isInside, names } = named.get(folder) ?? setIn(named, folder, namesBelow(folder, real));
    return (isInside || !glob.isAnchored) && matchesGlob(glob, names, isFolder, steps);
  };
  for (let i = lists.length - 1; i >= 0 && steps.left > 0; i--) {
    const found = lastOf(lists[i], matches);
    if (found !== undefined) {
      return found.glob.isNegated ? undefined : found;
    }
  }
  return undefined;
}

function lastOf<T>(list: readonly T[], is: (item: T) => boolean): T | undefined {
  for (let at = list.length - 1; at >= 0; at--) {
    if (is(list[at])) {
      return list[at];
    }
  }
  return undefined;
}

/** A path as bytes, from the folder of a pattern on. Outside of that folder, only its last name is compared. */
interface Names {
  readonly isInside: boolean;
  readonly names: readonly string[];
}

function namesBelow(folder: string, real: string): Names {
  const isInside = real.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
  const names = (isInside ? real.slice(folder.length) : real).split(sep).filter((name) => name !== '');
  return { isInside, names: names.map(bytesOf) };
}

function setIn<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

/** How many steps the patterns of a run may take together. */
export const MAX_STEPS = 100_000_000;

/** The maximum number of patterns of a user or of a `.gitignore`. */
export const MAX_PATTERNS = 10_000;

/** The maximum size of a `.gitignore`, in bytes. */
export const MAX_GITIGNORE = 1024 * 1024;

export const GITIGNORE = '.gitignore';

/** The patterns of the `.gitignore` in a folder; rejected if it is there and cannot be read. `name` is its path for people. */
export function gitignoreIn(folder: string, name: string): Parsed<readonly Exclusion[]> {
  const path = join(folder, GITIGNORE);
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats === undefined) {
    return accepted([]);
  }
  // git does not follow a link.
  const bytes = stats.isSymbolicLink() ? refused('it is a link, which git does not follow') : readRegular(path, MAX_GITIGNORE);
  return bytes.ok ? patternsIn(bytes.value.toString('latin1'), folder, name) : bytes;
}

/** Reads the lines of a `.gitignore`, given as bytes. A line that can match nothing is passed over, as git does. */
export function patternsIn(bytes: string, folder: string, name: string): Parsed<readonly Exclusion[]> {
  const lines = bytes.replace(/^\xef\xbb\xbf/, '').split('\n');
  if (lines.length > MAX_PATTERNS) {
    return refused(`it has ${lines.length} lines, the maximum is ${MAX_PATTERNS}`);
  }
  return accepted(
    lines.flatMap((line, i) => {
      const glob = parseGlob(patternIn(line));
      return glob.ok ? [{ folder, glob: glob.value, by: `${name}:${i + 1}` }] : [];
    }),
  );
}

/** The pattern of a line; empty for a comment. For git, a NUL ends the line. Source: git `dir.c`, add_patterns_from_buffer. */
function patternIn(line: string): string {
  const [text] = line.replace(/\r$/, '').split('\0', 1);
  return text.startsWith('#') ? '' : withoutBlanks(text);
}

/** Without blanks at the end, unless they are escaped. */
function withoutBlanks(line: string): string {
  let end = 0;
  for (let at = 0; at < line.length; at++) {
    const isEscaped = line[at] === '\\';
    at += isEscaped ? 1 : 0;
    end = line[at] === ' ' && !isEscaped ? end : at + 1;
  }
  return line.slice(0, end);
}

/** The folders of a repository above a folder, from its root on; none if the folder is in no repository or is its root. */
export function repositoryAbove(folder: string): readonly string[] {
  const above: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (isRepository(at)) {
      return above;
    }
    if (at === dirname(at)) {
      return [];
    }
    above.unshift(dirname(at));
  }
}

export function isRepository(folder: string): boolean {
  return existsSync(join(folder, '.git'));
}
