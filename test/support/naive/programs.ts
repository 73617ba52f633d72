/** Generates programs over the tiny universe. Few of them hold a mistake. */
import fc from 'fast-check';
import { and, Expression, Program, programText, say, Statement, Value } from './expression';
import { Attempt, ATTEMPTS } from './universe';

type Some = fc.Arbitrary<Expression>;
type Props = Readonly<Record<string, Value>>;

/** Statements that belong together; the number makes their names. */
type Block = (n: number) => Statement[];

const one = fc.constantFrom<Expression[]>;
const rarely = (usual: Some, weight: number, rare: Some): Some => fc.oneof({ weight, arbitrary: usual }, { weight: 1, arbitrary: rare });
const few = <T>(item: fc.Arbitrary<T>, maxLength = 2) => fc.array(item, { minLength: 1, maxLength });
const optional = <T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record(shape, { requiredKeys: [] });
const isTrue = fc.constant(true);

// Selectors

const ofPods = one(
  say('whereIn', 'app', 'a', 'b'),
  say('whereIn', 'k8s:tier', 'f'),
  say('whereNotIn', 'app', 'c'),
  say('whereNotIn', 'any:tier', 'f'),
  say('whereExists', 'tier'),
  say('whereAbsent', 'tier'),
  say('withServiceAccount', 'sa'),
  say('inNamespacesLabeled', { team: 't' }),
);
const ofSpaces = one(
  say('inNamespace', 'x'),
  say('inNamespace', 'y'),
  say('inNamespacesLabeled', { team: 't' }),
  say('inAnyNamespace'),
  say('outsideNamespaces', 'x'),
  say('outsideNamespaces', 'y', 'kube-system'),
  say('outsideNamespacesLabeled', { team: 't' }),
  say('outsideNamespacesWithLabel', 'team'),
  say('exceptGateway'),
);
const base = one(say('Selector.all'), say('Selector.all'), say('Selector.labels', { app: 'a' }), say('Selector.labels', { app: 'b' }));
const selecting = (start: Some, word: Some): Some =>
  fc.tuple(start, fc.array(word, { maxLength: 2 })).map(([first, words]) => and(first, ...words));
const own = selecting(base, rarely(ofPods, 40, ofSpaces));
const anywhere = selecting(base, fc.oneof(ofPods, ofSpaces, ofSpaces));
const nodes = one(say('Selector.all'), say('Selector.labels', { role: 'w' }), and(say('Selector.all'), say('whereNotIn', 'role', 'w')));

// Peers

const entity = one(
  ...['ALL', 'WORLD', 'CLUSTER', 'HOST', 'REMOTE_NODE', 'KUBE_APISERVER', 'INGRESS', 'HEALTH'].map((name) => ({
    say: `Entity.${name}`,
  })),
);
const CIDRS = ['192.0.2.7/32', '192.0.2.8/31', '192.0.2.0/24', '198.51.100.0/24', '0.0.0.0/0'];
const DOMAINS = ['api.example', '*.cdn.example', '*.example', '**.cdn.example', '*'];
const pods = fc.oneof(
  one(say('Peer.labels', { app: 'a' }), say('Peer.labels', { app: 'b' }), and(say('Peer.labels', { app: 'a' }), say('inNamespace', 'y'))),
  few(anywhere).map((some) => say('Peer.endpoints', ...some)),
);
const others = fc.oneof(
  one(
    ...['any', 'kubeDns', 'world', 'cluster', 'host', 'remoteNodes', 'allNodes', 'kubeApiserver', 'ingress', 'health'].map((name) =>
      say(`Peer.${name}`),
    ),
  ),
  few(entity).map((some) => say('Peer.entities', ...some)),
  few(fc.constantFrom(...CIDRS)).map((some) => say('Peer.cidrs', ...some)),
  one(say('Peer.cidrExcept', '192.0.2.0/24', '192.0.2.8/32'), say('Peer.cidrExcept', '0.0.0.0/0', '192.0.2.7/32', '198.51.100.0/24')),
  one(say('Peer.cidrGroups', 'inner', 'none'), say('Peer.cidrGroups', 'outer'), say('Peer.cidrGroupExcept', 'outer', '192.0.2.7/32')),
  one(say('Peer.cidrGroupsLabeled', say('Selector.labels', { group: 'inner' }))),
  few(nodes).map((some) => say('Peer.nodes', ...some)),
);
const peer = fc.oneof(pods, others);
const domains = few(fc.constantFrom(...DOMAINS)).map((some) => say('Peer.fqdns', ...some));

