/** Where Cilium does not do what it says elsewhere, or what another minor does: conformance/ODDITIES.md is made of these. */
import type { ValidationCase } from './cases';
import type { JsonObject } from './json';
import { A, aboutA, B, ccnp, cnp, dns, dnsServer, Golden, golden, http, known, np, on, pod, tcp } from './named';

interface Told {
  readonly title: string;
  /** What one would expect, and why it is not so. */
  readonly text: string;
}

/** Shown by flows. */
export interface WorldOddity extends Told {
  readonly world: Golden;
}

/** Shown by what is accepted. */
export interface ValidationOddity extends Told {
  readonly validation: ValidationCase;
  /** By minor, `*` for all others: who refuses the object, or `crash` where the agent would. */
  readonly expected: Readonly<Record<string, 'accepted' | 'API server' | 'agent' | 'crash' | 'API server, crash'>>;
}

/** Answered otherwise from one time to the next, so that no test can hold it. */
export interface RandomOddity extends Told {
  readonly random: JsonObject | string;
}

export type Oddity = WorldOddity | ValidationOddity | RandomOddity;

function world(title: string, text: string, setting: Parameters<typeof golden>[1]): WorldOddity {
  return { title, text, world: golden(`oddity: ${title}`, setting) };
}

function validation(
  title: string,
  text: string,
  object: JsonObject,
  expected: ValidationOddity['expected'],
  config = {},
): ValidationOddity {
  return { title, text, validation: { object, config }, expected };
}

const everybody = `
      a -> b 80 A
      a -> world 80 A
      a -> b 81 D(nm)`;

const group = (name: string, labels: Record<string, string>, ...externalCIDRs: string[]): JsonObject => ({
  apiVersion: 'cilium.io/v2',
  kind: 'CiliumCIDRGroup',
  metadata: { name, labels },
  spec: { externalCIDRs },
});

const node = (name: string, labels: Record<string, string>): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
});

