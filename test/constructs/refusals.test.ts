/** What cannot be typed throws at the line that is wrong, and says what is wrong, what to write instead, and where. */
import { App, Chart } from 'cdk8s';
import {
  AllowApiserver,
  Authentication,
  CiliumCidrGroup,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  CloudProfile,
  Cluster,
  ClusterBaseline,
  ControlPlane,
  DefaultDenyEgress,
  DefaultDenyIngress,
  DnsResolver,
  DomainAllowlist,
  EgressAllowlist,
  EgressPeer,
  Entity,
  EnvoyConfigKind,
  Exposure,
  External,
  Guardrails,
  HeaderMatch,
  HostFirewall,
  HttpRule,
  Icmp,
  InfraBaseline,
  Intent,
  Mismatch,
  Peer,
  PlainTraffic,
  Policies,
  Port,
  Ports,
  Protocol,
  Selector,
  ServiceGuard,
  TenantIsolation,
  Traffic,
  Workload,
} from 'cdk8s-cilium';

const all = Selector.all();
const web = Port.tcp(80).http(HttpRule.get('/'));
const dns = Port.any(53).dns('*');
const listener = Port.tcp(80).listener({ name: 'l', envoyConfig: 'e', kind: EnvoyConfigKind.CILIUM_ENVOY_CONFIG });

let chart: Chart;
beforeEach(() => {
  chart = new Chart(new App(), 'chart');
});

const namespaced = () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all });
const clusterwide = () => new CiliumClusterwideNetworkPolicy(chart, 'Web', { endpointSelector: all });
const nodes = () => new CiliumClusterwideNetworkPolicy(chart, 'Nodes', { nodeSelector: all });

/** A value that TypeScript would refuse: other languages and JavaScript do not. */
const untyped = <T>(value: unknown) => value as T;

