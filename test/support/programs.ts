/** Generates programs that use the library: mostly valid ones and some with mistakes, to test both the rendering and the rejections. */
import { App, Chart, Testing } from 'cdk8s';
import fc from 'fast-check';
import type { Manifest } from './synth';
import {
  Authentication,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  CiliumPolicy,
  ClusterNetworkPolicy,
  EgressPeer,
  EgressTraffic,
  Entity,
  EnvoyConfigKind,
  HeaderMatch,
  HttpRule,
  Icmp,
  Mismatch,
  Peer,
  PolicyOptions,
  Port,
  Protocol,
  Selector,
  TcpPort,
  Tier,
} from 'cdk8s-cilium';

/** A value that is created on demand, because its creation may throw. */
type Made<T> = () => T;

/** One policy with some rules. */
export interface Program {
  /** Adds the policy. A rule that the library rejects is left out, and its error is passed to `refused`. */
  readonly write: (chart: Chart, refused: (error: unknown) => void) => void;
}

const words = (...usual: string[]) =>
  fc.oneof({ weight: 40, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.string({ maxLength: 80, unit: 'binary' }) });

const keys = words('app', 'k8s:app', 'any:tier', 'example.com/role', 'app.kubernetes.io/name', 'reserved:host', 'k'.repeat(63));
const values = words('a', '', 'A-b_c.d', '001', 'v'.repeat(63));
const namespaces = words('shop', 'kube-system', 'a', 'n'.repeat(63));
const cidrs = words(
  '192.0.2.0/24',
  '10.0.0.0/8',
  '10.1.2.3/16',
  '0.0.0.0/0',
  '2001:db8::/32',
  '::/0',
  '::ffff:10.0.0.0/104',
  '10.0.0.0/08',
  '10.0.0.1',
);
const names = words('api.example.com', '*.example.com', '**.example.com', '*', 'a*b.c', 'UPPER.example.com.', '_dns._udp.a', 'a..b', '.');
const regexes = words('/public', '/v1/.*', '/[a-z]+(/x)?$', '(?i)/a', '/(?=a)', '\\p{Letter}', 'a{1001}', '(', '[[:alpha:]]', 'GET|HEAD');
const headers = words('X-A: b', 'X-A', 'X-A:b', 'X-A: ', ':scheme https');
const ports = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: 1, max: 65535 }) }, fc.constantFrom(0, -1, 65536, 0.5, NaN));
const icmpTypes = fc.oneof(
  fc.integer({ min: -1, max: 256 }),
  words('EchoRequest', 'EchoReply', 'DestinationUnreachable', 'PacketTooBig', 'ExtendedEchoReply', '8'),
);

const selectors: fc.Arbitrary<Made<Selector>> = fc
  .array(
    fc.oneof(
      fc.record({ key: keys, value: values }).map(
        ({ key, value }) =>
          (s: Selector) =>
            s.whereIn(key, value),
      ),
      fc.record({ key: keys, value: values }).map(
        ({ key, value }) =>
          (s: Selector) =>
            s.whereNotIn(key, value, 'x'),
      ),
      keys.map((key) => (s: Selector) => s.whereExists(key)),
      keys.map((key) => (s: Selector) => s.whereAbsent(key)),
      namespaces.map((name) => (s: Selector) => s.inNamespace(name)),
      namespaces.map((name) => (s: Selector) => s.outsideNamespaces(name)),
      fc.record({ key: keys, value: values }).map(
        ({ key, value }) =>
          (s: Selector) =>
            s.inNamespacesLabeled({ [key]: value }),
      ),
      fc.constant((s: Selector) => s.inAnyNamespace()),
      fc.constant((s: Selector) => s.inAnyCluster()),
      values.map((name) => (s: Selector) => s.inCluster(name)),
      values.map((name) => (s: Selector) => s.withServiceAccount(name)),
    ),
    { maxLength: 3 },
  )
  .chain((steps) =>
    fc.dictionary(keys, values, { maxKeys: 2 }).map((labels) => () => {
      const base = Object.keys(labels).length === 0 ? Selector.all() : Selector.labels(labels);
      return steps.reduce((selector, step) => step(selector), base);
    }),
  );

