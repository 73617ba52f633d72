/** The command line on a stranger's repository, as in a pipeline. Needs `npm run build`. Each line of SECURITY.md names a test of this project. */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { policy } from '../support/check';
import { CliFolder, MAIN } from '../support/cli';
import { PLAIN } from '../support/run';

const cli = new CliFolder();

beforeEach(() => mkdirSync(join(cli.path, 'repo')));

/** Runs in the repository, with the user's home beside it. */
const cilium = (words: readonly string[], input = '') =>
  cli.run(words, { input, at: 'repo', env: { HOME: join(cli.path, 'home'), TOKEN: SECRET } });

const write = (path: string, text: string) => cli.write(path, text);

function link(path: string, target: string): void {
  mkdirSync(dirname(join(cli.path, path)), { recursive: true });
  symlinkSync(target, join(cli.path, path));
}

const read = (path: string) => readFileSync(join(cli.path, path), 'utf8');

const SECRET = 's3cret';
const BAD = policy('  endpointSelector: {}\n  ingress: []\n');
const GOOD = policy('  endpointSelector: {}\n  ingress: [{}]\n');
const FIXABLE = policy('  endpointSelector: {}\n  ingress: [{toPorts: [{ports: [{port: 80}]}]}]\n');
const FIXED = FIXABLE.replace('80', '"80"');
const FORMATS = ['text', 'json', 'sarif', 'junit', 'github', 'markdown'];

describe('--fix', () => {
  test('writes to the file itself, whatever characters its name has', () => {
    write('package.json', '{"name":"outside"}');
    write('repo/package.json', '{"name":"innocent"}');
    write('repo/manifests/..\\package.json', FIXABLE);
    write('repo/manifests/..\\..\\package.json', FIXABLE.replace('name: web', 'name: b'));
    expect(cilium(['check', '--fix', 'manifests'])).toMatchObject({ status: 0, stderr: 'fixed 2 findings in 2 files\n' });
    expect([read('package.json'), read('repo/package.json')]).toEqual(['{"name":"outside"}', '{"name":"innocent"}']);
    expect(read('repo/manifests/..\\package.json')).toBe(FIXED);
  });

  test('does not write through links, also if they are followed', () => {
    write('outside/a.yaml', FIXABLE);
    write('repo/m/.real/b.yaml', FIXABLE.replace('name: web', 'name: b'));
    link('repo/m/a.yaml', '../../outside/a.yaml');
    link('repo/m/b.yaml', '.real/b.yaml');
    link('repo/m/c', '../../outside');
    const { status, stderr } = cilium(['check', '--fix', '--follow-links', 'm', 'm/a.yaml']);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        'fixed 0 findings in 0 files\nnot fixed, because a link leads to it: m/a.yaml\nnot fixed, because a link leads to it: m/b.yaml\n',
    });
    expect([read('outside/a.yaml'), read('repo/m/.real/b.yaml')]).toEqual([FIXABLE, FIXABLE.replace('name: web', 'name: b')]);
  });

  test('does not write through a link in an absolute path', () => {
    write('outside/prod/a.yaml', FIXABLE);
    link('repo/deploy', '../outside');
    const path = join(cli.path, 'repo/deploy/prod');
    const { status, stdout, stderr } = cilium(['check', '--fix', path]);
    expect([status, stderr]).toEqual([1, `fixed 0 findings in 0 files\nnot fixed, because a link leads to it: ${path}/a.yaml\n`]);
    expect(stdout).not.toContain('80');
    expect(read('outside/prod/a.yaml')).toBe(FIXABLE);
  });

  test('does not change what an anchor repeats elsewhere, or what has a tag', () => {
    const spec =
      '  endpointSelector: {matchLabels: {zone: &z World}}\n  ingress:\n' +
      '    - {fromEntities: [*z], toPorts: [{ports: [{port: &p 80, endPort: *p}, {port: !!int 81}, {<<: &m {port: 82}}, *m]}]}\n';
    write('repo/m/a.yaml', policy(spec));
    expect(cilium(['check', '--fix', 'm'])).toMatchObject({ status: 1, stderr: 'fixed 0 findings in 0 files\n' });
    expect(read('repo/m/a.yaml')).toBe(policy(spec));
  });

  test('loses nothing if the disk is full', () => {
    const text = `${FIXABLE}${'# a comment\n'.repeat(1000)}`;
    write('repo/m/a.yaml', text);
    const { status, stderr } = spawnSync('sh', ['-c', `ulimit -f 2; node ${MAIN} check --fix m`], {
      cwd: join(cli.path, 'repo'),
      encoding: 'utf8',
      env: PLAIN,
    });
    expect(status).toBe(2);
    expect(stderr).toBe(
      'cdk8s-cilium: `m/a.yaml` cannot be written: the file would be too large\nit is as it was; other files may have been fixed\n',
    );
    expect([read('repo/m/a.yaml'), readdirSync(join(cli.path, 'repo/m'))]).toEqual([text, ['a.yaml']]);
  });

  test('does not write a file without permission', () => {
    write('repo/m/a.yaml', FIXABLE);
    chmodSync(join(cli.path, 'repo/m/a.yaml'), 0o444);
    cilium(['check', '--fix', 'm']);
    // The superuser may write every file.
    expect(read('repo/m/a.yaml')).toBe(process.getuid?.() === 0 ? FIXED : FIXABLE);
  });
});

