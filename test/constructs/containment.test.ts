/**
 * A rule that excludes requests beside a rule for a peer that contains its peer: the library refuses it, and the engine shows that the request
 * would pass. Where the wider peer does not contain the other, both rules stand.
 */
import { App, Chart, Testing } from 'cdk8s';
import { compileObjects, JsonObject } from '../../lib/engine';
import {
  Authentication,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  CiliumPolicy,
  EgressPeer,
  Entity,
  HttpRule,
  Peer,
  Port,
  Selector,
} from 'cdk8s-cilium';

const http = Port.tcp(80).http(HttpRule.get('/public'));
const endpointSelector = Selector.labels({ app: 'web' });
const all = Selector.all();

function policy(write: (one: CiliumNetworkPolicy) => void): CiliumNetworkPolicy {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  const made = new CiliumNetworkPolicy(chart, 'P', { endpointSelector });
  write(made);
  return made;
}

/** Whether a request that the first rule excludes passes, in the newest minor. */
function passes(one: CiliumPolicy, to: string): boolean | null {
  const manifest = one.apiObject.toJson() as JsonObject;
  const namespaces = ['shop', 'data'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { team: name } } }));
  const engine = compileObjects([manifest, ...namespaces], { names: { 'a.cdn.example.com': ['192.0.2.7'] }, learn: false });
  return engine.verdict({ from: 'labels:app=web@shop', to, port: 80, http: { method: 'GET', path: '/private' } }).passes;
}

const POD = 'labels:app=a@shop';
const OUTSIDE = 'ip:192.0.2.7';

test.each<[narrow: EgressPeer, wide: EgressPeer, to: string]>([
  [Peer.labels({ app: 'a' }), Peer.sameNamespace(), POD],
  [Peer.labels({ app: 'a' }), Peer.endpoints(all.whereExists('app')), POD],
  [Peer.labels({ app: 'a' }), Peer.endpoints(all.whereIn('app', 'a', 'b')), POD],
  [Peer.labels({ app: 'a' }), Peer.endpoints(Selector.labels({ app: 'a' }).inAnyCluster()), POD],
  [Peer.labels({ app: 'a' }), Peer.cluster(), POD],
  [Peer.labels({ app: 'a' }), Peer.labels({ app: 'a' }).inNamespace('shop'), POD],
  [Peer.endpoints(all.whereNotIn('app', 'x').whereNotIn('app', 'y')), Peer.endpoints(all.whereNotIn('app', 'x', 'y')), POD],
  [Peer.endpoints(all.inNamespacesLabeled({ team: 'shop' })), Peer.endpoints(all.inAnyNamespace()), POD],
  [Peer.world(), Peer.cidrs('0.0.0.0/0'), OUTSIDE],
  [Peer.cidrs('192.0.2.0/24'), Peer.cidrs('192.0.0.0/16'), OUTSIDE],
  [Peer.cidrs('192.0.2.0/24'), Peer.cidrExcept('0.0.0.0/0', '10.0.0.0/8'), OUTSIDE],
  [Peer.cidrExcept('192.0.2.0/24', '192.0.2.128/25'), Peer.cidrExcept('192.0.0.0/16', '192.0.2.192/26'), OUTSIDE],
  [Peer.cidrs('192.0.2.0/24'), Peer.world(), OUTSIDE],
  [Peer.any(), Peer.entities(Entity.CLUSTER, Entity.WORLD), OUTSIDE],
  [Peer.entities(Entity.ALL), Peer.any(), OUTSIDE],
  [Peer.kubeApiserver(), Peer.cluster(), 'entity:kube-apiserver'],
  [Peer.fqdns('a.cdn.example.com'), Peer.fqdns('*.cdn.example.com'), 'fqdn:a.cdn.example.com'],
  [Peer.fqdns('a.cdn.example.com'), Peer.fqdns('A.cdn.example.com.'), 'fqdn:a.cdn.example.com'],
  [Peer.fqdns('a.cdn.example.com'), Peer.cidrs('0.0.0.0/0'), 'fqdn:a.cdn.example.com'],
])('row %#: the wider peer contains the other, so its rule would void the requests', (narrow, wide, to) => {
  const one = policy((made) => {
    made.allowTo(narrow, http);
    made.allowTo(wide, Port.tcp(80));
  });
  expect(one.node.validate()).toEqual([expect.stringMatching(/^HTTP rules of port 80\/TCP exclude nothing/)]);
  expect(passes(one, to)).toBe(true);
});

