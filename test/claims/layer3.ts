/** security/policy/layer3.rst, network/kubernetes/ciliumcidrgroup.rst. */
import type { JsonObject } from '../../lib/model/json';
import { ask, claim, differs, Page, unasked, validate } from './claim';
import { apiServer, cidrGroup, ciliumNode, clusterwide, labelled, node, pod, policy, ports, service, slice } from './objects';

const L3 = 'security/policy/layer3.rst';
const OPEN = 'allowed by not-enforced';
const CLOSED = 'denied by default-deny';
const RULE = 'allowed by rule';

const NODES = [node('n1', ['192.168.1.1'], { role: 'control' }), node('n2', ['192.168.1.2'], { role: 'worker' })];
const PODS = [
  pod('shop/a', 'n1', '10.0.1.5'),
  pod('shop/b', 'n2', '10.0.2.6'),
  pod('shop/web', 'n2', '10.0.2.7'),
  pod('other/a', 'n2', '10.0.2.8'),
  pod('shop/on-host', 'n2', '192.168.1.2', { hostNetwork: true }),
];
const CLUSTER = [...NODES, ...PODS];
const from = (...entities: string[]) => policy('a', { ingress: [{ fromEntities: entities }] });
const to = (...entities: string[]) => policy('a', { egress: [{ toEntities: entities }] });

