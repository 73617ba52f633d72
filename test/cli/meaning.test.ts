/** The commands about meaning, as users run them: those of the pages print what the pages say. Needs `npm run build`. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { CliFolder } from '../support/cli';

const cli = new CliFolder();

/** The files and the commands of a page, with their outputs. */
function contentsOf(page: string): { readonly files: readonly [string, string][]; readonly commands: readonly [string, string][] } {
  const text = readFileSync(`docs/concepts/${page}.md`, 'utf8');
  const files = [...text.matchAll(/^`([\w/]+\.yaml)`:\n\n```yaml\n(.*?)^```$/gms)].map(([, name, yaml]): [string, string] => [name, yaml]);
  const commands = [...text.matchAll(/^`cdk8s-cilium ([^`]+)` prints:\n\n```text\n(.*?)^```$/gms)].map(
    ([, words, out]): [string, string] => [words, out],
  );
  return { files, commands };
}

test.each(['reach', 'diff', 'prove', 'budget'])('the commands of the page %s print what it says', (page) => {
  const { files, commands } = contentsOf(page);
  files.forEach(([name, yaml]) => {
    cli.write(name, yaml);
  });
  const printed = commands.map(([words]) => [words, cli.run(words.split(' ')).stdout]);
  expect(printed).toEqual(commands);
  expect(commands.length).toBeGreaterThan(0);
});

const POLICY = (port: string, more = '') => `apiVersion: cilium.io/v2
kind: CiliumNetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  endpointSelector: {matchLabels: {app: db}}
  ingress:
    - fromEndpoints: [{matchLabels: {app: web}}]
      toPorts: [{ports: [{port: "${port}", protocol: TCP}]${more}}]
`;
const HTTP = (path: string) => POLICY('80', `, rules: {http: [{method: GET, path: "${path}"}]}`);

const git = (...words: readonly string[]) =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...words], { cwd: cli.path, stdio: 'pipe' });
const commit = (name: string, yaml: string) => {
  cli.write(name, yaml);
  git('add', '-A');
  git('commit', '-qm', name);
};

const schemaOf = (name: string) => new Ajv().compile(JSON.parse(readFileSync(`docs/formats/${name}.schema.json`, 'utf8')) as object);

describe('reach', () => {
  test('as JSON has the form that is documented', () => {
    cli.write('a.yaml', HTTP('/a'));
    const { stdout, status } = cli.run(['reach', 'a.yaml', '-o', 'json']);
    const validate = schemaOf('reach');
    expect({ errors: validate(JSON.parse(stdout)) ? null : validate.errors, status }).toEqual({ errors: null, status: 0 });
  });

  test.each([
    ['csv', '"pods with app=web of shop","pods with app=db of shop","80/TCP (HTTP GET /a)"'.replaceAll('"', '')],
    ['markdown', '80/TCP (HTTP GET /a)'],
    ['dot', '[label="80/TCP (HTTP GET /a)"];'],
    ['mermaid', '-->|"80/TCP #40;HTTP GET /a#41;"|'],
  ])('as %s tells who reaches whom', (format, line) => {
    cli.write('a.yaml', HTTP('/a'));
    expect(cli.run(['reach', 'a.yaml', '-o', format]).stdout).toContain(line);
  });

  test('of a name in a table cannot become a formula or markup', () => {
    cli.write('a.yaml', POLICY('80').replace('app: web', '"=cmd|x": "<b>"').replace('"<b>"', 'b'));
    expect(cli.run(['reach', 'a.yaml', '-o', 'csv']).stdout).not.toMatch(/^=/m);
  });

  const BEHIND = `
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: store, namespace: shop}
spec: {template: {metadata: {labels: {app: db}}, spec: {containers: [{name: main, ports: [{name: sql, containerPort: 80}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: database, namespace: shop}
spec: {selector: {app: db}, ports: [{name: sql, port: 5432, targetPort: sql}, {name: metrics, port: 9090}]}
---
apiVersion: v1
kind: Service
metadata: {name: peers, namespace: shop}
spec: {selector: {app: db}, clusterIP: None}
---
apiVersion: v1
kind: Service
metadata: {name: nobody, namespace: shop}
spec: {selector: {app: none}, ports: [{port: 80}]}
`;

  test.each<[string, string]>([
    ['service:shop/database:5432', 'to shop/store\n  from pods with app=web of shop, own node: 80/TCP\n10 kinds of ends\n'],
    // The host reaches every port.
    ['service:shop/database', 'to shop/store\n  from pods with app=web of shop: 80/TCP\n  from own node: 80, 9090/TCP\n10 kinds of ends\n'],
    ['service:shop/peers:80', 'to shop/store\n  from pods with app=web of shop, own node: 80/TCP\n10 kinds of ends\n'],
    ['service:shop/peers', 'to shop/store\n  from pods with app=web of shop: 80/TCP\n  from own node: everything\n10 kinds of ends\n'],
    ['service:shop/database:80', 'cdk8s-cilium: service `shop/database` has no port 80/TCP\nit has 5432/TCP, 9090/TCP\n'],
    ['service:shop/datbase', 'cdk8s-cilium: no service `shop/datbase`\ndid you mean `shop/database`?\n'],
    ['service:shop/database:0', 'cdk8s-cilium: port `0` is not between 1 and 65535\n'],
    [
      'service:shop/nobody',
      'cdk8s-cilium: service `shop/nobody` has no backend\ngive its pods or its EndpointSlices with the inventory, or ask about a pod behind it\n',
    ],
  ])('to %s is to the pods behind it, on the ports that it leads to', (end, text) => {
    cli.write('a.yaml', POLICY('80') + BEHIND);
    const { stdout, stderr } = cli.run(['who-can', end, 'a.yaml']);
    expect(stdout + stderr).toBe(text);
  });

  test('what is behind a Service on a node that is not given is told', () => {
    const spec = { hostNetwork: true, nodeName: 'n1', containers: [] };
    const pod = (name: string, more: object) =>
      JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop', labels: { app: 'db' } }, spec: more });
    const service = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'db', namespace: 'shop' },
      spec: { selector: { app: 'db' }, ports: [{ port: 80 }] },
    };
    const onHost = `${POLICY('80')}\n---\n${pod('edge', spec)}\n---\n${JSON.stringify(service)}`;
    cli.write('a.yaml', onHost);
    expect(cli.run(['who-can', 'service:shop/db:80', 'a.yaml']).stderr).toContain('is in the network of nodes that are not given');
    cli.write('a.yaml', `${onHost}\n---\n${pod('one', { containers: [] })}\n---\n${pod('two', { containers: [] })}`);
    const { stdout, stderr } = cli.run(['who-can', 'service:shop/db:80', 'a.yaml']);
    expect(stderr).toContain('warning: not asked about, because their nodes are not given: shop/edge');
    // Two pods with the same labels are one end, which has the port once.
    expect(stdout).toContain('from pods with app=web of shop, own node: 80/TCP\n');
  });

  test('of an end that nobody knows says what to write', () => {
    cli.write('a.yaml', POLICY('80'));
    const { status, stderr } = cli.run(['who-can', 'shop/db', 'a.yaml']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('`shop/db` is none of the ends that are compared')]);
  });
});

describe('diff', () => {
  const diff = (before: string, after: string, ...flags: readonly string[]) => {
    cli.write('a.yaml', before);
    cli.write('b.yaml', after);
    return cli.run(['diff', 'a.yaml', 'b.yaml', ...flags]);
  };

  test('of what means the same is empty', () => {
    const { status, stdout } = diff(POLICY('80'), POLICY('80').replace('name: db', 'name: other'));
    expect([status, stdout]).toEqual([0, 'no change of meaning\n']);
  });

  test('as JSON has the form that is documented', () => {
    const { stdout } = diff(HTTP('/a'), HTTP('/b'), '-o', 'json');
    const validate = schemaOf('diff');
    expect(validate(JSON.parse(stdout)) ? null : validate.errors).toBeNull();
    expect((JSON.parse(stdout) as { summary: object }).summary).toEqual({ opened: 1, closed: 1, rewritten: 0, undecided: 0 });
  });

  test.each<[string, string, string, number]>([
    ['opened', POLICY('80'), `${POLICY('80')}    - toPorts: [{ports: [{port: "81"}]}]\n`, 1],
    ['opened', `${POLICY('80')}    - toPorts: [{ports: [{port: "81"}]}]\n`, POLICY('80'), 0],
    ['closed', `${POLICY('80')}    - toPorts: [{ports: [{port: "81"}]}]\n`, POLICY('80'), 1],
    ['closed', POLICY('80'), `${POLICY('80')}    - toPorts: [{ports: [{port: "81"}]}]\n`, 0],
    ['any', POLICY('80'), POLICY('81'), 1],
    ['never', POLICY('80'), POLICY('81'), 0],
    // Whether the pattern lets more pass is not known.
    ['opened', HTTP('/a\\\\b'), HTTP('/a\\\\b.?'), 1],
  ])('with --fail-on %s', (kind, before, after, status) => {
    expect(diff(before, after, '--fail-on', kind).status).toBe(status);
  });

  describe('from git', () => {
    beforeEach(() => {
      git('init', '-q', '-b', 'main');
      commit('policies/a.yaml', POLICY('80'));
      commit('policies/a.yaml', POLICY('81'));
    });

    test('reads both sides, and the second one from the disk if it is not named', () => {
      cli.write('policies/a.yaml', POLICY('80'));
      expect(cli.run(['diff', 'main~1..main', '--', 'policies/']).stdout).toContain('1 opened, 1 closed');
      expect(cli.run(['diff', 'main..', '--', 'policies']).stdout).toContain('1 opened, 1 closed');
      expect(cli.run(['diff', 'main~1..', '--', 'policies']).stdout).toBe('no change of meaning\n');
      const { status, stderr } = cli.run(['diff', 'nowhere..main', '--', 'policies']);
      expect([status, stderr]).toEqual([2, expect.stringContaining('no revision `nowhere` in this git repository')]);
    });

    test('with three dots compares with the revision where the branches have parted', () => {
      git('checkout', '-qb', 'branch');
      commit('policies/a.yaml', POLICY('82'));
      git('checkout', '-q', 'main');
      commit('policies/a.yaml', POLICY('83'));
      expect(cli.run(['diff', 'main..branch', '--', 'policies']).stdout).toContain('app=db of shop 83/TCP');
      expect(cli.run(['diff', 'main...branch', '--', 'policies']).stdout).toContain('app=db of shop 81/TCP');
    });

    test('a folder that is new has nothing on the first side', () => {
      commit('more/b.yaml', POLICY('82').replace('name: db', 'name: more'));
      expect(cli.run(['diff', 'main~1..main', '--', 'more']).stdout).toContain('closed');
    });

    test('takes absolute paths, and leaves out what is excluded', () => {
      commit('policies/old/b.yaml', POLICY('82').replace('name: db', 'name: old'));
      expect(cli.run(['diff', 'main~1..main', '--', join(cli.path, 'policies')]).stdout).toContain('opened');
      expect(cli.run(['diff', 'main~1..main', '--exclude', 'old', '--', 'policies']).stdout).toContain('no change of meaning');
    });
  });

  test('of two minors finds what changes its meaning', () => {
    cli.write('a.yaml', POLICY('80').replace('fromEndpoints: [{matchLabels: {app: web}}]', 'fromEntities: [all]'));
    // Up to 1.19 a node may connect to pods that have no identity yet, even if no rule selects them.
    expect(cli.run(['diff', 'a.yaml', '--cilium', '1.19..1.20']).stdout).toContain('closed:\n  own node → init everything');
    expect(cli.run(['diff', 'a.yaml', '--cilium', '1.18..1.19']).stdout).toBe('no change of meaning\n');
  });

  test.each([
    ['diff a.yaml', 'there is nothing to compare `a.yaml` with'],
    ['diff a.yaml a.yaml a.yaml', 'diff compares two paths'],
    ['diff nowhere.yaml a.yaml', 'no such file or folder `nowhere.yaml`'],
    ['diff a.yaml a.yaml --fail-on some', 'Allowed choices are opened, closed, any, never'],
  ])('%s cannot run', (words, message) => {
    cli.write('a.yaml', POLICY('80'));
    const { status, stdout, stderr } = cli.run(words.split(' '));
    expect([status, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  });
});

describe('prove', () => {
  const APART = 'properties: [{isolated: {between: [{namespace: shop}, {namespace: bank}]}}]\n';

  test('as JSON has the form that is documented', () => {
    cli.write('a.yaml', POLICY('80'));
    cli.write('p.yaml', `${APART}  # beside it\n`.replace('}]\n', '}, {default-denied: {of: {namespace: bank}}}]\n'));
    const { stdout, status } = cli.run(['prove', 'a.yaml', '--property', 'p.yaml', '-o', 'json']);
    const validate = schemaOf('prove');
    expect({ errors: validate(JSON.parse(stdout)) ? null : validate.errors, status }).toEqual({ errors: null, status: 1 });
    expect((JSON.parse(stdout) as { summary: object }).summary).toEqual({ holds: 0, fails: 2, unknown: 0 });
  });

  test.each<[string, string, string]>([
    [
      'a property that nobody knows',
      'properties: [{isolatd: {}}]',
      'p.yaml:1:15: there is no property `isolatd`\ndid you mean `isolated`?',
    ],
    ['no property', 'properties: []', 'p.yaml:1:1: there are no properties\nlist at least one under `properties`'],
    ['a file that is no mapping', '[]', 'p.yaml:1:1: the file must be a mapping, not a list'],
    [
      'a selector that Cilium rejects',
      'properties: [{only-from: {to: {podSelector: {matchLabels: {"a b": c}}}, from: {entities: world}}}]',
      'p.yaml:1:15: `only-from`: ',
    ],
    [
      'an entity that nobody knows',
      'properties: [{only-from: {to: {namespace: a}, from: {entities: wrld}}}]',
      'p.yaml:1:15: `only-from`: ',
    ],
  ])('refuses %s', (_, properties, message) => {
    cli.write('a.yaml', POLICY('80'));
    cli.write('p.yaml', properties);
    const { status, stderr } = cli.run(['prove', 'a.yaml', '--property', 'p.yaml']);
    expect([status, stderr]).toEqual([2, expect.stringContaining(`cdk8s-cilium: ${message}`)]);
  });

  describe('of a change', () => {
    const SHOP = (label: string) => `{namespace: shop, podSelector: {matchLabels: {app: ${label}}}}`;
    const only = (ports: string) =>
      `properties: [{opens-only: [{from: ${SHOP('web')}, to: ${SHOP('db')}, ports: ${ports}}]}, {closes-only: []}]\n`;

    const prove = (base: string, ports: string) => {
      cli.write('p.yaml', only(ports));
      return cli.run(['prove', 'policies', '--base', base, '--property', 'p.yaml']);
    };
    const WIDER = POLICY('80').replace('{port: "80"', '{port: "81", protocol: TCP}, {port: "80"');

    beforeEach(() => {
      git('init', '-q', '-b', 'main');
      commit('policies/a.yaml', POLICY('80'));
      git('checkout', '-qb', 'branch');
      cli.write('policies/a.yaml', WIDER);
    });

    test('compares the files with those of a revision', () => {
      const { stdout, status } = prove('main', '81');
      expect([status, stdout]).toEqual([0, expect.stringContaining('2 properties: 2 hold, 0 fail, 0 unknown\n')]);
      const narrow = prove('main', '82');
      expect([narrow.status, narrow.stdout]).toEqual([
        1,
        expect.stringMatching(/before the change:\n {2}denied: .*\n(.*\n)* {2}after it:\n {2}allowed: .* 81\/TCP\n/),
      ]);
    });

    test('compares them with where the branches have parted', () => {
      commit('policies/a.yaml', WIDER);
      git('checkout', '-q', 'main');
      commit('policies/a.yaml', POLICY('83'));
      git('checkout', '-q', 'branch');
      expect(prove('main', '80-81').stdout).toContain('fails    closes-only');
      expect(prove('main...', '81').status).toBe(0);
    });

    test('compares them with other files', () => {
      cli.write('before/a.yaml', WIDER);
      expect(prove('./before', '1').stdout).toContain('2 hold');
      expect(prove('before/', '1').stdout).toContain('2 hold');
      expect(prove('before', '1').stderr).toContain('no revision `before`');
    });

    test('takes no folder for a revision, and says where nothing was before', () => {
      cli.write('main/a.yaml', WIDER);
      expect(prove('main', '82').stdout).toContain('fails    opens-only');
      cli.write('new/b.yaml', WIDER);
      const { stderr } = cli.run(['prove', 'new', '--base', 'main', '--property', 'p.yaml']);
      expect(stderr).toContain('warning: before the change there are no policies in these files, so everything passed\n');
    });

    test.each([
      ['nowhere', 'no revision `nowhere` in this git repository'],
      ['main..branch', '`main..branch` is not one revision\nwrite for example `--base main`, or `--base main...`'],
    ])('refuses --base %s', (base, message) => {
      const { status, stderr } = prove(base, '1');
      expect([status, stderr]).toEqual([2, expect.stringContaining(message)]);
    });

    test('needs the policies before it', () => {
      cli.write('p.yaml', only('1'));
      const { status, stderr } = cli.run(['prove', 'policies', '--property', 'p.yaml']);
      expect([status, stderr]).toEqual([
        2,
        'cdk8s-cilium: p.yaml:1:15: `opens-only`: it is about a change, and only the policies after it are given\ngive those before it, for example with `--base main`\n',
      ]);
    });

    test('has the form that is documented', () => {
      cli.write('p.yaml', only('82'));
      const { stdout } = cli.run(['prove', 'policies', '--base', 'main', '--property', 'p.yaml', '-o', 'json']);
      const validate = schemaOf('prove');
      expect(validate(JSON.parse(stdout)) ? null : validate.errors).toBeNull();
      expect(
        (JSON.parse(stdout) as { properties: { witness: { flow: { before: object } } }[] }).properties[0].witness.flow.before,
      ).toMatchObject({
        allowed: false,
      });
    });
  });

  test('refuses a file that is not there', () => {
    cli.write('a.yaml', POLICY('80'));
    const { status, stderr } = cli.run(['prove', 'a.yaml', '--property', 'nowhere.yaml']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('the properties `nowhere.yaml` cannot be read')]);
  });
});