const services = one(
  say('Peer.service', 's', 'x'),
  say('Peer.service', 's', 'y'),
  say('Peer.services', say('Selector.labels', { of: 's' }), 'x'),
);

// Traffic

const PROTOCOLS = ['TCP', 'UDP', 'ANY'].map((name) => ({ say: `Protocol.${name}` }));
const numbered = fc.oneof(
  one(...[4, 5, 6, 7, 53].map((port) => say('Port.tcp', port))),
  one(say('Port.udp', 4), say('Port.udp', 53), say('Port.any', 4), say('Port.any', 53), say('Port.sctp', 5)),
  one(say('Port.tcpRange', 4, 5), say('Port.tcpRange', 5, 7), say('Port.tcpRange', 6, 6), say('Port.udpRange', 4, 53)),
  one(say('Port.allTcp'), say('Port.allUdp'), say('Port.allSctp'), ...PROTOCOLS.map((protocol) => say('Port.protocol', protocol))),
  one(say('Icmp.echoRequest'), say('Icmp.v4', 'DestinationUnreachable'), say('Icmp.v4', 8), say('Icmp.v6', 'EchoRequest')),
);
const nameOf = one(say('Port.tcpNamed', 'web'), say('Port.named', 'WEB', PROTOCOLS[2]), say('Port.named', 'web', PROTOCOLS[1]));
const http = few(
  one(
    say('HttpRule.get', '/a'),
    say('HttpRule.post', '/b', { headers: ['X-T: 1'] }),
    say('HttpRule.get', '/.*', { headers: ['X-T'] }),
    say('HttpRule.of', { path: '/[ab]' }),
    say('HttpRule.of', { method: 'GET', host: 'h' }),
    say('HttpRule.of', {}),
  ),
).map((rules) => say('http', ...rules));
const requests = fc
  .tuple(one(say('Port.tcp', 4), say('Port.tcp', 4), say('Port.tcp', 5), say('Port.tcpRange', 4, 5)), http)
  .map(([port, rules]) => and(port, rules));
const serverNames = few(fc.constantFrom('api.example', '*.cdn.example')).map((some) =>
  and(say('Port.tcp', 6), say('serverNames', ...new Set(some))),
);
const lookUps = fc.oneof(
  one(say('Port.dnsProxy')),
  fc.constantFrom(...DOMAINS).map((name) => and(say('Port.any', 53), say('dns', name))),
);
const plain = rarely(numbered, 12, one(say('Port.everything')));
const several = few(numbered).map((some) => say('Ports.of', some));
const l7 = fc.oneof({ weight: 3, arbitrary: requests }, { weight: 1, arbitrary: serverNames });
/** The arguments of a verb; an empty list is all traffic. */
const lists = (single: Some) =>
  fc.oneof({ weight: 5, arbitrary: fc.array(single, { maxLength: 1 }) }, { weight: 1, arbitrary: few(single) });
const denied = lists(fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: several }));
const allowed = lists(fc.oneof({ weight: 4, arbitrary: plain }, { weight: 1, arbitrary: several }, { weight: 3, arbitrary: l7 }));

// Verbs

interface Call {
  readonly verb: string;
  readonly peer: Expression;
  readonly traffic: readonly Expression[];
}

const call = (verb: string, some: Some, traffic: fc.Arbitrary<Expression[]>): fc.Arbitrary<Call> =>
  fc.record({ verb: fc.constant(verb), peer: some, traffic });
