/** Files and folders that are not read because a pattern of the user or of a `.gitignore` excludes them. */
import { existsSync, lstatSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { Glob, matchesGlob, parseGlob } from '../net/glob';
import { accepted, Parsed, refused } from '../net/parsed';
import { readRegular } from './regular-file';

/** A pattern for paths in a folder. */
export interface Exclusion {
  /** The real path of the folder that the pattern is relative to. */
  readonly folder: string;
  readonly glob: Glob;
  /** Where the pattern comes from, for example `--exclude vendor/` or `apps/.gitignore:3`. */
  readonly by: string;
}

/** What decides is the last pattern that matches, of the last list that has one. */
export type Exclusions = readonly (readonly Exclusion[])[];

/** What excludes a path; `undefined` if nothing does. The folders above it are not excluded. */
export function excluderOf(real: string, isFolder: boolean, lists: Exclusions): string | undefined {
  for (const list of [...lists].reverse()) {
    const found = lastOf(list, (exclusion) => matches(exclusion, real, isFolder));
    if (found !== undefined) {
      return found.glob.isNegated ? undefined : found.by;
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

/** Outside of the folder of a pattern, only the name of a path is compared. */
function matches({ folder, glob }: Exclusion, real: string, isFolder: boolean): boolean {
  const isInside = real.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
  const names = (isInside ? real.slice(folder.length) : real).split(sep).filter((name) => name !== '');
  return (isInside || !glob.isAnchored) && matchesGlob(glob, names, isFolder);
}

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
  return bytes.ok ? patternsIn(bytes.value.toString('utf8'), folder, name) : bytes;
}

/** Reads the lines of a `.gitignore`. A line that can match nothing is passed over, as git does. */
export function patternsIn(text: string, folder: string, name: string): Parsed<readonly Exclusion[]> {
  const lines = text.replace(/^\ufeff/, '').split('\n');
  if (lines.length > MAX_PATTERNS) {
    return refused(`it has ${lines.length} lines, the maximum is ${MAX_PATTERNS}`);
  }
  return accepted(
    lines.flatMap((line, i) => {
      const pattern = withoutBlanks(line.replace(/\r$/, ''));
      const glob = pattern === '' || pattern.startsWith('#') ? undefined : parseGlob(pattern);
      return glob?.ok ? [{ folder, glob: glob.value, by: `${name}:${i + 1}` }] : [];
    }),
  );
}

/** Without blanks at the end, unless they are escaped. */
function withoutBlanks(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ' && line[end - 2] !== '\\') {
    end -= 1;
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
