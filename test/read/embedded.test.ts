/** Policies inside other objects. */
import { checkSources } from '../../lib/checks/check-texts';
import { CODES } from '../../lib/checks/registry';
import { expectParsed } from '../../lib/net/parsed';
import { reportOf } from '../../lib/report/findings/summary';
import { viewOf } from '../../lib/report/findings/view';
import { settle } from '../../lib/settings/settings';

/** What `check --embedded` finds in a text, and what it names as not checked. */
function found(text: string, values: object = { embedded: true }): object {
  const run = checkSources([{ name: 'a.yaml', text }], expectParsed(settle(CODES, { values })));
  const { policies, notChecked } = reportOf(run, '0').summary;
  const findings = run.diagnostics.map(viewOf).map(({ code, line, column, resource }) => [code, line, column, resource?.name]);
  return { policies, findings, notChecked: notChecked.map((one) => one.replace(/:[^:]*$/, '')) };
}

const POLICY = [
  'apiVersion: cilium.io/v2',
  'kind: CiliumNetworkPolicy',
  'metadata: {name: bad}',
  'spec: {endpointSelector: {}, ingress: []}',
];
const indented = (spaces: number, lines: readonly string[] = POLICY) => lines.map((line) => `${' '.repeat(spaces)}${line}\n`).join('');
const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n';

test('a policy under a key of another object is checked at its own place', () => {
  const object = `apiVersion: kubernetes.crossplane.io/v1alpha2\nkind: Object\nspec:\n  forProvider:\n    manifest:\n${indented(6)}`;
  expect(found(object)).toEqual({ policies: 1, findings: [['CIL202', 9, 36, 'bad']], notChecked: [] });
  expect(found(object, {})).toEqual({ policies: 0, findings: [], notChecked: ['a.yaml:5'] });
});

test('a policy in a list of values is checked, and so is the one beside it', () => {
  const release = `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nspec:\n  values:\n    extra:\n      - x: 1\n      - ${indented(8).trimStart()}      - ${indented(8).trimStart()}`;
  expect(found(release)).toMatchObject({
    policies: 2,
    findings: [
      ['CIL202', 10, 38, 'bad'],
      ['CIL202', 14, 38, 'bad'],
    ],
  });
});

test('policies in a block of text are checked in the lines of the file', () => {
  const text = `${CONFIG_MAP}  all.yaml: |\n    # two\n${indented(4)}    ---\n${indented(4)}    --- # the end\n  other: x\n`;
  expect(found(text)).toEqual({
    policies: 2,
    findings: [
      ['CIL202', 10, 34, 'bad'],
      ['CIL202', 15, 34, 'bad'],
    ],
    notChecked: [],
  });
});

test('a ClusterNetworkPolicy in a block of text is one that is checked, and one of another group is not', () => {
  const tiers = (group: string) => [`apiVersion: ${group}/v1alpha2`, 'kind: ClusterNetworkPolicy', 'metadata: {name: bad}', 'spec: {}'];
  const block = (group: string) => `${CONFIG_MAP}  a: |\n${indented(4, tiers(group))}`;
  expect(found(block('policy.networking.k8s.io'))).toMatchObject({ policies: 1, findings: Array(3).fill(['CIL102', 9, 5, 'bad']) });
  expect(found(block('networking.k8s.aws'))).toMatchObject({ policies: 0, findings: [] });
});

test('a suppression in a block of text counts', () => {
  const lines = [...POLICY.slice(0, 3), '# cilium-check: allow CIL202 -- a test', POLICY[3]];
  const run = checkSources(
    [{ name: 'a.yaml', text: `${CONFIG_MAP}  a: |\n${indented(4, lines)}` }],
    expectParsed(settle(CODES, { values: { embedded: true } })),
  );
  expect(run.diagnostics.map(({ code, allowed }) => [code, allowed])).toEqual([['CIL202', 'a test']]);
});