const ownSpace = one(say('Peer.sameNamespace'));
const ingress = (some: Some) =>
  fc.oneof(
    { weight: 4, arbitrary: call('allowFrom', some, allowed) },
    { weight: 1, arbitrary: call('allowFrom', some, few(nameOf)) },
    { weight: 1, arbitrary: call('denyFrom', some, few(nameOf)) },
    { weight: 2, arbitrary: call('denyFrom', some, denied) },
  );
const egress = (some: Some) =>
  fc.oneof(
    { weight: 4, arbitrary: call('allowTo', some, allowed) },
    // Up to 1.19 a name is a number for the whole cluster, also for peers that have no names.
    { weight: 1, arbitrary: call('allowTo', pods, few(nameOf)) },
    { weight: 1, arbitrary: call('denyTo', pods, few(nameOf)) },
    { weight: 1, arbitrary: call('allowTo', fc.oneof(domains, domains, services), lists(plain)) },
    {
      weight: 1,
      arbitrary: call(
        'allowTo',
        one(say('Peer.kubeDns')),
        lookUps.map((ports) => [ports]),
      ),
    },
    { weight: 2, arbitrary: call('denyTo', some, denied) },
  );
const anyVerb = (some: Some) => fc.oneof(ingress(some), egress(some));

const callsOn = (name: string, calls: readonly Call[]): Statement[] =>
  calls.map(({ verb, peer: to, traffic }) => ({ expression: say(`${name}.${verb}`, to, ...traffic) }));

// Policies

const chart = one({ say: 'x' }, { say: 'y' });
const defaultDeny = fc.oneof(
  { weight: 5, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: optional({ defaultDenyIngress: fc.boolean(), defaultDenyEgress: fc.boolean() }) },
);
const propsOf = (key: string, selector: Some): fc.Arbitrary<Props> =>
  fc.tuple(selector, defaultDeny).map(([subject, more]) => ({ [key]: subject, ...more }));

/** A policy with its rules, and sometimes a further spec. */
function policies(kind: string, props: fc.Arbitrary<Props>, calls: fc.Arbitrary<Call>): fc.Arbitrary<Block> {
  const rules = few(calls, 4);
  const further = fc.option(fc.tuple(props, few(calls)), { freq: 4 });
  return fc
    .tuple(chart, props, rules, further)
    .map(([at, first, some, more]) => (n) => [
      { name: `p${n}`, expression: say(`new ${kind}`, at, `P${n}`, first) },
      ...callsOn(`p${n}`, some),
      ...(more === null ? [] : [{ name: `s${n}`, expression: say(`p${n}.addSpec`, more[0]) }, ...callsOn(`s${n}`, more[1])]),
    ]);
}

const plainOnly = lists(plain);
const onNodes = fc.oneof(
  call('allowFrom', peer, plainOnly),
  call('allowTo', peer, plainOnly),
  call('denyFrom', peer, plainOnly),
  call('denyTo', peer, plainOnly),
);
const typed = fc.oneof(
  { weight: 4, arbitrary: policies('CiliumNetworkPolicy', propsOf('endpointSelector', own), anyVerb(rarely(peer, 8, ownSpace))) },
  { weight: 2, arbitrary: policies('CiliumClusterwideNetworkPolicy', propsOf('endpointSelector', anywhere), anyVerb(peer)) },
  { weight: 1, arbitrary: policies('CiliumClusterwideNetworkPolicy', propsOf('nodeSelector', nodes), onNodes) },
);

// Intents

const labels = fc.constant({ team: 't' });
const dns = one(say('DnsResolver.kubeDns'), say('DnsResolver.nodeLocalDns'), say('DnsResolver.of', say('Peer.host')));
const observe = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.constant({ observe: true }) });
const ports = fc.constantFrom([4], [5, 6443]);
const exceptions = {
  exceptNamespaces: fc.constantFrom(['kube-system'], ['kube-system', 'y']),
  alsoExcept: fc.constant(['x']),
  exceptNamespacesLabeled: labels,
};

