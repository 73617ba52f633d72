/** Programs whose policies the pages in docs/intents describe: their examples, with variants, alone and composed. */
import { App, Chart } from 'cdk8s';
import { Program } from './small-cluster';
import {
  AllowApiserver,
  CiliumNetworkPolicy,
  CloudProfile,
  Cluster,
  ClusterBaseline,
  ClusterBaselineProps,
  ControlPlane,
  DefaultDenyEgress,
  DefaultDenyEgressProps,
  DefaultDenyIngress,
  DefaultDenyIngressProps,
  DnsResolver,
  DomainAllowlist,
  EgressAllowlist,
  Exposure,
  HostFirewall,
  HttpRule,
  Icmp,
  InfraBaseline,
  InfraBaselineProps,
  IntentProps,
  Peer,
  Port,
  Selector,
  ServiceGuard,
  TenantIsolation,
  TenantIsolationProps,
} from 'cdk8s-cilium';

export const labelled = (app: string): Selector => Selector.labels({ app });
export const team = (app: App, namespace: string): Chart => new Chart(app, namespace, { namespace });
export const observed: IntentProps = { observe: true };

/** A program of several. */
export const all =
  (...programs: readonly Program[]): Program =>
  (app, chart) =>
    programs.forEach((program, index) => program(app, index === 0 ? chart : new Chart(app, `chart-${index}`)));

/** Any team, which opens everything for its pods. */
export const opens =
  (namespace: string): Program =>
  (app) => {
    const policy = new CiliumNetworkPolicy(new Chart(app, `open-${namespace}`, { namespace }), 'Open', {
      endpointSelector: Selector.all(),
    });
    policy.allowFrom(Peer.any());
    policy.allowTo(Peer.any());
  };

/** Any team, which closes everything for its pods. */
export const isolates =
  (namespace: string): Program =>
  (app) =>
    void new CiliumNetworkPolicy(new Chart(app, `closed-${namespace}`, { namespace }), 'Closed', {
      endpointSelector: Selector.all(),
      defaultDenyEgress: true,
      defaultDenyIngress: true,
    });

// The programs, as the pages have them in their examples.
export const apiserver: Program = (app) =>
  void new AllowApiserver(team(app, 'platform'), 'Operator', { endpointSelector: labelled('web'), apiserverPorts: [6443] });
export const apiserverEveryPort: Program = (app) =>
  void new AllowApiserver(team(app, 'platform'), 'Operator', { endpointSelector: labelled('web') });
export const apiserverEveryPod: Program = (app) => void new AllowApiserver(team(app, 'platform'), 'Operator', { apiserverPorts: [6443] });
export const apiserverWithDns: Program = (app) =>
  new AllowApiserver(team(app, 'platform'), 'Operator', { endpointSelector: labelled('web'), apiserverPorts: [6443] }).allowTo(
    Peer.kubeDns(),
    Port.dnsProxy(),
  );
export const apiserverObserved: Program = (app) =>
  void new AllowApiserver(team(app, 'platform'), 'Operator', { endpointSelector: labelled('web'), apiserverPorts: [6443], ...observed });

const denyEgress =
  (props: DefaultDenyEgressProps): Program =>
  (_, chart) =>
    void new DefaultDenyEgress(chart, 'DenyEgress', props);
export const dde = denyEgress({ exceptReserved: true });
export const ddeExample: Program = (_, chart) =>
  new DefaultDenyEgress(chart, 'DenyEgress', { exceptReserved: true }).allowTo(Peer.kubeApiserver(), Port.tcp(6443));
export const ddeWideApiserver: Program = (_, chart) =>
  new DefaultDenyEgress(chart, 'DenyEgress', { exceptReserved: true }).allowTo(Peer.kubeApiserver());
export const ddeWithReserved = denyEgress({});
export const ddeOpenshift = denyEgress({ exceptReserved: true, dns: DnsResolver.openshift() });
export const ddeMore = denyEgress({ exceptReserved: true, alsoExcept: ['monitoring'], exceptNamespacesLabeled: { team: 'x' } });
export const ddeObserved: Program = (_, chart) =>
  new DefaultDenyEgress(chart, 'DenyEgress', { exceptReserved: true, ...observed }).allowTo(Peer.kubeApiserver(), Port.tcp(6443));
