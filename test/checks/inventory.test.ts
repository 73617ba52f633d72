/** ClusterNetworkPolicies with the objects of a cluster, and kinds that nobody reads. */
import { checkObjects } from '../../lib/engine';
import type { AgentConfig } from '../../lib/model/config';
import type { JsonObject } from '../../lib/model/json';

const tier = (to: JsonObject): JsonObject => ({
  apiVersion: 'policy.networking.k8s.io/v1alpha2',
  kind: 'ClusterNetworkPolicy',
  metadata: { name: 'platform' },
  spec: { tier: 'Admin', priority: 1, subject: { namespaces: {} }, egress: [{ action: 'Accept', to: [to] }] },
});
const networks = (...all: readonly string[]) => tier({ networks: all });
const pod = (name: string, more: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop' },
  ...more,
});
const POD = pod('db', { status: { podIP: '10.0.1.7' } });
const ON_NODE = pod('agent', { spec: { hostNetwork: true, nodeName: 'a' }, status: { podIP: '192.168.0.1' } });
const NODE: JsonObject = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a' },
  status: { addresses: [{ type: 'InternalIP', address: '192.168.0.1' }] },
};
const ON: AgentConfig = { 'enable-k8s-cluster-network-policy': 'true' };

function found(code: string, objects: readonly JsonObject[], config: AgentConfig = ON, cilium: '1.19' | '1.20' = '1.20'): string[] {
  return checkObjects(objects, { cilium, config })
    .filter((one) => one.code === code)
    .map(({ path, message }) => `${path}: ${message}`);
}

const AT = '/spec/egress/0/to/0/networks';

test.each<[string, readonly JsonObject[], AgentConfig, readonly string[]]>([
  ['a pod', [networks('10.0.0.0/16'), POD], ON, [`${AT}/0: \`10.0.0.0/16\` contains pod \`shop/db\`, and does not match it`]],
  ['a node', [networks('192.168.0.0/24'), NODE], ON, [`${AT}/0: \`192.168.0.0/24\` contains node \`a\`, and does not match it`]],
  ['a pod on a node, which is the node', [networks('192.168.0.0/24'), ON_NODE, NODE], { ...ON, 'policy-cidr-match-mode': 'nodes' }, []],
  ['a pod, and CIDRs match pods', [networks('10.0.0.0/16'), POD], { ...ON, 'policy-cidr-match-mode': 'pods' }, []],
  ['nobody of the inventory', [networks('10.1.0.0/16', '10.0.0.0/24', '9.0.0.0/8'), POD, NODE], ON, []],
  ['everybody', [networks('0.0.0.0/0'), POD], ON, []],
  ['a pod, while the kind is switched off', [networks('10.0.0.0/16'), POD], { 'enable-policy': 'default' }, []],
])('networks that contain %s', (_, objects, config, expected) => {
  expect(found('CIL501', objects, config)).toEqual(expected);
});

const NAMES = tier({ domainNames: ['api.example.com'] });
const dns = (labels: JsonObject, port: JsonObject): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'dns', namespace: 'kube-system', labels },
  spec: { containers: [{ name: 'dns', ports: [{ containerPort: 53, protocol: 'UDP', ...port }] }] },
});
const OTHER =
  'the names open look-ups at pods `k8s-app: kube-dns` with ports `dns` and `dns-tcp`, and the resolver is a pod of `kube-system`';

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['the usual resolver', [dns({ 'k8s-app': 'kube-dns' }, { name: 'dns' })], []],
  ['no resolver in the inventory', [POD], []],
  ['a resolver with another label', [dns({ 'k8s-app': 'coredns' }, { name: 'dns' })], [`${OTHER} without these`]],
  ['a resolver whose port has another name', [dns({ 'k8s-app': 'kube-dns' }, { name: 'udp-53' })], [`${OTHER} without these`]],
])('domain names with %s', (_, inventory, expected) => {
  expect(found('CIL502', [NAMES, ...inventory])).toEqual(expected.map((text) => `/spec/egress/0/to/0/domainNames: ${text}`));
});

const ANP: JsonObject = {
  apiVersion: 'policy.networking.k8s.io/v1alpha1',
  kind: 'AdminNetworkPolicy',
  metadata: { name: 'old' },
  spec: {},
};
const KNP: JsonObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { podSelector: {} },
};

test.each<[string, JsonObject, AgentConfig, '1.19' | '1.20', readonly string[]]>([
  ['AdminNetworkPolicy', ANP, {}, '1.20', ['/kind: Cilium does not enforce AdminNetworkPolicy']],
  ['a kind of the same name in another group', { ...ANP, apiVersion: 'policy.example.com/v1' }, {}, '1.20', []],
  ['ClusterNetworkPolicy before 1.20', NAMES, {}, '1.19', ['/kind: Cilium 1.19 does not read ClusterNetworkPolicy']],
  ['ClusterNetworkPolicy without a configuration', NAMES, {}, '1.20', []],
  [
    'ClusterNetworkPolicy that is not switched on',
    NAMES,
    { 'enable-policy': 'default' },
    '1.20',
    ['/kind: the agent does not read ClusterNetworkPolicy, because `enable-k8s-cluster-network-policy` is off'],
  ],
  [
    'NetworkPolicy that is switched off',
    KNP,
    { 'enable-k8s-networkpolicy': 'false' },
    '1.20',
    ['/kind: the agent does not read NetworkPolicy, because `enable-k8s-networkpolicy` is off'],
  ],
])('who reads %s', (_, object, config, cilium, expected) => {
  expect(found('CIL404', [object], config, cilium)).toEqual(expected);
});
