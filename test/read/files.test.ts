/** Files and folders as sources. The folders may be a stranger's. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { expectParsed } from '../../lib/net/parsed';
import { MAX_GITIGNORE, MAX_PATTERNS } from '../../lib/read/exclusions';
import { readPaths, ReadPathsOptions } from '../../lib/read/files';
import { settle } from '../../lib/settings/settings';

const start = process.cwd();
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(os.tmpdir(), 'files-')));
  process.chdir(folder);
});

afterEach(() => {
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

function write(path: string, content: string | Buffer = 'a: 1\n'): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}

function link(path: string, target: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(target, join(folder, path));
}

/** What was read: the name, and what is special about it. */
function read(paths: readonly string[], options?: ReadPathsOptions): string[] {
  return readPaths(paths, options).map(({ name, problem, isSkipped, excludedBy, file, isPrivate }) =>
    [
      name,
      ...(problem === undefined ? [] : [`(${problem})`]),
      ...(isSkipped ? ['(skipped)'] : []),
      ...(excludedBy === undefined ? [] : [`(${excludedBy})`]),
      ...(file === undefined && problem === undefined && !isSkipped && excludedBy === undefined ? ['(linked)'] : []),
      ...(isPrivate ? ['(private)'] : []),
    ].join(' '),
  );
}

test('a folder is read with its subfolders, sorted by name, YAML and JSON only', () => {
  ['b.yml', 'a.yaml', 'c.JSON', 'd.txt', 'sub/e.yaml'].forEach((path) => write(path));
  expect(read(['.'])).toEqual(['a.yaml', 'b.yml', 'c.JSON', 'sub/e.yaml']);
});

test('hidden folders and node_modules are named, and read if the user names them', () => {
  ['a.yaml', '.git/f.yaml', '.github/g.yaml', 'sub/node_modules/h.yaml', '.hidden.yaml'].forEach((path) => write(path));
  expect(read(['.'])).toEqual(['.hidden.yaml', 'a.yaml', '.github (skipped)', 'sub/node_modules (skipped)']);
  expect(read(['.', '.github'])).toEqual(['.hidden.yaml', 'a.yaml', '.github/g.yaml', '.github (skipped)', 'sub/node_modules (skipped)']);
});

test('a path to a file is read whatever its extension, and only once', () => {
  write('d.txt');
  write('m/a.yaml');
  expect(read(['d.txt', './d.txt', join(folder, 'd.txt'), 'm', 'm/a.yaml'])).toEqual(['d.txt', 'm/a.yaml']);
});

test('a backslash is part of a name', () => {
  write('m/..\\package.json');
  expect(readPaths(['m'])).toMatchObject([{ name: 'm/..\\package.json', file: join(folder, 'm/..\\package.json') }]);
});

test('a file and a folder whose names are not valid UTF-8 are named, and the rest is read', () => {
  write('a.yaml');
  const named = (name: string) => Buffer.concat([Buffer.from(`${folder}/${name}`), Buffer.from([0xff])]);
  mkdirSync(named('sub'));
  writeFileSync(Buffer.concat([named('b'), Buffer.from('.yaml')]), 'a: 1\n');
  expect(read(['.'])).toEqual([
    'a.yaml',
    'b\ufffd.yaml (the file cannot be read: it does not exist)',
    'sub\ufffd (the folder cannot be read: it does not exist)',
  ]);
});

test('a link to a file in the given paths is another name of it', () => {
  write('m/b.yaml');
  write('m/.hidden/c.yaml');
  link('m/a.yaml', 'b.yaml');
  link('m/d.yaml', '.hidden/c.yaml');
  expect(read(['m'])).toEqual(['m/b.yaml', 'm/d.yaml (linked)', 'm/.hidden (skipped)']);
});

const OUT = '(the link leads out of the given paths, and is not followed)';

test('a link that leads out of the given paths is not followed', () => {
  write('secret/a.yaml');
  link('m/a.yaml', '../secret/a.yaml');
  link('m/b.yaml', join(folder, 'secret/a.yaml'));
  link('m/c.yaml', '/proc/self/environ');
  link('m/sub/d.yaml', 'e.yaml');
  link('m/sub/e.yaml', '../../secret/a.yaml');
  link('m/README', '../secret/a.yaml');
  expect(read(['m'])).toEqual(['m/a.yaml', 'm/b.yaml', 'm/c.yaml', 'm/sub/d.yaml', 'm/sub/e.yaml'].map((name) => `${name} ${OUT}`));
  expect(read(['m', 'secret'])).toEqual(['secret/a.yaml', `m/c.yaml ${OUT}`]);
});

