/** The guide's seventeen manifests come out of the examples, and the API server of 1.20 takes every example. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { parse, parseAllDocuments } from 'yaml';
import { PolicyForDeployment } from '../../examples/deployment';
import { GUIDE, GUIDE_ALTERNATIVES } from '../../examples/guide';
import { ImportedClasses } from '../../examples/imported-classes';
import { Payments } from '../../examples/layers/payments';
import { Baseline } from '../../examples/layers/platform';
import { Shop } from '../../examples/layers/shop';
import { ReusableConstruct } from '../../examples/reusable-construct';
import { check } from '../../lib/engine';
import { schemaErrors } from '../support/crd';

type Example = new (scope: Construct, id: string) => Chart;
const guide: Record<string, Example> = { ...GUIDE, ...GUIDE_ALTERNATIVES };
const others: Record<string, Example> = { Baseline, Shop, Payments, PolicyForDeployment, ReusableConstruct, ImportedClasses };
const folder = join(__dirname, 'manifests');

function synthesized(Example: Example): string {
  const app = new App();
  new Example(app, 'example');
  return app.synthYaml();
}

test('every manifest of the guide has its example', () => {
  expect(Object.keys(guide).sort()).toEqual(
    readdirSync(folder)
      .map((file) => file.replace('.yaml', ''))
      .sort(),
  );
});

describe.each(Object.entries(guide))('%s', (name, Example) => {
  test('is what the guide shows', () => {
    expect(parse(synthesized(Example))).toEqual(parse(readFileSync(join(folder, `${name}.yaml`), 'utf8')));
  });

  test('is written as before', () => {
    expect(synthesized(Example)).toMatchSnapshot();
  });

  test('is what the CRD of 1.20 allows', () => {
    expect(schemaErrors(parse(synthesized(Example)) as object)).toEqual([]);
  });
});

describe.each(Object.entries(others))('example %s', (_, Example) => {
  test('is written as before', () => {
    expect(synthesized(Example)).toMatchSnapshot();
  });

  test('is what the CRD of 1.20 allows', () => {
    const policies = parseAllDocuments(synthesized(Example))
      .map((document) => document.toJS() as { apiVersion: string; kind: string })
      .filter(({ apiVersion }) => apiVersion === 'cilium.io/v2');
    expect(policies.flatMap((policy) => schemaErrors(policy))).toEqual([]);
    expect(policies).not.toHaveLength(0);
  });
});

/** Checked alone, and together as the guide applies them. */
const outputs: readonly (readonly [name: string, yaml: string])[] = [
  ...Object.entries(GUIDE).map(([name, Example]) => [name, synthesized(Example)] as const),
  ['the whole guide', Object.values(GUIDE).map(synthesized).join('---\n')] as const,
  ...Object.entries(others).map(([name, Example]) => [name, synthesized(Example)] as const),
];

/** Two examples of the guide, "a may reach b" and "a may not", are alternatives: together, the first one allows nothing. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = { 'the whole guide': ['CIL412 egress-a-to-b'] };

test.each(outputs)('%s has no finding at warning or above that is not expected', (name, text) => {
  const found = check([{ name: 'example.yaml', text }]).filter(({ severity }) => severity !== 'info');
  expect(found.map(({ code, resource }) => `${code} ${resource?.name}`)).toEqual(EXPECTED[name] ?? []);
});
