/** The command line as users run it. Needs `npm run build`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CHECKS } from '../../lib/checks/registry';
import { policy } from '../support/check';
import { CliFolder, MAIN } from '../support/cli';
import { PLAIN } from '../support/run';

const cli = new CliFolder();

const cilium = (words: string, input = '') =>
  cli.run(
    words.split(' ').filter((word) => word !== ''),
    { input },
  );

const write = (path: string, text: string) => cli.write(path, text);

const GOOD = policy('  endpointSelector: {}\n  ingress: [{}]\n');
const BAD = policy('  endpointSelector: {}\n  ingress: []\n');
const WARNED = `${GOOD}---\n${GOOD}`;

const NETWORKS = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: platform }
spec:
  tier: Admin
  priority: 1
  subject: { namespaces: {} }
  egress: [{ action: Deny, to: [{ networks: [10.0.0.0/16] }] }]
`;
const POD_AT = 'apiVersion: v1\nkind: Pod\nmetadata: { name: db, namespace: shop }\nstatus: { podIP: 10.0.1.7 }\n';

describe('check', () => {
  test.each<[string, string, string, number]>([
    ['good policies', GOOD, '', 0],
    ['a policy that is rejected', BAD, '', 1],
    ['a syntax error', 'kind: CiliumNetworkPolicy\na: [\n', '', 1],
    ['a syntax error of another tool', 'a: [\n', '', 0],
    ['a warning', WARNED, '', 0],
    ['more warnings than allowed', WARNED, '--max-warnings 0', 1],
    ['an error that is ignored', BAD, '--ignore CIL202', 0],
    ['an error that is not selected', BAD, '--select CIL1', 0],
    ['no policies', 'kind: Pod\napiVersion: v1\n', '', 0],
  ])('of %s exits with its code', (_, text, flags, status) => {
    write('a.yaml', text);
    expect(cilium(`check ${flags} a.yaml`).status).toBe(status);
  });

  test.each([
    ['check', 'no files or folders are given'],
    ['check nowhere.yaml', 'no such file or folder `nowhere.yaml`'],
    ['check .', 'no YAML or JSON files in `.`'],
    ['check -', 'no documents in `-`'],
    ['check --cilium 1.17 -', 'unknown Cilium minor `1.17`'],
    ['check --config nowhere -', '`nowhere` cannot be read: it does not exist'],
    ['check --max-warnings many -', '`many` is not a number'],
    ['check --output xml -', 'Allowed choices are text, json, sarif, junit, github, markdown'],
    ['check --fix -', '--fix cannot be used with standard input'],
    ['check --unsafe-fixes -', '--unsafe-fixes needs --fix'],
    ['check --fix a.yaml --inventory -', '--fix cannot be used with standard input'],
    ['check - --inventory -', 'standard input is used twice'],
    ['check --select CIL777 -', 'unknown check `CIL777`'],
    ['check --wrong -', "unknown option '--wrong'"],
    ['explain CIL777', 'unknown check `CIL777`'],
    ['nonsense', "unknown command 'nonsense'\n(use --help"],
    ['verdct --from a/b', "unknown command 'verdct'\n(Did you mean verdict?)"],
    ['verdct --help', '(Did you mean verdict?)'],
    ['help verdct', '(Did you mean verdict?)'],
    ['chek check', '(Did you mean check?)'],
    ['verdict --exlpain', '(Did you mean --explain?)'],
    ['--versoin', '(Did you mean --version?)'],
    ['', 'Usage: cdk8s-cilium'],
  ])('%s cannot run: exit code 2, no standard output, no stack trace', (words, message) => {
    const { status, stdout, stderr } = cilium(words);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  test('reads standard input, and names it `-`', () => {
    const { status, stdout } = cilium('check -', BAD);
    expect(status).toBe(1);
    expect(stdout).toContain('-:8:3');
  });

  test('prints the output in the documentation', () => {
    const [, text, output] =
      /Given a file `web.yaml`:\n\n```yaml\n([^]*?)```[^]*?```\n([^]*?)```/.exec(
        readFileSync(resolve('docs/concepts/checking.md'), 'utf8'),
      ) ?? [];
    write('web.yaml', text);
    expect(cilium('check web.yaml')).toEqual({ status: 1, stdout: output, stderr: '' });
  });

  test('reads the objects of a cluster from an inventory, and ignores its policies', () => {
    write('ours/a.yaml', NETWORKS);
    write('cluster/all.yaml', `${BAD}---\n${POD_AT}`);
    expect(cilium('check ours').stdout).toContain('the checks CIL5xx were not asked');
    for (const words of ['check ours --inventory cluster', 'check --inventory cluster/all.yaml ours', 'check ours --inventory -']) {
      const { status, stdout } = cilium(words, POD_AT);
      expect([status, stdout]).toEqual([0, expect.stringContaining('warning CIL501 networks-in-cluster') as string]);
      expect(stdout).toContain('1 warning in 1 policy (1 document, 1 file)\n');
      expect(stdout).not.toContain('were not asked');
    }
    write('cdk8s-cilium.yaml', 'inventory: cluster\n');
    expect(cilium('check ours').stdout).toContain('warning CIL501 networks-in-cluster');
  });

  test('an inventory that cannot be read is a failure', () => {
    write('a.yaml', GOOD);
    write('cluster.yaml', 'kind: [\n');
    expect(cilium('check a.yaml --inventory cluster.yaml')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('the inventory cannot be read: cluster.yaml:') as string,
    });
    expect(cilium('check a.yaml --inventory nowhere').stderr).toContain('no such file or folder `nowhere`');
  });

  test('says that there are no policies, and fails if they are required', () => {
    write('comments.yaml', '# nothing yet\n---\n# nor here\n');
    expect(cilium('check comments.yaml')).toEqual({
      status: 0,
      stdout: 'no findings in 0 policies (0 documents, 1 file)\n',
      stderr: 'warning: no policies in `comments.yaml`\n',
    });
    expect(cilium('check comments.yaml --require-policies')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no policies in `comments.yaml`') as string,
    });
  });

  test('names what is passed over', () => {
    write('kustomize/kustomization.yaml', 'patches: [{ path: patch.yaml }]\n');
    write('kustomize/patch.yaml', BAD);
    const { status, stdout } = cilium('check kustomize');
    expect([status, stdout]).toEqual([
      0,
      'no findings in 0 policies (2 documents, 2 files)\n1 document was not checked\n' +
        'not checked: kustomize/patch.yaml:1: a patch of a kustomization; judge what `kustomize build` prints\n',
    ]);
  });

  test('shows no colours in a pipe', () => {
    expect(cilium('check -', BAD).stdout).not.toMatch(/\u001b/);
  });

  test('prints findings as JSON, with all fields', () => {
    write('policies/web.yaml', BAD);
    const { tool, cilium: minor, summary, diagnostics } = JSON.parse(cilium('check -o json policies').stdout) as Record<string, unknown>;
    expect({ tool, minor, summary }).toEqual({
      tool: { name: 'cdk8s-cilium', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string },
      minor: '1.20',
      summary: {
        files: 1,
        documents: 1,
        policies: 1,
        errors: 1,
        warnings: 0,
        infos: 0,
        suppressed: 0,
        unchecked: 0,
        notChecked: [],
        skipped: [],
        excluded: [],
        notAsked: expect.arrayContaining(['CIL501']) as string[],
      },
    });
    expect(diagnostics).toEqual([
      {
        code: 'CIL202',
        name: 'rule-without-section',
        severity: 'error',
        stage: 'agent',
        message: 'the policy has no rule, so the agent rejects it',
        help: 'to deny everything, write `ingress: [{}]` or `egress: [{}]`',
        resource: { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'web' },
        file: 'policies/web.yaml',
        document: 0,
        path: '/spec/ingress',
        line: 8,
        column: 3,
        endLine: 8,
        endColumn: 10,
        constructPath: null,
        allowed: null,
        cilium: null,
        sets: null,
        docs: 'https://github.com/cdk8s-cilium/cdk8s-cilium/blob/main/docs/checks/CIL202.md',
      },
    ]);
  });

  test('reads the settings file of a parent folder in the same repository, and flags override it', () => {
    mkdirSync(join(cli.path, '.git'));
    write('cdk8s-cilium.yaml', 'ignore: [CIL202]\nnamespace: team\n');
    write('deep/a.yaml', BAD);
    const run = (words: string) =>
      spawnSync('node', [MAIN, ...words.split(' ')], { cwd: join(cli.path, 'deep'), encoding: 'utf8', env: PLAIN }).status;
    expect([run('check a.yaml'), run('check --ignore CIL103 a.yaml')]).toEqual([0, 1]);
  });

  test('reports an invalid settings file', () => {
    write('cdk8s-cilium.yaml', 'ignored: []\n');
    expect(cilium('check -', GOOD)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('cdk8s-cilium.yaml:1:1: unknown setting\ndid you mean `ignore`?') as string,
    });
  });

  test('reads a cilium-config ConfigMap', () => {
    write('config.yaml', 'kind: ConfigMap\napiVersion: v1\ndata:\n  enable-node-selector-labels: "true"\n');
    const nodes = policy('  endpointSelector: {}\n  ingress:\n    - fromNodes: [{}]\n');
    expect([cilium('check -', nodes).status, cilium('check --config config.yaml -', nodes).status]).toEqual([1, 0]);
  });

  test('reads values of the Helm chart in the place of a ConfigMap', () => {
    write('values.yaml', 'nodeSelectorLabels: true\nhostFirewal: {enabled: true}\n');
    const nodes = policy('  endpointSelector: {}\n  ingress:\n    - fromNodes: [{}]\n');
    const { status, stderr } = cilium('check --config values.yaml -', nodes);
    expect([status, stderr]).toEqual([
      0,
      'warning: values.yaml:2:1: Cilium 1.20 has no such value of the chart; did you mean `hostFirewall`?\n',
    ]);
  });

  test('names keys of cilium-config that the minor does not know, for each set', () => {
    write('config.yaml', 'enable-polcy: always\n');
    write('a/a.yaml', GOOD);
    write('cdk8s-cilium.yaml', 'sets:\n  - {name: prod, paths: a, config: config.yaml}\n');
    expect(cilium('check').stderr).toContain(
      'warning: prod: config.yaml:1:1: Cilium 1.20 has no such key of `cilium-config`; did you mean `enable-policy`?',
    );
  });

  test('reports what changes between two minors', () => {
    const text = policy('  endpointSelector: {matchLabels: {"$host": ""}}\n  ingress: [{}]\n');
    const { status, stdout } = cilium('check --cilium 1.19..1.20 -', text);
    expect(status).toBe(1);
    expect(stdout).toContain('CIL205');
    expect(cilium('check --cilium 1.18..1.19 -', text).status).toBe(0);
  });
});

describe('--help', () => {
  test.each(['check', 'verdict', 'explain', 'batch'])('of %s is its own, with an example', (name) => {
    const own = cilium(`${name} --help`);
    expect(own).toMatchObject({ status: 0, stderr: '' });
    expect(own.stdout).toContain(`Usage: cdk8s-cilium ${name} `);
    expect(own.stdout).toMatch(/\nExamples?:\n/);
    expect(cilium(`help ${name}`)).toEqual(own);
  });

  test.each(['--help', '-h', 'help', 'help help'])('as %s lists the commands', (words) => {
    const { status, stdout } = cilium(words);
    expect(status).toBe(0);
    expect(stdout).toMatch(/\n {2}verdict .*\n(?:.*\n)* {2}batch /);
  });

  test('is not needed for the version', () => {
    const version = cilium('--version');
    expect(version).toMatchObject({ status: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect([cilium('-V'), cilium('check --version')]).toEqual([version, version]);
  });
});

describe('check --fix', () => {
  test('applies certain fixes, and leaves the rest of the text unchanged', () => {
    const text = policy(`  endpointSelector: {} # all
  egress:
    - toCIDR: [192.0.2.1, "2001:db8::1"] # hosts
      toPorts:
        - ports:
            - {port: 443, protocol: tcp}   # odd   spacing
          serverNames:
            - example.com
            - example.com
    - toFQDNs:
        - matchName: '*.example.com'
    - toEntities: [wrold]
`);
    write('a.yaml', text);
    const { status, stderr } = cilium('check --fix a.yaml');
    expect([status, stderr]).toEqual([1, 'fixed 6 findings in 1 file\n']);
    expect(readFileSync(join(cli.path, 'a.yaml'), 'utf8')).toBe(
      text
        .replace('192.0.2.1,', '192.0.2.1/32,')
        .replace('2001:db8::1', '2001:db8::1/128')
        .replace('443', '"443"')
        .replace('tcp', 'TCP')
        .replace('            - example.com\n', '')
        .replace('matchName', 'matchPattern'),
    );
  });

  test('does not quote a number whose digits differ from its value', () => {
    const text = policy(
      '  endpointSelector: {}\n  ingress: [{toPorts: [{ports: [{port: 0x50}, {port: 0443}, {port: 1_000}, {port: 8080}]}]}]\n',
    );
    write('a.yaml', text);
    expect(cilium('check --fix a.yaml').stderr).toBe('fixed 1 finding in 1 file\n');
    expect(readFileSync(join(cli.path, 'a.yaml'), 'utf8')).toBe(text.replace('8080', '"8080"'));
  });

  test('keeps CRLF and a byte order mark', () => {
    const text = `\ufeff${policy('  endpointSelector: {}\n  egress: [{toCIDR: [192.0.2.1]}]\n')}`.replaceAll('\n', '\r\n');
    write('a.yaml', text);
    expect(cilium('check --fix a.yaml').status).toBe(0);
    expect(readFileSync(join(cli.path, 'a.yaml'), 'utf8')).toBe(text.replace('192.0.2.1', '192.0.2.1/32'));
  });

  test('does not fix a suppressed finding', () => {
    const text = policy('  endpointSelector: {}\n  # cilium-check: allow CIL106 -- it is split later\n  egress: [{toCIDR: [192.0.2.1]}]\n');
    write('a.yaml', text);
    expect(cilium('check --fix a.yaml')).toMatchObject({ status: 0, stderr: 'fixed 0 findings in 0 files\n' });
    expect(readFileSync(join(cli.path, 'a.yaml'), 'utf8')).toBe(text);
  });
});

describe('checks of meaning', () => {
  const DNS = policy(
    '  endpointSelector: {}\n  egress:\n    - toPorts:\n        - ports: [{port: "53", protocol: UDP}]\n          rules: {dns: [{matchName: a.example}]}\n',
  );
  const NAMES = policy('  endpointSelector: {}\n  egress: [{toFQDNs: [{matchName: b.example}]}]\n').replace('name: web', 'name: names');
  const CLUSTERWIDE = DNS.replace('CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy').replace('  namespace: shop\n', '');

  test('look at the policies of all files together', () => {
    write('dns.yaml', DNS);
    write('names.yaml', NAMES);
    expect(cilium('check names.yaml').stdout).toContain('info CIL408 no-dns-rule');
    expect(cilium('check dns.yaml names.yaml').stdout).toContain('names.yaml:8:');
    expect(cilium('check dns.yaml names.yaml').stdout).toContain('warning CIL405 refused-look-up');
    expect(cilium('check --select CIL2 dns.yaml names.yaml').stdout).toContain('no findings');
  });

  test('of habits run where the user wants them: by a flag, by the settings file, or by selecting them', () => {
    write('a.yaml', CLUSTERWIDE);
    expect(cilium('check a.yaml').stdout).toContain('no findings');
    expect(cilium('check --habits a.yaml').stdout).toContain('CIL601 unprefixed-name');
    expect(cilium('check --select CIL601 a.yaml').stdout).toContain('CIL601 unprefixed-name');
    write('cdk8s-cilium.yaml', 'habits:\n  prefixes: [web]\n  platform: [platform]\n');
    expect(cilium('check a.yaml').stdout).toContain('CIL602 clusterwide-elsewhere');
    write('cdk8s-cilium.yaml', 'habits:\n  prefix: [web]\n');
    expect(cilium('check a.yaml')).toMatchObject({ status: 2, stderr: expect.stringContaining('unknown key in `habits`') as string });
  });

  test('have fixes that are guesses, which are applied only if they are wanted', () => {
    const method = (word: string) =>
      policy(
        `  endpointSelector: {}\n  ingress: [{toPorts: [{ports: [{port: "80", protocol: TCP}], rules: {http: [{method: ${word}}]}}]}]\n`,
      );
    write('a.yaml', method('get'));
    expect(cilium('check --fix a.yaml').stderr).toContain('fixed 0 findings');
    expect(cilium('check --fix --unsafe-fixes a.yaml').stderr).toContain('fixed 1 finding in 1 file');
    expect(readFileSync(join(cli.path, 'a.yaml'), 'utf8')).toBe(method('GET'));
  });
});

describe('explain', () => {
  test('prints the page of a check, by its code in any case', () => {
    expect(cilium('explain cil202').stdout).toMatch(/^# CIL202 rule-without-section\n/);
  });

  test('accepts a name instead of a code, and prints the list of all checks without either', () => {
    expect(cilium('explain mixed-peer-kinds').stdout).toBe(cilium('explain CIL201').stdout);
    expect(
      cilium('explain')
        .stdout.split('\n')
        .filter((line) => line.startsWith('| [')),
    ).toHaveLength(CHECKS.length);
  });
});

describe('batch', () => {
  test('tells what Envoy refuses of a policy that the agent accepts', () => {
    const http = [{ host: '*.example.com' }];
    const object = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'web' },
      spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http } }] }] },
    };
    const answer = JSON.parse(cilium('batch', JSON.stringify({ kind: 'validate', id: 1, object })).stdout) as unknown;
    expect(answer).toMatchObject({ accepted: { schema: true, agent: true }, diagnostics: [{ code: 'CIL301', stage: 'intent' }] });
  });

  test('answers line by line, in order, including invalid lines', () => {
    const object = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'web' },
      spec: { endpointSelector: {}, egress: [{ toPort: [] }] },
    };
    const lines = [
      JSON.stringify({ kind: 'validate', id: 'v1', cilium: '1.20', object }),
      'nonsense',
      '',
      JSON.stringify({ kind: 'guess', id: 2 }),
      JSON.stringify({ kind: 3, id: 7 }),
      JSON.stringify({ id: 8 }),
      JSON.stringify({ kind: 'validate', id: [3], cilium: '1.21', object }),
      JSON.stringify({ kind: 'validate', id: 4, object: { kind: 'Pod', apiVersion: 'v1' } }),
      JSON.stringify({ kind: 'validate', id: 5, config: 7, object }),
      JSON.stringify({ kind: 'validate', id: 6 }),
      '[]',
    ];
    const answers = cilium('batch', lines.join('\n'))
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(answers).toEqual([
      {
        id: 'v1',
        accepted: { schema: true, agent: true },
        unknown: ['/spec/egress/0/toPort'],
        diagnostics: [
          {
            code: 'CIL103',
            name: 'unknown-field',
            stage: 'schema',
            severity: 'error',
            path: '/spec/egress/0/toPort',
            message: 'unknown field `toPort`, which the API server drops',
            help: 'did you mean `toPorts`?',
          },
        ],
      },
      { id: null, line: 2, error: 'the line is not valid JSON' },
      { id: 2, error: 'unknown request kind `guess`; write `"kind":"validate"` or `"kind":"verdict"`' },
      { id: 7, error: 'unknown request kind `3`; write `"kind":"validate"` or `"kind":"verdict"`' },
      { id: 8, error: 'the request has no `kind`; write `"kind":"validate"` or `"kind":"verdict"`' },
      { id: [3], error: 'unknown Cilium minor `1.21`; write one of 1.18, 1.19, 1.20, or a range such as `1.18..1.20`' },
      { id: 4, error: '`Pod` in `v1` is neither a policy nor a CIDR group' },
      { id: 5, error: '`config` must be a mapping of keys of `cilium-config` to values' },
      { id: 6, error: '`object` must be an object' },
      { id: null, line: 11, error: 'the line is not a JSON object' },
    ]);
  });

  test('answers verdicts, and a flow that cannot be judged together with others', () => {
    const object = {
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: 'db', namespace: 'shop' },
      spec: { endpointSelector: { matchLabels: { app: 'db' } }, ingress: [{ fromEndpoints: [{ matchLabels: { app: 'web' } }] }] },
    };
    const pod = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'shop', labels: { app: name } },
      spec: { containers: [] },
    });
    const request = {
      kind: 'verdict',
      id: 'w',
      cilium: '1.20',
      objects: [pod('web'), pod('db'), object],
      flows: [
        { from: { pod: 'shop/web' }, to: { pod: 'shop/db' }, protocol: 'TCP', port: 5432 },
        { from: { entity: 'world' }, to: { pod: 'shop/db' }, protocol: 'ICMP', type: 8 },
        { from: { pod: 'shop/nobody' }, to: { pod: 'shop/db' }, port: 80 },
        { from: { pod: 'shop/web' }, to: { pod: 'shop/db' }, port: 70_000 },
      ],
    };
    const lines = [
      request,
      { ...request, id: 'refused', objects: [{ ...object, spec: { endpointSelector: {}, ingress: [] } }] },
      { ...request, id: 'version', objects: [{ ...object, apiVersion: 'cilium.io/v1' }] },
      { ...request, id: 'config', config: { 'policy-cidr-match-mode': 'everything' } },
      { ...request, id: 'names', names: { 'a.example.com': 'x' } },
      { ...request, id: 'objects', objects: 7 },
      { ...request, id: 'flows', flows: undefined },
    ];
    const answers = cilium('batch', lines.map((line) => JSON.stringify(line)).join('\n'))
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const notEnforced = { decision: 'allowed', reason: 'not-enforced', redirect: null, policies: [] };
    const none = { decision: 'n/a', reason: null, redirect: null, policies: [] };
    const policies = ['CiliumNetworkPolicy/shop/db'];
    expect(answers).toEqual([
      {
        id: 'w',
        error: null,
        answers: [
          { allowed: true, egress: notEnforced, ingress: { decision: 'allowed', reason: 'rule', redirect: null, policies } },
          { allowed: false, egress: none, ingress: { decision: 'denied', reason: 'default-deny', redirect: null, policies } },
          { error: expect.stringContaining('no pod or workload `shop/nobody`') as string },
          { error: 'port `70000` is not between 1 and 65535' },
        ],
        warnings: [],
      },
      { id: 'refused', error: 'rejected: CiliumNetworkPolicy shop/db: CIL202: the policy has no rule, so the agent rejects it' },
      { id: 'version', error: 'objects/0: `cilium.io/v1` has no kind `CiliumNetworkPolicy`' },
      { id: 'config', error: 'unknown policy-cidr-match-mode `everything` in Cilium 1.20; write `nodes` or `pods`' },
      { id: 'names', error: '`names` must have a list of addresses for `a.example.com`' },
      { id: 'objects', error: '`objects` must be a list of objects' },
      { id: 'flows', error: '`flows` must be a list of objects' },
    ]);
  });
});

describe('verdict', () => {
  const POLICIES = `${policy('  endpointSelector: { matchLabels: { app: db } }\n  ingress:\n    - fromEndpoints: [{ matchLabels: { app: web } }]\n')}`;
  const WEB = '--from labels:app=web@shop --to labels:app=db@shop';

  test.each<[string, number, string]>([
    [`${WEB} --port 80`, 0, 'allowed: labels:app=web@shop → labels:app=db@shop 80/TCP\n'],
    [`${WEB} --port 53/UDP`, 0, 'allowed: labels:app=web@shop → labels:app=db@shop 53/UDP\n'],
    [`${WEB} --icmp EchoRequest`, 0, 'allowed: labels:app=web@shop → labels:app=db@shop ICMP 8\n'],
    [`${WEB} --protocol GRE`, 1, 'denied: labels:app=web@shop → labels:app=db@shop GRE\n'],
    ['--from entity:world --to labels:app=db@shop --port 80', 1, 'denied: entity:world → labels:app=db@shop 80/TCP\n'],
    [
      '--from fqdn:a.example.com --name a.example.com=192.0.2.1 --to labels:app=x@shop --port 80',
      0,
      'allowed: fqdn:a.example.com → labels:app=x@shop 80/TCP\n',
    ],
  ])('verdict db.yaml %s exits with %d', (words, status, head) => {
    write('db.yaml', POLICIES);
    const ran = cilium(`verdict db.yaml ${words}`);
    expect({ status: ran.status, stderr: ran.stderr, head: ran.stdout.slice(0, head.length) }).toEqual({ status, stderr: '', head });
  });

  test('prints the steps, by file and line', () => {
    write('db.yaml', POLICIES);
    expect(cilium('verdict db.yaml --from labels:app=web@other --to labels:app=db@shop --port 80 --explain').stdout).toBe(
      [
        'denied: labels:app=web@other → labels:app=db@shop 80/TCP',
        '  egress of labels:app=web@other: allowed: no rule matches, and the direction is not default-deny',
        '    no rule selects it, and the direction is not default-deny',
        '  ingress of labels:app=db@shop: denied: no rule allows it, and the direction is default-deny',
        '    default-deny because of db.yaml:9 (shop/web)',
        '    rules for the peer: none',
        '    nearest rule: db.yaml:9 /spec/ingress/0/fromEndpoints/0 (shop/web), but namespace is `other`, and the rule allows `shop`',
        '',
      ].join('\n'),
    );
  });

  test('prints the output in the documentation', () => {
    const [, text, words, output] =
      /Given a file `db.yaml`:\n\n```yaml\n([^]*?)```\n\n`cdk8s-cilium ([^`]*)` exits with 1 and prints:\n\n```\n([^]*?)```/.exec(
        readFileSync(resolve('docs/concepts/verdicts.md'), 'utf8'),
      ) ?? [];
    write('db.yaml', text);
    expect(cilium(words)).toEqual({ status: 1, stdout: output, stderr: '' });
  });

  test('prints one line for each tier, as in the documentation', () => {
    const [, text, words, output] =
      /Given a file `tiers.yaml`:\n\n```yaml\n([^]*?)```\n\n`cdk8s-cilium ([^`]*)` exits with 1 and prints[^]*?:\n\n```\n([^]*?)```/.exec(
        readFileSync(resolve('docs/concepts/tiers.md'), 'utf8'),
      ) ?? [];
    write('tiers.yaml', text);
    expect(cilium(words)).toEqual({ status: 1, stdout: output, stderr: expect.stringContaining('counted as enforced') as string });
    expect(cilium(words.replace('--port 80', '--port 5432')).status).toBe(0);
    expect(cilium(words.replace('@a1', '@other')).stdout).toContain('Admin tier: denied by tiers.yaml:20 (tenant-a)');
  });

  test('judges many flows, one answer per line, and continues after a flow that cannot be judged', () => {
    write('db.yaml', POLICIES);
    write(
      'flows.ndjson',
      '{"from":"labels:app=web@shop","to":"labels:app=db@shop","port":80}\nnonsense\n{"from":"entity:world","to":"labels:app=db@shop","port":80}\n',
    );
    const { status, stdout } = cilium('verdict db.yaml --flows flows.ndjson -o json');
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { allowed?: boolean; error?: string });
    expect(status).toBe(1);
    expect(answers.map(({ allowed, error }) => allowed ?? error)).toEqual([true, 'the line is not valid JSON', false]);
    expect(cilium('verdict db.yaml --flows flows.ndjson').stdout).toContain(
      '\ncannot be judged: flows.ndjson:2: the line is not valid JSON\n',
    );
  });

  test('reads pods and services from an inventory, and ignores its policies', () => {
    write('db.yaml', POLICIES);
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: { name: db-0, namespace: shop, labels: { app: db } }\nspec: { containers: [] }\nstatus: { podIPs: [{ ip: 10.0.0.7 }] }\n';
    write('cluster.yaml', `${pod}---\n${policy('  endpointSelector: {}\n  ingress: [{}]\n').replace('name: web', 'name: other')}`);
    expect(cilium('verdict db.yaml --inventory cluster.yaml --from labels:app=web@shop --to ip:10.0.0.7 --port 80').status).toBe(0);
    expect(cilium('verdict db.yaml --inventory cluster.yaml --from labels:app=web@shop --to shop/db-0 --port 80').status).toBe(0);
    expect(cilium('verdict db.yaml --inventory cluster.yaml --from labels:app=web@shop --to labels:app=x@shop --port 80').status).toBe(0);
  });

  test('warns about a policy that has no effect', () => {
    write('db.yaml', `${POLICIES}---\n${BAD.replace('name: web', 'name: bad')}`);
    expect(cilium(`verdict db.yaml ${WEB} --port 80`).stderr).toBe(
      'warning: rejected, and so without effect: db.yaml:18: CiliumNetworkPolicy shop/bad: CIL202: the policy has no rule, so the agent rejects it\n',
    );
  });

  test('names the path of a rejected policy in a text of one line', () => {
    const rule = { fromEndpoints: [{}], fromCIDR: ['192.0.2.0/24'] };
    const mixed = { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: 'bad' } };
    write('bad.json', JSON.stringify({ ...mixed, spec: { endpointSelector: {}, ingress: [rule] } }));
    expect(cilium(`verdict bad.json ${WEB} --port 80`).stderr).toContain('bad.json:1 /spec/ingress/0/fromCIDR: CiliumNetworkPolicy');
  });

  test('warns about input that was not read, counts twice or is not judged', () => {
    write('db.yaml', `${POLICIES}---\n${POLICIES}---\nkind: [`);
    write('other.yaml', 'apiVersion: cilium.io/v2\nkind: CiliumDatapathPlugin\nmetadata: { name: p }\n');
    write(
      'nodes.yaml',
      'apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: { name: nodes }\nspec: { nodeSelector: {}, ingress: [{}] }\n',
    );
    expect(cilium(`verdict db.yaml other.yaml nodes.yaml ${WEB} --port 80`).stderr.split('\n')).toEqual([
      expect.stringMatching(/^warning: not read: db\.yaml:\d+: CIL001: /),
      expect.stringMatching(/^warning: counted twice: db\.yaml:\d+: CIL005: /),
      'warning: not judged: CiliumDatapathPlugin default/p',
      'warning: without effect, because `enable-host-firewall` is off: CiliumClusterwideNetworkPolicy nodes',
      '',
    ]);
  });

  test('the first of many answers as JSON has the warnings', () => {
    write(
      'db.yaml',
      `${POLICIES}---\napiVersion: cilium.io/v2\nkind: CiliumEnvoyConfig\nmetadata: { name: e }\nspec: { services: [{ name: x }] }\n`,
    );
    const flow = '{"from":"labels:app=web@shop","to":"labels:app=db@shop","port":80}';
    const lines = cilium('verdict db.yaml --flows - -o json', `${flow}\n${flow}\n`).stdout.trimEnd().split('\n');
    const envoy = { code: 'not-judged', message: 'not judged: CiliumEnvoyConfig default/e', object: 'CiliumEnvoyConfig/default/e' };
    expect(lines.map((line) => (JSON.parse(line) as { warnings?: unknown }).warnings)).toEqual([[envoy], undefined]);
  });

  test('uses the given namespace for the objects of an inventory', () => {
    write('db.yaml', POLICIES);
    write('cluster.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, labels: { app: web } }\n');
    const words = 'verdict db.yaml --inventory cluster.yaml --from shop/web --to labels:app=db@shop --port 80';
    expect([cilium(words).status, cilium(`${words} --namespace shop`).status]).toEqual([2, 0]);
  });

  test('fills in placeholders from files and flags, of which the last wins', () => {
    write('db.yaml', POLICIES.replace('app: web', 'app: "${APP}"'));
    write('prod.env', 'APP=other\n');
    const status = (flags: string) => cilium(`verdict db.yaml ${WEB} --port 80 ${flags}`).status;
    expect([
      status('--values APP=web'),
      status('--values prod.env'),
      status('--values prod.env --values APP=web'),
      status('--values none'),
    ]).toEqual([0, 1, 0, 2]);
    expect(cilium('check --fix db.yaml --values APP=web').stderr).toContain('--fix cannot be used with values of placeholders');
  });

  test('prints ten warnings of a kind, and all if it is asked to', () => {
    const envoys = Array.from(
      { length: 12 },
      (_, i) => `apiVersion: cilium.io/v2\nkind: CiliumEnvoyConfig\nmetadata: { name: e${i} }\nspec: { services: [{ name: x }] }\n`,
    );
    write('many.yaml', [POLICIES, ...envoys].join('---\n'));
    const lines = (flags: string) => cilium(`verdict many.yaml ${WEB} --port 80${flags}`).stderr.trimEnd().split('\n');
    expect(lines('').slice(9)).toEqual([
      'warning: not judged: CiliumEnvoyConfig default/e9',
      'warning: 2 more of this kind, which `--verbose` prints',
    ]);
    expect(lines(' --verbose')).toHaveLength(12);
  });

  test('warns that there are no policies', () => {
    write('other.yaml', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n');
    const { status, stderr } = cilium(`verdict other.yaml ${WEB} --port 80`);
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'warning: no policies in `other.yaml`\n',
    });
  });

  test.each<[string, string]>([
    [
      '',
      'no files or folders are given\nname files or folders with policies, or `-` for standard input, or list `sets` in the settings file\n',
    ],
    ['nowhere', 'nowhere'],
    ['db.yaml', 'a flow needs two ends\ngive --from and --to, or --flows\n'],
    [`db.yaml ${WEB}`, 'a flow needs a port\ngive --port, for example `--port 80` or `--port 53/UDP`\n'],
    [`db.yaml ${WEB} --port 80 --icmp 8`, 'a flow can have only one of --port, --icmp and --protocol\n'],
    [`db.yaml ${WEB} --port 70000`, 'port `70000` is not between 1 and 65535\n'],
    [`db.yaml ${WEB} --port http`, 'port `http` is not between 1 and 65535\n'],
    [`db.yaml --from shop/web --to shop/db --port 80`, 'from: no pod or workload `shop/web`\n'],
    [
      `db.yaml --inventory cluster.yaml --from shop/wbe --to shop/web --port 80`,
      'from: no pod or workload `shop/wbe`\ndid you mean `shop/web`?\n',
    ],
    [`db.yaml --inventory cluster.yaml --from shop/web --to node:n2 --port 80`, 'to: no node `n2`\ndid you mean `n1`?\n'],
    [
      `db.yaml --inventory cluster.yaml --from shop/web --to service:shop/db --port 80`,
      'to: no service `shop/db`\ngive an inventory (`--inventory`) with it\n',
    ],
    [`db.yaml --from world --to shop/db --port 80`, 'from: `world` is not a valid endpoint\ndid you mean `entity:world`?\n'],
    [`db.yaml ${WEB} --port 80/GRE`, '--port has invalid value `80/GRE`\nwrite for example `80/TCP`; --port accepts TCP, UDP, SCTP\n'],
    [`db.yaml ${WEB} --port 80/TCP/x`, '--port has invalid value `80/TCP/x`\n'],
    [`db.yaml ${WEB} --icmp 8/TCP`, '--icmp has invalid value `8/TCP`\nwrite for example `8/ICMP`; --icmp accepts ICMP, ICMPv6\n'],
    [`db.yaml ${WEB} --port 80 --host a`, '--host needs an HTTP request\n'],
    [`db.yaml ${WEB} --port 80 --header X:1`, '--header needs an HTTP request\n'],
    [`db.yaml ${WEB} --flows flows.ndjson`, '--flows cannot be combined with --from\n'],
    ['- --flows -', 'standard input is used twice\n'],
    [`db.yaml ${WEB} --port 80 --name __proto__=x`, '`x`, given as an address of `__proto__`, is not a valid IP address\n'],
    [`db.yaml ${WEB} --port 80 --inventory broken.yaml`, 'the inventory cannot be read: broken.yaml:'],
    [`db.yaml ${WEB} --port 80 --name x`, '`x` is not a name with an address\n'],
    [`db.yaml ${WEB} --port 80 --cilium 1.19..1.20`, 'a verdict needs exactly one minor\n'],
    [`db.yaml ${WEB} --port 80 --inventory nowhere`, 'nowhere'],
    [`db.yaml --flows nowhere`, 'the flows in `nowhere` cannot be read: it does not exist\n'],
  ])('verdict %s cannot run', (words, message) => {
    write('db.yaml', POLICIES);
    write(
      'cluster.yaml',
      'apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop }\n---\napiVersion: v1\nkind: Node\nmetadata: { name: n1 }\n',
    );
    write('broken.yaml', 'kind: [\n');
    const { status, stdout, stderr } = cilium(`verdict ${words}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('sets of the settings file', () => {
  const allow = (from: string) =>
    policy(`  endpointSelector: { matchLabels: { app: db } }\n  ingress:\n    - fromEndpoints: [{ matchLabels: { app: ${from} } }]\n`);
  const FLOW = '--from labels:app=web@shop --to labels:app=db@shop --port 80';

  beforeEach(() => {
    write('prod/db.yaml', allow('web'));
    write('test/db.yaml', allow('other'));
    write('base/bad.yaml', BAD.replace('name: web', 'name: bad'));
    write('cdk8s-cilium.yaml', 'sets:\n  - { name: prod, paths: [prod, base] }\n  - { name: test, paths: [test, base], cilium: "1.19" }\n');
  });

  test('without paths, each is checked alone, and a finding of both is one', () => {
    const { status, stdout } = cilium('check');
    expect(status).toBe(1);
    expect(stdout).toContain('the policy has no rule, so the agent rejects it (in prod, test)\n');
    expect(stdout).toContain('1 error in 4 policies (4 documents, 4 files)\n');
    const report = JSON.parse(cilium('check -o json --set test').stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ cilium: '1.19', summary: { policies: 2 }, diagnostics: [{ code: 'CIL202', sets: ['test'] }] });
  });

  test('in one input they are duplicates, and the finding advises sets', () => {
    expect(cilium('check prod test').stdout).toContain(
      'or, if the folders are of different clusters, list them as `sets` in the settings file',
    );
  });

  test('without paths, a flow is judged in each', () => {
    const { status, stdout } = cilium(`verdict ${FLOW}`);
    expect(status).toBe(1);
    expect(stdout.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
      'prod: allowed: labels:app=web@shop → labels:app=db@shop 80/TCP',
      'test: denied: labels:app=web@shop → labels:app=db@shop 80/TCP',
      '',
    ]);
    expect(cilium(`verdict ${FLOW} --set prod`).status).toBe(0);
    const lines = cilium(`verdict ${FLOW} -o json`).stdout.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
      { set: 'prod', allowed: true, warnings: [{ code: 'refused' }] },
      { set: 'test', allowed: false, warnings: [{ code: 'refused' }] },
    ]);
  });

  test('a flow that cannot be judged in one of them is judged in the others', () => {
    write('prod/pod.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, namespace: shop, labels: { app: web } }\n');
    const { status, stdout } = cilium('verdict --from shop/web --to labels:app=db@shop --port 80');
    expect([status, stdout.split('\n').filter((line) => !line.startsWith(' '))]).toEqual([
      1,
      [
        'prod: allowed: shop/web → labels:app=db@shop 80/TCP',
        expect.stringMatching(/^test: cannot be judged: from: no pod or workload `shop\/web`/),
        '',
      ],
    ]);
  });

  test('a failure names the set, and no set is repaired if one must not be', () => {
    write('cdk8s-cilium.yaml', 'sets:\n  - { name: fixable, paths: fix }\n  - { name: gone, paths: nowhere }\n');
    write('fix/a.yaml', policy('  endpointSelector: {}\n  ingress: [{toPorts: [{ports: [{port: 80}]}]}]\n'));
    expect(cilium('check')).toMatchObject({ status: 2, stderr: expect.stringContaining('set gone: no such file or folder') as string });
    write('cdk8s-cilium.yaml', 'sets:\n  - { name: fixable, paths: fix }\n  - { name: filled, paths: fix, values: { A: b } }\n');
    expect(cilium('check --fix').status).toBe(2);
    expect(readFileSync(join(cli.path, 'fix/a.yaml'), 'utf8')).toContain('port: 80}');
  });

  test.each([
    ['check --inventory -', 'standard input is an inventory of one input, and there are several sets\nname one with --set, or give a file'],
    [
      `verdict ${FLOW} --inventory -`,
      'standard input is an inventory of one input, and there are several sets\nname one with --set, or give a file',
    ],
    ['check --fix --values A=b', '--fix cannot be used with values of placeholders\nleave out --values, and `values` in the settings file'],
    ['check --set tset', 'unknown set `tset`\ndid you mean `test`?'],
    ['check --set test prod', '--set cannot be combined with paths\nleave out one of the two'],
    [
      'check --no-settings',
      'no files or folders are given\nname files or folders, or `-` for standard input, or list `sets` in the settings file',
    ],
  ])('%s cannot run', (words, message) => {
    expect(cilium(words)).toMatchObject({ status: 2, stderr: `cdk8s-cilium: ${message}\n` });
  });
});