test('with the flag it is followed, and nothing of it is quoted if it leads out of the working folder', () => {
  write('secret/a.yaml');
  write('m/x.yaml');
  write('m/shared/y.yaml');
  link('m/a.yaml', '../secret/a.yaml');
  process.chdir(join(folder, 'm'));
  expect(read(['.'], { followLinks: true })).toEqual(['a.yaml (linked) (private)', 'shared/y.yaml', 'x.yaml']);
  process.chdir(folder);
  expect(read(['m'], { followLinks: true })).toEqual(['m/a.yaml (linked)', 'm/shared/y.yaml', 'm/x.yaml']);
});

test('a link to a folder is named, and followed with the flag, once', () => {
  write('m/real/a.yaml');
  write('out/b.yaml');
  link('m/again', 'real');
  link('m/loop', '..');
  link('m/out.yaml', '../out');
  expect(read(['m'])).toEqual(['m/real/a.yaml', 'm/again (skipped)', 'm/loop (skipped)', 'm/out.yaml (skipped)']);
  expect(read(['m'], { followLinks: true })).toEqual(['m/real/a.yaml', 'm/loop/out/b.yaml (linked)']);
});

test('a link to nothing, to itself or to a pipe is a file that cannot be read', () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  mkdirSync('m');
  link('m/a.yaml', 'nothing');
  link('m/b.yaml', 'b.yaml');
  link('m/c.yaml', '../pipe');
  link('m/d.yaml', '/dev/zero');
  link('m/NOTES', 'nothing');
  expect(read(['m'], { followLinks: true })).toEqual([
    'm/a.yaml (the link cannot be followed: it does not exist)',
    'm/b.yaml (the link cannot be followed: its links lead in a circle)',
    'm/c.yaml (the link leads to something that is not a regular file)',
    'm/d.yaml (the link leads to something that is not a regular file)',
  ]);
});

test('a pipe in a folder is not read', () => {
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  expect(read(['.'])).toEqual(['pipe.yaml (the file cannot be read: it is not a regular file)']);
});

test('a link that a shell has expanded is followed, but is not written, and not quoted if it leads out of the working folder', () => {
  write('secret/a.yaml');
  write('work/m/b.yaml');
  link('work/m/a.yaml', '../../secret/a.yaml');
  link('work/m/c.yaml', 'b.yaml');
  link('work/m/zero.yaml', '/dev/zero');
  link('work/d', '../secret');
  process.chdir(join(folder, 'work'));
  expect(read(['m/a.yaml', 'm/c.yaml', 'd', 'm/zero.yaml'])).toEqual([
    'm/a.yaml (linked) (private)',
    'm/c.yaml (linked)',
    'm/zero.yaml (the file cannot be read: it is not a regular file)',
  ]);
});

test("the working folder is not the stranger's if the user's own files are in it", () => {
  jest.spyOn(os, 'homedir').mockReturnValue(join(folder, 'home'));
  write('home/secret.yaml');
  link('m/a.yaml', '../home/secret.yaml');
  expect(read(['m/a.yaml'])).toEqual(['m/a.yaml (linked) (private)']);
  jest.restoreAllMocks();
});

test.each([
  ['nowhere', 'no such file or folder `nowhere`'],
  ['loop', '`loop` cannot be read: its links lead in a circle'],
  ['a.yaml/b', '`a.yaml/b` cannot be read: a part of its path is not a folder'],
  ['\u001b[2J', 'no such file or folder `␛[2J`'],
])('the path %j is an error', (path, message) => {
  write('a.yaml');
  link('loop', 'loop');
  expect(() => readPaths([path])).toThrow(message);
});

test('a folder without permission is named', () => {
  write('m/a/b.yaml');
  chmodSync('m/a', 0);
  const found = read(['m']);
  chmodSync('m/a', 0o700);
  // The superuser needs no permission.
  expect(found).toEqual(process.getuid?.() === 0 ? ['m/a/b.yaml'] : ['m/a (the folder cannot be read: permission denied)']);
});

test('patterns that take too long exclude nothing more, and the run says so', () => {
  write('.git/HEAD');
  write('.gitignore', `${'*a'.repeat(100)}b\n`.repeat(5_000));
  Array.from({ length: 80 }, (_, i) => write(`${'a'.repeat(240)}${i}.yaml`));
  const found = read(['.'], { respectGitignore: true });
  expect(found).toHaveLength(81);
  expect(found.at(-1)).toBe('exclude (the patterns that exclude files take too long, and exclude nothing from here on)');
});

