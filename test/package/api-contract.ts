/**
 * The public API as a program. It compiles in strict mode, and each `@ts-expect-error` is an error. Members may be added, but the members used here
 * keep their names and types.
 */
import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import {
  AllowApiserver,
  Authentication,
  CiliumCidrGroup,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  CloudProfile,
  ClusterBaseline,
  ClusterNetworkPolicy,
  DefaultDenyEgress,
  DefaultDenyIngress,
  DnsResolver,
  DomainAllowlist,
  EgressAllowlist,
  EgressPeer,
  Entity,
  Exposure,
  HeaderMatch,
  HostFirewall,
  HttpRule,
  Icmp,
  InfraBaseline,
  Mismatch,
  Peer,
  Port,
  Protocol,
  Selector,
  ServiceGuard,
  TenantIsolation,
  Tier,
} from 'cdk8s-cilium';

const chart = new Chart(new App(), 'contract', { namespace: 'shop' });

// Selectors
const db: Selector = Selector.labels({ app: 'db' }).inNamespace('data');
const any: Selector = Selector.all();
any.inNamespacesLabeled({ team: 'x' }).whereIn('tier', 'a', 'b').whereNotIn('env', 'dev').whereExists('team').whereAbsent('legacy');
any.inAnyNamespace().withServiceAccount('robot').inCluster('east');
any.outsideNamespaces('kube-system').inAnyCluster();

// Peers
const names: EgressPeer = Peer.fqdns('api.example.com', '**.cdn.example.com');
const service: EgressPeer = Peer.service('api', 'backend');
const services: EgressPeer = Peer.services(Selector.labels({ tier: 'api' }), 'backend');
const peers: Peer[] = [
  Peer.any(),
  Peer.labels({ app: 'a' }),
  Peer.endpoints(db, any),
  Peer.sameNamespace(),
  Peer.kubeDns(),
  Peer.entities(Entity.WORLD, Entity.KUBE_APISERVER),
  Peer.world(),
  Peer.cluster(),
  Peer.host(),
  Peer.remoteNodes(),
  Peer.allNodes(),
  Peer.kubeApiserver(),
  Peer.ingress(),
  Peer.health(),
  Peer.cidrs('192.0.2.0/24', '2001:db8::/32'),
  Peer.cidrExcept('10.0.0.0/8', '10.96.0.0/12'),
  Peer.cidrGroups('office'),
  Peer.cidrGroupsLabeled(Selector.labels({ site: 'hq' })),
  Peer.nodes(Selector.labels({ pool: 'edge' })),
];

// Traffic
const web = Port.tcp(80).http(HttpRule.get('/public'), HttpRule.put('/avatar', { headers: ['X-My-Header: true'] }));
Port.tcpRange(8000, 8100).http(
  HttpRule.of({
    method: 'GET',
    path: '/v1/.*',
    host: 'api\\.example\\.com',
    headerMatches: [
      HeaderMatch.equals('X-Team', 'x'),
      HeaderMatch.present('X-Trace'),
      HeaderMatch.secret('X-Key', 'shop', 'key', { mismatch: Mismatch.REPLACE }),
    ],
  }),
);
Port.tcp(443).serverNames('api.example.com', '*.cdn.example.com');
Port.dnsProxy();
Port.any(53).dns('*.example.com');
Port.udp(53).dns('example.com');
Port.named('dns', Protocol.UDP);
Port.tcpNamed('http').http(HttpRule.get('/'));
Port.allTcp();
Port.allUdp();
Port.allSctp();
Port.sctp(3868);
Port.udpRange(5000, 5010);
Port.protocol(Protocol.GRE);
HttpRule.post('/x');
HttpRule.del('/x');
HttpRule.patch('/x');
HttpRule.head('/x');
HttpRule.grpc('shop.Cart', 'Add');
Icmp.echoRequest();
Icmp.v4('DestinationUnreachable');
Icmp.v6(135);

// Policies
const policy = new CiliumNetworkPolicy(chart, 'Web', {
  endpointSelector: Selector.labels({ app: 'web' }),
  description: 'what web may do',
  metadata: { name: 'web' },
});
policy.allowFrom(peers[0], web);
policy.allowTo(names, Port.tcp(443));
policy.allowTo(service);
policy.allowTo(services, Port.tcp(8080));
policy.allowFrom(Peer.labels({ app: 'b' }), Port.tcp(9000), Authentication.required());
policy.denyTo(Peer.cidrs('169.254.169.254/32'));
policy.denyFrom(Peer.world(), Port.tcp(22), Icmp.echoRequest());
policy.addSpec({ endpointSelector: db }).allowFrom(Peer.sameNamespace());
const scope: Construct = policy;
new CiliumNetworkPolicy(scope, 'Closed', { endpointSelector: any, defaultDenyIngress: true });
new CiliumNetworkPolicy(chart, 'Open', { endpointSelector: any, defaultDenyEgress: false }).allowTo(Peer.kubeDns(), Port.dnsProxy());
new CiliumClusterwideNetworkPolicy(chart, 'Nodes', { nodeSelector: Selector.labels({ pool: 'edge' }) }).allowFrom(Peer.cluster());
new CiliumClusterwideNetworkPolicy(chart, 'Pods', { endpointSelector: any }).denyTo(Peer.world());
new CiliumCidrGroup(chart, 'Office', { cidrs: ['198.51.100.0/24'], metadata: { name: 'office', labels: { site: 'hq' } } });

