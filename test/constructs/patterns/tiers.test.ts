/** Intents in the tiers of ClusterNetworkPolicy: what they render and refuse, and what flows come to, asked of the verdict engine. */
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { compileObjects, JsonObject } from '../../../lib/engine';
import { schemaErrors } from '../../support/crd';
import { Manifest } from '../../support/synth';
import {
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  ClusterBaseline,
  ClusterNetworkPolicy,
  DefaultDenyEgress,
  DefaultDenyIngress,
  DnsResolver,
  HttpRule,
  Peer,
  Port,
  Selector,
  TenantIsolation,
  Tier,
} from 'cdk8s-cilium';

const all = Selector.all();
const tenantLabels = { tenant: 'a' };

function synthesized(write: (chart: Chart) => void): Manifest[] {
  const chart = new Chart(new App(), 'test', { disableResourceNameHashes: true });
  write(chart);
  return Testing.synth(chart) as Manifest[];
}

const NAME = 'kubernetes.io/metadata.name';
const everyPod = [{ namespaces: {} }];
const lookUps = {
  protocols: ['tcp', 'udp', 'sctp'].map((protocol) => ({ [protocol]: { destinationPort: { number: 53 } } })),
};
const kubeDns = [
  { pods: { namespaceSelector: { matchLabels: { [NAME]: 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } } },
];
const butKubeSystem = {
  namespaces: {
    matchExpressions: [
      { key: NAME, operator: 'Exists' },
      { key: NAME, operator: 'NotIn', values: ['kube-system'] },
    ],
  },
};

function spec(write: (chart: Chart) => void): unknown {
  const [made, ...more] = synthesized(write);
  expect(more).toEqual([]);
  expect(schemaErrors(made)).toEqual([]);
  expect(made.metadata.namespace).toBeUndefined();
  return made.spec;
}

test('a tenant in the Admin tier passes what is its own, and denies other pods last', () => {
  const own = [{ namespaces: { matchLabels: { tenant: 'a' } } }];
  const monitoring = [{ namespaces: { matchLabels: { [NAME]: 'monitoring' } } }];
  const made = spec((chart) => {
    const tenant = new TenantIsolation(chart, 'T', { tier: Tier.ADMIN, namespaceLabels: tenantLabels, description: 'why' });
    tenant.allowFrom(Peer.endpoints(all.inNamespace('monitoring')), Port.tcp(9090));
    tenant.denyTo(Peer.endpoints(Selector.labels({ app: 'old' })));
  });
  expect(made).toEqual({
    tier: 'Admin',
    priority: 500,
    subject: own[0],
    ingress: [
      { action: 'Pass', from: own },
      { action: 'Pass', from: monitoring, protocols: [{ tcp: { destinationPort: { number: 9090 } } }] },
      { action: 'Deny', from: everyPod },
    ],
    egress: [
      { action: 'Deny', to: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'old' } } } }] },
      { action: 'Pass', to: own },
      { action: 'Pass', to: kubeDns, ...lookUps },
      { action: 'Deny', to: everyPod },
    ],
  });
});

test('a tenant can be one namespace, and needs no rule for a resolver that is no pod', () => {
  const own = { namespaces: { matchLabels: { [NAME]: 'blue' } } };
  const made = spec((chart) => {
    const dns = DnsResolver.of(Peer.host());
    new TenantIsolation(chart, 'T', { tier: Tier.ADMIN, priority: 7, metadata: { namespace: 'blue' }, dns });
  });
  expect(made).toEqual({
    tier: 'Admin',
    priority: 7,
    subject: own,
    ingress: [
      { action: 'Pass', from: [own] },
      { action: 'Deny', from: everyPod },
    ],
    egress: [
      { action: 'Pass', to: [own] },
      { action: 'Deny', to: everyPod },
    ],
  });
});

