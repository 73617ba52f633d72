/** security/policy/host.rst and security/host-firewall.rst. */
import type { JsonObject } from '../../lib/model/json';
import { ask, claim, differs, dns, Page, unasked, validate } from './claim';
import { ciliumNode, clusterwide, labelled, node, pod, ports } from './objects';

const HOST = 'security/policy/host.rst';
const FIREWALL = 'security/host-firewall.rst';
const OPEN = 'allowed by not-enforced';
const CLOSED = 'denied by default-deny';
const RULE = 'allowed by rule';
const ON = { config: { 'enable-host-firewall': 'true' } };
const EXTENDED = { config: { 'enable-host-firewall': 'true', 'enable-extended-ip-protocols': 'true' } };

const CLUSTER = [
  node('n1', ['192.168.1.1']),
  node('n2', ['192.168.1.2', '192.168.2.2'], { 'node-access': 'ssh' }),
  ciliumNode('n2', '10.0.2.1', '10.0.2.4', '10.0.2.5'),
  pod('shop/a', 'n1', '10.0.1.5'),
  pod('shop/web', 'n2', '10.0.2.7'),
  pod('shop/on-host', 'n2', '192.168.1.2', { hostNetwork: true }),
  pod('kube-system/dns', 'n1', '10.0.1.53', { labels: { 'k8s-app': 'kube-dns' } }),
];
const NO_VRRP = 'rejected: CiliumClusterwideNetworkPolicy nodes: CIL104: unknown value `VRRP`';
const SELECTED = { nodeSelector: labelled({ 'node-access': 'ssh' }) };
const DEMO = clusterwide('demo', {
  ...SELECTED,
  ingress: [{ fromEntities: ['cluster'] }, { toPorts: ports('22') }, { icmps: [{ fields: [{ type: 'EchoRequest', family: 'IPv4' }] }] }],
});
const demo = (from: string, to: string, traffic: string) => ask([...CLUSTER, DEMO], from, to, traffic, ON);
const egress = (...rules: JsonObject[]) => clusterwide('nodes', { ...SELECTED, egress: rules });