describe('a link out of the repository', () => {
  beforeEach(() => {
    write('home/credentials', `[default]\naws_secret_access_key = ${SECRET}\n`);
    write('home/policy.yaml', BAD.replace('name: web', `name: ${SECRET}`).replace('ingress: []', `${SECRET}: []`));
    write('home/flows', `TOKEN=${SECRET}\n`);
    link('repo/m/a.yaml', '../../home/credentials');
    link('repo/m/b.yaml', '/proc/self/environ');
    link('repo/m/c.yaml', '../../home/policy.yaml');
  });

  test.each(FORMATS)('is named and not followed in %s', (format) => {
    const { status, stdout, stderr } = cilium(['check', '-o', format, 'm']);
    expect(status).toBe(1);
    expect(stdout).toContain('leads out of the given paths');
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test.each(FORMATS)('is followed with the flag, and nothing is quoted in %s', (format) => {
    const { status, stdout, stderr } = cilium(['check', '-o', format, '--follow-links', 'm']);
    expect(status).toBe(1);
    expect(stdout).toContain('CIL103');
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test.each(['text', 'json'])('that a shell has expanded is followed, and nothing is quoted in %s', (format) => {
    const { status, stdout, stderr } = cilium(['check', '-o', format, 'm/a.yaml', 'm/b.yaml', 'm/c.yaml']);
    expect(status).toBe(1);
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test('makes a verdict unknown', () => {
    const words = ['--from', 'entity:world', '--to', 'labels:app=a@shop', '--port', '80'];
    const { status, stdout, stderr } = cilium(['verdict', ...words, 'm']);
    expect(status).toBe(1);
    expect(stdout).toContain('unknown: it depends on m/a.yaml and 2 more, which could not be read');
    expect(stderr).toContain('warning: not read: m/a.yaml: CIL009: the link leads out of the given paths');
    expect(stdout + stderr).not.toContain(SECRET);
  });

  test('is not quoted as an inventory, as flows, as cilium-config or as settings', () => {
    write('repo/good.yaml', GOOD);
    link('repo/flows', '../home/flows');
    const flow = ['--from', 'entity:world', '--to', 'labels:app=a@shop', '--port', '80'];
    const runs = [
      cilium(['verdict', ...flow, '--inventory', 'm/a.yaml', 'good.yaml']),
      cilium(['verdict', ...flow, '--inventory', 'm', 'good.yaml']),
      cilium(['verdict', '--flows', 'flows', 'good.yaml']),
      cilium(['check', '--config', 'm/a.yaml', 'good.yaml']),
      cilium(['check', '--settings', 'm/a.yaml', 'good.yaml']),
    ];
    expect(runs.map(({ status }) => status)).toEqual([1, 2, 1, 2, 2]);
    expect(JSON.stringify(runs)).not.toContain(SECRET);
  });

  test('is not named by the checks with an inventory', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: SECRET, namespace: 'shop', labels: { app: `${SECRET}s` } } };
    write('home/pods.json', JSON.stringify(pod));
    link('repo/pods.json', '../home/pods.json');
    const typo = policy(`  endpointSelector: {matchLabels: {app: ${SECRET}}}\n  ingress: [{}]\n`);
    write('repo/typo.yaml', typo);
    const check = (...words: string[]) => cilium(['check', '--follow-links', '-o', 'json', ...words]).stdout;
    expect(check('--inventory', 'pods.json', 'typo.yaml')).not.toContain(`${SECRET}s`);
    expect(check('--inventory', 'pods.json', 'typo.yaml')).toContain('"notAsked": [\n      "CIL5');
    expect(check('pods.json', 'typo.yaml')).not.toContain(`${SECRET}s`);
    // Without the link it is named.
    write('repo/own.json', JSON.stringify(pod));
    expect(check('--inventory', 'own.json', 'typo.yaml')).toContain(`did you mean \`app: ${SECRET}s\``);
  });

  test('is not named by the checks of rules beside each other', () => {
    const spec = (more: string) =>
      `  endpointSelector: {}\n  egress: [{toEntities: [cluster]}, {toEntities: [world], toPorts: [{ports: [{port: "80", protocol: TCP}], ${more}}]}]\n`;
    write('home/names.yaml', policy(spec(`serverNames: ["${SECRET}.example.com"]`)).replace('name: web', `name: ${SECRET}`));
    write('repo/all.yaml', policy(spec('rules: {http: [{}]}')).replace('name: web', 'name: all'));
    link('repo/names.yaml', '../home/names.yaml');
    const { stdout } = cilium(['check', '--follow-links', 'names.yaml', 'all.yaml']);
    expect(stdout).toContain('a rule behind a link');
    expect(stdout).toContain('CIL415');
    expect(stdout).not.toContain(SECRET);
  });

  test('is not quoted as keys of cilium-config, nor as values of the chart', () => {
    write('repo/good.yaml', GOOD);
    write('home/keys.yaml', `${SECRET}: ${SECRET}\n`);
    write('home/values.yaml', `hostFirewall: {enable: ${SECRET}}\nextraConfig: {${SECRET}: ${SECRET}}\n`);
    write('home/switch.yaml', `enable-ipv6: ${SECRET}\n`);
    const runs = ['keys', 'values', 'switch'].map((name) => {
      link(`repo/${name}.yaml`, `../home/${name}.yaml`);
      return cilium(['check', '--config', `${name}.yaml`, 'good.yaml']);
    });
    expect(runs.map(({ status }) => status)).toEqual([0, 0, 2]);
    expect(runs.map(({ stderr }) => stderr.trimEnd().split('\n').length)).toEqual([1, 2, 2]);
    expect(JSON.stringify(runs)).not.toContain(SECRET);
  });

  test('is a policy of which a verdict quotes nothing', () => {
    const secret = policy(`  endpointSelector: {}\n  ingress: [{fromEndpoints: [{matchLabels: {${SECRET}: ${SECRET}}}]}]\n`);
    write('home/secret.yaml', secret.replace('name: web', `name: ${SECRET}`));
    link('repo/v.yaml', '../home/secret.yaml');
    for (const flags of [[], ['--explain'], ['-o', 'json', '--explain']]) {
      const words = ['--from', 'entity:world', '--to', 'labels:app=a@shop', '--port', '80', ...flags, 'v.yaml'];
      const { status, stdout, stderr } = cilium(['verdict', ...words]);
      expect(status).toBe(1);
      expect(stdout).toContain('denied');
      expect(stdout + stderr).not.toContain(SECRET);
    }
  });

  test('is not the settings file', () => {
    write('repo/bad.yaml', BAD);
    link('repo/cdk8s-cilium.yaml', '../home/credentials');
    const { status, stderr } = cilium(['check', 'bad.yaml']);
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'cdk8s-cilium: the settings file `cdk8s-cilium.yaml` cannot be read: it is outside of the repository\n',
    });
  });
});

describe('what a repository allows itself', () => {
  beforeEach(() => {
    write('repo/a.yaml', BAD.replace('  ingress', '  # cilium-check: allow CIL202 -- later\n  ingress'));
    write('repo/b.yaml', BAD.replace('name: web', 'name: b'));
    write('repo/cdk8s-cilium.yaml', 'ignore: CIL202\n');
  });

  const statusOf = (...flags: string[]) => cilium(['check', ...flags, 'a.yaml', 'b.yaml']).status;

  test('can be disregarded', () => {
    expect([statusOf(), statusOf('--no-settings'), statusOf('--no-suppressions')]).toEqual([0, 1, 0]);
    const { stdout } = cilium(['check', '-o', 'json', '--no-settings', '--no-suppressions', '.']);
    expect((JSON.parse(stdout) as { summary: object }).summary).toMatchObject({ errors: 2, suppressed: 0 });
  });

  test('is named in the report, and beside a verdict', () => {
    const flow = ['--from', 'entity:world', '--to', 'labels:app=a@shop', '--port', '80'];
    expect(cilium(['verdict', ...flow, 'b.yaml']).stderr).toContain('settings: cdk8s-cilium.yaml\n');
    expect(cilium(['check', 'a.yaml']).stdout).toContain('\nsettings: cdk8s-cilium.yaml\n');
    write('repo/cdk8s-cilium.yaml', 'namespace: shop\n');
    expect(cilium(['check', 'a.yaml']).stdout).toContain(
      'a.yaml:9:3  allowed CIL202 rule-without-section  the policy has no rule, so the agent rejects it; reason: later\n',
    );
  });

  test('cannot hide what was not read', () => {
    write('repo/c.yaml', 'kind: CiliumNetworkPolicy\nspec: {{ x }}\n---\nkind: CiliumNetworkPolicy\nx: [\n');
    for (const settings of ['ignore: [CIL0]\n', 'select: [CIL9]\n', 'select: []\n']) {
      write('repo/cdk8s-cilium.yaml', settings);
      const { status, stdout } = cilium(['check', 'c.yaml']);
      expect([status, stdout.includes('CIL003'), stdout.includes('CIL001')]).toEqual([1, true, true]);
    }
    expect(cilium(['check', '--ignore', 'CIL0', 'c.yaml']).status).toBe(0);
  });

  test('can be replaced by settings of the pipeline', () => {
    write('home/mine.yaml', 'ignore: [CIL1]\n');
    const { status, stdout } = cilium(['check', '--settings', '../home/mine.yaml', '.']);
    expect(status).toBe(1);
    expect(stdout).toContain('settings: ../home/mine.yaml');
  });

  test.each(['', 'C', 'CIL010,', 'CIL9', 'CIL909'])('is not everything: --ignore %j is an error', (codes) => {
    expect(cilium(['check', '--no-settings', '--ignore', codes, 'b.yaml'])).toMatchObject({ status: 2, stdout: '' });
  });
});

test('folders that are passed over are named, by a check and by a verdict', () => {
  write('repo/m/a.yaml', GOOD);
  ['repo/m/.a/bad.yaml', 'repo/m/node_modules/x/bad.yaml', 'repo/m/.git/bad.yaml'].forEach((path) => write(path, BAD));
  expect(cilium(['check', 'm']).stdout).toContain(
    'no findings in 1 policy (1 document, 1 file)\n2 folders were not read: m/.a, m/node_modules\n',
  );
  const { stderr } = cilium(['verdict', '--from', 'entity:world', '--to', 'labels:app=a@shop', '--port', '80', 'm']);
  expect(stderr).toContain('warning: not read: the folder m/.a; name it to read it\n');
  expect(cilium(['check', '-o', 'junit', 'm']).stdout).toContain('2 folders were not read: m/.a, m/node_modules</system-out>');
  expect(cilium(['check', 'm', 'm/.a']).status).toBe(1);
  rmSync(join(cli.path, 'repo/m/a.yaml'));
  expect(cilium(['check', 'm'])).toMatchObject({ status: 2, stderr: expect.stringContaining('m/.a, m/node_modules') as string });
});

test('what settings exclude is named, by a check and by a verdict, and --no-settings reads it', () => {
  write('repo/m/a.yaml', GOOD);
  write('repo/m/bad.yaml', BAD);
  write('repo/cdk8s-cilium.yaml', 'exclude: bad.yaml\n');
  const by = 'm/bad.yaml (cdk8s-cilium.yaml:1:1 bad.yaml)';
  expect(cilium(['check', 'm'])).toMatchObject({ status: 0, stdout: expect.stringContaining(`\n1 path is excluded: ${by}\n`) as string });
  expect(JSON.parse(cilium(['check', '-o', 'json', 'm']).stdout)).toMatchObject({ summary: { excluded: [by] } });
  const { stderr } = cilium(['verdict', '--from', 'entity:world', '--to', 'labels:app=a@shop', '--port', '80', 'm']);
  expect(stderr).toContain(`warning: not read, because it is excluded: ${by}\n`);
  expect(cilium(['check', '--no-settings', 'm']).status).toBe(1);
  rmSync(join(cli.path, 'repo/m/a.yaml'));
  expect(cilium(['check', 'm'])).toMatchObject({ status: 2, stderr: expect.stringContaining(`these were passed over: ${by}`) as string });
});

test.each(['text', 'github', 'junit', 'markdown', 'json', 'sarif'])('what settings exclude is named in %s', (format) => {
  write('repo/m/a.yaml', GOOD);
  write('repo/m/bad.yaml', BAD);
  write('repo/cdk8s-cilium.yaml', 'exclude: bad.yaml\n');
  const { status, stdout } = cilium(['check', '-o', format, 'm']);
  expect([status, stdout.includes('m/bad.yaml (cdk8s-cilium.yaml:1:1 bad.yaml)')]).toEqual([0, true]);
});

test.each([[['check']], [['verdict', '--from', 'entity:world', '--to', 'labels:app=a@shop', '--port', '80']]])(
  'if a pattern excludes everything, %j says which',
  (words) => {
    write('repo/m/a.yaml', GOOD);
    const { status, stderr } = cilium([...words, '--exclude', './m/*.yaml', 'm']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('these were passed over: m/a.yaml (--exclude ./m/*.yaml)')]);
  },
);