test('default denies in the Baseline tier accept what they open, and deny what can be named last', () => {
  const egress = spec((chart) => {
    const deny = new DefaultDenyEgress(chart, 'D', { tier: Tier.BASELINE, denyNodes: true });
    deny.allowTo(Peer.cidrs('192.0.2.0/24'));
    deny.denyTo(Peer.cidrs('192.0.2.7/32'));
  });
  expect(egress).toEqual({
    tier: 'Baseline',
    priority: 1000,
    subject: butKubeSystem,
    egress: [
      { action: 'Deny', to: [{ networks: ['192.0.2.7/32'] }] },
      { action: 'Accept', to: kubeDns, ...lookUps },
      { action: 'Accept', to: [{ networks: ['192.0.2.0/24'] }] },
      { action: 'Deny', to: everyPod },
      { action: 'Deny', to: [{ networks: ['0.0.0.0/0', '::/0'] }] },
      { action: 'Deny', to: [{ nodes: {} }] },
    ],
  });
  const ingress = spec((chart) => {
    const deny = new DefaultDenyIngress(chart, 'D', { tier: Tier.BASELINE, priority: 3 });
    deny.allowFrom(Peer.endpoints(all.inNamespace('monitoring')));
    deny.denyFrom(Peer.endpoints(Selector.labels({ app: 'old' })));
  });
  expect(ingress).toEqual({
    tier: 'Baseline',
    priority: 3,
    subject: butKubeSystem,
    ingress: [
      { action: 'Deny', from: [{ pods: { namespaceSelector: {}, podSelector: { matchLabels: { app: 'old' } } } }] },
      { action: 'Accept', from: [{ namespaces: { matchLabels: { [NAME]: 'monitoring' } } }] },
      { action: 'Deny', from: everyPod },
    ],
  });
});

let chart: Chart;
beforeEach(() => {
  chart = new Chart(new App(), 'chart');
});

const NOT_ADMIN = 'where no policy could open anything again; write Tier.BASELINE, or leave tier out';

test.each<[string, () => unknown, string]>([
  [
    'a default deny of egress',
    () => new DefaultDenyEgress(chart, 'D', { tier: Tier.ADMIN }),
    `the intent cannot be in the tier \`Admin\`, ${NOT_ADMIN}`,
  ],
  [
    'of ingress',
    () => new DefaultDenyIngress(chart, 'D', { tier: Tier.ADMIN }),
    `the intent cannot be in the tier \`Admin\`, ${NOT_ADMIN}`,
  ],
  [
    'a tenant',
    () => new TenantIsolation(chart, 'D', { tier: Tier.BASELINE, namespaceLabels: tenantLabels }),
    'the intent cannot be in the tier `Baseline`, which any policy of the tenant would be judged before; write Tier.ADMIN, or leave tier out',
  ],
  [
    'a priority alone',
    () => new TenantIsolation(chart, 'D', { priority: 1, namespaceLabels: tenantLabels }),
    'priority is given without a tier; write tier: Tier.ADMIN too, or leave priority out',
  ],
  [
    'observing',
    () => new DefaultDenyIngress(chart, 'D', { tier: Tier.BASELINE, observe: true }),
    'observe is given beside tier, and a ClusterNetworkPolicy has no such thing; leave one of them out',
  ],
  [
    'nodes of no tier',
    () => new DefaultDenyEgress(chart, 'D', { denyNodes: true }),
    'denyNodes is given without a tier; leave it out: without a tier, nodes are closed',
  ],
  [
    'endpoints that are no pods',
    () => new DefaultDenyEgress(chart, 'D', { tier: Tier.BASELINE, exceptReserved: false }),
    'exceptReserved is false, but a ClusterNetworkPolicy selects only pods; leave it out',
  ],
  [
    'the API server',
    () => new TenantIsolation(chart, 'D', { tier: Tier.ADMIN, namespaceLabels: tenantLabels, allowApiserver: true }),
    'allowApiserver is given beside tier, which does not close the API server; leave one of them out',
  ],
  [
    'a tenant that is not said',
    () => new TenantIsolation(chart, 'D', { tier: Tier.ADMIN }),
    'the tenant has no namespace; give namespaceLabels or metadata.namespace, or set the namespace of the chart',
  ],
  [
    'the other policy',
    () => new DefaultDenyIngress(chart, 'D', { tier: Tier.BASELINE }).policy,
    'the intent is written as a ClusterNetworkPolicy; write tierPolicy in place of policy',
  ],
])('%s throws', (_, write, message) => {
  expect(write).toThrow(new Error(`${message}, at chart/D`));
});

