/** The policies of a tree as data, and what they are held to. */
import { App, Chart, Testing } from 'cdk8s';
import { Manifest } from '../support/synth';
import {
  AllowApiserver,
  Authentication,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  ClusterNetworkPolicy,
  DefaultDenyEgress,
  Entity,
  Guardrails,
  HttpRule,
  Icmp,
  Intent,
  Peer,
  Policies,
  PolicyRule,
  PolicyView,
  Port,
  Selector,
  Tier,
} from 'cdk8s-cilium';

let app: App;
let shop: Chart;
beforeEach(() => {
  app = new App();
  shop = new Chart(app, 'shop', { namespace: 'shop', labels: { owner: 'shop' } });
});

const policy = (id = 'Web', chart = shop, options = {}) =>
  new CiliumNetworkPolicy(chart, id, { endpointSelector: Selector.labels({ app: 'web' }), ...options });

function ruleOf(write: (one: CiliumNetworkPolicy) => void): PolicyRule {
  const one = policy();
  write(one);
  const [view] = Policies.of(one).all;
  expect(view.rules).toHaveLength(1);
  return view.rules[0];
}

describe('Policies', () => {
  test('know what a policy is', () => {
    const one = policy('Web', shop, { description: 'what web may do', metadata: { name: 'web', labels: { tier: 'front' } } });
    one.allowFrom(Peer.world());
    const [view] = Policies.of(app).all;
    expect(view).toMatchObject({ construct: one, path: 'shop/Web', kind: 'CiliumNetworkPolicy', name: 'web', inNamespace: 'shop' });
    expect(view).toMatchObject({ description: 'what web may do', labels: { owner: 'shop', tier: 'front' } });
  });

  test('a clusterwide policy has no namespace', () => {
    new DefaultDenyEgress(shop, 'Deny');
    expect(Policies.of(shop).all[0].inNamespace).toBeUndefined();
  });

  test.each<[what: string, write: (one: CiliumNetworkPolicy) => void, rule: Partial<PolicyRule>]>([
    [
      'ports',
      (one) => one.allowFrom(Peer.world(), Port.tcp(443), Port.udpRange(5000, 5010), Port.tcpNamed('http')),
      {
        direction: 'ingress',
        effect: 'allow',
        peerKind: 'entities',
        peers: ['world'],
        traffic: ['443/TCP', '5000–5010/UDP', 'http/TCP'],
        isInspected: false,
      },
    ],
    [
      'requests',
      (one) => one.allowFrom(Peer.any(), Port.tcp(80).http(HttpRule.get('/'))),
      { peerKind: 'any', traffic: ['80/TCP'], isInspected: true },
    ],
    [
      'a deny',
      (one) => one.denyTo(Peer.cidrs('192.0.2.0/24'), Icmp.echoRequest()),
      { direction: 'egress', effect: 'deny', peerKind: 'cidrs', traffic: ['ICMP EchoRequest'] },
    ],
    [
      'labels',
      (one) => one.allowTo(Peer.labels({ app: 'db' })),
      { peerKind: 'endpoints', peers: ['{"matchLabels":{"app":"db"}}'], traffic: [] },
    ],
    ['names', (one) => one.allowTo(Peer.fqdns('a.example')), { peerKind: 'fqdns', peers: ['{"matchName":"a.example"}'] }],
    ['everything', (one) => one.allowTo(Peer.host(), Port.everything(), Authentication.disabled()), { peers: ['host'], traffic: [] }],
  ])('know the rule of %s', (_, write, rule) => {
    expect(ruleOf(write)).toMatchObject(rule);
  });

  test.each<[peer: Peer, entity: Entity, opens: boolean]>([
    [Peer.world(), Entity.WORLD, true],
    [Peer.any(), Entity.WORLD, true],
    [Peer.entities(Entity.ALL), Entity.WORLD, true],
    [Peer.cidrs('0.0.0.0/0'), Entity.WORLD, true],
    [Peer.cidrs('0.0.0.0/1', '128.0.0.0/1'), Entity.WORLD, true],
    [Peer.cidrExcept('0.0.0.0/0', '10.0.0.0/8'), Entity.WORLD, true],
    [Peer.cidrs('192.0.2.0/24'), Entity.WORLD, false],
    [Peer.entities(Entity.CLUSTER, Entity.WORLD), Entity.ALL, true],
    [Peer.world(), Entity.ALL, false],
    [Peer.cluster(), Entity.WORLD, false],
    [Peer.cluster(), Entity.HOST, true],
    [Peer.host(), Entity.CLUSTER, false],
    [Peer.labels({ app: 'a' }), Entity.CLUSTER, false],
  ])('row %#: whether a rule opens an entity', (peer, entity, opens) => {
    policy().allowFrom(peer, Port.tcp(1));
    policy('Deny').denyTo(Peer.any());
    expect(Policies.of(app).opens(entity)).toBe(opens);
  });

  test('are described and labelled in bulk, unless they say it themselves', () => {
    policy('Web', shop, { metadata: { name: 'a', labels: { team: 'own' } }, description: 'own' }).allowFrom(Peer.world());
    policy('Api', shop, { metadata: { name: 'b' } }).allowFrom(Peer.world());
    Policies.of(app).describe('of the shop');
    Policies.of(app).addLabel('team', 'shop');
    const made = Testing.synth(shop) as Manifest[];
    expect(made.map(({ metadata, spec }) => [spec?.description, metadata.labels?.team])).toEqual([
      ['own', 'own'],
      ['of the shop', 'shop'],
    ]);
  });

  test('are visited one by one', () => {
    policy().allowFrom(Peer.world());
    new AllowApiserver(shop, 'Api');
    const seen: string[] = [];
    Policies.of(app).visit({ visitPolicy: ({ path }: PolicyView) => seen.push(path) });
    expect(seen).toEqual(['shop/Web', 'shop/Api/Policy']);
  });

  test('of the tiers are among them, with what they accept and pass', () => {
    const one = new ClusterNetworkPolicy(shop, 'Platform', { tier: Tier.ADMIN, priority: 1, subject: Selector.all() });
    one.acceptTo(Peer.cidrs('0.0.0.0/0'), Port.tcp(443));
    one.passTo(Peer.endpoints(Selector.all()));
    one.denyFrom(Peer.endpoints(Selector.all()));
    const [view] = Policies.of(app).all;
    expect(view).toMatchObject({ construct: one, kind: 'ClusterNetworkPolicy', tier: Tier.ADMIN, isForNodes: false });
    expect(view.inNamespace).toBeUndefined();
    expect(view.rules.map(({ direction, effect, peerKind, traffic }) => [direction, effect, peerKind, traffic])).toEqual([
      ['ingress', 'deny', 'endpoints', []],
      ['egress', 'allow', 'cidrs', ['443/TCP']],
      ['egress', 'pass', 'endpoints', []],
    ]);
    expect([view.opens(Entity.WORLD), view.opens(Entity.CLUSTER)]).toEqual([true, false]);
    policy().allowFrom(Peer.cluster());
    expect(Policies.of(app).all.map(({ tier }) => tier)).toEqual([Tier.ADMIN, undefined]);
  });

  test('of the tiers are described by an annotation, unless they say it themselves', () => {
    const made = (id: string, description?: string) =>
      new ClusterNetworkPolicy(shop, id, { tier: Tier.ADMIN, priority: 1, subject: Selector.all(), description });
    [made('A'), made('B', 'own')].forEach((one) => one.passFrom(Peer.endpoints(Selector.all())));
    Policies.of(app).describe('of the platform');
    expect(Policies.of(app).all.map(({ description }) => description)).toEqual(['of the platform', 'own']);
    const annotations = (Testing.synth(shop) as Manifest[]).map(({ metadata }) => metadata.annotations);
    expect(annotations).toEqual([{ 'kubernetes.io/description': 'of the platform' }, { 'kubernetes.io/description': 'own' }]);
  });

  test('intents are found by their base class', () => {
    const intent = new AllowApiserver(shop, 'Api');
    expect(Intent.allIn(app)).toEqual([intent]);
  });
});

