/** What the plugin submits, with a context as the cdk8s command line makes it. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CiliumPolicyValidation } from '../../lib';
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
  const context = { manifests, logger: { log: say }, report: { addViolation: say, submit: say } };
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
