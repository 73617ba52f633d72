/** Worlds that were first tested on Cilium, with their numbers from those tests. */
import { JsonObject, objectOf } from './json';
import {
  A,
  aboutA,
  addressed,
  B,
  C,
  ccnp,
  cnp,
  dns,
  dnsServer,
  Golden,
  golden,
  http,
  known,
  np,
  on,
  pod,
  service,
  slice,
  tcp,
} from './named';

const http80FromB = aboutA({ ingress: [{ fromEndpoints: [B], toPorts: http(80, { method: 'GET', path: '/x' }) }] }, 'l7');

// The five columns of the table in Cilium's documentation of deny policies.
const ALLOWS = [
  aboutA({ ingress: [{ toPorts: http(80, { method: 'GET' }) }] }, 'al'),
  aboutA({ ingress: [{ toPorts: on(tcp(80)) }, { toPorts: on(tcp(81)) }, { fromEndpoints: [B] }] }, 'al4'),
];
const DENY_80 = aboutA({ ingressDeny: [{ toPorts: on(tcp(80)) }] }, 'd4');
const DENY_B = aboutA({ ingressDeny: [{ fromEndpoints: [B] }] }, 'd3');

const toWebService = [{ k8sService: { serviceName: 'web', namespace: 'default' } }];
const toBackService = { k8sService: { serviceName: 'back', namespace: 'default' } };
const toWeb = aboutA({ egress: [{ toServices: toWebService }] });
const toB = aboutA({ egress: [{ toEndpoints: [B] }] });
const backendPods = [pod('a'), addressed(pod('b'), '10.1.0.1'), addressed(pod('c'), '10.1.0.2')];

const inOther = [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'other' } }];
const elsewhere = [{ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'NotIn', values: ['default'] }] }];
const nodesKnownBy: readonly Record<string, string>[] = [
  {},
  { 'enable-node-selector-labels': 'true' },
  { 'policy-cidr-match-mode': 'nodes' },
];
const twoNodes = [node('n1', '172.18.0.2', { x: 'one' }), node('n2', '172.18.0.3', { x: 'two' })];

