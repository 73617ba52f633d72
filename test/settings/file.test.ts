/** The settings file, which a stranger may have written, and the files that it names. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { dirname, join } from 'node:path';
import { CODES } from '../../lib/checks/registry';
import { configIn, parseSettings, SettingsChoice, settleHere, settleSets } from '../../lib/settings/file';

const start = process.cwd();
let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(os.tmpdir(), 'settings-')));
  jest.spyOn(os, 'homedir').mockReturnValue(join(folder, 'home'));
});

afterEach(() => {
  process.chdir(start);
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The settings in a folder. */
function settled(at: string, choice?: SettingsChoice): object {
  mkdirSync(join(folder, at), { recursive: true });
  process.chdir(join(folder, at));
  return settleHere(CODES, {}, choice);
}

test('a settings file has a minor, a cilium-config, paths, a namespace and codes', () => {
  write(
    'r/cdk8s-cilium.yaml',
    'cilium: 1.20\nconfig: {enable-l7-proxy: false}\ninventory: cluster.yaml\nnamespace: shop\nselect: [CIL1]\nignore: CIL103\n',
  );
  expect(settled('r')).toMatchObject({
    ok: true,
    value: {
      ...{ minors: ['1.20'], configs: { '1.20': { 'enable-l7-proxy': 'false' } }, inventory: ['cluster.yaml'], namespace: 'shop' },
      ...{ select: ['CIL1'], ignore: ['CIL103'], file: 'cdk8s-cilium.yaml' },
    },
  });
});

test('the paths in a settings file are relative to its folder', () => {
  ['r/.git/HEAD', 'r/cilium.yaml', 'r/sub/cluster/a.yaml'].forEach((path) => write(path, 'debug: true\n'));
  write('r/cdk8s-cilium.yaml', 'config: cilium.yaml\ninventory: [sub/cluster]\n');
  expect(settled('r/sub')).toMatchObject({
    value: { configs: { '1.20': { debug: 'true' } }, inventory: ['cluster'], file: '../cdk8s-cilium.yaml' },
  });
});

test.each([
  ['the working folder', 'r', 'r', undefined, 'cdk8s-cilium.yaml'],
  ['a folder above, in the same repository', 'r', 'r/a/b', 'r/.git/HEAD', '../../cdk8s-cilium.yaml'],
  ['a folder above, in the home', 'home', 'home/a/b', undefined, '../../cdk8s-cilium.yaml'],
  ['a folder above the repository', '.', 'r/a', 'r/.git/HEAD', undefined],
  ['a folder above, without a repository', 'r', 'r/a', undefined, undefined],
  ['a folder above the home', '.', 'home/a', undefined, undefined],
])('the settings file is searched in %s', (_, at, from, repository, file) => {
  write(`${at}/cdk8s-cilium.yaml`, 'namespace: found\n');
  if (repository !== undefined) {
    write(repository, '');
  }
  expect(settled(from)).toMatchObject({ ok: true, value: { file, namespace: file === undefined ? 'default' : 'found' } });
});

test('a user can name a settings file anywhere, or none', () => {
  write('r/cdk8s-cilium.yaml', 'namespace: found\n');
  write('mine.yaml', 'namespace: mine\nconfig: outside.yaml\n');
  write('outside.yaml', 'debug: true\n');
  expect(settled('r', 'none')).toMatchObject({ value: { namespace: 'default', file: undefined } });
  expect(settled('r', { file: '../mine.yaml' })).toMatchObject({
    value: { namespace: 'mine', configs: { '1.20': { debug: 'true' } }, file: '../mine.yaml' },
  });
});

test('a file without settings is valid', () => {
  expect(parseSettings('# later\n', 'a.yaml')).toMatchObject({ ok: true, value: { values: {} } });
  expect(parseSettings(`${'#'.repeat(100_000)}\n`, 'a.yaml')).toMatchObject({ ok: true, value: { values: {} } });
});

const DEEP = `a: ${'['.repeat(200)}`;
const BOMB = Array.from({ length: 30 }, (_, i) => `a${i}: &x${i} [${i === 0 ? '1' : `*x${i - 1}, *x${i - 1}`}]`).join('\n');

