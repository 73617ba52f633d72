/** What each intent makes beyond the guide's examples, which test/guide covers. */
import { App, Chart } from 'cdk8s';
import { checkObjects } from '../../../lib/engine';
import type { JsonObject } from '../../../lib/model/json';
import { schemaErrors } from '../../support/crd';
import { manifest, Manifest } from '../../support/synth';
import {
  CloudProfile,
  ClusterBaseline,
  ControlPlane,
  DefaultDenyEgress,
  DefaultDenyIngress,
  DnsResolver,
  DomainAllowlist,
  EgressAllowlist,
  Exposure,
  HostFirewall,
  HttpRule,
  Icmp,
  InfraBaseline,
  Peer,
  Port,
  Selector,
  ServiceGuard,
  TenantIsolation,
} from 'cdk8s-cilium';

const NAMESPACE = 'io.kubernetes.pod.namespace';
const endpointSelector = Selector.labels({ app: 'a' });
const kubeDns = {
  toEndpoints: [{ matchLabels: { [NAMESPACE]: 'kube-system', 'k8s-app': 'kube-dns' } }],
  toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
};

/** Findings at warning or above: an intent makes nothing that its user would have to change. */
function warningsFor(made: Manifest): string[] {
  return checkObjects([made as unknown as JsonObject])
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, path }) => `${code} ${path}`);
}

function spec(make: (chart: Chart) => unknown): NonNullable<Manifest['spec']> {
  const made = manifest(make);
  expect(schemaErrors(made)).toEqual([]);
  expect(warningsFor(made)).toEqual([]);
  return made.spec ?? {};
}

describe('DefaultDenyEgress', () => {
  test('leaves kube-system alone by default', () => {
    expect(spec((chart) => new DefaultDenyEgress(chart, 'D'))).toEqual({
      endpointSelector: { matchExpressions: [{ key: NAMESPACE, operator: 'NotIn', values: ['kube-system'] }] },
      egress: [kubeDns],
    });
  });

  test('can leave other namespaces alone, none, and endpoints without a namespace', () => {
    const subject = (props: object) => spec((chart) => new DefaultDenyEgress(chart, 'D', props)).endpointSelector;
    expect(subject({ exceptNamespaces: ['a', 'kube-system'] })).toEqual({
      matchExpressions: [{ key: NAMESPACE, operator: 'NotIn', values: ['a', 'kube-system'] }],
    });
    // A resolver in the node's network has no namespace that must stay open.
    const dns = DnsResolver.of(Peer.host());
    expect(subject({ dns, exceptNamespaces: [] })).toEqual({});
    expect(subject({ dns, exceptNamespaces: [], exceptReserved: true })).toEqual({
      matchExpressions: [{ key: NAMESPACE, operator: 'Exists' }],
    });
    expect(subject({ exceptReserved: true })).toEqual({
      matchExpressions: [
        { key: NAMESPACE, operator: 'Exists' },
        { key: NAMESPACE, operator: 'NotIn', values: ['kube-system'] },
      ],
    });
  });

  test('observing, it makes nothing default-deny and still redirects DNS', () => {
    expect(spec((chart) => new DefaultDenyEgress(chart, 'D', { observe: true }))).toMatchObject({
      enableDefaultDeny: { egress: false },
      egress: [kubeDns],
    });
  });
});

describe('DefaultDenyIngress', () => {
  const alive = {
    matchExpressions: [
      { key: NAMESPACE, operator: 'Exists' },
      { key: NAMESPACE, operator: 'NotIn', values: ['kube-system'] },
    ],
  };

  test('closes ingress and keeps endpoints without a namespace alive', () => {
    expect(spec((chart) => new DefaultDenyIngress(chart, 'D'))).toEqual({
      endpointSelector: alive,
      enableDefaultDeny: { ingress: true },
      ingress: [{}],
    });
  });

  test('lets in whom it is told to', () => {
    expect(spec((chart) => new DefaultDenyIngress(chart, 'D').allowFrom(Peer.ingress())).ingress).toEqual([{ fromEntities: ['ingress'] }]);
  });

  test('observing, it closes nothing and lets in nobody new', () => {
    expect(spec((chart) => new DefaultDenyIngress(chart, 'D', { observe: true }))).toEqual({
      endpointSelector: alive,
      enableDefaultDeny: { ingress: false },
      ingress: [{ fromEntities: ['none'] }],
    });
  });
});