test.each<[string, Buffer, object]>([
  ['UTF-8', Buffer.from('a: é\n'), { text: 'a: é\n' }],
  ['UTF-16', Buffer.from('\ufeffa: 1\n', 'utf16le'), { problem: 'the file is encoded in UTF-16; save it as UTF-8' }],
  ['invalid bytes', Buffer.from([0x61, 0xff, 0x61]), { problem: 'the file is not valid UTF-8' }],
  ['the replacement character itself', Buffer.from('a: \ufffd\n'), { text: 'a: \ufffd\n' }],
])('%s', (_, bytes, expected) => {
  write('a.yaml', bytes);
  expect(readPaths(['a.yaml'])).toMatchObject([expected]);
});

/** The patterns of `--exclude`. */
function excluding(...patterns: readonly string[]): ReadPathsOptions {
  return { exclude: expectParsed(settle([], { values: { exclude: patterns }, folder })).exclude };
}

test('what a pattern excludes is named and not read, unless it is a given path itself', () => {
  ['a.yaml', 'old/b.yaml', 'apps/old/c.yaml', 'apps/d.json', 'apps/e.txt', 'node_modules/f.yaml'].forEach((path) => write(path));
  const [old, all] = [excluding('old/'), excluding('/apps/*', '!d.json', 'node_modules')];
  expect(read(['.'], old)).toEqual([
    'a.yaml',
    'apps/d.json',
    'apps/old (--exclude old/)',
    'node_modules (skipped)',
    'old (--exclude old/)',
  ]);
  expect(read(['.'], all)).toEqual([
    'a.yaml',
    'apps/d.json',
    'old/b.yaml',
    'apps/old (--exclude /apps/*)',
    'node_modules (--exclude node_modules)',
  ]);
  expect(read(['old', 'apps/old/c.yaml'], excluding('old/', 'c.yaml'))).toEqual(['old/b.yaml', 'apps/old/c.yaml']);
});

test('a link is excluded by its own name, and what it leads to is not', () => {
  write('a.yaml');
  link('b.yaml', 'a.yaml');
  expect(read(['.'], excluding('b.yaml'))).toEqual(['a.yaml', 'b.yaml (--exclude b.yaml)']);
  expect(read(['.'], excluding('a.yaml'))).toEqual(['b.yaml (linked)', 'a.yaml (--exclude a.yaml)']);
});

test('what git ignores is read, unless the user leaves it out', () => {
  ['.git/HEAD', 'dist/a.yaml', 'apps/gen/b.yaml', 'apps/c.yaml', 'apps/d.yaml', 'inner/.git/HEAD', 'inner/dist/e.yaml'].forEach((path) =>
    write(path),
  );
  write('.gitignore', 'dist/\n*.yaml\n!c.yaml\n!e.yaml\n');
  write('apps/.gitignore', 'gen\n!d.yaml\n');
  write('inner/.gitignore', '/nothing\n');
  expect(read(['.'])).toHaveLength(5);
  const options = { respectGitignore: true };
  expect(read(['.'], options)).toEqual([
    'apps/c.yaml',
    'apps/d.yaml',
    'inner/dist/e.yaml',
    'apps/gen (apps/.gitignore:1)',
    'dist (.gitignore:1)',
  ]);
  process.chdir(join(folder, 'apps'));
  expect(read(['.'], options)).toEqual(['c.yaml', 'd.yaml', 'gen (.gitignore:1)']);
  expect(read(['gen'], options)).toEqual(['gen/b.yaml (../.gitignore:2)']);
});

test.each<[string, () => void, string]>([
  ['a link', () => link('.gitignore', 'a.yaml'), 'it is a link, which git does not follow'],
  ['a pipe', () => execFileSync('mkfifo', ['.gitignore']), 'it is not a regular file'],
  ['too large', () => write('.gitignore', 'x'.repeat(MAX_GITIGNORE + 1)), `it has more than ${MAX_GITIGNORE} bytes`],
  [
    'too long',
    () => write('.gitignore', 'x\n'.repeat(MAX_PATTERNS + 1)),
    `it has ${MAX_PATTERNS + 2} lines, the maximum is ${MAX_PATTERNS}`,
  ],
])('a .gitignore that is %s excludes nothing, and is a problem', (_, make, problem) => {
  ['.git/HEAD', 'a.yaml'].forEach((path) => write(path));
  make();
  expect(read(['.'], { respectGitignore: true })).toEqual(['a.yaml', `.gitignore (the file cannot be read: ${problem})`]);
});

test('a Kustomization without an extension is read', () => {
  ['a.yaml', 'Kustomization', 'kustomization'].forEach((path) => write(path));
  expect(read(['.'])).toEqual(['Kustomization', 'a.yaml']);
});