test('without a tier, an intent has no tierPolicy, and with one, only that', () => {
  expect(new DefaultDenyIngress(chart, 'A').tierPolicy).toBeUndefined();
  const { tierPolicy } = new DefaultDenyEgress(chart, 'B', { tier: Tier.BASELINE });
  expect(tierPolicy).toBeInstanceOf(ClusterNetworkPolicy);
  const { tenants } = new ClusterBaseline(new App(), 'base', { tenants: [{ namespaceLabels: tenantLabels, tier: Tier.ADMIN }] });
  expect(tenants[0].tierPolicy?.name).toMatch(/^base-tenant/);
});

// What flows come to

const CLUSTER = [
  ...['kube-system', 'other', 'a1', 'a2'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { [NAME]: name, ...(name.startsWith('a') && tenantLabels) } },
  })),
  ...[
    ['kube-system', 'dns', '10.0.0.1', { 'k8s-app': 'kube-dns' }],
    ['other', 'web', '10.0.0.2', { app: 'web' }],
    ['a1', 'web', '10.0.0.3', { app: 'web' }],
    ['a2', 'db', '10.0.0.4', { app: 'db' }],
  ].map(([namespace, name, ip, labels]) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { namespace, name, labels },
    spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i' }] },
    status: { podIP: ip, podIPs: [{ ip }] },
  })),
  ...['n1', 'n2'].map((name, i) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name },
    status: { addresses: [{ type: 'InternalIP', address: `172.18.0.${i + 1}` }] },
  })),
];

/** Answers about flows such as `a1/web > other/web 80`, with `GET /path` for a request. */
function asked(write: (chart: Chart) => void, config: Record<string, string> = {}): (flow: string) => string {
  const on = { 'enable-k8s-cluster-network-policy': 'true', ...config };
  const objects = [...synthesized(write), ...CLUSTER] as unknown as JsonObject[];
  const engine = compileObjects(objects, { config: on, names: { 'api.example': ['192.0.2.7'] } });
  expect(engine.refused).toEqual([]);
  return (flow) => {
    const [, source, to, port, protocol = 'TCP', path] = /^(\S+) > (\S+) (\d+)(?:\/(\S+))?(?: GET (\S+))?$/.exec(flow) ?? [];
    const http = path === undefined ? undefined : { method: 'GET', path };
    const { passes } = engine.verdict({ from: source, to, port: Number(port), protocol, http });
    return passes === true ? 'open' : passes === false ? 'closed' : 'unknown';
  };
}

const tenant = (scope: Chart) => new TenantIsolation(scope, 'Tenant', { tier: Tier.ADMIN, namespaceLabels: tenantLabels });

/** A policy of a team for all pods of a namespace. */
function team(scope: Chart, namespace: string): CiliumNetworkPolicy {
  return new CiliumNetworkPolicy(scope, `Team-${namespace}`, { metadata: { name: 'team', namespace }, endpointSelector: all });
}

function opensEverything(scope: Chart, ...namespaces: string[]): void {
  for (const namespace of namespaces) {
    const policy = team(scope, namespace);
    policy.allowFrom(Peer.any());
    policy.allowTo(Peer.any());
  }
}

const ACROSS = ['a1/web > other/web 80', 'other/web > a1/web 80', 'other/web > a2/db 5432', 'a2/db > kube-system/dns 80'];

