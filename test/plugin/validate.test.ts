/** What the plugin submits, with a context as the cdk8s command line makes it. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Chart } from 'cdk8s';
import { CiliumNetworkPolicy, CiliumPolicyValidation, Cluster, Peer, Port, Protocol, Selector } from '../../lib';
import { policy } from '../support/check';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'validate-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** All that the plugin says of manifests. */
async function said(manifests: readonly string[], properties = {}): Promise<string[]> {
  const texts: string[] = [];
  const say = (value: unknown) => texts.push(typeof value === 'string' ? value : JSON.stringify(value));
  const context = { manifests, logger: { log: say }, report: { addViolation: say, submit: (...values: unknown[]) => values.forEach(say) } };
  await new CiliumPolicyValidation(properties).validate(context);
  return texts;
}

function write(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const EVIL = 'x\n::error::y\u001b[2J##[z]';
const BAD = policy('  endpointSelector: {}\n  ingress: []\n');

test('the texts of a manifest are safe to print', async () => {
  const file = write(
    EVIL.replaceAll('\n', ' '),
    `${BAD.replace('name: web', `name: ${JSON.stringify(EVIL)}`).replace('spec:', `spec:\n  ${JSON.stringify(EVIL)}: 1`)}---\n${BAD}---\n${BAD}`,
  );
  const texts = await said([file]);
  expect(texts.filter((text) => text.includes('CIL'))).toHaveLength(6);
  // JSON would escape what is raw in the value.
  expect(texts.filter((text) => /\\u001b|\\n|\u001b|\n|##\[/.test(text))).toEqual([]);
});

test('nothing is quoted of a file that a link leads to', async () => {
  const secret = write('secret', `${BAD.replace('name: web', 'name: s3cret')}`);
  symlinkSync(secret, join(folder, 'a.yaml'));
  const texts = await said([join(folder, 'a.yaml')]);
  expect(texts.join()).toContain('CIL202');
  expect(texts.join()).not.toContain('s3cret');
});

test.each([{ ignore: null }, { ignore: '' }, { ignore: ['CIL202', ''] }, { select: 'C' }, { ignore: 'CIL9' }])(
  'the properties %j do not switch checks off',
  (properties) => {
    expect(() => new CiliumPolicyValidation(properties)).toThrow('CiliumPolicyValidation: ');
  },
);

describe('the clusters of a program', () => {
  /** Writes a cluster with a policy that only 1.20 accepts, and returns its manifests. */
  function cluster(name: string, cilium: string): string[] {
    const made = new Cluster(name, { cilium, outdir: join(folder, name) });
    const chart = new Chart(made, 'shop', { namespace: 'shop' });
    const tunnel = new CiliumNetworkPolicy(chart, 'Tunnel', { metadata: { name: 'tunnel' }, endpointSelector: Selector.all() });
    tunnel.allowTo(Peer.cluster(), Port.protocol(Protocol.GRE));
    made.synth();
    return [join(folder, name, 'shop.k8s.yaml')];
  }

  test('are judged on their own, each for its minor', async () => {
    const texts = await said([...cluster('dev', '1.20'), ...cluster('prod', '1.18')]);
    const violations = texts.filter((text) => text.includes('ruleName'));
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(join(folder, 'prod'));
    expect(texts.at(-2)).toContain('failure');
    expect(texts).toContain(JSON.stringify({ Cilium: '1.20, 1.18', policies: '2', errors: '1', warnings: '0', allowed: '0' }));
  });

  test('a property of the plugin wins', async () => {
    const texts = await said(cluster('prod', '1.18'), { cilium: '1.20' });
    expect(texts.filter((text) => text.includes('ruleName'))).toEqual([]);
  });

  test('a file of a cluster that cannot be read is an error', async () => {
    const manifests = cluster('prod', '1.18');
    writeFileSync(join(folder, 'prod', '.cilium-cluster'), '[');
    await expect(said(manifests)).rejects.toThrow('.cilium-cluster cannot be read; synthesize the app again');
  });
});