function intents(kind: string, props: fc.Arbitrary<Props>, calls?: fc.Arbitrary<Call>): fc.Arbitrary<Block> {
  const more = calls === undefined ? fc.constant([]) : fc.array(calls, { maxLength: 2 });
  return fc.tuple(chart, props, observe, more).map(([at, given, also, some]) => (n) => [
    { name: `i${n}`, expression: say(`new ${kind}`, at, `I${n}`, { ...given, ...also }) },
    ...callsOn(
      `i${n}`,
      some.filter(({ verb }) => !('observe' in also) || !verb.startsWith('deny')),
    ),
  ]);
}

const with_ = <T extends Props>(required: { [K in string]: fc.Arbitrary<Value> }, more: fc.Arbitrary<T>): fc.Arbitrary<Props> =>
  fc.tuple(fc.record(required), more).map(([a, b]) => ({ ...a, ...b }));
const intent = fc.oneof(
  intents('DefaultDenyEgress', optional({ ...exceptions, exceptReserved: isTrue, dns }), egress(peer)),
  intents('DefaultDenyIngress', optional(exceptions), ingress(peer)),
  intents(
    'InfraBaseline',
    with_(
      { namespaceLabels: labels },
      optional({
        exceptNamespaces: fc.constant(['x']),
        fqdns: few(fc.constantFrom(...DOMAINS)),
        cidrs: few(fc.constantFrom(...CIDRS)),
        kubeletPorts: fc.constantFrom([], [4, 10250]),
        dns,
        resolverUpstream: one(say('Peer.world'), say('Peer.host')),
        apiserverPorts: ports,
      }),
    ),
    egress(peer),
  ),
  intents(
    'HostFirewall',
    optional({
      ...{ nodeSelector: nodes, ssh: isTrue, ping: isTrue },
      controlPlane: one(
        say('ControlPlane.server', say('Peer.any')),
        say('ControlPlane.worker', say('Peer.cidrs', '192.0.2.7/32'), say('Peer.ingress')),
      ),
      ports: few(plain),
    }),
    call('denyFrom', peer, plainOnly),
  ),
  intents(
    'TenantIsolation',
    optional({ namespaceLabels: labels, dns, allowApiserver: isTrue, apiserverPorts: ports, mayOverlap: isTrue }),
    anyVerb(peer),
  ),
  intents('AllowApiserver', optional({ endpointSelector: own, apiserverPorts: ports }), egress(peer)),
  intents(
    'DomainAllowlist',
    with_({ endpointSelector: own, domains: few(fc.constantFrom(...DOMAINS)) }, optional({ ports: few(plain), dns })),
    egress(peer),
  ),
  intents(
    'ServiceGuard',
    with_(
      { endpointSelector: own, clients: few(peer) },
      optional({ ports: few(fc.oneof(plain, l7), 1), exposure: one({ say: 'Exposure.LOAD_BALANCER' }, { say: 'Exposure.NODE_PORT' }) }),
    ),
    ingress(peer),
  ),
  intents(
    'EgressAllowlist',
    with_({ endpointSelector: own, peers: few(fc.oneof(peer, domains)) }, optional({ ports: few(plain), dns })),
    egress(peer),
  ),
);

// Connections

