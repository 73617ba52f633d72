/** Who may import whom: a room imports from the rooms named here and from itself, and nobody else's private files. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const lib = join(__dirname, '../lib');

const NUMBERED = ['net', 'crd', 'model', 'read', 'verdict', 'reach', 'checks', 'simulate', 'report'];

const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'index.ts': ['constructs', 'guard', 'plugin'],
  'engine.ts': NUMBERED,
  net: [],
  crd: [],
  model: ['net', 'crd'],
  read: ['net', 'crd', 'model'],
  verdict: ['net', 'crd', 'model', 'read'],
  reach: ['net', 'crd', 'model', 'read', 'verdict'],
  checks: ['net', 'crd', 'model', 'read', 'verdict', 'reach'],
  simulate: ['net', 'crd', 'model', 'read', 'verdict', 'reach', 'checks'],
  tree: ['net', 'crd', 'model', 'read'],
  report: ['net', 'crd', 'model', 'read', 'verdict', 'checks', 'simulate'],
  constructs: ['net'],
  guard: [...NUMBERED, 'tree'],
  plugin: NUMBERED,
  jest: [...NUMBERED, 'tree'],
  cli: NUMBERED,
};

const files = readdirSync(lib, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

test.each(files)('%s imports only from where it may', (file) => {
  for (const target of imports(file)) {
    expect([room(file), ...(MAY_IMPORT[room(file)] ?? [])]).toContain(room(target));
    expect(!target.includes('/private/') || room(target) === room(file)).toBe(true);
  }
});

test('every room of the library has its rule', () => {
  expect([...new Set(files.map(room))].sort()).toEqual(Object.keys(MAY_IMPORT).sort());
});

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