// No text of the file is in a message, because a link may have led to a secret.
test.each([
  ['s3cret: 1\n', 'a.yaml:1:1: unknown setting'],
  ['# x\nciliun: 1.20\n', 'a.yaml:2:1: unknown setting'],
  ['- s3cret\n', 'a.yaml:1:3: the settings must be a mapping'],
  ['s3cret\n', 'a.yaml:1:1: the settings must be a mapping'],
  ['s3cret: [\n', 'a.yaml:2:1: the file is not valid YAML'],
  ['namespace: a\nnamespace: s3cret\n', 'a.yaml:2:1: a key stands twice'],
  ['namespace: a\n---\ns3cret: 1\n', 'a.yaml:3:1: the file must have only one document'],
  [DEEP, 'a.yaml:1:103: the file is too deep, or repeats its anchors too often'],
  [BOMB, 'a.yaml: the file is too deep, or repeats its anchors too often'],
  ['config: s3cret.yaml\n', 'a.yaml:1:1: `s3cret.yaml` cannot be read: it does not exist'],
])('%j is not a settings file', (text, problem) => {
  expect(parseSettings(text, 'a.yaml')).toMatchObject({
    ok: false,
    problem: problem.replace('`s3cret.yaml`', `\`${join(start, 's3cret.yaml')}\``),
  });
});

test.each([
  ['cilium: s3cret\n', 'cdk8s-cilium.yaml:1:1: unknown Cilium minor'],
  ['namespace: a\ncilium: 1.20..s3cret\n', 'cdk8s-cilium.yaml:2:1: unknown Cilium minor'],
  ['config: {s3cret: []}\n', 'cdk8s-cilium.yaml:1:1: the value in `config` is not a string, a boolean or a number'],
  ['namespace: S3cret\n', 'cdk8s-cilium.yaml:1:1: the namespace is not a valid name'],
  ['ignore: [s3cret]\n', 'cdk8s-cilium.yaml:1:1: unknown check in `ignore`'],
  ["ignore: ['']\n", 'cdk8s-cilium.yaml:1:1: unknown check in `ignore`'],
  ['ignore: CIL909\n', 'cdk8s-cilium.yaml:1:1: the check cannot be ignored'],
  ['config: ../s3cret.yaml\n', 'cdk8s-cilium.yaml:1:1: the file cannot be read: it is outside of the repository'],
  ['config: link.yaml\n', 'cdk8s-cilium.yaml:1:1: the file cannot be read: it is outside of the repository'],
  ['config: .\n', 'cdk8s-cilium.yaml:1:1: the file cannot be read: it is a folder'],
  ['inventory: [../s3cret.yaml]\n', 'cdk8s-cilium.yaml:1:1: a path leads out of the repository of the settings file'],
  ['inventory: ["-"]\n', 'cdk8s-cilium.yaml:1:1: settings cannot read standard input'],
  ['inventory: link.yaml\n', 'cdk8s-cilium.yaml:1:1: a path leads out of the repository of the settings file'],
  ['inventory: /etc/s3cret\n', 'cdk8s-cilium.yaml:1:1: a path leads out of the repository of the settings file'],
])('%j is rejected in a settings file that was found', (text, problem) => {
  write('s3cret.yaml', 'k8s: secret\n');
  write('r/cdk8s-cilium.yaml', text);
  symlinkSync('../s3cret.yaml', join(folder, 'r/link.yaml'));
  const refusal = settled('r');
  expect(refusal).toMatchObject({ ok: false, problem });
  expect(JSON.stringify(refusal)).not.toMatch(/s3cret/i);
});

test.each<[string, () => void, string]>([
  ['a link out of the repository', () => symlinkSync('../s3cret', join(folder, 'r/cdk8s-cilium.yaml')), 'it is outside of the repository'],
  ['a link to a device', () => symlinkSync('/dev/zero', join(folder, 'r/cdk8s-cilium.yaml')), 'it is outside of the repository'],
  ['a link to itself', () => symlinkSync('cdk8s-cilium.yaml', join(folder, 'r/cdk8s-cilium.yaml')), 'its links lead in a circle'],
  ['a link to nothing', () => symlinkSync('nothing', join(folder, 'r/cdk8s-cilium.yaml')), 'it does not exist'],
  ['a folder', () => mkdirSync(join(folder, 'r/cdk8s-cilium.yaml')), 'it is a folder'],
  ['two megabytes', () => write('r/cdk8s-cilium.yaml', '#'.repeat(2_000_000)), 'it has more than 1048576 bytes'],
])('a settings file that is %s is an error', (_, make, reason) => {
  write('s3cret', 'token: s3cret\n');
  mkdirSync(join(folder, 'r'));
  make();
  expect(settled('r')).toEqual({ ok: false, problem: `the settings file \`cdk8s-cilium.yaml\` cannot be read: ${reason}` });
});