export const GOLDEN: readonly Golden[] = [
  golden('1 a service that nobody has opens its port to everybody', {
    policies: [
      aboutA({ egress: [{ toServices: [{ k8sService: { serviceName: 'nope', namespace: 'default' } }], toPorts: on(tcp(443)) }] }),
    ],
    flows: `
      a -> b 443 A
      a -> world 443 A
      a -> world 80 D(nm)`,
  }),
  golden('2 a rule without peers and ports allows nothing, but isolates', {
    policies: [aboutA({ ingress: [{}] })],
    flows: `
      b -> a 80 D(nm)
      host -> a 80 A(localhost)`,
  }),
  golden('2b in a NetworkPolicy such a rule allows everything', {
    policies: [np({ podSelector: A, ingress: [{}] })],
    flows: `
      b -> a 80 A
      world -> a 80 A`,
  }),
  golden('2c ports without numbers and peers without selectors allow nothing', {
    policies: [
      aboutA({
        ingress: [
          { fromEndpoints: [{}], toPorts: [{}] },
          { fromEndpoints: [], toPorts: on(tcp(80)) },
        ],
      }),
    ],
    flows: `
      b -> a 80 D(nm)
      b -> a 81 D(nm)`,
  }),
  golden('5 a deny of a prefix holds for longer prefixes inside it, and except is no deny', {
    policies: [
      aboutA({
        egressDeny: [{ toCIDR: ['10.0.0.0/8'] }],
        egress: [{ toCIDR: ['10.1.1.1/32'] }, { toCIDRSet: [{ cidr: '192.168.0.0/16', except: ['192.168.1.0/24'] }] }],
      }),
    ],
    flows: `
      a -> ip=10.1.1.1 80 D
      a -> ip=192.168.2.1 80 A
      a -> ip=192.168.1.1 80 D(nm)
      a -> world 80 D(nm)
      a -> b 80 D(nm)`,
  }),
  golden('5b every address is not everybody: nothing in the cluster matches a prefix', {
    policies: [aboutA({ egress: [{ toCIDR: ['0.0.0.0/0'] }] })],
    objects: [known('10.0.0.0/8')],
    flows: `
      a -> world 80 A
      a -> ip=10.0.0.1 80 A
      a -> b 80 D(nm)
      a -> host 80 D(nm)
      a -> remote-node 80 D(nm)
      a -> kube-apiserver 80 ?
      a -> health 80 D(nm)
      a -> unmanaged 80 D(nm)
      a -> ingress 80 D(nm)`,
  }),
  golden('6 the ingress rules of a NetworkPolicy count whatever its policyTypes', {
    policies: [np({ podSelector: A, policyTypes: ['Egress'], ingress: [{ from: [{ podSelector: B }] }] })],
    flows: `
      b -> a 80 A
      c -> a 80 D(nm)
      a -> b 80 D(nm)`,
  }),
  golden('7 a redirect wins over a plain allow of the same peer', {
    policies: [http80FromB, aboutA({ ingress: [{ fromEndpoints: [B] }] }, 'l3')],
    flows: `
      b -> a 80 R(http)
      b -> a 81 A
      c -> a 80 D(nm)`,
  }),
  golden('7b a redirect wins over a plain allow of the same port', {
    policies: [http80FromB, aboutA({ ingress: [{ toPorts: on(tcp(80)) }] }, 'l4')],
    flows: `
      b -> a 80 R(http)
      c -> a 80 A`,
  }),
  golden('7c a deny of the peer wins over a redirect', {
    policies: [http80FromB, DENY_B],
    flows: `
      b -> a 80 D`,
  }),
  golden('7d a redirect of everybody takes the host too', {
    policies: [aboutA({ ingress: [{ toPorts: http(80, { method: 'GET' }) }] })],
    flows: `
      b -> a 80 R(http)
      host -> a 80 R(http)
      host -> a 81 A(localhost)`,
  }),
  golden('7e two protocols of requests for one peer and port do not resolve', {
    policies: [
      aboutA({
        egress: [
          { toEndpoints: [B], toPorts: http(53, { method: 'GET' }) },
          { toEndpoints: [B], toPorts: [{ ports: [tcp(53)], rules: { dns: [{ matchPattern: '*' }] } }] },
        ],
      }),
    ],
    flows: `
      a -> b 53 -`,
    refused: true,
  }),
  golden('7f for two selectors of one peer they do, and HTTP wins', {
    policies: [
      aboutA({
        egress: [
          { toEndpoints: [B], toPorts: http(53, { method: 'GET' }) },
          { toEndpoints: [{}], toPorts: [{ ports: [tcp(53)], rules: { dns: [{ matchPattern: '*' }] } }] },
        ],
      }),
    ],
    flows: `
      a -> b 53 R(http)`,
  }),
  golden('8b the named port of a peer is the number that this peer has; up to 1.19 two numbers are none', {
    pods: [pod('a'), pod('b', 'default', { app: 'b' }, 8080), pod('c', 'default', { app: 'c' }, 9090)],
    policies: [aboutA({ egress: [{ toEndpoints: [{}], toPorts: on({ port: 'http', protocol: 'TCP' }) }] })],
    flows: `
      a -> b 8080 1.18:D(nm) 1.19:D(nm) A
      a -> b 9090 D(nm)
      a -> c 9090 1.18:D(nm) 1.19:D(nm) A`,
  }),
  golden('9 where policy is always enforced, not even the host may enter; up to 1.19 it may', {
    config: { 'enable-policy': 'always' },
    policies: [cnp({ endpointSelector: { matchLabels: { app: 'zzz' } }, ingress: [{}] })],
    flows: `
      host -> a 80 1.18:D(nm) 1.19:D(nm) D(nm)
      b -> a 80 D(nm)`,
  }),
  golden('9b the same without the host firewall, so that only the pod is judged', {
    config: { 'enable-policy': 'always', 'enable-host-firewall': 'false' },
    policies: [cnp({ endpointSelector: { matchLabels: { app: 'zzz' } }, ingress: [{}] })],
    flows: `
      host -> a 80 1.18:A(localhost) 1.19:A(localhost) D(nm)`,
  }),
  golden('10 port 0 of any protocol is TCP, UDP and SCTP, but not ICMP', {
    policies: [
      aboutA({
        ingress: [
          { fromEndpoints: [B], toPorts: on({ port: '0' }) },
          { fromEndpoints: [C], icmps: [{ fields: [{ type: 8, family: 'IPv4' }] }] },
        ],
      }),
    ],
    flows: `
      b -> a 80 A
      b -> a 80/UDP A
      b -> a 80/SCTP A
      b -> a 8/ICMP D(nm)
      c -> a 8/ICMP A
      c -> a 0/ICMP D(nm)`,
  }),
  golden('11 a clusterwide policy of all endpoints cuts off the health checks, but not the host', {
    policies: [ccnp({ endpointSelector: {}, ingress: [{}] })],
    flows: `
      b -> a 80 D(nm)
      host -> a 80 A(localhost)
      remote-node -> health 4240 D(nm)
      b -> host 80 A(open)`,
  }),
  golden('11b all endpoints as clusterwide peers are all pods, and nothing else', {
    policies: [ccnp({ endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] })],
    flows: `
      b -> a 80 A
      x -> a 80 A
      world -> a 80 D(nm)
      remote-node -> a 80 D(nm)
      unmanaged -> a 80 D(nm)`,
  }),
  golden('11c a selector of a reserved label leaves the namespace', {
    policies: [aboutA({ ingress: [{ fromEndpoints: [{ matchLabels: { 'reserved:world': '' } }] }] })],
    objects: [known('1.1.1.0/24')],
    flows: `
      world -> a 80 A
      ip=1.1.1.1 -> a 80 A
      b -> a 80 D(nm)`,
  }),
  golden('12 without default deny, rules redirect and deny, and the rest stays open', {
    policies: [
      aboutA({
        enableDefaultDeny: { ingress: false },
        ingress: [{ fromEndpoints: [B], toPorts: http(80, { path: '/x' }) }],
        ingressDeny: [{ fromEndpoints: [C] }],
      }),
    ],
    flows: `
      b -> a 80 R(http)
      b -> a 81 A(open)
      c -> a 80 D
      world -> a 80 A(open)`,
  }),
  golden('13 a deny of part of a range denies only that part', {
    policies: [
      aboutA({
        ingress: [{ fromEndpoints: [{}], toPorts: on(tcp(1000, 2000)) }],
        ingressDeny: [{ fromEndpoints: [B], toPorts: on(tcp(1500, 1600)) }],
      }),
    ],
    flows: `
      b -> a 1499 A
      b -> a 1550 D
      c -> a 1550 A
      b -> a 1601 A`,
  }),
  golden('13b a range that ends before it starts is its first port', {
    policies: [aboutA({ ingress: [{ toPorts: on(tcp(1000, 900)) }] })],
    flows: `
      b -> a 1000 A
      b -> a 950 D(nm)`,
  }),
  golden('14 a policy of nodes judges the host and nothing else', {
    policies: [ccnp({ nodeSelector: {}, ingress: [{ fromEntities: ['cluster'], toPorts: on(tcp(22)) }] })],
    flows: `
      b -> host 22 A
      b -> host 23 D(nm)
      world -> host 22 D(nm)
      host -> host 23 A(open)
      host -> a 80 A(open)`,
  }),
  golden('15 a policy with an empty ingress section alone is refused', {
    policies: [aboutA({ ingress: [] })],
    flows: `
      b -> a 80 -`,
    refused: true,
  }),
  golden('15b beside an egress section it says nothing', {
    policies: [aboutA({ ingress: [], egress: [{}] })],
    flows: `
      b -> a 80 A(open)
      a -> b 80 D(nm)`,
  }),
  golden('16 two kinds of peers in one rule are refused', {
    policies: [aboutA({ ingress: [{ fromEndpoints: [{}], fromEntities: ['world'] }] })],
    flows: `
      b -> a 80 -`,
    refused: true,
  }),
  golden('17 a prefix is part of the world', {
    policies: [aboutA({ egress: [{ toCIDR: ['10.0.0.0/8'] }], egressDeny: [{ toEntities: ['world'] }] })],
    flows: `
      a -> ip=10.0.0.1 80 D
      a -> world 80 D`,
  }),
  golden('22 an explicit deny of the host wins over its implicit allow', {
    policies: [aboutA({ ingressDeny: [{ fromEntities: ['host'] }], ingress: [{ fromEndpoints: [{}] }] })],
    flows: `
      host -> a 80 D
      remote-node -> a 80 D(nm)
      b -> a 80 A`,
  }),
  golden('23 a policy that only denies isolates', {
    policies: [DENY_B],
    flows: `
      b -> a 80 D
      c -> a 80 D(nm)
      world -> a 80 D(nm)
      a -> b 80 A(open)`,
  }),
  golden('24 DNS rules for any protocol redirect even SCTP', {
    policies: [
      aboutA({
        egress: [{ toEndpoints: [B], toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }] }],
      }),
    ],
    flows: `
      a -> b 53 R(dns)
      a -> b 53/UDP R(dns)
      a -> b 53/SCTP R(dns)`,
  }),
  golden('24b HTTP rules for any protocol are refused', {
    policies: [aboutA({ ingress: [{ toPorts: [{ ports: [{ port: '80' }], rules: { http: [{}] } }] }] })],
    flows: `
      b -> a 80 -`,
    refused: true,
  }),
  golden('25 peers without ports are any protocol, port 0 is not', {
    policies: [aboutA({ ingress: [{ fromEndpoints: [B] }, { fromEndpoints: [C], toPorts: on({ port: '0', protocol: 'ANY' }) }] })],
    flows: `
      b -> a 8/ICMP A
      b -> a 0/GRE 1.18:D(off) A
      c -> a 8/ICMP D(nm)
      c -> a 0/GRE 1.18:D(off) D(nm)
      c -> a 1 A`,
  }),
  golden('26 a redirect wins over a plain range, and as a range over a plain port', {
    policies: [
      aboutA({
        ingress: [
          { fromEndpoints: [B], toPorts: http(80, { path: '/x' }) },
          { fromEndpoints: [B], toPorts: on(tcp(1, 1024)) },
          { fromEndpoints: [C], toPorts: [{ ports: [tcp(8000, 8100)], rules: { http: [{ path: '/x' }] } }] },
          { fromEndpoints: [C], toPorts: on(tcp(8080)) },
        ],
      }),
    ],
    flows: `
      b -> a 80 R(http)
      b -> a 81 A
      c -> a 8080 R(http)
      c -> a 8081 R(http)`,
  }),
  golden('27 a deny wins whatever is more specific', {
    policies: [
      aboutA({
        ingress: [{ fromEndpoints: [B] }, { fromEndpoints: [C], toPorts: on(tcp(80)) }],
        ingressDeny: [{ toPorts: on(tcp(22)) }, { fromEndpoints: [C] }],
      }),
    ],
    flows: `
      b -> a 22 D
      b -> a 80 A
      c -> a 80 D
      host -> a 22 D
      host -> a 23 A(localhost)`,
  }),
  golden('from 1.20 on the named ports of a pod are labels of it, as many as their values need', {
    pods: [pod('a'), podWithPorts('b', 14, 13, 13), podWithPorts('c', 14, 14, 13)],
    policies: [
      aboutA({
        egress: [
          { toEndpoints: [{ matchExpressions: [{ key: 'gen:io.cilium.k8s.named-ports', operator: 'Exists' }] }], toPorts: on(tcp(1)) },
          { toEndpoints: [{ matchExpressions: [{ key: 'gen:io.cilium.k8s.named-ports-1', operator: 'Exists' }] }], toPorts: on(tcp(2)) },
        ],
      }),
    ],
    flows: `
      a -> b 1 1.20:A D(nm)
      a -> c 1 1.20:A D(nm)
      a -> b 2 D(nm)
      a -> c 2 1.20:A D(nm)`,
  }),
  golden('28 a named port on ingress is that of the pod itself; an unknown name opens nothing', {
    pods: [pod('a', 'default', { app: 'a' }, 8080), pod('b')],
    policies: [
      aboutA({
        ingress: [
          { toPorts: on({ port: 'http', protocol: 'TCP' }) },
          { fromEndpoints: [{}], toPorts: on({ port: 'missing', protocol: 'TCP' }) },
        ],
      }),
    ],
    flows: `
      b -> a 8080 A
      b -> a 80 D(nm)
      b -> a 8080/UDP D(nm)`,
  }),
  golden('29 a label that is absent is not in any set', {
    policies: [
      aboutA({
        ingress: [
          { fromEndpoints: [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['b'] }] }], toPorts: on(tcp(80)) },
          { fromEndpoints: [{ matchExpressions: [{ key: 'io.kubernetes.pod.namespace', operator: 'Exists' }] }], toPorts: on(tcp(82)) },
          {
            fromEndpoints: [{ matchLabels: { 'io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name': 'other' } }],
            toPorts: on(tcp(83)),
          },
          { fromEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'other' } }], toPorts: on(tcp(84)) },
        ],
      }),
    ],
    flows: `
      b -> a 80 D(nm)
      c -> a 80 A
      plain -> a 80 A
      x -> a 80 D(nm)
      world -> a 80 D(nm)
      remote-node -> a 80 D(nm)
      x -> a 82 A
      b -> a 82 A
      x -> a 83 A
      b -> a 83 D(nm)
      x -> a 84 A`,
  }),
  golden('30 what the entities are', {
    policies: [
      aboutA({
        egress: ['all', 'world', 'host', 'remote-node', 'kube-apiserver', 'none', 'cluster'].map((entity, i) => ({
          toEntities: [entity],
          toPorts: on(tcp(i + 1)),
        })),
      }),
    ],
    objects: [known('1.1.1.0/24')],
    flows: entityTable(['all', 'world', 'host', 'remote-node', 'kube-apiserver', 'none', 'cluster']),
  }),
  golden('31 a name is a label of the addresses that DNS gave for it', {
    policies: [aboutA({ egress: [{ toFQDNs: [{ matchName: 'example.com' }, { matchPattern: '*.cilium.io' }] }] })],
    names: {
      'example.com': ['203.0.113.1'],
      'docs.cilium.io': ['203.0.113.2'],
      'a.docs.cilium.io': ['203.0.113.3'],
      'example.org': ['203.0.113.4'],
    },
    objects: [known('1.1.1.1/32')],
    flows: `
      a -> fqdn=example.com 80 A
      a -> fqdn=docs.cilium.io 80 A
      a -> fqdn=a.docs.cilium.io 80 D(nm)
      a -> fqdn=example.org 80 D(nm)
      a -> world 80 D(nm)
      a -> ip=1.1.1.1 80 D(nm)`,
  }),
  golden('33 one rule with default deny decides for all', {
    policies: [
      aboutA({ enableDefaultDeny: { ingress: false, egress: false }, ingress: [{ fromEndpoints: [B] }] }),
      aboutA({ ingress: [{ fromEndpoints: [C] }] }, 'q'),
    ],
    flows: `
      b -> a 80 A
      c -> a 80 A
      x -> a 80 D(nm)`,
  }),
  golden('34 a default deny of a direction without rules does nothing', {
    policies: [aboutA({ enableDefaultDeny: { ingress: true, egress: true }, ingress: [{ fromEndpoints: [B] }] })],
    flows: `
      a -> b 80 A(open)
      c -> a 80 D(nm)`,
  }),
  golden('35 a deny of every address but some', {
    policies: [aboutA({ egress: [{ toEntities: ['all'] }], egressDeny: [{ toCIDRSet: [{ cidr: '0.0.0.0/0', except: ['1.1.1.0/24'] }] }] })],
    objects: [known('8.0.0.0/8')],
    flows: `
      a -> world 80 D
      a -> ip=1.1.1.1 80 A
      a -> ip=8.8.8.8 80 D
      a -> b 80 A
      a -> host 80 A`,
  }),
  golden('36 in a NetworkPolicy no peers are all peers, and a block is no pod', {
    policies: [
      np({
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          { ports: [{ port: 53, protocol: 'UDP' }] },
          { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] },
          { to: [], ports: [{ port: 99, protocol: 'TCP' }] },
        ],
      }),
    ],
    objects: [known('8.0.0.0/8')],
    flows: `
      a -> b 53/UDP A
      a -> world 53/UDP A
      a -> b 80 D(nm)
      a -> ip=8.8.8.8 80 A
      a -> b 99 A`,
  }),
  golden('37 server names redirect', {
    policies: [aboutA({ egress: [{ toEntities: ['world'], toPorts: [{ ports: [tcp(443)], serverNames: ['*.example.com'] }] }] })],
    flows: `
      a -> world 443 R(tls)
      a -> b 443 D(nm)`,
  }),
  golden('38 a deny of one ICMP type denies that type', {
    policies: [
      aboutA({ ingress: [{ fromEndpoints: [{}] }], ingressDeny: [{ icmps: [{ fields: [{ type: 'EchoRequest', family: 'IPv4' }] }] }] }),
    ],
    flows: `
      b -> a 8/ICMP D
      b -> a 11/ICMP A
      b -> a 8 A`,
  }),
  golden('39 each of the specs is a policy of its own', {
    policies: [
      {
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumNetworkPolicy',
        metadata: { name: 'p', namespace: 'default' },
        specs: [
          { endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }] },
          { endpointSelector: B, egress: [{ toEndpoints: [A] }] },
        ],
      },
    ],
    flows: `
      b -> a 80 A
      b -> c 80 D(nm)
      x -> a 80 D(nm)`,
  }),
  golden('40 deny.rst, allows only', { policies: ALLOWS, flows: denyColumn('A', 'R(http)', 'A') }),
  golden('40 deny.rst, with a deny of the port', { policies: [...ALLOWS, DENY_80], flows: denyColumn('A', 'D', 'A') }),
  golden('40 deny.rst, with a deny of the peer', { policies: [...ALLOWS, DENY_B], flows: denyColumn('D', 'D', 'D') }),
  golden('40 deny.rst, with both', { policies: [...ALLOWS, DENY_80, DENY_B], flows: denyColumn('D', 'D', 'D') }),
  golden('40 deny.rst, with the deny of the port alone', { policies: [DENY_80], flows: denyColumn('D(nm)', 'D', 'D(nm)') }),
  golden('the API server is a label of the node that it runs on, the own one too', {
    policies: [cnp({ endpointSelector: {}, egress: [{ toEntities: ['kube-apiserver'] }] })],
    pods: [placed('a', 'n1'), placed('b', 'n2')],
    objects: [node('n1', '172.18.0.2'), node('n2', '172.18.0.3'), apiServer('172.18.0.2')],
    config: { 'enable-host-firewall': 'false' },
    flows: `
      a -> node=n1 6443 A
      b -> node=n1 6443 A
      b -> ip=172.18.0.2 6443 A
      b -> node=n2 6443 D(nm)`,
  }),
  golden('an API server outside is of the world and of the cluster', {
    policies: [
      cnp({
        endpointSelector: {},
        egress: [
          ...['kube-apiserver', 'world', 'cluster'].map((entity, i) => ({ toEntities: [entity], toPorts: on(tcp(i + 1)) })),
          { toCIDR: ['198.51.100.0/24'], toPorts: on(tcp(4)) },
        ],
      }),
    ],
    objects: [apiServer('198.51.100.9')],
    flows: `
      a -> ip=198.51.100.9 1 A
      a -> ip=198.51.100.9 2 A
      a -> ip=198.51.100.9 3 A
      a -> ip=198.51.100.9 4 A
      a -> ip=198.51.100.9 5 D(nm)`,
  }),
  golden('labels of nodes select other nodes, not the own one', {
    policies: [aboutA({ egress: [{ toNodes: [{ matchLabels: { pool: 'edge' } }] }] })],
    pods: [placed('a', 'n1')],
    objects: [node('n1', '172.18.0.2', { pool: 'edge' }), node('n2', '172.18.0.3', { pool: 'edge' })],
    config: { 'enable-node-selector-labels': 'true', 'enable-host-firewall': 'false' },
    flows: `
      a -> node=n1 22 D(nm)
      a -> node=n2 22 A
      a -> remote-node 22 D(nm)`,
  }),
  golden('a prefix is no node', {
    policies: [aboutA({ egress: [{ toCIDR: ['172.18.0.0/24'] }] })],
    pods: [placed('a', 'n1')],
    objects: [node('n1', '172.18.0.2'), node('n2', '172.18.0.3')],
    config: { 'enable-host-firewall': 'false' },
    flows: `
      a -> node=n1 22 D(nm)
      a -> node=n2 22 D(nm)
      a -> ip=172.18.0.9 22 A`,
  }),
  golden('where prefixes match nodes, it is, the own one too', {
    policies: [aboutA({ egress: [{ toCIDR: ['172.18.0.0/24'] }] })],
    pods: [placed('a', 'n1')],
    objects: [node('n1', '172.18.0.2'), node('n2', '172.18.0.3')],
    config: { 'policy-cidr-match-mode': 'nodes', 'enable-host-firewall': 'false' },
    flows: `
      a -> node=n1 22 A
      a -> node=n2 22 A`,
  }),
  golden('a pod on the network of its node is that node', {
    policies: [aboutA({ ingress: [{ fromEndpoints: [B, C] }] })],
    pods: [placed('a', 'n1'), placed('b', 'n1', true), placed('c', 'n2', true)],
    config: { 'enable-host-firewall': 'false' },
    flows: `
      b -> a 80 A(localhost)
      c -> a 80 D(nm)`,
  }),
  golden('with both families the world is two', {
    policies: [
      aboutA({
        egress: [
          { toCIDR: ['2001:db8::/32'], toPorts: on(tcp(1)) },
          { toEntities: ['world'], toPorts: on(tcp(2)) },
          { toCIDR: ['0.0.0.0/0'], toPorts: on(tcp(3)) },
        ],
      }),
    ],
    config: { 'enable-ipv6': 'true' },
    flows: `
      a -> ip=2001:db8::1 1 A
      a -> ip=2001:db9::1 1 D(nm)
      a -> ip=2001:db9::1 2 A
      a -> ip=8.8.8.8 2 A
      a -> ip=2001:db9::1 3 D(nm)
      a -> ip=8.8.8.8 3 A`,
  }),
  golden('two listeners of one priority for one peer and port do not resolve, whatever comes first', {
    policies: [rulesWith({}, listener('one'), listener('two'))],
    flows: `
      a -> b 443 -`,
    refused: true,
  }),
  golden('of two listeners the one with the smaller number wins', {
    policies: [rulesWith(listener('one', 2), listener('two', 1))],
    flows: `
      a -> b 443 R(crd)`,
  }),
  golden('listeners of one name are two where one is of the cluster', {
    policies: [rulesWith(listener('one'), listener('one', 'CiliumClusterwideEnvoyConfig'))],
    flows: `
      a -> b 443 -`,
    refused: true,
  }),
  golden('a listener without a kind is of the cluster where the endpoint is a node', {
    policies: [
      ccnp({
        nodeSelector: {},
        egress: [{ toEntities: ['all'], toPorts: [undefined, 'CiliumClusterwideEnvoyConfig'].map((kind) => listenerOfKind(kind)) }],
      }),
    ],
    flows: `
      host -> b 443 R(crd)`,
  }),
  golden('and of the namespace where it is a pod', {
    policies: [
      ccnp({
        endpointSelector: A,
        egress: [{ toEntities: ['all'], toPorts: [undefined, 'CiliumClusterwideEnvoyConfig'].map((kind) => listenerOfKind(kind)) }],
      }),
    ],
    flows: `
      a -> b 443 -`,
    refused: true,
  }),
  golden('one listener is in no conflict with itself, whoever must authenticate', {
    policies: [
      aboutA({
        egress: [{ authentication: { mode: 'required' } }, {}].map((rule) => ({
          ...rule,
          toEndpoints: [B],
          toPorts: [{ ports: [tcp(443)], ...listener('one') }],
        })),
      }),
    ],
    flows: `
      a -> b 443 R(crd)`,
  }),
  golden('TLS that ends at the proxy is redirected to it, also without server names', {
    policies: [rulesWith({ terminatingTLS: { secret: { namespace: 'default', name: 'one' } } })],
    flows: `
      a -> b 443 R(tls)`,
  }),
  golden('two modes of authentication for one peer do not resolve', {
    policies: [
      aboutA({ egress: ['required', 'disabled'].map((mode) => ({ toEndpoints: [B], authentication: { mode }, toPorts: on(tcp(80)) })) }),
    ],
    flows: `
      a -> b 80 -`,
    refused: true,
  }),
  golden('two certificates for one peer and port do not resolve', {
    policies: [
      aboutA({
        egress: ['one', 'two'].map((name) => ({
          toEndpoints: [B],
          toPorts: [{ ports: [tcp(80)], originatingTLS: { secret: { name, namespace: 'default' } }, rules: { http: [{}] } }],
        })),
      }),
    ],
    flows: `
      a -> b 80 -`,
    refused: true,
  }),
  golden('what a rule says twice of a peer does not meet itself', {
    policies: [
      aboutA({
        egress: [{ toEndpoints: [B, B], toPorts: [{ ports: [tcp(443)], serverNames: ['example.com'] }, ...http(443, { method: 'GET' })] }],
      }),
    ],
    flows: `
      a -> b 443 R(http)`,
  }),
  golden('requests and server names for one peer and port do not resolve', {
    policies: [rulesWith({ rules: { http: [{ method: 'GET' }] } }, { serverNames: ['example.com'] })],
    flows: `
      a -> b 443 -`,
    refused: true,
  }),
  golden('clusterwide requests come before the server names of a namespace', {
    policies: [
      aboutA({ egress: [{ toPorts: [{ ports: [tcp(443)], serverNames: ['example.com'] }] }] }),
      ccnp({ endpointSelector: A, egress: [{ toPorts: http(443, { method: 'GET' }) }] }),
    ],
    flows: `
      a -> b 443 -`,
    refused: true,
  }),
  golden('and clusterwide server names before the requests of a namespace, which is no conflict', {
    policies: [
      aboutA({ egress: [{ toPorts: http(443, { method: 'GET' }) }] }),
      ccnp({ endpointSelector: A, egress: [{ toPorts: [{ ports: [tcp(443)], serverNames: ['example.com'] }] }] }),
    ],
    flows: `
      a -> b 443 R(http)`,
  }),
  golden("rules of a parser of one's own redirect, up to 1.19", {
    policies: [rulesWith(parsed('one'))],
    flows: `
      a -> b 443 1.20:error R(proxylib)`,
  }),
  golden("rules of a parser of one's own and server names for one peer and port do not resolve", {
    policies: [rulesWith(parsed('one'), parsed('two', 'three'), { serverNames: ['example.com'] })],
    flows: `
      a -> b 443 -`,
    refused: true,
  }),
  golden('from 1.20 on a selector that asks for no label is all of a kind, for numbers of ports and for names of the pod itself', {
    config: { 'policy-default-local-cluster': 'false' },
    pods: [pod('a', 'default', { app: 'a' }, 8080), pod('b', 'default', { app: 'b' }, 8080)],
    policies: [
      aboutA({
        ingress: [{ fromEndpoints: elsewhere, toPorts: on({ port: 'http', protocol: 'TCP' }) }],
        egress: [{ toEndpoints: elsewhere, toPorts: [...on({ port: 'http', protocol: 'TCP' }), ...on(tcp(81))] }],
      }),
    ],
    flows: `
      b -> a 8080 1.20:A D(nm)
      a -> b 8080 D(nm)
      a -> b 81 1.20:A D(nm)`,
  }),
  golden('the host is never one of a kind', {
    config: { 'policy-default-local-cluster': 'false', 'enable-node-selector-labels': 'true' },
    pods: [placed('a', 'n1')],
    policies: [aboutA({ ingress: [{ fromEntities: ['all'] }], ingressDeny: [{ fromEndpoints: without('reserved:host') }] })],
    objects: twoNodes,
    flows: `
      node=n1 -> a 80 A
      node=n2 -> a 80 D`,
  }),
  ...nodesKnownBy.map((config) =>
    golden(`with ${JSON.stringify(config)} other nodes are one of a kind from 1.20 on, if they are known by more than being nodes`, {
      config: { 'policy-default-local-cluster': 'false', ...config },
      pods: [placed('a', 'n1')],
      policies: [aboutA({ ingress: [{ fromEntities: ['all'] }], ingressDeny: [{ fromEndpoints: without('reserved:remote-node') }] })],
      objects: twoNodes,
      flows: `
      node=n1 -> a 80 D
      node=n2 -> a 80 ${Object.keys(config).length > 0 ? '1.20:D A' : 'A'}
      remote-node -> a 80 A
      kube-apiserver -> a 80 ?`,
    }),
  ),
  golden('41 a NetworkPolicy that isolates ingress leaves the host and egress alone', {
    policies: [np({ podSelector: {}, policyTypes: ['Ingress'] })],
    flows: `
      b -> a 80 D(nm)
      host -> a 80 A(localhost)
      a -> world 80 A(open)`,
  }),
  golden('43 the peers of a clusterwide policy are those of any namespace', {
    policies: [
      ccnp({
        endpointSelector: { matchLabels: { app: 'x' } },
        ingress: [{ fromEndpoints: [A] }, { fromEndpoints: [{ matchLabels: { app: 'b', 'k8s:io.kubernetes.pod.namespace': 'other' } }] }],
      }),
    ],
    flows: `
      a -> x 80 A
      b -> x 80 D(nm)`,
  }),
  golden('a plain allow of the same port opens every name, whoever it is for', {
    policies: [aboutA({ egress: [{ toEndpoints: [B], toPorts: dns('example.com') }, { toPorts: on({ port: '53', protocol: 'UDP' }) }] })],
    flows: `
      a -> b 53/UDP dns=example.com R(dns)/allowed
      a -> b 53/UDP dns=example.org R(dns)/allowed`,
  }),
  golden('of two sets of DNS rules for one port either may count', {
    policies: [
      aboutA({
        egress: [
          { toEndpoints: [B], toPorts: dns('example.com') },
          { toEndpoints: [B], toPorts: dns('example.org', { port: '53', endPort: 53 }) },
        ],
      }),
    ],
    flows: `
      a -> b 53/UDP dns=example.com R(dns)/unknown
      a -> b 53/UDP dns=example.org R(dns)/unknown
      a -> b 53/UDP dns=example.net R(dns)/denied`,
  }),
  golden('where one port has DNS rules for some and HTTP rules for others, either proxy may have it', {
    policies: [
      aboutA({
        egress: [
          { toEndpoints: [B], toPorts: http(53, { method: 'GET' }) },
          { toEndpoints: [C], toPorts: dns('example.com', tcp(53)) },
        ],
      }),
    ],
    flows: `
      a -> c 53 dns=example.com R(dns)/unknown`,
  }),
  golden('an EndpointSlice without its Service is no service', {
    policies: [toWeb],
    objects: [slice('web', ['203.0.113.5'])],
    flows: `
      a -> ip=203.0.113.5 8080 D(nm)`,
  }),
  golden('with its Service it is one, whatever the ports, and also while nothing is ready', {
    policies: [toWeb],
    objects: [service('web'), slice('web', ['203.0.113.5', { addresses: ['203.0.113.6'], conditions: { ready: false } }])],
    flows: `
      a -> ip=203.0.113.5 8080 A
      a -> ip=203.0.113.5 9090 A
      a -> ip=203.0.113.6 8080 A
      a -> ip=203.0.113.7 8080 D(nm)`,
  }),
  golden('what services come to fills an empty list beside them, and no other', {
    policies: [
      aboutA({ egress: [{ toServices: toWebService, toCIDRSet: [] }] }),
      cnp({ endpointSelector: B, egress: [{ toServices: toWebService, toEndpoints: [] }] }, 'q'),
      cnp({ endpointSelector: C, egress: [{ toServices: toWebService, toEntities: [] }] }, 'r'),
      ccnp({ endpointSelector: { matchLabels: { app: 'x' } }, egress: [{ toServices: [...toWebService, toBackService], toCIDRSet: [] }] }),
    ],
    objects: [service('web'), slice('web', ['203.0.113.5']), service('back', { app: 'b' })],
    flows: `
      a -> ip=203.0.113.5 8080 A
      x -> ip=203.0.113.5 8080 A
      x -> b 8080 A
      b -> ip=203.0.113.5 8080 D(nm)
      c -> ip=203.0.113.5 8080 D(nm)`,
  }),
  golden('up to 1.18 the blocks of a rule that means nobody are known, and so no more of the world alone', {
    policies: [
      aboutA({
        egress: [{ toEntities: ['all'] }, { toServices: toWebService, toEndpoints: [] }],
        egressDeny: [
          { toCIDRSet: [{ cidr: '0.0.0.0/0', except: ['0.0.0.0/0'] }] },
          { toCIDR: [], toCIDRSet: [{ cidr: '198.51.100.0/24' }] },
        ],
      }),
    ],
    objects: [service('web'), slice('web', ['203.0.113.5'])],
    flows: `
      a -> ip=198.51.100.9 80 A
      a -> ip=203.0.113.5 80 A
      a -> ip=203.0.113.6 80 1.18:D A`,
  }),
  golden('addresses without ports are no backends', {
    policies: [toWeb],
    objects: [service('web'), slice('web', ['203.0.113.5'], [])],
    flows: `
      a -> ip=203.0.113.5 8080 D(nm)`,
  }),
  golden('addresses of a family that is off are no backends', {
    policies: [toWeb],
    objects: [service('web'), slice('web', ['2001:db8::5'])],
    flows: `
      a -> ip=2001:db8::5 8080 D(nm)`,
  }),
  golden('of a family that is on they are', {
    config: { 'enable-ipv6': 'true' },
    policies: [toWeb],
    objects: [service('web'), slice('web', ['2001:db8::5'])],
    flows: `
      a -> ip=2001:db8::5 8080 A`,
  }),
  golden('the API server is known by its backends from 1.19 on, by any address that is listed before', {
    policies: [aboutA({ egress: [{ toEntities: ['kube-apiserver'] }] })],
    objects: [slice('kubernetes', ['198.51.100.9'], []), slice('kubernetes', ['2001:db8::9'])],
    flows: `
      a -> ip=198.51.100.9 6443 1.18:A D(nm)
      a -> ip=2001:db8::9 6443 1.18:A D(nm)`,
  }),
  golden('a service leads to the backends that are ready', {
    pods: backendPods,
    policies: [toB],
    objects: [
      service('web'),
      slice('web', [backend(1), backend(2, { ready: false }), backend(2, { ready: false, terminating: true, serving: true })]),
    ],
    flows: `
      a -> service=default/web 80 A
      a -> c 8080 D(nm)`,
  }),
  golden('where none is, it leads to those that terminate and still serve', {
    pods: backendPods,
    policies: [toB],
    objects: [
      service('web'),
      slice('web', [backend(1, { ready: false, terminating: true }), backend(2, { ready: false, terminating: true, serving: false })]),
      slice('web', [backend(2, { ready: false })]),
    ],
    flows: `
      a -> service=default/web 80 A`,
  }),
  golden('whether a service may be reached depends on the backend where some may not be', {
    pods: backendPods,
    policies: [toB],
    objects: [service('web'), slice('web', [backend(1), backend(2)])],
    flows: `
      a -> service=default/web 80 ?`,
  }),
  golden('where all backends may be reached the service may, by a proxy only if all are behind one', {
    pods: backendPods,
    policies: [aboutA({ egress: [{ toEndpoints: [B], toPorts: http(8080, { method: 'GET' }) }, { toEndpoints: [C] }] })],
    objects: [service('web'), slice('web', [backend(1), backend(2)])],
    flows: `
      a -> service=default/web 80 A`,
  }),
  golden('a service whose backends are all denied is denied by the rule that denies, if one has one', {
    pods: [...backendPods, pod('x', 'other')],
    policies: [
      cnp({ endpointSelector: B, ingress: [{ fromEndpoints: [A] }], ingressDeny: [{ fromEndpoints: inOther }] }, 'q'),
      cnp({ endpointSelector: C, enableDefaultDeny: { ingress: false }, ingress: [{ fromEndpoints: [{ matchLabels: { app: 'none' } }] }] }),
      cnp({ endpointSelector: C, ingressDeny: [{ fromEntities: ['world'] }] }, 'r'),
    ],
    objects: [service('web'), slice('web', [backend(1), backend(2)])],
    flows: `
      a -> service=default/web 80 ?
      world -> service=default/web 80 D
      x -> service=default/web 80 D`,
  }),
  golden('DNS rules of a named port are those of each server that has it', {
    pods: [pod('a'), dnsServer('b'), dnsServer('c')],
    policies: [aboutA({ egress: [B, C].map((server) => ({ toEndpoints: [server], toPorts: dns('a.example.com', { port: 'dns' }) })) })],
    flows: `
      a -> b 53/UDP dns=a.example.com R(dns)/allowed
      a -> c 53/UDP dns=a.example.com R(dns)/allowed
      a -> c 53/UDP dns=b.example.com R(dns)/denied`,
  }),
  golden('up to 1.19 they displace those of its number even if they are for nobody that there is', {
    pods: [pod('a'), dnsServer('b')],
    policies: [
      aboutA({
        egress: [
          { toEndpoints: [B], toPorts: dns('a.example.com') },
          { toEndpoints: [{ matchLabels: { app: 'none' } }], toPorts: dns('b.example.com', { port: 'dns' }) },
        ],
      }),
    ],
    flows: `
      a -> b 53/UDP dns=a.example.com 1.20:R(dns)/allowed R(dns)/denied`,
  }),
  golden('where nothing is denied by default, names that no rule names pass', {
    policies: [aboutA({ enableDefaultDeny: { egress: false }, egress: [{ toEndpoints: [B], toPorts: dns('a.example.com') }] })],
    flows: `
      a -> b 53/UDP dns=other.example.com R(dns)/allowed`,
  }),
  golden('beside a plain allow of the same peer and port every name passes', {
    policies: [
      aboutA({
        egress: [
          { toEndpoints: [B], toPorts: dns('a.example.com') },
          { toEndpoints: [B], toPorts: on({ port: '53', protocol: 'UDP' }) },
        ],
      }),
    ],
    flows: `
      a -> b 53/UDP dns=other.example.com R(dns)/allowed`,
  }),
];

