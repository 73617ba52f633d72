/** A comment on a pull request. */
import { ALLOWED, CLEAN, COMPARED, FOUND, HOSTILE, OBJECTS, rendered, UNSEEN } from './reports';

const page = (code: string) => `[${code}](https://github.com/cdk8s-cilium/cdk8s-cilium/blob/main/docs/checks/${code}.md)`;
const web = '<code>CiliumNetworkPolicy shop/web</code>';

test('findings are a table below their counts', () => {
  expect(rendered('markdown', FOUND)).toBe(`## cdk8s-cilium: 2 errors, 1 warning, 1 info

| severity | check | place | message | help |
| --- | --- | --- | --- | --- |
| info | ${page('CIL010')} placeholder | <code>policies/web.yaml:1:1</code><br>${web} | a value is filled in later and not checked: <code>&#36;{OFFICE&#95;CIDR}</code> |  |
| error | ${page('CIL104')} unknown-word | <code>policies/web.yaml:9:20</code><br>${web} | unknown word <code>wrold</code> | did you mean <code>world</code>? |
| error | ${page('CIL201')} mixed-peer-kinds | <code>policies/web.yaml:10:7</code><br>${web} | <code>toEntities</code> and <code>toCIDR</code> cannot stand in one rule | write a rule for each of them |
| warning | ${page('CIL901')} unused-suppression | <code>policies/web.yaml:16:1</code> | there is no CIL202 to allow here | remove the suppression |

2 errors, 1 warning, 1 info in 2 policies (2 documents, 1 file).
`);
});

test('without findings there are only the counts', () => {
  expect(rendered('markdown', CLEAN)).toBe('## cdk8s-cilium: no findings\n\nno findings in 1 policy (1 document, 1 file).\n');
});

test('suppressed findings are collapsed, with their reasons', () => {
  expect(rendered('markdown', ALLOWED)).toBe(`## cdk8s-cilium: no findings

no findings in 1 policy (1 document, 1 file); 1 finding is allowed.

<details>
<summary>1 finding is allowed</summary>

| check | place | message | reason |
| --- | --- | --- | --- |
| ${page('CIL202')} rule-without-section | <code>policies/web.yaml:9:3</code><br>${web} | the policy has no rule, so the agent refuses it | until the &#124; release |

</details>
`);
});

test('in a comparison each finding has its minors', () => {
  expect(rendered('markdown', COMPARED)).toContain('| unknown word <code>cluster-mesh</code> (in Cilium 1.19) |');
});

test('a finding in an object without a text has its construct', () => {
  expect(rendered('markdown', OBJECTS)).toContain(`| <code>chart/Web</code><br>${web} |`);
});

test('the user’s text is never markup, never ends a cell and never mentions a user', () => {
  const text = rendered('markdown', HOSTILE);
  expect(text).not.toMatch(UNSEEN);
  const rows = text.split('\n').filter((line) => /^\| (?:error|warning|info|\[CIL)/.test(line));
  expect(rows).toHaveLength(HOSTILE.diagnostics.length);
  for (const row of rows) {
    const ours = row.replaceAll(/<\/?code>|<br>|\[CIL\d{3}\]\([^)]*\)/g, '');
    expect(ours).not.toMatch(/[<>`*_~[\]\\$"]|&(?!#\d+;)/);
    expect(row.split('|')).toHaveLength(row.startsWith('| [') ? 6 : 7);
    expect(row.replaceAll(/<code>.*?<\/code>/g, '')).not.toMatch(/@(?!&#8203;)/);
  }
});
