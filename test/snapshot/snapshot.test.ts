/** Everything opened: what counts, what does not, and what a user must know. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectParsed } from '../../lib/net/parsed';
import { FastEngine } from '../../lib/reach/engine';
import { MissingPath } from '../../lib/read/files';
import { parseFlow } from '../../lib/read/flow';
import { readSources } from '../../lib/read/read';
import { warningView } from '../../lib/report/verdicts/warnings';
import { openWithInventory } from '../../lib/snapshot/from-files';
import { Snapshot } from '../../lib/snapshot/snapshot';
import type { Verdicts } from '../../lib/snapshot/verdicts';
import { settingsOf } from '../support/settings';

const policy = (name: string, spec: string, kind = 'CiliumNetworkPolicy') =>
  `apiVersion: cilium.io/v2\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`;
const CLOSED = policy('closed', '{ endpointSelector: {}, ingress: [{}] }');

function opened(text: string, values = {}): Snapshot {
  const settings = settingsOf({ namespace: 'shop', ...values });
  return new Snapshot(readSources([{ name: 'all.yaml', text }], settings), settings);
}

function isAllowed(verdicts: Verdicts, from: string, to: string): boolean | undefined {
  return expectParsed(verdicts.verdict(expectParsed(parseFlow({ from, to, port: 80 })))).allowed;
}

test('a policy that is rejected counts for nothing, and is reported', () => {
  const bad = policy('bad', '{ endpointSelector: {}, ingress: [{ toEntities: [world] }], egress: [] }').replace('toEntities', 'fromCIDR');
  const verdicts = expectParsed(opened(`${bad}---\n${CLOSED}`).verdicts());
  expect(verdicts.refused.map(({ resource }) => resource.name)).toEqual(['bad']);
  expect(verdicts.policies.map(({ name }) => name)).toEqual(['closed']);
  expect(verdicts.warnings).toEqual([{ is: 'refused', policy: verdicts.refused[0] }]);
  expect(isAllowed(verdicts, 'entity:world', 'labels:app=web@shop')).toBe(false);
});

test('what is not read, stands twice, is not judged or has no effect, is a warning', () => {
  const nodes = policy('nodes', '{ nodeSelector: {}, ingress: [{}] }', 'CiliumClusterwideNetworkPolicy');
  const listener = 'apiVersion: cilium.io/v2\nkind: CiliumEnvoyConfig\nmetadata: { name: a }\nspec: { services: [{ name: x }] }\n';
  const verdicts = expectParsed(opened([CLOSED, CLOSED, nodes, listener, 'kind: CiliumNetworkPolicy: x\n'].join('---\n')).verdicts());
  expect(verdicts.warnings.map(({ is }) => is)).toEqual(['unread', 'counted-twice', 'not-judged', 'without-effect']);
});

test('a policy that names a Service that nobody has listed is a warning, because it opens its ports', () => {
  const toServices = (name: string, ref: string) =>
    policy(name, `{ endpointSelector: {}, egress: [{ toServices: [{ k8sService: ${ref} }], toPorts: [{ ports: [{ port: '80' }] }] }] }`);
  const web = 'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\nspec: { ports: [{ port: 80 }] }\n';
  const missingIn = (...documents: readonly string[]) =>
    expectParsed(opened(documents.join('---\n')).verdicts()).warnings.flatMap((one) =>
      one.is === 'missing-service' ? one.services : [one.is],
    );

  expect(missingIn(toServices('a', '{ serviceName: web, namespace: shop }'))).toEqual(['shop/web']);
  expect(missingIn(toServices('a', '{ serviceName: web }'), web)).toEqual([]);
  expect(missingIn(toServices('a', '{ serviceName: wbe }'), web)).toEqual(['/wbe']);
  expect(missingIn(toServices('a', '{ serviceName: web, namespace: shop }'), web)).toEqual([]);
});

test.each([
  ['a template', 'kind: CiliumNetworkPolicy\nspec: {{ x }}\n', undefined],
  ['a document that is too deep', `kind: CiliumNetworkPolicy\nx: ${'['.repeat(101)}\n`, undefined],
  ['a broken policy', 'kind: CiliumNetworkPolicy\nx: [\n', undefined],
  ['a broken document that is no policy', 'kind: Pod\nx: [\n', true],
])('%s may turn a verdict, unless it is denied by a rule', (_, text, allowed) => {
  const deny = policy('deny', '{ endpointSelector: { matchLabels: { app: db } }, ingressDeny: [{ fromEntities: [world] }] }');
  const verdicts = expectParsed(opened([deny, text].join('---\n')).verdicts());
  expect(isAllowed(verdicts, 'entity:world', 'labels:app=web@shop')).toBe(allowed);
  expect(isAllowed(verdicts, 'entity:world', 'labels:app=db@shop')).toBe(false);
});

test('a verdict that unread input may turn says what was not read, with and without steps', () => {
  const verdicts = expectParsed(opened(`${CLOSED}---\nkind: CiliumNetworkPolicy\nspec: {{ x }}\n---\nkind: {{ x }}\n`).verdicts());
  const flow = expectParsed(parseFlow({ from: 'entity:world', to: 'labels:app=web@shop', port: 80, http: {} }));
  const ingress = { decision: 'unknown', reason: 'unread', missing: 'all.yaml:7 and 1 more, which could not be read' };
  expect(verdicts.verdict(flow)).toMatchObject({ value: { allowed: undefined, ingress, egress: { decision: 'n/a' }, http: 'unknown' } });
  expect(verdicts.explain(flow)).toMatchObject({
    value: { verdict: { allowed: undefined, ingress }, ways: [{ verdict: { ingress }, ingress: { side: ingress } }] },
  });
});

test('an engine that has met many ends starts over, with the same verdicts', () => {
  const verdicts = expectParsed(opened(CLOSED).verdicts());
  const isOpen = (i: number) => isAllowed(verdicts, `labels:n=${i}@shop`, 'labels:app=web@shop');
  const before = [isOpen(1), isOpen(2)];
  const engines = jest.spyOn(FastEngine.prototype, 'verdict');
  for (let i = 0; i < 60_000; i++) {
    isOpen(i);
  }
  expect([isOpen(1), isOpen(2)]).toEqual(before);
  expect(new Set(engines.mock.contexts).size).toBe(2);
  engines.mockRestore();
});

test('the verdicts are opened once, and refused for a comparison or a configuration that no agent starts with', () => {
  const snapshot = opened(CLOSED);
  expect(snapshot.verdicts()).toBe(snapshot.verdicts());
  expect(opened(CLOSED, { cilium: '1.19..1.20' }).verdicts()).toMatchObject({ ok: false, problem: 'a verdict needs exactly one minor' });
  expect(opened(CLOSED, { config: { 'policy-cidr-match-mode': 'elsewhere' } }).verdicts()).toMatchObject({ ok: false });
  expect(opened(CLOSED, { names: { 'a.example': ['here'] } }).verdicts()).toMatchObject({ ok: false });
});

test('each minor admits for itself', () => {
  const snapshot = opened(policy('new', '{ endpointSelector: {}, ingress: [{ fromEntities: [cluster-mesh] }] }'), { cilium: '1.19..1.20' });
  const [resource] = snapshot.read.policies;
  expect((['1.19', '1.20'] as const).map((minor) => snapshot.admission(resource, minor).accepted.schema)).toEqual([false, true]);
});

describe('an inventory of files', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'snapshot-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const withInventory = (text: string) => {
    writeFileSync(join(folder, 'cluster.yaml'), text);
    const settings = settingsOf({ namespace: 'shop', inventory: folder });
    return openWithInventory(readSources([{ name: 'all.yaml', text: '' }], settings), settings);
  };

  test('has the cluster, and its policies do not count', () => {
    const pod = 'apiVersion: v1\nkind: Pod\nmetadata: { name: web, labels: { app: web } }\nspec: { containers: [] }\n';
    const { snapshot, unread } = withInventory(`${pod}---\n${CLOSED}`);
    expect(unread).toEqual([]);
    const verdicts = expectParsed(snapshot.verdicts());
    expect(verdicts.policies).toEqual([]);
    expect(isAllowed(verdicts, 'entity:world', 'shop/web')).toBe(true);
  });

  test('of which something cannot be read, says what', () => {
    expect(withInventory('a: [\n').unread.map(({ is }) => is)).toEqual(['syntax']);
  });

  test('that does not exist cannot be opened', () => {
    const settings = settingsOf({ inventory: [join(folder, 'nowhere')] });
    expect(() => openWithInventory(readSources([], settings), settings)).toThrow(MissingPath);
  });
});

const TIERS = `apiVersion: policy.networking.k8s.io/v1alpha2
kind: ClusterNetworkPolicy
metadata: { name: tiers }
spec:
  tier: Admin
  priority: 1
  subject: { namespaces: {} }
  ingress: [{ action: Accept, from: [{ namespaces: { matchExpressions: [{ key: team, operator: DoesNotExist }] } }] }]
`;

test.each([
  ['counts without a configuration, which is said', {}, true, ['assumed']],
  ['counts where its switch is on', { config: { 'enable-k8s-cluster-network-policy': 'true' } }, true, []],
  ['does not count where its switch is off by default', { config: { 'enable-policy': 'default' } }, false, ['without-effect']],
  ['does not count in a minor that does not have it', { cilium: '1.19' }, false, ['not-enforced']],
])('a ClusterNetworkPolicy %s', (_, values, allowed, warnings) => {
  const deny = policy('deny', '{ endpointSelector: {}, ingressDeny: [{ fromEntities: [world] }] }');
  const verdicts = expectParsed(opened([deny, TIERS].join('---\n'), values).verdicts());
  expect(isAllowed(verdicts, 'entity:world', 'labels:app=web@shop')).toBe(allowed);
  expect(verdicts.warnings.map(({ is }) => is)).toEqual(warnings);
});

test.each([
  ['a template of one', `{{ if x }}\nkind: ClusterNetworkPolicy\n{{ end }}\n`, undefined],
  ['a template of any kind', 'apiVersion: {{ .v }}\nkind: {{ .k }}\n', undefined],
  ['a template that writes whole lines', '{{ include "lib.policies" . }}\n', undefined],
  ['a template of another kind', `{{ if x }}\nkind: NetworkPolicy\n{{ end }}\n`, false],
  ['one with a value that is filled in later', TIERS.replace('Accept', '"${ACTION}"'), undefined],
])('%s may turn even a denial by a rule', (_, text, allowed) => {
  const deny = policy('deny', '{ endpointSelector: {}, ingressDeny: [{ fromEntities: [cluster] }] }');
  const verdicts = expectParsed(opened([deny, text].join('---\n')).verdicts());
  expect(isAllowed(verdicts, 'entity:health', 'labels:app=web@shop')).toBe(allowed);
});

test.each([
  ['a policy of Calico', 'apiVersion: projectcalico.org/v3\nkind: NetworkPolicy\nmetadata: { name: a }\n', 'not-enforced'],
  ['a policy that Cilium never takes', 'apiVersion: policy.networking.k8s.io/v1alpha1\nkind: AdminNetworkPolicy\n', 'not-enforced'],
  ['a redirect', 'apiVersion: cilium.io/v2\nkind: CiliumLocalRedirectPolicy\nmetadata: { name: a }\n', 'not-judged'],
  [
    'a listener',
    'apiVersion: cilium.io/v2\nkind: CiliumEnvoyConfig\nmetadata: { name: a }\nspec: { services: [{ name: x }] }\n',
    'not-judged',
  ],
  ['a misspelt field', policy('a', '{ endpointSelector: {}, ingress: [{ fromPorts: [] }] }'), 'dropped'],
  ['a placeholder', policy('a', '{ endpointSelector: {}, ingress: [{ fromCIDR: ["${X}"] }] }'), 'filled-in-later'],
])('%s is a warning, with its object as data', (_, text, code) => {
  const [warning, ...more] = expectParsed(opened(text).verdicts()).warnings.map(warningView);
  expect([warning.code, more]).toEqual([code, []]);
  expect(warning.object).toMatch(/^\w+\/shop\/a$|^AdminNetworkPolicy\/\/$/);
});

test('the policies of an inventory do not count, and a warning says so, unless they are asked for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'inventory-'));
  const path = join(folder, 'dump.yaml');
  writeFileSync(path, `${policy('other', '{ endpointSelector: {}, ingress: [{ fromEntities: [world] }] }')}---\n${CLOSED}`);
  const settings = settingsOf({ namespace: 'shop', inventory: [path] });
  const read = readSources([{ name: 'all.yaml', text: CLOSED }], settings);
  const answers = [false, true].map((withInventoryPolicies) => {
    const verdicts = expectParsed(openWithInventory(read, settings, { withInventoryPolicies }).snapshot.verdicts());
    return [isAllowed(verdicts, 'entity:world', 'labels:app=web@shop'), verdicts.warnings.map((warning) => warningView(warning).message)];
  });
  rmSync(folder, { recursive: true });
  expect(answers).toEqual([
    [false, ['not counted: 1 policy of the inventory; give them as policies to count them']],
    [true, []],
  ]);
});

test('policies without a namespace are judged in the default one, and one warning names them', () => {
  const four = ['a', 'b', 'c', 'd'].map((name) => policy(name, '{ endpointSelector: {}, ingress: [{}] }'));
  const elsewhere = policy('e, namespace: shop', '{ endpointSelector: {}, ingress: [{}] }');
  const clusterwide = policy('f', '{ endpointSelector: {}, ingress: [{}] }', 'CiliumClusterwideNetworkPolicy');
  const messages = (namespace?: string) =>
    expectParsed(opened([...four, elsewhere, clusterwide].join('---\n'), { namespace }).verdicts())
      .warnings.map(warningView)
      .map(({ code, message }) => [code, message]);
  const named = ['a', 'b', 'c'].map((name, i) => `CiliumNetworkPolicy default/${name} (all.yaml:${1 + 5 * i})`).join(', ');
  expect(messages()).toEqual([['in-default', `judged in namespace \`default\`, because nothing gives another: ${named} and 1 more`]]);
  expect(messages('default')).toEqual([]);
});
