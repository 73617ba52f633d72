/** What a ClusterNetworkPolicy says of each value, and what it refuses. */
import { ApiObject, App, Chart } from 'cdk8s';
import { manifest } from '../support/synth';
import {
  Authentication,
  ClusterNetworkPolicy,
  Entity,
  HttpRule,
  Icmp,
  Peer,
  PlainTraffic,
  Port,
  Ports,
  Protocol,
  Selector,
  TcpPort,
  Tier,
} from 'cdk8s-cilium';

const all = Selector.all();
const everyPod = Peer.endpoints(all);
const HEAD = { tier: Tier.ADMIN, priority: 10, subject: all };

function rendered(write: (policy: ClusterNetworkPolicy) => void, props: object = {}): Record<string, unknown> {
  return manifest((chart) => write(new ClusterNetworkPolicy(chart, 'P', { ...HEAD, ...props }))).spec as Record<string, unknown>;
}

test('each verb adds one rule, in the order of the calls', () => {
  const made = manifest((chart) => {
    const policy = new ClusterNetworkPolicy(chart, 'P', { ...HEAD, description: 'why', metadata: { name: 'p', annotations: { a: 'b' } } });
    policy.acceptFrom(everyPod, Port.tcp(443));
    policy.denyTo(everyPod);
    policy.passFrom(Peer.endpoints(Selector.labels({ app: 'a' }), Selector.labels({ app: 'b' }).inNamespace('data')));
    policy.acceptTo(Peer.cidrs('192.0.2.0/24', '::/0'));
    policy.denyFrom(everyPod);
    policy.passTo(Peer.nodes(Selector.labels({ pool: 'edge' })));
  });
  expect(made).toEqual({
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'p', annotations: { a: 'b', 'kubernetes.io/description': 'why' } },
    spec: {
      tier: 'Admin',
      priority: 10,
      subject: { namespaces: {} },
      ingress: [
        { action: 'Accept', from: [{ namespaces: {} }], protocols: [{ tcp: { destinationPort: { number: 443 } } }] },
        {
          action: 'Pass',
          from: [
            { pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'a' } } } },
            {
              pods: {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } },
                podSelector: { matchLabels: { app: 'b' } },
              },
            },
          ],
        },
        { action: 'Deny', from: [{ namespaces: {} }] },
      ],
      egress: [
        { action: 'Deny', to: [{ namespaces: {} }] },
        { action: 'Accept', to: [{ networks: ['192.0.2.0/24', '::/0'] }] },
        { action: 'Pass', to: [{ nodes: { matchLabels: { pool: 'edge' } } }] },
      ],
    },
  });
});

const NAME = 'kubernetes.io/metadata.name';
const expression = (key: string, operator: string, ...values: string[]) => ({ key, operator, ...(values.length > 0 && { values }) });

test.each<[Selector, object]>([
  [all, { namespaces: {} }],
  [all.inAnyNamespace(), { namespaces: {} }],
  [all.inNamespace('a'), { namespaces: { matchLabels: { [NAME]: 'a' } } }],
  [
    all.inNamespacesLabeled({ team: 'x' }).inNamespacesWithLabel('zone'),
    {
      namespaces: { matchLabels: { team: 'x' }, matchExpressions: [expression('zone', 'Exists')] },
    },
  ],
  // What only excludes would select the world and nodes.
  [
    all.outsideNamespaces('a', 'b'),
    { namespaces: { matchExpressions: [expression(NAME, 'Exists'), expression(NAME, 'NotIn', 'a', 'b')] } },
  ],
  [
    all.outsideNamespacesWithLabel('team'),
    {
      namespaces: { matchExpressions: [expression(NAME, 'Exists'), expression('team', 'DoesNotExist')] },
    },
  ],
  [
    Selector.labels({ 'k8s:app': 'a', tier: 'x' }).whereNotIn('env', 'dev'),
    {
      pods: {
        namespaceSelector: {},
        podSelector: { matchLabels: { app: 'a', tier: 'x' }, matchExpressions: [expression('env', 'NotIn', 'dev')] },
      },
    },
  ],
  [
    all.withServiceAccount('robot'),
    {
      pods: { namespaceSelector: {}, podSelector: { matchLabels: { 'io.cilium.k8s.policy.serviceaccount': 'robot' } } },
    },
  ],
  [all.exceptGateway(), { namespaces: {} }],
])('row %#: a selector is rendered for a subject and for a peer alike', (selector, pods) => {
  expect(rendered((policy) => policy.denyFrom(Peer.endpoints(selector)), { subject: selector })).toMatchObject({
    subject: pods,
    ingress: [{ from: [pods] }],
  });
});

