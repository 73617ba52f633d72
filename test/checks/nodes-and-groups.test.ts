/** Pods in the network of their node, nodes, and CIDR groups: CIL510, CIL511 and CIL514. */
import { checkObjects } from '../../lib/engine';
import type { AgentConfig } from '../../lib/model/config';
import type { JsonObject } from '../../lib/model/json';

function found(code: string, objects: readonly JsonObject[], config: AgentConfig = {}): string[] {
  return checkObjects(objects, { config })
    .filter((one) => one.code === code)
    .map(({ severity, path, message, help }) => [severity, `${path}:`, message, ...(help === null ? [] : [`; ${help}`])].join(' '));
}

const policy = (spec: JsonObject, kind = 'CiliumNetworkPolicy'): JsonObject => ({
  apiVersion: kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'cilium.io/v2',
  kind,
  metadata: { name: 'web', ...(kind !== 'CiliumClusterwideNetworkPolicy' && { namespace: 'shop' }) },
  spec,
});
const labels = (matchLabels: JsonObject): JsonObject => ({ matchLabels });
const APP = labels({ app: 'agent' });
const pod = (name: string, hostNetwork: boolean, own: JsonObject = { app: 'agent' }): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'shop', labels: own },
  spec: { hostNetwork },
});
const ON_HOST = 'only pods in the network of their node, such as pod `shop/a`';

test.each<[string, readonly JsonObject[], readonly string[]]>([
  [
    'a subject',
    [policy({ endpointSelector: APP, ingress: [{}], egress: [{}] }), pod('a', true)],
    [
      `warning /spec/endpointSelector: the policy selects ${ON_HOST} ; select the nodes with \`nodeSelector\` in a CiliumClusterwideNetworkPolicy`,
    ],
  ],
  [
    'a peer of a deny rule',
    [policy({ endpointSelector: {}, egressDeny: [{ toEndpoints: [APP] }] }), pod('a', true)],
    [
      `warning /spec/egressDeny/0/toEndpoints/0: the selector matches ${ON_HOST} ; name the nodes: the entities \`host\` and \`remote-node\``,
    ],
  ],
  [
    'a peer of a NetworkPolicy',
    [policy({ podSelector: {}, ingress: [{ from: [{ podSelector: APP }] }] }, 'NetworkPolicy'), pod('a', true)],
    [`warning /spec/ingress/0/from/0: the selector matches ${ON_HOST} ; name the nodes: the entities \`host\` and \`remote-node\``],
  ],
  ['pods of both kinds', [policy({ endpointSelector: APP, ingress: [{}] }), pod('a', true), pod('b', false)], []],
  ['every pod', [policy({ endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] }), pod('a', true)], []],
  ['a placeholder', [policy({ endpointSelector: labels({ app: 'agent', x: '${X}' }), ingress: [{}] }), pod('a', true)], []],
  [
    'pods beside one with a placeholder',
    [policy({ endpointSelector: APP, ingress: [{}] }), pod('a', true), pod('b', false, { app: '${APP}' })],
    [],
  ],
])('%s and pods in the network of their node', (_, objects, expected) => {
  expect(found('CIL510', objects)).toEqual(expected);
});

const ROLE = 'node-role.kubernetes.io/control-plane';
const node = (own: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'a', labels: own } });
const CONTROL = node({ [ROLE]: '', zone: 'west' });
const host = (nodeSelector: JsonObject): JsonObject => policy({ nodeSelector, ingress: [{}] }, 'CiliumClusterwideNetworkPolicy');
const ON: AgentConfig = { 'enable-host-firewall': 'true', 'enable-node-selector-labels': 'true' };
const NONE = 'the selector matches none of the given nodes';
const LABEL = '/spec/nodeSelector/matchLabels';