// Tiers
const tiers = new ClusterNetworkPolicy(chart, 'Tiers', { tier: Tier.ADMIN, priority: 10, subject: any, description: 'why' });
tiers.acceptFrom(peers[1], Port.tcp(443), Port.udpRange(8000, 8100));
tiers.acceptTo(names, Port.tcp(443));
tiers.denyFrom(peers[2]);
tiers.denyTo(Peer.cidrs('192.0.2.0/24'), Port.everything());
tiers.passFrom(Peer.kubeDns(), Port.named('dns', Protocol.ANY));
tiers.passTo(Peer.nodes(any));

// Intents
new DefaultDenyEgress(chart, 'A', {
  exceptNamespaces: ['kube-system'],
  exceptReserved: true,
  dns: DnsResolver.nodeLocalDns(),
  observe: true,
}).allowTo(Peer.kubeApiserver());
new DefaultDenyEgress(chart, 'A2');
new DefaultDenyIngress(chart, 'B', { exceptNamespaces: ['kube-system'] }).allowFrom(Peer.ingress());
new InfraBaseline(chart, 'C', {
  namespaceLabels: { role: 'infrastructure' },
  cloud: CloudProfile.tke(),
  fqdns: ['**.example.com'],
  cidrs: ['192.0.2.0/24'],
  kubeletPorts: [10250],
});
new HostFirewall(chart, 'D', { nodeSelector: any, ssh: true, ping: true, ports: [Port.tcp(9100)] }).allowFrom(Peer.world(), Port.tcp(443));
new TenantIsolation(chart, 'E', { namespaceLabels: { 'tenant-id': '001' } });
new TenantIsolation(chart, 'E2', { metadata: { namespace: 'tenant-002' }, allowApiserver: true, dns: DnsResolver.kubeDns() });
new AllowApiserver(chart, 'F', { endpointSelector: Selector.labels({ app: 'operator' }) });
new DomainAllowlist(chart, 'G', { endpointSelector: any, domains: ['example.org', '*.example.org'], ports: [Port.tcp(443)] });
new ServiceGuard(chart, 'H', {
  endpointSelector: any,
  clients: [Peer.labels({ app: 'b' })],
  ports: [web],
  exposure: Exposure.LOAD_BALANCER,
});
new EgressAllowlist(chart, 'I', { endpointSelector: any, peers: [Peer.cidrs('192.0.2.0/24')], ports: [Port.tcp(80)] });
const made: CiliumClusterwideNetworkPolicy = new DefaultDenyEgress(chart, 'J').policy;
made.allowTo(Peer.health());
new ClusterBaseline(new App(), 'baseline', {
  defaultDenyEgress: { exceptNamespaces: ['kube-system'] },
  infrastructure: { namespaceLabels: { role: 'infrastructure' } },
  hostFirewall: { ssh: true },
});

// What must not compile
// @ts-expect-error a name cannot be a source
policy.allowFrom(names);
// @ts-expect-error a Service cannot be a source
policy.allowFrom(service);
// @ts-expect-error a name cannot be denied
policy.denyTo(names);
// @ts-expect-error a Service cannot be denied
policy.denyTo(service);
// @ts-expect-error a deny rule has no L7 rules
policy.denyFrom(Peer.world(), web);
// @ts-expect-error HTTP needs TCP
Port.udp(80).http(HttpRule.get('/'));
// @ts-expect-error HTTP needs an explicit TCP port
Port.any(80).http(HttpRule.get('/'));
// @ts-expect-error a port has one kind of L7 rules
Port.tcp(80).http(HttpRule.get('/')).dns('*');
// @ts-expect-error a namespaced policy cannot select nodes
new CiliumNetworkPolicy(chart, 'X', { nodeSelector: any });
// @ts-expect-error an intent has verbs only for a direction that it controls
new HostFirewall(chart, 'Y').allowTo(Peer.world());
// @ts-expect-error the selector is required
new CiliumNetworkPolicy(chart, 'Z', {});
// @ts-expect-error TLS needs TCP
Port.udp(443).serverNames('api.example.com');
// @ts-expect-error DNS rules exist only on egress
policy.allowFrom(Peer.world(), Port.udp(53).dns('*'));
// @ts-expect-error a listener exists only on egress
policy.allowFrom(Peer.world(), Port.tcp(80).listener({ name: 'l', envoyConfig: 'e' }));
// @ts-expect-error a listener cannot be combined with HTTP rules
web.listener({ name: 'l', envoyConfig: 'e' });
// @ts-expect-error a tier does not look inside connections
tiers.acceptTo(Peer.kubeDns(), Port.dnsProxy());
// @ts-expect-error a name can only be accepted
tiers.passTo(names);
// @ts-expect-error a name cannot be denied
tiers.denyTo(names);
// @ts-expect-error a name cannot be a source
tiers.acceptFrom(names);
// @ts-expect-error the subject is required
new ClusterNetworkPolicy(chart, 'NoSubject', { tier: Tier.BASELINE, priority: 1 });
