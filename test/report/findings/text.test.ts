/** The format for terminals. */
import { ALLOWED, BREAKOUT, CLEAN, COMPARED, FOUND, HOSTILE, OBJECTS, rendered, reported, UNSEEN } from './reports';

const NOT_ASKED = 'the checks CIL5xx were not asked: they need the objects of a cluster, given with `--inventory` and not behind a link';

test('each finding shows its place, its line with its neighbours, its help and its policy', () => {
  expect(rendered('text', FOUND))
    .toBe(`policies/web.yaml:1:1  info CIL010 placeholder  a value is filled in later and not checked: \`\${OFFICE_CIDR}\`

policies/web.yaml:9:20  error CIL104 unknown-word
  unknown value \`wrold\`
   8 |   egress:
   9 |     - toEntities: [wrold]
     |                    ^~~~~
  10 |       toCIDR:
  help: did you mean \`world\`?
  CiliumNetworkPolicy shop/web

policies/web.yaml:10:7  error CIL201 mixed-peer-kinds
  \`toEntities\` and \`toCIDR\` cannot be used in the same rule
   9 |     - toEntities: [wrold]
  10 |       toCIDR:
     |       ^~~~~~
  11 |         - 10.0.0.0/8
  help: write a separate rule for each
  CiliumNetworkPolicy shop/web

policies/web.yaml:16:1  warning CIL901 unused-suppression
  the suppression of CIL202 matches no finding
  15 | apiVersion: cilium.io/v2
  16 | # cilium-check: allow CIL202 -- nothing is wrong here
     | ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
  17 | kind: CiliumClusterwideNetworkPolicy
  help: remove the suppression

2 errors, 1 warning, 1 info in 2 policies (2 documents, 1 file)
${NOT_ASKED}
`);
});

test('without findings, there is one line', () => {
  expect(rendered('text', CLEAN)).toBe(`no findings in 1 policy (1 document, 1 file)\n${NOT_ASKED}\n`);
});

test('suppressed findings are counted and named with their reasons', () => {
  expect(rendered('text', ALLOWED))
    .toBe(`policies/web.yaml:9:3  allowed CIL202 rule-without-section  the policy has no rule, so the agent rejects it; reason: until the | release

no findings in 1 policy (1 document, 1 file)
1 finding is allowed
${NOT_ASKED}
`);
});

test.each<[string, boolean]>([
  ['kind: Service\n', false],
  ['kind: Node\n', false],
  ['kind: ConfigMap\n', true],
])('with %j, a missing inventory is told: %s', (object, isTold) => {
  const policy = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspec: {endpointSelector: {}, ingress: [{}]}\n';
  const text = rendered('text', reported(`${policy}---\napiVersion: v1\nmetadata: {name: a}\n${object}`));
  expect(text.includes(NOT_ASKED)).toBe(isTold);
});

test.each([
  ['no check that needs one is selected', { select: ['CIL2'] }],
  ['they are ignored', { ignore: ['CIL5'] }],
  ['two minors are compared, which runs none of them', { cilium: ['1.19', '1.20'] }],
])('nothing is said of a missing inventory if %s', (_, values) => {
  const text = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspec: {endpointSelector: {}, ingress: [{}]}\n';
  expect(rendered('text', reported(text, values))).not.toContain('inventory');
});

test('in a comparison, each finding lists the minors in which it holds', () => {
  const lines = rendered('text', COMPARED).split('\n');
  expect(lines[0]).toBe('policies/web.yaml:9:22  info CIL104 unknown-word  unknown value `cluster-mesh` (in Cilium 1.19)');
  expect(lines).toContain('  unknown field `kafka`, which the API server drops (in Cilium 1.20)');
});

test('a finding in an object of a program shows its construct', () => {
  expect(rendered('text', OBJECTS)).toMatch(/^chart\/Web {2}error CIL202 rule-without-section\n {2}the policy has no rule/);
});

test('documents that were not checked are counted', () => {
  expect(rendered('text', reported('kind: [\n'))).toMatch(/1 document was not checked\n$/);
});

test('findings of one line follow each other directly, others are separated by an empty line', () => {
  const one = reported(
    'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspec: {endpointSelector: {}, ingress: [{fromCIDR: ["${A}"]}]}\n',
  );
  const twice = { ...one, diagnostics: [...one.diagnostics, ...one.diagnostics] };
  expect(rendered('text', twice).split('\n')).toHaveLength(6);
});

test('control characters of user input do not reach the terminal', () => {
  const text = rendered('text', HOSTILE);
  expect(text).not.toMatch(UNSEEN);
  expect(text).toContain('␛[31m␊::error file=x::owned␍␊');
  expect(text).not.toContain(BREAKOUT);
});

test('colours are used only on request, and do not change the text', () => {
  const colored = rendered('text', FOUND, true);
  expect(colored).toContain('\u001b[31merror\u001b[39m CIL104');
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(rendered('text', FOUND));
});
