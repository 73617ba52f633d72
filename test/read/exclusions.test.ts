/** Which paths the patterns of a `.gitignore` exclude. The cases of the vectors were answered by git itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, MAX_GLOB, matchesGlob, parseGlob } from '../../lib/net/glob';
import { expectParsed } from '../../lib/net/parsed';
import { excluderOf, MAX_PATTERNS, MAX_STEPS, patternsIn } from '../../lib/read/exclusions';

interface Case {
  readonly patterns: readonly string[];
  readonly read: readonly string[];
  readonly ignored: readonly string[];
}

const CASES = JSON.parse(readFileSync(join(__dirname, '../vectors/gitignore.json'), 'utf8')) as readonly Case[];

/** What excludes a file: a pattern for it, or for a folder above it. */
function excluder(path: string, text: string): string | undefined {
  const lists = [expectParsed(patternsIn(bytesOf(text), '/r', '.gitignore'))];
  const names = path.replace(/\/$/, '').split('/');
  const paths = names.map((_, i) => `/r/${names.slice(0, i + 1).join('/')}`);
  return paths
    .map((real, i) => excluderOf(real, i < names.length - 1 || path.endsWith('/'), lists, { left: MAX_STEPS }))
    .find((one) => one !== undefined)?.by;
}

test('a .gitignore excludes what git ignores', () => {
  const wrong = CASES.flatMap(({ patterns, read, ignored }) => {
    const text = `${patterns.join('\n')}\n`;
    return [
      ...read.filter((path) => excluder(path, text) !== undefined).map((path) => ['is excluded', path, patterns]),
      ...ignored.filter((path) => excluder(path, text) === undefined).map((path) => ['is not excluded', path, patterns]),
    ];
  });
  expect(wrong).toEqual([]);
  expect(CASES.flatMap(({ ignored }) => ignored).length).toBeGreaterThan(300);
});

/** Written by scripts/gitignore.mjs: each pattern on its own, and what several do to one another. */
interface Patterns {
  readonly paths: readonly string[];
  readonly lists: readonly { readonly list: readonly string[]; readonly ignored: readonly string[] }[];
}

const { paths, lists } = JSON.parse(readFileSync(join(__dirname, '../vectors/gitignore-patterns.json'), 'utf8')) as Patterns;

test.each(lists)('git ignores the same with $list', ({ list, ignored }) => {
  expect(paths.filter((path) => excluder(path, list.join('\n')) !== undefined)).toEqual(ignored);
});

test('a blank behind an escaped backslash ends no name, and a line ends at a NUL', () => {
  const text = 'a\\\\ \nb\0c\n';
  expect(['a\\', 'a\\ ', 'b', 'b\0c'].map((path) => excluder(path, text))).toEqual(['.gitignore:1', undefined, '.gitignore:2', undefined]);
});

test('the last pattern that matches decides, and is named', () => {
  const text = '# comment\r\n*.yaml\r\n!a.yaml\n/b/\n\\#c\n';
  expect(['x.yaml', 'a.yaml', 'b/a.yaml', '#c', 'd'].map((path) => excluder(path, text))).toEqual([
    '.gitignore:2',
    undefined,
    '.gitignore:4',
    '.gitignore:5',
    undefined,
  ]);
});

test('a pattern deeper in a repository wins over one above it', () => {
  const lists = [expectParsed(patternsIn('*.yaml\n', '/r', '.gitignore')), expectParsed(patternsIn('!x.yaml\n', '/r/a', 'a/.gitignore'))];
  expect(['/r/a/x.yaml', '/r/a/y.yaml'].map((path) => excluderOf(path, false, lists, { left: MAX_STEPS })?.by)).toEqual([
    undefined,
    '.gitignore:1',
  ]);
});

test('outside of the folder of a pattern, only a name is compared', () => {
  const lists = [expectParsed(patternsIn('x.yaml\n/y.yaml\n', '/r', '.gitignore'))];
  expect(['/s/x.yaml', '/s/y.yaml', '/rx/y.yaml'].map((path) => excluderOf(path, false, lists, { left: MAX_STEPS })?.by)).toEqual([
    '.gitignore:1',
    undefined,
    undefined,
  ]);
});

test.each([
  ['', 'the pattern names no file or folder'],
  ['/', 'the pattern names no file or folder'],
  ['a//b', 'the pattern matches nothing: a `[` or an escape has no end, or a name is empty'],
  ['[a', 'the pattern matches nothing: a `[` or an escape has no end, or a name is empty'],
  ['a\\', 'the pattern matches nothing: a `[` or an escape has no end, or a name is empty'],
  ['[[:odd:]]', 'the pattern matches nothing: a `[` or an escape has no end, or a name is empty'],
  ['x'.repeat(MAX_GLOB + 1), `the pattern has ${MAX_GLOB + 1} bytes, the maximum is ${MAX_GLOB}`],
])('the pattern %j is rejected', (pattern, problem) => {
  expect(parseGlob(pattern)).toMatchObject({ ok: false, problem });
});

test.each([
  ['stars in a name', '*a'.repeat(400), ['a'.repeat(4000)]],
  ['stars between names', `${'**/a/'.repeat(190)}b`, Array.from({ length: 2000 }, () => 'a')],
  ['sets', '*[a-z]'.repeat(160), ['a'.repeat(4000) + '1']],
])('a hostile pattern with many %s ends soon', (_, pattern, names) => {
  // A matcher that tries every way needs longer than the universe exists.
  expect(matchesGlob(expectParsed(parseGlob(pattern)), names, false, { left: MAX_STEPS })).toBe(pattern.startsWith('*a'));
});

test('a .gitignore with too many lines, NUL characters or invalid text is refused or passed over', () => {
  expect(patternsIn('a\n'.repeat(MAX_PATTERNS + 1), '/r', '.gitignore')).toMatchObject({
    ok: false,
    problem: expect.stringContaining('lines') as string,
  });
  expect(expectParsed(patternsIn('\0\xff[\n\\\nok\n', '/r', '.gitignore')).map(({ by }) => by)).toEqual(['.gitignore:3']);
});