/** A backend with the conditions that a controller writes. Without conditions, it is ready. */
function backend(of: 1 | 2, conditions: JsonObject = {}): JsonObject {
  return { addresses: [`10.1.0.${of}`], conditions };
}

function placed(name: string, nodeName: string, hostNetwork = false): JsonObject {
  const made = pod(name);
  return { ...made, spec: { ...objectOf(made['spec']), nodeName, ...(hostNetwork && { hostNetwork }) } };
}

function node(name: string, address: string, labels: Record<string, string> = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, status: { addresses: [{ type: 'InternalIP', address }] } };
}

/** A pod with port names of these lengths. */
function podWithPorts(name: string, ...lengths: readonly number[]): JsonObject {
  const ports = lengths.map((length, i) => ({ name: String.fromCharCode(97 + i).repeat(length), containerPort: 80 }));
  return { ...pod(name), spec: { containers: [{ name: 'main', ports }] } };
}

/** The addresses of the Service `default/kubernetes`. */
function apiServer(address: string): JsonObject {
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'kubernetes', namespace: 'default', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    ports: [{ port: 6443, protocol: 'TCP' }],
    endpoints: [{ addresses: [address] }],
  };
}

function without(key: string): object[] {
  return [{ matchExpressions: [{ key, operator: 'DoesNotExist' }] }];
}