test.each([
  [
    'a ConfigMap',
    'apiVersion: v1\nkind: ConfigMap\ndata:\n  enable-l7-proxy: "false"\n  debug: ""\n',
    { 'enable-l7-proxy': 'false', debug: '' },
  ],
  [
    'a mapping of keys',
    'enable-l7-proxy: false\npolicy-cidr-match-mode: nodes\n',
    { 'enable-l7-proxy': 'false', 'policy-cidr-match-mode': 'nodes' },
  ],
])('cilium-config can be %s', (_, text, value) => {
  write('config.yaml', text);
  expect(configIn(join(folder, 'config.yaml'))).toMatchObject({ ok: true, value: { keys: value } });
});

test.each([
  ['s3cret', ':1:1: `cilium-config` must be a mapping of keys to values'],
  ['kind: ConfigMap\ndata: [s3cret]\n', ':2:1: `cilium-config` must be a mapping of keys to values'],
  ['a: b\ns3cret: {}\n', ':2:1: the value is not a string, a boolean or a number'],
  ['s3cret: {{\n', ':2:1: the file is not valid YAML'],
])('an error about %j has its place and quotes nothing', (text, problem) => {
  write('config.yaml', text);
  const path = join(folder, 'config.yaml');
  expect(configIn(path)).toMatchObject({ ok: false, problem: `${path}${problem}` });
});

test('values of placeholders are a mapping, or the name of a file that has them', () => {
  write('r/cdk8s-cilium.yaml', 'values: {A: b, PORT: 80}\n');
  write('s/cdk8s-cilium.yaml', 'values: vars/prod.yaml\n');
  write('s/vars/prod.yaml', 'A: c\n');
  expect([settled('r'), settled('s')]).toMatchObject([
    { value: { variables: { A: 'b', PORT: '80' } } },
    { value: { variables: { A: 'c' } } },
  ]);
});

test.each([
  ['values: [A]', 'cdk8s-cilium.yaml:1:1: `values` must be a mapping of the names of variables to their values'],
  ['values: {A: [b]}', 'cdk8s-cilium.yaml:1:1: the value is not a string, a boolean or a number'],
  ['values: nowhere.yaml', 'cdk8s-cilium.yaml:1:1: the file cannot be read: it does not exist'],
  ['values: ../secret.yaml', 'cdk8s-cilium.yaml:1:1: the file cannot be read: it is outside of the repository'],
  ['values: .env', 'cdk8s-cilium.yaml:1:1: settings that were found may name only a YAML or JSON file'],
  ['values: lines.yaml', 'cdk8s-cilium.yaml:1:1: lines.yaml:1:1: `values` must be a mapping of the names of variables to their values'],
  ['values: {A: 1.10}', 'cdk8s-cilium.yaml:1:1: the value is a number that may be written in another way'],
  ['values: list.yaml', 'cdk8s-cilium.yaml:1:1: list.yaml:1:3: `values` must be a mapping of the names of variables to their values'],
])('values that are wrong in a settings file: %s', (text, problem) => {
  write('r/.git/HEAD', '');
  write('r/cdk8s-cilium.yaml', text);
  write('r/list.yaml', '- A\n');
  write('secret.yaml', 'A: b\n');
  write('r/.env', 'A=b\n');
  write('r/lines.yaml', 'A=b\n');
  expect(settled('r')).toMatchObject({ ok: false, problem });
});

/** The sets of the settings in the folder `r`. */
function setsIn(text: string): unknown {
  write('r/.git/HEAD', '');
  write('r/cdk8s-cilium.yaml', text);
  mkdirSync(join(folder, 'r/here'), { recursive: true });
  process.chdir(join(folder, 'r/here'));
  const sets = settleSets(CODES, { namespace: 'given' });
  return sets.ok
    ? sets.value.map(({ name, paths, settings: { minors, configs, inventory, variables, namespace } }) => ({
        ...{ name, paths, minors, config: configs['1.20'], inventory, variables, namespace },
      }))
    : sets.problem;
}