test.each([
  [
    'that Kyverno generates from parts',
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nspec:\n  generate:\n    apiVersion: cilium.io/v2\n    kind: CiliumNetworkPolicy\n    data: {spec: {}}\n`,
  ],
  ['in a text in quotes', `${CONFIG_MAP}  a: "kind: CiliumNetworkPolicy"\n`],
  ['in JSON', JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: POLICY.join('\n') } })],
  ['in a template', `${CONFIG_MAP}  a: |\n${indented(4)}    {{ if x }}\n`],
  ['in a broken text', `${CONFIG_MAP}  a: |\n${indented(4)}    x: [\n`],
  ['of an unknown version', `${CONFIG_MAP}  a: |\n    apiVersion: cilium.io/v9\n${indented(4, POLICY.slice(1))}`],
])('a policy %s is named as not checked', (_, text) => {
  expect(found(text)).toMatchObject({ policies: 0, findings: [], notChecked: [expect.stringMatching(/^a\.yaml:\d/)] });
});

test('a policy that stands in a ConfigMap too is not a duplicate', () => {
  const good = POLICY.map((line) => line.replace('[]', '[{}]'));
  expect(found(`${indented(0, good)}---\n${CONFIG_MAP}  a: |\n${indented(4, good)}`)).toMatchObject({ policies: 2, findings: [] });
});

test('placeholders inside are not checked, and filled in if their values are given', () => {
  const text = `${CONFIG_MAP}  a: |\n${indented(4, [...POLICY.slice(0, 3), 'spec: {endpointSelector: {}, ingress: [{fromCIDR: ["${X}"]}]}'])}`;
  expect(found(text)).toMatchObject({ findings: [['CIL010', 6, expect.any(Number), 'bad']] });
  expect(found(text, { embedded: true, values: { X: '192.0.2.0/33' } })).toMatchObject({ findings: [['CIL106', 9, 57, 'bad']] });
});

test.each<[string, string]>([
  [
    'blocks in a large document',
    Array.from({ length: 3000 }, (_, i) => `${CONFIG_MAP.replace('name: a', `name: a${i}`)}  a: |\n${indented(4)}`)
      .map((one) => one.replaceAll('\n', '\n    ').replace(/^/, '  - ').trimEnd())
      .join('\n')
      .replace(/^/, 'apiVersion: v1\nkind: List\nitems:\n'),
  ],
  ['documents in a block', `${CONFIG_MAP}  a: |\n${`${indented(4)}    ---\n`.repeat(20_000)}`],
])('many %s take time that grows with the text', (_, text) => {
  const start = performance.now();
  expect(found(text)).toMatchObject({ notChecked: [] });
  // Each would take minutes if the document were read again for each of them.
  expect(performance.now() - start).toBeLessThan(30_000);
});

const GOOD = POLICY.map((line) => line.replace('[]', '[{}]'));
const LIST = ['apiVersion: v1', 'kind: List', 'items:', '  - {apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy}'];

test.each([
  ['beside a list', `${indented(4, GOOD)}    ---\n${indented(4, LIST)}`],
  ['beside one of a misspelt kind', `${indented(4, GOOD)}    ---\n    apiVersion: cilium.io/v2\n    kind: CiliumNetworkPolcy\n`],
])('a policy %s is checked, and the rest is named', (_, block) => {
  expect(found(`${CONFIG_MAP}  a: |\n${block}`)).toMatchObject({ policies: 1, notChecked: [expect.stringMatching(/^a\.yaml:5/)] });
});

test('a key that stands twice and text that is ignored are errors inside, too', () => {
  expect(found(`${CONFIG_MAP}  a: |\n${indented(4, [...GOOD, 'spec: {}'])}`)).toMatchObject({
    findings: expect.arrayContaining([['CIL002', 10, 5, undefined]]) as unknown[],
  });
  expect(found(`${CONFIG_MAP}  a: |\n${indented(4, [...GOOD, '...', 'x: 1'])}`)).toMatchObject({ policies: 0, notChecked: ['a.yaml:5'] });
});

test('a separator deeper in a block is a text', () => {
  const lines = [
    ...GOOD.slice(0, 3),
    'spec:',
    '  description: |',
    '    first',
    '    ---',
    '    # second',
    '  endpointSelector: {}',
    '  ingress: [bad]',
  ];
  expect(found(`${CONFIG_MAP}  a: |\n${indented(4, lines)}`)).toMatchObject({ policies: 1, findings: [['CIL101', 15, 17, 'bad']] });
});

test.each([
  ['JSON on one line', `${CONFIG_MAP}  a: '{"apiVersion":"cilium.io/v2","kind":"CiliumNetworkPolicy","spec":{}}'\n`],
  ['an item of a list', `${CONFIG_MAP}  a: "- kind: CiliumNetworkPolicy"\n`],
  ['what an anchor repeats', `${CONFIG_MAP}  a: &x |\n${indented(4, GOOD)}  b: *x\n`],
])('%s is named as not checked', (_, text) => {
  expect(found(text)).toMatchObject({
    policies: 0,
    notChecked: expect.arrayContaining([expect.stringMatching(/^a\.yaml:5/)]) as unknown[],
  });
});

test('of very many policies in one object, the first are checked, and the object is named', () => {
  const text = `apiVersion: x.io/v1\nkind: Bundle\nitemsOf:\n${'  - {apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a}, spec: {endpointSelector: {}, ingress: [{}]}}\n'.repeat(10_001)}`;
  expect(found(text)).toMatchObject({ policies: 10_000, notChecked: ['a.yaml:1'] });
});
