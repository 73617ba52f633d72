import { found, messages, policy } from '../support/check';

const spec = `
  endpointSelector: {}
  egress:
    - toEndpoints: [{}]
      toEntities: [world]
    - toServices: [{}]
      toEntities: [world]
`;

test('a comment above a node suppresses findings at the node and below it', () => {
  const text = policy(spec).replace('    - toEndpoints', '    # cilium-check: allow CIL201 -- it is meant\n    - toEndpoints');
  expect(found(text)).toEqual(['CIL201 12:7 /spec/egress/0/toEntities *', 'CIL201 14:7 /spec/egress/1/toEntities']);
});

test('a comment after a node suppresses findings on its line', () => {
  const text = policy(spec).replace('[world]\n    - toServices', '[world] # cilium-check: allow CIL201 -- it is meant\n    - toServices');
  expect(found(text)).toEqual(['CIL201 11:7 /spec/egress/0/toEntities *', 'CIL201 13:7 /spec/egress/1/toEntities']);
});

test('a comment above everything suppresses findings in the whole document, but in no other document', () => {
  const text = `# cilium-check: allow CIL201 -- it is meant\n${policy(spec)}---\n${policy(spec).replace('name: web', 'name: other')}`;
  expect(found(text).map((line) => line.endsWith('*'))).toEqual([true, true, false, false]);
});

test('an annotation suppresses findings in its object', () => {
  const text = policy(spec).replace(
    '  name: web\n',
    "  name: web\n  annotations:\n    cdk8s-cilium/allow: 'CIL201: it is meant; CIL202: not there'\n",
  );
  expect(found(text)).toEqual([
    'CIL901 6:26 /metadata/annotations/cdk8s-cilium~1allow',
    'CIL201 13:7 /spec/egress/0/toEntities *',
    'CIL201 15:7 /spec/egress/1/toEntities *',
  ]);
});

test.each([
  ['# cilium-check: allow CIL201', 'CIL902', 'a suppression without a reason has no effect | write `allow CIL201 -- reason`'],
  ['# cilium-check: allow CIL999 -- because', 'CIL902', 'there is no check `CIL999` | run `cdk8s-cilium explain` for a list of all checks'],
  ['# cilium-check: allow CIL2O2 -- because', 'CIL902', 'there is no check `CIL2O2` | did you mean `CIL202`?'],
  ['# cilium-check: allow unknown-feild -- because', 'CIL902', 'there is no check `unknown-feild` | did you mean `CIL103`?'],
  [
    '# cilium-check: allow unused-suppression -- because',
    'CIL902',
    'there is no check `unused-suppression` | run `cdk8s-cilium explain` for a list of all checks',
  ],
  ['# cilium-check: ignore', 'CIL902', '`ignore` is not a valid suppression | write `allow CIL202 -- reason`'],
  ['# cilium-check: allow CIL202 -- because', 'CIL901', 'the suppression of CIL202 matches no finding | remove the suppression'],
])('%s is reported', (comment, code, message) => {
  const text = `${comment}\n${policy('  endpointSelector: {}\n  ingress: [{}]\n')}`;
  expect(found(text)).toEqual([`${code} 1:1 `]);
  expect(messages(text)).toEqual([message]);
});

test.each([
  ['at the end of a document', (text: string) => `${text}# cilium-check: allow CIL201 -- x\n`],
  [
    'behind the bracket of a list of several lines',
    (text: string) => `${text}  ingress: [\n    {}\n  ] # cilium-check: allow CIL201 -- x\n  x: 1\n`,
  ],
  ['above a closing bracket', (text: string) => `${text}  ingress: [\n    {},\n    # cilium-check: allow CIL201 -- x\n  ]\n  x: 1\n`],
])('a comment %s applies to nothing', (_, change) => {
  const findings = found(change(policy(spec)));
  expect(findings.filter((line) => line.startsWith('CIL201'))).toEqual([
    'CIL201 11:7 /spec/egress/0/toEntities',
    'CIL201 13:7 /spec/egress/1/toEntities',
  ]);
  expect(findings.filter((line) => line.startsWith('CIL902'))).toHaveLength(1);
});

test('comments may stand above each other, and above a dash of its own', () => {
  const text = policy(spec)
    .replace('    - toEndpoints: [{}]', '    # cilium-check: allow CIL201 -- one\n\n    # and another\n    -\n      toEndpoints: [{}]')
    .replace('    - toServices', '    # cilium-check: allow CIL201 -- two\n    - toServices');
  expect(found(text)).toEqual(['CIL201 15:7 /spec/egress/0/toEntities *', 'CIL201 18:7 /spec/egress/1/toEntities *']);
});

test('what the run says of itself cannot be suppressed', () => {
  const text = `# cilium-check: allow CIL909, CIL901 -- x\n${policy('  endpointSelector: {}\n  ingress: [{}]\n')}`;
  expect(messages(text)).toEqual(
    ['CIL909', 'CIL901'].map((code) => `${code} cannot be suppressed | it tells what the run itself did not do`),
  );
});

test('without suppressions, everything is reported as if they were not there', () => {
  const text = `# cilium-check: allow CIL201 -- it is meant\n# cilium-check: ignore\n${policy(spec)}`;
  expect(found(text, { suppressions: false })).toEqual(['CIL201 13:7 /spec/egress/0/toEntities', 'CIL201 15:7 /spec/egress/1/toEntities']);
});

test('checks of the run itself are reported whatever is selected', () => {
  const text = `# cilium-check: ignore\n${policy(spec)}`;
  expect(found(text, { select: 'CIL1' })).toEqual(['CIL902 1:1 ']);
});

test('one comment can suppress several checks', () => {
  const text = policy(spec)
    .replace('  egress:', '  # cilium-check: allow CIL201, CIL103 -- both are meant\n  egress:')
    .replace('toServices: [{}]', 'toServices: [{}]\n      toPort: []');
  expect(
    found(text).map((line) =>
      line
        .split(' ')
        .filter((_, i) => i !== 1 && i !== 2)
        .join(' '),
    ),
  ).toEqual(['CIL201 *', 'CIL103 *', 'CIL201 *']);
});

test('a string that looks like a comment is not a comment', () => {
  const text = policy('  endpointSelector: {}\n  description: |\n    # cilium-check: allow CIL201\n  ingress: [{}]\n');
  expect(found(text)).toEqual([]);
});