test('no policy of a tenant, and none of its neighbours, undoes the isolation in the Admin tier', () => {
  const ask = asked((scope) => {
    tenant(scope);
    opensEverything(scope, 'a1', 'a2', 'other');
  });
  expect(ACROSS.map(ask)).toEqual(['closed', 'closed', 'closed', 'closed']);
  expect(['a1/web > a2/db 5432', 'a1/web > kube-system/dns 53/UDP', 'a1/web > entity:world 443'].map(ask)).toEqual([
    'open',
    'open',
    'open',
  ]);
});

test('what is passed is for the policies of the tenant: they close it, inspect it, and open it', () => {
  const ask = asked((scope) => {
    tenant(scope);
    const db = team(scope, 'a2');
    db.allowFrom(Peer.endpoints(Selector.labels({ app: 'web' }).inNamespace('a1')), Port.tcp(80).http(HttpRule.get('/public')));
  });
  expect(ask('a1/web > a2/db 5432')).toBe('closed');
  expect(ask('a1/web > a2/db 80 GET /public')).toBe('open');
  expect(ask('a1/web > a2/db 80 GET /private')).toBe('closed');
});

/** A team that uses a name, with a rule for DNS that shows the proxy the look-ups. */
function usesName(scope: Chart): void {
  const web = team(scope, 'a1');
  web.allowTo(Peer.kubeDns(), Port.dnsProxy());
  web.allowTo(Peer.fqdns('api.example'), Port.tcp(443));
}

test('names are learnt through a Pass, and not through an Accept, which ends the inspection', () => {
  const passed = asked((scope) => {
    tenant(scope);
    usesName(scope);
  });
  expect(passed('a1/web > fqdn:api.example 443')).toBe('open');
  const accepted = asked((scope) => {
    const admin = new ClusterNetworkPolicy(scope, 'Admin', { tier: Tier.ADMIN, priority: 0, subject: all });
    admin.acceptTo(Peer.kubeDns(), Port.any(53));
    usesName(scope);
  });
  // The query passes beside the proxy, so only another pod of the node can teach Cilium the address.
  expect(accepted('a1/web > fqdn:api.example 443')).toBe('unknown');
  expect(accepted('a1/web > kube-system/dns 53/UDP')).toBe('open');
});

test('a clusterwide deny holds against the tenant too, but nothing in its tier can make an exception', () => {
  const wall = (scope: Chart) => {
    const policy = new CiliumClusterwideNetworkPolicy(scope, 'Wall', {
      endpointSelector: all.inNamespacesLabeled(tenantLabels),
      defaultDenyIngress: false,
    });
    policy.denyFrom(Peer.endpoints(all.outsideNamespacesLabeled(tenantLabels)));
  };
  const opens = (scope: Chart) => {
    const exception = new CiliumClusterwideNetworkPolicy(scope, 'Exception', { endpointSelector: all.inNamespacesLabeled(tenantLabels) });
    exception.allowFrom(Peer.any());
  };
  const byDeny = asked((scope) => {
    wall(scope);
    opensEverything(scope, 'a1', 'a2', 'other');
    opens(scope);
  });
  expect(byDeny('other/web > a1/web 80')).toBe('closed');
  const byTier = asked((scope) => {
    tenant(scope);
    opensEverything(scope, 'a1', 'a2', 'other');
    const earlier = new ClusterNetworkPolicy(scope, 'Earlier', { tier: Tier.ADMIN, priority: 499, subject: all });
    earlier.passFrom(Peer.endpoints(Selector.labels({ app: 'web' }).inNamespace('other')), Port.tcp(80));
  });
  expect(['other/web > a1/web 80', 'other/web > a1/web 81', 'kube-system/dns > a1/web 80'].map(byTier)).toEqual([
    'open',
    'closed',
    'closed',
  ]);
  // An Admin Accept even opens what a deny closes.
  const both = asked((scope) => {
    wall(scope);
    const earlier = new ClusterNetworkPolicy(scope, 'Earlier', { tier: Tier.ADMIN, priority: 0, subject: all });
    earlier.acceptFrom(Peer.endpoints(all.inNamespace('other')), Port.tcp(80));
  });
  expect(['other/web > a1/web 80', 'other/web > a1/web 81'].map(both)).toEqual(['open', 'closed']);
});