test('an inventory is read whole, whatever settings exclude', () => {
  write('repo/m/a.yaml', GOOD);
  write('repo/cdk8s-cilium.yaml', 'exclude: [pods.yaml]\ninventory: cluster\n');
  write('repo/cluster/pods.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\n');
  const { stdout } = cilium(['verdict', '--from', 'entity:world', '--to', 'shop/web', '--port', '80', 'm']);
  expect(stdout).toContain('entity:world → shop/web 80/TCP');
});

const EVIL = 'x\n::add-mask::a\u001b[2J\u001b]0;t\u0007\u009b31m\u202e##[error]##vso[task.x]';
const QUOTED = JSON.stringify(EVIL);

/** The lines that are unsafe in a log. */
const unsafe = (text: string) =>
  text.split('\n').filter((line) => /[\x00-\x1f\x7f-\x9f\u202e\u2028\u2029]|##\w*\[|^\s*::(?!(?:error|warning|notice) )/.test(line));

describe('the texts of a stranger', () => {
  beforeEach(() => {
    const evil = GOOD.replace('name: web', `name: ${QUOTED}`).replace(
      'ingress: [{}]',
      `${QUOTED}: 1\n  ingress: [{fromEntities: [${QUOTED}]}]`,
    );
    write('repo/m/a.yaml', evil);
    write(`repo/m/::error file=README.md,line=1::All checks passed.yaml`, BAD.replace('name: web', 'name: b'));
    write(
      `repo/m/${EVIL.replaceAll('/', '')}.yaml`,
      `${BAD.replace('name: web', 'name: c')}---\nkind: ${QUOTED}\napiVersion: cilium.io/v2\n---\nx: [\n`,
    );
    link('repo/m/::stop-commands::x', '..');
  });

  test.each(FORMATS)('are safe to print in %s', (format) => {
    const { stdout, stderr } = cilium(['check', '-o', format, 'm']);
    expect(unsafe(stdout + stderr)).toEqual([]);
    expect(stdout).toContain('CIL202');
  });

  test.each([[[]], [['--explain']], [['-o', 'json']], [['-o', 'json', '--explain']]])('are safe in verdicts with %j', (flags) => {
    const ends = [`labels:app=${EVIL}@shop`, 'labels:app=b@shop'];
    const { stdout, stderr } = cilium(['verdict', ...flags, '--from', ends[0], '--to', ends[1], '--port', '80', 'm']);
    expect(stdout).not.toBe('');
    expect(unsafe(stdout + stderr)).toEqual([]);
  });

  test('are safe in errors about settings, flows, flags and paths', () => {
    write('repo/good.yaml', GOOD);
    write('repo/flows', `{${QUOTED}: 1}\n{"from": ${QUOTED}, "to": "a/b", "port": 1}\n${EVIL}\n`);
    write('settings/key', `${QUOTED}: 1\n`);
    write('settings/code', `ignore: [${QUOTED}]\n`);
    const runs = [
      ['verdict', '--flows', 'flows', 'good.yaml'],
      ['verdict', '-o', 'json', '--flows', 'flows', 'good.yaml'],
      ['check', '--settings', '../settings/key', 'good.yaml'],
      ['check', '--settings', '../settings/code', 'good.yaml'],
      ['check', '--ignore', EVIL, 'good.yaml'],
      ['check', EVIL],
      ['check', `--${EVIL}`],
      ['check', '-o', EVIL, 'good.yaml'],
      ['explain', EVIL],
      [EVIL],
    ].map((words) => cilium(words));
    expect(runs.flatMap(({ stdout, stderr }) => unsafe(stdout + stderr))).toEqual([]);
    expect(runs.every(({ stdout, stderr }) => stdout + stderr !== '')).toBe(true);
  });

  test('are safe in the answers of batch', () => {
    const { stdout } = cilium(
      ['batch'],
      `{"id":${QUOTED},"kind":${QUOTED}}\n{"kind":"validate","object":{"kind":${QUOTED}}}\n${EVIL.replace('\n', '')}\n`,
    );
    expect(unsafe(stdout)).toEqual([]);
    expect(
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { id: unknown }).id),
    ).toEqual([EVIL, null, null]);
  });
});

test('nothing is left in the folders', () => {
  write('repo/m/a.yaml', FIXABLE);
  cilium(['check', '--fix', 'm']);
  expect([readdirSync(join(cli.path, 'repo/m')), readdirSync(join(cli.path, 'repo')), existsSync(join(cli.path, 'home'))]).toEqual([
    ['a.yaml'],
    ['m'],
    false,
  ]);
});