test.each<[narrow: EgressPeer, other: EgressPeer, to: string]>([
  [Peer.labels({ app: 'a' }), Peer.labels({ app: 'b' }), POD],
  [Peer.labels({ app: 'a' }), Peer.labels({ app: 'a' }).inNamespace('data'), POD],
  [Peer.labels({ app: 'a' }), Peer.labels({ app: 'a', tier: 'front' }), POD],
  [Peer.endpoints(all.whereNotIn('app', 'x')), Peer.endpoints(all.whereNotIn('app', 'x', 'a')), POD],
  [Peer.sameNamespace(), Peer.world(), POD],
  [Peer.cidrs('192.0.2.0/24'), Peer.cidrs('192.0.2.128/25'), OUTSIDE],
  [Peer.cidrs('192.0.2.0/24'), Peer.cidrExcept('192.0.0.0/16', '192.0.2.0/25'), OUTSIDE],
  [Peer.world(), Peer.cidrs('198.51.100.0/24'), OUTSIDE],
  [Peer.world(), Peer.cluster(), OUTSIDE],
  [Peer.fqdns('a.cdn.example.com'), Peer.fqdns('*.example.com'), 'fqdn:a.cdn.example.com'],
  [Peer.fqdns('a.cdn.example.com'), Peer.fqdns('b*.cdn.example.com'), 'fqdn:a.cdn.example.com'],
])('row %#: the other peer does not contain it, and the requests stay excluded', (narrow, other, to) => {
  const one = policy((made) => {
    made.allowTo(narrow, http);
    made.allowTo(other, Port.tcp(80));
  });
  expect(one.node.validate()).toEqual([]);
  expect(passes(one, to)).toBe(false);
});

const nodes = (...labels: string[]) => labels.reduce((some, label) => some.whereExists(label), all);
const two = (a: string, b: string) => Peer.endpoints(Selector.labels({ app: a }), Selector.labels({ app: b }));