const peers: fc.Arbitrary<Made<EgressPeer>> = fc.oneof(
  fc.constantFrom(Peer.any(), Peer.sameNamespace(), Peer.kubeDns(), Peer.world(), Peer.allNodes()).map((peer) => () => peer),
  fc.array(fc.constantFrom(...Object.values(Entity)), { maxLength: 3 }).map((some) => () => Peer.entities(...some)),
  fc.array(selectors, { maxLength: 2 }).map((some) => () => Peer.endpoints(...some.map((make) => make()))),
  fc.array(selectors, { maxLength: 2 }).map((some) => () => Peer.nodes(...some.map((make) => make()))),
  fc.array(cidrs, { maxLength: 3 }).map((some) => () => Peer.cidrs(...some)),
  fc.tuple(cidrs, fc.array(cidrs, { maxLength: 2 })).map(
    ([block, holes]) =>
      () =>
        Peer.cidrExcept(block, ...holes),
  ),
  fc.array(namespaces, { maxLength: 2 }).map((some) => () => Peer.cidrGroups(...some)),
  fc.tuple(namespaces, cidrs).map(
    ([name, hole]) =>
      () =>
        Peer.cidrGroupExcept(name, hole),
  ),
  selectors.map((make) => () => Peer.cidrGroupsLabeled(make())),
  fc.tuple(selectors, cidrs).map(
    ([make, hole]) =>
      () =>
        Peer.cidrGroupsLabeledExcept(make(), hole),
  ),
  fc.dictionary(keys, values, { maxKeys: 2 }).map((labels) => () => Peer.awsGroups({ labels })),
  fc.array(names, { maxLength: 3 }).map((some) => () => Peer.fqdns(...some)),
  fc.tuple(namespaces, namespaces).map(
    ([name, inNamespace]) =>
      () =>
        Peer.service(name, inNamespace),
  ),
  fc.tuple(selectors, namespaces).map(
    ([make, inNamespace]) =>
      () =>
        Peer.services(make(), inNamespace),
  ),
);

const httpRules: fc.Arbitrary<Made<HttpRule>> = fc
  .record(
    {
      method: regexes,
      path: regexes,
      host: regexes,
      headers: fc.array(headers, { maxLength: 2 }),
      match: fc.tuple(words('X-A', 'bad name'), values, fc.constantFrom(...Object.values(Mismatch))),
    },
    { requiredKeys: [] },
  )
  .map(({ match, ...props }) => () => {
    const headerMatches = match && [
      HeaderMatch.exactly(match[0], match[1], { mismatch: match[2] }),
      HeaderMatch.secret(match[0], 'ns', 's'),
    ];
    return HttpRule.of({ ...props, headerMatches });
  });

const tcpPorts: fc.Arbitrary<Made<TcpPort>> = fc.oneof(
  ports.map((port) => () => Port.tcp(port)),
  fc.tuple(ports, ports).map(
    ([first, last]) =>
      () =>
        Port.tcpRange(first, last),
  ),
  words('http', 'HTTP-2', '80', 'a-very-long-port-name').map((name) => () => Port.tcpNamed(name)),
);

const anyPorts: fc.Arbitrary<Made<Port>> = fc.oneof(
  tcpPorts,
  ports.map((port) => () => Port.any(port)),
  fc.tuple(ports, ports).map(
    ([first, last]) =>
      () =>
        Port.udpRange(first, last),
  ),
  fc.constantFrom(...Object.values(Protocol)).map((protocol) => () => Port.protocol(protocol)),
);

const tls = fc.record({ secretName: namespaces, secretNamespace: namespaces }, { requiredKeys: ['secretName'] });

const traffic: fc.Arbitrary<Made<EgressTraffic>> = fc.oneof(
  anyPorts,
  icmpTypes.map((type) => () => Icmp.v4(type)),
  icmpTypes.map((type) => () => Icmp.v6(type)),
  fc.constantFrom(Authentication.required(), Authentication.disabled()).map((mode) => () => mode),
  fc.tuple(anyPorts, fc.array(names, { maxLength: 2 })).map(
    ([port, some]) =>
      () =>
        port().dns(...some),
  ),
  fc.tuple(tcpPorts, fc.array(httpRules, { maxLength: 2 })).map(
    ([port, rules]) =>
      () =>
        port().http(...rules.map((make) => make())),
  ),
  fc.tuple(tcpPorts, fc.array(names, { maxLength: 2 })).map(
    ([port, some]) =>
      () =>
        port().serverNames(...some),
  ),
  fc.tuple(tcpPorts, httpRules, tls, names).map(
    ([port, rule, context, name]) =>
      () =>
        port().http(rule()).terminatingTls(context).originatingTls(context).serverNames(name),
  ),
  fc.tuple(tcpPorts, fc.constantFrom(undefined, ...Object.values(EnvoyConfigKind)), fc.constantFrom(undefined, 0, 1, 100, 101)).map(
    ([port, kind, priority]) =>
      () =>
        port().listener({ name: 'l', envoyConfig: 'e', kind, priority }),
  ),
);

const options: fc.Arbitrary<PolicyOptions> = fc.record(
  {
    description: fc.string({ maxLength: 10 }),
    defaultDenyIngress: fc.boolean(),
    defaultDenyEgress: fc.boolean(),
    labels: fc.array(fc.record({ key: keys, value: values }, { requiredKeys: ['key'] }), { maxLength: 2 }),
    log: words('text', 'x'.repeat(33), 'é'),
  },
  { requiredKeys: [] },
);

const calls = fc.record({
  verb: fc.constantFrom('allowFrom' as const, 'allowTo' as const, 'denyFrom' as const, 'denyTo' as const),
  peer: peers,
  traffic: fc.array(traffic, { maxLength: 3 }),
});

