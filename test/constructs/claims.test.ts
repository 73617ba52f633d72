/**
 * Every sentence of the pages in docs/intents that claims something about traffic, asked of the verdict engine in every minor, for the intents
 * alone and composed with others.
 *
 * A row quotes its page; a page that changes its words, or gains a claim, fails until a row says which flows it means.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import {
  all,
  apiserver,
  apiserverEveryPod,
  apiserverEveryPort,
  apiserverObserved,
  apiserverWithDns,
  baseline,
  baselineExcept,
  baselineIngress,
  baselineObserved,
  db,
  dde,
  ddeCache,
  ddeExample,
  ddeHostResolver,
  ddeMore,
  ddeObserved,
  ddeOpenshift,
  ddeOutside,
  ddeWideApiserver,
  ddeWithReserved,
  ddi,
  ddiAlone,
  ddiApiserver,
  ddiCluster,
  ddiMore,
  ddiObserved,
  egress,
  egressAnyPeer,
  egressApiserver,
  egressApiserverPort,
  egressName,
  egressNodes,
  egressNoDns,
  egressNoPorts,
  egressObserved,
  egressPing,
  egressPodCidr,
  egressService,
  inCluster,
  infra,
  infraCloudOnly,
  infraDenied,
  infraExcept,
  infraKubeSystem,
  infraObserved,
  infraPodCidr,
  infraWide,
  inOpenshift,
  isolates,
  labelled,
  loadBalancer,
  names,
  namesAndPods,
  namesDeep,
  namesObserved,
  namesSni,
  nodePort,
  nodes,
  nodesObserved,
  nodesPing6,
  nodesServers,
  nodesWorkers,
  observed,
  one,
  oneName,
  opens,
  service,
  serviceGateway,
  serviceKnown,
  serviceObserved,
  serviceTwice,
  team,
  teamOnBaseline,
  tenant,
  tenantApiserver,
  tenantApiserverPort,
  tenantNamespace,
  tenantObserved,
  tenantOverlap,
  tenants,
  tenantsAlone,
  tenantsDns,
  tenantShared,
} from '../support/page-programs';
import { decide, MINORS, Program } from '../support/small-cluster';
import {
  AllowApiserver,
  ClusterBaseline,
  DefaultDenyEgress,
  DefaultDenyIngress,
  DomainAllowlist,
  EgressAllowlist,
  HostFirewall,
  HttpRule,
  InfraBaseline,
  Intent,
  Peer,
  Port,
  Selector,
  ServiceGuard,
  TenantIsolation,
} from 'cdk8s-cilium';

const FOLDER = join(__dirname, '../../docs/intents');
const PAGES = Object.fromEntries(
  readdirSync(FOLDER).map((file) => [file.replace(/\.md$/, ''), readFileSync(join(FOLDER, file), 'utf8')] as const),
);

/** A sentence of a page, and what it means: flows that a program allows, and flows that it denies. */
interface Claim {
  readonly page: string;
  readonly says: string;
  readonly program: Program;
  readonly allowed: readonly string[];
  readonly denied: readonly string[];
}

const CLAIMS: Claim[] = [];

function claim(
  page: string,
  says: string,
  program: Program,
  { allowed = [], denied = [] }: Partial<Pick<Claim, 'allowed' | 'denied'>>,
): void {
  CLAIMS.push({ page, says, program, allowed, denied });
}

/** Flows from one end to several. */
const from = (source: string, ...rest: readonly string[]) => rest.map((one) => `${source} > ${one}`);

/** Flows from several ends to one. */
const into = (rest: string, ...sources: readonly string[]) => sources.map((one) => `${one} > ${rest}`);

