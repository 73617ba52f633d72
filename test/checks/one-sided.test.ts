/** CIL517: a connection that the policies of one end allow, and those of the other end refuse. */
import { check, checkObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';
import { app, ccnp, cnp, netpol, tcp } from '../support/policies';

function found(...objects: readonly JsonObject[]): string[] {
  return checkObjects([pod('web'), pod('db'), ...objects])
    .filter(({ code }) => code === 'CIL517')
    .map(({ severity, resource, path, message }) => `${severity} ${resource?.name} ${path}: ${message}`);
}

const pod = (name: string, labels: JsonObject = {}, namespace = 'shop'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels: { app: name, ...labels } },
});
const DB = { endpointSelector: app('db') };
const TO_DB = cnp('web', { egress: [{ toEndpoints: [app('db')], toPorts: tcp('5432') }] });
const dbFrom = (name: string, ...ports: readonly JsonObject[]) =>
  cnp('db', { ...DB, ingress: [{ fromEndpoints: [app(name)], ...(ports.length > 0 && { toPorts: ports }) }] });
const NOT_IN =
  'warning web /spec/egress/0/toEndpoints/0: no rule lets these pods in on any port of this rule, and CiliumNetworkPolicy `db` closes the ingress of the other pods, for example of pod `shop/db`';

const NOT_OUT =
  'warning db /spec/ingress/0/fromEndpoints/0: no rule lets these pods out on any port of this rule, and CiliumNetworkPolicy `web` closes the egress of the other pods, for example of pod `shop/web`';

test('the other end does not let these pods in', () => {
  expect(found(TO_DB, dbFrom('api'))).toEqual([NOT_IN]);
  expect(found(TO_DB, dbFrom('web'))).toEqual([]);
});

test('the other end does not let these pods out', () => {
  const closed = cnp('web', { egress: [{ toEndpoints: [app('cache')] }] });
  expect(found(dbFrom('web'), closed)).toEqual([NOT_OUT]);
});

test('only the ports of the rule count', () => {
  expect(found(TO_DB, dbFrom('web', ...tcp('5433')))).toEqual([NOT_IN, NOT_OUT]);
  expect(found(TO_DB, dbFrom('web', ...tcp('5432')))).toEqual([]);
  const several = cnp('web', { egress: [{ toEndpoints: [app('db')], toPorts: [...tcp('5432'), ...tcp('9187')] }] });
  expect(found(several, dbFrom('web', ...tcp('9187')))).toEqual([]);
  const all = cnp('web', { egress: [{ toEndpoints: [app('db')] }] });
  expect(found(all, dbFrom('web', ...tcp('5432')))).toEqual([]);
  expect(found(all, dbFrom('api'))).toEqual([NOT_IN]);
});

test('a rule of every pod of a namespace', () => {
  const all = cnp('all', { endpointSelector: {}, egress: [{ toEndpoints: [app('db')] }] });
  expect(found(all, dbFrom('api'))).toEqual([NOT_IN.replace('warning web', 'warning all')]);
});

test('the policy is named, and not its rule, which may be about others', () => {
  const denying = cnp('db', { ...DB, ingressDeny: [{ fromEntities: ['world'] }] });
  expect(found(TO_DB, denying)).toEqual([NOT_IN]);
});

test('a policy of an unknown namespace may have the other half, so it is informative', () => {
  const unplaced = { ...dbFrom('web'), metadata: { name: 'other' } };
  expect(found(TO_DB, dbFrom('api'), unplaced)).toEqual([NOT_IN.replace('warning', 'info')]);
});

test('of a NetworkPolicy', () => {
  const policy = netpol('web', { egress: [{ to: [{ podSelector: app('db') }] }], policyTypes: ['Egress'] });
  expect(found(policy, dbFrom('api'))).toEqual([NOT_IN.replace('egress/0/toEndpoints/0', 'egress/0/to/0')]);
});

test.each<[string, readonly JsonObject[]]>([
  ['nothing closes the other end', [TO_DB]],
  [
    'another policy lets these pods in',
    [TO_DB, dbFrom('api'), ccnp('base', { endpointSelector: {}, ingress: [{ fromEntities: ['cluster'] }] })],
  ],
  ['the other end denies it on purpose', [TO_DB, cnp('db', { ...DB, ingressDeny: [{ fromEndpoints: [app('web')] }] })]],
  [
    'some of these pods are let in',
    [
      TO_DB,
      cnp('db', { ...DB, ingress: [{ fromEndpoints: [{ matchLabels: { role: 'main' } }] }] }),
      pod('web2', { app: 'web', role: 'main' }),
    ],
  ],
  [
    'some of the others let them in',
    [
      TO_DB,
      cnp('db', { endpointSelector: { matchLabels: { shard: 'a' } }, ingress: [{ fromEndpoints: [app('api')] }] }),
      pod('db2', { app: 'db', shard: 'a' }),
    ],
  ],
  [
    'the own end denies it on purpose',
    [cnp('web', { egress: [{ toEndpoints: [app('db')] }], egressDeny: [{ toEndpoints: [app('db')] }] }), dbFrom('api')],
  ],
  ['the rule has no port', [cnp('web', { egress: [{ toEndpoints: [app('db')], toPorts: [{ ports: [] }] }] }), dbFrom('api')]],
  ['a pod would ask itself', [cnp('web', { egress: [{ toEndpoints: [app('web')] }], ingress: [{ fromEndpoints: [app('api')] }] })]],
  ['the other policy may be of another namespace', [TO_DB, { ...dbFrom('api'), metadata: { name: 'db' } }]],
  ['the rule is for every pod', [cnp('web', { egress: [{ toEndpoints: [{}] }] }), dbFrom('api')]],
  ['a port has a name', [cnp('web', { egress: [{ toEndpoints: [app('db')], toPorts: tcp('sql') }] }), dbFrom('api')]],
  [
    'the other pods are not given',
    [
      cnp('web', { egress: [{ toEndpoints: [app('cache')] }] }),
      cnp('cache', { endpointSelector: app('cache'), ingress: [{ fromEndpoints: [app('api')] }] }),
    ],
  ],
  ['a policy is filled in later', [TO_DB, dbFrom('api'), dbFrom('${CLIENT}')]],
])('silent where %s', (_, objects) => {
  expect(found(...objects)).toEqual([]);
});

describe('of manifests', () => {
  const severities = (files: Readonly<Record<string, readonly JsonObject[]>>): string[] =>
    check(Object.entries(files).map(([name, objects]) => ({ name, text: objects.map((one) => JSON.stringify(one)).join('\n---\n') })))
      .filter(({ code }) => code === 'CIL517')
      .map(({ severity }) => severity);

  test('it is informative, because the other half may be elsewhere', () => {
    expect(severities({ 'a.yaml': [pod('web'), pod('db'), TO_DB, dbFrom('api')] })).toEqual(['info']);
  });

  test('what the kustomization leaves out closes nothing', () => {
    const kustomization = { kind: 'Kustomization', resources: ['a.yaml'] };
    const files = { 'kustomization.yaml': [kustomization], 'a.yaml': [pod('web'), pod('db'), TO_DB], 'b.yaml': [dbFrom('api')] };
    expect(severities(files)).toEqual([]);
  });
});
