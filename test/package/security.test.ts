/** SECURITY.md says what is so. */
import { existsSync, readFileSync } from 'node:fs';

const page = readFileSync('SECURITY.md', 'utf8');

const rows = page
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 5 && /^`test\//.test(cells[3]))
  .map((cells) => /^`([^`]+)` (.*)$/.exec(cells[3])!.slice(1) as [string, string]);

test.each(rows)('%s has the test "%s"', (file, title) => {
  expect(existsSync(file)).toBe(true);
  const text = readFileSync(file, 'utf8').replace(/\\(['`])/g, '$1');
  expect(text).toContain(title);
});

test('every line of the threat model has a test', () => {
  const lines = page.split('\n').filter((line) => /^\| (?!a stranger|package|---)/.test(line));
  expect(lines.length - Object.keys(bundled()).length).toBe(rows.length);
  expect(rows.length).toBeGreaterThan(25);
});

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly publishConfig: object;
}

function bundled(): Readonly<Record<string, string>> {
  return (JSON.parse(readFileSync('package.json', 'utf8')) as Manifest).dependencies;
}

test('the versions of the bundled packages are those that are installed', () => {
  const versions = [...page.matchAll(/^\| ([\w-]+) +\| (\d+\.\d+\.\d+) +\|$/gm)].map(([, name, version]) => [name, version]);
  expect(Object.fromEntries(versions)).toEqual(bundled());
});

interface Locked {
  readonly integrity?: string;
  readonly inBundle?: boolean;
}

test('every package has its integrity, or is part of a package that has it', () => {
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Readonly<Record<string, Locked>> };
  const without = Object.entries(packages).filter(([path, { integrity, inBundle }]) => path !== '' && integrity === undefined && !inBundle);
  expect(without).toEqual([]);
});

test('a release has the provenance that the package promises, and runs only actions that are pinned', () => {
  const workflow = readFileSync('.github/workflows/release.yml', 'utf8');
  expect(workflow).toMatch(/id-token: write/);
  expect(workflow).toMatch(/npm publish --provenance/);
  expect((JSON.parse(readFileSync('package.json', 'utf8')) as Manifest).publishConfig).toMatchObject({ provenance: true });
  const uses = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
  expect(uses.filter((action) => !/@[0-9a-f]{40}$/.test(action))).toEqual([]);
  expect(uses).toHaveLength(2);
});