describe('InfraBaseline', () => {
  const namespaceLabels = { role: 'infrastructure' };
  const infrastructure = { matchLabels: { 'io.cilium.k8s.namespace.labels.role': 'infrastructure' } };

  test('without a cloud opens the inside only', () => {
    expect(spec((chart) => new InfraBaseline(chart, 'I', { namespaceLabels }))).toEqual({
      endpointSelector: infrastructure,
      egress: [
        { toEndpoints: [infrastructure] },
        kubeDns,
        { toEntities: ['kube-apiserver'] },
        { toEntities: ['host', 'remote-node'], toPorts: [{ ports: [{ port: '10250', protocol: 'TCP' }] }] },
      ],
    });
  });

  test('adds names and blocks of its own to those of the cloud', () => {
    const cloud = CloudProfile.of({ fqdns: ['**.cloud.example'], cidrs: ['198.51.100.0/24'] });
    const { egress } = spec(
      (chart) => new InfraBaseline(chart, 'I', { namespaceLabels, cloud, fqdns: ['own.example'], cidrs: ['192.0.2.0/24'] }),
    );
    expect(egress).toContainEqual({ toFQDNs: [{ matchPattern: '**.cloud.example' }, { matchName: 'own.example' }] });
    expect(egress).toContainEqual({ toCIDR: ['198.51.100.0/24', '192.0.2.0/24'] });
  });

  test('asks other kubelet ports, another resolver, or none of the kubelets', () => {
    const dns = DnsResolver.openshift();
    const ports = spec((chart) => new InfraBaseline(chart, 'I', { namespaceLabels, dns, kubeletPorts: [10250, 10255] })).egress;
    expect(ports).toContainEqual({
      toEntities: ['host', 'remote-node'],
      toPorts: [
        {
          ports: [
            { port: '10250', protocol: 'TCP' },
            { port: '10255', protocol: 'TCP' },
          ],
        },
      ],
    });
    expect(ports).not.toContainEqual(kubeDns);
    const none = spec((chart) => new InfraBaseline(chart, 'I', { namespaceLabels, kubeletPorts: [] })).egress;
    expect(none).toEqual([{ toEndpoints: [infrastructure] }, kubeDns, { toEntities: ['kube-apiserver'] }]);
  });

  test('observing, it makes nothing default-deny', () => {
    expect(spec((chart) => new InfraBaseline(chart, 'I', { namespaceLabels, observe: true })).enableDefaultDeny).toEqual({ egress: false });
  });
});

describe('HostFirewall', () => {
  const cluster = { fromEntities: ['cluster'] };

  test('by default lets the cluster in, and nobody else', () => {
    expect(spec((chart) => new HostFirewall(chart, 'H'))).toEqual({ nodeSelector: {}, ingress: [cluster] });
  });

  test.each<[string, object, unknown[]]>([
    ['SSH', { ssh: true }, [{ toPorts: [{ ports: [{ port: '22', protocol: 'TCP' }] }] }]],
    ['ping', { ping: true }, [{ icmps: [{ fields: [{ family: 'IPv4', type: 'EchoRequest' }] }] }]],
    [
      'other ports',
      { ports: [Port.tcp(9100), Icmp.v6('EchoRequest')] },
      [{ toPorts: [{ ports: [{ port: '9100', protocol: 'TCP' }] }] }, { icmps: [{ fields: [{ family: 'IPv6', type: 'EchoRequest' }] }] }],
    ],
    ['no other ports', { ports: [] }, []],
    ['the API server', { controlPlane: ControlPlane.server(Peer.any()) }, [{ toPorts: [{ ports: [{ port: '6443', protocol: 'TCP' }] }] }]],
    [
      'the API server, to some',
      { controlPlane: ControlPlane.server(Peer.cidrs('192.0.2.0/24'), Peer.cidrGroups('office')) },
      [
        { fromCIDR: ['192.0.2.0/24'], toPorts: [{ ports: [{ port: '6443', protocol: 'TCP' }] }] },
        { fromCIDRSet: [{ cidrGroupRef: 'office' }], toPorts: [{ ports: [{ port: '6443', protocol: 'TCP' }] }] },
      ],
    ],
    [
      'the kubelet, to a control plane elsewhere',
      { controlPlane: ControlPlane.worker(Peer.cidrs('192.0.2.0/24')) },
      [{ fromCIDR: ['192.0.2.0/24'], toPorts: [{ ports: [{ port: '10250', protocol: 'TCP' }] }] }],
    ],
  ])('opens %s', (_, props, rules) => {
    expect(spec((chart) => new HostFirewall(chart, 'H', props)).ingress).toEqual([cluster, ...rules]);
  });

  test('can be about some nodes only, and observe', () => {
    const nodeSelector = Selector.labels({ pool: 'edge' });
    expect(spec((chart) => new HostFirewall(chart, 'H', { nodeSelector, observe: true }))).toEqual({
      nodeSelector: { matchLabels: { pool: 'edge' } },
      enableDefaultDeny: { ingress: false },
      ingress: [cluster],
    });
  });
});

