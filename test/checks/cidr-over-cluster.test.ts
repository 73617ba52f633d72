/** CIL504: CIDRs that contain addresses of pods, nodes and Services. */
import { checkObjects } from '../../lib/engine';
import type { AgentConfig } from '../../lib/model/config';
import type { JsonObject } from '../../lib/model/json';

function found(objects: readonly JsonObject[], config: AgentConfig = {}, cilium: '1.19' | '1.20' = '1.20'): string[] {
  return checkObjects(objects, { cilium, config })
    .filter(({ code }) => code === 'CIL504')
    .map(({ severity, path, message, help }) => `${severity} ${path}: ${message}; ${help}`);
}

const policy = (spec: JsonObject, kind = 'CiliumNetworkPolicy'): JsonObject => ({
  apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
  kind,
  metadata: { name: 'web', namespace: 'shop' },
  spec,
});
const to = (...toCIDR: readonly string[]) => policy({ endpointSelector: {}, egress: [{ toCIDR }] });
const set = (section: string, field: string, item: JsonObject) => policy({ endpointSelector: {}, [section]: [{ [field]: [item] }] });
const pod = (podIP: string, hostNetwork = false): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { hostNetwork },
  status: { podIP },
});
const POD = pod('10.0.1.7');
const NODE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }] },
};
const SERVICE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'db', namespace: 'shop' },
  spec: { clusterIP: '10.96.0.7', selector: { app: 'db' } },
};
const BY_LABELS = 'name pods by labels, or set `policy-cidr-match-mode` to `pods` too';
const BY_ENTITIES = 'name nodes by the entities `host` and `remote-node`, or set `policy-cidr-match-mode` to `nodes` too';
const about = (cidr: string, what: string, help: string) => `\`${cidr}\` contains ${what}, and does not match it; ${help}`;

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['a pod', [to('10.0.1.7/32'), POD], [`warning /spec/egress/0/toCIDR/0: ${about('10.0.1.7/32', 'pod `shop/db`', BY_LABELS)}`]],
  [
    'a small network of pods',
    [to('10.0.1.0/24'), POD],
    [`warning /spec/egress/0/toCIDR/0: ${about('10.0.1.0/24', 'pod `shop/db`', BY_LABELS)}`],
  ],
  ['a wide network of pods', [to('10.0.0.0/8'), POD], [`info /spec/egress/0/toCIDR/0: ${about('10.0.0.0/8', 'pod `shop/db`', BY_LABELS)}`]],
  [
    'a wide network of pods twice, which is told once',
    [to('10.0.0.0/8', '10.0.0.0/8'), POD],
    [`info /spec/egress/0/toCIDR/0: ${about('10.0.0.0/8', 'pod `shop/db`', BY_LABELS)}`],
  ],
  ['a wide network of Services, which may hold anything', [to('10.0.0.0/8'), SERVICE], []],
  [
    'a pod with an IPv6 address',
    [to('fd00::/64'), pod('fd00::7')],
    [`warning /spec/egress/0/toCIDR/0: ${about('fd00::/64', 'pod `shop/db`', BY_LABELS)}`],
  ],
  ['a node', [to('192.168.0.1/32'), NODE], [`warning /spec/egress/0/toCIDR/0: ${about('192.168.0.1/32', 'node `a`', BY_ENTITIES)}`]],
  [
    'a network with a node, where other machines may be',
    [to('192.168.0.0/24'), NODE],
    [`info /spec/egress/0/toCIDR/0: ${about('192.168.0.0/24', 'node `a`', BY_ENTITIES)}`],
  ],
  [
    'a Service',
    [to('10.96.0.7/32'), SERVICE],
    [`warning /spec/egress/0/toCIDR/0: ${about('10.96.0.7/32', 'the address of Service `shop/db`', 'name the pods behind it by labels')}`],
  ],
  [
    'a deny of a set',
    [set('ingressDeny', 'fromCIDRSet', { cidr: '10.0.1.0/24', except: ['10.0.1.128/25'] }), POD],
    [`warning /spec/ingressDeny/0/fromCIDRSet/0/cidr: ${about('10.0.1.0/24', 'pod `shop/db`', BY_LABELS)}`],
  ],
  [
    'a NetworkPolicy',
    [policy({ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '10.0.1.0/24' } }] }] }, 'NetworkPolicy'), POD],
    [`warning /spec/egress/0/to/0/ipBlock/cidr: ${about('10.0.1.0/24', 'pod `shop/db`', BY_LABELS)}`],
  ],
])('%s', (_, objects, expected) => {
  expect(found(objects)).toEqual(expected);
});

test.each<[string, readonly JsonObject[], AgentConfig]>([
  ['of all addresses', [to('0.0.0.0/0', '::/0'), POD, NODE, SERVICE], {}],
  ['of addresses outside', [to('192.0.2.0/24', '2001:db8::/64'), POD, NODE, SERVICE], {}],
  [
    'that excepts what is in the cluster',
    [set('egress', 'toCIDRSet', { cidr: '10.0.0.0/8', except: ['10.0.0.0/16', '10.96.0.0/12'] }), POD, SERVICE],
    {},
  ],
  ['of pods, where CIDRs match pods', [to('10.0.1.7/32'), POD], { 'policy-cidr-match-mode': 'pods' }],
  ['of nodes, where CIDRs match nodes', [to('192.168.0.1/32'), NODE, pod('192.168.0.1', true)], { 'policy-cidr-match-mode': 'nodes' }],
  ['of clients with the address of a Service', [policy({ endpointSelector: {}, ingress: [{ fromCIDR: ['10.96.0.0/24'] }] }), SERVICE], {}],
  ['that is a placeholder', [to('${CIDR}'), POD], {}],
])('nothing is said of a CIDR %s', (_, objects, config) => {
  expect(found(objects, config)).toEqual([]);
});

test('before 1.20 no setting makes CIDRs match pods', () => {
  expect(found([to('10.0.1.7/32'), POD], {}, '1.19')).toEqual([
    `warning /spec/egress/0/toCIDR/0: ${about('10.0.1.7/32', 'pod `shop/db`', 'name pods by labels')}`,
  ]);
});
