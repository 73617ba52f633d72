/** JUnit XML. */
import { ALLOWED, CLEAN, COMPARED, FOUND, HOSTILE, OBJECTS, rendered, UNSEEN } from './reports';

test('a file is a suite and a policy with findings is a case, which fails if there are errors', () => {
  expect(rendered('junit', FOUND)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cdk8s-cilium">
  <testsuite name="policies/web.yaml" tests="2" failures="1" errors="0" skipped="0">
    <testcase name="CiliumNetworkPolicy shop/web" classname="policies/web.yaml">
      <failure message="2 errors" type="CIL104 CIL201">policies/web.yaml:9:20: error CIL104 unknown-word: unknown value \`wrold\`
help: did you mean \`world\`?
policies/web.yaml:10:7: error CIL201 mixed-peer-kinds: \`toEntities\` and \`toCIDR\` cannot be used in the same rule
help: write a separate rule for each</failure>
      <system-out>policies/web.yaml:1:1: info CIL010 placeholder: a value is filled in later and not checked: \`\${OFFICE_CIDR}\`</system-out>
    </testcase>
    <testcase name="document 2" classname="policies/web.yaml">
      <system-out>policies/web.yaml:16:1: warning CIL901 unused-suppression: the suppression of CIL202 matches no finding
help: remove the suppression</system-out>
    </testcase>
  </testsuite>
  <testsuite name="cdk8s-cilium" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="the whole run" classname="cdk8s-cilium">
      <system-out>2 errors, 1 warning, 1 info in 2 policies (2 documents, 1 file)</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test('without findings, all policies are one case', () => {
  expect(rendered('junit', CLEAN)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cdk8s-cilium">
  <testsuite name="cdk8s-cilium" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="all policies" classname="cdk8s-cilium">
      <system-out>no findings in 1 policy (1 document, 1 file)</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test('a suppressed finding is a skipped case', () => {
  expect(rendered('junit', ALLOWED)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cdk8s-cilium">
  <testsuite name="policies/web.yaml" tests="1" failures="0" errors="0" skipped="1">
    <testcase name="CiliumNetworkPolicy shop/web, CIL202" classname="policies/web.yaml">
      <skipped message="allowed: until the | release">policies/web.yaml:9:3: error CIL202 rule-without-section: the policy has no rule, so the agent rejects it
help: to deny everything, write \`ingress: [{}]\` or \`egress: [{}]\`</skipped>
    </testcase>
  </testsuite>
  <testsuite name="cdk8s-cilium" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="the whole run" classname="cdk8s-cilium">
      <system-out>no findings in 1 policy (1 document, 1 file)
1 finding is allowed</system-out>
    </testcase>
  </testsuite>
</testsuites>
`);
});

test('in a comparison, each finding lists the minors in which it holds', () => {
  expect(rendered('junit', COMPARED)).toContain('unknown value `cluster-mesh` (in Cilium 1.19)\n');
});

test('a single error is shown by its message, and a construct is a suite', () => {
  const text = rendered('junit', OBJECTS);
  expect(text).toContain('<testsuite name="chart/Web" tests="1" failures="1" errors="0" skipped="0">');
  expect(text).toContain('<failure message="the policy has no rule, so the agent rejects it" type="CIL202">');
});

test.each(Object.entries({ FOUND, CLEAN, ALLOWED, COMPARED, OBJECTS, HOSTILE }))('%s is well-formed', (_, report) => {
  const text = rendered('junit', report);
  expect(text).not.toMatch(UNSEEN);
  expect(textOf(text)).not.toMatch(/[<>"]|&(?!(?:amp|lt|gt|quot);)/);
});

/** The text of an XML document without its elements, removed from the inside out. An attribute has no `<` and no `"`. */
function textOf(xml: string): string {
  const element = /<([\w-]+)((?: [\w-]+="[^"<]*")*)(?:\/>|>([^<]*)<\/\1>)/g;
  const rest = xml
    .replace(/^<\?xml[^?]*\?>/, '')
    .replace(element, (_, _name, attributes: string, body = '') => attributes.replace(/[\w-]+="([^"]*)"/g, '$1') + body);
  return rest === xml ? xml : textOf(rest);
}
