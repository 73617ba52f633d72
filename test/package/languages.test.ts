/** Python, Java and Go: the code is generated, and its runtime creates a policy. Needs `npm run build`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { JsiiKernel, map, struct } from '../support/jsii-kernel';
import { PLAIN, run } from '../support/run';

const root = join(__dirname, '../..');
const folder = join(root, 'out/languages');

beforeAll(() => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
});

/** What packing and generating may take where the machine is busy, in milliseconds. */
const PATIENCE = 120_000;

/** A package that is installed, as npm packs one. */
function packedFolder(source: string): string {
  const file = join(folder, `${basename(source)}.tgz`);
  run('tar', ['-czf', file, '--transform', 's,^\\.,package,', '-C', source, '.'], root);
  return file;
}

function packedProject(source: string): string {
  const packed = run('npm', ['pack', source, '--json', '--ignore-scripts', '--pack-destination', folder], root);
  const [{ filename }] = JSON.parse(packed) as { filename: string }[];
  return join(folder, filename);
}

test(
  'code for Python, Java and Go is generated without a warning',
  () => {
    const pacmak = join(root, 'node_modules/.bin/jsii-pacmak');
    const made = spawnSync(pacmak, ['--code-only', '--no-npmignore', '--outdir', folder, '-t', 'python', '-t', 'java', '-t', 'go'], {
      cwd: root,
      encoding: 'utf8',
      env: PLAIN,
    });
    expect(made.stdout + made.stderr).not.toMatch(/warn/i);
    expect(made.status).toBe(0);
    expect(existsSync(join(folder, 'python/src/cdk8s_cilium/__init__.py'))).toBe(true);
    expect(existsSync(join(folder, 'go/cdk8scilium/go.mod'))).toBe(true);
    expect(readdirSync(join(folder, 'java/src/main/java'), { recursive: true })).toContain(
      'io/github/cdk8scilium/CiliumNetworkPolicy.java',
    );
  },
  PATIENCE,
);

describe('through the runtime of the other languages', () => {
  const kernel = new JsiiKernel('Python/3.12.3');
  let chart: unknown;

  beforeAll(async () => {
    await kernel.start();
    for (const name of ['constructs', 'cdk8s']) {
      await load(name, join(root, 'node_modules', name), packedFolder);
    }
    await load('cdk8s-cilium', root, packedProject);
    const app = await kernel.create('cdk8s.App');
    chart = await kernel.create('cdk8s.Chart', app, 'chart');
  }, PATIENCE);

  afterAll(async () => kernel.stop());

  async function load(name: string, source: string, pack: (source: string) => string): Promise<void> {
    const { version } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { version: string };
    await kernel.load(name, version, pack(source));
  }

  const policy = (id: string, data: object) =>
    kernel.create('cdk8s-cilium.CiliumNetworkPolicy', chart, id, struct('cdk8s-cilium.CiliumNetworkPolicyProps', data));
  const web = () => kernel.invokeStatic('cdk8s-cilium.Selector', 'labels', map({ app: 'web' }));

  test('a policy is created, and rules are added to it', async () => {
    const made = await policy('Web', { endpointSelector: await web() });
    const peer = await kernel.invokeStatic('cdk8s-cilium.Peer', 'fqdns', 'api.example.com');
    const port = await kernel.invokeStatic('cdk8s-cilium.Port', 'tcp', 443);
    await kernel.invoke(made, 'allowTo', peer, port);
    const [manifest] = (await kernel.invokeStatic('cdk8s.Testing', 'synth', chart)) as { spec: object }[];
    expect(manifest.spec).toEqual({
      endpointSelector: { matchLabels: { app: 'web' } },
      egress: [{ toFQDNs: [{ matchName: 'api.example.com' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }],
    });
  });

  test('verdicts are asserted', async () => {
    const simulator = await kernel.invokeStatic('cdk8s-cilium.PolicySimulator', 'ofChart', chart);
    const flow = (destination: string) => struct('cdk8s-cilium.PolicyFlow', { source: 'labels:app=web@default', destination, port: 443 });
    await kernel.invoke(simulator, 'assertDenied', flow('entity:world'));
    await expect(kernel.invoke(simulator, 'assertAllowed', flow('entity:world'))).rejects.toThrow('expected the flow to be allowed');
    await expect(kernel.invoke(simulator, 'verdict', flow('nobody'))).rejects.toThrow('destination: `nobody` is not a valid endpoint');
  });

  test('an HTTP rule is checked by the bundled library', async () => {
    const rule = await kernel.invokeStatic('cdk8s-cilium.HttpRule', 'httpDelete', '/v1/.*');
    expect(JSON.stringify(rule)).toContain('cdk8s-cilium.HttpRule@');
    await expect(kernel.invokeStatic('cdk8s-cilium.HttpRule', 'get', '/(?=a)')).rejects.toThrow('regular expression `/(?=a)` is not valid');
  });

  test.each<[string, () => Promise<object>, string]>([
    [
      'a missing selector',
      () => Promise.resolve({}),
      "Missing required properties for cdk8s-cilium.CiliumNetworkPolicyProps: 'endpointSelector'",
    ],
    ['a selector of a wrong type', () => Promise.resolve({ endpointSelector: 'x' }), "Key 'endpointSelector'"],
    ['a description of a wrong type', async () => ({ endpointSelector: await web(), description: 3 }), 'Value is not a string'],
  ])('%s is rejected', async (what, data, message) => {
    await expect(policy(what.replaceAll(' ', '-'), await data())).rejects.toThrow(message);
  });

  test('a name as a source is rejected by its type', async () => {
    const made = await policy('Refused', { endpointSelector: await web() });
    const name = await kernel.invokeStatic('cdk8s-cilium.Peer', 'fqdns', 'api.example.com');
    await expect(kernel.invoke(made, 'allowFrom', name)).rejects.toThrow('is not convertible to cdk8s-cilium.Peer');
  });

  test('errors name properties and methods as the language writes them', async () => {
    const none = struct('cdk8s-cilium.CiliumClusterwideNetworkPolicyProps', {});
    await expect(kernel.create('cdk8s-cilium.CiliumClusterwideNetworkPolicy', chart, 'allNodes', none)).rejects.toThrow(
      'set exactly one of endpoint_selector and node_selector, at chart/allNodes',
    );
    const simulator = await kernel.invokeStatic('cdk8s-cilium.PolicySimulator', 'ofChart', chart);
    const flow = struct('cdk8s-cilium.PolicyFlow', { source: 'labels:@a', destination: 'labels:@b', protocol: 'ICMP' });
    await expect(kernel.invoke(simulator, 'verdict', flow)).rejects.toThrow('set `icmp_type`, for example to `EchoRequest`');
  });

  test('errors that types cannot prevent are thrown with the construct’s path', async () => {
    const selector = await kernel.invoke(await web(), 'inNamespace', 'other');
    await expect(policy('Other', { endpointSelector: selector })).rejects.toThrow('names a namespace; leave the namespace out');
    await expect(policy('Other2', { endpointSelector: selector })).rejects.toThrow('at chart/Other2');
  });
});
