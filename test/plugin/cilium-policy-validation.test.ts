/** The plugin through the real `cdk8s synth`. Needs `npm run build`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CiliumPolicyValidation } from '../../lib';
import { PLAIN } from '../support/run';

const root = resolve('.');
let folder: string;

beforeEach(() => {
  // Inside the package, so that cdk8s is found.
  folder = mkdtempSync(join(root, 'out/plugin-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function synth(program: string, properties: object = {}): { status: number | null; output: string; reports: string } {
  writeFileSync(
    join(folder, 'main.js'),
    `const { App, Chart, ApiObject } = require('cdk8s');\nconst app = new App();\n${program}\napp.synth();\n`,
  );
  const validations = [{ package: root, class: 'CiliumPolicyValidation', version: '0.1.0', properties }];
  writeFileSync(
    join(folder, 'cdk8s.yaml'),
    JSON.stringify({ app: 'node main.js', language: 'typescript', output: 'manifests', validations }),
  );
  // The command line does not overwrite a report.
  rmSync(join(folder, 'report.json'), { force: true });
  const words = ['synth', '--check-upgrade=false', '--validation-reports-output-file', 'report.json'];
  const { status, stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/cdk8s'), words, { cwd: folder, encoding: 'utf8', env: PLAIN });
  let reports = '';
  try {
    reports = readFileSync(join(folder, 'report.json'), 'utf8');
  } catch {
    // There is no report if the plugin could not run.
  }
  return { status, output: stdout + stderr, reports };
}

const POLICY = (name: string, namespace: string, ports: string) =>
  `new ApiObject(chart, '${name}-${namespace}', { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', metadata: { name: '${name}', namespace: '${namespace}' },` +
  ` spec: { endpointSelector: {}, ingress: [{ toPorts: [{ ports: [{ port: '${ports}', protocol: 'TCP' }] }] }] } });`;

const CHART = "const chart = new Chart(app, 'net');";

test('an invalid policy fails the synthesis with exit code 2, and the report names the construct', () => {
  const { status, output, reports } = synth(`${CHART} ${POLICY('web', 'shop', '70000')} ${POLICY('db', 'shop', '5432')}`);
  expect(status).toBe(2);
  expect(output).toContain('Validation failed');
  const { violations, summary } = (JSON.parse(reports) as { reports: { violations: object[]; summary: object }[] }).reports[0];
  expect(violations).toEqual([
    {
      ruleName: 'CIL213 malformed-port',
      recommendation: 'port `70000` is neither a number from 0 to 65535 nor a valid port name',
      fix: expect.stringContaining('a port name has 1 to 15 letters') as string,
      violatingConstructs: [
        {
          resourceName: 'web',
          locations: ['/spec/ingress/0/toPorts/0/ports/0/port (line 11)'],
          manifestPath: 'manifests/net.k8s.yaml',
          constructPath: 'net/web-shop',
        },
      ],
    },
  ]);
  expect(summary).toMatchObject({
    status: 'failure',
    metadata: { Cilium: '1.20', policies: '2', errors: '1', warnings: '0', allowed: '0' },
  });
});

test('valid policies pass', () => {
  const { status, reports } = synth(`${CHART} ${POLICY('web', 'shop', '8080')}`);
  expect([status, reports]).toEqual([0, expect.stringContaining('"status":"success"'.replace(':', ': '))]);
});

test('the report says that a construct is ambiguous if two objects have the same name', () => {
  const { status, reports } = synth(`${CHART} ${POLICY('web', 'shop', '70000')} ${POLICY('web', 'bank', '80')}`);
  expect(status).toBe(2);
  expect(reports).toContain('CiliumNetworkPolicy shop/web (ambiguous: several objects have the name web)');
});

test('findings depend on its properties', () => {
  const program = `${CHART} ${POLICY('web', 'shop', '70000')}`;
  expect(synth(program, { ignore: ['CIL213'] }).status).toBe(0);
  expect(
    synth(`${CHART} ${POLICY('web', 'shop', '80')}`.replace("protocol: 'TCP'", "protocol: 'VRRP'").replace("'80'", "'0'"), {
      cilium: '1.18',
    }).status,
  ).toBe(2);
});

test('with an inventory, a selector that selects nobody is a warning', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'checkout', namespace: 'shop', labels: { app: 'checkout' } } };
  writeFileSync(join(folder, 'pods.json'), JSON.stringify(pod));
  const program = `${CHART} ${POLICY('web', 'shop', '80').replace('endpointSelector: {}', "endpointSelector: {matchLabels: {app: 'chekout'}}")}`;
  expect(synth(program, { maxWarnings: 0 }).status).toBe(0);
  const { status, reports } = synth(program, { maxWarnings: 0, inventory: 'pods.json' });
  expect([status, reports.includes('CIL506')]).toEqual([2, true]);
});

test.each<[Record<string, unknown>, string]>([
  [{ cilum: '1.20' }, 'CiliumPolicyValidation: unknown property `cilum`; did you mean `cilium`?'],
  [{ cilium: '1.2' }, 'CiliumPolicyValidation: unknown Cilium minor `1.2`'],
  [{ maxWarnings: 'none' }, 'CiliumPolicyValidation: `maxWarnings` must be a number'],
  [{ config: [] }, 'CiliumPolicyValidation: `config` must be a mapping of keys of `cilium-config` to values'],
])('the properties %j are rejected', (properties, message) => {
  expect(() => new CiliumPolicyValidation(properties)).toThrow(message);
});