describe('Guardrails', () => {
  const synthesis = () => Testing.synth(shop) as Manifest[];

  test('pass what keeps them', () => {
    Guardrails.of(app).requireDescription().requireLabel('owner').forbid(Entity.WORLD);
    policy('Web', shop, { description: 'x' }).allowFrom(Peer.cluster());
    expect(synthesis()).toHaveLength(1);
  });

  test('fail the synthesis with the path of each policy, also of later ones', () => {
    Guardrails.of(app)
      .requireDescription()
      .requireLabel('tier')
      .forbid(Entity.WORLD, { namespaces: ['shop'] });
    policy('Web', shop, { metadata: { name: 'web' } }).allowFrom(Peer.world());
    expect(synthesis).toThrow('CiliumNetworkPolicy web has no description, at shop/Web');
    expect(synthesis).toThrow('CiliumNetworkPolicy web has no label `tier`, at shop/Web');
    expect(synthesis).toThrow('CiliumNetworkPolicy web opens `world`, which is forbidden here, at shop/Web');
  });

  test('do not change with the list that they were given', () => {
    const namespaces = ['shop'];
    Guardrails.of(app).forbid(Entity.WORLD, { namespaces });
    namespaces.pop();
    policy().allowFrom(Peer.world());
    expect(synthesis).toThrow('opens `world`, which is forbidden here');
  });

  test('count what the tiers accept, but not what they pass', () => {
    Guardrails.of(app).requireDescription().forbid(Entity.WORLD);
    const one = new ClusterNetworkPolicy(shop, 'P', { tier: Tier.BASELINE, priority: 1, subject: Selector.all(), description: 'x' });
    one.passTo(Peer.cidrs('0.0.0.0/0'));
    expect(synthesis()).toHaveLength(1);
    one.acceptTo(Peer.cidrs('0.0.0.0/0'));
    expect(synthesis).toThrow('opens `world`, which is forbidden here, at shop/P');
  });

  test.each(['*', '**', '**.*'])('the name %s of every host is the world', (name) => {
    Guardrails.of(app).forbid(Entity.WORLD);
    policy().allowTo(Peer.fqdns(name), Port.tcp(443));
    expect(synthesis).toThrow('opens `world`, which is forbidden here');
  });

  test('in some namespaces count clusterwide policies, but not those of other namespaces', () => {
    Guardrails.of(app).forbid(Entity.WORLD, { namespaces: ['payments'] });
    policy().allowFrom(Peer.world());
    const nodes = new CiliumClusterwideNetworkPolicy(shop, 'Nodes', { nodeSelector: Selector.all() });
    nodes.allowFrom(Peer.world());
    expect(synthesis()).toHaveLength(2);
    const everywhere = new CiliumClusterwideNetworkPolicy(shop, 'All', { endpointSelector: Selector.all(), metadata: { name: 'all' } });
    everywhere.allowFrom(Peer.world());
    expect(synthesis).toThrow('CiliumClusterwideNetworkPolicy all opens `world`');
  });

  test.each<[what: string, write: () => unknown, message: string]>([
    ['an unknown entity', () => Guardrails.of(app).forbid('wrold' as Entity), 'unknown entity `wrold`; did you mean `world`?'],
    [
      'no namespaces',
      () => Guardrails.of(app).forbid(Entity.WORLD, { namespaces: [] }),
      'list of namespaces is empty; leave namespaces out for every policy',
    ],
    ['a bad label key', () => Guardrails.of(app).requireLabel('a b'), 'label key `a b` has characters'],
  ])('refuse %s', (_, write, message) => {
    expect(write).toThrow(message);
  });
});
