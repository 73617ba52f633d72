/** Which room may import which: a room imports from the rooms that are listed here, from itself, and from nothing that is private to another. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const lib = join(__dirname, '../lib');

/** The rooms that a policy goes through, lowest first: a room may import from rooms with a lower number, and from itself. */
const NUMBERS: Readonly<Record<string, number>> = {
  net: 0,
  crd: 0,
  model: 1,
  read: 2,
  settings: 3,
  admission: 3,
  resolve: 4,
  verdict: 5,
  reach: 6,
  snapshot: 7,
  checks: 8,
  report: 9,
};

const numbered = Object.keys(NUMBERS);

/** What stands beside the numbered rooms, or on top of them: may import what is named here, and from itself. */
const OTHERS: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['constructs', 'guard', 'plugin'],
  'engine.ts': numbered,
  engine: numbered,
  tree: ['net', 'crd', 'model', 'read', 'props'],
  props: ['net'],
  constructs: ['net', 'props'],
  guard: [...numbered, 'tree', 'props'],
  plugin: [...numbered, 'props'],
  jest: [...numbered, 'tree'],
  cli: numbered,
};

function mayImport(from: string, to: string): boolean {
  return from === to || (OTHERS[from]?.includes(to) ?? NUMBERS[to] < NUMBERS[from]);
}

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

test.each(files)('%s imports only from where it may', (file) => {
  const wrong = imports(file).filter(
    (target) => !mayImport(room(file), room(target)) || (/\/(private|render)\//.test(target) && room(target) !== room(file)),
  );
  expect(wrong).toEqual([]);
});

/** Of values first what they are made of, then the values, then what makes manifests of them. */
test('what is private to the values of constructs imports none of them', () => {
  const wrong = files
    .filter((file) => file.startsWith('constructs/private/'))
    .flatMap(imports)
    .filter((target) => !/^(net|props|constructs\/private)\//.test(target));
  expect(wrong).toEqual([]);
});

test('every room has tests of its own, in a folder of its name', () => {
  const folders = readdirSync(__dirname);
  expect([...numbered, 'tree', 'props', 'constructs', 'guard', 'plugin', 'jest', 'cli'].filter((name) => !folders.includes(name))).toEqual(
    [],
  );
});

test('every room of the library has its place', () => {
  expect([...new Set(files.map(room))].sort()).toEqual([...numbered, ...Object.keys(OTHERS)].sort());
});

test('no file imports itself by way of others, not even for a type', () => {
  const targets = new Map(files.map((file) => [file, imports(file).map(fileOf)]));
  const circles = files.filter((file) => reaches(file, file, targets));
  expect(circles).toEqual([]);
});

/** The file that an import leads to. */
function fileOf(target: string): string {
  return [target, `${target}.ts`, `${target}/index.ts`].find((file) => files.includes(file)) ?? target;
}

function reaches(from: string, to: string, targets: ReadonlyMap<string, readonly string[]>, seen = new Set<string>()): boolean {
  return (targets.get(from) ?? []).some((next) => next === to || (!seen.has(next) && reaches(next, to, targets, seen.add(next))));
}

function room(file: string): string {
  return file.split('/')[0];
}

/** The files of the library that a file imports, as paths below lib/. */
function imports(file: string): string[] {
  const text = readFileSync(join(lib, file), 'utf8');
  const targets = [...text.matchAll(/(?:from|import\(|require\()\s*'(\.[^']*)'/g)].map(([, target]) => target);
  return targets
    .map((target) => relative(lib, join(lib, dirname(file), target)) || 'index.ts')
    .map((target) => (['constructs', 'guard', 'plugin'].includes(target) ? `${target}/index.ts` : target));
}