/** Selectors of peers. Most are not allowed in some kind of policy. */
const subjects = fc.oneof({ weight: 3, arbitrary: fc.constant(() => Selector.labels({ app: 'a' })) }, { weight: 1, arbitrary: selectors });

const kinds = fc.constantFrom('namespaced' as const, 'clusterwide' as const, 'nodes' as const);

export const programs: fc.Arbitrary<Program> = fc
  .record({ kind: kinds, subject: subjects, options, calls: fc.array(calls, { minLength: 1, maxLength: 4 }) })
  .map((program) => ({
    [fc.toStringMethod]: () => JSON.stringify({ ...program, calls: program.calls.map(({ verb }) => verb) }),
    write: (chart, refused) => {
      const policy = make(chart, program.kind, program.subject, program.options);
      for (const call of program.calls) {
        try {
          const verb = policy[call.verb].bind(policy) as (peer: EgressPeer, ...traffic: EgressTraffic[]) => void;
          verb(call.peer(), ...call.traffic.map((one) => one()));
        } catch (error) {
          refused(error);
        }
      }
    },
  }));

const pods: fc.Arbitrary<Made<EgressPeer>> = fc.oneof(
  fc.constantFrom(Peer.kubeDns(), Peer.endpoints(Selector.all())).map((peer) => () => peer),
  fc.array(selectors, { minLength: 1, maxLength: 2 }).map((some) => () => Peer.endpoints(...some.map((make) => make()))),
);

const plainPorts: fc.Arbitrary<Made<EgressTraffic>> = fc.oneof(
  anyPorts,
  words('http', 'HTTP-2', 'dns').map((name) => () => Port.named(name, Protocol.ANY)),
);

const tierCalls = fc.record({
  verb: fc.constantFrom('acceptFrom', 'acceptTo', 'denyFrom', 'denyTo', 'passFrom', 'passTo' as const),
  peer: fc.oneof(pods, peers),
  ports: fc.array(fc.oneof({ weight: 6, arbitrary: plainPorts }, { weight: 1, arbitrary: traffic }), { maxLength: 3 }),
  // Some are more than a list can have.
  times: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 30 }) }),
});

/** Programs that write a ClusterNetworkPolicy. */
export const tierPrograms: fc.Arbitrary<Program> = fc
  .record({
    tier: fc.constantFrom(...Object.values(Tier)),
    priority: fc.oneof({ weight: 20, arbitrary: fc.integer({ min: 0, max: 1000 }) }, fc.constantFrom(-1, 1001, 0.5, NaN)),
    subject: subjects,
    description: fc.option(fc.string({ maxLength: 10 }), { nil: undefined }),
    calls: fc.array(tierCalls, { minLength: 1, maxLength: 6 }),
  })
  .map(({ calls: some, subject, ...props }) => ({
    [fc.toStringMethod]: () => JSON.stringify({ ...props, calls: some.map(({ verb }) => verb) }),
    write: (chart, refused) => {
      const policy = new ClusterNetworkPolicy(chart, 'P', { ...props, subject: subject() });
      for (const { verb, peer, ports, times } of some) {
        try {
          const call = policy[verb as 'acceptTo'].bind(policy) as (peer: EgressPeer, ...traffic: EgressTraffic[]) => void;
          call(peer(), ...Array.from({ length: times }, () => ports.map((one) => one())).flat());
        } catch (error) {
          refused(error);
        }
      }
    },
  }));

/** The programs of a seed. */
export function sample(count: number, seed: number): Program[] {
  return fc.sample(programs, { numRuns: count, seed });
}

/** The programs of a seed that write ClusterNetworkPolicies. */
export function sampleTiers(count: number, seed: number): Program[] {
  return fc.sample(tierPrograms, { numRuns: count, seed });
}

/** The manifest of a program, if the library accepts the policy as a whole, and all errors. */
export function written(program: Program): { manifest?: Manifest; refusals: unknown[] } {
  const refusals: unknown[] = [];
  try {
    const chart = new Chart(new App(), 'test', { namespace: 'shop' });
    program.write(chart, (error) => refusals.push(error));
    const [manifest] = Testing.synth(chart) as Manifest[];
    return { manifest, refusals };
  } catch (error) {
    return { refusals: [...refusals, error] };
  }
}

function make(chart: Chart, kind: 'namespaced' | 'clusterwide' | 'nodes', subject: Made<Selector>, some: PolicyOptions): CiliumPolicy {
  switch (kind) {
    case 'namespaced':
      return new CiliumNetworkPolicy(chart, 'P', { endpointSelector: subject(), ...some });
    case 'clusterwide':
      return new CiliumClusterwideNetworkPolicy(chart, 'P', { endpointSelector: subject(), ...some });
    case 'nodes':
      return new CiliumClusterwideNetworkPolicy(chart, 'P', { nodeSelector: subject(), ...some });
  }
}
