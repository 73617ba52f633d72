/** ClusterNetworkPolicies mean what their words say: what Cilium decides is what a reader of the program expects, rule by rule. */
import { App, Chart, Testing } from 'cdk8s';
import fc from 'fast-check';
import { compileObjects, JsonObject } from '../../lib/engine';
import { ClusterNetworkPolicy, Peer, PlainTraffic, Port, Protocol, Selector, Tier } from 'cdk8s-cilium';

interface End {
  readonly name: string;
  readonly is: 'pod' | 'node' | 'outside';
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
}

const TEAMS: Readonly<Record<string, Readonly<Record<string, string>>>> = { x: { team: 'red' }, y: { team: 'blue' }, z: {} };

const pod = (namespace: string, app: string): End => ({ name: `${namespace}/${app}`, is: 'pod', namespace, labels: { app } });
const node = (name: string, pool: string): End => ({ name: `node:${name}`, is: 'node', labels: { pool } });
const outside = (name: string): End => ({ name, is: 'outside', labels: {} });

const ENDS = [
  pod('x', 'a'),
  pod('x', 'b'),
  pod('y', 'a'),
  pod('z', 'b'),
  node('n1', 'edge'),
  node('n2', 'core'),
  outside('ip:192.0.2.7'),
  outside('ip:198.51.100.7'),
];

const CLUSTER = [
  ...Object.entries(TEAMS).map(([name, labels]) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name, ...labels } },
  })),
  ...ENDS.filter(({ is }) => is === 'pod').map(({ name, namespace, labels }, i) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: name.split('/')[1], namespace, labels },
    spec: { nodeName: 'n1', containers: [{ name: 'c', image: 'i', ports: [{ name: 'http', containerPort: 80, protocol: 'TCP' }] }] },
    status: { podIP: `10.0.0.${i + 1}`, podIPs: [{ ip: `10.0.0.${i + 1}` }] },
  })),
  ...ENDS.filter(({ is }) => is === 'node').map(({ name, labels }, i) => ({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: name.slice('node:'.length), labels },
    status: { addresses: [{ type: 'InternalIP', address: `172.18.0.${i + 1}` }] },
  })),
];

type Means<T> = readonly [says: string, value: T, means: (end: End) => boolean];

const all = Selector.all();
const isPod = ({ is }: End) => is === 'pod';
const ofPods = (says: string, selector: Selector, means: (end: End) => boolean): Means<Selector> => [
  says,
  selector,
  (end) => isPod(end) && means(end),
];
const team = ({ namespace = '' }: End) => TEAMS[namespace]?.team;

const SELECTORS: readonly Means<Selector>[] = [
  ofPods('all', all, () => true),
  ofPods('any namespace', all.inAnyNamespace(), () => true),
  ofPods('in x', all.inNamespace('x'), ({ namespace }) => namespace === 'x'),
  ofPods('outside x', all.outsideNamespaces('x'), ({ namespace }) => namespace !== 'x'),
  ofPods('outside x, y', all.outsideNamespaces('x', 'y'), ({ namespace }) => namespace === 'z'),
  ofPods('team red', all.inNamespacesLabeled({ team: 'red' }), (end) => team(end) === 'red'),
  ofPods('not team red', all.outsideNamespacesLabeled({ team: 'red' }), (end) => team(end) !== 'red'),
  ofPods('some team', all.inNamespacesWithLabel('team'), (end) => team(end) !== undefined),
  ofPods('no team', all.outsideNamespacesWithLabel('team'), (end) => team(end) === undefined),
  ofPods('app a', Selector.labels({ app: 'a' }), ({ labels }) => labels.app === 'a'),
  ofPods('not app a', all.whereNotIn('app', 'a'), ({ labels }) => labels.app !== 'a'),
  ofPods('no pool', all.whereAbsent('pool'), () => true),
  ofPods(
    'app b outside x',
    Selector.labels({ app: 'b' }).outsideNamespaces('x'),
    ({ namespace, labels }) => labels.app === 'b' && namespace !== 'x',
  ),
  ofPods(
    'not app a in y or z',
    all.whereNotIn('app', 'a').whereIn('io.kubernetes.pod.namespace', 'y', 'z'),
    ({ namespace, labels }) => labels.app !== 'a' && namespace !== 'x',
  ),
];

const PODS: readonly Means<Peer>[] = SELECTORS.map(([says, selector, means]) => [says, Peer.endpoints(selector), means]);
const DESTINATIONS: readonly Means<Peer>[] = [
  ...PODS,
  ['the world', Peer.cidrs('0.0.0.0/0', '::/0'), ({ is }) => is === 'outside'],
  ['a CIDR', Peer.cidrs('192.0.2.0/24', '203.0.113.0/24'), ({ name }) => name === 'ip:192.0.2.7'],
  ['nodes', Peer.nodes(all), ({ is }) => is === 'node'],
  ['edge', Peer.nodes(Selector.labels({ pool: 'edge' })), ({ is, labels }) => is === 'node' && labels.pool === 'edge'],
  ['not edge', Peer.nodes(all.whereNotIn('pool', 'edge')), ({ is, labels }) => is === 'node' && labels.pool !== 'edge'],
];

