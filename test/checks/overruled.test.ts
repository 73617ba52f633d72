/** Rules that never decide: which of them are reported. */
import { checkObjects } from '../../lib/engine';
import type { JsonObject } from '../../lib/model/json';

const EVERYBODY: JsonObject = { namespaces: {} };
const team = (name: string): JsonObject => ({ namespaces: { matchLabels: { team: name } } });

function tier(name: string, rules: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name },
    spec: { tier: 'Admin', priority: 10, subject: EVERYBODY, ingress: rules, ...more },
  };
}

const from = (action: string, peer: JsonObject, port?: number): JsonObject => ({
  action,
  from: [peer],
  ...(port !== undefined && { protocols: [{ tcp: { destinationPort: { number: port } } }] }),
});

const APP = (spec: JsonObject): JsonObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumNetworkPolicy',
  metadata: { name: 'app', namespace: 'shop' },
  spec: { endpointSelector: { matchLabels: { app: 'db' } }, ...spec },
});

const FROM_RED: JsonObject = { matchLabels: { 'k8s:io.cilium.k8s.namespace.labels.team': 'red' } };
const OPEN = APP({ ingress: [{ fromEndpoints: [FROM_RED], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] }] });
const DENY = APP({ ingressDeny: [{ fromEndpoints: [FROM_RED] }], enableDefaultDeny: { ingress: false } });
const HTTP = APP({
  ingress: [{ fromEndpoints: [FROM_RED], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ path: '/a' }] } }] }],
});
const SHOP: JsonObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { env: 'prod' } } };
const IN_PROD = { subject: { namespaces: { matchLabels: { env: 'prod' } } } };

function overruled(...objects: readonly JsonObject[]): string[] {
  return checkObjects(objects, { cilium: '1.20' })
    .filter(({ code }) => code === 'CIL403')
    .map(({ resource, path, message }) => `${resource?.name}${path}: ${message}`);
}

const NEVER = 'of this before, so the rule never decides';
const BY = (action: string, index = 0, name = 'platform') =>
  `\`ingress[${index}]\` of ClusterNetworkPolicy \`${name}\` ${action} all ${NEVER}`;

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['an allow below a Deny of its peers', [tier('platform', [from('Deny', team('red'))]), OPEN], [`app/spec/ingress/0: ${BY('denies')}`]],
  ['an allow below a Deny of its port', [tier('platform', [from('Deny', team('red'), 80)]), OPEN], [`app/spec/ingress/0: ${BY('denies')}`]],
  ['an allow below a Deny of another port', [tier('platform', [from('Deny', team('red'), 81)]), OPEN], []],
  ['an allow below a Deny of other peers', [tier('platform', [from('Deny', team('blue'))]), OPEN], []],
  ['an allow below an Accept', [tier('platform', [from('Accept', team('red'))]), OPEN], []],
  ['an allow below a Pass', [tier('platform', [from('Pass', team('red'))]), OPEN], []],
  ['an allow before a Deny of the Baseline tier', [tier('platform', [from('Deny', team('red'))], { tier: 'Baseline' }), OPEN], []],
  ['a deny below an Accept', [tier('platform', [from('Accept', team('red'))]), DENY], [`app/spec/ingressDeny/0: ${BY('accepts')}`]],
  ['requests below an Accept', [tier('platform', [from('Accept', team('red'))]), HTTP], [`app/spec/ingress/0: ${BY('accepts')}`]],
  ['a subject outside of the earlier one', [tier('platform', [from('Deny', team('red'))], IN_PROD), OPEN], []],
  [
    'a subject in a namespace whose labels are given',
    [tier('platform', [from('Deny', team('red'))], IN_PROD), OPEN, SHOP],
    [`app/spec/ingress/0: ${BY('denies')}`],
  ],
  [
    'a subject in a namespace that is named',
    [
      tier('platform', [from('Deny', team('red'))], {
        subject: { namespaces: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } },
      }),
      OPEN,
    ],
    [`app/spec/ingress/0: ${BY('denies')}`],
  ],
  [
    'a later rule of its own policy',
    [tier('platform', [from('Deny', EVERYBODY), from('Accept', team('red'))])],
    [`platform/spec/ingress/1/from/0: ${BY('denies')}`],
  ],
  [
    'a rule that an earlier one of its tier passes on',
    [tier('platform', [from('Pass', EVERYBODY), from('Deny', team('red'))])],
    [`platform/spec/ingress/1/from/0: ${BY('passes on')}`],
  ],
  ['an exception before the rest', [tier('platform', [from('Accept', team('red')), from('Deny', EVERYBODY)])], []],
])('%s', (_, objects, expected) => {
  expect(overruled(...objects)).toEqual(expected);
});

test('the help says how the rule comes first', () => {
  const helpFor = (...objects: readonly JsonObject[]) =>
    checkObjects(objects, { cilium: '1.20' })
      .filter(({ code }) => code === 'CIL403')
      .map(({ help }) => help);
  const deny = [from('Deny', EVERYBODY)];
  expect(helpFor(tier('platform', [...deny, from('Accept', team('red'))]))).toEqual(['move this rule before `ingress[0]`, or remove it']);
  expect(helpFor(tier('platform', deny), tier('team', [from('Accept', team('red'))], { priority: 20 }))).toEqual([
    'give `team` a smaller `priority` number than `platform`, or remove the rule',
  ]);
  const other = 'remove the rule, or let the earlier one pass';
  expect(helpFor(tier('platform', deny), OPEN)).toEqual([other]);
  expect(helpFor(tier('platform', deny), tier('rest', [from('Accept', team('red'))], { tier: 'Baseline' }))).toEqual([other]);
});