{
  const page = 'allow-apiserver';
  const every = from('platform/web', 'node:cp 22', 'node:cp 2379', 'node:cp 10250');
  claim(page, 'Pods may connect to the Kubernetes API server.', apiserver, {
    allowed: from('platform/web', 'entity:kube-apiserver 6443', 'service:default/kubernetes 443', 'node:cp 6443'),
  });
  claim(page, 'of its machines only the ports in `apiserverPorts`', apiserver, { denied: every });
  claim(page, 'All other egress of the pods is closed, because the first egress rule closes the direction.', apiserver, {
    denied: from('platform/web', 'shop/web 80', 'entity:world 443', 'node:n2 6443', 'kube-system/dns 53/UDP', 'shop/web ping'),
    allowed: ['platform/api > entity:world 443', 'entity:world > platform/web 443'],
  });
  claim(page, 'Without `endpointSelector`, the policy applies to every pod of the namespace.', apiserverEveryPod, {
    denied: ['platform/api > entity:world 443', 'platform/web > entity:world 443'],
    allowed: ['platform/api > node:cp 6443', 'shop/web > entity:world 443'],
  });
  claim(page, 'applied on their own, allow _only_ the API server, so DNS is closed too', apiserver, {
    denied: ['platform/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'That is why the example opens DNS', apiserverWithDns, {
    allowed: ['platform/web > kube-system/dns 53/UDP', 'platform/web > kube-system/dns 53/UDP dns:kubernetes.default.svc'],
  });
  claim(page, 'its DNS rule is enough', all(dde, apiserver), {
    allowed: ['platform/web > kube-system/dns 53/UDP', 'platform/web > node:cp 6443'],
    denied: every,
  });
  claim(
    page,
    'Without `apiserverPorts`, every port of the machines that run the API server is opened: also 22 (SSH), 2379 (etcd) and 10250 (kubelet).',
    apiserverEveryPort,
    {
      allowed: every,
      denied: ['platform/web > node:n2 22'],
    },
  );
  claim(page, 'The `apiserverPorts` of a [Cluster](../concepts/clusters.md) apply to every intent in it.', inCluster, {
    denied: every,
    allowed: ['platform/web > node:cp 6443'],
  });
  claim(page, 'It does not include another address in front of them.', apiserver, { denied: ['platform/web > ip:198.51.100.9 6443'] });
  claim(page, 'These are ingress', apiserver, { allowed: ['entity:kube-apiserver > platform/web 8443'] });
  claim(page, 'the policy closes nothing, and only opens the API server for pods that other policies isolate', apiserverObserved, {
    allowed: ['platform/web > entity:world 443', ...every],
  });
  claim(
    page,
    'the policy closes nothing, and only opens the API server for pods that other policies isolate',
    all(apiserverObserved, isolates('platform')),
    {
      allowed: ['platform/web > node:cp 6443'],
      denied: ['platform/web > entity:world 443', 'platform/api > node:cp 6443', ...every],
    },
  );
}

{
  const page = 'cloud-profile';
  claim(page, 'Components can reach their cloud but not the rest of the world.', infraCloudOnly, {
    allowed: from('infra/web', 'fqdn:a.cdn.example.com 443', 'ip:198.51.100.9 443'),
    denied: from('infra/web', 'entity:world 443', 'fqdn:evil.example 443', 'fqdn:api.example.com 443'),
  });
  claim(page, 'The example denies its usual address.', infraDenied, {
    allowed: ['infra/web > ip:169.254.1.1 80'],
    denied: ['infra/web > ip:169.254.169.254 80'],
  });
}

{
  const page = 'cluster-baseline';
  claim(page, 'Egress of all pods, and ingress of nodes and tenants, as described on the pages of the parts.', baseline, {
    denied: [
      ...from('data/web', 'entity:world 443', 'shop/web 80', 'node:n1 10250', 'node:cp 22', 'node:cp 2379', 'node:cp 10250'),
      ...from('infra/web', 'shop/web 80', 'entity:world 443', 'node:cp 22', 'node:n1 10250'),
      ...into('node:n1 80', 'entity:world', 'ip:192.0.2.7'),
      ...into('shop/web 80', 'red/web', 'entity:world', 'node:n2'),
      ...from('shop/web', 'red/web 80', 'entity:world 443', 'node:cp 22'),
    ],
    allowed: [
      ...from('data/web', 'kube-system/dns 53/UDP', 'node:cp 6443'),
      ...from('infra/web', 'infra2/web 80', 'kube-system/dns 53/UDP', 'node:cp 6443'),
      'entity:world > node:n1 22',
      'shop/web > green/web 80',
      'kube-system/dns > ip:8.8.8.8 53/UDP',
    ],
  });
  claim(page, 'Tenants get DNS from `defaultDenyEgress`, because its policy selects their pods as well.', baseline, {
    allowed: ['shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'in the example, tenants may connect to the API server', baseline, {
    allowed: ['shop/web > node:cp 6443'],
    denied: ['shop/web > node:cp 10250'],
  });
  claim(page, 'Without that part, or in a namespace that it excepts, give the tenants `dns`.', tenantsAlone, {
    denied: ['shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'Without that part, or in a namespace that it excepts, give the tenants `dns`.', baselineExcept, {
    denied: ['green/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'Without that part, or in a namespace that it excepts, give the tenants `dns`.', tenantsDns, {
    allowed: ['shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'Namespaces that `defaultDenyEgress` leaves alone stay alone: `infrastructure` does not select them either', baselineExcept, {
    allowed: ['infra2/web > entity:world 443', 'infra/web > infra2/web 80', 'infra2/web > infra/web 80'],
    denied: ['infra/web > entity:world 443'],
  });
  claim(page, 'A default deny is not an explicit deny, so every team can open its own pods.', all(baseline, opens('data')), {
    allowed: ['data/web > entity:world 443', 'entity:world > data/web 443', 'data/web > node:cp 22'],
    denied: ['platform/web > entity:world 443'],
  });
  claim(page, 'A default deny is not an explicit deny, so every team can open its own pods.', all(baseline, opens('shop')), {
    allowed: ['shop/web > red/web 80', 'entity:world > shop/web 80'],
  });
  claim(page, '- **Ingress of pods** outside tenants is unchanged.', baseline, {
    allowed: into('data/web 80', 'entity:world', 'node:n2', 'kube-system/other'),
  });
  claim(page, "write `new DefaultDenyIngress(baseline, 'Ingress')`", baselineIngress, {
    denied: ['entity:world > data/web 80', 'node:n2 > data/web 80'],
    allowed: ['entity:world > kube-system/dns 80', 'entity:world > node:n1 22'],
  });
  claim(page, 'the clusterwide policies on which the policies of application teams build', teamOnBaseline, {
    allowed: [
      'shop/web > shop/api 8080',
      'shop/web > kube-system/dns 53/UDP',
      'shop/api > fqdn:api.example.com 443',
      'green/web > shop/web 80',
    ],
    denied: ['shop/web > entity:world 443', 'shop/api > fqdn:evil.example 443', 'data/db > shop/api 8080', 'shop/db > entity:world 443'],
  });
  claim(page, 'Set `observe: true` on every part, also on each tenant', baselineObserved, {
    allowed: [
      ...from('data/web', 'entity:world 443', 'shop/web 80', 'node:cp 22'),
      ...from('infra/web', 'entity:world 443', 'shop/web 80'),
      ...from('shop/web', 'red/web 80', 'entity:world 443'),
      ...into('shop/web 80', 'red/web', 'entity:world'),
      ...into('node:n1 80', 'entity:world', 'shop/web'),
    ],
  });
  claim(page, 'Set `observe: true` on every part, also on each tenant', all(baselineObserved, isolates('data')), {
    allowed: ['data/web > kube-system/dns 53/UDP', 'data/web > node:cp 6443'],
    denied: ['data/web > entity:world 443', 'entity:world > data/web 80'],
  });
}

{
  const page = 'default-deny-egress';
  const closed = [
    'shop/web 80',
    'node:n1 80',
    'node:n2 10250',
    'entity:kube-apiserver 6443',
    'entity:world 443',
    'ip:192.0.2.7 443',
    'entity:health 4240',
    'entity:ingress 80',
    'shop/web ping',
  ];
  claim(page, 'Pods can connect only to DNS until another policy allows more.', dde, {
    allowed: from('data/web', 'kube-system/dns 53/UDP', 'kube-system/dns 53/TCP', 'kube-system/dns 53/UDP dns:any.example'),
    denied: from('data/web', ...closed, 'kube-system/dns 9153', 'kube-system/other 53/UDP', 'ip:8.8.8.8 53/UDP'),
  });
  claim(page, 'can no longer open connections that no policy allows: to other pods, to nodes, to the API server, to the world', dde, {
    denied: [...from('data/web', ...closed), ...from('infra/web', ...closed)],
  });
  claim(page, '(by default `kube-system` and the namespace of the resolver)', dde, {
    allowed: from('kube-system/dns', 'ip:8.8.8.8 53/UDP', 'entity:kube-apiserver 6443', 'shop/web 80'),
    denied: ['openshift-dns/dns > ip:8.8.8.8 53/UDP'],
  });
  claim(page, '(by default `kube-system` and the namespace of the resolver)', ddeOpenshift, {
    allowed: ['openshift-dns/dns > ip:8.8.8.8 53/UDP', 'kube-system/other > entity:world 443'],
  });
  claim(page, 'A new namespace is closed from its first pod on.', dde, {
    denied: ['labels:app=web@tomorrow > entity:world 443'],
    allowed: ['labels:app=web@tomorrow > kube-system/dns 53/UDP'],
  });
  claim(page, 'Names keep working.', all(dde, names), {
    allowed: ['shop/web > fqdn:api.example.com 443', 'shop/web > kube-system/dns 53/UDP dns:api.example.com'],
    denied: ['shop/web > fqdn:evil.example 443'],
  });
  claim(page, 'Names keep working.', all(dde, ddiAlone), { allowed: ['data/web > kube-system/dns 53/UDP'] });
  claim(page, 'The policy does not restrict the pods that run there.', dde, { allowed: ['kube-system/other > entity:world 443'] });
  claim(page, '`alsoExcept` adds names to the default, and `exceptNamespacesLabeled` excepts every namespace with a label', ddeMore, {
    allowed: ['monitoring/web', 'teamx/web', 'both/web', 'kube-system/dns'].map((source) => `${source} > entity:world 443`),
    denied: ['data/web > entity:world 443', 'shop/web > entity:world 443'],
  });
  claim(page, '(`hostNetwork: true`) have the identity of the node in Cilium', dde, { allowed: ['monitoring/agent > entity:world 443'] });
  claim(page, 'Any team can open its own egress again', all(dde, opens('data')), {
    allowed: ['data/web > entity:world 443'],
    denied: ['shop/web > entity:world 443'],
  });
  claim(page, '- **Incoming connections** are unchanged', dde, {
    allowed: into('data/web 80', 'entity:world', 'node:n2', 'kube-system/other'),
  });
  claim(page, '`dns: DnsResolver.openshift()` excepts `openshift-dns` by itself', ddeOpenshift, {
    allowed: ['openshift-dns/dns > ip:8.8.8.8 53/UDP', 'shop/web > openshift-dns/dns 5353/UDP'],
    denied: ['shop/web > openshift-dns/dns 53/UDP', 'shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'Another DNS server, which the resolver forwards to, is closed unless its namespace is excepted.', dde, {
    denied: ['data/db > ip:8.8.8.8 53/UDP'],
  });
  claim(
    page,
    '`Peer.kubeApiserver()` without a port opens every port of the machines that run it: also 22 (SSH), 2379 (etcd) and 10250 (kubelet).',
    ddeWideApiserver,
    {
      allowed: from('data/web', 'node:cp 22', 'node:cp 2379', 'node:cp 10250', 'node:cp 6443'),
      denied: ['data/web > node:n2 22'],
    },
  );
  claim(page, '│  pods                             ├──▶ the API server, 6443/TCP, by the last line of the example', ddeExample, {
    allowed: ['data/web > node:cp 6443'],
    denied: from('data/web', 'node:cp 22', 'node:cp 2379', 'node:cp 10250', 'node:n2 6443'),
  });
  claim(page, 'Pods can look up every name', dde, { allowed: ['data/web > kube-system/dns 53/UDP dns:secret.evil.example'] });
  claim(page, 'They lose their egress too', ddeWithReserved, {
    denied: into('shop/web 8080', 'entity:health', 'entity:ingress', 'entity:init'),
  });
  claim(page, 'requires a namespace and so does not select these endpoints', dde, {
    allowed: into('shop/web 8080', 'entity:health', 'entity:ingress'),
  });
  claim(page, 'the policy closes nothing, DNS passes through the proxy', ddeObserved, {
    allowed: from('data/web', ...closed, 'kube-system/dns 53/UDP'),
  });
  claim(
    page,
    'A pod that another policy already isolates can also reach DNS and what `allowTo` adds.',
    all(ddeObserved, isolates('data')),
    {
      allowed: ['data/web > kube-system/dns 53/UDP', 'data/web > node:cp 6443'],
      denied: from('data/web', 'shop/web 80', 'entity:world 443', 'node:cp 22'),
    },
  );
}

{
  const page = 'default-deny-ingress';
  const sources = [
    'shop/api',
    'entity:remote-node',
    'node:n2',
    'entity:kube-apiserver',
    'entity:world',
    'ip:192.0.2.7',
    'entity:health',
    'monitoring/web',
  ];
  claim(page, 'Pods accept no connections until another policy allows them.', ddiAlone, {
    denied: into('data/web 8080', ...sources, 'entity:ingress'),
  });
  claim(page, '(by default `kube-system`) accept no connection that no policy allows, from any peer', ddiAlone, {
    denied: [...into('data/web 8080', ...sources), 'entity:world > monitoring/web 80', 'entity:world > openshift-dns/dns 5353/UDP'],
    allowed: ['entity:world > kube-system/dns 53/UDP'],
  });
  claim(page, 'which matches no peer', ddiAlone, { denied: into('data/web 8080', ...sources, 'entity:ingress') });
  claim(page, "Cilium's own endpoints keep working.", ddiAlone, {
    allowed: ['shop/web > entity:health 4240', 'entity:world > entity:ingress 80', 'node:n2 > entity:health 4240'],
  });
  claim(page, "This holds for every process on the node and every pod in the node's network.", ddiAlone, {
    allowed: ['node:n1 > data/web 8080', 'entity:host > data/web 8080', 'monitoring/agent > data/web 8080'],
  });
  claim(page, '`alsoExcept` adds names to the default, and `exceptNamespacesLabeled` excepts every namespace with a label.', ddiMore, {
    allowed: ['kube-system/dns', 'openshift-dns/dns', 'teamx/web', 'both/web'].map((target) => `entity:world > ${target} 80`),
    denied: ['entity:world > data/web 80'],
  });
  claim(page, "Pods in a node's network have the identity of the node", ddiAlone, { allowed: ['entity:world > monitoring/agent 9100'] });
  claim(page, 'Any team can open its own ingress again', all(ddiAlone, opens('data')), {
    allowed: ['entity:world > data/web 80'],
    denied: ['entity:world > shop/web 80'],
  });
  claim(page, '- **Outgoing connections** are unchanged.', ddiAlone, { allowed: from('data/web', 'entity:world 443', 'node:n2 22') });
  claim(
    page,
    "- **DNS**, if its pods are not in an excepted namespace, as on OpenShift: write `alsoExcept: ['openshift-dns']`.",
    ddiAlone,
    {
      denied: ['shop/web > openshift-dns/dns 5353/UDP'],
      allowed: ['shop/web > kube-system/dns 53/UDP'],
    },
  );
  claim(page, "- **DNS**, if its pods are not in an excepted namespace, as on OpenShift: write `alsoExcept: ['openshift-dns']`.", ddiMore, {
    allowed: ['shop/web > openshift-dns/dns 5353/UDP'],
  });
  claim(page, 'The example allows this for every pod', ddi, {
    allowed: ['entity:ingress > data/web 8080'],
    denied: ['entity:world > data/web 8080'],
  });
  claim(page, 'a [ServiceGuard](service-guard.md) allows it for one service', all(ddiAlone, serviceGateway), {
    allowed: ['entity:ingress > shop/api 8443'],
    denied: ['entity:ingress > shop/web 8443', 'entity:ingress > shop/api 80'],
  });
  claim(page, '`Peer.kubeApiserver()` allows that.', ddiApiserver, {
    allowed: ['entity:kube-apiserver > data/web 8443'],
    denied: ['node:n2 > data/web 8443'],
  });
  claim(page, 'only `Peer.cluster()` is wide enough', ddiCluster, {
    allowed: ['node:n2 > data/web 8443'],
    denied: ['entity:world > data/web 8443'],
  });
  claim(page, 'Excepting the namespace of Prometheus does not help', ddi, {
    denied: ['monitoring/web > data/web 9090'],
    allowed: ['entity:world > monitoring/web 80'],
  });
  claim(page, 'The policy closes nothing, and nothing shows what it would drop.', ddiObserved, {
    allowed: into('data/web 8080', ...sources),
  });
  claim(page, '`allowFrom` already opens pods that other policies isolate', all(ddiObserved, isolates('data')), {
    allowed: ['entity:ingress > data/web 8080'],
    denied: ['entity:world > data/web 8080'],
  });
}

{
  const page = 'dns-resolver';
  claim(page, 'pods `k8s-app: kube-dns` in `kube-system`; the default', dde, {
    allowed: ['shop/web > kube-system/dns 53/UDP'],
    denied: ['shop/web > kube-system/cache 53/UDP', 'shop/web > openshift-dns/dns 53/UDP'],
  });
  claim(page, 'pods `k8s-app: node-local-dns` and `k8s-app: kube-dns` in `kube-system`', ddeCache, {
    allowed: ['shop/web > kube-system/dns 53/UDP', 'shop/web > kube-system/cache 53/UDP', 'kube-system/cache > kube-system/dns 53/TCP'],
    denied: ['shop/web > kube-system/other 53/UDP'],
  });
  claim(page, 'all pods in `openshift-dns`', ddeOpenshift, {
    allowed: ['shop/web > openshift-dns/dns 5353/UDP'],
    denied: ['shop/web > openshift-dns/dns 53/UDP'],
  });
  claim(page, 'the given ports, else 53', ddeHostResolver, {
    allowed: ['shop/web > node:n1 53/UDP'],
    denied: ['shop/web > node:n1 5353/UDP'],
  });
  claim(page, 'Write `DnsResolver.of(Peer.host())`', ddeHostResolver, {
    allowed: ['shop/web > node:n1 53/UDP'],
    denied: ['shop/web > node:n2 53/UDP', 'shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, "For a resolver outside the cluster, write `DnsResolver.of(Peer.cidrs('192.0.2.53/32'))`.", ddeOutside, {
    allowed: ['shop/web > ip:192.0.2.53 53/UDP'],
    denied: ['shop/web > ip:192.0.2.54 53/UDP'],
  });
  claim(page, 'Pods cannot query another resolver on port 53.', dde, {
    denied: from('shop/web', 'ip:8.8.8.8 53/UDP', 'kube-system/other 53/UDP', 'node:n1 53/UDP'),
  });
  claim(page, '- **Names.** Pods can look up every name.', dde, { allowed: ['shop/web > kube-system/dns 53/UDP dns:evil.example'] });
  claim(page, 'To limit the names, write the rule yourself', oneName, {
    allowed: ['shop/web > kube-system/dns 53/UDP dns:api.example.com'],
    denied: ['shop/web > kube-system/dns 53/UDP dns:evil.example'],
  });
  claim(page, 'The limit has an effect only if no other policy allows every name for the same resolver.', all(dde, oneName), {
    allowed: ['shop/web > kube-system/dns 53/UDP dns:evil.example'],
  });
  claim(page, "leaves the resolver's namespace alone, as far as the resolver is given by labels", ddeOpenshift, {
    allowed: ['openshift-dns/dns > ip:8.8.8.8 53/UDP'],
  });
  claim(page, 'unless `resolverUpstream` opens what the resolver asks', infraKubeSystem, {
    allowed: ['kube-system/dns > ip:192.0.2.53 53/UDP'],
    denied: ['kube-system/dns > ip:8.8.8.8 53/UDP'],
  });
}

{
  const page = 'domain-allowlist';
  claim(page, 'Pods can connect only to the listed names.', names, {
    allowed: from('shop/web', 'fqdn:api.example.com 443', 'fqdn:a.cdn.example.com 443'),
    denied: from('shop/web', 'fqdn:evil.example 443', 'fqdn:api.example.com 80', 'entity:world 443'),
  });
  claim(page, 'on these ports: no other pods, no nodes, no API server', names, {
    denied: from('shop/web', 'shop/api 443', 'node:n1 443', 'node:n2 443', 'entity:kube-apiserver 443', 'node:cp 6443'),
    allowed: ['shop/api > entity:world 443', 'entity:world > shop/web 443'],
  });
  claim(page, 'The DNS rule is included.', names, {
    allowed: from('shop/web', 'kube-system/dns 53/UDP', 'kube-system/dns 53/UDP dns:api.example.com'),
  });
  claim(page, 'A CDN serves thousands of names from one address, and all of them are opened.', names, {
    allowed: ['shop/web > ip:192.0.2.7 443'],
  });
  claim(page, '`Port.tcp(443).serverNames(…)` narrows this to the server names that clients send', namesSni, {
    allowed: ['shop/web > fqdn:api.example.com 443 sni:api.example.com'],
    denied: ['shop/web > ip:192.0.2.7 443 sni:other.example.com'],
  });
  claim(page, 'Pods can look up every name, even if they cannot connect to it.', names, {
    allowed: ['shop/web > kube-system/dns 53/UDP dns:evil.example'],
    denied: ['shop/web > fqdn:evil.example 443'],
  });
  claim(page, 'Add `allowTo(Peer.endpoints(…))`.', namesAndPods, {
    allowed: ['shop/web > shop/db 5432'],
    denied: ['shop/web > shop/api 80'],
  });
  claim(page, '- **The resolver.** Without `dns`, it is the resolver of the [Cluster](../concepts/clusters.md), or CoreDNS.', inOpenshift, {
    allowed: ['shop/web > openshift-dns/dns 5353/UDP'],
    denied: ['shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, '`*.cdn.example.com` matches names with exactly one label in front.', names, {
    allowed: ['shop/web > fqdn:a.cdn.example.com 443'],
    denied: ['shop/web > fqdn:a.b.cdn.example.com 443'],
  });
  claim(page, 'Neither matches `cdn.example.com` itself.', all(names, namesDeep), { denied: ['shop/web > fqdn:cdn.example.com 443'] });
  claim(page, 'the policy closes nothing, DNS passes through the proxy, and Hubble shows the names', namesObserved, {
    allowed: from('shop/web', 'entity:world 443', 'node:n2 22', 'shop/db 5432', 'kube-system/dns 53/UDP'),
  });
}

{
  const page = 'egress-allowlist';
  claim(page, 'Pods can connect only to the listed peers, on the listed ports.', egress, {
    allowed: from('shop/web', 'ip:192.0.2.7 5432', 'data/db 5432', 'kube-system/dns 53/UDP'),
    denied: from('shop/web', 'ip:192.0.2.7 443', 'data/db 80', 'shop/db 5432', 'data/api 5432', 'entity:world 5432', 'node:n1 5432'),
  });
  claim(page, 'The pods can connect only to the listed peers.', egress, {
    denied: from('shop/web', 'shop/db 5432', 'node:n2 5432', 'entity:kube-apiserver 6443'),
    allowed: ['shop/api > entity:world 443'],
  });
  claim(page, 'It is closed unless `dns`, a name among the peers, or another policy opens it.', egressNoDns, {
    denied: ['shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'It is closed unless `dns`, a name among the peers, or another policy opens it.', egressName, {
    allowed: ['shop/web > kube-system/dns 53/UDP', 'shop/web > fqdn:api.example.com 443'],
  });
  claim(page, 'It is closed unless `dns`, a name among the peers, or another policy opens it.', all(dde, egressNoDns), {
    allowed: ['shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'With `ports`, ICMP is closed; add `allowTo(peer, Icmp.echoRequest())`.', egress, { denied: ['shop/web > data/db ping'] });
  claim(page, 'With `ports`, ICMP is closed; add `allowTo(peer, Icmp.echoRequest())`.', egressPing, {
    allowed: ['shop/web > data/db ping', 'shop/web > data/db 5432'],
    denied: ['shop/web > data/api ping'],
  });
  claim(page, 'Without `ports`, every protocol is open, including ping', egressNoPorts, {
    allowed: from('shop/web', 'data/db ping', 'data/db 1/UDP', 'data/db 65535'),
  });
  claim(page, '`Peer.cidrs` never matches them, even if it covers their addresses.', egressPodCidr, {
    denied: from('shop/web', 'data/db 5432', 'node:n1 22', 'node:n2 22', 'node:cp 6443'),
  });
  claim(page, 'Select pods by labels and nodes with `Peer.allNodes()`', egressNodes, {
    allowed: from('shop/web', 'node:n1 22', 'node:n2 22'),
  });
  claim(page, '- **Other policies.** Allow rules add up.', all(egress, opens('shop')), { allowed: ['shop/web > entity:world 443'] });
  claim(page, '`Peer.kubeApiserver()` without `ports` opens every port of the machines that run it', egressApiserver, {
    allowed: from('shop/web', 'node:cp 22', 'node:cp 10250'),
    denied: ['shop/web > node:n2 22'],
  });
  claim(page, 'with `ports: [Port.tcp(6443)]`, one', egressApiserverPort, {
    allowed: ['shop/web > node:cp 6443'],
    denied: from('shop/web', 'node:cp 22', 'node:cp 10250'),
  });
  claim(page, '- **Incoming connections** are unchanged.', egress, { allowed: ['entity:world > shop/web 80'] });
  claim(page, 'with `ports` opens these ports to **every peer** as long as Cilium finds no such Service', egressService, {
    allowed: from('shop/web', 'entity:world 5432', 'red/db 5432'),
    denied: ['shop/web > entity:world 443'],
  });
  claim(page, '`Peer.endpoints` fails closed.', egressNoDns, { denied: ['shop/web > entity:world 5432'] });
  claim(page, 'For ports without a restriction of peers, use `Peer.any()`.', egressAnyPeer, {
    allowed: from('shop/web', 'entity:world 443', 'node:n1 80', 'red/web 80'),
    denied: ['shop/web > entity:world 22'],
  });
  claim(page, 'thereby closes DNS over UDP, and needs the DNS rule of another policy', egressAnyPeer, {
    denied: ['shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'thereby closes DNS over UDP, and needs the DNS rule of another policy', all(dde, egressAnyPeer), {
    allowed: ['shop/web > kube-system/dns 53/UDP'],
  });
  claim(page, 'the policy closes nothing, and its allow rules take effect', egressObserved, {
    allowed: from('shop/web', 'entity:world 443', 'data/db 5432'),
  });
  claim(page, 'the policy closes nothing, and its allow rules take effect', all(egressObserved, isolates('shop'), opens('data')), {
    allowed: ['shop/web > data/db 5432'],
    denied: ['shop/web > entity:world 443', 'shop/web > data/db 80'],
  });
}

{
  const page = 'host-firewall';
  const cluster = ['shop/web', 'node:n2', 'node:cp', 'entity:remote-node', 'entity:kube-apiserver', 'entity:health', 'entity:ingress'];
  claim(page, 'Nodes accept connections only from the cluster itself and from the peers listed here.', nodes, {
    allowed: [22, 80, 10250, 4240]
      .flatMap((port) => into(`node:n1 ${port}`, ...cluster))
      .concat('entity:world > node:n1 22', 'entity:world > node:n1 ping'),
    denied: [80, 10250, 6443].flatMap((port) => into(`node:n1 ${port}`, 'entity:world', 'ip:192.0.2.7')),
  });
  claim(
    page,
    'The nodes, and the pods in their network, accept connections only from inside the cluster and from the peers that you list.',
    nodes,
    {
      denied: ['entity:world > monitoring/agent 9100'],
      allowed: ['shop/web > monitoring/agent 9100'],
    },
  );
  claim(page, '`nodeSelector` limits the policy to some nodes.', nodesWorkers, {
    allowed: ['entity:world > node:cp 80'],
    denied: ['entity:world > node:n1 80', 'entity:world > node:n2 80'],
  });
  claim(page, 'A pod can reach kubelet, etcd and SSH of every node, unless its own egress is closed', nodes, {
    allowed: from('data/web', 'node:n1 22', 'node:n2 10250', 'node:cp 2379'),
  });
  claim(page, 'A pod can reach kubelet, etcd and SSH of every node, unless its own egress is closed', all(nodes, dde), {
    denied: from('data/web', 'node:n1 22', 'node:n2 10250', 'node:cp 2379'),
  });
  claim(page, '- **Pods.** A service behind a NodePort or a load balancer is protected by the policies of its pods', nodes, {
    allowed: ['entity:world > shop/web 80'],
  });
  claim(page, '- **Outgoing connections** of nodes.', nodes, { allowed: from('node:n1', 'entity:world 443', 'node:n2 22') });
  claim(page, "`ping` allows only IPv4; add `allowFrom(Peer.any(), Icmp.v6('EchoRequest'))`.", nodes, {
    denied: ['entity:world > node:n1 ping6'],
  });
  claim(page, "`ping` allows only IPv4; add `allowFrom(Peer.any(), Icmp.v6('EchoRequest'))`.", nodesPing6, {
    allowed: ['entity:world > node:n1 ping6'],
  });
  claim(page, "An external control plane counts as `cluster` only at the addresses of the API server's endpoints.", nodes, {
    denied: ['ip:198.51.100.3 > node:n1 10250'],
    allowed: ['entity:kube-apiserver > node:n1 10250'],
  });
  claim(page, '| 6443/TCP to every peer |', nodesServers, {
    allowed: ['entity:world > node:cp 6443', 'ip:192.0.2.7 > node:cp 6443'],
    denied: ['entity:world > node:cp 22', 'entity:world > node:cp 2379'],
  });
  claim(page, '| `ControlPlane.worker(...peers)`   | 10250/TCP to the peers |', nodesWorkers, {
    allowed: ['ip:198.51.100.3 > node:n1 10250', 'ip:203.0.113.9 > node:n1 22'],
    denied: ['ip:198.51.100.3 > node:n1 443', 'ip:198.51.100.99 > node:n1 10250', 'ip:203.0.113.9 > node:n1 10250'],
  });
  claim(page, 'Peers that Cilium does not count as `cluster` must be allowed explicitly.', nodes, {
    denied: ['ip:198.51.100.3 > node:n1 10250'],
  });
  claim(page, 'the policy is accepted and selects nodes, but closes nothing', nodesObserved, {
    allowed: [80, 10250, 6443].flatMap((port) => into(`node:n1 ${port}`, 'entity:world', 'shop/web')),
  });
}

{
  const page = 'infra-baseline';
  const listed = [
    'infra2/web 80',
    'kube-system/dns 53/UDP',
    'fqdn:api.example.com 443',
    'fqdn:a.cdn.example.com 443',
    'ip:198.51.100.9 443',
    'node:cp 6443',
    'node:n1 10250',
    'node:n2 10255',
  ];
  claim(page, 'can connect only to each other and to what such components need', infra, {
    allowed: [...from('infra/web', ...listed), 'infra2/web > infra/api 80'],
  });
  claim(page, 'Pods in the labelled namespaces can connect only to what is listed.', infra, {
    denied: [
      ...from(
        'infra/web',
        'entity:world 443',
        'fqdn:evil.example 443',
        'kube-system/other 443',
        'node:n1 22',
        'node:n2 80',
        'entity:health 4240',
      ),
      ...from('infra2/web', 'entity:world 443', 'shop/web 80'),
    ],
    allowed: ['shop/web > entity:world 443'],
  });
  claim(page, 'A compromised component cannot reach applications or the rest of the internet.', infra, {
    denied: from('infra/web', 'shop/web 80', 'data/db 5432', 'entity:world 443', 'node:cp 22', 'node:cp 2379'),
  });
  claim(page, 'One policy covers all of these namespaces, except `exceptNamespaces`.', infraExcept, {
    allowed: ['infra2/web > entity:world 443', 'infra/web > infra2/web 80'],
    denied: ['infra/web > entity:world 443'],
  });
  claim(page, '- **Incoming connections** are unchanged.', infra, { allowed: into('infra/web 80', 'entity:world', 'shop/web') });
  claim(page, 'Without `apiserverPorts`, every port of the machines that run it is opened: also 22 (SSH) and 2379 (etcd).', infraWide, {
    allowed: from('infra/web', 'node:cp 22', 'node:cp 2379', 'node:cp 10250'),
    denied: ['infra/web > node:n2 22'],
  });
  claim(page, "With `apiserverPorts: [6443]`, of these machines only this port and the kubelet's are open.", infra, {
    allowed: from('infra/web', 'node:cp 6443', 'node:cp 10250'),
    denied: from('infra/web', 'node:cp 22', 'node:cp 2379', 'node:cp 10257'),
  });
  claim(page, 'unless `resolverUpstream` says which resolvers it asks', infraKubeSystem, {
    allowed: ['kube-system/dns > ip:192.0.2.53 53/UDP', 'kube-system/dns > entity:kube-apiserver 6443'],
    denied: ['kube-system/dns > ip:8.8.8.8 53/UDP', 'kube-system/other > shop/web 80'],
  });
  claim(page, 'the exceptions of `defaultDenyEgress` apply here too', baselineExcept, { allowed: ['infra2/web > entity:world 443'] });
  claim(page, 'have the identity of the node, so this policy does not apply to them', infra, { allowed: ['node:n1 > entity:world 443'] });
  claim(page, 'A rule with names allows addresses', infra, {
    allowed: ['infra/web > ip:192.0.2.7 443'],
  });
  claim(page, 'A CIDR never matches them, even if it covers their addresses', infraPodCidr, {
    denied: from('infra/web', 'shop/web 80', 'node:n2 22', 'node:cp 22'),
  });
  claim(page, "`denyTo(Peer.cidrs('169.254.169.254/32'))` on the construct closes its usual address again.", infraDenied, {
    allowed: ['infra/web > ip:169.254.0.9 80'],
    denied: ['infra/web > ip:169.254.169.254 80'],
  });
  claim(page, 'In no version does it match `cloud.example` itself.', infra, { denied: ['infra/web > fqdn:cdn.example.com 443'] });
  claim(page, 'The policy closes nothing, and DNS passes through the proxy', infraObserved, {
    allowed: from('infra/web', 'entity:world 443', 'shop/web 80', 'node:cp 22', 'kube-system/dns 53/UDP'),
  });
  claim(page, 'if [DefaultDenyEgress](default-deny-egress.md) is in force, they open what they list', all(dde, infraObserved), {
    allowed: from('infra/web', 'infra2/web 80', 'fqdn:a.cdn.example.com 443', 'node:cp 6443', 'node:n1 10250'),
    denied: from('infra/web', 'entity:world 443', 'shop/web 80', 'node:cp 22'),
  });
}

{
  const page = 'service-guard';
  const good = '8080 GET /v1/items';
  claim(page, 'A service accepts only the listed clients, on the listed ports or with the listed requests.', service, {
    allowed: [`shop/web > shop/api ${good}`],
    denied: [
      'shop/web > shop/api 8080 POST /v1/items',
      'shop/web > shop/api 8080 GET /v2',
      'shop/web > shop/api 80',
      'shop/web > shop/api ping',
    ],
  });
  claim(page, "The service's pods accept only these clients, on these ports.", service, {
    denied: into(`shop/api ${good}`, 'shop/db', 'red/web', 'node:n2', 'entity:world', 'entity:ingress'),
    allowed: ['entity:world > shop/db 80'],
  });
  claim(page, 'With HTTP rules, other requests get a 403.', service, { denied: ['shop/web > shop/api 8080 DELETE /v1/items'] });
  claim(page, '| `NONE`          | no peer ', service, { denied: into(`shop/api ${good}`, 'entity:world', 'node:n2') });
  claim(page, '| `LOAD_BALANCER` | `world` ', loadBalancer, {
    allowed: ['entity:world > shop/api 8443'],
    denied: [...into('shop/api 8443', 'node:n2', 'shop/web', 'entity:ingress', 'entity:kube-apiserver'), 'entity:world > shop/api 80'],
  });
  claim(page, '| `NODE_PORT`     | `world` and `remote-node` |', nodePort, {
    allowed: into('shop/api 8443', 'entity:world', 'node:n2', 'node:cp'),
    denied: [...into('shop/api 8443', 'shop/web', 'entity:ingress'), 'node:n2 > shop/api 80'],
  });
  claim(page, "- **The pod's own node** is always allowed.", service, {
    allowed: ['node:n1 > shop/api 8080 POST /', 'node:n1 > shop/api 80', 'monitoring/agent > shop/api 80'],
  });
  claim(page, "- **With `NODE_PORT`, every process on every node** is allowed, and so is every pod in a node's network.", nodePort, {
    allowed: into('shop/api 8443', 'node:n1', 'node:n2', 'monitoring/agent'),
  });
  claim(page, '- **`world` is every address** outside the cluster.', loadBalancer, {
    allowed: into('shop/api 8443', 'ip:8.8.8.8', 'ip:203.0.113.9'),
  });
  claim(page, "leave `exposure` out and write `clients: [Peer.cidrs('203.0.113.0/24')]`", serviceKnown, {
    allowed: ['ip:203.0.113.9 > shop/api 8443'],
    denied: ['ip:8.8.8.8 > shop/api 8443', 'entity:world > shop/api 8443'],
  });
  claim(page, 'If another policy allows the same client on the same port without HTTP rules, the HTTP rules have no effect', serviceTwice, {
    allowed: ['shop/web > shop/api 8080 POST /v1/items'],
  });
  claim(page, "If the client's egress is closed, the client needs a rule of its own", all(dde, service), {
    denied: [`shop/web > shop/api ${good}`],
  });
  claim(page, '- **Outgoing connections** of the service are unchanged.', service, { allowed: ['shop/api > entity:world 443'] });
  claim(page, 'the policy closes nothing, and its allow rules take effect', serviceObserved, {
    allowed: ['entity:world > shop/api 80', 'shop/db > shop/api 80', `shop/web > shop/api ${good}`],
  });
  claim(page, 'the policy closes nothing, and its allow rules take effect', all(serviceObserved, ddiAlone), {
    allowed: [`shop/web > shop/api ${good}`],
    denied: ['entity:world > shop/api 8080', 'shop/web > shop/api 80'],
  });
}

{
  const page = 'tenant-isolation';
  const others = [
    'red/web',
    'monitoring/web',
    'infra/web',
    'node:n2',
    'entity:remote-node',
    'entity:world',
    'entity:health',
    'entity:ingress',
  ];
  claim(page, 'Pods of a tenant can connect only to each other.', tenant, {
    allowed: ['shop/web > green/api 80', 'green/web > shop/api 80', 'shop/web > shop/api ping', 'shop/web > kube-system/dns 53/UDP'],
    denied: [...from('shop/web', ...others.map((other) => `${other} 80`)), ...into('shop/web 80', ...others)],
  });
  claim(page, 'A tenant can also be one namespace, given in `metadata` or by the chart.', tenantNamespace, {
    allowed: ['shop/web > shop/api 80'],
    denied: ['shop/web > green/web 80', 'green/web > shop/web 80', 'entity:world > shop/web 80', 'shop/web > entity:world 443'],
  });
  claim(page, 'Connections from and to other tenants, other namespaces, nodes and the world are closed.', tenant, {
    denied: [
      ...from('green/db', ...others.map((other) => `${other} 443`), 'node:n1 22', 'node:cp 6443'),
      ...into('green/db 5432', ...others),
    ],
  });
  claim(
    page,
    '`allowFrom` and `allowTo` open what the tenant shares, for example `allowFrom(Peer.ingress())` for its web servers.',
    tenantShared,
    {
      allowed: ['entity:ingress > shop/web 80', 'shop/web > data/db 5432'],
      denied: ['entity:world > shop/web 80', 'data/db > shop/web 80'],
    },
  );
  claim(page, 'meet in that namespace: its pods connect to the pods of both', tenantOverlap, {
    allowed: ['both/web > shop/web 80', 'both/web > teamx/web 80', 'teamx/web > both/web 80', 'shop/web > both/web 80'],
    denied: ['teamx/web > shop/web 80', 'shop/web > teamx/web 80'],
  });
  claim(
    page,
    '`allowApiserver` opens every port of the machines that run it: also 22 (SSH), 2379 (etcd) and 10250 (kubelet).',
    tenantApiserver,
    {
      allowed: from('shop/web', 'node:cp 22', 'node:cp 2379', 'node:cp 10250'),
      denied: ['shop/web > node:n2 22', 'entity:kube-apiserver > shop/web 8443'],
    },
  );
  claim(page, '`apiserverPorts: [6443]` opens this port only.', tenantApiserverPort, {
    allowed: ['shop/web > node:cp 6443'],
    denied: from('shop/web', 'node:cp 22', 'node:cp 2379', 'node:cp 10250'),
  });
  claim(
    page,
    'It is closed unless `dns` or another policy, for example [DefaultDenyEgress](default-deny-egress.md), opens it.',
    tenantsAlone,
    {
      denied: ['shop/web > kube-system/dns 53/UDP'],
    },
  );
  claim(
    page,
    'It is closed unless `dns` or another policy, for example [DefaultDenyEgress](default-deny-egress.md), opens it.',
    all(tenantsAlone, dde),
    {
      allowed: ['shop/web > kube-system/dns 53/UDP'],
    },
  );
  claim(page, 'Allow rules add up, and any team can open its own pods again.', all(tenant, opens('shop')), {
    allowed: ['shop/web > entity:world 443', 'entity:world > shop/web 80'],
    denied: ['entity:world > green/web 80'],
  });
  claim(page, "- **The pod's own node** is always allowed", tenant, {
    allowed: ['node:n1 > shop/web 80', 'monitoring/agent > shop/web 80'],
    denied: ['shop/web > node:n1 80'],
  });
  claim(page, 'the policy closes nothing, and its allow rules take effect', tenantObserved, {
    allowed: [...from('shop/web', ...others.map((other) => `${other} 80`)), ...into('shop/web 80', ...others)],
  });
  claim(page, 'the policy closes nothing, and its allow rules take effect', all(tenantObserved, isolates('shop'), isolates('green')), {
    allowed: ['shop/web > green/web 80'],
    denied: ['shop/web > red/web 80', 'entity:world > shop/web 80'],
  });
}

/** Sentences that only say what throws; the wording is in refusals.test.ts. */
const THROWS: readonly (readonly [page: string, says: string, write: (app: App, chart: Chart) => unknown, message: RegExp])[] = [
  [
    'cluster-baseline',
    'If its labels name such a namespace, the baseline throws.',
    (app) =>
      new ClusterBaseline(app, 'base', {
        defaultDenyEgress: {},
        infrastructure: { namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      }),
    /which defaultDenyEgress leaves alone/,
  ],
  [
    'cluster-baseline',
    '- **Tenants that overlap** fail the synthesis',
    (app) => {
      new ClusterBaseline(app, 'base', { tenants: [one, { namespaceLabels: { team: 'x' } }] });
      app.synthYaml();
    },
    /a namespace could belong to this tenant and to base\/Tenant-tenant-id=001/,
  ],
  [
    'default-deny-egress',
    '`exceptNamespaces` without it throws.',
    (_, chart) => new DefaultDenyEgress(chart, 'D', { exceptNamespaces: ['monitoring'] }),
    /exceptNamespaces leaves out `kube-system`/,
  ],
  [
    'dns-resolver',
    '[InfraBaseline](infra-baseline.md) throws if its labels name that namespace',
    (_, chart) => new InfraBaseline(chart, 'I', { namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }),
    /namespaceLabels name the resolver's own namespace/,
  ],
  [
    'infra-baseline',
    'the construct throws, unless `resolverUpstream` says which resolvers it asks',
    (_, chart) => new InfraBaseline(chart, 'I', { namespaceLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }),
    /give resolverUpstream/,
  ],
  [
    'host-firewall',
    "`nodeSelector` throws on labels that Cilium excludes from a node's identity",
    (_, chart) => new HostFirewall(chart, 'H', { nodeSelector: Selector.labels({ 'kubernetes.io/hostname': 'n1' }) }),
    /excludes from a node's identity/,
  ],
  [
    'service-guard',
    'Within one policy, this throws or fails the synthesis.',
    (app) => {
      const web = Peer.labels({ app: 'web' });
      const ports = [Port.tcp(8080).http(HttpRule.get('/v1/.*'))];
      new ServiceGuard(team(app, 'shop'), 'Api', { endpointSelector: labelled('api'), clients: [web], ports }).allowFrom(
        web,
        Port.tcp(8080),
      );
      app.synthYaml();
    },
    /HTTP rules of port 8080\/TCP exclude nothing/,
  ],
  [
    'tenant-isolation',
    'The synthesis fails for these.',
    (app, chart) => {
      tenants(one, { namespaceLabels: { team: 'x' } })(app, chart);
      app.synthYaml();
    },
    /give both another value of the same label, or set mayOverlap on both/,
  ],
];

/** Every intent that observes refuses deny rules, on the intent and on its policy. */
const OBSERVING: readonly (readonly [page: string, says: string, make: (app: App, chart: Chart) => Intent])[] = [
  ['allow-apiserver', '`denyTo` throws meanwhile, on `policy` too.', (app) => new AllowApiserver(team(app, 'shop'), 'It', observed)],
  ['default-deny-egress', '`denyTo` throws, on `policy` too', (_, chart) => new DefaultDenyEgress(chart, 'It', observed)],
  ['default-deny-ingress', '`denyFrom` throws, on `policy` too', (_, chart) => new DefaultDenyIngress(chart, 'It', observed)],
  [
    'domain-allowlist',
    '`denyTo` throws, on `policy` too',
    (app) => new DomainAllowlist(team(app, 'shop'), 'It', { ...observed, endpointSelector: labelled('web'), domains: ['a.example'] }),
  ],
  [
    'egress-allowlist',
    '`denyTo` throws meanwhile, on `policy` too.',
    (app) => new EgressAllowlist(team(app, 'shop'), 'It', { ...observed, endpointSelector: labelled('web'), peers: [db] }),
  ],
  ['host-firewall', '`denyFrom` throws, on `policy` too', (_, chart) => new HostFirewall(chart, 'It', observed)],
  [
    'infra-baseline',
    '`denyTo` throws, on `policy` too',
    (_, chart) => new InfraBaseline(chart, 'It', { ...observed, namespaceLabels: { role: 'infrastructure' } }),
  ],
  [
    'service-guard',
    '`denyFrom` throws meanwhile, on `policy` too.',
    (app) => new ServiceGuard(team(app, 'shop'), 'It', { ...observed, endpointSelector: labelled('api'), clients: [db] }),
  ],
  [
    'tenant-isolation',
    '`denyFrom` and `denyTo` throw meanwhile, on `policy` too.',
    (_, chart) => new TenantIsolation(chart, 'It', { ...one, ...observed }),
  ],
];

/** Claims that the engine cannot be asked, because it knows neither time nor the outside world; or that another row has in other words. */
const NOT_ASKED: readonly (readonly [page: string, says: string, why: string])[] = [
  ['allow-apiserver', 'The policy does not only allow.', 'as the rows about all other egress'],
  ['cloud-profile', '169.254.0.0/16, which contains the API server', 'of the cloud'],
  ['cloud-profile', 'Deeper names before Cilium 1.19.', 'the last test of this file'],
  ['cluster-baseline', '- **The API server** is a peer with every port of its machines', 'on the pages of the parts'],
  ['default-deny-egress', '2. Write policies for the names', 'advice'],
  ['default-deny-egress', 'Hubble does not show what would be dropped', 'Hubble'],
  ['default-deny-egress', 'DNS depends on the agent', 'time'],
  ['default-deny-ingress', 'Many clusters instead close ingress service by service', 'advice'],
  ['dns-resolver', 'a value for the intents that open DNS', 'the rows of the table'],
  ['dns-resolver', 'Cilium does not report a wrong resolver.', 'what pods do'],
  ['domain-allowlist', 'open connections stay open', 'time'],
  ['domain-allowlist', 'is allowed for every pod that may reach the name', 'time'],
  ['egress-allowlist', 'For a peer with other ports, add `allowTo(peer, port)`.', 'as the row about ping'],
  ['host-firewall', 'Without it, Cilium stores the policy and ignores it.', 'the setting of the agent'],
  ['host-firewall', 'That is sufficient if nodes, pods and control plane are one cluster.', 'as the first row of the page'],
  ['host-firewall', '| value                             | opens ', 'the rows of the table'],
  ['host-firewall', 'There is one value for each role of node', 'the rows of the table'],
  ['host-firewall', '`ControlPlane.server(...peers)`', 'as the row above it'],
  ['host-firewall', 'Put the host endpoint of one node', 'advice'],
  ['host-firewall', 'Start with a `nodeSelector` that selects one node', 'advice'],
  ['host-firewall', 'replies on open connections may be dropped', 'time'],
  ['infra-baseline', 'Anyone who can label a namespace', 'people'],
  ['infra-baseline', 'Since Cilium 1.19, `**.cloud.example` matches', 'the last test of this file'],
  ['service-guard', 'depends on the path', 'the route of a packet'],
  ['service-guard', 'Whether a forwarded connection arrives as', 'the route of a packet'],
  [
    'default-deny-egress',
    '`tier: Tier.BASELINE` writes the policy as a ClusterNetworkPolicy',
    'patterns/tiers.test.ts, in the minor that has tiers',
  ],
  [
    'default-deny-ingress',
    '`tier: Tier.BASELINE` writes the policy as a ClusterNetworkPolicy',
    'patterns/tiers.test.ts, in the minor that has tiers',
  ],
  [
    'tenant-isolation',
    '`tier: Tier.ADMIN` writes the tenant as a ClusterNetworkPolicy',
    'patterns/tiers.test.ts, in the minor that has tiers',
  ],
  ['tenant-isolation', 'Anyone who can label a namespace', 'people'],
  ['tenant-isolation', 'Since Cilium 1.19, the tenant includes only', 'several clusters'],
];

test.each(CLAIMS)('$page: $says', ({ page, says, program, allowed, denied }) => {
  expect(PAGES[page]).toContain(says);
  const wanted = [...allowed.map((flow) => [flow, 'allowed'] as const), ...denied.map((flow) => [flow, 'denied'] as const)];
  const expected = Object.fromEntries(
    wanted.map(([flow, decision]) => [flow, Object.fromEntries(MINORS.map((minor) => [minor, decision]))]),
  );
  expect(Object.fromEntries(wanted.map(([flow]) => [flow, decide(program, flow)]))).toEqual(expected);
});

test.each(THROWS)('%s: %s', (page, says, write, message) => {
  expect(PAGES[page]).toContain(says);
  const app = new App();
  expect(() => write(app, new Chart(app, 'chart'))).toThrow(message);
});

test.each(OBSERVING)('%s: %s', (page, says, make) => {
  expect(PAGES[page]).toContain(says);
  const app = new App();
  const intent = make(app, new Chart(app, 'chart')) as Intent & Partial<Record<'denyTo' | 'denyFrom', (peer: Peer) => void>>;
  const refused = 'a deny rule in a policy that only observes would deny at once';
  expect(() => intent.policy.denyTo(Peer.world())).toThrow(refused);
  expect(() => intent.policy.denyFrom(Peer.world())).toThrow(refused);
  const verbs = (['denyTo', 'denyFrom'] as const).filter((verb) => intent[verb] !== undefined);
  expect(verbs).not.toEqual([]);
  verbs.forEach((verb) => expect(() => intent[verb]?.(Peer.world())).toThrow(refused));
});

test('every paragraph that claims something about traffic is quoted above', () => {
  const quoted = [...CLAIMS, ...[...THROWS, ...OBSERVING, ...NOT_ASKED].map(([page, says]) => ({ page, says }))];
  const open = Object.entries(PAGES).flatMap(([page, text]) =>
    paragraphsOf(text)
      .filter((paragraph) => ABOUT_TRAFFIC.test(paragraph))
      .filter((paragraph) => !quoted.some((one) => one.page === page && paragraph.includes(one.says)))
      .map((paragraph) => `${page}: ${paragraph}`),
  );
  expect(open).toEqual([]);
  expect(NOT_ASKED.filter(([page, says]) => !PAGES[page].includes(says))).toEqual([]);
});

const ABOUT_TRAFFIC =
  /clos|open|\blets? |leaves? |alone|can connect|can reach|cannot|may connect|reach|accept|allow|unchanged|affect|throws|protect|den(?:y|ies|ied)/;

/** The paragraphs, list items and lines of tables, without code and headings. */
function paragraphsOf(page: string): string[] {
  return page
    .replace(/```.*?```/gs, '')
    .split(/\n\n|\n(?=- |\d\. |\|)/)
    .filter((paragraph) => paragraph.trim() !== '' && !paragraph.startsWith('#'));
}

test('domain-allowlist: matches names with one or more labels in front since Cilium 1.19, and with exactly one before', () => {
  expect(PAGES['domain-allowlist']).toContain(
    'matches names with one or more labels in front since Cilium 1.19, and with exactly one before',
  );
  const decisions = { '1.18': 'denied', '1.19': 'allowed', '1.20': 'allowed' };
  expect(decide(namesDeep, 'shop/web > fqdn:a.b.cdn.example.com 443')).toEqual(decisions);
  expect(decide(infra, 'infra/web > fqdn:a.b.cdn.example.com 443')).toEqual(decisions);
});