const tcp = (destinationPort: object) => ({ tcp: { destinationPort } });
const every = { range: { start: 1, end: 65535 } };

test.each<[PlainTraffic[], unknown]>([
  [[], undefined],
  [[Port.everything()], undefined],
  [[Port.tcp(80)], [tcp({ number: 80 })]],
  [[Port.tcpRange(80, 90)], [tcp({ range: { start: 80, end: 90 } })]],
  [[Port.tcpRange(80, 80)], [tcp({ number: 80 })]],
  [[Port.any(53)], ['tcp', 'udp', 'sctp'].map((protocol) => ({ [protocol]: { destinationPort: { number: 53 } } }))],
  [[Port.allTcp()], [tcp(every)]],
  [[Port.named('HTTP', Protocol.ANY)], [{ destinationNamedPort: 'http' }]],
  [[Ports.of([Port.tcp(1), Port.udp(2)])], [tcp({ number: 1 }), { udp: { destinationPort: { number: 2 } } }]],
])('row %#: ports are protocols', (ports, protocols) => {
  const [rule] = rendered((policy) => policy.denyTo(everyPod, ...ports)).egress as { protocols?: object[] }[];
  expect(rule.protocols).toEqual(protocols);
});

test('the same CIDR or name twice is one, because the API server refuses two', () => {
  const { egress } = rendered((policy) => {
    policy.denyTo(Peer.cidrs('192.0.2.0/24', '192.0.2.0/24'));
    policy.acceptTo(Peer.fqdns('*.a.example', 'b.example.', '*.a.example'));
  });
  expect(egress).toEqual([
    { action: 'Deny', to: [{ networks: ['192.0.2.0/24'] }] },
    { action: 'Accept', to: [{ domainNames: ['*.a.example', 'b.example.'] }] },
  ]);
});

let chart: Chart;
beforeEach(() => {
  chart = new Chart(new App(), 'chart', { namespace: 'shop' });
});

const made = (props: object = {}) => new ClusterNetworkPolicy(chart, 'P', { ...HEAD, ...props });
const untyped = <T>(value: unknown) => value as T;
const names = untyped<Peer>(Peer.fqdns('a.example'));

const FROM =
  'write Peer.endpoints(Selector.all()) for every pod; in ingress, nothing else can be named: use a CiliumClusterwideNetworkPolicy for that';
const TO =
  "write Peer.endpoints(Selector.all()) for every pod, Peer.cidrs('0.0.0.0/0', '::/0') for addresses outside the cluster, or Peer.nodes(Selector.all()), one rule each";
const INGRESS = 'name pods, or write the rule in a CiliumClusterwideNetworkPolicy';
const ONLY_ACCEPT = 'a ClusterNetworkPolicy can only accept connections to names; use names only in acceptTo(), and deny CIDRs';
const SPLIT = 'write one rule for some of them, and another for the rest';
const INSIDE =
  'a ClusterNetworkPolicy cannot look inside connections; give only ports; rules for requests, names and TLS belong in a CiliumNetworkPolicy, which passTo() and passFrom() leave the decision to';