describe('TenantIsolation', () => {
  test('of the chart’s namespace is a namespaced policy', () => {
    const made = manifest((chart) => new TenantIsolation(chart, 'T'), { namespace: 'shop' });
    expect(made.kind).toBe('CiliumNetworkPolicy');
    expect(made.spec).toEqual({ endpointSelector: {}, ingress: [{ fromEndpoints: [{}] }], egress: [{ toEndpoints: [{}] }] });
  });

  test('opens DNS and the API server if told to', () => {
    const props = { namespaceLabels: { tenant: 'a' }, dns: DnsResolver.kubeDns(), allowApiserver: true };
    const { egress } = spec((chart) => new TenantIsolation(chart, 'T', props));
    expect(egress).toEqual([
      { toEndpoints: [{ matchLabels: { 'io.cilium.k8s.namespace.labels.tenant': 'a' } }] },
      kubeDns,
      { toEntities: ['kube-apiserver'] },
    ]);
  });

  test('takes rules in both directions', () => {
    const made = spec((chart) => {
      const tenant = new TenantIsolation(chart, 'T', { namespaceLabels: { tenant: 'a' } });
      tenant.allowFrom(Peer.ingress());
      tenant.denyFrom(Peer.remoteNodes());
      tenant.allowTo(Peer.world());
      tenant.denyTo(Peer.host());
    });
    expect(made).toMatchObject({
      ingress: [{}, { fromEntities: ['ingress'] }],
      ingressDeny: [{ fromEntities: ['remote-node'] }],
      egress: [{}, { toEntities: ['world'] }],
      egressDeny: [{ toEntities: ['host'] }],
    });
  });
});

