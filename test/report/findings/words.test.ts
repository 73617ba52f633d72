/** Wording that several formats share. */
import { countsOf, summaryOf, findingText } from '../../../lib/report/findings/words';
import { FOUND, NO_FINDINGS, OBJECTS, reported } from './reports';

const summary = { ...NO_FINDINGS, files: 4, documents: 12, policies: 3 };

test('a count of zero is left out', () => {
  expect(countsOf(summary)).toBe('no findings');
  expect(countsOf({ ...summary, errors: 2, warnings: 1 })).toBe('2 errors, 1 warning');
  expect(countsOf({ ...summary, errors: 10, infos: 2 })).toBe('10 errors, 2 infos');
});

test('counts have singular and plural forms', () => {
  expect(summaryOf({ settings: null, summary: { ...summary, errors: 2, suppressed: 3, unchecked: 1, skipped: ['m/.a'] } })).toEqual([
    '2 errors in 3 policies (12 documents, 4 files)',
    '1 document was not checked',
    '1 folder was not read: m/.a',
    '3 findings are allowed',
  ]);
  const one = {
    ...summary,
    files: 1,
    documents: 1,
    policies: 1,
    suppressed: 1,
    unchecked: 2,
    skipped: [...'abcdefghijkl'],
  };
  expect(summaryOf({ settings: 'cdk8s-cilium.yaml', summary: one })).toEqual([
    'no findings in 1 policy (1 document, 1 file)',
    '2 documents were not checked',
    '12 folders were not read: a, b, c, d, e, f, g, h, i, j and 2 more',
    '1 finding is allowed',
    'settings: cdk8s-cilium.yaml',
  ]);
});

test.each([
  ['CiliumNetworkPolicy', 'metadata: {name: web, namespace: shop}', 'CiliumNetworkPolicy shop/web'],
  ['CiliumNetworkPolicy', 'metadata: {name: web}', 'CiliumNetworkPolicy default/web'],
  ['CiliumNetworkPolicy', 'metadata: {}', 'CiliumNetworkPolicy default/(no name)'],
  ['CiliumClusterwideNetworkPolicy', 'metadata: {name: web}', 'CiliumClusterwideNetworkPolicy web'],
])('a %s with %s is shown as %s', (kind, metadata, owner) => {
  const report = reported(`apiVersion: cilium.io/v2\nkind: ${kind}\n${metadata}\nspec: {endpointSelector: {}, ingress: []}\n`);
  expect(findingText(report.diagnostics[0]).owner).toBe(owner);
});

test('a place is a file with line and column, a construct, or the name of what was checked', () => {
  expect(findingText(FOUND.diagnostics[1]).place).toBe('policies/web.yaml:9:20');
  expect(findingText(OBJECTS.diagnostics[0]).place).toBe('chart/Web');
  const { resource, ...origin } = OBJECTS.diagnostics[0].origin;
  expect(resource?.constructPath).toBe('chart/Web');
  expect(findingText({ ...OBJECTS.diagnostics[0], origin }).place).toBe('the app');
});

test('ten documents that were not checked are named, and all if it is asked for', () => {
  const notChecked = Array.from({ length: 12 }, (_, i) => `p${i}.yaml:1: a patch`);
  const lines = (isVerbose: boolean) => summaryOf({ settings: null, summary: { ...summary, notChecked } }, { isVerbose });
  expect(lines(false).slice(10)).toEqual(['not checked: p9.yaml:1: a patch', 'not checked: 2 more, which `--verbose` and `-o json` list']);
  expect(lines(true).slice(10)).toEqual(notChecked.slice(9).map((one) => `not checked: ${one}`));
});
