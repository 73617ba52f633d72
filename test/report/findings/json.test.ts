/** The format of `check -o json`, which other programs read. */
import { readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { ALLOWED, CLEAN, COMPARED, FOUND, HOSTILE, NO_FINDINGS, OBJECTS, rendered } from './reports';

test('a finding is plain data with its place', () => {
  const report = JSON.parse(rendered('json', FOUND)) as { readonly diagnostics: readonly unknown[] };
  expect(report).toMatchObject({ tool: { name: 'cdk8s-cilium', version: '1.2.3' }, cilium: '1.20' });
  expect(report.diagnostics[1]).toEqual({
    code: 'CIL104',
    name: 'unknown-word',
    severity: 'error',
    stage: 'schema',
    message: 'unknown value `wrold`',
    help: 'did you mean `world`?',
    resource: { apiVersion: 'cilium.io/v2', kind: 'CiliumNetworkPolicy', namespace: 'shop', name: 'web' },
    file: 'policies/web.yaml',
    document: 0,
    path: '/spec/egress/0/toEntities/0',
    line: 9,
    column: 20,
    endLine: 9,
    endColumn: 25,
    constructPath: null,
    allowed: null,
    cilium: null,
    sets: null,
    docs: 'https://github.com/cdk8s-cilium/cdk8s-cilium/blob/main/docs/checks/CIL104.md',
  });
});

test('without findings, the list is empty and the counts are complete', () => {
  expect(JSON.parse(rendered('json', CLEAN))).toEqual({
    tool: { name: 'cdk8s-cilium', version: '1.2.3' },
    cilium: '1.20',
    settings: null,
    summary: { ...NO_FINDINGS, files: 1, documents: 1, policies: 1, notAsked: expect.arrayContaining(['CIL501', 'CIL502']) as string[] },
    diagnostics: [],
  });
});

test('a suppressed finding is kept, with its reason', () => {
  expect(JSON.parse(rendered('json', ALLOWED))).toMatchObject({
    summary: { errors: 0, suppressed: 1 },
    diagnostics: [{ code: 'CIL202', allowed: 'until the | release' }],
  });
});

test('in a comparison, each finding lists the minors in which it holds', () => {
  expect(JSON.parse(rendered('json', COMPARED))).toMatchObject({ cilium: '1.19..1.20', diagnostics: [{ cilium: ['1.19'] }, {}, {}] });
});

test('a finding in an object of a program has no file and no line', () => {
  expect(JSON.parse(rendered('json', OBJECTS))).toMatchObject({ diagnostics: [{ file: null, line: null, constructPath: 'chart/Web' }] });
});

const NULLABLE = {
  code: 'string',
  name: 'string',
  severity: 'string',
  stage: 'string',
  message: 'string',
  help: 'string?',
  resource: 'object?',
  file: 'string?',
  document: 'number',
  path: 'string',
  line: 'number?',
  column: 'number?',
  endLine: 'number?',
  endColumn: 'number?',
  constructPath: 'string?',
  allowed: 'string?',
  cilium: 'object?',
  sets: 'object?',
  docs: 'string',
};

test.each(Object.entries({ FOUND, CLEAN, ALLOWED, COMPARED, OBJECTS, HOSTILE }))('%s has every field with the right type', (_, report) => {
  const { diagnostics } = JSON.parse(rendered('json', report)) as { readonly diagnostics: readonly Record<string, unknown>[] };
  for (const diagnostic of diagnostics) {
    expect(Object.keys(diagnostic)).toEqual(Object.keys(NULLABLE));
    const wrong = Object.entries(NULLABLE).filter(([key, type]) =>
      diagnostic[key] === null ? !type.endsWith('?') : typeof diagnostic[key] !== type.replace('?', ''),
    );
    expect(wrong).toEqual([]);
  }
});

test('every report matches the schema in docs/formats', () => {
  const validate = new Ajv().compile(JSON.parse(readFileSync('docs/formats/check.schema.json', 'utf8')) as object);
  for (const report of [FOUND, CLEAN, ALLOWED, COMPARED, OBJECTS, HOSTILE]) {
    expect(validate(JSON.parse(rendered('json', report))) ? [] : validate.errors).toEqual([]);
  }
  expect(validate({ diagnostics: [] })).toBe(false);
});