export const ODDITIES: readonly Oddity[] = [
  world(
    'A service that nobody has opens its port to everybody',
    'A rule whose `toServices` resolve to nothing is left without peers; with ports that means every peer. Without ports it allows nothing.',
    {
      policies: [
        aboutA({ egress: [{ toServices: [{ k8sService: { serviceName: 'nope', namespace: 'default' } }], toPorts: on(tcp(80)) }] }),
      ],
      flows: everybody,
    },
  ),
  world(
    'A deny of services denies everybody',
    'Services are resolved in `egress` only. In `egressDeny` the rule is left without peers, so with ports it denies every peer.',
    {
      policies: [
        aboutA({
          egressDeny: [{ toServices: [{ k8sService: { serviceName: 'web', namespace: 'default' } }], toPorts: on(tcp(80)) }],
          egress: [{ toEntities: ['all'] }],
        }),
      ],
      objects: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace: 'default' }, spec: { selector: { app: 'b' } } }],
      flows: `
      a -> b 80 D
      a -> c 80 D
      a -> world 80 D
      a -> c 81 A`,
    },
  ),
  ...['toFQDNs', 'toServices', 'toGroups'].map((member) =>
    world(
      `An empty \`${member}\` is every peer`,
      `An empty list of endpoints, nodes, entities or prefixes selects nobody. An empty \`${member}\` counts as absent: with ports, everybody.`,
      { policies: [aboutA({ egress: [{ [member]: [], toPorts: on(tcp(80)) }] })], flows: everybody },
    ),
  ),
  world(
    'What is not of the world includes addresses of the world',
    'From 1.20 on the policy map has entries for groups of identities, and a selector without a positive requirement selects these too: all prefixes that some policy or CIDR group names are let in, though they have the label. An address that nobody names is not.',
    {
      policies: [aboutA({ ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: 'reserved:world', operator: 'DoesNotExist' }] }] }] })],
      objects: [known('203.0.113.0/24')],
      flows: `
      ip=203.0.113.5 -> a 80 1.18:D(nm) 1.19:D(nm) A
      world -> a 80 D(nm)`,
    },
  ),
  world('What is not in a namespace includes that namespace', 'For the same reason, where peers are not pinned to the local cluster.', {
    config: { 'policy-default-local-cluster': 'false' },
    policies: [
      aboutA({
        ingress: [
          { fromEndpoints: [{ matchExpressions: [{ key: 'k8s:io.kubernetes.pod.namespace', operator: 'NotIn', values: ['other'] }] }] },
        ],
      }),
    ],
    flows: `
      x -> a 80 1.18:D(nm) 1.19:D(nm) A
      b -> a 80 A
      world -> a 80 A`,
  }),
  world(
    'A named port may begin a range',
    'The documentation says that `endPort` is ignored with a named port. On ingress, and up to 1.19 on egress, the range is opened, from the number of the name.',
    {
      pods: [pod('a', 'default', { app: 'a' }, 8080), pod('b', 'default', { app: 'b' }, 8080)],
      policies: [
        aboutA({
          ingress: [{ fromEndpoints: [{}], toPorts: on({ port: 'http', endPort: 9000, protocol: 'TCP' }) }],
          egress: [{ toEndpoints: [{}], toPorts: on({ port: 'http', endPort: 9000, protocol: 'TCP' }) }],
        }),
      ],
      flows: `
      b -> a 8080 A
      b -> a 8081 A
      b -> a 9001 D(nm)
      a -> b 8080 A
      a -> b 8081 1.20:D(nm) A
      a -> b 9001 D(nm)`,
    },
  ),
  world(
    'Up to 1.19 one pod opens a named port for every peer',
    'Named ports of peers are one table of the cluster. If all pods agree on the number of a name, it is opened to all selected peers, also those that have no such port, and to the world.',
    {
      pods: [pod('a'), pod('b', 'default', { app: 'b' }, 8080), pod('c')],
      policies: [aboutA({ egress: [{ toEntities: ['all'], toPorts: on({ port: 'http', protocol: 'TCP' }) }] })],
      flows: `
      a -> b 8080 A
      a -> c 8080 1.18:A 1.19:A D(nm)
      a -> world 8080 1.18:A 1.19:A D(nm)`,
    },
  ),
  world('Port 0 with an end', 'Port 0 is every port. With `endPort` it is every port in 1.20, and the ports up to the end before.', {
    policies: [aboutA({ ingress: [{ fromEndpoints: [{}], toPorts: on({ port: '0', endPort: 100, protocol: 'TCP' }) }] })],
    flows: `
      b -> a 100 A
      b -> a 101 1.18:D(nm) 1.19:D(nm) A`,
  }),
  world(
    'The ICMP type 0 is every type',
    'The type is kept where other protocols have their port, and there 0 is every port: who allows EchoReply allows all of ICMP.',
    {
      policies: [aboutA({ ingress: [{ fromEndpoints: [B], icmps: [{ fields: [{ type: 'EchoReply', family: 'IPv4' }] }] }] })],
      flows: `
      b -> a 0/ICMP A
      b -> a 8/ICMP A
      b -> a 128/ICMPv6 D(nm)`,
    },
  ),
  world(
    'Up to 1.19 a pod with a label `host` escapes every policy',
    'Without the host firewall, an identity that has any label with the key `host` is taken for the host, which no policy judges.',
    {
      config: { 'enable-host-firewall': 'false' },
      pods: [pod('a', 'default', { app: 'a', host: 'x' }), pod('b')],
      policies: [aboutA({ ingress: [{ fromEndpoints: [{ matchLabels: { app: 'nobody' } }] }] })],
      flows: `
      b -> a 80 1.18:A(open) 1.19:A(open) D(nm)`,
    },
  ),
  world(
    'A CIDR group selector that only excludes selects the whole world',
    'A prefix in no group lacks every label of groups, so `NotIn` and `DoesNotExist` hold for it, and for every address of the world.',
    {
      policies: [
        aboutA({
          egress: [{ toCIDRSet: [{ cidrGroupSelector: { matchExpressions: [{ key: 'kind', operator: 'NotIn', values: ['cdn'] }] } }] }],
        }),
      ],
      objects: [group('cdn', { kind: 'cdn' }, '198.51.100.0/24')],
      flows: `
      a -> ip=198.51.100.1 80 1.18:D(nm) 1.19:D(nm) D(nm)
      a -> world 80 A
      a -> ip=8.8.8.8 80 A`,
    },
  ),
  world(
    'In 1.18 an address has one value of a label of CIDR groups',
    'Where a prefix of one group lies in a prefix of another, the address has the labels of both; a key that both have keeps the value of the longer prefix. From 1.19 on it has both values.',
    {
      policies: [aboutA({ egress: [{ toCIDRSet: [{ cidrGroupSelector: { matchLabels: { kind: 'wide' } } }] }] })],
      objects: [group('one', { kind: 'wide' }, '198.51.0.0/16'), group('two', { kind: 'narrow' }, '198.51.100.0/24')],
      flows: `
      a -> ip=198.51.1.1 80 A
      a -> ip=198.51.100.1 80 1.18:D(nm) A`,
    },
  ),
  world('In 1.18 `**.` is one label', 'The pattern is accepted, but means what `*.` means; from 1.19 on it means one label or more.', {
    policies: [aboutA({ egress: [{ toFQDNs: [{ matchPattern: '**.example.com' }] }] })],
    names: { 'a.example.com': ['203.0.113.1'], 'a.b.example.com': ['203.0.113.2'], 'example.com': ['203.0.113.3'] },
    flows: `
      a -> fqdn=a.example.com 80 A
      a -> fqdn=a.b.example.com 80 1.18:D(nm) A
      a -> fqdn=example.com 80 D(nm)`,
  }),
  world(
    'A label of a CIDR group makes its addresses forget the group',
    'Labels of CiliumCIDRGroups are among those of addresses, where the agent looks for `health`, `ingress`, `host` and `remote-node` by their keys alone: it takes the addresses for endpoints of the cluster, removes all labels of blocks and groups, and since none is left gives them that of the block.',
    {
      policies: [
        aboutA({ egress: [{ toCIDRSet: [{ cidrGroupSelector: { matchLabels: { kind: 'cdn' } } }] }] }),
        cnp({ endpointSelector: B, egress: [{ toEntities: ['world'] }] }, 'q'),
      ],
      objects: [
        group('one', { kind: 'cdn' }, '192.0.2.0/24'),
        group('two', { kind: 'cdn', health: 'good' }, '198.51.100.0/24'),
        group('three', { kind: 'cdn', ingress: 'yes' }, '203.0.113.0/24'),
        group('four', { kind: 'cdn', host: 'h' }, '203.0.112.0/24'),
        group('five', { kind: 'cdn', 'remote-node': '' }, '203.0.111.0/24'),
      ],
      flows: `
      a -> ip=192.0.2.1 443 A
      a -> ip=198.51.100.1 443 D(nm)
      b -> ip=198.51.100.1 443 A
      a -> ip=203.0.113.1 443 D(nm)
      b -> ip=203.0.113.1 443 A
      a -> ip=203.0.112.1 443 D(nm)
      b -> ip=203.0.112.1 443 A
      a -> ip=203.0.111.1 443 D(nm)
      b -> ip=203.0.111.1 443 A`,
    },
  ),
  world(
    'A NetworkPolicy isolates in directions that its `policyTypes` do not name',
    'Kubernetes says that `policyTypes: [Egress]` leaves ingress alone. Cilium takes the ingress rules for what they say.',
    {
      policies: [np({ podSelector: A, policyTypes: ['Egress'], ingress: [{ from: [{ podSelector: B }] }] })],
      flows: `
      b -> a 80 A
      c -> a 80 D(nm)`,
    },
  ),
  world(
    'A default deny of a direction without rules does nothing',
    '`enableDefaultDeny.egress: true` reads as if it isolated; without an egress rule nothing carries it.',
    {
      policies: [aboutA({ enableDefaultDeny: { egress: true }, ingress: [{ fromEndpoints: [B] }] })],
      flows: `
      a -> b 80 A(open)`,
    },
  ),
  world(
    'Where policy is always enforced the host is shut out from 1.20 on',
    'The implicit allow of the host, which lets the probes of the kubelet in, is a rule from 1.20 on, and added only beside another one: a pod that no policy selects does not have it.',
    {
      config: { 'enable-policy': 'always', 'enable-host-firewall': 'false' },
      policies: [cnp({ endpointSelector: { matchLabels: { app: 'nobody' } }, ingress: [{}] })],
      flows: `
      host -> a 80 1.18:A(localhost) 1.19:A(localhost) D(nm)`,
    },
  ),
  world(
    'No policy of nodes can name a node',
    'The labels of a node go through the filter of identity labels, which drops `kubernetes.io/hostname` and `topology.kubernetes.io/*`: a selector of them selects no node. Own labels and roles remain.',
    {
      policies: [ccnp({ nodeSelector: { matchLabels: { 'kubernetes.io/hostname': 'n1' } }, ingress: [{}] })],
      objects: [node('n1', { 'kubernetes.io/hostname': 'n1', pool: 'edge' })],
      flows: `
      b -> node=n1 22 A(open)`,
    },
  ),
  world(
    'In 1.18 the filter of node labels takes the cluster of a node away',
    'A list of `node-labels` that does not name `io.cilium.k8s.policy.cluster` takes it from all other nodes: a selector of nodes of a cluster selects none. From 1.19 on the cluster is added after the filter.',
    {
      config: { 'enable-node-selector-labels': 'true', 'node-labels': 'node:pool' },
      policies: [aboutA({ ingress: [{ fromNodes: [{ matchLabels: { 'io.cilium.k8s.policy.cluster': 'default' } }] }] })],
      objects: [node('n2', { pool: 'edge' })],
      flows: `
      node=n2 -> a 80 1.18:D(nm) A`,
    },
  ),
  world(
    'The DNS proxy does not know what is allowed beside its port',
    'Policies add up, but the DNS proxy is given the rules of one port and protocol only: an allow of every port of the same peer, of port 0 or of a range leaves a query for another name denied, and an allow of the port itself does not.',
    {
      policies: [
        aboutA({
          egress: [
            { toEndpoints: [B], toPorts: dns('example.com') },
            { toEndpoints: [B] },
            { toEndpoints: [B], toPorts: on({ port: '0' }, { port: '50', endPort: 60, protocol: 'UDP' }) },
          ],
        }),
      ],
      flows: `
      a -> b 53/UDP dns=example.com R(dns)/allowed
      a -> b 53/UDP dns=example.org R(dns)/denied
      a -> b 54/UDP dns=example.org A/allowed`,
    },
  ),
  world(
    'DNS rules of a named port displace those of its number',
    'A name and the number that it stands for are two filters of one port of the DNS proxy, which keeps the rules of one: the agent goes through named ports first.',
    {
      pods: [pod('a'), dnsServer('b'), pod('c')],
      policies: [
        aboutA({
          egress: [
            { toEndpoints: [B], toPorts: dns('example.com', { port: 'dns' }) },
            { toEndpoints: [{}], toPorts: dns('example.org') },
          ],
        }),
      ],
      flows: `
      a -> b 53/UDP dns=example.com R(dns)/allowed
      a -> b 53/UDP dns=example.org R(dns)/denied
      a -> c 53/UDP dns=example.org R(dns)/denied`,
    },
  ),
  world(
    'Server names before requests are no conflict',
    'HTTP rules and server names for one peer and port are refused as a conflict unless TLS ends at the proxy, if the HTTP rules come first. The other way round they resolve. From 1.19 on rules are ordered by the kind, namespace and name of their policies, and in a policy as they are written; in 1.18 clusterwide policies come before those of a namespace, and else the order is random.',
    {
      policies: [
        aboutA({
          egress: [
            { toEndpoints: [B], toPorts: [{ ports: [tcp(443)], serverNames: ['example.com'] }] },
            { toEndpoints: [B], toPorts: http(443, { method: 'GET' }) },
          ],
        }),
      ],
      flows: `
      a -> b 443 R(http)`,
    },
  ),
  validation(
    'A hole that is wider than its block',
    'Up to 1.19 the agent asks only whether the hole begins inside the block, so that the rule allows nothing.',
    aboutA({ egress: [{ toCIDRSet: [{ cidr: '10.1.0.0/16', except: ['10.1.0.0/8'] }] }] }),
    { '1.20': 'agent', '*': 'accepted' },
  ),
  validation(
    'A bare address',
    'The agent takes it for a prefix of its full length; the API server does not let it through.',
    aboutA({ egress: [{ toCIDR: ['192.0.2.1'] }] }),
    { '*': 'API server' },
  ),
  validation(
    'A mask with a leading zero',
    'The format `cidr` of the API server takes it; the agent does not, and the policy is stored without effect.',
    aboutA({ egress: [{ toCIDR: ['10.0.0.0/08'] }] }),
    { '*': 'agent' },
  ),
  validation(
    'A list in the place of a block',
    'A list passes the API server where a text with a format belongs; the agent cannot decode it, and the policy is stored without effect.',
    aboutA({ egress: [{ toCIDR: [['10.0.0.0/8']] }] }),
    { '*': 'agent' },
  ),
  validation(
    'An ICMP field without a type',
    'The API server stops it; an agent that is given it crashes.',
    aboutA({ ingress: [{ icmps: [{ fields: [{ family: 'IPv4' }] }] }] }),
    { '*': 'API server, crash' },
  ),
  validation(
    'A block of a NetworkPolicy that is none',
    'Kubernetes stops it. An agent that is given it refuses the policy in 1.18, and crashes from 1.19 on.',
    np({ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/33' } }] }] }),
    { '1.18': 'agent', '*': 'crash' },
  ),
  validation(
    'In 1.18 a block on ingress of a NetworkPolicy needs peers of any cluster',
    'With `policy-default-local-cluster` on, its parser adds a selector to the block and then refuses the two together. On egress it does not.',
    np({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }),
    { '1.18': 'agent', '*': 'accepted' },
    { 'policy-default-local-cluster': 'true' },
  ),
  validation(
    'More than forty ports to deny',
    'The schema bounds the ports of an allow, not those of a deny; the agent bounds both.',
    aboutA({ egressDeny: [{ toPorts: on(...Array.from({ length: 41 }, (_, i) => tcp(i + 1))) }] }),
    { '*': 'agent' },
  ),
  validation(
    'A policy that says nothing',
    'An empty section alone reads as a default deny, is stored by the API server, and refused by the agent: it isolates nothing.',
    cnp({ endpointSelector: {}, ingress: [] }),
    { '*': 'agent' },
  ),
  validation(
    'A selector key with a dollar sign',
    'An old way to write `reserved:`. Up to 1.19 it is accepted.',
    aboutA({ ingress: [{ fromEndpoints: [{ matchLabels: { $host: '' } }] }] }),
    { '1.20': 'agent', '*': 'accepted' },
  ),
  validation(
    'A selector key of 63 characters',
    'Kubernetes takes it. Up to 1.19 Cilium writes the source of a label before its key, and then it is too long.',
    aboutA({ ingress: [{ fromEndpoints: [{ matchLabels: { ['k'.repeat(63)]: '' } }] }] }),
    { '1.20': 'accepted', '*': 'agent' },
  ),
  {
    title: 'Up to 1.19 the exemption of the host can crash the agent',
    text: 'Up to 1.19 the host may send any request where L7 rules on ingress mean it. What says so has no origin, and where another rule selects the host without naming it, for the same port, the agent stops while it joins the two (`pkg/policy/origin.go`, Merge): always where a rule of the endpoint asks for authentication, else as the order of a map has it. In 1.18 `NotIn` of a namespace selects the host so; in 1.19, which pins peers to the cluster, only what is about the cluster too. 1.18.11 and 1.19.7; not 1.20.2.',
    random: aboutA({
      ingress: [
        { toPorts: http(80, { method: 'GET' }) },
        {
          fromEndpoints: [
            {
              matchExpressions: [
                { key: 'io.kubernetes.pod.namespace', operator: 'DoesNotExist' },
                { key: 'io.cilium.k8s.policy.cluster', operator: 'DoesNotExist' },
              ],
            },
          ],
          toPorts: on(tcp(80)),
        },
        { fromEndpoints: [B], toPorts: on(tcp(443)), authentication: { mode: 'required' } },
      ],
    }),
  },
  {
    title: 'From 1.20 on an empty selector of CIDR groups is who came first',
    text: 'Its text is that of the selector of everybody, and the agent keeps one of each text (`pkg/policy/selectorcache.go`): the one that any endpoint of the node asked for first. With numbers of ports both are everybody; a named port on egress is looked for at those whom the selector selects, and to that of CIDR groups no pod is one. This project takes it for everybody, as the agent does where any direction of any endpoint is open.',
    random: aboutA({ egress: [{ toCIDRSet: [{ cidrGroupSelector: {} }], toPorts: on({ port: 'http', protocol: 'TCP' }) }] }),
  },
  {
    title: 'One key of a selector written in two ways',
    text: 'A key without a source is a key of the source `any`. Where both are there, and differ, the selector keeps one of the two values, at random, each time that the policy is read. All minors.',
    random: aboutA({ ingress: [{ fromEndpoints: [{ matchLabels: { app: 'b', 'any:app': 'c' } }] }] }),
  },
  {
    title: 'Two keys of a mapping that are one in JSON',
    text: 'The Kubernetes tools make texts of keys. A number and its text are two keys before and one after; which value stays is random, and strict reading does not see it. All minors.',
    random: '1: a\n"1": b',
  },
];