test('a set has the settings of the file, its own, and those that are given', () => {
  write('r/prod.yaml', 'enable-policy: always\n');
  const text = `cilium: '1.18'
values: {A: b}
namespace: shop
sets:
  - name: prod
    paths: [clusters/prod, base]
    config: prod.yaml
    inventory: pods.yaml
    cilium: '1.20'
  - {name: test-1, paths: here/test, values: {A: c}}
`;
  expect(setsIn(text)).toEqual([
    {
      ...{ name: 'prod', paths: [join(folder, 'r/clusters/prod'), join(folder, 'r/base')], minors: ['1.20'], namespace: 'given' },
      ...{ config: { 'enable-policy': 'always' }, inventory: [join(folder, 'r/pods.yaml')], variables: { A: 'b' } },
    },
    { name: 'test-1', paths: ['test'], minors: ['1.18'], config: {}, inventory: [], variables: { A: 'c' }, namespace: 'given' },
  ]);
  expect(settleHere(CODES, {})).toMatchObject({ ok: true, value: { namespace: 'shop', minors: ['1.18'] } });
});

test.each([
  ['a mapping', '{prod: x}', '1:1: `sets` must be a list of at most 100 sets'],
  ['no mapping', '[prod]', '1:8: a set must be a mapping with a name and paths'],
  ['no name', '[{paths: x}]', '1:9: the name of a set must be a string of letters, digits, `-`, `_` and `.`'],
  ['a name that is a path', '[{name: ../x, paths: x}]', '1:9: the name of a set must be a string of letters, digits, `-`, `_` and `.`'],
  ['no paths', '[{name: a}]', '1:9: a set needs `paths`, a file or folder or a list of them'],
  ['standard input', '[{name: a, paths: "-"}]', '1:9: a set needs `paths`, a file or folder or a list of them'],
  ['an unknown key', '[{name: a, paths: x, ignore: CIL1}]', '1:28: unknown setting of a set'],
  ['a path outside of the repository', '[{name: a, paths: ../x}]', '1:18: a path leads out of the repository of the settings file'],
  ['an inventory outside of it', '[{name: a, paths: x, inventory: ../x}]', '1:28: a path leads out of the repository of the settings file'],
  ['an unknown minor', '[{name: a, paths: x, cilium: "0.9"}]', '1:28: unknown Cilium minor'],
  ['two of one name', '[{name: a, paths: x}, {name: a, paths: z}]', '1:30: two sets have the same name'],
])('sets that are wrong: %s', (_, sets, problem) => {
  expect(setsIn(`sets: ${sets}\n`)).toBe(`../cdk8s-cilium.yaml:${problem}`);
});

test('a file with the name of standard input is a file', () => {
  expect(setsIn('inventory: ./-\nsets: [{name: a, paths: ./-}]\n')).toMatchObject([
    { paths: [join(folder, 'r/-')], inventory: [join(folder, 'r/-')] },
  ]);
  process.chdir(join(folder, 'r'));
  expect(settleHere(CODES, {})).toMatchObject({ ok: true, value: { inventory: ['./-'] } });
});

test('values of several layers are added up, and the last one wins', () => {
  write('r/cdk8s-cilium.yaml', 'values: {A: a, B: b}\n');
  mkdirSync(join(folder, 'r'), { recursive: true });
  process.chdir(join(folder, 'r'));
  expect(settleHere(CODES, { values: { B: 'c', __proto: 'd' } })).toMatchObject({
    ok: true,
    value: { variables: { A: 'a', B: 'c', __proto: 'd' } },
  });
  expect(settleHere(CODES, { values: { 'A-B': 'c' } })).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/^`A-B` in `values`: the name of a variable/) as string,
  });
});

test('a set that is wrong stops nothing that asks for no sets', () => {
  expect(setsIn('sets: [{name: a, paths: x, config: nowhere.yaml}]\n')).toMatch(/^\.\.\/cdk8s-cilium\.yaml:1:28: the file cannot be read/);
  expect(settleHere(CODES, {})).toMatchObject({ ok: true });
});
