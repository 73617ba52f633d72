/**
 * Reads files of a git revision, from the objects of the repository: nothing is checked out, and nothing that the repository says is run.
 *
 * Git's own filters, hooks, text conversions and downloads of missing objects are off.
 */
import { execFileSync } from 'node:child_process';
import { posix } from 'node:path';
import type { Source } from '../model/origin';
import { accepted, Parsed, refused } from '../net/parsed';
import { printable } from '../net/printable';
import { hasManifestName, isSkipped } from './files';

/** The revisions of `main..HEAD`: the second one is empty for the files on disk. `undefined` if the text has no two dots. */
export function revisionsIn(text: string): readonly [string, string] | undefined {
  const dots = text.indexOf('..', 1);
  return dots < 0 ? undefined : [text.slice(0, dots), text.slice(dots + (text[dots + 2] === '.' ? 3 : 2))];
}

/** All YAML and JSON files below the paths, which are relative to the working folder, as they are in a revision. */
export function sourcesIn(revision: string, paths: readonly string[]): Parsed<readonly Source[]> {
  const commit = git(['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`]);
  if (!commit.ok) {
    return refused(`no revision \`${revision}\` in this git repository`, 'name two revisions, for example `main..HEAD`');
  }
  const prefix = git(['rev-parse', '--show-prefix']);
  if (!prefix.ok) {
    return prefix;
  }
  const wanted = paths.map((path) => posix.normalize(posix.join(prefix.value.toString().trim(), path.replaceAll('\\', '/'))));
  const outside = wanted.find((path) => path.startsWith('..'));
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
  return sourcesOf(files, prefix.value.toString().trim());
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

function sourcesOf(files: readonly Entry[], prefix: string): Parsed<readonly Source[]> {
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
      name: posix.relative(prefix === '' ? '.' : prefix, path),
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
