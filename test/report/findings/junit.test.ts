/** JUnit's XML. */
import { ALLOWED, CLEAN, COMPARED, FOUND, HOSTILE, OBJECTS, rendered, UNSEEN } from './reports';

test('a file is a suite, a policy with findings is a case; errors fail it, other findings are its output', () => {
  expect(rendered('junit', FOUND)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cdk8s-cilium">
  <testsuite name="policies/web.yaml" tests="2" failures="1" errors="0" skipped="0">
    <testcase name="CiliumNetworkPolicy shop/web" classname="policies/web.yaml">
      <failure message="2 errors" type="CIL104 CIL201">policies/web.yaml:9:20: error CIL104 unknown-word: unknown word \`wrold\`
help: did you mean \`world\`?
policies/web.yaml:10:7: error CIL201 mixed-peer-kinds: \`toEntities\` and \`toCIDR\` cannot stand in one rule
help: write a rule for each of them</failure>
      <system-out>policies/web.yaml:1:1: info CIL010 placeholder: a value is filled in later and not checked: \`\${OFFICE_CIDR}\`</system-out>
    </testcase>
    <testcase name="document 2" classname="policies/web.yaml">
      <system-out>policies/web.yaml:16:1: warning CIL901 unused-suppression: there is no CIL202 to allow here
help: remove the suppression</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test('without findings all policies are one case', () => {
  expect(rendered('junit', CLEAN)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cdk8s-cilium">
  <testsuite name="cdk8s-cilium" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="all policies" classname="cdk8s-cilium"/>
  </testsuite>
</testsuites>
`);
});

test('a suppressed finding is a skipped case', () => {
  expect(rendered('junit', ALLOWED)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cdk8s-cilium">
  <testsuite name="policies/web.yaml" tests="1" failures="0" errors="0" skipped="1">
    <testcase name="CiliumNetworkPolicy shop/web, CIL202" classname="policies/web.yaml">
      <skipped message="allowed: until the | release">policies/web.yaml:9:3: error CIL202 rule-without-section: the policy has no rule, so the agent refuses it
help: to deny everything, write \`ingress: [{}]\` or \`egress: [{}]\`</skipped>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test('in a comparison each finding has its minors', () => {
  expect(rendered('junit', COMPARED)).toContain('unknown word `cluster-mesh` (in Cilium 1.19)\n');
});

test('a single error is the message of the failure, and a construct is a suite', () => {
  const text = rendered('junit', OBJECTS);
  expect(text).toContain('<testsuite name="chart/Web" tests="1" failures="1" errors="0" skipped="0">');
  expect(text).toContain('<failure message="the policy has no rule, so the agent refuses it" type="CIL202">');
});

test.each(Object.entries({ FOUND, CLEAN, ALLOWED, COMPARED, OBJECTS, HOSTILE }))('%s is well-formed', (_, report) => {
  const text = rendered('junit', report);
  expect(text).not.toMatch(UNSEEN);
  expect(textOf(text)).not.toMatch(/[<>"]|&(?!(?:amp|lt|gt|quot);)/);
});

/** The rest of an XML text after its elements are removed from the inside out. An attribute has no `<` and no `"`. */
function textOf(xml: string): string {
  const element = /<([\w-]+)((?: [\w-]+="[^"<]*")*)(?:\/>|>([^<]*)<\/\1>)/g;
  const rest = xml
    .replace(/^<\?xml[^?]*\?>/, '')
    .replace(element, (_, _name, attributes: string, body = '') => attributes.replace(/[\w-]+="([^"]*)"/g, '$1') + body);
  return rest === xml ? xml : textOf(rest);
}
