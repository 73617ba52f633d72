import { App, Chart, JsonPatch, Testing } from 'cdk8s';
import { manifest, manifests } from '../support/synth';
import { CiliumCidrGroup, CiliumClusterwideNetworkPolicy, CiliumNetworkPolicy, Peer, Port, Selector } from 'cdk8s-cilium';

const all = Selector.all();

describe('default deny', () => {
  const spec = (props: object, write: (policy: CiliumNetworkPolicy) => void = () => undefined) =>
    manifest((chart) => write(new CiliumNetworkPolicy(chart, 'P', { endpointSelector: all, ...props }))).spec;

  test('a direction without rules closes with one empty rule, since the agent refuses an empty list', () => {
    expect(spec({ defaultDenyIngress: true })).toEqual({ endpointSelector: {}, enableDefaultDeny: { ingress: true }, ingress: [{}] });
    expect(spec({ defaultDenyEgress: true })).toEqual({ endpointSelector: {}, enableDefaultDeny: { egress: true }, egress: [{}] });
  });

  test('a direction with rules closes by itself, and says so only if told to', () => {
    const rule = { fromEntities: ['world'] };
    expect(spec({}, (policy) => policy.allowFrom(Peer.world()))).toEqual({ endpointSelector: {}, ingress: [rule] });
    expect(spec({ defaultDenyIngress: true }, (policy) => policy.denyFrom(Peer.world()))).toEqual({
      endpointSelector: {},
      enableDefaultDeny: { ingress: true },
      ingressDeny: [rule],
    });
  });

  test('a direction can be left open', () => {
    expect(spec({ defaultDenyEgress: false }, (policy) => policy.denyTo(Peer.cidrs('169.254.169.254/32')))).toEqual({
      endpointSelector: {},
      enableDefaultDeny: { egress: false },
      egressDeny: [{ toCIDR: ['169.254.169.254/32'] }],
    });
  });

  test.each([
    ['Ingress', 'Egress'],
    ['Egress', 'Ingress'],
  ])('leaving %s open means nothing without a rule of that direction, and is refused', (direction, other) => {
    expect(() => spec({ [`defaultDeny${direction}`]: false, [`defaultDeny${other}`]: true })).toThrow(
      `[test/P] defaultDeny${direction} is false without an ${direction.toLowerCase()} rule; add a rule, or leave it out`,
    );
  });

  test('a policy that says nothing is refused', () => {
    expect(() => spec({})).toThrow(
      '[test/P] policy has no rule and no default deny; add a rule, or set defaultDenyIngress or defaultDenyEgress',
    );
  });

  test('every spec of a policy must say something', () => {
    expect(() =>
      spec({ defaultDenyIngress: true }, (policy) => {
        policy.addSpec({ endpointSelector: all });
      }),
    ).toThrow('[test/P] policy has no rule and no default deny');
  });
});

