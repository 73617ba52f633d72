/** SARIF, validated against its schema. */
import Ajv from 'ajv';
import type { Report } from '../../../lib/report/findings/report';
import { ALLOWED, CLEAN, COMPARED, FOUND, HOSTILE, OBJECTS, rendered, reported } from './reports';

interface Log {
  readonly runs: readonly [
    {
      readonly tool: {
        readonly driver: {
          readonly rules: readonly { readonly id: string; readonly name: string; readonly defaultConfiguration: object }[];
        };
      };
      readonly results: readonly Result[];
    },
  ];
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly { readonly physicalLocation?: { readonly artifactLocation: { readonly uri: string } } }[];
  readonly partialFingerprints: object;
  readonly suppressions: readonly object[];
  readonly properties?: object;
}

const logOf = (report: Report) => JSON.parse(rendered('sarif', report)) as Log;
const resultsOf = (report: Report) => logOf(report).runs[0].results;

/** The schema uses draft 4. Apart from the name of its id, it uses nothing that has another meaning in draft 7. */
function validator(): (log: unknown) => readonly unknown[] {
  const { id, $schema, ...schema } = jest.requireActual<Record<string, unknown>>(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  );
  expect([id, $schema].map(String)).toEqual([expect.stringContaining('sarif-2.1.0'), 'http://json-schema.org/draft-04/schema#']);
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    unicodeRegExp: false,
    formats: { 'date-time': true, uri: isUri, 'uri-reference': isReference },
  });
  const validate = ajv.compile(schema);
  return (log) => (validate(log) ? [] : (validate.errors ?? []));
}

const isUri = (text: string) => URL.canParse(text);
const isReference = (text: string) => /^(?:[\w.~!$&'()*+,;=:@/?#-]|%[0-9A-F]{2})*$/.test(text) && URL.canParse(text, 'file:///base/');

test.each(Object.entries({ FOUND, CLEAN, ALLOWED, COMPARED, OBJECTS, HOSTILE }))('%s is valid SARIF 2.1.0', (_, report) => {
  expect(validator()(logOf(report))).toEqual([]);
});

test('an invalid log is rejected', () => {
  expect(validator()({ version: '2.1.0', runs: [{ results: [{ level: 'info' }] }] })).not.toEqual([]);
});

test('a result has its rule, its place, its policy and a fingerprint', () => {
  expect(resultsOf(FOUND)[1]).toEqual({
    ruleId: 'CIL104',
    ruleIndex: 1,
    level: 'error',
    message: { text: 'unknown word `wrold`; did you mean `world`?' },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: 'policies/web.yaml' },
          region: { startLine: 9, startColumn: 20, endLine: 9, endColumn: 25 },
        },
        logicalLocations: [{ name: 'web', fullyQualifiedName: 'CiliumNetworkPolicy/shop/web', kind: 'resource' }],
      },
    ],
    partialFingerprints: { 'cdk8sCilium/v1': '8e3e6060e750f9906a97fec204cddb043200167c9458f7141d79f70f738af72b' },
    suppressions: [],
  });
});

test('the rules are those that occur, each once', () => {
  const { rules } = logOf(FOUND).runs[0].tool.driver;
  expect(rules.map(({ id, name }) => `${id} ${name}`)).toEqual([
    'CIL010 Placeholder',
    'CIL104 UnknownWord',
    'CIL201 MixedPeerKinds',
    'CIL901 UnusedSuppression',
  ]);
  expect(rules[1]).toEqual({
    id: 'CIL104',
    name: 'UnknownWord',
    shortDescription: { text: 'A word that is not one of those that the field takes' },
    fullDescription: { text: expect.stringContaining('The API server refuses the object.') as string },
    help: {
      text: expect.stringContaining('Source: apiextensions') as string,
      markdown: expect.stringMatching(/^# CIL104 unknown-word\n/) as string,
    },
    helpUri: 'https://github.com/cdk8s-cilium/cdk8s-cilium/blob/main/docs/checks/CIL104.md',
    defaultConfiguration: { level: 'error' },
    properties: { tags: ['cilium', 'network-policy', 'schema'] },
  });
  expect(resultsOf(FOUND).map(({ ruleId, ruleIndex }) => rules[ruleIndex].id === ruleId)).toEqual([true, true, true, true]);
});

test('a finding keeps its fingerprint when its policy moves to another line', () => {
  const text = 'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: web}\nspec: {endpointSelector: {}, ingress: []}\n';
  const prints = (report: Report) => resultsOf(report).map(({ partialFingerprints }) => partialFingerprints);
  expect(prints(reported(`# one\n# two\n${text}`))).toEqual(prints(reported(text)));
  expect(prints(reported(text.replace('web', 'db')))).not.toEqual(prints(reported(text)));
});

test('a suppressed finding has a suppression in the source, or an external one if there is no text', () => {
  expect(resultsOf(ALLOWED)[0].suppressions).toEqual([{ kind: 'inSource', justification: 'until the | release' }]);
  const external = { ...OBJECTS, diagnostics: OBJECTS.diagnostics.map((one) => ({ ...one, allowed: 'for now' })) };
  expect(resultsOf(external)[0].suppressions).toEqual([{ kind: 'external', justification: 'for now' }]);
});

test('in a comparison a result has its minors, and a rule the level of its check', () => {
  const [result] = resultsOf(COMPARED);
  expect(result).toMatchObject({ level: 'note', properties: { cilium: ['1.19'] } });
  expect(logOf(COMPARED).runs[0].tool.driver.rules[0].defaultConfiguration).toEqual({ level: 'error' });
});

test('a finding in an object without a text is located at its construct', () => {
  expect(resultsOf(OBJECTS)[0].locations).toEqual([
    {
      logicalLocations: [
        { name: 'web', fullyQualifiedName: 'CiliumNetworkPolicy/shop/web', kind: 'resource' },
        { fullyQualifiedName: 'chart/Web', kind: 'construct' },
      ],
    },
  ]);
});

test.each([
  ['./policies/a b#?.yaml', 'policies/a%20b%23%3F.yaml'],
  ['../x/ä:%.yaml', '../x/%C3%A4%3A%25.yaml'],
  ['/srv/a b.yaml', 'file:///srv/a%20b.yaml'],
  ['\ud800.yaml', '%EF%BF%BD.yaml'],
])('the URI of the file %j is %j', (name, uri) => {
  expect(resultsOf(reported('kind: [\n', {}, name))[0].locations[0].physicalLocation?.artifactLocation.uri).toBe(uri);
});

test('the user’s text is never a link or a placeholder', () => {
  const texts = resultsOf(HOSTILE).map(({ message }) => message.text);
  expect(texts.join('\n')).toContain('\\[x](http://evil)');
  expect(texts.join('\n')).toContain('{{0}}');
  texts.forEach((text) => expect(text).not.toMatch(/(?<!\\)\[[^\]]*\]\(|(?<!\{)\{\d\}/));
});
