/** What an app for one cluster says once. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Chart, Testing } from 'cdk8s';
import {
  AllowApiserver,
  CiliumNetworkPolicy,
  CiliumPolicyChecks,
  CloudProfile,
  Cluster,
  DefaultDenyEgress,
  DnsResolver,
  External,
  InfraBaseline,
  Peer,
  PolicySimulator,
  Port,
  Protocol,
  Selector,
  TenantIsolation,
  Workload,
} from 'cdk8s-cilium';
import '../../lib/jest';

const chartIn = (cluster: App) => new Chart(cluster, 'shop', { namespace: 'shop' });

test('its intents open the API server on its ports, ask its resolver and know its cloud', () => {
  const cluster = new Cluster('prod', {
    apiserverPorts: [6443],
    dns: DnsResolver.openshift(),
    cloud: CloudProfile.of({ cidrs: ['198.51.100.0/24'] }),
  });
  const chart = chartIn(cluster);
  new AllowApiserver(chart, 'A');
  new TenantIsolation(chart, 'T', { namespaceLabels: { tenant: 'a' }, allowApiserver: true });
  new InfraBaseline(chart, 'I', { namespaceLabels: { role: 'infrastructure' } });
  new DefaultDenyEgress(chart, 'D');
  const [allow, tenant, infra, deny] = Testing.synth(chart).map((made) => JSON.stringify(made));
  for (const text of [allow, tenant, infra]) {
    expect(text).toContain('{"toEntities":["kube-apiserver"],"toPorts":[{"ports":[{"port":"6443","protocol":"TCP"}]}]}');
  }
  expect(infra).toContain('198.51.100.0/24');
  expect([infra, deny].every((text) => text.includes('"port":"5353"'))).toBe(true);
  expect(deny).toContain('"values":["kube-system","openshift-dns"]');
});

describe('its minor and its config', () => {
  const make = (cilium: string, config = {}) => {
    const cluster = new Cluster('prod', { cilium, config });
    const policy = new CiliumNetworkPolicy(chartIn(cluster), 'P', { endpointSelector: Selector.labels({ app: 'web' }) });
    return { cluster, policy };
  };

  test('decide what checks and matchers find', () => {
    for (const [cilium, isClean] of [
      ['1.18', false],
      ['1.20', true],
    ] as const) {
      const { cluster, policy } = make(cilium);
      policy.allowTo(Peer.cluster(), Port.protocol(Protocol.GRE));
      expect(CiliumPolicyChecks.findings(cluster)).toHaveLength(isClean ? 0 : 1);
      expect(CiliumPolicyChecks.findings(cluster, { cilium: '1.20' })).toHaveLength(0);
      (isClean ? expect(cluster) : expect(cluster).not).toBeClean();
    }
  });

  test('decide what a simulator and matchers answer', () => {
    const { cluster, policy } = make('1.20', { 'enable-policy': 'never' });
    policy.allowFrom(Peer.cluster());
    const flow = { from: 'entity:world', to: 'labels:app=web@shop', port: 80 };
    expect(cluster).toAllow(flow);
    expect(cluster).toDeny(flow, { config: {} });
    expect(PolicySimulator.ofChart(cluster).verdict({ source: flow.from, destination: flow.to, port: 80 }).decision).toBe('allowed');
  });
});

describe('a CIDR peer among the addresses of the cluster', () => {
  const synthesis = (props: object, peer: Peer) => () => {
    const chart = chartIn(new Cluster('prod', props));
    new CiliumNetworkPolicy(chart, 'P', { endpointSelector: Selector.all() }).allowTo(peer);
    return Testing.synth(chart) as object[];
  };

  test('fails the synthesis, because it matches nothing', () => {
    const cidrs = { podCidrs: ['10.0.0.0/8'], nodeCidrs: ['172.16.0.0/12'] };
    expect(synthesis(cidrs, Peer.cidrs('10.1.0.0/16'))).toThrow(
      '[shop/P] CIDR `10.1.0.0/16` lies in 10.0.0.0/8, the addresses of pods, which CIDR rules do not match; write Peer.labels()',
    );
    expect(synthesis(cidrs, Peer.cidrExcept('172.16.0.0/16', '172.16.1.0/24'))).toThrow('the addresses of nodes');
  });

  test('fails the synthesis as the far side of a connection too', () => {
    const chart = chartIn(new Cluster('prod', { podCidrs: ['10.0.0.0/8'] }));
    Workload.labels(chart, 'Web', { app: 'web' }).connections.allowTo(External.cidrs('10.1.0.0/16'), Port.tcp(443));
    expect(() => Testing.synth(chart) as object[]).toThrow('CIDR `10.1.0.0/16` lies in 10.0.0.0/8');
  });

  test('may contain them, or be nodes that the agent matches', () => {
    expect(synthesis({ podCidrs: ['10.0.0.0/8'] }, Peer.cidrs('0.0.0.0/0'))()).toHaveLength(1);
    const config = { 'policy-cidr-match-mode': 'nodes' };
    expect(synthesis({ nodeCidrs: ['172.16.0.0/12'], config }, Peer.cidrs('172.16.0.0/16'))()).toHaveLength(1);
  });
});

describe('its folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cluster-'));
    process.env.CDK8S_OUTDIR = folder;
  });
  afterEach(() => {
    delete process.env.CDK8S_OUTDIR;
    rmSync(folder, { recursive: true });
  });

  test('has its name, below the output folder of cdk8s', () => {
    for (const name of ['dev', 'prod']) {
      const cluster = new Cluster(name, { cilium: '1.19' });
      new CiliumNetworkPolicy(chartIn(cluster), 'P', { endpointSelector: Selector.all(), defaultDenyIngress: true });
      cluster.synth();
    }
    expect(readdirSync(folder)).toEqual(['dev', 'prod']);
    expect(readdirSync(join(folder, 'prod'))).toEqual(['.cilium-cluster', 'shop.k8s.yaml']);
    expect(JSON.parse(readFileSync(join(folder, 'prod/.cilium-cluster'), 'utf8'))).toEqual({ name: 'prod', cilium: '1.19' });
  });

  test('is not shared with another cluster', () => {
    const outdir = join(folder, 'shared');
    new Cluster('dev', { outdir }).synth();
    new Cluster('dev', { outdir }).synth();
    expect(() => new Cluster('prod', { outdir }).synth()).toThrow('clusters `dev` and `prod` are written to the same folder');
  });

  test('can be another', () => {
    new Cluster('prod', { outdir: join(folder, 'elsewhere') }).synth();
    expect(existsSync(join(folder, 'elsewhere'))).toBe(true);
  });
});

test('what the caller changes afterwards changes nothing', () => {
  const apiserverPorts = [6443];
  const config: Record<string, string> = { 'enable-policy': 'never' };
  const cluster = new Cluster('prod', { apiserverPorts, config });
  apiserverPorts.length = 0;
  delete config['enable-policy'];
  expect(cluster.apiserverPorts).toEqual([6443]);
  expect(cluster.config).toEqual({ 'enable-policy': 'never' });
  expect(() => cluster.apiserverPorts?.pop()).toThrow(TypeError);
});

test('a construct knows its cluster', () => {
  const cluster = new Cluster('prod');
  expect(Cluster.ofConstruct(chartIn(cluster))).toBe(cluster);
  expect(Cluster.ofConstruct(chartIn(new App()))).toBeUndefined();
});

test.each<[what: string, write: () => unknown, message: string]>([
  ['a bad name', () => new Cluster('../prod'), 'name of a cluster `../prod` is not valid; use up to 63 lower-case letters'],
  ['a bad minor', () => new Cluster('prod', { cilium: 'v1.20' }), 'cilium is `v1.20`, not a minor; write, for example, `1.20`'],
  ['no ports', () => new Cluster('prod', { apiserverPorts: [] }), 'apiserverPorts is empty; leave them out if the ports are not known'],
  ['a bad port', () => new Cluster('prod', { apiserverPorts: [70000] }), 'port 70000 is not a valid port number'],
  ['an empty folder', () => new Cluster('prod', { outdir: '' }), 'outdir is empty; give a folder, or leave it out'],
  ['a bad block', () => new Cluster('prod', { podCidrs: ['10.0.0.0'] }), 'CIDR `10.0.0.0` has no prefix length'],
  [
    'a misspelt property',
    () => new Cluster('prod', { celium: '1.20' } as never),
    'Cluster has no property `celium`; did you mean `cilium`?',
  ],
])('%s is refused', (_, write, message) => {
  expect(write).toThrow(message);
});
