/**
 * Reads files of a git revision, from the objects of the repository: nothing is checked out, and nothing that the repository says is run.
 *
 * Git's own filters, hooks, text conversions and downloads of missing objects are off.
 */
import { execFileSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Source } from '../model/origin';
import { accepted, Parsed, refused } from '../net/parsed';
import { printable } from '../net/printable';
import { excluderOf, Exclusion, MAX_STEPS } from './exclusions';
import { hasManifestName, isSkipped } from './files';

/**
 * The revisions of `main..HEAD`, of which the second one is empty for the files on disk; of `main...HEAD`, the first one is where both have parted.
 * `undefined` if the text has no dots between two names.
 */
export function revisionsIn(text: string): Parsed<readonly [string, string]> | undefined {
  const dots = text.indexOf('..', 1);
  if (dots < 0) {
    return undefined;
  }
  const isParting = text[dots + 2] === '.';
  const [before, after] = [text.slice(0, dots), text.slice(dots + (isParting ? 3 : 2))];
  if (!isParting) {
    return accepted([before, after]);
  }
  const parted = git(['merge-base', '--end-of-options', before, after === '' ? 'HEAD' : after]);
  return parted.ok
    ? accepted([parted.value.toString().trim(), after])
    : refused(
        `\`${before}\` and \`${after}\` have no common revision in this git repository`,
        'name two revisions, for example `main..HEAD`',
      );
}

/**
 * All YAML and JSON files below the paths, which are relative to the working folder or absolute, as they are in a revision. What is excluded is a
 * source without a text, as in folders.
 */
export function sourcesIn(revision: string, paths: readonly string[], exclude: readonly Exclusion[] = []): Parsed<readonly Source[]> {
  const commit = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (!commit.ok) {
    return refused(`no revision \`${revision}\` in this git repository`, 'name one that `git rev-parse` knows, for example `main`');
  }
  const top = git(['rev-parse', '--show-toplevel']);
  if (!top.ok) {
    return top;
  }
  const root = top.value.toString().replace(/\n$/, '');
  const wanted = paths.map((path) => relative(root, resolve(realpathSync('.'), path)).replaceAll('\\', '/'));
  const outside = wanted.find((path) => path === '..' || path.startsWith('../') || isAbsolute(path));
  if (outside !== undefined) {
    return refused(`\`${outside}\` is outside of the git repository`, 'name files or folders of the repository');
  }
  const listed = git(['ls-tree', '-r', '-z', '-l', '--full-tree', commit.value.toString().trim()]);
  if (!listed.ok) {
    return listed;
  }
  const files = listed.value
    .toString()
    .split('\0')
    .flatMap((line) => entryIn(line) ?? [])
    .filter(({ path }) => wanted.some((one) => isBelow(path, one)));
  const excluder = new Excluder(root, wanted, exclude);
  const left = files.map((file) => ({ file, by: excluder.of(file.path) }));
  const excluded = left.flatMap(({ file, by }): Source[] =>
    by === undefined
      ? []
      : [{ name: shownName(root, file.path), excludedBy: by.by, ...(by.isUnasked === true && { isExcludedUnasked: true }) }],
  );
  const read = sourcesOf(
    left.filter(({ by }) => by === undefined).map(({ file }) => file),
    root,
  );
  return read.ok ? accepted([...read.value, ...excluded]) : read;
}

/** From the working folder, as the path of a file on disk. */
function shownName(root: string, path: string): string {
  return relative(realpathSync('.'), join(root, path)).replaceAll('\\', '/');
}

/** What excludes files. A path that is given itself is read. */
class Excluder {
  private readonly steps = { left: MAX_STEPS };

  public constructor(
    private readonly root: string,
    private readonly wanted: readonly string[],
    private readonly exclude: readonly Exclusion[],
  ) {}

  public of(path: string): Exclusion | undefined {
    const steps = path.split('/');
    for (let i = 1; i <= steps.length && this.exclude.length > 0; i++) {
      const own = steps.slice(0, i).join('/');
      const isGiven = this.wanted.some((one) => isBelow(one, own));
      const found = isGiven ? undefined : excluderOf(join(this.root, own), i < steps.length, [this.exclude], this.steps);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }
}

interface Entry {
  readonly hash: string;
  readonly size: number;
  /** From the root of the repository. */
  readonly path: string;
}

/** A regular file with manifests; `undefined` for anything else, such as links and modules. */
function entryIn(line: string): Entry | undefined {
  const [, hash, size, path] = /^100(?:644|755) blob ([0-9a-f]+) +(\d+)\t(.+)$/s.exec(line) ?? [];
  if (path === undefined) {
    return undefined;
  }
  const steps = path.split('/');
  const isRead = hasManifestName(steps.at(-1)!) && !steps.slice(0, -1).some(isSkipped);
  return isRead ? { hash, size: Number(size), path } : undefined;
}

function isBelow(path: string, folder: string): boolean {
  const plain = folder.endsWith('/') ? folder.slice(0, -1) : folder;
  return plain === '.' || plain === '' || path === plain || path.startsWith(`${plain}/`);
}

/** The most that is read of a revision, in bytes. */
export const MOST_BYTES = 512 * 1024 * 1024;

function sourcesOf(files: readonly Entry[], root: string): Parsed<readonly Source[]> {
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > MOST_BYTES) {
    return refused(
      `the files have ${Math.ceil(total / 1024 / 1024)} MB, and at most ${MOST_BYTES / 1024 / 1024} MB are read`,
      'name fewer files',
    );
  }
  const read = git(['cat-file', '--batch', '--buffer'], files.map(({ hash }) => `${hash}\n`).join(''));
  if (!read.ok) {
    return read;
  }
  const sources: Source[] = [];
  let at = 0;
  for (const { path } of files) {
    const end = read.value.indexOf(10, at);
    const [, size] = /^[0-9a-f]+ blob (\d+)$/.exec(read.value.toString('latin1', at, end)) ?? [];
    if (size === undefined) {
      return refused(
        `\`${path}\` cannot be read from the git repository`,
        'fetch the revision whole, for example with `git fetch --unshallow`',
      );
    }
    const start = end + 1;
    at = start + Number(size) + 1;
    sources.push({
      name: shownName(root, path),
      text: read.value.toString('utf8', start, start + Number(size)),
    });
  }
  return accepted(sources.sort((a, b) => (a.name < b.name ? -1 : 1)));
}

function git(words: readonly string[], input = ''): Parsed<Buffer> {
  try {
    const options = [
      '--no-pager',
      '--no-replace-objects',
      '-c',
      'core.fsmonitor=false',
      '-c',
      'core.hooksPath=/dev/null',
      '-c',
      'protocol.allow=never',
    ];
    return accepted(
      execFileSync('git', [...options, ...words], {
        input,
        maxBuffer: 2 * MOST_BYTES,
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_NO_LAZY_FETCH: '1', GIT_OPTIONAL_LOCKS: '0' },
      }),
    );
  } catch (error) {
    const { code, stderr } = error as { code?: string; stderr?: Buffer };
    return code === 'ENOENT'
      ? refused('git is not installed', 'install git, or give two folders')
      : refused(
          `git fails: ${printable((stderr?.toString() ?? '').trim().split('\n')[0])}`,
          'run the command in a git repository, or give two folders',
        );
  }
}