const REFUSED: readonly (readonly [what: string, write: () => unknown, message: string])[] = [
  // Selectors
  ['no labels', () => Selector.labels({}), 'map of labels is empty; give at least one label, or write Selector.all() to select everything'],
  [
    'absent labels',
    () => Selector.labels(untyped(undefined)),
    'map of labels is empty; give at least one label, or write Selector.all() to select everything',
  ],
  [
    'no namespace labels',
    () => all.inNamespacesLabeled({}),
    'map of namespace labels is empty; give at least one label, or write Selector.all() to select everything',
  ],
  ['a number as label value', () => Selector.labels({ app: untyped(5) }), 'value of label `app` is 5, not a string'],
  [
    'a bad label value',
    () => Selector.labels({ app: 'a b' }),
    'label value `a b` has characters that are not allowed in a label; use letters, digits, `-`, `_` and `.`, beginning and ending with a letter or a digit',
  ],
  [
    'a bad label key',
    () => all.whereExists('a b'),
    'label key `a b` has characters that are not allowed in a label; write `key`, `domain/key` or `source:key`',
  ],
  ['no values', () => all.whereIn('app'), 'list of values for label `app` is empty; give at least one value'],
  [
    'no excluded namespaces',
    () => all.outsideNamespaces(),
    'list of values for label `io.kubernetes.pod.namespace` is empty; give at least one value',
  ],
  [
    'two namespaces',
    () => all.inNamespace('a').inNamespace('b'),
    'selector requires both namespace `a` and namespace `b`; create one selector for each namespace and pass both',
  ],
  [
    'a label with two values',
    () => Selector.labels({ app: 'a' }).inCluster('x').inCluster('y'),
    'selector requires label `io.cilium.k8s.policy.cluster` to be both `x` and `y`; write whereIn() to match one of several values',
  ],
  [
    'an upper-case namespace',
    () => all.inNamespace('Shop'),
    'namespace `Shop` is not a valid name; use lower-case letters, digits and `-`, beginning and ending with a letter or a digit',
  ],

  [
    'a namespace by two names of its key',
    () => Selector.labels({ 'k8s:io.kubernetes.pod.namespace': 'a' }).inNamespace('b'),
    'selector requires both namespace `a` and namespace `b`; create one selector for each namespace and pass both',
  ],
  [
    'a source of a label of namespaces',
    () => all.inNamespacesLabeled({ 'k8s:team': 'a' }),
    'label key `k8s:team` has characters that are not allowed in a label; write `name` or `domain/name`',
  ],
  ['a label key that is no text', () => all.whereExists(untyped(5)), 'label key is 5, not a string'],

  [
    'requirements that exclude each other',
    () => Selector.labels({ app: 'a' }).whereNotIn('app', 'a'),
    'requirements on label `app` exclude each other; the selector would match nothing: remove one of them',
  ],
  [
    'two lists of values without a common one',
    () => all.whereIn('tier', 'edge').whereIn('tier', 'dmz'),
    'requirements on label `tier` exclude each other; the selector would match nothing: remove one of them',
  ],
  [
    'a label that is present and absent',
    () => all.whereExists('tier').whereAbsent('tier'),
    'requirements on label `tier` exclude each other; the selector would match nothing: remove one of them',
  ],
  [
    'namespaces excluded by the raw label',
    () => Peer.endpoints(all.whereNotIn('k8s:io.kubernetes.pod.namespace', 'a')),
    'label key `k8s:io.kubernetes.pod.namespace` excludes namespaces, and would let in what has none; write outsideNamespaces(), which is right as a peer in every minor',
  ],
  [
    'labels of namespaces excluded by the raw label',
    () => Peer.endpoints(all.whereAbsent('io.cilium.k8s.namespace.labels.team')),
    'label key `io.cilium.k8s.namespace.labels.team` excludes namespaces, and would let in what has none; write outsideNamespacesLabeled() or outsideNamespacesWithLabel(), which is right as a peer in every minor',
  ],
  [
    'namespaces outside of two labels',
    () => all.outsideNamespacesLabeled({ a: 'b', c: 'd' }),
    '2 namespace labels are given, and excluding both is not the same as excluding either; give one label; call outsideNamespacesLabeled() for each label to exclude namespaces that have any of them',
  ],
  ['namespaces outside of no label', () => all.outsideNamespacesLabeled({}), 'map of namespace labels is empty; give one label'],
  [
    'a label of namespaces that cannot be',
    () => all.outsideNamespacesWithLabel('a b'),
    'label key `a b` has characters that are not allowed in a label; write `name` or `domain/name`',
  ],

  // Peers
  [
    'nodes by a raw label',
    () => Peer.labels({ 'reserved:host': '' }),
    'selector of a peer names `reserved:host`, which would extend it to nodes and the world; write Peer.host() to match it; to exclude it, leave it out: a selector matches only pods as a peer',
  ],
  [
    'the gateway excluded by a raw label',
    () => Peer.endpoints(all.whereAbsent('reserved:ingress')),
    'selector of a peer names `reserved:ingress`, which would extend it to nodes and the world; write Peer.ingress() to match it; to exclude it, leave it out: a selector matches only pods as a peer',
  ],
  [
    'a label that Cilium does not keep, as peer',
    () => Peer.labels({ 'pod-template-hash': 'x' }),
    'selector of a peer requires label `pod-template-hash`, which Cilium excludes from identities; select by other labels, or write withKeptLabel() if the agents are set to keep it',
  ],
  [
    'a label that is nearly one of Cilium',
    () => Peer.labels({ 'k8s.io.kubernetes.pod.namespace.labels.tenant': 'a' }),
    'selector of a peer requires label `k8s.io.kubernetes.pod.namespace.labels.tenant`, which no pod has; write `io.cilium.k8s.namespace.labels.tenant`',
  ],
  [
    'the label that a namespace has, as that of a pod',
    () => Peer.labels({ 'kubernetes.io/metadata.name': 'shop' }),
    'selector of a peer requires label `kubernetes.io/metadata.name`, which no pod has; write `io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name`',
  ],
  [
    'an address as a name',
    () => Peer.fqdns('203.0.113.20'),
    'DNS name `203.0.113.20` is an address, which nobody looks up; give addresses to Peer.cidrs(), with their prefix length',
  ],
  [
    'a DNS name as that of a Service',
    () => Peer.service('postgres.db.svc', 'db'),
    'no Service has the name `postgres.db.svc`, because names of Services have no dots; write `postgres`',
  ],
  [
    'entities in a namespace',
    () => Peer.world().inNamespace('data'),
    'only peers that are given by labels can be limited to a namespace; write Peer.labels() or Peer.endpoints()',
  ],
  [
    'the own namespace in another',
    () => Peer.sameNamespace().inNamespace('data'),
    'only peers that are given by labels can be limited to a namespace; write Peer.labels() or Peer.endpoints()',
  ],
  [
    'a peer in two namespaces',
    () => Peer.labels({ app: 'a' }).inNamespace('a').inNamespace('b'),
    'selector requires both namespace `a` and namespace `b`; create one selector for each namespace and pass both',
  ],
  [
    'a map as selector',
    () => Peer.endpoints(untyped({ app: 'a' })),
    'selector is an object, not a Selector; write one, for example Selector.all()',
  ],
  ['a list as CIDR', () => Peer.cidrs(untyped(['10.0.0.0/8'])), 'CIDR is a list, not a string'],
  ['an absent name', () => Peer.fqdns(untyped(undefined)), 'DNS name is undefined, not a string'],
  [
    'a hole wider than its block',
    () => Peer.cidrExcept('10.0.0.0/9', '10.0.0.0/8'),
    'excepted CIDR `10.0.0.0/8` is not inside `10.0.0.0/9`; write an exception that is part of the CIDR',
  ],
  [
    'all CIDR groups, which would be every address',
    () => Peer.cidrGroupsLabeled(all.whereAbsent('internal')),
    'CIDR group selector requires no label; it would match every address outside the cluster: write Peer.world() if you mean that',
  ],
  [
    'a service account of nodes',
    () => Peer.nodes(all.withServiceAccount('a')),
    'node selector requires a service account; nodes have none: select them by their own labels',
  ],
  [
    'a cluster of CIDR groups',
    () => Peer.cidrGroupsLabeled(all.inCluster('a')),
    'CIDR group selector requires a cluster; select CIDR groups by their own labels',
  ],
  ['no selectors', () => Peer.endpoints(), 'list of selectors is empty; an empty list would match no peer: give at least one selector'],
  ['no entities', () => Peer.entities(), 'list of entities is empty; an empty list would match no peer: give at least one entity'],
  ['a misspelt entity', () => Peer.entities(untyped('wrold')), 'unknown entity `wrold`; did you mean `world`?'],
  [
    'an unknown entity',
    () => Peer.entities(untyped('everybody-else')),
    `unknown entity \`everybody-else\`; write one of ${Object.values(Entity).join(', ')}`,
  ],
  ['no CIDRs', () => Peer.cidrs(), 'list of CIDRs is empty; an empty list would match no peer: give at least one CIDR'],
  ['a bare address', () => Peer.cidrs('10.0.0.1'), 'CIDR `10.0.0.1` has no prefix length; write `10.0.0.1/32` for one address'],
  [
    'no holes',
    () => Peer.cidrExcept('10.0.0.0/8'),
    'list of excepted CIDRs is empty; give at least one CIDR, or use the peer without exceptions',
  ],
  [
    'a hole outside its block',
    () => Peer.cidrExcept('10.0.0.0/8', '192.0.2.0/24'),
    'excepted CIDR `192.0.2.0/24` is not inside `10.0.0.0/8`; write an exception that is part of the CIDR',
  ],
  ['no CIDR groups', () => Peer.cidrGroups(), 'list of CIDR groups is empty; an empty list would match no peer: give at least one name'],
  [
    'a group of a namespace',
    () => Peer.cidrGroupsLabeled(all.inNamespace('a')),
    'CIDR group selector requires a namespace; select CIDR groups by their own labels',
  ],
  [
    'no node selectors',
    () => Peer.nodes(),
    'list of node selectors is empty; an empty list would match no peer: give at least one selector',
  ],
  [
    'a node of a namespace',
    () => Peer.nodes(all.inAnyNamespace()),
    'node selector requires a namespace; nodes have none: select them by their own labels',
  ],
  ['no AWS groups', () => Peer.awsGroups(), 'list of AWS groups is empty; an empty list would match every peer: give at least one group'],
  [
    'an empty AWS group',
    () => Peer.awsGroups({ region: 'x' }),
    'AWS group is empty; give labels, securityGroupsIds or securityGroupsNames',
  ],
  ['no names', () => Peer.fqdns(), 'list of names is empty; an empty list would match every peer: give at least one name'],
  [
    'a pattern with a forbidden character',
    () => Peer.fqdns('api[1-5].example.com'),
    'DNS name `api[1-5].example.com` contains `[`; write letters, digits, `-`, `_` and `.`, with `*` as the only wildcard',
  ],
  ['a name that is too long', () => Peer.fqdns('a'.repeat(256)), 'DNS name has 256 characters, the most is 255'],
  [
    'a Service selector that names a namespace',
    () => Peer.services(all.inNamespace('a'), 'b'),
    'Service selector requires a namespace; select Services by their own labels, and give the namespace as the second argument',
  ],

  // Ports
  ['port 0', () => Port.tcp(0), 'port 0 means every port; write Port.allTcp(), Port.allUdp() or Port.allSctp()'],
  ['port 65536', () => Port.udp(65536), 'port 65536 is not a valid port number; write a whole number from 1 to 65535'],
  ['a port as text', () => Port.any(untyped('80')), 'port `80` is not a valid port number; write a whole number from 1 to 65535'],
  ['half a port', () => Port.sctp(0.5), 'port 0.5 is not a valid port number; write a whole number from 1 to 65535'],
  ['a range backwards', () => Port.tcpRange(90, 80), 'port range 90–80 ends before it begins; write the lower port first: 80, 90'],
  ['a number as port name', () => Port.tcpNamed('80'), 'port name `80` is a number; write Port.tcp(80)'],
  ['a number as name of any port', () => Port.named('80', Protocol.ANY), 'port name `80` is a number; write Port.any(80)'],
  [
    'a port name that is too long',
    () => Port.tcpNamed('metrics-and-more'),
    'port `metrics-and-more` is neither a number from 0 to 65535 nor a valid port name; a port name has 1 to 15 letters, digits and single hyphens, and at least one letter',
  ],
  [
    'a name for a protocol without ports',
    () => Port.named('x', Protocol.GRE),
    'protocol GRE has no ports; write Port.protocol(Protocol.GRE)',
  ],
  ['an unknown protocol', () => Port.protocol(untyped('tcp')), 'unknown protocol `tcp`; did you mean `TCP`?'],
  [
    'no computed ports',
    () => Ports.of([]),
    'list of ports is empty; an empty list would open every port: give at least one port, or write Port.everything()',
  ],
  [
    'no computed ports with requests',
    () => Ports.withRules([]),
    'list of ports is empty; an empty list would open every port: give at least one port, or write Port.everything()',
  ],
  [
    'requests in ports for a deny',
    () => Ports.of([untyped<PlainTraffic>(web)]),
    'ports[0] is an L7Port, not a PlainTraffic; write one, for example Port.tcp(443)',
  ],
  ['DNS on every port', () => Port.allUdp().dns('*'), 'DNS rules need a port; write the port of the resolver, such as Port.any(53)'],
  ['DNS on a range', () => Port.udpRange(53, 54).dns('*'), 'DNS rules cannot cover the range 53–54; write one port, such as Port.any(53)'],
  ['no DNS names', () => Port.udp(53).dns(), "list of DNS names is empty; write '*' to allow every name"],
  ['no HTTP rules', () => Port.tcp(80).http(), 'list of HTTP rules is empty; write HttpRule.of({}) to allow every request'],
  ['no server names', () => Port.tcp(443).serverNames(), 'list of server names is empty; give at least one name'],
  ['a server name twice', () => Port.tcp(443).serverNames('a', 'a'), 'server name `a` is given twice; write it once'],
  [
    'server names twice',
    () => Port.tcp(443).serverNames('a').serverNames('b'),
    'serverNames of a port is set twice; set it once, with all of its values',
  ],
  [
    'a listener without a name',
    () => Port.tcp(80).listener({ name: '', envoyConfig: 'e' }),
    'name or envoyConfig of a listener is empty; give the name of the listener and the name of the resource that defines it',
  ],
  [
    'a listener of an unknown kind',
    () => Port.tcp(80).listener({ name: 'l', envoyConfig: 'e', kind: untyped('Envoy') }),
    'unknown kind of Envoy configuration `Envoy`; write one of CiliumEnvoyConfig, CiliumClusterwideEnvoyConfig',
  ],
  [
    'a listener of priority 0',
    () => Port.tcp(80).listener({ name: 'l', envoyConfig: 'e', priority: 0 }),
    'listener priority 0 is out of range; write a whole number from 1 to 100',
  ],
  [
    'a listener of priority 101',
    () => Port.tcp(80).listener({ name: 'l', envoyConfig: 'e', priority: 101 }),
    'listener priority 101 is out of range; write a whole number from 1 to 100',
  ],
  [
    'a TLS context of a Secret that cannot be',
    () => Port.tcp(443).terminatingTls({ secretName: 'No' }),
    'name `No` is not a lower-case DNS name; use lower-case letters, digits, `-` and `.`, beginning and ending with a letter or a digit',
  ],

  ['no TLS context', () => Port.tcp(443).terminatingTls(untyped(5)), 'properties of TlsContext are 5, not an object; give secretName'],
  [
    'something else than an HTTP rule',
    () => Port.tcp(80).http(untyped('/')),
    "HTTP rule is `/`, not an HttpRule; write one, for example HttpRule.get('/')",
  ],

  ['requests with no headers at all', () => HttpRule.get('/', { headers: [] }), 'headers is empty; leave it out for any headers'],
  [
    'requests with no header matches at all',
    () => HttpRule.of({ headerMatches: [] }),
    'headerMatches is empty; leave it out for any headers',
  ],
  ['AWS instances by no tags', () => Peer.awsGroups({ labels: {} }), 'labels is empty; leave it out to select no instances by it'],
  ['a Map of labels', () => Selector.labels(untyped(new Map([['app', 'a']]))), 'map of labels is a Map, not a mapping'],
  [
    'a class as peer',
    () => Peer.endpoints(untyped(Selector)),
    'selector is a function, not a Selector; write one, for example Selector.all()',
  ],
  [
    'a line break in a name',
    () => Peer.fqdns('a\nb'),
    'DNS name `a␊b` contains `␊`; write letters, digits, `-`, `_` and `.`, with `*` as the only wildcard',
  ],
  ['a label without a key', () => all.withKeptLabel(untyped(undefined), 'a'), 'label key is undefined, not a string'],
  [
    'intents in nothing',
    () => Intent.allIn(untyped(undefined)),
    'scope is undefined, not a construct; give the app, a chart or a construct',
  ],
  [
    'a resolver of cdk8s that is none',
    () => new Cluster('prod', { resolvers: [untyped({})] }),
    'resolvers[0] is an object, not a resolver; write an object with the method resolve',
  ],
  [
    'an output that cdk8s does not have',
    () => new Cluster('prod', { yamlOutputType: untyped(9) }),
    'unknown yamlOutputType 9; write a member of YamlOutputType',
  ],

  // Connections and policies as data
  [
    'a workload of no name',
    () => Workload.labels(chart, '--', { app: 'a' }),
    'id of a workload `--` has no letter and no digit; give an id, for example `Web`: the policy is named after it, at chart',
  ],
  [
    'a number for a port of a workload',
    () => Workload.imported('shop', { app: 'a' }, { ports: { web: untyped(80) } }),
    'value of `web` in ports is 80, not a Port; write one, for example Port.tcp(443)',
  ],
  ['a peer without a name', () => External.peer(untyped(undefined), Peer.world()), 'name of a peer is undefined, not a string'],
  [
    'a function for a visitor',
    () => Policies.of(chart).visit(untyped(() => undefined)),
    'visitor is a function, not a visitor; give an object with the method visitPolicy',
  ],
  [
    'guardrails around nothing',
    () => Guardrails.of(untyped(undefined)),
    'scope is undefined, not a construct; give the app, a chart or a construct',
  ],

  // ICMP
  ['no ICMP type', () => Icmp.v4(untyped(undefined)), 'ICMP type is undefined, not a string'],
  ['an ICMP type out of range', () => Icmp.v4(256), 'ICMP type 256 is out of range; write a number from 0 to 255'],
  [
    'an ICMP name of the other family',
    () => Icmp.v4('PacketTooBig'),
    'unknown ICMP type `PacketTooBig` for IPv4; write its number, 0 to 255',
  ],
  ['a misspelt ICMP name', () => Icmp.v6('EchoRequst'), 'unknown ICMP type `EchoRequst` for IPv6; did you mean `EchoRequest`?'],
  [
    'an ICMP name that the CRD misspells',
    () => Icmp.v6('ExtendedEchoReply'),
    'ICMP type `ExtendedEchoReply` cannot be written by name: the CRD misspells it; write 161',
  ],

  // HTTP
  [
    'look-ahead in a path',
    () => HttpRule.get('/(?=a)'),
    'regular expression `/(?=a)` is not valid: invalid or unsupported Perl syntax: `(?=`; write RE2 syntax: no look-around, no back-references, repeats up to 1000',
  ],
  [
    'a header without a blank',
    () => HttpRule.get('/', { headers: ['X-A:b'] }),
    'header `X-A:b` has no space after the colon; write `Name: value`, or `Name` for any value',
  ],
  [
    'a header name that cannot be',
    () => HeaderMatch.present(''),
    'header name `` is not valid; use letters, digits and hyphens, for example `X-Team`',
  ],
  [
    'an unknown mismatch action',
    () => HeaderMatch.equals('X', 'y', { mismatch: untyped('DROP') }),
    `unknown mismatch action \`DROP\`; write one of ${Object.values(Mismatch).join(', ')}`,
  ],
  [
    'a gRPC path as service',
    () => HttpRule.grpc('/shop.Cart'),
    'gRPC service `/shop.Cart` is not a valid name; write `package.Service` and `Method`, as in the .proto file',
  ],
  [
    'a gRPC path as method',
    () => HttpRule.grpc('shop.Cart', 'Add/'),
    'gRPC method `Add/` is not a valid name; write `package.Service` and `Method`, as in the .proto file',
  ],

  [
    'a path as shells write it',
    () => HttpRule.get('/api/*'),
    'path `/api/*` matches only more slashes at its `*`, because it is a regular expression; write `/api/.*`',
  ],
  [
    'a path without a slash',
    () => HttpRule.get('public'),
    'path `public` matches no request, because paths begin with a slash; begin it with a slash, such as `/public`',
  ],
  [
    'a lower-case method',
    () => HttpRule.of({ method: 'get' }),
    'method `get` matches no request, because methods are upper case; write `GET`',
  ],
  ['an empty path, which would be any', () => HttpRule.get(''), 'path is empty; leave it out for any path'],
  ['an absent path', () => HttpRule.get(untyped(undefined)), 'path is undefined, not a string'],
  ['an empty host, which would be any', () => HttpRule.of({ host: '' }), 'host is empty; leave it out for any host'],
  [
    'a path for the parts of a request',
    () => HttpRule.of(untyped('/')),
    'properties of HttpRule are `/`, not an object; give an object, such as `{ host: … }`',
  ],
  [
    'an empty header value, which would be any',
    () => HeaderMatch.exactly('X-A', ''),
    'header value `` is empty, or begins or ends with a space; write the whole value, or only the header name for any value',
  ],
  [
    'a header of two blanks',
    () => HttpRule.get('/', { headers: ['X-A:  b'] }),
    'header value ` b` is empty, or begins or ends with a space; write the whole value, or only the header name for any value',
  ],
  ['an absent header name', () => HeaderMatch.present(untyped(undefined)), 'header name is undefined, not a string'],

  // Rules
  [
    'a port with rules and without',
    () => namespaced().allowFrom(Peer.any(), Port.tcp(80), web),
    'port 80/TCP has rules and is given twice; give every port once, with all of its rules, at chart/Web',
  ],
  [
    'two kinds of rules on one port, of which one is over any protocol',
    () => namespaced().allowTo(Peer.any(), Port.any(80).dns('*'), web),
    'port 80/ANY has rules, and 80/TCP may be the same port; give every port once, with all of its rules, at chart/Web',
  ],
  [
    'a range around a port with rules',
    () => namespaced().allowFrom(Peer.any(), Port.tcpRange(70, 90), web),
    'port 80/TCP has rules, and 70–90/TCP may be the same port; give every port once, with all of its rules, at chart/Web',
  ],
  [
    'every port beside a port with rules',
    () => namespaced().allowFrom(Peer.any(), Ports.withRules([Port.allTcp(), web])),
    'port 80/TCP has rules, and every TCP port may be the same port; give every port once, with all of its rules, at chart/Web',
  ],
  [
    'a named port beside a port with rules',
    () => namespaced().allowFrom(Peer.any(), Port.tcpNamed('web'), web),
    'port 80/TCP has rules, and web/TCP may be the same port; write both as numbers, at chart/Web',
  ],
  [
    'everything beside a port',
    () => namespaced().allowFrom(Peer.any(), Port.everything(), Port.tcp(80)),
    'Port.everything() is given beside other traffic; leave one of them out, at chart/Web',
  ],
  [
    'a Secret of no namespace, clusterwide',
    () => clusterwide().allowTo(Peer.any(), Port.tcp(443).terminatingTls({ secretName: 's' })),
    'a clusterwide policy has no namespace in which to look for Secrets; set secretNamespace, at chart/Web',
  ],
  [
    'a name as source',
    () => namespaced().allowFrom(untyped<Peer>(Peer.fqdns('a'))),
    'a name cannot be used in ingress; use names and Services only as destinations of allowTo(), at chart/Web',
  ],
  [
    'a Service denied',
    () => namespaced().denyTo(untyped<Peer>(Peer.service('a', 'b'))),
    'a Service cannot be used in egressDeny; use names and Services only as destinations of allowTo(), at chart/Web',
  ],
  [
    'no peer at all',
    () => namespaced().allowTo(untyped<EgressPeer>(undefined)),
    'peer of egress is undefined; create it with a factory method of Peer, at chart/Web',
  ],
  [
    'a number as traffic',
    () => namespaced().allowFrom(Peer.any(), untyped<Traffic>(80)),
    'traffic of ingress is 80; create it with a factory method of Port, Icmp or Authentication, at chart/Web',
  ],
  [
    'HTTP in a deny',
    () => namespaced().denyFrom(Peer.any(), untyped<PlainTraffic>(web)),
    'ingressDeny cannot look inside connections; deny only ports and ICMP types, without HTTP, DNS, TLS or authentication, at chart/Web',
  ],
  [
    'DNS on ingress',
    () => namespaced().allowFrom(Peer.any(), untyped<Traffic>(dns)),
    'DNS rules and listeners cannot be used in ingress; they apply only to connections that the subject opens: write allowTo(), at chart/Web',
  ],
  [
    'a listener on ingress',
    () => nodes().allowFrom(Peer.any(), untyped<Traffic>(listener)),
    'DNS rules and listeners cannot be used in ingress; they apply only to connections that the subject opens: write allowTo(), at chart/Nodes',
  ],
  [
    'HTTP on ingress of nodes',
    () => nodes().allowFrom(Peer.any(), web),
    'HTTP rules cannot apply to nodes; leave them out: a node policy covers only ports, and DNS look-ups of the node, at chart/Nodes',
  ],
  [
    'HTTP on egress of nodes',
    () => nodes().allowTo(Peer.any(), web),
    'HTTP rules cannot apply to nodes; leave them out: a node policy covers only ports, and DNS look-ups of the node, at chart/Nodes',
  ],
  [
    'server names on HTTP inside TLS',
    () => namespaced().allowTo(Peer.any(), web.serverNames('a')),
    'server names with HTTP rules need terminatingTls; add it: the proxy cannot read requests inside TLS that it does not terminate, at chart/Web',
  ],
  [
    'a namespaced listener in a clusterwide policy',
    () => clusterwide().allowTo(Peer.any(), listener),
    'a clusterwide policy cannot use a CiliumEnvoyConfig; write EnvoyConfigKind.CILIUM_CLUSTERWIDE_ENVOY_CONFIG, at chart/Web',
  ],
  [
    'the same namespace, clusterwide',
    () => clusterwide().allowFrom(Peer.sameNamespace()),
    'a clusterwide policy has no namespace of its own; write Peer.endpoints() with a selector that names the namespace, at chart/Web',
  ],
  [
    'two modes of authentication',
    () => namespaced().allowFrom(Peer.any(), Authentication.required(), Authentication.disabled()),
    'authentication is given twice; give one mode per rule, at chart/Web',
  ],

  // Policies
  [
    'a misspelt property',
    () => new CiliumNetworkPolicy(chart, 'Web', untyped({ endpointSelector: all, defaultDenyIngres: true })),
    'CiliumNetworkPolicy has no property `defaultDenyIngres`; did you mean `defaultDenyIngress`?, at chart/Web',
  ],
  [
    'a name outside of metadata',
    () => new CiliumNetworkPolicy(chart, 'Web', untyped({ endpointSelector: all, namespace: 'shop' })),
    'CiliumNetworkPolicy has no property `namespace`; write metadata: { namespace: … }, at chart/Web',
  ],
  [
    'a misspelt field of metadata',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all, metadata: untyped({ anotations: {} }) }),
    'metadata has no property `anotations`; did you mean `annotations`?, at chart/Web',
  ],
  [
    'a misspelt key of a rule label',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all, labels: [untyped({ key: 'a', vlaue: 'b' })] }),
    'labels[0] has no property `vlaue`; did you mean `value`?, at chart/Web',
  ],
  [
    'a reserved endpoint as subject of a namespace',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all.whereExists('reserved:health') }),
    'endpointSelector of a namespaced policy names `reserved:health`, which has no namespace; leave it out, or write a CiliumClusterwideNetworkPolicy, at chart/Web',
  ],
  [
    'nodes as endpoints',
    () => new CiliumClusterwideNetworkPolicy(chart, 'Web', { endpointSelector: all.whereExists('reserved:host') }),
    'endpointSelector names `reserved:host`, which is not an endpoint; select nodes with nodeSelector, at chart/Web',
  ],
  [
    'the world as endpoints',
    () => new CiliumClusterwideNetworkPolicy(chart, 'Web', { endpointSelector: all.whereExists('reserved:world') }),
    'endpointSelector names `reserved:world`, which is not an endpoint; the endpoints without a namespace are reserved:health, reserved:ingress, reserved:init, at chart/Web',
  ],
  [
    'a label that Cilium does not keep, as subject',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: Selector.labels({ 'statefulset.kubernetes.io/pod-name': 'db-0' }) }),
    'endpointSelector requires label `statefulset.kubernetes.io/pod-name`, which Cilium excludes from identities; select by other labels, or write withKeptLabel() if the agents are set to keep it, at chart/Web',
  ],
  [
    'no subject, namespaced',
    () => new CiliumNetworkPolicy(chart, 'Web', untyped({})),
    'endpointSelector of CiliumNetworkPolicy is missing; give endpointSelector, at chart/Web',
  ],
  [
    'no subject, clusterwide',
    () => new CiliumClusterwideNetworkPolicy(chart, 'Web', {}),
    'set exactly one of endpointSelector and nodeSelector, at chart/Web',
  ],
  [
    'two subjects',
    () => new CiliumClusterwideNetworkPolicy(chart, 'Web', { endpointSelector: all, nodeSelector: all }),
    'set exactly one of endpointSelector and nodeSelector, at chart/Web',
  ],
  [
    'another namespace as subject',
    () => namespaced().addSpec({ endpointSelector: all.inNamespace('other') }),
    'endpointSelector of a namespaced policy names a namespace; leave the namespace out, or write a CiliumClusterwideNetworkPolicy, at chart/Web',
  ],
  [
    'nodes of a namespace',
    () => new CiliumClusterwideNetworkPolicy(chart, 'Nodes', { nodeSelector: all.inNamespacesLabeled({ a: 'b' }) }),
    'nodeSelector requires labels of a namespace; nodes have none: select them by their own labels, at chart/Nodes',
  ],
  [
    'nodes by a label that Cilium filters out',
    () => new CiliumClusterwideNetworkPolicy(chart, 'Nodes', { nodeSelector: Selector.labels({ 'kubernetes.io/hostname': 'n1' }) }),
    "nodeSelector requires label `kubernetes.io/hostname`, which Cilium excludes from a node's identity; select nodes by `node-role.kubernetes.io/…` or by your own labels, or write withKeptLabel() if the agents are set to keep it, at chart/Nodes",
  ],
  [
    'a log text that is too long',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all, log: 'x'.repeat(33) }),
    'log value has 33 characters, the most is 32, at chart/Web',
  ],
  [
    'a rule label without a key',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all, labels: [{ key: '' }] }),
    'a rule label has no key; give every label a key, at chart/Web',
  ],
  [
    'a name that is too long',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all, metadata: { name: 'a'.repeat(254) } }),
    `name \`${'a'.repeat(254)}\` has 254 characters, the most is 253; use lower-case letters, digits, \`-\` and \`.\`, beginning and ending with a letter or a digit, at chart/Web`,
  ],
  [
    'a namespace for a clusterwide policy',
    () => new CiliumClusterwideNetworkPolicy(chart, 'Web', { endpointSelector: all, metadata: { namespace: 'a' } }),
    'a CiliumClusterwideNetworkPolicy has no namespace, but metadata sets `a`; leave the namespace out, at chart/Web',
  ],
  [
    'a namespace that cannot be',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all, metadata: { namespace: 'a'.repeat(64) } }),
    `namespace \`${'a'.repeat(64)}\` has 64 characters, the most is 63, at chart/Web`,
  ],
  [
    'a label of the manifest that cannot be',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all, metadata: { labels: { 'a/b/c': '' } } }),
    'label key `a/b/c` has more than one `/`; write `name` or `domain/name`, at chart/Web',
  ],
  [
    'a CIDR group with an address',
    () => new CiliumCidrGroup(chart, 'Office', { cidrs: ['2001:db8::1'] }),
    'CIDR `2001:db8::1` has no prefix length; write `2001:db8::1/128` for one address, at chart/Office',
  ],

  [
    'a default deny that is neither',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all, defaultDenyIngress: untyped(null) }),
    'defaultDenyIngress is null, not a boolean, at chart/Web',
  ],
  [
    'a namespace of the chart that cannot be',
    () => new CiliumNetworkPolicy(new Chart(new App(), 'bad', { namespace: 'Bad' }), 'Web', { endpointSelector: all }),
    'namespace `Bad` is not a valid name; use lower-case letters, digits and `-`, beginning and ending with a letter or a digit, at bad/Web',
  ],
  [
    'an annotation that cannot be',
    () => new CiliumNetworkPolicy(chart, 'Web', { endpointSelector: all, metadata: { annotations: { 'a b': '' } } }),
    'annotation key `a b` is not valid; write `name` or `domain/name`, at chart/Web',
  ],
  [
    'one CIDR for a list of them',
    () => new CiliumCidrGroup(chart, 'Office', { cidrs: untyped('10.0.0.0/8') }),
    'cidrs is `10.0.0.0/8`, not a list, at chart/Office',
  ],

  // Intents
  [
    'a service on no ports',
    () => new ServiceGuard(chart, 'Api', { endpointSelector: all, clients: [Peer.world()], ports: [] }),
    'list of ports is empty; leave ports out to open every port, at chart/Api',
  ],
  [
    'names on no ports',
    () => new DomainAllowlist(chart, 'Api', { endpointSelector: all, domains: ['a'], ports: [] }),
    'list of ports is empty; leave ports out to open every port, at chart/Api',
  ],
  [
    'destinations on no ports',
    () => new EgressAllowlist(chart, 'Api', { endpointSelector: all, peers: [Peer.world()], ports: [] }),
    'list of ports is empty; leave ports out to open every port, at chart/Api',
  ],
  [
    'an exception without the resolver',
    () => new DefaultDenyEgress(chart, 'Deny', { exceptNamespaces: ['monitoring'] }),
    'exceptNamespaces leaves out `kube-system`, where the resolver could not reach its own upstream any more; add it, or leave exceptNamespaces out and give the others with alsoExcept, at chart/Deny',
  ],
  [
    'exceptions by two labels',
    () => new DefaultDenyEgress(chart, 'Deny', { exceptNamespacesLabeled: { a: 'b', c: 'd' } }),
    '2 namespace labels are given, and excluding both is not the same as excluding either; give one label; call outsideNamespacesLabeled() for each label to exclude namespaces that have any of them, at chart/Deny',
  ],
  [
    'exceptions by no label',
    () => new DefaultDenyIngress(chart, 'Deny', { exceptNamespacesLabeled: {} }),
    'exceptNamespacesLabeled is empty; give one label, or leave it out to except no namespace by a label, at chart/Deny',
  ],
  [
    'infrastructure that is the resolver',
    () => new InfraBaseline(chart, 'Infra', { namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }),
    "namespaceLabels name the resolver's own namespace, where the resolver could not reach its upstream any more; give resolverUpstream, or write a policy of its own for that namespace, at chart/Infra",
  ],
  [
    'infrastructure that the default deny leaves alone',
    () =>
      new ClusterBaseline(new App(), 'base', {
        defaultDenyEgress: { alsoExcept: ['logging'] },
        infrastructure: { namespaceLabels: { 'kubernetes.io/metadata.name': 'logging' } },
      }),
    'infrastructure names `logging`, which defaultDenyEgress leaves alone; give infrastructure a resolverUpstream if the resolver runs there, or write a policy of its own for that namespace, at base',
  ],
  [
    'a part that is switched on instead of given',
    () => new ClusterBaseline(new App(), 'base', { hostFirewall: untyped(true) }),
    'hostFirewall is true, not an object; write {} for the defaults, at base',
  ],
  [
    'an API server on no port',
    () => new AllowApiserver(chart, 'Api', { apiserverPorts: [] }),
    'apiserverPorts is empty; leave them out to open every port, or give the port that the API server listens on, often 6443, at chart/Api',
  ],
  [
    'an API server on a port that cannot be',
    () => new AllowApiserver(chart, 'Api', { apiserverPorts: [70_000] }),
    'port 70000 is not a valid port number; write a whole number from 1 to 65535, at chart/Api',
  ],
  [
    'a further spec while observing',
    () => new HostFirewall(chart, 'Nodes', { observe: true }).policy.addSpec({ endpointSelector: all }),
    'a further spec of a policy that only observes would close at once; write it as a separate policy, or leave observe out, at chart/Nodes/Policy',
  ],
  [
    'a deny on the policy while observing',
    () => new TenantIsolation(chart, 'Tenant', { namespaceLabels: { a: 'b' }, observe: true }).policy.denyFrom(Peer.world()),
    'a deny rule in a policy that only observes would deny at once; write it in a separate policy, or leave observe out, at chart/Tenant/Policy',
  ],
  [
    'a near miss in a derived class',
    () => new (class extends DefaultDenyEgress {})(chart, 'Deny', untyped({ observed: true, ours: 1 })),
    'DefaultDenyEgress has no property `observed`; did you mean `observe`?, at chart/Deny',
  ],
  [
    'a tenant twice, with its labels in another order',
    () =>
      new ClusterBaseline(new App(), 'base', {
        tenants: [{ namespaceLabels: { a: 'b', c: 'd' } }, { namespaceLabels: { c: 'd', a: 'b' } }],
      }),
    'tenant c=d, a=b is given twice; give each tenant once, at base',
  ],
  ['an API server for nobody', () => ControlPlane.server(), 'list of clients is empty; write Peer.any() to allow every peer'],
  [
    'observing as text',
    () => new DefaultDenyEgress(chart, 'Deny', { observe: untyped('true') }),
    'observe is `true`, not a boolean, at chart/Deny',
  ],
  ['SSH as text', () => new HostFirewall(chart, 'Nodes', { ssh: untyped('true') }), 'ssh is `true`, not a boolean, at chart/Nodes'],
  [
    'a resolver on every port',
    () => DnsResolver.of(Peer.host(), Port.allUdp()),
    'DNS rules need a port; write the port of the resolver, such as Port.any(53)',
  ],
  [
    'one namespace for a list of them',
    () => new DefaultDenyEgress(chart, 'Deny', { exceptNamespaces: untyped('a') }),
    'exceptNamespaces is `a`, not a list, at chart/Deny',
  ],
  [
    'a bare address in an intent',
    () => new InfraBaseline(chart, 'Infra', { namespaceLabels: { a: 'b' }, cidrs: ['10.0.0.1'] }),
    'CIDR `10.0.0.1` has no prefix length; write `10.0.0.1/32` for one address, at chart/Infra',
  ],
  [
    'a tenant twice',
    () => new ClusterBaseline(new App(), 'base', { tenants: [{ namespaceLabels: { a: 'b' } }, { namespaceLabels: { a: 'b' } }] }),
    'tenant a=b is given twice; give each tenant once, at base',
  ],
  [
    'a deny while observing egress',
    () => new DefaultDenyEgress(chart, 'Deny', { observe: true }).denyTo(Peer.world()),
    'a deny rule in a policy that only observes would deny at once; write it in a separate policy, or leave observe out, at chart/Deny/Policy',
  ],
  [
    'a deny while observing infrastructure',
    () => new InfraBaseline(chart, 'Infra', { namespaceLabels: { a: 'b' }, observe: true }).denyTo(Peer.world()),
    'a deny rule in a policy that only observes would deny at once; write it in a separate policy, or leave observe out, at chart/Infra/Policy',
  ],
  [
    'a deny while observing nodes',
    () => new HostFirewall(chart, 'Nodes', { observe: true }).denyFrom(Peer.world()),
    'a deny rule in a policy that only observes would deny at once; write it in a separate policy, or leave observe out, at chart/Nodes/Policy',
  ],
  [
    'a deny while observing ingress',
    () => new DefaultDenyIngress(chart, 'Deny', { observe: true }).denyFrom(Peer.world()),
    'a deny rule in a policy that only observes would deny at once; write it in a separate policy, or leave observe out, at chart/Deny/Policy',
  ],
  [
    'infrastructure without labels',
    () => new InfraBaseline(chart, 'Infra', { namespaceLabels: {} }),
    'map of namespace labels is empty; give at least one label, or write Selector.all() to select everything, at chart/Infra',
  ],
  ['an empty cloud', () => CloudProfile.of({}), 'cloud profile is empty; give fqdns or cidrs'],
  [
    'a control plane from nowhere',
    () => ControlPlane.worker(),
    'list of control plane peers is empty; give the addresses that it connects from, for example with Peer.cidrs()',
  ],
  [
    'a tenant that is not said',
    () => new TenantIsolation(chart, 'Tenant'),
    'the tenant has no namespace; give namespaceLabels or metadata.namespace, or set the namespace of the chart, at chart/Tenant',
  ],
  [
    'no domains',
    () => new DomainAllowlist(chart, 'Names', { endpointSelector: all, domains: [] }),
    'list of domains is empty; an empty list would match every peer: give at least one name, at chart/Names',
  ],
  [
    'a service that nobody may enter',
    () => new ServiceGuard(chart, 'Api', { endpointSelector: all, clients: [] }),
    'the service allows no clients; give clients, or an exposure, at chart/Api',
  ],
  [
    'one client for a list of them',
    () => new ServiceGuard(chart, 'Api', { endpointSelector: all, clients: untyped(Peer.world()) }),
    'clients is a Peer, not a list, at chart/Api',
  ],
  [
    'a destination that is none',
    () => new EgressAllowlist(chart, 'Out', { endpointSelector: all, peers: [untyped<EgressPeer>(undefined)] }),
    "peers[0] is undefined, not an EgressPeer; write one, for example Peer.labels({ app: 'web' }), at chart/Out",
  ],
  ['no listener', () => Port.tcp(80).listener(untyped(undefined)), 'properties of EnvoyListener are missing; give name and envoyConfig'],
  ['no AWS group', () => Peer.awsGroups(untyped(undefined)), 'properties of AwsGroup are missing; give an object, such as `{ labels: … }`'],
  [
    'an unknown exposure',
    () => new ServiceGuard(chart, 'Api', { endpointSelector: all, clients: [], exposure: untyped('public') }),
    `unknown exposure \`public\`; write one of ${Object.values(Exposure).join(', ')}, at chart/Api`,
  ],
  [
    'no destinations',
    () => new EgressAllowlist(chart, 'Out', { endpointSelector: all, peers: [] }),
    'list of peers is empty; give at least one peer, at chart/Out',
  ],
  [
    'a baseline without parts',
    () => new ClusterBaseline(new App(), 'base', {}),
    'the baseline has no parts; give defaultDenyEgress, infrastructure, hostFirewall or tenants, at base',
  ],
];

test.each(REFUSED)('%s', (_, write, message) => {
  expect(write).toThrow(new Error(message));
});
