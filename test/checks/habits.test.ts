/** Habits of the guide, which are checked only where the user wants that. */
import { check, CheckOptions } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';
import { settle } from '../../lib/settings/settings';
import { ccnp, cnp, dns, netpol } from '../support/policies';

type Habits = CheckOptions['habits'];

function found(objects: readonly JsonObject[], habits: Habits, file = 'all.yaml'): string[] {
  return check([{ name: file, text: objects.map((one) => JSON.stringify(one)).join('\n---\n') }], { habits })
    .filter(({ code }) => code.startsWith('CIL6'))
    .map(({ code, resource }) => `${code} ${resource?.name}`);
}

const BASELINE = ccnp('default-deny', { egress: [dns('*')] });
const WEB = cnp('web', { ingress: [{ fromEndpoints: [{}] }] });

test('nothing is checked unless the user wants it', () => {
  expect(found([ccnp('other', { ingress: [{ fromEntities: ['cluster'] }] })], undefined)).toEqual([]);
  expect(found([ccnp('other', { ingress: [{ fromEntities: ['cluster'] }] })], false)).toEqual([]);
  expect(found([ccnp('other', { ingress: [{ fromEntities: ['cluster'] }] })], true)).toEqual([
    'CIL603 other',
    'CIL604 other',
    'CIL601 other',
  ]);
});

test('who selects a check of habits wants it', () => {
  const text = JSON.stringify(ccnp('other', { egress: [dns('*')] }));
  expect(check([{ name: 'a.json', text }], { select: ['CIL6'] }).map(({ code }) => code)).toEqual(['CIL601']);
});

test.each<[string, Habits, readonly string[]]>([
  ['the default ones', true, ['CIL601 team-x', 'CIL601 x-default-']],
  ['their own', { prefixes: ['team-'] }, ['CIL601 default-a', 'CIL601 global-b', 'CIL601 x-default-']],
  ['none', { prefixes: [''].slice(1) }, ['CIL601 default-a', 'CIL601 global-b', 'CIL601 team-x', 'CIL601 x-default-']],
])('names of clusterwide policies begin with prefixes: %s', (_, habits, expected) => {
  const policies = ['default-a', 'global-b', 'team-x', 'x-default-'].map((name) => ccnp(name, { egress: [dns('*')] }));
  expect(found([...policies, WEB], habits)).toEqual(expected);
});

test.each<[string, string, boolean]>([
  ['platform/all.yaml', 'platform', true],
  ['clusters/prod/platform/all.yaml', 'platform', true],
  ['clusters/prod/platform/all.yaml', 'prod/platform/', true],
  ['clusters/prod/all.yaml', 'prod/platform', false],
  ['my-platform/all.yaml', 'platform', false],
  ['./platform/all.yaml', './platform', true],
])('a clusterwide policy in %s belongs to %s', (file, folder, isInside) => {
  expect(found([BASELINE, WEB], { platform: [folder] }, file)).toEqual(isInside ? [] : ['CIL602 default-deny']);
});

test.each<[string, JsonObject, readonly string[]]>([
  ['for every pod', { endpointSelector: {} }, []],
  [
    'for every pod with a namespace',
    { endpointSelector: { matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'Exists' }] } },
    [],
  ],
  [
    'but for some namespaces',
    { endpointSelector: { matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'NotIn', values: ['kube-system'] }] } },
    [],
  ],
  ['for some pods', { endpointSelector: { matchLabels: { app: 'web' } } }, ['CIL603 default-deny', 'CIL604 default-deny']],
  [
    'for a namespace',
    { endpointSelector: { matchLabels: { 'io.kubernetes.pod.namespace': 'shop' } } },
    ['CIL603 default-deny', 'CIL604 default-deny'],
  ],
  ['that closes nothing', { endpointSelector: {}, enableDefaultDeny: { egress: false } }, ['CIL603 default-deny']],
])('a default deny %s', (_, subject, expected) => {
  expect(found([ccnp('default-deny', { egress: [dns('*')], ...subject })], true)).toEqual(expected);
});

