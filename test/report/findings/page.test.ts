/** The pages of the checks, as docs/checks and `explain` show them. */
import { readFileSync } from 'node:fs';
import { CHECKS, checkOf } from '../../../lib/checks/registry';
import { catalogue, pageOf } from '../../../lib/report/findings/page';

const check = checkOf('CIL201')!;

test('a page has the explanation, both examples and the facts of a check', () => {
  const page = pageOf({ ...check, bad: { yaml: 'a: 1\n' }, good: { yaml: 'a: 2\n', config: { b: 'true' }, cilium: '1.19' } });
  expect(page).toBe(`# CIL201 mixed-peer-kinds

A rule with more than one kind of peer.

${check.why}

## Reported

\`\`\`yaml
a: 1
\`\`\`

## Accepted, in Cilium 1.19 with \`b: true\`

\`\`\`yaml
a: 2
\`\`\`

- Severity: error
- Stage: \`agent\`
- Cilium: 1.18, 1.19, 1.20
- Source: ${check.source}
`);
});

test('the page of a check of what is meant has its known limits', () => {
  const ofIntent = checkOf('CIL328')!;
  expect('limits' in ofIntent && pageOf(ofIntent)).toContain(
    `\n\n## Known limits\n\n${(ofIntent as { limits?: string }).limits}\n\n- Severity: info\n`,
  );
  expect(pageOf(check)).not.toContain('Known limits');
});

test('a page shows the shortened example instead of the whole one', () => {
  const page = pageOf({ ...check, bad: { yaml: 'whole: 1\n', shown: 'short: 1\n' } });
  expect(page).toContain('```yaml\nshort: 1\n```');
  expect(page).not.toContain('whole: 1');
});

test('a check without examples has a page without them', () => {
  expect(pageOf(checkOf('CIL909')!)).not.toContain('##');
});

const pages = [['README', catalogue(CHECKS)] as const, ...CHECKS.map((one) => [one.code, pageOf(one)] as const)];

test.each(pages)('docs/checks/%s.md is what explain prints', (name, page) => {
  expect(readFileSync(`docs/checks/${name}.md`, 'utf8')).toBe(page);
});

test.each(pages.slice(1))('%s has at most 80 lines', (_, page) => {
  expect(page.split('\n').length).toBeLessThanOrEqual(80);
});