export const ddeCache = denyEgress({ exceptReserved: true, dns: DnsResolver.nodeLocalDns() });
export const ddeHostResolver = denyEgress({ exceptReserved: true, dns: DnsResolver.of(Peer.host()) });
export const ddeOutside = denyEgress({ exceptReserved: true, dns: DnsResolver.of(Peer.cidrs('192.0.2.53/32')) });
export const oneName: Program = (app) =>
  new CiliumNetworkPolicy(team(app, 'shop'), 'Names', { endpointSelector: Selector.all() }).allowTo(
    Peer.kubeDns(),
    Port.any(53).dns('*.example.com'),
  );

const denyIngress =
  (props: DefaultDenyIngressProps, gateway = true): Program =>
  (_, chart) => {
    const closed = new DefaultDenyIngress(chart, 'DenyIngress', props);
    if (gateway) {
      closed.allowFrom(Peer.ingress());
    }
  };
export const ddi = denyIngress({ exceptNamespaces: ['kube-system', 'monitoring'] });
export const ddiAlone = denyIngress({}, false);
export const ddiMore = denyIngress({ alsoExcept: ['openshift-dns'], exceptNamespacesLabeled: { team: 'x' } });
export const ddiObserved = denyIngress(observed);
export const ddiApiserver: Program = (_, chart) => new DefaultDenyIngress(chart, 'DenyIngress').allowFrom(Peer.kubeApiserver());
export const ddiCluster: Program = (_, chart) => new DefaultDenyIngress(chart, 'DenyIngress').allowFrom(Peer.cluster());

const infrastructure =
  (props: Partial<InfraBaselineProps>): Program =>
  (_, chart) =>
    void new InfraBaseline(chart, 'Infra', { namespaceLabels: { role: 'infrastructure' }, ...props });
const cloud = CloudProfile.of({ fqdns: ['**.cdn.example.com'], cidrs: ['198.51.100.0/24'] });
export const infra = infrastructure({ cloud, fqdns: ['api.example.com'], kubeletPorts: [10250, 10255], apiserverPorts: [6443] });
export const infraWide = infrastructure({});
export const infraExcept = infrastructure({ exceptNamespaces: ['infra2'], apiserverPorts: [6443] });
export const infraKubeSystem = infrastructure({
  namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' },
  resolverUpstream: Peer.cidrs('192.0.2.53/32'),
});
export const infraObserved = infrastructure({ ...observed, cloud, apiserverPorts: [6443] });
export const infraDenied: Program = (_, chart) =>
  new InfraBaseline(chart, 'Infra', {
    namespaceLabels: { role: 'infrastructure' },
    cloud: CloudProfile.of({ cidrs: ['169.254.0.0/16'] }),
  }).denyTo(Peer.cidrs('169.254.169.254/32'));
export const infraCloudOnly = infrastructure({ cloud, kubeletPorts: [], apiserverPorts: [6443] });
export const infraPodCidr = infrastructure({ cidrs: ['10.0.0.0/8', '172.16.0.0/16'], kubeletPorts: [], apiserverPorts: [6443] });

export const nodes: Program = (_, chart) => void new HostFirewall(chart, 'Nodes', { ssh: true, ping: true });
export const nodesWorkers: Program = (_, chart) =>
  new HostFirewall(chart, 'Nodes', {
    nodeSelector: Selector.labels({ 'node-role.kubernetes.io/worker': '' }),
    controlPlane: ControlPlane.worker(Peer.cidrs('198.51.100.0/28')),
  }).allowFrom(Peer.cidrs('203.0.113.0/24'), Port.tcp(22));
export const nodesServers: Program = (_, chart) =>
  void new HostFirewall(chart, 'Nodes', {
    nodeSelector: Selector.labels({ 'node-role.kubernetes.io/control-plane': '' }),
    controlPlane: ControlPlane.server(Peer.any()),
  });
export const nodesObserved: Program = (_, chart) => void new HostFirewall(chart, 'Nodes', { ...observed, ssh: true });
export const nodesPing6: Program = (_, chart) =>
  new HostFirewall(chart, 'Nodes', { ping: true }).allowFrom(Peer.any(), Icmp.v6('EchoRequest'));