test.each<[string, DnsResolver, object]>([
  ['kubeDns', DnsResolver.kubeDns(), kubeDns],
  [
    'nodeLocalDns',
    DnsResolver.nodeLocalDns(),
    {
      ...kubeDns,
      toEndpoints: [{ matchLabels: { [NAMESPACE]: 'kube-system', 'k8s-app': 'node-local-dns' } }, ...kubeDns.toEndpoints],
    },
  ],
  [
    'openshift',
    DnsResolver.openshift(),
    {
      toEndpoints: [{ matchLabels: { [NAMESPACE]: 'openshift-dns' } }],
      toPorts: [{ ports: [{ port: '5353', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
    },
  ],
  [
    'of',
    DnsResolver.of(Peer.host(), Port.udp(53), Port.tcp(53)),
    {
      toEntities: ['host'],
      toPorts: [
        { ports: [{ port: '53', protocol: 'UDP' }], rules: { dns: [{ matchPattern: '*' }] } },
        { ports: [{ port: '53', protocol: 'TCP' }], rules: { dns: [{ matchPattern: '*' }] } },
      ],
    },
  ],
])('the resolver %s is asked through the DNS proxy', (_, dns, rule) => {
  expect(
    spec((chart) => new DomainAllowlist(chart, 'D', { endpointSelector, domains: ['a.example'], ports: [Port.tcp(443)], dns })).egress,
  ).toEqual([rule, { toFQDNs: [{ matchName: 'a.example' }], toPorts: [{ ports: [{ port: '443', protocol: 'TCP' }] }] }]);
});

describe('ServiceGuard', () => {
  const ports = [Port.tcp(80).http(HttpRule.get('/'))];
  const toPorts = [{ ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: '/' }] } }];
  const client = { fromEndpoints: [{ matchLabels: { app: 'b' } }], toPorts };

  test.each<[Exposure | undefined, unknown[]]>([
    [undefined, [client]],
    [Exposure.NONE, [client]],
    [Exposure.LOAD_BALANCER, [client, { fromEntities: ['world'], toPorts }]],
    [Exposure.NODE_PORT, [client, { fromEntities: ['world', 'remote-node'], toPorts }]],
  ])('exposed as %s', (exposure, ingress) => {
    const props = { endpointSelector, clients: [Peer.labels({ app: 'b' })], ports, exposure };
    expect(spec((chart) => new ServiceGuard(chart, 'S', props)).ingress).toEqual(ingress);
  });

  test('without ports opens all', () => {
    expect(spec((chart) => new ServiceGuard(chart, 'S', { endpointSelector, clients: [Peer.world()] })).ingress).toEqual([
      { fromEntities: ['world'] },
    ]);
  });
});

describe('EgressAllowlist', () => {
  test('has a rule for each peer, on the same ports', () => {
    const props = { endpointSelector, peers: [Peer.cidrs('192.0.2.0/24'), Peer.labels({ app: 'b' })], ports: [Port.tcp(80)] };
    const toPorts = [{ ports: [{ port: '80', protocol: 'TCP' }] }];
    expect(spec((chart) => new EgressAllowlist(chart, 'E', props)).egress).toEqual([
      { toCIDR: ['192.0.2.0/24'], toPorts },
      { toEndpoints: [{ matchLabels: { app: 'b' } }], toPorts },
    ]);
  });

  test('opens DNS if a peer is a name, or if told to', () => {
    const named = spec((chart) => new EgressAllowlist(chart, 'E', { endpointSelector, peers: [Peer.fqdns('a.example')] }));
    expect(named.egress).toEqual([kubeDns, { toFQDNs: [{ matchName: 'a.example' }] }]);
    const told = spec((chart) => new EgressAllowlist(chart, 'E', { endpointSelector, peers: [Peer.host()], dns: DnsResolver.kubeDns() }));
    expect(told.egress).toEqual([kubeDns, { toEntities: ['host'] }]);
  });
});

describe('ClusterBaseline', () => {
  test('makes the parts that are given', () => {
    const all = new ClusterBaseline(new App(), 'all', {
      defaultDenyEgress: {},
      infrastructure: { namespaceLabels: { role: 'infrastructure' } },
      hostFirewall: {},
      tenants: [{ namespaceLabels: { 'tenant-id': '001' } }, { metadata: { namespace: 'b' } }, { metadata: { name: 'c', namespace: 'd' } }],
    });
    expect(all.node.children.map((child) => child.node.id)).toEqual([
      'DefaultDenyEgress',
      'Infrastructure',
      'HostFirewall',
      'Tenant-tenant-id=001',
      'Tenant-b',
      'Tenant-d-c',
    ]);
    expect(all.tenants.map((tenant) => tenant.policy.apiObject.kind)).toEqual([
      'CiliumClusterwideNetworkPolicy',
      'CiliumNetworkPolicy',
      'CiliumNetworkPolicy',
    ]);

    expect(all.tenants[0].policy.name).toMatch(/^all-tenant-tenant-id-?001-policy-[0-9a-f]{8}$/);

    const some = new ClusterBaseline(new App(), 'some', { hostFirewall: { ssh: true } });
    expect([some.defaultDenyEgress, some.infrastructure, some.tenants]).toEqual([undefined, undefined, []]);
    expect(some.hostFirewall?.policy.name).toMatch(/^some-hostfirewall-policy-/);
  });
});

describe('the namespace of the resolver stays open', () => {
  const dnsIn = (selector: Selector) => DnsResolver.of(Peer.endpoints(selector));
  test.each([
    Selector.labels({ app: 'dns' }).inNamespace('dns'),
    Selector.labels({ app: 'dns' }).whereIn('io.kubernetes.pod.namespace', 'dns'),
    Selector.labels({ app: 'dns' }).inNamespacesLabeled({ 'kubernetes.io/metadata.name': 'dns' }),
  ])('row %#: however it is named', (selector) => {
    const chart = new Chart(new App(), 'chart');
    expect(() => new DefaultDenyEgress(chart, 'D', { dns: dnsIn(selector), exceptNamespaces: ['kube-system'] })).toThrow(
      'exceptNamespaces leaves out `dns`',
    );
    expect(JSON.stringify(spec((made) => new DefaultDenyEgress(made, 'D', { dns: dnsIn(selector) })).endpointSelector)).toContain('"dns"');
  });

  test('for the infrastructure of a baseline too, with what the default deny leaves alone', () => {
    const infrastructure = (props: object) => {
      const baseline = new ClusterBaseline(new App(), 'b', { infrastructure: { namespaceLabels: { role: 'i' } }, ...props });
      return baseline.infrastructure?.policy.apiObject.toJson() as Manifest;
    };
    const excepted = ({ spec: made }: Manifest) =>
      JSON.stringify((made?.endpointSelector as { matchExpressions: unknown }).matchExpressions);
    expect(excepted(infrastructure({}))).toBe(`[{"key":"${NAMESPACE}","operator":"NotIn","values":["kube-system"]}]`);
    const both = infrastructure({
      defaultDenyEgress: { alsoExcept: ['logging'], exceptNamespacesLabeled: { egress: 'open' } },
      infrastructure: { namespaceLabels: { role: 'i' }, exceptNamespaces: ['monitoring'] },
    });
    expect(excepted(both)).toContain('["kube-system","logging","monitoring"]');
    expect(excepted(both)).toContain('io.cilium.k8s.namespace.labels.egress');
  });
});
