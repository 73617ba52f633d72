/** The package as users get it: packed, unpacked next to its peer dependencies, compiled and run. Needs `npm run build`. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../support/run';

const root = join(__dirname, '../..');
/** Outside the project, where `npm run api` would mistake the unpacked assembly for the assembly of the project. */
const folder = mkdtempSync(join(tmpdir(), 'cdk8s-cilium-package-'));
const consumer = join(folder, 'consumer');
const modules = join(root, 'node_modules');

let packed: string[];

beforeAll(() => {
  mkdirSync(join(consumer, 'node_modules/cdk8s-cilium'), { recursive: true });
  const answer = run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [{ filename, files }] = JSON.parse(answer) as { filename: string; files: { path: string }[] }[];
  packed = files.map((file) => file.path);
  run('tar', ['-xzf', join(folder, filename), '-C', join(consumer, 'node_modules/cdk8s-cilium'), '--strip-components=1'], root);
  for (const peer of ['cdk8s', 'constructs']) {
    symlinkSync(join(modules, peer), join(consumer, 'node_modules', peer));
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the package has the compiled library, its assembly, its documents and its bundled dependencies, and nothing else', () => {
  const unexpected = packed.filter(
    (path) =>
      !/^(dist\/.*\.(js|d\.ts)|\.jsii|package\.json|(README|API|CHANGELOG)\.md|LICENSE|node_modules\/(re2js|js-sha256|js-yaml|argparse|commander|picocolors)\/.*)$/.test(
        path,
      ),
  );
  expect(unexpected).toEqual([]);
  expect(packed).toEqual(expect.arrayContaining(['.jsii', 'API.md', 'LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']));
  expect(packed.some((path) => path.startsWith('node_modules/re2js/build/'))).toBe(true);
});

test('no file of the package contains a path of the machine that built it', () => {
  const texts = packed.filter((path) => path.startsWith('dist/') || path === '.jsii');
  const unpacked = join(consumer, 'node_modules/cdk8s-cilium');
  expect(texts.filter((path) => readFileSync(join(unpacked, path), 'utf8').includes(root))).toEqual([]);
});

test.each([
  ['typescript', 'commonjs', 'bundler'],
  ['typescript', 'node16', 'node16'],
  ['typescript-5', 'commonjs', 'node10'],
  ['typescript-5', 'node16', 'node16'],
])('the contract compiles with %s for %s modules', (compiler, module, moduleResolution) => {
  const project = join(consumer, `${compiler}-${module}.json`);
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', lib: ['es2022'], module, moduleResolution, types: [] };
  writeFileSync(join(consumer, 'contract.ts'), readFileSync(join(__dirname, 'api-contract.ts')));
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ['contract.ts'] }));
  run('node', [join(modules, compiler, 'bin/tsc'), '-p', project], consumer);
});

/** A TypeScript program that uses the entry points other than the constructs. */
const ENTRIES = `
import { compile } from 'cdk8s-cilium/engine';
import { sourcesAt } from 'cdk8s-cilium/engine/files';
import { matchers } from 'cdk8s-cilium/jest';
import { PolicySimulator } from 'cdk8s-cilium';

const allowed: boolean | null = compile(sourcesAt([])).verdict({ from: 'shop/web', to: 'shop/db', port: 80 }).allowed;
const pass: boolean = matchers.toAllow([], { from: 'entity:world', to: 'entity:host', port: 1 }).pass;
declare const expecting: jest.Matchers<void>;
expecting.toDeny({ from: 'shop/web', to: 'entity:world', port: 443 }, { cilium: '1.20' });
export { allowed, pass, PolicySimulator };
`;

test.each([
  ['typescript', 'commonjs', 'bundler'],
  ['typescript-5', 'commonjs', 'node10'],
])('the entry points for programs and for jest compile with %s for %s modules, %s', (compiler, module, moduleResolution) => {
  const project = join(consumer, `${compiler}-entries.json`);
  const compilerOptions = { strict: true, noEmit: true, target: 'es2022', lib: ['es2022'], module, moduleResolution, types: [] };
  writeFileSync(join(consumer, 'entries.ts'), ENTRIES);
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ['entries.ts'] }));
  run('node', [join(modules, compiler, 'bin/tsc'), '-p', project], consumer);
});

const PROGRAM = `
const chart = new cdk8s.Chart(new cdk8s.App(), 'c');
new cilium.CiliumNetworkPolicy(chart, 'P', { endpointSelector: cilium.Selector.all() })
  .allowFrom(cilium.Peer.world(), cilium.Port.tcp(80).http(cilium.HttpRule.get('/a.*')));
console.log(cdk8s.Testing.synth(chart)[0].spec.ingress[0].toPorts[0].rules.http[0].path);
`;

test.each([
  ['a CommonJS program', 'program.cjs', `const cdk8s = require('cdk8s');\nconst cilium = require('cdk8s-cilium');\n${PROGRAM}`],
  ['an ES module', 'program.mjs', `import cdk8s from 'cdk8s';\nimport * as cilium from 'cdk8s-cilium';\n${PROGRAM}`],
])('%s can use it', (_, file, text) => {
  writeFileSync(join(consumer, file), text);
  expect(run('node', [file], consumer)).toBe('/a.*\n');
});

test('loading the library does not load the regular expression library', () => {
  const program = "require('cdk8s-cilium'); console.log(Object.keys(require.cache).filter((file) => file.includes('re2js')).length)";
  expect(run('node', ['-e', program], consumer)).toBe('0\n');
});
