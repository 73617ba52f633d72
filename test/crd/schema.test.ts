/** The schemas of the minors: as compact as they are kept, as whole as they are used. */
import { execFileSync } from 'node:child_process';
import { MINORS, isSince, minorOf, NEWEST } from '../../lib/crd/minor';
import { clusterNetworkPolicy, resourcesOf, Schema } from '../../lib/crd/schema';

test('the minors stand in the order of their releases, the newest last', () => {
  expect([...MINORS].sort((a, b) => Number(a.split('.')[1]) - Number(b.split('.')[1]))).toEqual(MINORS);
  expect(MINORS.at(-1)).toBe(NEWEST);
  expect(MINORS.map((minor) => isSince(minor, '1.19'))).toEqual([false, true, true]);
  expect(['1.20', '1.21', ''].map(minorOf)).toEqual(['1.20', undefined, undefined]);
});

test.each(MINORS)('%s has the kinds that policies are written in', (minor) => {
  const kinds = resourcesOf(minor).map(({ apiVersion, kind, namespaced }) => `${apiVersion} ${kind}${namespaced ? '' : ', clusterwide'}`);
  expect(kinds).toEqual(
    expect.arrayContaining(['cilium.io/v2 CiliumNetworkPolicy', 'cilium.io/v2 CiliumClusterwideNetworkPolicy, clusterwide']),
  );
});

/** The schema of a field, by its path; `items` and `values` are steps of their own. */
function at(schema: Schema | undefined, ...path: readonly string[]): Schema | undefined {
  return path.reduce<Schema | undefined>(
    (inner, step) => (step === 'items' ? inner?.items : step === 'values' ? inner?.values : inner?.properties?.[step]),
    schema,
  );
}

const policyIn = (minor: (typeof MINORS)[number]) => resourcesOf(minor).find(({ kind }) => kind === 'CiliumNetworkPolicy')?.schema;

test.each(MINORS)('the parts of a schema of %s are linked to each other', (minor) => {
  const ports = at(policyIn(minor), 'spec', 'ingress', 'items', 'toPorts', 'items', 'ports');
  expect(ports?.maxItems).toBe(40);
  expect(at(ports, 'items', 'protocol')?.enum).toEqual(expect.arrayContaining(['TCP', 'UDP', 'SCTP', 'ANY']));
  expect(at(policyIn(minor), 'specs', 'items', 'ingress')).toEqual(at(policyIn(minor), 'spec', 'ingress'));
});

test('an entity that 1.20 added is in no older schema', () => {
  const entities = MINORS.map((minor) => at(policyIn(minor), 'spec', 'ingress', 'items', 'fromEntities', 'items')?.enum);
  expect(entities.map((all) => all?.includes('cluster-mesh'))).toEqual([false, false, true]);
});

test('two fields of a ClusterNetworkPolicy are only in the experimental channel of its CRD', () => {
  const { apiVersion, kind, namespaced, schema } = clusterNetworkPolicy();
  expect([apiVersion, kind, namespaced]).toEqual(['policy.networking.k8s.io/v1alpha2', 'ClusterNetworkPolicy', false]);
  const peer = at(schema, 'spec', 'egress', 'items', 'to', 'items');
  expect(Object.keys(peer?.properties ?? {}).filter((field) => at(peer, field)?.isExperimental)).toEqual(['domainNames', 'nodes']);
  const text = JSON.stringify(schema);
  expect(text.split('"isExperimental":true')).toHaveLength(3);
});

test('the schemas match imports/', () => {
  expect(() => execFileSync('node', ['scripts/crd.mjs', '--check'], { encoding: 'utf8' })).not.toThrow();
});