const WORKLOADS: readonly [name: string, made: (options: Props) => Expression][] = [
  ['a', (options) => say('Workload.labels', { say: 'x' }, 'A', { app: 'a', tier: 'f' }, options)],
  ['b', (options) => say('Workload.labels', { say: 'x' }, 'B', { app: 'b' }, options)],
  ['front', (options) => say('Workload.labels', { say: 'y' }, 'Front', { tier: 'f' }, options)],
  ['far', () => say('Workload.imported', 'y', { app: 'b' })],
];
const known = fc.constantFrom(...WORKLOADS.map(([name]) => ({ say: name })));
const labelled = one(
  say('Workloads.labeled', { tier: 'f' }),
  say('Workloads.labeled', { app: 'b' }),
  and(say('Workloads.labeled', { app: 'a' }), say('inNamespace', 'x')),
);
const external = fc.oneof(
  one(say('External.cidrs', '192.0.2.7/32'), say('External.world'), say('External.kubeApiserver'), say('Gateway.ciliumIngress')),
  peer.map((some) => say('External.peer', 'peer', some)),
);
const side = fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: labelled }, { weight: 1, arbitrary: external });
const target = rarely(
  side,
  6,
  few(fc.constantFrom(...DOMAINS)).map((some) => say('External.domains', ...some)),
);
const carried = fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: several }, { weight: 2, arbitrary: l7 });
const connection = fc.oneof(
  fc
    .tuple(fc.constantFrom('a', 'b', 'front'), target, carried)
    .map(([from, to, traffic]) => say(`${from}.connections.allowTo`, to, traffic)),
  fc
    .tuple(fc.constantFrom('a', 'b', 'front'), side, carried)
    .map(([to, from, traffic]) => say(`${to}.connections.allowFrom`, from, traffic)),
);
const options = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: optional({ observe: isTrue, resolvesNames: isTrue }) },
);
const connections: fc.Arbitrary<Statement[]> = fc
  .tuple(fc.array(options, { minLength: 3, maxLength: 3 }), few(connection, 4))
  .map(([some, all]) => [
    ...WORKLOADS.map(([name, make], index) => ({ name, expression: make(some[index] ?? {}) })),
    ...all.map((expression) => ({ expression })),
  ]);

/** A program, and some attempts to connect. */
export interface Case {
  readonly program: Program;
  readonly attempts: readonly Attempt[];
}

/** Rules about the same peers and port are merged by Cilium, so some programs say several things about few of them. */
const sameAgain: fc.Arbitrary<Program> = fc
  .tuple(
    fc.oneof(others, pods),
    fc.constantFrom('allowFrom', 'allowTo'),
    few(
      fc.tuple(
        own,
        few(
          fc.oneof(
            one(
              say('Port.tcp', 4),
              say('Port.tcp', 6),
              say('Port.any', 4),
              say('Port.tcpRange', 6, 6),
              say('Port.tcpRange', 4, 7),
              say('Port.allTcp'),
            ),
            l7,
            serverNames,
          ),
        ),
      ),
      3,
    ),
  )
  .map(([to, verb, some]) =>
    some.flatMap(([selector, traffic], n): Statement[] => [
      { name: `p${n}`, expression: say('new CiliumNetworkPolicy', { say: 'x' }, `P${n}`, { endpointSelector: selector }) },
      ...traffic.map((ports) => ({ expression: say(`p${n}.${verb}`, to, ports) })),
    ]),
  );

const blocks = fc.oneof({ weight: 3, arbitrary: typed }, { weight: 2, arbitrary: intent });
const policyBlocks = few(blocks, 3).map((some) => some.flatMap((block, n) => block(n)));
const program: fc.Arbitrary<Program> = fc.oneof(
  { weight: 3, arbitrary: policyBlocks },
  { weight: 1, arbitrary: sameAgain },
  { weight: 1, arbitrary: connections },
  { weight: 1, arbitrary: fc.tuple(policyBlocks, connections).map((parts) => parts.flat()) },
);

/** Half of the attempts are requests of the kinds that the program speaks of. */
function aimed(made: Program, numbers: readonly number[]): readonly Attempt[] {
  const text = programText(made);
  const asked = ATTEMPTS.filter(
    ({ http: request, sni, dns: name }) =>
      (request !== undefined && text.includes('.http(')) ||
      (sni !== undefined && text.includes('.serverNames(')) ||
      (name !== undefined && /\.(dns|dnsProxy)\(/.test(text)),
  );
  const from = (pool: readonly Attempt[], number: number) => pool[number % pool.length];
  return numbers.map((number, index) => from(index % 2 === 0 || asked.length === 0 ? ATTEMPTS : asked, number));
}

export const cases: fc.Arbitrary<Case> = fc
  .record({ program, numbers: fc.noShrink(fc.uniqueArray(fc.nat(1_000_000), { minLength: 30, maxLength: 30 })) })
  .map(({ program: made, numbers }) => ({
    program: made,
    attempts: aimed(made, numbers),
    [fc.toStringMethod]: () => `\n${programText(made)}`,
  }));