const many = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test.each<[string, () => unknown, string]>([
  ['every source', () => made().denyFrom(Peer.any()), `a ClusterNetworkPolicy cannot name every peer; ${FROM}`],
  ['every destination', () => made().denyTo(Peer.any()), `a ClusterNetworkPolicy cannot name every peer; ${TO}`],
  ['an entity', () => made().acceptTo(Peer.world()), `a ClusterNetworkPolicy cannot name the entity \`world\`; ${TO}`],
  [
    'an entity in ingress',
    () => made().acceptFrom(Peer.entities(Entity.HOST)),
    `a ClusterNetworkPolicy cannot name the entity \`host\`; ${FROM}`,
  ],
  [
    'the own namespace',
    () => made().passTo(Peer.sameNamespace()),
    'a ClusterNetworkPolicy has no namespace of its own; write Peer.endpoints() with a selector that names the namespace',
  ],
  [
    'addresses as a source',
    () => made().denyFrom(Peer.cidrs('10.0.0.0/8')),
    `a ClusterNetworkPolicy cannot name addresses in ingress; ${INGRESS}`,
  ],
  ['nodes as a source', () => made().denyFrom(Peer.nodes(all)), `a ClusterNetworkPolicy cannot name nodes in ingress; ${INGRESS}`],
  [
    'an exception',
    () => made().denyTo(Peer.cidrExcept('10.0.0.0/8', '10.1.0.0/16')),
    'a ClusterNetworkPolicy cannot except addresses from a CIDR; write an earlier rule for the excepted CIDRs: the first rule that matches decides',
  ],
  [
    'a CIDR group',
    () => made().denyTo(Peer.cidrGroups('office')),
    'a ClusterNetworkPolicy cannot name CIDR groups; write their CIDRs with Peer.cidrs()',
  ],
  [
    'an AWS group',
    () => made().denyTo(Peer.awsGroups({ labels: { a: 'b' } })),
    'a ClusterNetworkPolicy cannot name AWS groups; write their CIDRs with Peer.cidrs()',
  ],
  [
    'a Service',
    () => made().acceptTo(Peer.service('api', 'shop')),
    'a ClusterNetworkPolicy cannot name Services; name their pods with Peer.endpoints()',
  ],
  ['a denied name', () => made().denyTo(names), ONLY_ACCEPT],
  ['a name as a source', () => made().acceptFrom(names), ONLY_ACCEPT],
  [
    'a pattern of CNPs',
    () => made().acceptTo(Peer.fqdns('**.a.example')),
    'name `**.a.example` begins with `**.`; write `*.a.example`, which matches names of any depth in a ClusterNetworkPolicy',
  ],
  [
    'a star inside',
    () => made().acceptTo(Peer.fqdns('api*.a.example')),
    'name `api*.a.example` has the label `api*`; in a ClusterNetworkPolicy, write letters, digits, inner `-` and `_`, and `*.` only in front of a name',
  ],
  [
    'every name',
    () => made().acceptTo(Peer.fqdns('*')),
    'name `*` has fewer than two labels, besides `*.`; write at least two, for example `example.com`',
  ],
  [
    'a long pattern',
    () => made().acceptTo(Peer.fqdns(`*.${'a.'.repeat(126)}b`)),
    `name \`*.${'a.'.repeat(126)}b\` has 255 characters, the most is 254 for a pattern`,
  ],
  [
    'an IPv4 address in IPv6',
    () => made().denyTo(Peer.cidrs('::ffff:10.0.0.0/104')),
    'CIDR `::ffff:10.0.0.0/104` has an IPv4 address in the form of IPv6; write it as an IPv4 address',
  ],
  [
    '26 selectors',
    () => made().denyTo(Peer.endpoints(...many(26).map(() => all))),
    `a rule of a ClusterNetworkPolicy has 26 peers, the most is 25; ${SPLIT}`,
  ],
  [
    '26 CIDRs',
    () => made().denyTo(Peer.cidrs(...many(26).map((i) => `10.${i}.0.0/16`))),
    `a rule of a ClusterNetworkPolicy has 26 CIDRs, the most is 25; ${SPLIT}`,
  ],
  [
    '27 protocols',
    () => made().denyTo(everyPod, ...many(9).map((i) => Port.any(i))),
    'a rule of a ClusterNetworkPolicy has 27 protocols, the most is 25; write a range, or another rule; a port of every protocol counts as three',
  ],
  [
    '26 rules',
    () => {
      const policy = made();
      many(26).forEach(() => policy.denyTo(everyPod));
    },
    'egress of a ClusterNetworkPolicy has more than 25 rules; name several peers in one rule, or write another policy with the next priority',
  ],
  ['requests', () => made().acceptTo(everyPod, untyped<TcpPort>(Port.tcp(80).http(HttpRule.get('/')))), INSIDE],
  ['authentication', () => made().acceptTo(everyPod, untyped<TcpPort>(Authentication.required())), INSIDE],
  [
    'ICMP',
    () => made().acceptTo(everyPod, Icmp.echoRequest()),
    'a ClusterNetworkPolicy cannot name ICMP types; leave ports out: a rule without ports covers ICMP too',
  ],
  [
    'a protocol without ports',
    () => made().denyTo(everyPod, Port.protocol(Protocol.GRE)),
    'a ClusterNetworkPolicy cannot name the protocol GRE; it has only TCP, UDP and SCTP',
  ],
  [
    'a named port of one protocol',
    () => made().denyTo(everyPod, Port.tcpNamed('http')),
    "a ClusterNetworkPolicy cannot limit the named port http/TCP to a protocol; write Port.named('http', Protocol.ANY), or the number of the port",
  ],
  [
    'a named port of nodes',
    () => made().denyTo(Peer.nodes(all), Port.named('http', Protocol.ANY)),
    'the named port `http` needs pods as peers; write its number: only pods name their ports',
  ],
  [
    'everything and more',
    () => made().denyTo(everyPod, Port.everything(), Port.tcp(1)),
    'Port.everything() is given beside other traffic; leave one of them out',
  ],
  [
    'no peer',
    () => made().denyTo(untyped(undefined)),
    "peer of egress is undefined, not an EgressPeer; write one, for example Peer.labels({ app: 'web' })",
  ],
  [
    'no traffic',
    () => made().denyTo(everyPod, untyped('80')),
    'traffic of egress is `80`, not an EgressTraffic; write one, for example Port.tcp(443)',
  ],
  [
    'another source of labels',
    () => made().denyTo(Peer.endpoints(Selector.labels({ 'container:a': 'b' }))),
    'selector of a peer requires label `container:a`, but a ClusterNetworkPolicy selects only by labels of Kubernetes; select by labels as they are written on pods, namespaces and nodes, without a source',
  ],
  [
    'a key that Kubernetes does not take',
    () => made({ subject: Selector.labels({ 'k8s:a=b': 'c' }) }),
    'label key `a=b` has characters that are not allowed in a label; write `name` or `domain/name`',
  ],
  [
    'a subject that is no pod',
    () => made({ subject: Selector.labels({ 'reserved:health': '' }) }),
    'subject names `reserved:health`, which is not a pod; write a CiliumClusterwideNetworkPolicy',
  ],
  [
    'a subject without a namespace',
    () => made({ subject: all.whereAbsent('io.kubernetes.pod.namespace') }),
    'subject excludes every namespace; a ClusterNetworkPolicy selects only pods, which have one: leave it out',
  ],
  [
    'two names of one namespace',
    () => made({ subject: all.inNamespace('a').inNamespacesLabeled({ [NAME]: 'b' }) }),
    `requirements of subject on label \`${NAME}\` exclude each other; the selector would match nothing: remove one of them`,
  ],
  [
    'the cluster of nodes',
    () => made().denyTo(Peer.nodes(all.inCluster('east'))),
    'node selector requires a cluster; nodes have no such label here: select them by their own labels',
  ],
  ['a high priority', () => made({ priority: 1001 }), 'priority is 1001; write a whole number from 0, which comes first, to 1000'],
  ['half a priority', () => made({ priority: 0.5 }), 'priority is 0.5; write a whole number from 0, which comes first, to 1000'],
  ['an unknown tier', () => made({ tier: 'admin' }), 'unknown tier `admin`; did you mean `Admin`?'],
  [
    'two descriptions',
    () => made({ description: 'a', metadata: { annotations: { 'kubernetes.io/description': 'b' } } }),
    'description and the annotation `kubernetes.io/description` are both given; leave one of them out',
  ],
  [
    'a namespace',
    () => made({ metadata: { namespace: 'shop' } }),
    'a ClusterNetworkPolicy has no namespace, but metadata sets `shop`; leave the namespace out',
  ],
])('%s throws', (_, write, message) => {
  expect(write).toThrow(new Error(`${message}, at chart/P`));
});

test('a policy without a rule fails the synthesis', () => {
  expect(made().node.validate()).toEqual([
    'policy has no rule, so it does nothing; add one with acceptFrom(), acceptTo(), denyFrom(), denyTo(), passFrom() or passTo()',
  ]);
});

test('two policies of one name fail the synthesis, and a kind of the same name in another group does not', () => {
  const [one, two] = ['A', 'B'].map((id) => new ClusterNetworkPolicy(chart, id, { ...HEAD, metadata: { name: 'p' } }));
  new ApiObject(chart, 'Other', { apiVersion: 'networking.k8s.aws/v1alpha1', kind: 'ClusterNetworkPolicy', metadata: { name: 'p' } });
  [one, two].forEach((policy) => policy.denyTo(everyPod));
  expect(chart.node.root.node.validate()).toEqual([
    'ClusterNetworkPolicy p is created by chart/A and chart/B; give each its own metadata.name, or each cluster its own app',
  ]);
  expect(one.name).toBe('p');
});