test.each<[what: string, narrow: EgressPeer, wide: EgressPeer, isRefused: boolean]>([
  ['pods of another namespace beside the own', Peer.labels({ app: 'a' }).inNamespace('data'), Peer.sameNamespace(), false],
  ['everybody beside some pods', Peer.any(), Peer.labels({ app: 'a' }), false],
  ['one of two alternatives', two('a', 'b'), two('b', 'c'), true],
  ['none of two alternatives', two('a', 'b'), two('c', 'd'), false],
  [
    'pods of the own namespace beside the label with its name',
    Peer.labels({ app: 'a' }),
    Peer.endpoints(all.inNamespacesLabeled({ 'kubernetes.io/metadata.name': 'shop' })),
    true,
  ],
  [
    'a namespace by its label beside the same by name',
    Peer.endpoints(all.inNamespacesLabeled({ 'kubernetes.io/metadata.name': 'data' })),
    Peer.endpoints(all.inNamespace('data')),
    true,
  ],
  ['all other nodes beside nodes with any labels', Peer.remoteNodes(), Peer.nodes(all), true],
  ['nodes with more labels', Peer.nodes(nodes('x', 'y')), Peer.nodes(nodes('x')), true],
  ['nodes with fewer labels', Peer.nodes(nodes('x')), Peer.nodes(nodes('x', 'y')), false],
  ['nodes beside pods of the same labels', Peer.nodes(nodes('x')), Peer.endpoints(nodes('x')), false],
  ['nodes beside all other nodes', Peer.nodes(nodes('x')), Peer.remoteNodes(), true],
  ['nodes beside the own node', Peer.nodes(nodes('x')), Peer.host(), false],
  ['nodes beside the cluster', Peer.nodes(nodes('x')), Peer.cluster(), true],
  ['two entities of which one is opened', Peer.entities(Entity.HOST, Entity.HEALTH), Peer.health(), true],
  ['other entities', Peer.entities(Entity.HOST), Peer.health(), false],
  ['nobody beside nobody', Peer.entities(Entity.NONE), Peer.entities(Entity.NONE), false],
  ['pods of another cluster beside the cluster', Peer.endpoints(all.inCluster('east')), Peer.cluster(), false],
  ['pods, of which some are local, beside the cluster', Peer.endpoints(all.inCluster('east'), all), Peer.cluster(), true],
  ['a Service beside the cluster', Peer.service('db', 'data'), Peer.cluster(), true],
  ['a Service beside the world', Peer.service('db', 'data'), Peer.world(), false],
  ['the same Service', Peer.service('db', 'data'), Peer.service('db', 'data'), true],
  ['another Service', Peer.service('db', 'data'), Peer.service('api', 'data'), false],
  ['the same group of addresses', Peer.cidrGroups('office'), Peer.cidrGroups('office'), true],
  ['another group of addresses', Peer.cidrGroups('office'), Peer.cidrGroups('home'), false],
  ['a group of addresses beside every address', Peer.cidrGroups('office'), Peer.cidrs('0.0.0.0/0'), true],
  ['a group of addresses beside some', Peer.cidrGroups('office'), Peer.cidrs('10.0.0.0/8'), false],
  ['addresses beside the cluster', Peer.cidrs('192.0.2.0/24'), Peer.cluster(), false],
  ['pods beside every address', Peer.labels({ app: 'a' }), Peer.cidrs('0.0.0.0/0'), false],
  ['a cloud group beside the world', Peer.awsGroups({ securityGroupsIds: ['sg-1'] }), Peer.world(), true],
  ['the same pattern', Peer.fqdns('*.example.com'), Peer.fqdns('*.example.com'), true],
  ['one label beside several', Peer.fqdns('*.example.com'), Peer.fqdns('**.example.com'), true],
  ['several labels beside one', Peer.fqdns('**.example.com'), Peer.fqdns('*.example.com'), false],
  ['a pattern within a wider one', Peer.fqdns('x*.example.com'), Peer.fqdns('*.example.com'), true],
  ['a pattern within another that is not wider', Peer.fqdns('x*.example.com'), Peer.fqdns('xy*.example.com'), false],
  ['a name beside stars alone', Peer.fqdns('a.example.com'), Peer.fqdns('**'), true],
  ['another pattern', Peer.fqdns('*.example.com'), Peer.fqdns('*.example.org'), false],
  ['a pattern beside a name', Peer.fqdns('*.example.com'), Peer.fqdns('a.example.com'), false],
  ['a name beside another', Peer.fqdns('a.example.com'), Peer.fqdns('b.example.com'), false],
  ['a name beside every name', Peer.fqdns('a.example.com'), Peer.fqdns('*'), true],
  ['stars within a label', Peer.fqdns('abcbd.example.com'), Peer.fqdns('a*b*d.example.com'), true],
  ['stars within a label, in another order', Peer.fqdns('adbb.example.com'), Peer.fqdns('a*b*d.example.com'), false],
  ['stars that would share letters', Peer.fqdns('ab.example.com'), Peer.fqdns('ab*b.example.com'), false],
  ['a name with a star for nothing', Peer.fqdns('ab.example.com'), Peer.fqdns('a*b.example.com'), true],
  ['several labels for two stars', Peer.fqdns('a.b.example.com'), Peer.fqdns('**.example.com'), false],
  ['one label for two stars', Peer.fqdns('a.example.com'), Peer.fqdns('**.example.com'), true],
  [
    'a namespace beside its own labels',
    Peer.endpoints(all.inNamespace('shop')),
    Peer.endpoints(all.inNamespacesLabeled({ team: 'shop' })),
    false,
  ],
  [
    'labels of a namespace beside those outside another',
    Peer.endpoints(all.inNamespacesLabeled({ team: 'a' })),
    Peer.endpoints(all.outsideNamespacesLabeled({ team: 'b' })),
    true,
  ],
  ['namespaces outside of one beside any', Peer.endpoints(all.outsideNamespaces('a')), Peer.endpoints(all.inAnyNamespace()), true],
])('requests of %s', (_, narrow, wide, isRefused) => {
  const one = policy((made) => {
    made.allowTo(narrow, http);
    made.allowTo(wide, Port.tcp(80));
  });
  expect(one.node.validate()).toHaveLength(isRefused ? 1 : 0);
});