export const NODES: Page = {
  title: 'Host policies (host.rst, host-firewall.rst)',
  claims: [
    claim(`${HOST}:12`, 'a host policy is a clusterwide policy with `nodeSelector`', validate(DEMO), 'accepted'),
    claim(`${HOST}:14`, 'with rules for ingress', demo('entity:world', 'node:n2', '80'), `n/a → ${CLOSED}`),
    claim(
      `${HOST}:14`,
      'and egress',
      ask([...CLUSTER, egress({ toPorts: ports('443') })], 'node:n2', 'entity:world', '80', ON),
      `${CLOSED} → n/a`,
    ),
    claim(
      `${HOST}:15`,
      'host policies can have DNS rules',
      ask(
        [
          ...CLUSTER,
          egress({
            toEndpoints: [labelled({ 'k8s-app': 'kube-dns' })],
            toPorts: ports('53/UDP', { dns: [{ matchName: 'api.example.com' }] }),
          }),
        ],
        'node:n2',
        'kube-system/dns',
        '53/UDP',
        { ...ON, ...dns('other.example.com') },
      ),
      `allowed by rule to dns → ${OPEN}, dns denied`,
    ),
    claim(
      `${HOST}:15`,
      'and no other L7 rules',
      validate(clusterwide('x', { nodeSelector: {}, ingress: [{ toPorts: ports('80', { http: [{}] }) }] })),
      'rejected by agent (CIL218)',
    ),
    claim(`${HOST}:72`, 'they apply to the nodes that are selected', demo('entity:world', 'node:n1', '80'), `n/a → ${OPEN}`),
    claim(`${HOST}:73`, 'and to pods in their network', demo('entity:world', 'shop/on-host', '80'), `n/a → ${CLOSED}`),
    claim(`${HOST}:74`, 'not to other pods of the node', demo('entity:world', 'shop/web', '80'), `n/a → ${OPEN}`),
    claim(
      `${HOST}:83`,
      'without `enable-host-firewall` they have no effect',
      ask([...CLUSTER, DEMO], 'entity:world', 'node:n2', '80'),
      'n/a → n/a',
    ),
    claim(
      `${HOST}:95`,
      'protocols without ports need `enable-extended-ip-protocols`',
      ask([...CLUSTER, egress({ toPorts: [{ ports: [{ port: '0', protocol: 'VRRP' }] }] })], 'node:n2', 'node:n1', 'VRRP', ON),
      [NO_VRRP, 'denied by protocol-off → denied by protocol-off', 'denied by protocol-off → denied by protocol-off'],
    ),
    claim(
      `${HOST}:97`,
      'by default such packets are dropped, whatever policies say',
      ask(CLUSTER, 'node:n2', 'node:n1', 'VRRP', ON),
      'denied by protocol-off → denied by protocol-off',
    ),
    claim(
      `${HOST}:101`,
      'with it, a rule can allow VRRP',
      ask([...CLUSTER, egress({ toPorts: [{ ports: [{ port: '0', protocol: 'VRRP' }] }] })], 'node:n2', 'node:n1', 'VRRP', EXTENDED),
      [NO_VRRP, `${RULE} → ${OPEN}`, `${RULE} → ${OPEN}`],
      differs('1.18 has neither these protocols nor the switch: `pkg/option/config.go`'),
    ),
    ...['IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'].map((protocol, i) =>
      claim(`${HOST}:${102 + i}`, `${protocol} is one of the protocols`, ask(CLUSTER, 'node:n2', 'node:n1', protocol, EXTENDED), [
        'denied by protocol-off → denied by protocol-off',
        `${OPEN} → ${OPEN}`,
        `${OPEN} → ${OPEN}`,
      ]),
    ),
    unasked(`${HOST}:62`, 'DNS rules of nodes do not go with per-endpoint routes and a resolver in the cluster', 'routes are not judged'),
    unasked(`${HOST}:168`, 'replies may be dropped when host policies begin', 'time is not judged'),
    unasked(
      `${HOST}:194`,
      'without `kube-proxy-replacement` host policies see the address of a Service',
      'a node that asks for a Service is judged as a pod would be, see Services',
    ),
    claim(
      `${FIREWALL}:74`,
      'in audit mode nothing is enforced',
      ask([...CLUSTER, DEMO], 'entity:world', 'node:n2', '80', { config: { ...ON.config, 'policy-audit-mode': 'true' } }),
      'n/a → allowed by audited',
    ),
    claim(`${FIREWALL}:103`, 'nodes are selected by their labels', demo('entity:world', 'node:n1', '80'), `n/a → ${OPEN}`),
    claim(`${FIREWALL}:105`, 'communication between pods is not affected', demo('shop/a', 'shop/web', '80'), `${OPEN} → ${OPEN}`),
    claim(`${FIREWALL}:110`, 'TCP 22 is open from outside', demo('entity:world', 'node:n2', '22'), `n/a → ${RULE}`),
    claim(`${FIREWALL}:110`, 'by each address of the node', demo('entity:world', 'ip:192.168.2.2', '22'), `n/a → ${RULE}`),
    claim(`${FIREWALL}:110`, 'other ports are closed, by each address', demo('entity:world', 'ip:192.168.2.2', '80'), `n/a → ${CLOSED}`),
    claim(`${FIREWALL}:111`, 'pings are open', demo('entity:world', 'node:n2', 'ICMP/8'), `n/a → ${RULE}`),
    claim(`${FIREWALL}:111`, 'other ICMP is closed', demo('entity:world', 'node:n2', 'ICMP/13'), `n/a → ${CLOSED}`),
    claim(`${FIREWALL}:111`, 'pods of the cluster may connect to the node', demo('shop/a', 'node:n2', '80'), `${OPEN} → ${RULE}`),
    claim(`${FIREWALL}:111`, 'and other nodes', demo('node:n1', 'node:n2', '80'), `${OPEN} → ${RULE}`),
    claim(`${FIREWALL}:141`, 'egress of the node stays open', demo('node:n2', 'entity:world', '80'), `${OPEN} → n/a`),
    claim(
      `${FIREWALL}:165`,
      'entities can be rules of host policies: `remote-node`',
      ask([...CLUSTER, clusterwide('x', { ...SELECTED, ingress: [{ fromEntities: ['remote-node'] }] })], 'node:n1', 'node:n2', '80', ON),
      `${OPEN} → ${RULE}`,
    ),
    claim(`${FIREWALL}:205`, 'what is not allowed is dropped', demo('entity:world', 'node:n2', '21'), `n/a → ${CLOSED}`),
    claim(
      `${FIREWALL}:235`,
      'a host policy can lock everybody out',
      ask([...CLUSTER, clusterwide('x', { ...SELECTED, ingress: [{}] })], 'shop/a', 'node:n2', '22', ON),
      `${OPEN} → ${CLOSED}`,
    ),
    claim(
      `${HOST}:85`,
      'the API server of a node is a port of the node',
      ask(
        [...CLUSTER, clusterwide('x', { ...SELECTED, ingress: [{ fromEntities: ['remote-node', 'health'] }, { toPorts: ports('6443') }] })],
        'entity:world',
        'node:n2',
        '6443',
        ON,
      ),
      `n/a → ${RULE}`,
    ),
  ],
};