test.each<[string, readonly JsonObject[], readonly string[]]>([
  [
    'a role with a value',
    [host(labels({ [ROLE]: 'true' })), CONTROL],
    [`warning ${LABEL}/node-role.kubernetes.io~1control-plane: ${NONE} ; nodes have \`${ROLE}\` with \`""\``],
  ],
  ['a label that no node has', [host(labels({ rack: 'a' })), CONTROL], [`info ${LABEL}/rack: ${NONE} ; no node has the label \`rack\``]],
  [
    'a slip in a key',
    [host({ matchExpressions: [{ key: 'node-role.kubernetes.io/controlplane', operator: 'Exists' }] }), CONTROL],
    [`warning /spec/nodeSelector/matchExpressions/0: ${NONE} ; did you mean \`node-role.kubernetes.io/control-plane\`?`],
  ],
  [
    'labels that no node has together',
    [
      host(labels({ zone: 'west', rack: 'b' })),
      node({ zone: 'west' }),
      { ...node({ rack: 'b' }), metadata: { name: 'b', labels: { rack: 'b' } } },
    ],
    [`warning /spec/nodeSelector: ${NONE}`],
  ],
  [
    'peers',
    [policy({ endpointSelector: {}, ingress: [{ fromNodes: [labels({ zone: 'east' })] }] }, 'CiliumClusterwideNetworkPolicy'), CONTROL],
    [`warning /spec/ingress/0/fromNodes/0/matchLabels/zone: ${NONE} ; nodes have \`zone\` with \`west\``],
  ],
  ['a label as it is', [host(labels({ [ROLE]: '' })), host({}), CONTROL], []],
  ['any node', [host({ matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['west'] }] }), CONTROL], []],
  ['no node of the inventory', [host(labels({ rack: 'a' }))], []],
  ['a placeholder', [host(labels({ rack: '${RACK}' })), CONTROL], []],
  ['a label of nodes that is a placeholder', [host(labels({ rack: 'a' })), node({ rack: '${RACK}' })], []],
])('nodes are selected by %s', (_, objects, expected) => {
  expect(found('CIL511', objects, ON)).toEqual(expected);
});

const GROUP: JsonObject = {
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumCIDRGroup',
  metadata: { name: 'offices', labels: { role: 'office' } },
  spec: { externalCIDRs: ['192.0.2.0/24'] },
};
const sets = (...all: readonly JsonObject[]) => policy({ endpointSelector: {}, egressDeny: [{ toCIDRSet: all }] });
const SET = '/spec/egressDeny/0/toCIDRSet/0';

test.each<[string, readonly JsonObject[], readonly string[]]>([
  [
    'a slip',
    [sets({ cidrGroupRef: 'ofices' }), GROUP],
    [`warning ${SET}/cidrGroupRef: no CiliumCIDRGroup \`ofices\` is given ; did you mean \`offices\`?`],
  ],
  ['another name', [sets({ cidrGroupRef: 'partners' }), GROUP], [`info ${SET}/cidrGroupRef: no CiliumCIDRGroup \`partners\` is given`]],
  [
    'labels of none',
    [sets({ cidrGroupSelector: labels({ role: 'partner' }) }), GROUP],
    [`info ${SET}/cidrGroupSelector: the selector matches no CiliumCIDRGroup that is given`],
  ],
  [
    'a group that is given',
    [sets({ cidrGroupRef: 'offices' }, { cidrGroupSelector: labels({ role: 'office' }) }, { cidr: '192.0.2.0/24' }), GROUP],
    [],
  ],
  ['a name, and no group is given', [sets({ cidrGroupRef: 'ofices' })], []],
  [
    'what only excludes',
    [sets({ cidrGroupSelector: { matchExpressions: [{ key: 'role', operator: 'NotIn', values: ['office'] }] } }), GROUP],
    [],
  ],
  ['a placeholder', [sets({ cidrGroupRef: '${GROUP}' }), GROUP], []],
])('CIDR groups are named by %s', (_, objects, expected) => {
  expect(found('CIL514', objects)).toEqual(expected);
});