test('a rule that allows every request excludes nothing itself, and one that allows every name', () => {
  const every = policy((made) => {
    made.allowFrom(Peer.any(), Port.tcp(80).http(HttpRule.get('/a'), HttpRule.of({})));
    made.allowFrom(Peer.any(), Port.tcp(80));
    made.allowTo(Peer.kubeDns(), Port.any(53).dns('a.example', '*'));
    made.allowTo(Peer.kubeDns(), Port.any(53));
  });
  expect(every.node.validate()).toEqual([]);
});

test('rules of the two directions do not meet', () => {
  const both = policy((made) => {
    made.allowFrom(Peer.labels({ app: 'a' }), http);
    made.allowTo(Peer.labels({ app: 'a' }), Port.tcp(80));
  });
  expect(both.node.validate()).toEqual([]);
});

test.each<[a: Peer, b: Peer]>([
  [Peer.labels({ a: '1', c: '2' }), Peer.labels({ c: '2', a: '1' })],
  [Peer.labels({ a: '1' }), Peer.labels({ 'any:a': '1' })],
  [Peer.any(), Peer.entities(Entity.ALL)],
  [Peer.cidrs('10.0.0.0/8'), Peer.cidrs('10.1.2.3/8')],
  [Peer.cluster(), Peer.host()],
])('row %#: the same peer in two spellings cannot have two modes of authentication', (a, b) => {
  const one = policy((made) => {
    made.allowFrom(a, Port.tcp(80), Authentication.required());
    made.allowFrom(b, Port.tcp(80), Authentication.disabled());
  });
  expect(one.node.validate()).toEqual([expect.stringContaining('two authentication modes')]);
});

test.each<[what: string, write: (made: CiliumNetworkPolicy) => void]>([
  [
    'two modes for the same peers on different ports',
    (made) => {
      made.allowFrom(Peer.labels({ app: 'a' }), Port.tcp(80), Authentication.required());
      made.allowFrom(Peer.labels({ app: 'a' }), Port.tcpRange(80, 90), Authentication.disabled());
    },
  ],
  [
    'two modes for different peers on one port',
    (made) => {
      made.allowFrom(Peer.labels({ app: 'a' }), Port.tcp(80), Authentication.required());
      made.allowFrom(Peer.labels({ app: 'b' }), Port.tcp(80), Authentication.disabled());
    },
  ],
  [
    'requests and names for different peers on one port',
    (made) => {
      made.allowTo(Peer.labels({ app: 'a' }), Port.tcp(53).http(HttpRule.get('/')));
      made.allowTo(Peer.labels({ app: 'b' }), Port.tcp(53).dns('a.example'));
    },
  ],
])('%s can be merged', (_, write) => {
  const one = policy(write);
  expect(one.node.validate()).toEqual([]);
  expect(compileObjects([one.apiObject.toJson() as JsonObject]).warnings).toEqual([]);
});

describe('two specs of one policy', () => {
  const clusterwide = (second: Selector) => {
    const made = new CiliumClusterwideNetworkPolicy(new Chart(new App(), 'chart'), 'P', { endpointSelector });
    made.allowFrom(Peer.labels({ app: 'a' }), http);
    made.addSpec({ endpointSelector: second }).allowFrom(Peer.labels({ app: 'a' }), Port.tcp(80));
    return made;
  };

  test.each([endpointSelector, all, Selector.labels({ app: 'web', tier: 'front' })])(
    'row %#: for the same pods cannot void each other',
    (second) => {
      expect(clusterwide(second).node.validate()).toEqual([expect.stringMatching(/^HTTP rules of port 80\/TCP exclude nothing/)]);
    },
  );

  test('for other pods stand alone', () => {
    expect(clusterwide(Selector.labels({ app: 'other' })).node.validate()).toEqual([]);
    expect(Testing.synth(Chart.of(clusterwide(Selector.labels({ app: 'other' }))))).toHaveLength(1);
  });
});
