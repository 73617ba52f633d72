/** The text for a terminal. */
import { ALLOWED, BREAKOUT, CLEAN, COMPARED, FOUND, HOSTILE, OBJECTS, rendered, reported, UNSEEN } from './reports';

test('each finding has its place, its line with the lines before and after, its help and its policy', () => {
  expect(rendered('text', FOUND))
    .toBe(`policies/web.yaml:1:1  info CIL010 placeholder  a value is filled in later and not checked: \`\${OFFICE_CIDR}\`

policies/web.yaml:9:20  error CIL104 unknown-word
  unknown word \`wrold\`
   8 |   egress:
   9 |     - toEntities: [wrold]
     |                    ^~~~~
  10 |       toCIDR:
  help: did you mean \`world\`?
  CiliumNetworkPolicy shop/web

policies/web.yaml:10:7  error CIL201 mixed-peer-kinds
  \`toEntities\` and \`toCIDR\` cannot stand in one rule
   9 |     - toEntities: [wrold]
  10 |       toCIDR:
     |       ^~~~~~
  11 |         - 10.0.0.0/8
  help: write a rule for each of them
  CiliumNetworkPolicy shop/web

policies/web.yaml:16:1  warning CIL901 unused-suppression
  there is no CIL202 to allow here
  15 | apiVersion: cilium.io/v2
  16 | # cilium-check: allow CIL202 -- nothing is wrong here
     | ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
  17 | kind: CiliumClusterwideNetworkPolicy
  help: remove the suppression

2 errors, 1 warning, 1 info in 2 policies (2 documents, 1 file)
`);
});

test('without findings there is one line', () => {
  expect(rendered('text', CLEAN)).toBe('no findings in 1 policy (1 document, 1 file)\n');
});

test('suppressed findings are counted, but not shown', () => {
  expect(rendered('text', ALLOWED)).toBe('no findings in 1 policy (1 document, 1 file)\n1 finding is allowed\n');
});

test('in a comparison each finding has its minors', () => {
  const lines = rendered('text', COMPARED).split('\n');
  expect(lines[0]).toBe('policies/web.yaml:9:22  info CIL104 unknown-word  unknown word `cluster-mesh` (in Cilium 1.19)');
  expect(lines).toContain('  unknown field `kafka`, which the API server drops (in Cilium 1.20)');
});

test('a finding in an object without a text has its construct', () => {
  expect(rendered('text', OBJECTS)).toMatch(/^chart\/Web {2}error CIL202 rule-without-section\n {2}the policy has no rule/);
});

test('documents that were not checked are counted', () => {
  expect(rendered('text', reported('kind: [\n'))).toMatch(/1 document was not checked\n$/);
});

test('one-line findings are on adjacent lines, and other findings are separated by an empty line', () => {
  const one = reported(
    'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspec: {endpointSelector: {}, ingress: [{fromCIDR: ["${A}"]}]}\n',
  );
  const twice = { ...one, diagnostics: [...one.diagnostics, ...one.diagnostics] };
  expect(rendered('text', twice).split('\n')).toHaveLength(5);
});

test('control characters in the user’s text do not reach the terminal', () => {
  const text = rendered('text', HOSTILE);
  expect(text).not.toMatch(UNSEEN);
  expect(text).toContain('␛[31m␊::error file=x::owned␍␊');
  expect(text).not.toContain(BREAKOUT);
});

test('there are colours only on request, and they do not change the text', () => {
  const colored = rendered('text', FOUND, true);
  expect(colored).toContain('\u001b[31merror\u001b[39m CIL104');
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(rendered('text', FOUND));
});
