/** What must hold of every check. */
import { readdirSync } from 'node:fs';
import { admit } from '../../lib/admission/admit';
import type { Example } from '../../lib/admission/check';
import { applyFixes } from '../../lib/checks/apply-fixes';
import type { Check } from '../../lib/checks/check';
import { checkSources, Run } from '../../lib/checks/check-texts';
import { CHECKS } from '../../lib/checks/registry';
import { Minor, MINORS } from '../../lib/crd/minor';
import { settingsOf } from '../support/settings';

const files = ['checks/read', 'admission/schema', 'admission/agent', 'checks/self'].flatMap((folder) =>
  readdirSync(`lib/${folder}`)
    .filter((file) => file.startsWith('CIL'))
    .map((file) => `${folder.split('/')[1]}/${file}`),
);

test('every check has a file of its own, with its stage, code and name', () => {
  expect(CHECKS.map(({ stage, code, name }) => `${stage}/${code}-${name}.ts`).sort()).toEqual([...files].sort());
});

test('no code and no name is used twice', () => {
  expect(new Set(CHECKS.map(({ code }) => code)).size).toBe(CHECKS.length);
  expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
});

const FIRST_DIGIT: Readonly<Record<string, string>> = { read: '0', schema: '1', agent: '2', self: '9' };

test.each(CHECKS.map((check) => [check.code, check] as const))('%s says all that a person may ask of it', (code, check) => {
  expect(code).toMatch(/^CIL\d{3}$/);
  expect(code[3]).toBe(FIRST_DIGIT[check.stage]);
  expect(check.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  expect(check.summary).toMatch(/^(?![A-Z][a-z]).*[^.]$/);
  expect(check.why).toMatch(/\.$/);
  expect(check.source).not.toBe('');
});

/** Our own mistakes have no example. */
const WITH_EXAMPLES = CHECKS.filter(({ code }) => code !== 'CIL909');

test.each(WITH_EXAMPLES.map((check) => [check.code, check.name, check] as const))('%s %s is found in its bad example', (code, _, check) => {
  expect(codesIn(check, check.bad)).toContain(code);
});

test.each(WITH_EXAMPLES.map((check) => [check.code, check.name, check] as const))(
  'nothing is found in the good example of %s %s',
  (_, __, check) => {
    expect(told(run(check, check.good))).toEqual([]);
  },
);

test.each(CHECKS.filter(({ minors }) => minors !== undefined).map((check) => [check.code, check] as const))(
  '%s is found only in the minors that it names',
  (code, check) => {
    const found = MINORS.filter((minor) => codesIn(check, { ...check.bad, cilium: minor }).includes(code));
    expect(found).toEqual(check.minors);
  },
);

const fixed = WITH_EXAMPLES.flatMap((check) => {
  const { fixes } = run(check, check.bad);
  return fixes.some(({ fix }) => fix.safety === 'safe') ? [[check.code, check] as const] : [];
});

test('there are safe fixes', () => {
  expect(fixed.map(([code]) => code)).toEqual(['CIL006', 'CIL101', 'CIL105', 'CIL106', 'CIL111', 'CIL209']);
});

test.each(fixed)('the safe fix of %s mends its bad example, and does nothing more', (code, check) => {
  const [{ text }] = applyFixes(run(check, check.bad).fixes);
  const after = run(check, { ...check.bad, yaml: text });
  expect(told(after)).not.toContain(code);
  expect(applyFixes(after.fixes)).toEqual([]);
});

function run(check: Check, { yaml, problem, config, cilium }: Example): Run {
  const source = problem === undefined ? { name: 'example.yaml', text: yaml } : { name: 'example.yaml', problem };
  return checkSources([source], settingsOf({ config, cilium: cilium ?? newest(check) }));
}

function newest({ minors = MINORS }: Check): Minor {
  return minors[minors.length - 1];
}

function told({ diagnostics }: Run): string[] {
  return diagnostics.filter(({ allowed }) => allowed === undefined).map(({ code }) => code);
}

/** What the agent says is asked for itself: where the API server says the same, a report has only that. */
function codesIn(check: Check, example: Example): string[] {
  const found = run(check, example);
  const [policy] = found.read.policies;
  const ofAgent = check.stage === 'agent' ? admit(policy, example.cilium ?? newest(check), example.config ?? {}).findings : [];
  return [...told(found), ...ofAgent.map((finding) => finding.check.code)];
}