interface Traffic {
  readonly port: number;
  readonly protocol: string;
}
type Ports = readonly [says: string, ports: PlainTraffic[], means: (traffic: Traffic) => boolean];
const PORTS: readonly Ports[] = [
  ['all', [], () => true],
  ['80', [Port.tcp(80)], ({ port, protocol }) => port === 80 && protocol === 'TCP'],
  [
    '80–90, 53',
    [Port.tcpRange(80, 90), Port.any(53)],
    ({ port, protocol }) => (port >= 80 && port <= 90 && protocol === 'TCP') || port === 53,
  ],
  ['UDP', [Port.allUdp()], ({ protocol }) => protocol === 'UDP'],
];
const NAMED: Ports = ['http', [Port.named('http', Protocol.ANY)], ({ port, protocol }) => port === 80 && protocol === 'TCP'];

interface Rule {
  readonly action: 'accept' | 'deny' | 'pass';
  readonly isIngress: boolean;
  readonly peer: Means<Peer>;
  readonly ports: Ports;
}
interface Policy {
  readonly tier: Tier;
  readonly priority: number;
  readonly subject: Means<Selector>;
  readonly rules: readonly Rule[];
}

const actions = fc.constantFrom<Rule['action'][]>('accept', 'deny', 'deny', 'pass');
const sources = fc.record({
  action: actions,
  isIngress: fc.constant(true),
  peer: fc.constantFrom(...PODS),
  ports: fc.constantFrom(...PORTS, NAMED),
});
const destinations = fc.record({
  action: actions,
  isIngress: fc.constant(false),
  peer: fc.constantFrom(...DESTINATIONS),
  ports: fc.constantFrom(...PORTS),
});
const policies = (priority: number): fc.Arbitrary<Policy> =>
  fc.record({
    tier: fc.constantFrom(Tier.ADMIN, Tier.BASELINE),
    priority: fc.constant(priority),
    subject: fc.constantFrom(...SELECTORS),
    rules: fc.array(fc.oneof(sources, destinations), { minLength: 2, maxLength: 6 }),
  });

const programs = fc.tuple(policies(1), policies(2), policies(1000));
const ATTEMPTS = ENDS.flatMap((from) => ENDS.filter((to) => to !== from && (isPod(from) || isPod(to))).map((to) => ({ from, to }))).flatMap(
  (ends) =>
    [
      { port: 80, protocol: 'TCP' },
      { port: 53, protocol: 'UDP' },
      { port: 8080, protocol: 'TCP' },
    ].map((traffic) => ({ ...ends, ...traffic })),
);

/** What the words say of one side: the first rule of each tier that matches. */
function sideSays(program: readonly Policy[], own: End, peer: End, traffic: Traffic, isIngress: boolean): boolean {
  for (const tier of [Tier.ADMIN, Tier.BASELINE]) {
    const rules = program.filter((one) => one.tier === tier && one.subject[2](own)).flatMap((one) => one.rules);
    const first = rules.find((rule) => rule.isIngress === isIngress && rule.peer[2](peer) && rule.ports[2](traffic));
    if (first !== undefined && first.action !== 'pass') {
      return first.action === 'accept';
    }
  }
  return true;
}

test('the first rule of each tier that matches decides, for every peer and port that can be written', () => {
  const count = { passed: 0, dropped: 0 };
  fc.assert(
    fc.property(programs, (program) => {
      const chart = new Chart(new App(), 'test');
      program.forEach(({ subject: [, subject], rules, ...head }, i) => {
        const policy = new ClusterNetworkPolicy(chart, `P${i}`, { ...head, subject });
        for (const { action, isIngress, peer, ports } of rules) {
          policy[`${action}${isIngress ? 'From' : 'To'}`](peer[1], ...ports[1]);
        }
      });
      const config = {
        'enable-k8s-cluster-network-policy': 'true',
        'enable-node-selector-labels': 'true',
        'allow-localhost': 'policy',
        'routing-mode': 'native',
      };
      const engine = compileObjects([...(Testing.synth(chart) as JsonObject[]), ...(CLUSTER as unknown as JsonObject[])], { config });
      expect(engine.refused).toEqual([]);
      for (const { from, to, ...traffic } of ATTEMPTS) {
        const wanted =
          (!isPod(from) || sideSays(program, from, to, traffic, false)) && (!isPod(to) || sideSays(program, to, from, traffic, true));
        const { allowed } = engine.verdict({ from: from.name, to: to.name, ...traffic });
        expect([from.name, to.name, traffic, allowed]).toEqual([from.name, to.name, traffic, wanted]);
        count[wanted ? 'passed' : 'dropped']++;
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 100) },
  );
  expect(count.dropped / (count.passed + count.dropped)).toBeGreaterThan(0.1);
});
