/** The cases in which Cilium contradicts its documentation, itself or another minor. conformance/ODDITIES.md is generated from them. */
import type { ValidationCase } from './cases';
import type { JsonObject } from './json';
import { A, aboutA, B, ccnp, cnp, dns, dnsServer, Golden, golden, http, known, np, on, pod, tcp } from './named';

interface Described {
  readonly title: string;
  /** What a user would expect, and why Cilium does something else. */
  readonly text: string;
}

/** An oddity that flows show. */
export interface WorldOddity extends Described {
  readonly world: Golden;
}

/** An oddity that the acceptance of an object shows. */
export interface ValidationOddity extends Described {
  readonly validation: ValidationCase;
  /** By minor, `*` for all others: the layer that rejects the object, or `crash` if the agent would crash. */
  readonly expected: Readonly<Record<string, 'accepted' | 'API server' | 'agent' | 'crash' | 'API server, crash'>>;
}

/** An oddity with random answers, which no test can compare. */
export interface RandomOddity extends Described {
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

const everyPeer = `
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
    'A Service that does not exist opens its port to every peer',
    'If no Service of `toServices` exists, the rule has no peers. With ports, it then matches every peer. Without ports, it allows nothing.',
    {
      policies: [
        aboutA({ egress: [{ toServices: [{ k8sService: { serviceName: 'nope', namespace: 'default' } }], toPorts: on(tcp(80)) }] }),
      ],
      flows: everyPeer,
    },
  ),
  world(
    'A deny rule with `toServices` denies every peer',
    'Services are resolved only in `egress`. In `egressDeny`, the rule has no peers, so with ports it denies every peer.',
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
      `An empty \`${member}\` matches every peer`,
      `An empty list of endpoints, nodes, entities or CIDRs matches no peer. An empty \`${member}\` counts as absent, so with ports the rule matches every peer.`,
      { policies: [aboutA({ egress: [{ [member]: [], toPorts: on(tcp(80)) }] })], flows: everyPeer },
    ),
  ),
  world(
    'A selector that excludes the world matches addresses of the world',
    'Since 1.20, the policy map has entries for groups of identities, and a selector without a positive requirement also selects these. All prefixes that a policy or a CIDR group names are allowed, although they have the label. An address that none of them names is not allowed.',
    {
      policies: [aboutA({ ingress: [{ fromEndpoints: [{ matchExpressions: [{ key: 'reserved:world', operator: 'DoesNotExist' }] }] }] })],
      objects: [known('203.0.113.0/24')],
      flows: `
      ip=203.0.113.5 -> a 80 1.18:D(nm) 1.19:D(nm) A
      world -> a 80 D(nm)`,
    },
  ),
  world(
    'A selector that excludes a namespace matches that namespace',
    'The reason is the same. It happens if peers are not limited to the local cluster.',
    {
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
    },
  ),
  world(
    'A named port can begin a range',
    'The documentation says that `endPort` is ignored with a named port. On ingress, and up to 1.19 also on egress, the rule opens the range that begins with the number of the named port.',
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
    'Up to 1.19, one pod opens a named port for every peer',
    'The named ports of peers are in one table for the cluster. If all pods have the same number for a name, this port is opened for all selected peers, including peers without such a port, and the world.',
    {
      pods: [pod('a'), pod('b', 'default', { app: 'b' }, 8080), pod('c')],
      policies: [aboutA({ egress: [{ toEntities: ['all'], toPorts: on({ port: 'http', protocol: 'TCP' }) }] })],
      flows: `
      a -> b 8080 A
      a -> c 8080 1.18:A 1.19:A D(nm)
      a -> world 8080 1.18:A 1.19:A D(nm)`,
    },
  ),
  world(
    'Port 0 with an `endPort`',
    'Port 0 means every port. With `endPort`, it still means every port in 1.20. Before, it means the ports up to `endPort`.',
    {
      policies: [aboutA({ ingress: [{ fromEndpoints: [{}], toPorts: on({ port: '0', endPort: 100, protocol: 'TCP' }) }] })],
      flows: `
      b -> a 100 A
      b -> a 101 1.18:D(nm) 1.19:D(nm) A`,
    },
  ),
  world(
    'ICMP type 0 matches every type',
    'Cilium stores the type as a port, and port 0 means every port. A rule that allows EchoReply allows all ICMP messages of its family.',
    {
      policies: [aboutA({ ingress: [{ fromEndpoints: [B], icmps: [{ fields: [{ type: 'EchoReply', family: 'IPv4' }] }] }] })],
      flows: `
      b -> a 0/ICMP A
      b -> a 8/ICMP A
      b -> a 128/ICMPv6 D(nm)`,
    },
  ),
  world(
    'Up to 1.19, a pod with a label `host` escapes every policy',
    'Without the host firewall, an identity that has any label with the key `host` is treated as the host, and no policy applies to it.',
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
    'A prefix that is in no group has no label of a group, so `NotIn` and `DoesNotExist` match it, and with it every address of the world.',
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
    'In 1.18, an address has only one value for a label of CIDR groups',
    'If a prefix of one group is inside a prefix of another group, its addresses have the labels of both. If both groups have the same key, the value of the longer prefix is used. Since 1.19, the addresses have both values.',
    {
      policies: [aboutA({ egress: [{ toCIDRSet: [{ cidrGroupSelector: { matchLabels: { kind: 'wide' } } }] }] })],
      objects: [group('one', { kind: 'wide' }, '198.51.0.0/16'), group('two', { kind: 'narrow' }, '198.51.100.0/24')],
      flows: `
      a -> ip=198.51.1.1 80 A
      a -> ip=198.51.100.1 80 1.18:D(nm) A`,
    },
  ),
  world(
    'In 1.18, `**.` matches one label',
    'The pattern is accepted, but has the meaning of `*.`. Since 1.19, it matches one or more labels.',
    {
      policies: [aboutA({ egress: [{ toFQDNs: [{ matchPattern: '**.example.com' }] }] })],
      names: { 'a.example.com': ['203.0.113.1'], 'a.b.example.com': ['203.0.113.2'], 'example.com': ['203.0.113.3'] },
      flows: `
      a -> fqdn=a.example.com 80 A
      a -> fqdn=a.b.example.com 80 1.18:D(nm) A
      a -> fqdn=example.com 80 D(nm)`,
    },
  ),
  world(
    'Some labels of a CIDR group remove its addresses from the group',
    'Addresses have the labels of their CiliumCIDRGroups, and the agent looks for the labels `health`, `ingress`, `host` and `remote-node` only by key. It treats such addresses as endpoints of the cluster and removes all labels of CIDRs and groups. Then no label is left, so it adds the label of the CIDR again.',
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
    'A NetworkPolicy isolates a direction that its `policyTypes` do not name',
    'In Kubernetes, a policy with `policyTypes: [Egress]` does not affect ingress. Cilium applies its ingress rules.',
    {
      policies: [np({ podSelector: A, policyTypes: ['Egress'], ingress: [{ from: [{ podSelector: B }] }] })],
      flows: `
      b -> a 80 A
      c -> a 80 D(nm)`,
    },
  ),
  world(
    'Default deny of a direction without rules has no effect',
    '`enableDefaultDeny.egress: true` looks as if it isolates egress, but it is only read for egress rules, of which there are none.',
    {
      policies: [aboutA({ enableDefaultDeny: { egress: true }, ingress: [{ fromEndpoints: [B] }] })],
      flows: `
      a -> b 80 A(open)`,
    },
  ),
  world(
    'Since 1.20, `enable-policy: always` locks out the host',
    'The implicit allow of the host is needed for the probes of kubelet. Since 1.20, it is a rule that is added only to other rules, so a pod that no policy selects does not have it.',
    {
      config: { 'enable-policy': 'always', 'enable-host-firewall': 'false' },
      policies: [cnp({ endpointSelector: { matchLabels: { app: 'nobody' } }, ingress: [{}] })],
      flows: `
      host -> a 80 1.18:A(localhost) 1.19:A(localhost) D(nm)`,
    },
  ),
  world(
    'A policy for nodes cannot select a node by its name',
    'The labels of a node go through the filter of identity labels, which drops `kubernetes.io/hostname` and `topology.kubernetes.io/*`. A selector with these labels selects no node. Custom labels and roles remain.',
    {
      policies: [ccnp({ nodeSelector: { matchLabels: { 'kubernetes.io/hostname': 'n1' } }, ingress: [{}] })],
      objects: [node('n1', { 'kubernetes.io/hostname': 'n1', pool: 'edge' })],
      flows: `
      b -> node=n1 22 A(open)`,
    },
  ),
  world(
    'In 1.18, the filter of node labels removes the cluster of a node',
    'If `node-labels` does not name `io.cilium.k8s.policy.cluster`, all other nodes lose this label, and a selector of nodes by cluster selects none. Since 1.19, the label is added after the filter.',
    {
      config: { 'enable-node-selector-labels': 'true', 'node-labels': 'node:pool' },
      policies: [aboutA({ ingress: [{ fromNodes: [{ matchLabels: { 'io.cilium.k8s.policy.cluster': 'default' } }] }] })],
      objects: [{ ...node('n2', { pool: 'edge' }), status: { addresses: [{ type: 'InternalIP', address: '172.18.0.3' }] } }],
      flows: `
      node=n2 -> a 80 1.18:D(nm) A`,
    },
  ),
  world(
    'The DNS proxy ignores rules for other ports and for ranges',
    'Policies add up, but the DNS proxy gets only the rules of one port and protocol. If another rule allows every port of the same peer, port 0 or a range, a query for another name is still denied. If another rule allows the port itself, the query is allowed.',
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
    'DNS rules for a named port replace DNS rules for its number',
    'A named port and its number are two filters for one port of the DNS proxy, and the proxy uses the rules of only one. The agent processes named ports first.',
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
    'Server names before HTTP rules are not a conflict',
    'If HTTP rules come before server names for the same peer and port, they are in conflict and do not resolve, unless the proxy terminates TLS. In the other order, they resolve. Since 1.19, rules are ordered by the kind, namespace and name of their policies, and within a policy as written. In 1.18, clusterwide policies come before namespaced policies, and otherwise the order is random.',
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
    'An `except` prefix that is wider than its CIDR',
    'Up to 1.19, the agent checks only whether the address of the `except` prefix is inside the CIDR. The rule then allows nothing.',
    aboutA({ egress: [{ toCIDRSet: [{ cidr: '10.1.0.0/16', except: ['10.1.0.0/8'] }] }] }),
    { '1.20': 'agent', '*': 'accepted' },
  ),
  validation(
    'An address without a prefix length',
    'The agent would read it as a prefix of full length, but the API server rejects it.',
    aboutA({ egress: [{ toCIDR: ['192.0.2.1'] }] }),
    { '*': 'API server' },
  ),
  validation(
    'A prefix length with a leading zero',
    'The format `cidr` of the API server accepts it. The agent rejects it, so the policy is stored but has no effect.',
    aboutA({ egress: [{ toCIDR: ['10.0.0.0/08'] }] }),
    { '*': 'agent' },
  ),
  validation(
    'A list instead of a CIDR',
    'The API server accepts a list instead of a string with a format. The agent cannot decode it, so the policy is stored but has no effect.',
    aboutA({ egress: [{ toCIDR: [['10.0.0.0/8']] }] }),
    { '*': 'agent' },
  ),
  validation(
    'An ICMP field without a type',
    'The API server rejects it. An agent that receives it crashes.',
    aboutA({ ingress: [{ icmps: [{ fields: [{ family: 'IPv4' }] }] }] }),
    { '*': 'API server, crash' },
  ),
  validation(
    'An invalid CIDR in a NetworkPolicy',
    'Kubernetes rejects it. An agent that receives it rejects the policy in 1.18, and crashes since 1.19.',
    np({ podSelector: {}, egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/33' } }] }] }),
    { '1.18': 'agent', '*': 'crash' },
  ),
  validation(
    'In 1.18, an ingress CIDR of a NetworkPolicy needs peers of any cluster',
    'If `policy-default-local-cluster` is on, the parser adds a selector to the CIDR and then rejects the combination of the two. On egress it does not.',
    np({ podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0/8' } }] }] }),
    { '1.18': 'agent', '*': 'accepted' },
    { 'policy-default-local-cluster': 'true' },
  ),
  validation(
    'More than forty ports in a deny rule',
    'The schema limits the number of ports only for allow rules. The agent limits it for both.',
    aboutA({ egressDeny: [{ toPorts: on(...Array.from({ length: 41 }, (_, i) => tcp(i + 1))) }] }),
    { '*': 'agent' },
  ),
  validation(
    'A policy with only an empty section',
    'A policy with only an empty section looks like a default deny. The API server stores it and the agent rejects it, so it isolates nothing.',
    cnp({ endpointSelector: {}, ingress: [] }),
    { '*': 'agent' },
  ),
  validation(
    'A selector key with a dollar sign',
    'The dollar sign is an old syntax for `reserved:`. Up to 1.19 it is accepted.',
    aboutA({ ingress: [{ fromEndpoints: [{ matchLabels: { $host: '' } }] }] }),
    { '1.20': 'agent', '*': 'accepted' },
  ),
  validation(
    'A selector key of 63 characters',
    'Kubernetes accepts it. Up to 1.19, Cilium adds the source of the label as a prefix, and the key is then too long.',
    aboutA({ ingress: [{ fromEndpoints: [{ matchLabels: { ['k'.repeat(63)]: '' } }] }] }),
    { '1.20': 'accepted', '*': 'agent' },
  ),
  {
    title: 'Up to 1.19, the exemption of the host can crash the agent',
    text: 'Up to 1.19, the host is exempt from L7 rules on ingress that select it. The internal rule for this exemption has no origin. If another rule for the same port selects the host without naming it, the agent crashes when it merges the two (`pkg/policy/origin.go`, Merge). It always crashes if a rule of the endpoint requires authentication; otherwise this depends on the order of a map. In 1.18, `NotIn` with a namespace selects the host in this way. In 1.19, which limits peers to the local cluster, the selector must also have a requirement on the cluster. Seen in 1.18.11 and 1.19.7, not in 1.20.2.',
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
    title: 'Since 1.20, the meaning of an empty selector of CIDR groups is random',
    text: 'It has the same text as the selector of every identity, and the agent keeps only one selector for each text (`pkg/policy/selectorcache.go`): the first one that any endpoint of the node used. With port numbers, both match every peer. A named port on egress is looked up in the pods that the selector selects, and the selector of CIDR groups selects no pods. This project treats it as the selector of every identity, as the agent does if any direction of any endpoint is open.',
    random: aboutA({ egress: [{ toCIDRSet: [{ cidrGroupSelector: {} }], toPorts: on({ port: 'http', protocol: 'TCP' }) }] }),
  },
  {
    title: 'A selector with the same key in two spellings',
    text: 'A key without a source has the source `any`. If a selector has both spellings with different values, it keeps one of the values at random, each time the policy is read. This happens in all minors.',
    random: aboutA({ ingress: [{ fromEndpoints: [{ matchLabels: { app: 'b', 'any:app': 'c' } }] }] }),
  },
  {
    title: 'Two keys of a mapping that are the same in JSON',
    text: 'The Kubernetes tools convert keys to strings. A number and the same number in quotes are two keys before the conversion and one key after it. Which value is kept is random, and strict reading does not report it. This happens in all minors.',
    random: '1: a\n"1": b',
  },
];