test.each<[string, JsonObject | undefined, boolean]>([
  ['no policy', undefined, true],
  ['one for every pod', netpol('closed', { podSelector: {} }, 'vault'), false],
  ['one for every pod of the cluster', ccnp('default-ingress', { ingress: [{ fromEntities: ['cluster'] }] }), false],
  ['one for some pods', netpol('closed', {}, 'vault'), true],
  ['one for every pod of another namespace', netpol('closed', { podSelector: {} }, 'shop'), true],
  ['one for egress', netpol('closed', { podSelector: {}, policyTypes: ['Egress'] }, 'vault'), true],
])('a sensitive namespace with %s', (_, policy, isOpen) => {
  const objects = [BASELINE, ...(policy === undefined ? [] : [policy])];
  expect(found(objects, { sensitive: ['vault'] })).toEqual(isOpen ? ['CIL605 default-deny'] : []);
});

test('the findings say what to do', () => {
  const said = (objects: readonly JsonObject[], habits: Habits) =>
    check([{ name: 'all.yaml', text: objects.map((one) => JSON.stringify(one)).join('\n---\n') }], { habits, select: ['CIL6'] }).map(
      ({ code, message, help }) => `${code} ${message} | ${help}`,
    );
  expect(
    said([ccnp('a', { ingress: [{ fromEntities: ['cluster'] }] })], {
      platform: ['platform'],
      sensitive: ['vault'],
      prefixes: ['x-', 'y-'],
    }).filter((one) => !one.includes('CIL605')),
  ).toEqual([
    'CIL602 CiliumClusterwideNetworkPolicy `a` is outside of the platform | move it to `platform`, or write a namespaced policy',
    'CIL603 no given policy closes the egress of every pod | add a clusterwide default deny, for example the intent `DefaultDenyEgress`',
    'CIL604 no given policy opens DNS through the proxy for every pod | allow port 53 of the resolver with `rules.dns` in a clusterwide policy',
    'CIL601 the name of CiliumClusterwideNetworkPolicy `a` has no prefix | begin it with `x-` or `y-`',
  ]);
  expect(said([BASELINE], { sensitive: ['vault'] })).toEqual([
    'CIL605 no given policy closes the ingress of every pod of `vault` | add a policy for its pods, for example the intent `DefaultDenyIngress` or `TenantIsolation`',
  ]);
});

test.each<[unknown, string]>([
  ['yes', '`habits` must be true, false, or a mapping'],
  [['a'], '`habits` must be true, false, or a mapping'],
  [{ prefix: ['a'] }, 'unknown key `prefix` in `habits`'],
  [{ prefixes: 'a' }, '`prefixes` in `habits` must be a list of strings that are not empty'],
  [{ sensitive: [''] }, '`sensitive` in `habits` must be a list of strings that are not empty'],
])('the setting %j is rejected', (habits, problem) => {
  expect(settle([], { values: { habits } })).toMatchObject({ ok: false, problem });
});

test('pods that nothing protects are told by namespace', () => {
  const pod = (name: string, namespace: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { app: name } },
  });
  const objects = [BASELINE, WEB, pod('web', 'shop'), pod('db', 'shop'), pod('cache', 'shop'), pod('ledger', 'bank')];
  const messages = check([{ name: 'all.yaml', text: objects.map((one) => JSON.stringify(one)).join('\n---\n') }], { habits: true })
    .filter(({ code }) => code === 'CIL606')
    .map(({ message }) => message);
  expect(messages).toEqual([
    'pod `bank/ledger` accepts connections from everywhere: no given policy closes the ingress',
    '2 pods of `shop`, such as pod `shop/db`, accept connections from everywhere: no given policy closes the ingress',
  ]);
});

test.each<[string, readonly JsonObject[]]>([
  ['there is no policy', []],
  [
    'a rule denies a part',
    [BASELINE, ccnp('denied', { enableDefaultDeny: { ingress: false }, ingressDeny: [{ fromEntities: ['world'] }] })],
  ],
  [
    'a policy that may be of its namespace closes it',
    [BASELINE, { ...netpol('closed', { podSelector: {} }), metadata: { name: 'closed' } }],
  ],
])('no pod is told where %s', (_, policies) => {
  const pod: JsonObject = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'db', namespace: 'shop', labels: { app: 'db' } } };
  expect(found([...policies, pod], true).filter((one) => one.startsWith('CIL606'))).toEqual([]);
});