describe('the manifest', () => {
  test('has the policy’s own spec in spec and those that were added in specs', () => {
    const made = manifest((chart) => {
      const policy = new CiliumNetworkPolicy(chart, 'P', { endpointSelector: Selector.labels({ app: 'a' }), description: 'a' });
      policy.allowFrom(Peer.world());
      const spec = policy.addSpec({ endpointSelector: Selector.labels({ app: 'b' }), description: 'b', log: 'b' });
      spec.allowFrom(Peer.world());
      spec.allowTo(Peer.world());
      spec.denyFrom(Peer.host());
      spec.denyTo(Peer.host());
    });
    expect(made.spec).toEqual({
      endpointSelector: { matchLabels: { app: 'a' } },
      description: 'a',
      ingress: [{ fromEntities: ['world'] }],
    });
    expect(made.specs).toEqual([
      {
        endpointSelector: { matchLabels: { app: 'b' } },
        description: 'b',
        log: { value: 'b' },
        ingress: [{ fromEntities: ['world'] }],
        ingressDeny: [{ fromEntities: ['host'] }],
        egress: [{ toEntities: ['world'] }],
        egressDeny: [{ toEntities: ['host'] }],
      },
    ]);
  });

  test('keeps the order in which rules were written', () => {
    const { spec } = manifest((chart) => {
      const policy = new CiliumNetworkPolicy(chart, 'P', { endpointSelector: all });
      policy.allowTo(Peer.host());
      policy.allowTo(Peer.world(), Port.tcp(80));
      policy.allowTo(Peer.cluster());
    });
    expect(spec?.egress).toEqual([
      { toEntities: ['host'] },
      { toEntities: ['world'], toPorts: [{ ports: [{ port: '80', protocol: 'TCP' }] }] },
      { toEntities: ['cluster'] },
    ]);
  });

  test('takes name, namespace, labels and annotations of the metadata, and the chart’s labels', () => {
    const { metadata } = manifest(
      (chart) =>
        new CiliumNetworkPolicy(chart, 'P', {
          endpointSelector: all,
          defaultDenyIngress: true,
          metadata: { name: 'n', namespace: 'own', labels: { a: 'b' }, annotations: { c: 'd' } },
        }),
      { namespace: 'of-the-chart', labels: { team: 'x' } },
    );
    expect(metadata).toEqual({ name: 'n', namespace: 'own', labels: { a: 'b', team: 'x' }, annotations: { c: 'd' } });
  });

  test('is in the chart’s namespace if it is namespaced, and in none if it is not', () => {
    const made = manifests(
      (chart) => {
        new CiliumNetworkPolicy(chart, 'P', { endpointSelector: all, defaultDenyIngress: true });
        new CiliumClusterwideNetworkPolicy(chart, 'C', { endpointSelector: all, defaultDenyIngress: true });
        new CiliumCidrGroup(chart, 'G', { cidrs: ['192.0.2.0/24'] });
      },
      { namespace: 'shop' },
    );
    expect(made.map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
      ['CiliumNetworkPolicy', 'shop'],
      ['CiliumClusterwideNetworkPolicy', undefined],
      ['CiliumCIDRGroup', undefined],
    ]);
  });

  test('can be patched where the library lacks a word', () => {
    const { spec } = manifest((chart) => {
      const policy = new CiliumNetworkPolicy(chart, 'P', { endpointSelector: all, defaultDenyIngress: true });
      policy.apiObject.addJsonPatch(JsonPatch.add('/spec/newField', true));
    });
    expect(spec?.newField).toBe(true);
  });

  test('a construct’s id that makes no Kubernetes name is refused with its path', () => {
    const chart = new Chart(new App(), 'chart');
    expect(() => new CiliumNetworkPolicy(chart, 'my_policy', { endpointSelector: all })).toThrow(
      /^name `chart-my_policy-[0-9a-f]{8}` is not a lower-case DNS name; .*, at chart\/my_policy$/,
    );
  });
});

test('a CIDR group lists its blocks, and policies refer to it by its name', () => {
  const [group, policy] = manifests((chart) => {
    const office = new CiliumCidrGroup(chart, 'Office', { cidrs: ['192.0.2.0/24', '2001:db8::/32'], metadata: { labels: { site: 'hq' } } });
    new CiliumNetworkPolicy(chart, 'P', { endpointSelector: all }).allowFrom(Peer.cidrGroups(office.name));
  });
  expect(group).toEqual({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumCIDRGroup',
    metadata: { name: 'test-office', labels: { site: 'hq' } },
    spec: { externalCIDRs: ['192.0.2.0/24', '2001:db8::/32'] },
  });
  expect(policy.spec?.ingress).toEqual([{ fromCIDRSet: [{ cidrGroupRef: 'test-office' }] }]);
});

test('an empty CIDR group is one that has no addresses yet', () => {
  expect(manifest((chart) => new CiliumCidrGroup(chart, 'G', { cidrs: [] })).spec).toEqual({ externalCIDRs: [] });
});

test('a policy’s name is that of its manifest', () => {
  const chart = new Chart(new App(), 'c');
  const policy = new CiliumNetworkPolicy(chart, 'P', { endpointSelector: all, defaultDenyEgress: true });
  expect((Testing.synth(chart) as { metadata: object }[])[0].metadata).toEqual({ name: policy.name });
});

test('policies add no dependency between charts, which would rename every file', () => {
  const app = new App();
  const group = new CiliumCidrGroup(new Chart(app, 'a'), 'G', { cidrs: [] });
  new CiliumNetworkPolicy(new Chart(app, 'b'), 'P', { endpointSelector: all }).allowTo(Peer.cidrGroups(group.name));
  expect(app.node.findAll().flatMap((construct) => construct.node.dependencies)).toEqual([]);
});

test('synthesizing twice gives the same', () => {
  const app = new App();
  const chart = new Chart(app, 'c');
  new CiliumNetworkPolicy(chart, 'P', { endpointSelector: all }).allowTo(Peer.world(), Port.tcp(80), Port.tcp(81));
  expect(app.synthYaml()).toBe(app.synthYaml());
});