const denied = (scope: Chart, denyNodes?: boolean) => {
  new DefaultDenyEgress(scope, 'Egress', { tier: Tier.BASELINE, denyNodes });
  new DefaultDenyIngress(scope, 'Ingress', { tier: Tier.BASELINE });
};

/** Every peer that is not a pod. */
const OUTSIDE = ['entity:world', 'ip:192.0.2.7', 'node:n1', 'node:n2', 'entity:health', 'entity:ingress'];

test('a Baseline deny closes pods, and the world as a destination; what it cannot name stays open', () => {
  const ask = asked(denied);
  expect(['a1/web > a2/db 80', 'other/web > a1/web 80', 'a1/web > kube-system/dns 80'].map(ask)).toEqual(['closed', 'closed', 'closed']);
  expect(ask('a1/web > kube-system/dns 53/UDP')).toBe('open');
  expect(OUTSIDE.map((one) => ask(`a1/web > ${one} 80`))).toEqual(['closed', 'closed', 'open', 'open', 'open', 'open']);
  expect(OUTSIDE.map((one) => ask(`${one} > a1/web 80`))).toEqual(OUTSIDE.map(() => 'open'));
  // Excepted namespaces are closed in neither direction.
  expect(['kube-system/dns > entity:world 443', 'entity:world > kube-system/dns 80'].map(ask)).toEqual(['open', 'open']);
});

test('with denyNodes, nodes are closed as destinations, where the agent knows their labels', () => {
  const nodes = (config: Record<string, string>) => asked((scope) => denied(scope, true), config);
  const ask = nodes({ 'enable-node-selector-labels': 'true' });
  expect(OUTSIDE.map((one) => ask(`a1/web > ${one} 80`))).toEqual(['closed', 'closed', 'closed', 'closed', 'open', 'open']);
  expect(() => nodes({})).toThrow('enable-node-selector-labels');
});

test('any policy of a team opens what the Baseline tier denies, and a policy that isolates changes nothing else', () => {
  const ask = asked((scope) => {
    denied(scope);
    const web = team(scope, 'a1');
    web.allowTo(Peer.endpoints(Selector.labels({ app: 'db' }).inNamespace('a2')), Port.tcp(5432));
    web.allowTo(Peer.cidrs('192.0.2.0/24'), Port.tcp(443));
    new ApiObject(scope, 'NetworkPolicy', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'db', namespace: 'a2' },
      spec: {
        podSelector: {},
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { [NAME]: 'a1' } } }], ports: [{ port: 5432 }] }],
      },
    });
  });
  expect(['a1/web > a2/db 5432', 'a1/web > ip:192.0.2.7 443'].map(ask)).toEqual(['open', 'open']);
  expect(['a1/web > a2/db 80', 'a1/web > ip:192.0.2.7 80', 'other/web > a2/db 5432'].map(ask)).toEqual(['closed', 'closed', 'closed']);
  // The Baseline tier opens DNS for the pods that the team isolates, but shows the proxy no look-ups.
  expect(ask('a1/web > kube-system/dns 53/UDP')).toBe('open');
});

test('names need a rule of the team for DNS: the one of the Baseline tier shows the proxy no look-ups', () => {
  const named = (withDns: boolean) =>
    asked((scope) => {
      denied(scope);
      const web = team(scope, 'a1');
      web.allowTo(Peer.fqdns('api.example'), Port.tcp(443));
      if (withDns) {
        web.allowTo(Peer.kubeDns(), Port.dnsProxy());
      }
    });
  expect([false, true].map((withDns) => named(withDns)('a1/web > fqdn:api.example 443'))).toEqual(['unknown', 'open']);
});