describe('budget', () => {
  const WEB = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, labels: {app: web}}\n';
  const HEAD = 'entries  ingress   egress   full  endpoints\n';
  const config = (keys: string) =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: cilium-config, namespace: kube-system}\ndata: {${keys}}\n`;

  test('as JSON has the form that is documented', () => {
    cli.write('a.yaml', POLICY('80').replaceAll('app: db', 'app: web'));
    cli.write('b.yaml', WEB);
    const { stdout, status } = cli.run(['budget', 'a.yaml', '--inventory', 'b.yaml', '-o', 'json']);
    const validate = schemaOf('budget');
    expect({ errors: validate(JSON.parse(stdout)) ? null : validate.errors, status }).toEqual({ errors: null, status: 0 });
  });

  test('warns of a map that is nearly full, and of one that does not hold its entries', () => {
    cli.write('a.yaml', POLICY('1', '').replaceAll('app: db', 'app: web').replace('port: "1"', 'port: "1", endPort: 65534'));
    cli.write(
      'b.yaml',
      [WEB, ...Array.from({ length: 9 }, (_, i) => WEB.replace('name: web', `name: web-${i}`).replace('}}', `, n: "${i}"}}`))].join(
        '---\n',
      ),
    );
    const budget = (keys: string) => {
      cli.write('c.yaml', config(keys));
      return cli.run(['budget', 'a.yaml', '--inventory', 'b.yaml', '--config', 'c.yaml', '--by', 'policy']).stderr.split('\n')[0];
    };
    expect(budget('bpf-policy-map-max: "320"')).toBe('warning: nearly full: the policy map of shop/web and 9 more, 306 of 320 entries');
    expect(budget('bpf-policy-map-max: "300"')).toBe(
      'warning: does not fit, so the agent leaves out entries, and drops what they allow: the policy map of shop/web and 9 more, 306 of 300 entries',
    );
    expect(budget('bpf-policy-map-max: "300", enable-endpoint-lockdown-on-policy-overflow: "true"')).toContain('closes the endpoint');
    // The agent takes no fewer.
    expect(budget('bpf-policy-map-max: "10"')).toContain('306 of 256 entries');
  });

  test('marks what may be fewer, and says which setting is no number', () => {
    const asking = POLICY('80')
      .replaceAll('app: db', 'app: web')
      .replace('      toPorts', '      authentication: {mode: required}\n      toPorts');
    cli.write('a.yaml', asking);
    cli.write('b.yaml', WEB);
    cli.write('c.yaml', config('bpf-policy-map-max: many'));
    const { stdout, stderr } = cli.run(['budget', 'a.yaml', '--inventory', 'b.yaml', '--config', 'c.yaml', '--by', 'policy']);
    expect([stdout.split('\n')[1], stderr.split('\n')[0]]).toEqual([
      '        ≤1          ≤1           1  CiliumNetworkPolicy/shop/db',
      'warning: bpf-policy-map-max is no number: `many`; the default counts',
    ]);
  });

  test('says what is missing where there are no pods', () => {
    cli.write('a.yaml', POLICY('80'));
    expect(cli.run(['budget', 'a.yaml']).stdout).toBe('no endpoints: give the pods of the cluster with `--inventory`\n\n');
  });

  test('says of which endpoint it does not know the entries, and why', () => {
    cli.write('b.yaml', WEB.replaceAll('web', 'db'));
    cli.write(
      'a.yaml',
      ['http: [{}]', 'dns: [{matchPattern: "*"}]']
        .map((rules, i) => POLICY('80', `, rules: {${rules}}`).replace('name: db', `name: db-${i}`))
        .join('---\n')
        .replaceAll('ingress:', 'egress:')
        .replaceAll('fromEndpoints', 'toEndpoints'),
    );
    expect(cli.run(['budget', 'a.yaml', '--inventory', 'b.yaml']).stdout).toBe(
      `${HEAD}unknown                           shop/db\n         not known: its policies do not resolve: cannot merge conflicting L7 parsers (http/dns)\n\nidentities: 1 of pods (0 % of 65280), 0 of addresses, 0 of nodes, 14 reserved\n`,
    );
  });
});