/** A policy with one rule for each argument. All rules have the same peer and port, and the argument is added to the port. */
function rulesWith(...each: readonly object[]): JsonObject {
  return aboutA({ egress: each.map((layer7) => ({ toEndpoints: [B], toPorts: [{ ports: [tcp(443)], ...layer7 }] })) });
}

function listener(name: string, option?: number | 'CiliumClusterwideEnvoyConfig'): object {
  const [kind, priority] = typeof option === 'string' ? [option] : ['CiliumEnvoyConfig', option];
  return { listener: { envoyConfig: { kind, name: 'proxy' }, name, ...(priority !== undefined && { priority }) } };
}

function listenerOfKind(kind: string | undefined): object {
  return { ports: [tcp(443)], listener: { envoyConfig: { ...(kind !== undefined && { kind }), name: 'proxy' }, name: 'one' } };
}

function parsed(...values: readonly string[]): object {
  return { rules: { l7proto: 'parser', l7: values.map((key) => ({ key })) } };
}

/** The answers for ports 81 and 80, and for a ping. */
function denyColumn(plain: string, l7: string, ping: string): string {
  return `
      b -> a 81 ${plain}
      b -> a 80 ${l7}
      b -> a 8/ICMP ${ping}`;
}

/** The answers for a policy that allows each entity on port i + 1. */
function entityTable(entities: readonly string[]): string {
  const allows: Record<string, readonly string[]> = {
    all: ['b', 'x', 'host', 'remote-node', 'kube-apiserver', 'world', 'ip=1.1.1.1', 'unmanaged', 'health', 'ingress', 'init'],
    world: ['world', 'ip=1.1.1.1'],
    host: ['host'],
    'remote-node': ['remote-node', 'kube-apiserver'],
    'kube-apiserver': ['kube-apiserver'],
    none: [],
    cluster: ['b', 'x', 'host', 'remote-node', 'kube-apiserver', 'unmanaged', 'health', 'ingress'],
  };
  // Without its addresses, the API server may be a node or a machine outside of the cluster.
  const isOpen = (entity: string, peer: string) => peer === 'kube-apiserver' && ['world', 'remote-node'].includes(entity);
  // Ingress to init is denied by the policy of init itself, which is not tested here.
  const peers = allows['all'].filter((peer) => peer !== 'init');
  return entities
    .flatMap((entity, i) =>
      peers.map((peer) => `a -> ${peer} ${i + 1} ${isOpen(entity, peer) ? '?' : allows[entity].includes(peer) ? 'A' : 'D(nm)'}`),
    )
    .join('\n');
}