export const ENDPOINTS: Page = {
  title: 'Endpoints and Services as peers (layer3.rst)',
  claims: [
    claim(
      `${L3}:55`,
      'an empty peer selector takes every endpoint',
      ask([...CLUSTER, policy('web', { ingress: [{ fromEndpoints: [{}] }] })], 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${L3}:84`,
      'so it allows all ingress',
      ask([...CLUSTER, policy('web', { ingress: [{ fromEndpoints: [{}] }] })], 'other/a', 'shop/web', '80'),
      `${OPEN} → ${CLOSED}`,
      differs(
        'in a namespaced policy it takes the endpoints of the namespace only, as line 116 says: `pkg/k8s/apis/cilium.io/utils/utils.go`',
      ),
    ),
    claim(
      `${L3}:84`,
      'an empty peer selector does not take the world',
      ask([...CLUSTER, policy('web', { ingress: [{ fromEndpoints: [{}] }] })], 'entity:world', 'shop/web', '80'),
      `n/a → ${CLOSED}`,
    ),
    claim(
      `${L3}:73`,
      'a peer is selected by its labels',
      ask([...CLUSTER, policy('web', { ingress: [{ fromEndpoints: [labelled({ app: 'a' })] }] })], 'shop/a', 'shop/web', '80'),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${L3}:92`,
      'both sides must allow a connection',
      ask([...CLUSTER, policy('web', { ingress: [{ fromEndpoints: [{}] }] }), policy('a', { egress: [{}] })], 'shop/a', 'shop/web', '80'),
      `${CLOSED} → ${RULE}`,
    ),
    claim(
      `${L3}:116`,
      'in egress an empty selector takes the endpoints of the namespace',
      ask([...CLUSTER, policy('a', { egress: [{ toEndpoints: [{}] }] })], 'shop/a', 'other/a', '80'),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${L3}:118`,
      'and allows them',
      ask([...CLUSTER, policy('a', { egress: [{ toEndpoints: [{}] }] })], 'shop/a', 'shop/web', '80'),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${L3}:133`,
      'an egress deny rule beats the egress rules of its policy',
      ask(
        [...CLUSTER, policy('a', { egress: [{ toEntities: ['all'] }], egressDeny: [{ toEndpoints: [labelled({ app: 'web' })] }] })],
        'shop/a',
        'shop/web',
        '80',
      ),
      `denied by deny-rule → ${OPEN}`,
    ),
    claim(
      `${L3}:142`,
      'an empty rule puts the direction into default deny',
      ask([...CLUSTER, policy('a', { egress: [{}] })], 'shop/a', 'entity:world', '80'),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${L3}:159`,
      'since 1.19 there are no required labels',
      validate(policy('web', { ingress: [{ fromRequires: [labelled({ env: 'prod' })] }] })),
      [
        'accepted',
        'rejected by API server and agent (CIL101 CIL103 CIL109 CIL240), drops /spec/ingress/0/fromRequires/0/matchLabels',
        'rejected by API server and agent (CIL101 CIL103 CIL109 CIL240), drops /spec/ingress/0/fromRequires/0/matchLabels',
      ],
    ),
    claim(
      `${L3}:212`,
      'a Service is named in egress rules',
      ask(
        [...CLUSTER, service(), policy('a', { egress: [{ toServices: [{ k8sService: { serviceName: 'web', namespace: 'shop' } }] }] })],
        'shop/a',
        'shop/web',
        '9090',
      ),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${L3}:215`,
      'or selected by its labels',
      ask(
        [
          ...CLUSTER,
          service({}, { labels: { env: 'staging' } }),
          policy('a', {
            egress: [{ toServices: [{ k8sServiceSelector: { selector: labelled({ env: 'staging' }), namespace: 'shop' } }] }],
          }),
        ],
        'shop/a',
        'shop/web',
        '9090',
      ),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${L3}:217`,
      'the selector of the Service selects endpoints: others stay closed',
      ask(
        [...CLUSTER, service(), policy('a', { egress: [{ toServices: [{ k8sService: { serviceName: 'web', namespace: 'shop' } }] }] })],
        'shop/a',
        'shop/b',
        '9090',
      ),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${L3}:217`,
      'the endpoints may be asked directly, not only through the Service',
      ask(
        [...CLUSTER, service(), policy('a', { egress: [{ toServices: [{ k8sService: { serviceName: 'web', namespace: 'shop' } }] }] })],
        'shop/a',
        'service:shop/web',
        '80',
      ),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${L3}:223`,
      'for a Service without a selector the addresses of its slices count',
      ask(
        [
          ...CLUSTER,
          service({ selector: {} }),
          slice('shop/web', { port: 8080 }, [{ addresses: ['198.51.100.4'] }]),
          policy('a', { egress: [{ toServices: [{ k8sService: { serviceName: 'web', namespace: 'shop' } }] }] }),
        ],
        'shop/a',
        'ip:198.51.100.4',
        '8080',
      ),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:224`,
      'and they select no pods',
      ask(
        [
          ...CLUSTER,
          service({ selector: {} }),
          slice('shop/web', { port: 8080 }, [{ addresses: ['10.0.2.6'] }]),
          policy('a', { egress: [{ toServices: [{ k8sService: { serviceName: 'web', namespace: 'shop' } }] }] }),
        ],
        'shop/a',
        'shop/b',
        '8080',
      ),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${L3}:227`,
      '`default/kubernetes` has no selector: a Service rule does not reach an API server on a node',
      ask(
        [
          ...CLUSTER,
          apiServer('192.168.1.2'),
          policy('a', { egress: [{ toServices: [{ k8sService: { serviceName: 'kubernetes', namespace: 'default' } }] }] }),
        ],
        'shop/a',
        'node:n2',
        '6443',
      ),
      `${CLOSED} → n/a`,
    ),
  ],
};

export const ENTITIES: Page = {
  title: 'Entities and nodes (layer3.rst)',
  claims: [
    claim(`${L3}:252`, '`host` is the node of the endpoint', ask([...CLUSTER, to('host')], 'shop/a', 'node:n1', '80'), `${RULE} → n/a`),
    claim(`${L3}:253`, '`host` is no other node', ask([...CLUSTER, to('host')], 'shop/a', 'node:n2', '80'), `${CLOSED} → n/a`),
    claim(
      `${L3}:253`,
      'pods in the network of the node are the node',
      ask([...CLUSTER, pod('shop/near', 'n1', '192.168.1.1', { hostNetwork: true }), to('host')], 'shop/a', 'shop/near', '80'),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:256`,
      '`remote-node` is every other node',
      ask([...CLUSTER, from('remote-node')], 'node:n2', 'shop/a', '80'),
      `n/a → ${RULE}`,
    ),
    claim(
      `${L3}:257`,
      'with the pods in its network',
      ask([...CLUSTER, from('remote-node')], 'shop/on-host', 'shop/a', '80'),
      `n/a → ${RULE}`,
    ),
    claim(
      `${L3}:256`,
      'by each of its addresses',
      ask([...CLUSTER, ciliumNode('n2', '10.0.2.1', '10.0.2.4', '10.0.2.5'), from('remote-node')], 'ip:10.0.2.1', 'shop/a', '80'),
      `n/a → ${RULE}`,
    ),
    claim(
      `${L3}:260`,
      '`kube-apiserver` is an API server outside of the cluster',
      ask([...CLUSTER, apiServer('203.0.113.6'), to('kube-apiserver')], 'shop/a', 'ip:203.0.113.6', '6443'),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:261`,
      'and one on a node',
      ask([...CLUSTER, apiServer('192.168.1.2'), to('kube-apiserver')], 'shop/a', 'node:n2', '6443'),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:261`,
      'also on the own node',
      ask([...CLUSTER, apiServer('192.168.1.1'), to('kube-apiserver')], 'shop/a', 'node:n1', '6443'),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:260`,
      'and no other node',
      ask([...CLUSTER, apiServer('192.168.1.1'), to('kube-apiserver')], 'shop/a', 'node:n2', '6443'),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${L3}:264`,
      '`ingress` is the Envoy of Cilium Ingress',
      ask([...CLUSTER, from('ingress')], 'entity:ingress', 'shop/a', '80'),
      `${OPEN} → ${RULE}`,
    ),
    claim(
      `${L3}:264`,
      'by the address that a node has for it',
      ask([...CLUSTER, ciliumNode('n2', '10.0.2.1', '10.0.2.4', '10.0.2.5'), from('ingress')], 'ip:10.0.2.5', 'shop/a', '80'),
      `${OPEN} → ${RULE}`,
    ),
    ...['remote-node', 'host', 'init', 'ingress', 'health', 'unmanaged'].map((entity) =>
      claim(
        `${L3}:269`,
        `\`cluster\` contains \`${entity}\``,
        ask([...CLUSTER, to('cluster')], 'shop/a', `entity:${entity}`, '80'),
        `${RULE} → ${['init', 'ingress', 'health'].includes(entity) ? (entity === 'init' ? CLOSED : OPEN) : 'n/a'}`,
      ),
    ),
    claim(`${L3}:269`, '`cluster` contains the pods', ask([...CLUSTER, to('cluster')], 'shop/a', 'other/a', '80'), `${RULE} → ${OPEN}`),
    claim(
      `${L3}:271`,
      '`cluster` contains an API server outside of it',
      ask([...CLUSTER, apiServer('203.0.113.6'), to('cluster')], 'shop/a', 'ip:203.0.113.6', '6443'),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:268`,
      '`cluster` does not contain the world',
      ask([...CLUSTER, to('cluster')], 'shop/a', 'entity:world', '80'),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${L3}:274`,
      '`cluster-mesh` contains what `cluster` does',
      ask([...CLUSTER, to('cluster-mesh')], 'shop/a', 'other/a', '80'),
      [
        'rejected: CiliumNetworkPolicy shop/a: CIL104: unknown value `cluster-mesh`',
        'rejected: CiliumNetworkPolicy shop/a: CIL104: unknown value `cluster-mesh`',
        `${RULE} → ${OPEN}`,
      ],
      differs('the entity is new in 1.20: `pkg/policy/api/entity.go`'),
    ),
    claim(
      `${L3}:282`,
      '`health` is the health endpoint of a node',
      ask([...CLUSTER, ciliumNode('n2', '10.0.2.1', '10.0.2.4', '10.0.2.5'), to('health')], 'shop/a', 'ip:10.0.2.4', '4240'),
      `${RULE} → ${OPEN}`,
    ),
    claim(
      `${L3}:286`,
      '`unmanaged` is what Cilium does not manage',
      ask([...CLUSTER, to('unmanaged')], 'shop/a', 'entity:unmanaged', '80'),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:290`,
      '`world` is everything outside of the cluster',
      ask([...CLUSTER, to('world')], 'shop/a', 'ip:198.51.100.7', '80'),
      `${RULE} → n/a`,
    ),
    claim(`${L3}:290`, '`world` contains no node', ask([...CLUSTER, to('world')], 'shop/a', 'node:n2', '80'), `${CLOSED} → n/a`),
    claim(
      `${L3}:291`,
      '0.0.0.0/0 is what `world` is',
      ask([...CLUSTER, policy('a', { egress: [{ toCIDR: ['0.0.0.0/0'] }] })], 'shop/a', 'ip:198.51.100.7', '80'),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:291`,
      'also with two IP families',
      ask([...CLUSTER, policy('a', { egress: [{ toCIDR: ['0.0.0.0/0'] }] })], 'shop/a', 'ip:2001:db8::1', '80', {
        config: { 'enable-ipv6': 'true' },
      }),
      `${CLOSED} → n/a`,
      differs('0.0.0.0/0 is `world-ipv4` then, and IPv6 needs `::/0`: `pkg/labels/cidr.go`'),
    ),
    claim(`${L3}:295`, '`all` is everything', ask([...CLUSTER, to('all')], 'shop/a', 'entity:world', '80'), `${RULE} → n/a`),
    unasked(`${L3}:298`, 'some distributions hide the source of packets from the API server', 'routes are not judged'),
    claim(
      `${L3}:321`,
      'the node may always connect to its pods',
      ask([...CLUSTER, policy('a', { ingress: [{}] })], 'node:n1', 'shop/a', '80'),
      'n/a → allowed by localhost',
    ),
    claim(
      `${L3}:322`,
      'unless `allow-localhost` is `policy`',
      ask([...CLUSTER, policy('a', { ingress: [{}] })], 'node:n1', 'shop/a', '80', { config: { 'allow-localhost': 'policy' } }),
      `n/a → ${CLOSED}`,
    ),
    claim(
      `${L3}:322`,
      'then a rule for `host` opens it',
      ask([...CLUSTER, from('host')], 'node:n1', 'shop/a', '80', { config: { 'allow-localhost': 'policy' } }),
      `n/a → ${RULE}`,
    ),
    claim(
      `${L3}:355`,
      '`fromNodes` needs `enable-node-selector-labels`',
      ask([...CLUSTER, policy('a', { ingress: [{ fromNodes: [labelled({ role: 'worker' })] }] })], 'node:n2', 'shop/a', '80'),
      'rejected: CiliumNetworkPolicy shop/a: CIL236: `fromNodes` needs `enable-node-selector-labels`, which is off',
      differs('the agent rejects the whole policy: `pkg/policy/api/rule_validation.go`'),
    ),
    claim(
      `${L3}:359`,
      'with it, nodes are told apart by their labels',
      ask([...CLUSTER, policy('a', { ingress: [{ fromNodes: [labelled({ role: 'worker' })] }] })], 'node:n2', 'shop/a', '80', {
        config: { 'enable-node-selector-labels': 'true' },
      }),
      `n/a → ${RULE}`,
    ),
    claim(
      `${L3}:370`,
      'and other nodes are not selected',
      ask(
        [
          ...CLUSTER,
          node('n3', ['192.168.1.3'], { role: 'control' }),
          policy('a', { ingress: [{ fromNodes: [labelled({ role: 'worker' })] }] }),
        ],
        'node:n3',
        'shop/a',
        '80',
        { config: { 'enable-node-selector-labels': 'true' } },
      ),
      `n/a → ${CLOSED}`,
    ),
    claim(
      `${L3}:367`,
      '`node-labels` filters the labels that count',
      ask([...CLUSTER, policy('a', { ingress: [{ fromNodes: [labelled({ role: 'worker' })] }] })], 'node:n2', 'shop/a', '80', {
        config: { 'enable-node-selector-labels': 'true', 'node-labels': '!role' },
      }),
      `n/a → ${CLOSED}`,
    ),
  ],
};

const cidr = (spec: JsonObject) => policy('a', { egress: [{ ...spec }] });
const EXAMPLE = policy('a', { egress: [{ toCIDR: ['20.1.1.1/32'] }, { toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.96.0.0/12'] }] }] });
const GROUPS = 'network/kubernetes/ciliumcidrgroup.rst';
const GROUP = cidrGroup('vpn', ['198.51.100.0/24', '203.0.113.0/24'], { role: 'vpn' });
const NODES_MODE = { config: { 'policy-cidr-match-mode': 'nodes' } };

export const CIDRS: Page = {
  title: 'CIDRs and CIDR groups (layer3.rst, ciliumcidrgroup.rst)',
  claims: [
    claim(`${L3}:393`, 'CIDR rules apply in egress', ask([...CLUSTER, EXAMPLE], 'shop/a', 'ip:20.1.1.1', '80'), `${RULE} → n/a`),
    claim(
      `${L3}:393`,
      'and in ingress',
      ask([...CLUSTER, policy('a', { ingress: [{ fromCIDR: ['198.51.100.0/24'] }] })], 'ip:198.51.100.7', 'shop/a', '80'),
      `n/a → ${RULE}`,
    ),
    claim(
      `${L3}:399`,
      'to endpoints outside of the cluster',
      ask([...CLUSTER, cidr({ toCIDR: ['198.51.100.0/24'] })], 'shop/a', 'ip:198.51.100.7', '80'),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:400`,
      'to the network of the node that the pod is on',
      ask([...CLUSTER, cidr({ toCIDR: ['192.168.1.0/24'] })], 'shop/a', 'node:n1', '80'),
      `${CLOSED} → n/a`,
      differs('a node has the identity `host`, without CIDR labels, as line 404 says: `pkg/node/manager/manager.go`'),
    ),
    claim(
      `${L3}:401`,
      'to addresses in the prefix of the cluster that are no endpoints',
      ask([...CLUSTER, cidr({ toCIDR: ['10.0.0.0/8'] })], 'shop/a', 'ip:10.0.9.9', '80'),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:402`,
      'and to nodes, if that is configured',
      ask([...CLUSTER, cidr({ toCIDR: ['192.168.1.0/24'] })], 'shop/a', 'node:n2', '80', NODES_MODE),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:404`,
      'CIDR rules do not apply to pods',
      ask([...CLUSTER, cidr({ toCIDR: ['10.0.0.0/8'] })], 'shop/a', 'shop/web', '80'),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${L3}:405`,
      'nor to nodes',
      ask([...CLUSTER, cidr({ toCIDR: ['192.168.0.0/16'] })], 'shop/a', 'node:n2', '80'),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${L3}:406`,
      'nor to pods in the network of a node',
      ask([...CLUSTER, cidr({ toCIDR: ['192.168.0.0/16'] })], 'shop/a', 'shop/on-host', '80'),
      `${CLOSED} → n/a`,
    ),
    claim(`${L3}:419`, 'exceptions are not allowed', ask([...CLUSTER, EXAMPLE], 'shop/a', 'ip:10.96.0.9', '80'), `${CLOSED} → n/a`),
    claim(
      `${L3}:419`,
      'exceptions lie in their CIDR',
      validate(policy('a', { egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['11.0.0.0/8'] }] }] })),
      'rejected by agent (CIL210)',
    ),
    claim(
      `${L3}:420`,
      'an exception is not denied: another rule may allow it',
      ask(
        [
          ...CLUSTER,
          policy('a', { egress: [{ toCIDRSet: [{ cidr: '10.0.0.0/8', except: ['10.96.0.0/12'] }] }, { toCIDR: ['10.96.0.0/16'] }] }),
        ],
        'shop/a',
        'ip:10.96.0.9',
        '80',
      ),
      `${RULE} → n/a`,
    ),
    claim(
      `${L3}:445`,
      'one address and a prefix in one policy',
      ask([...CLUSTER, EXAMPLE], 'shop/a', 'ip:10.4.4.4', '80'),
      `${RULE} → n/a`,
    ),
    claim(`${L3}:445`, 'and nothing else', ask([...CLUSTER, EXAMPLE], 'shop/a', 'ip:20.1.1.2', '80'), `${CLOSED} → n/a`),
    claim(
      `${L3}:467`,
      'pods are selected by CIDR if `policy-cidr-match-mode` says so',
      ask([...CLUSTER, cidr({ toCIDR: ['10.0.2.0/24'] })], 'shop/a', 'shop/web', '80', { config: { 'policy-cidr-match-mode': 'pods' } }),
      [
        'unknown policy-cidr-match-mode `pods` in Cilium 1.18; write `nodes`',
        'unknown policy-cidr-match-mode `pods` in Cilium 1.19; write `nodes`',
        `${RULE} → ${OPEN}`,
      ],
      differs('the mode `pods` is new in 1.20: `pkg/option/config.go`'),
    ),
    claim(
      `${L3}:478`,
      'the mode `nodes` does not select pods',
      ask([...CLUSTER, cidr({ toCIDR: ['10.0.2.0/24'] })], 'shop/a', 'shop/web', '80', NODES_MODE),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${L3}:486`,
      'in the mode `nodes` a CIDR selects an API server on a node',
      ask([...CLUSTER, apiServer('192.168.1.2'), cidr({ toCIDR: ['192.168.1.2/32'] })], 'shop/a', 'node:n2', '6443', NODES_MODE),
      `${RULE} → n/a`,
    ),
    claim(
      `${GROUPS}:39`,
      'a rule names a group',
      ask([...CLUSTER, GROUP, cidr({ toCIDRSet: [{ cidrGroupRef: 'vpn' }] })], 'shop/a', 'ip:198.51.100.7', '80'),
      `${RULE} → n/a`,
    ),
    claim(
      `${GROUPS}:41`,
      'or selects it by labels',
      ask([...CLUSTER, GROUP, cidr({ toCIDRSet: [{ cidrGroupSelector: labelled({ role: 'vpn' }) }] })], 'shop/a', 'ip:203.0.113.7', '80'),
      `${RULE} → n/a`,
    ),
    claim(
      `${GROUPS}:63`,
      'only the CIDRs of the group are allowed',
      ask([...CLUSTER, GROUP, cidr({ toCIDRSet: [{ cidrGroupRef: 'vpn' }] })], 'shop/a', 'ip:192.0.2.7', '80'),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${GROUPS}:14`,
      'also in clusterwide policies',
      ask(
        [
          ...CLUSTER,
          GROUP,
          clusterwide('x', { endpointSelector: labelled({ app: 'a' }), egress: [{ toCIDRSet: [{ cidrGroupRef: 'vpn' }] }] }),
        ],
        'shop/a',
        'ip:203.0.113.7',
        '80',
      ),
      `${RULE} → n/a`,
    ),
    claim(
      `${GROUPS}:17`,
      'groups are for external CIDRs: a pod in one is not selected',
      ask([...CLUSTER, cidrGroup('vpn', ['10.0.0.0/8']), cidr({ toCIDRSet: [{ cidrGroupRef: 'vpn' }] })], 'shop/a', 'shop/web', '80'),
      `${CLOSED} → ${OPEN}`,
    ),
    claim(
      `${GROUPS}:63`,
      'a group of everything selects everything',
      ask([...CLUSTER, cidrGroup('vpn', ['0.0.0.0/0']), cidr({ toCIDRSet: [{ cidrGroupRef: 'vpn' }] })], 'shop/a', 'ip:192.0.2.7', '80'),
      `${CLOSED} → n/a`,
      differs('the prefix 0.0.0.0/0 has the identity of the world, without labels of groups: `daemon/cmd/hostips-sync.go`'),
    ),
    unasked(`${GROUPS}:71`, 'a group has one identity', 'the number of identities changes no verdict'),
    claim(
      `security/policy/layer4.rst:92`,
      'a CIDR with L4 limits both',
      ask([...CLUSTER, cidr({ toCIDR: ['192.0.2.0/24'], toPorts: ports('80') })], 'shop/a', 'ip:192.0.2.7', '443'),
      `${CLOSED} → n/a`,
    ),
  ],
};