export const tenants =
  (...some: readonly TenantIsolationProps[]): Program =>
  (_, chart) =>
    some.forEach((props, index) => void new TenantIsolation(chart, `Tenant${index}`, props));
export const one = { namespaceLabels: { 'tenant-id': '001' } };
const two = { namespaceLabels: { 'tenant-id': '002' } };
export const tenant = tenants({ ...one, dns: DnsResolver.kubeDns() }, two);
export const tenantNamespace: Program = (app) => void new TenantIsolation(team(app, 'shop'), 'Tenant');
export const tenantApiserver = tenants({ ...one, allowApiserver: true });
export const tenantApiserverPort = tenants({ ...one, allowApiserver: true, apiserverPorts: [6443] });
export const tenantOverlap = tenants({ ...one, mayOverlap: true }, { namespaceLabels: { team: 'x' }, mayOverlap: true });
export const tenantShared: Program = (_, chart) => {
  const shared = new TenantIsolation(chart, 'Tenant', one);
  shared.allowFrom(Peer.ingress());
  shared.allowTo(Peer.endpoints(Selector.all().inNamespace('data')));
};
export const tenantObserved = tenants({ ...one, ...observed });

export const names: Program = (app) =>
  void new DomainAllowlist(team(app, 'shop'), 'Names', {
    endpointSelector: labelled('web'),
    domains: ['api.example.com', '*.cdn.example.com'],
    ports: [Port.tcp(443)],
  });
export const namesDeep: Program = (app) =>
  void new DomainAllowlist(new Chart(app, 'deep', { namespace: 'shop' }), 'Names', {
    endpointSelector: labelled('web'),
    domains: ['**.cdn.example.com'],
  });
export const namesSni: Program = (app) =>
  void new DomainAllowlist(team(app, 'shop'), 'Names', {
    endpointSelector: labelled('web'),
    domains: ['api.example.com'],
    ports: [Port.tcp(443).serverNames('api.example.com')],
  });
export const namesAndPods: Program = (app) =>
  new DomainAllowlist(team(app, 'shop'), 'Names', { endpointSelector: labelled('web'), domains: ['api.example.com'] }).allowTo(
    Peer.endpoints(labelled('db')),
  );
export const namesObserved: Program = (app) =>
  void new DomainAllowlist(team(app, 'shop'), 'Names', { endpointSelector: labelled('web'), domains: ['api.example.com'], ...observed });

const allowlist =
  (props: object, peers: ConstructorParameters<typeof EgressAllowlist>[2]['peers']): Program =>
  (app) =>
    void new EgressAllowlist(team(app, 'shop'), 'Out', { endpointSelector: labelled('web'), peers, ...props });
export const db = Peer.endpoints(labelled('db').inNamespace('data'));
export const egress = allowlist({ ports: [Port.tcp(5432)], dns: DnsResolver.kubeDns() }, [Peer.cidrs('192.0.2.0/24'), db]);
export const egressNoDns = allowlist({ ports: [Port.tcp(5432)] }, [db]);
export const egressName = allowlist({ ports: [Port.tcp(443)] }, [Peer.fqdns('api.example.com')]);
export const egressNoPorts = allowlist({}, [db]);
export const egressPodCidr = allowlist({}, [Peer.cidrs('10.0.0.0/8', '172.16.0.0/16')]);
export const egressNodes = allowlist({}, [Peer.allNodes()]);
export const egressService = allowlist({ ports: [Port.tcp(5432)] }, [Peer.service('db', 'data')]);
export const egressApiserver = allowlist({}, [Peer.kubeApiserver()]);
export const egressApiserverPort = allowlist({ ports: [Port.tcp(6443)] }, [Peer.kubeApiserver()]);
export const egressAnyPeer = allowlist({ ports: [Port.tcpRange(80, 444)] }, [Peer.any()]);
export const egressObserved = allowlist({ ...observed, ports: [Port.tcp(5432)] }, [db]);
export const egressPing: Program = (app) =>
  new EgressAllowlist(team(app, 'shop'), 'Out', { endpointSelector: labelled('web'), peers: [db], ports: [Port.tcp(5432)] }).allowTo(
    db,
    Icmp.echoRequest(),
  );

