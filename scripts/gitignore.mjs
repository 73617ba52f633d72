/**
 * Writes test/vectors/gitignore-patterns.json: what git ignores of some paths, for lists of patterns. It needs git.
 *
 * Stars behind a name, as in `x**`, are left out before a slash: git lets them match a slash, and its manual says that they do not.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const paths = [
  'a',
  'b',
  'a/b',
  'a/b/c',
  'a/x/b',
  'a/x/y/b',
  'x/a',
  'x/a/b',
  'ab',
  'a-b',
  'a]b',
  'foo',
  'foo/bar',
  'foo/bar/baz',
  'foobar',
  'x/foo',
  'x/foo/bar',
  'a.yaml',
  'x/a.yaml',
  'x/y/a.yaml',
  '#a',
  '!a',
  'a ',
  'a*b',
  'a[b',
  '\\',
  'a\\b',
  'A',
  '.a',
  '-',
  ']',
  '^',
  'é',
  '1',
  'a\tb',
];

const patterns = [
  'a',
  'a/',
  '/a',
  'a/b',
  '/a/b',
  'a/*',
  'a/**',
  'a/**/b',
  '**/b',
  '**/a/b',
  '**',
  '*',
  '/*',
  '/**',
  '*/b',
  '*/*',
  '*.yaml',
  '/*.yaml',
  'x/*.yaml',
  'x/**/*.yaml',
  '**.yaml',
  'x/**.yaml',
  'foo*',
  'f*o',
  'foo/*',
  'foo/**',
  'foo/**/baz',
  'foo/***',
  '***/bar',
  'foo/**/',
  '**/',
  '/',
  '//a',
  'a//b',
  'a/b/',
  './a',
  '../a',
  '\\#a',
  '\\!a',
  '#a',
  'a\\ ',
  'a ',
  'a\\',
  '\\a',
  'a\\*b',
  'a\\[b',
  'a?b',
  '?',
  '??',
  '[ab]',
  '[!a]',
  '[^a]',
  '[]ab]',
  '[!]ab]',
  '[a-c]',
  '[c-a]',
  '[a-]',
  '[-a]',
  '[]-a]',
  '[a\\]b]',
  '[\\\\]',
  '[',
  '[a',
  '[]',
  '[!]',
  'a[b',
  '[[:alpha:]]',
  '[[:digit:]a]',
  '[[:foo:]]',
  '[[:alpha:]',
  '[[:alpha]',
  '[[:space:]]',
  'a[[:blank:]]b',
  '[[:punct:]]',
  '[[:upper:]]',
  'a[/]b',
  'a[x/-]b',
  'a[!x]b',
  '[a/b]',
  '[x-z]/a',
  'a\\/b',
  '!a',
  '**/a/**',
  'a/**/x/**/b',
  '**/**/b',
  'x/**/**/a.yaml',
  '*a*',
  'a*/',
  'foo/bar',
  'fo[o]/bar',
  '/foo/',
  'foo/bar/',
  '**b',
  'b**',
  '[[.a.]]',
  '[a[:digit:]-c]',
  '[--a]',
  '[!-z]',
  '[a-\\z]',
  'a/?',
  'a/?/b',
  'é',
  '[é]',
  '*é*',
];

const several = [
  ['*', '!a'],
  ['a', '!a'],
  ['!a', 'a'],
  ['a/', '!a/b'],
  ['a/*', '!a/b'],
  ['/*', '!/foo', '/foo/*', '!/foo/bar'],
  ['*.yaml', '!x/a.yaml'],
  ['foo', '!foo/'],
  ['*', '!*/', '!*.yaml'],
  ['**', '!a'],
  ['x/**', '!x/a.yaml', '!x/y/'],
  ['a', '', '# c', '!a/b'],
  ['!', 'a'],
  ['!#a', '#a'],
  ['\\!a', '!\\!a'],
];

const foldersOf = (path) =>
  path
    .split('/')
    .slice(0, -1)
    .map((_, i, steps) => steps.slice(0, i + 1).join('/'));
const folders = [...new Set(paths.flatMap(foldersOf))];
const files = paths.filter((path) => !folders.includes(path));
const asked = [...files, ...folders.map((path) => `${path}/`)];

const root = mkdtempSync(join(tmpdir(), 'gitignore-'));
execFileSync('git', ['init', '-q', root]);
folders.forEach((path) => mkdirSync(join(root, path), { recursive: true }));
files.forEach((path) => writeFileSync(join(root, path), ''));
const lists = [...patterns.map((one) => [one]), ...several].map((list) => ({ list, ignored: ignoredBy(list) }));
rmSync(root, { recursive: true });
writeFileSync('test/vectors/gitignore-patterns.json', `${JSON.stringify({ paths: asked, lists })}\n`);

/** git answers each path with four fields, of which the third is the pattern that decides. */
function ignoredBy(list) {
  writeFileSync(join(root, '.gitignore'), `${list.join('\n')}\n`);
  const flags = ['-C', root, '-c', 'core.excludesFile=/dev/null', 'check-ignore', '-z', '--no-index', '--stdin', '-v', '-n'];
  const input = asked.map((path) => path.replace(/\/$/, '')).join('\0');
  const { stdout } = spawnSync('git', flags, { input, encoding: 'utf8' });
  const fields = stdout.split('\0');
  return asked.filter((_, i) => fields[4 * i + 2] !== '' && !fields[4 * i + 2].startsWith('!'));
}
