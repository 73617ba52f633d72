/** Rules that every check must follow. */
import { readdirSync } from 'node:fs';
import { admit } from '../../lib/admission/admit';
import type { Example } from '../../lib/admission/check';
import { applyFixes } from '../../lib/checks/apply-fixes';
import type { Check } from '../../lib/checks/check';
import { checkSources, Run } from '../../lib/checks/check-texts';
import { CHECKS } from '../../lib/checks/registry';
import { Minor, MINORS } from '../../lib/crd/minor';
import { settingsOf } from '../support/settings';

const files = [
  'checks/read',
  'admission/schema',
  'admission/agent',
  'checks/intent',
  'checks/set',
  'checks/inventory',
  'checks/habits',
  'checks/self',
].flatMap((folder) =>
  readdirSync(`lib/${folder}`)
    .filter((file) => file.startsWith('CIL'))
    .map((file) => `${folder.split('/')[1]}/${file}`),
);

test('every check has its own file, named after its stage, code and name', () => {
  expect(CHECKS.map(({ stage, code, name }) => `${stage}/${code}-${name}.ts`).sort()).toEqual([...files].sort());
});

test('codes and names are unique', () => {
  expect(new Set(CHECKS.map(({ code }) => code)).size).toBe(CHECKS.length);
  expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
});

const FIRST_DIGIT: Readonly<Record<string, string>> = {
  read: '0',
  schema: '1',
  agent: '2',
  intent: '3',
  set: '4',
  inventory: '5',
  habits: '6',
  self: '9',
};

test.each(CHECKS.map((check) => [check.code, check] as const))('%s has a complete description', (code, check) => {
  expect(code).toMatch(/^CIL\d{3}$/);
  expect(code[3]).toBe(FIRST_DIGIT[check.stage]);
  expect(check.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
  expect(check.summary).toMatch(/^(?![A-Z][a-z]).*[^.]$/);
  expect(check.why).toMatch(/\.$/);
  expect(check.source).not.toBe('');
});

const OF_MEANING = CHECKS.flatMap((check) => ('limits' in check ? [check] : []));

test('every check of what is meant has its known limits, and says them nowhere else', () => {
  expect(OF_MEANING.map(({ code }) => code)).toEqual(CHECKS.map(({ code }) => code).filter((code) => /^CIL[3-6]/.test(code)));
  expect(OF_MEANING.filter(({ limits }) => !/^[A-Z`].*\.$/.test(limits)).map(({ code }) => code)).toEqual([]);
  expect(OF_MEANING.filter(({ why }) => /Not (?:reported|known)/.test(why)).map(({ code }) => code)).toEqual([]);
});

/** An internal error has no example, and that of too many findings would be too long. */
const WITH_EXAMPLES = CHECKS.filter(({ code }) => !['CIL012', 'CIL903', 'CIL909'].includes(code));

test.each(WITH_EXAMPLES.map((check) => [check.code, check.name, check] as const))(
  '%s %s is reported for its bad example',
  (code, _, check) => {
    expect(codesIn(check, check.bad)).toContain(code);
  },
);

test.each(WITH_EXAMPLES.map((check) => [check.code, check.name, check] as const))(
  'nothing is reported for the good example of %s %s',
  (_, __, check) => {
    expect(told(run(check, check.good))).toEqual([]);
  },
);

test.each(CHECKS.filter(({ minors }) => minors !== undefined).map((check) => [check.code, check] as const))(
  '%s is reported only in its minors',
  (code, check) => {
    const found = MINORS.filter((minor) => codesIn(check, { ...check.bad, cilium: minor }).includes(code));
    expect(found).toEqual(check.minors);
  },
);

const fixed = WITH_EXAMPLES.flatMap((check) => {
  const { fixes } = run(check, check.bad);
  return fixes.some(({ fix }) => fix.safety === 'safe') ? [[check.code, check] as const] : [];
});

test('these checks have a safe fix', () => {
  expect(fixed.map(([code]) => code)).toEqual(['CIL006', 'CIL101', 'CIL105', 'CIL106', 'CIL111', 'CIL209']);
});

test.each(fixed)('the safe fix of %s removes its finding, and needs only one run', (code, check) => {
  const before = run(check, check.bad);
  const [{ text }] = applyFixes(before.fixes, before.read.problems);
  const after = run(check, { ...check.bad, yaml: text });
  expect(told(after)).not.toContain(code);
  expect(applyFixes(after.fixes, after.read.problems)).toEqual([]);
});

function run(check: Check, { yaml, problem, config, cilium, habits }: Example): Run {
  const source = problem === undefined ? { name: 'example.yaml', text: yaml } : { name: 'example.yaml', problem };
  return checkSources([source], settingsOf({ config, habits, cilium: cilium ?? newest(check) }));
}

function newest({ minors = MINORS }: Check): Minor {
  return minors[minors.length - 1];
}

function told({ diagnostics }: Run): string[] {
  return diagnostics.filter(({ allowed }) => allowed === undefined).map(({ code }) => code);
}

/** Includes the findings of the agent that a report leaves out because the API server has the same finding. */
function codesIn(check: Check, example: Example): string[] {
  const found = run(check, example);
  const [policy] = found.read.policies;
  const ofAgent = check.stage === 'agent' ? admit(policy, example.cilium ?? newest(check), example.config ?? {}).findings : [];
  return [...told(found), ...ofAgent.map((finding) => finding.check.code)];
}