const guard =
  (props: object): Program =>
  (app) =>
    void new ServiceGuard(team(app, 'shop'), 'Api', {
      endpointSelector: labelled('api'),
      clients: [Peer.labels({ app: 'web' })],
      ports: [Port.tcp(8080).http(HttpRule.get('/v1/.*'))],
      ...props,
    });
export const service = guard({});
const servicePublic = (exposure: Exposure): Program => guard({ clients: [], ports: [Port.tcp(8443)], exposure });
export const [loadBalancer, nodePort] = [servicePublic(Exposure.LOAD_BALANCER), servicePublic(Exposure.NODE_PORT)];
export const serviceKnown = guard({ clients: [Peer.cidrs('203.0.113.0/24')], ports: [Port.tcp(8443)] });
export const serviceGateway = guard({ clients: [Peer.ingress()], ports: [Port.tcp(8443)] });
export const serviceObserved = guard(observed);
export const serviceTwice: Program = all(service, (app) =>
  new CiliumNetworkPolicy(new Chart(app, 'wide', { namespace: 'shop' }), 'Wide', { endpointSelector: labelled('api') }).allowFrom(
    Peer.labels({ app: 'web' }),
    Port.tcp(8080),
  ),
);

const baselineWith =
  (props: ClusterBaselineProps): Program =>
  (app) =>
    new ClusterBaseline(app, 'baseline', props).defaultDenyEgress?.allowTo(Peer.kubeApiserver(), Port.tcp(6443));
const parts = {
  defaultDenyEgress: { exceptReserved: true },
  infrastructure: { namespaceLabels: { role: 'infrastructure' }, kubeletPorts: [], apiserverPorts: [6443] },
  hostFirewall: { ssh: true },
};
export const baseline = baselineWith({ ...parts, tenants: [one] });
export const baselineExcept = baselineWith({
  ...parts,
  defaultDenyEgress: { exceptReserved: true, alsoExcept: ['infra2', 'green'] },
  tenants: [one],
});
export const baselineObserved = baselineWith({
  defaultDenyEgress: { ...parts.defaultDenyEgress, ...observed },
  infrastructure: { ...parts.infrastructure, ...observed },
  hostFirewall: { ...parts.hostFirewall, ...observed },
  tenants: [{ ...one, ...observed }],
});
export const tenantsAlone: Program = (app) => void new ClusterBaseline(app, 'baseline', { tenants: [one] });
export const tenantsDns: Program = (app) =>
  void new ClusterBaseline(app, 'baseline', { tenants: [{ ...one, dns: DnsResolver.kubeDns() }] });
export const baselineIngress: Program = (app) => {
  const platform = new ClusterBaseline(app, 'baseline', parts);
  new DefaultDenyIngress(platform, 'Ingress');
};
export const teamOnBaseline: Program = all(baseline, (app) => {
  const shop = team(app, 'shop');
  new EgressAllowlist(shop, 'Web', {
    endpointSelector: labelled('web'),
    peers: [Peer.endpoints(labelled('api'))],
    ports: [Port.tcp(8080)],
  });
  new ServiceGuard(shop, 'Api', { endpointSelector: labelled('api'), clients: [Peer.endpoints(labelled('web'))], ports: [Port.tcp(8080)] });
  new DomainAllowlist(shop, 'Provider', { endpointSelector: labelled('api'), domains: ['api.example.com'], ports: [Port.tcp(443)] });
});

/** Programs in a cluster that says once what its policies have in common. */
export const inCluster: Program = () => {
  const cluster = new Cluster('prod', { apiserverPorts: [6443] });
  new AllowApiserver(team(cluster, 'platform'), 'Operator', { endpointSelector: labelled('web') });
  return cluster;
};
export const inOpenshift: Program = () => {
  const cluster = new Cluster('prod', { dns: DnsResolver.openshift() });
  new DomainAllowlist(team(cluster, 'shop'), 'Names', { endpointSelector: labelled('web'), domains: ['api.example.com'] });
  return cluster;
};
