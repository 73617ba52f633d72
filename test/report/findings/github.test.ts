/** Annotations in a GitHub workflow. */
import { ALLOWED, CLEAN, COMPARED, FOUND, HOSTILE, OBJECTS, rendered, reported, UNSEEN } from './reports';

test('each finding is a command, and the counts follow', () => {
  expect(rendered('github', FOUND)).toBe(
    [
      '::notice file=policies/web.yaml,line=1,endLine=1,col=1,endColumn=11,title=CIL010 placeholder::a value is filled in later and not checked: `${OFFICE_CIDR}`%0ACiliumNetworkPolicy shop/web',
      '::error file=policies/web.yaml,line=9,endLine=9,col=20,endColumn=25,title=CIL104 unknown-word::unknown word `wrold`%0Ahelp: did you mean `world`?%0ACiliumNetworkPolicy shop/web',
      '::error file=policies/web.yaml,line=10,endLine=10,col=7,endColumn=13,title=CIL201 mixed-peer-kinds::`toEntities` and `toCIDR` cannot stand in one rule%0Ahelp: write a rule for each of them%0ACiliumNetworkPolicy shop/web',
      '::warning file=policies/web.yaml,line=16,endLine=16,col=1,endColumn=54,title=CIL901 unused-suppression::there is no CIL202 to allow here%0Ahelp: remove the suppression',
      '2 errors, 1 warning, 1 info in 2 policies (2 documents, 1 file)',
      '',
    ].join('\n'),
  );
});

test('without findings, or with suppressed findings only, there is one line', () => {
  expect(rendered('github', CLEAN)).toBe('no findings in 1 policy (1 document, 1 file)\n');
  expect(rendered('github', ALLOWED)).toBe('no findings in 1 policy (1 document, 1 file); 1 finding is allowed\n');
});

test('in a comparison each finding has its minors', () => {
  expect(rendered('github', COMPARED)).toContain('::unknown word `cluster-mesh` (in Cilium 1.19)%0A');
});

test('a finding without a file has no place', () => {
  expect(rendered('github', OBJECTS)).toMatch(
    /^::error title=CIL202 rule-without-section::.*%0ACiliumNetworkPolicy shop\/web at chart\/Web\n/,
  );
  expect(rendered('github', reported('kind: [\n', {}, '-'))).toMatch(/^::error title=CIL001 syntax::/);
});

test('the user’s text cannot begin a command or end a property', () => {
  const lines = rendered('github', HOSTILE).trimEnd().split('\n');
  const told = HOSTILE.diagnostics.filter(({ allowed }) => allowed === undefined);
  expect(lines).toHaveLength(told.length + 1);
  const command = /^::(?:error|warning|notice) (?:(?:file|line|endLine|col|endColumn)=[^:,]*,)*title=CIL\d{3} [\w-]+::/;
  lines.slice(0, -1).forEach((line) => expect(line).toMatch(command));
  expect(lines[0]).toContain('file=a%2Cb%3Ac%25␊%3A%3Aerror%3A%3Aowned/␛[2J`|<b>.yaml,line=4,');
  expect(lines[0]).toContain('%250A{0}');
  expect(lines.join('\n')).not.toMatch(UNSEEN);
});
