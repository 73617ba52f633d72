/** Every field of the 1.20 CRDs, and of ClusterNetworkPolicy, can be written with a typed word. A new CRD with a new field fails here. */
import { Chart } from 'cdk8s';
import { fieldsIn, fieldsOf, Schema, schemaErrors, schemaOf } from '../support/crd';
import { Manifest, manifest } from '../support/synth';
import {
  Authentication,
  CiliumCidrGroup,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  ClusterNetworkPolicy,
  Entity,
  EnvoyConfigKind,
  EgressPeer,
  HeaderMatch,
  HttpRule,
  Icmp,
  Mismatch,
  Peer,
  PolicyOptions,
  PolicySpec,
  Port,
  Protocol,
  Selector,
  Traffic,
  EgressTraffic,
  PlainTraffic,
  Tier,
  TlsContext,
} from 'cdk8s-cilium';

type Verbs = Pick<PolicySpec, 'allowFrom' | 'allowTo' | 'denyFrom' | 'denyTo'>;

const labeled = Selector.labels({ app: 'a' });
const other = Selector.labels({ app: 'other' });
const expressed = Selector.all().whereIn('app', 'a', 'b');
const tls: TlsContext = { secretName: 's', secretNamespace: 'n', trustedCa: 'ca', certificate: 'crt', privateKey: 'key' };

/** Peers by the fields they fill, below `from` or `to`. */
const PEERS: readonly (readonly [fields: string[], peer: Peer])[] = [
  [['Endpoints[].matchLabels{}'], Peer.endpoints(labeled)],
  [expressions('Endpoints[]'), Peer.endpoints(expressed)],
  [['Entities[]'], Peer.world()],
  [['CIDR[]'], Peer.cidrs('192.0.2.0/24')],
  [['CIDRSet[].cidr', 'CIDRSet[].except[]'], Peer.cidrExcept('10.0.0.0/8', '10.96.0.0/12')],
  [['CIDRSet[].cidrGroupRef'], Peer.cidrGroups('office')],
  [['CIDRSet[].cidrGroupSelector.matchLabels{}'], Peer.cidrGroupsLabeled(labeled)],
  [expressions('CIDRSet[].cidrGroupSelector'), Peer.cidrGroupsLabeled(expressed)],
  [['Nodes[].matchLabels{}'], Peer.nodes(labeled)],
  [expressions('Nodes[]'), Peer.nodes(expressed)],
  [
    ['Groups[].aws.labels{}', 'Groups[].aws.securityGroupsIds[]', 'Groups[].aws.securityGroupsNames[]', 'Groups[].aws.region'],
    Peer.awsGroups({ labels: { a: 'b' }, securityGroupsIds: ['sg-1'], securityGroupsNames: ['web'], region: 'eu-west-1' }),
  ],
];

const DESTINATIONS: readonly (readonly [fields: string[], peer: EgressPeer])[] = [
  [['FQDNs[].matchName', 'FQDNs[].matchPattern'], Peer.fqdns('example.com', '*.example.com')],
  [['Services[].k8sService.serviceName', 'Services[].k8sService.namespace'], Peer.service('api', 'shop')],
  [['Services[].k8sServiceSelector.selector.matchLabels{}', 'Services[].k8sServiceSelector.namespace'], Peer.services(labeled, 'shop')],
  [expressions('Services[].k8sServiceSelector.selector'), Peer.services(expressed, 'shop')],
];

/** Traffic by the fields it fills. */
const PLAIN_TRAFFIC: readonly (readonly [fields: string[], traffic: PlainTraffic])[] = [
  [['toPorts[].ports[].port', 'toPorts[].ports[].protocol'], Port.tcp(80)],
  [['toPorts[].ports[].endPort'], Port.udpRange(1, 2)],
  [['icmps[].fields[].family', 'icmps[].fields[].type'], Icmp.v6('EchoRequest')],
];

const TRAFFIC: readonly (readonly [fields: string[], traffic: Traffic])[] = [
  ...PLAIN_TRAFFIC,
  [['authentication.mode'], Authentication.required()],
  [['toPorts[].serverNames[]'], Port.tcp(443).serverNames('example.com')],
  [tlsFields('terminatingTLS'), Port.tcp(443).terminatingTls(tls)],
  [tlsFields('originatingTLS'), Port.tcp(443).originatingTls(tls)],
  [
    ['method', 'path', 'host', 'headers[]'].map((field) => `toPorts[].rules.http[].${field}`),
    Port.tcp(80).http(HttpRule.of({ method: 'GET', path: '/', host: 'example.com', headers: ['X-A: b'] })),
  ],
  [
    ['name', 'value', 'mismatch', 'secret.name', 'secret.namespace'].map((field) => `toPorts[].rules.http[].headerMatches[].${field}`),
    Port.tcp(80).http(
      HttpRule.of({ headerMatches: [HeaderMatch.secret('X-A', 'ns', 's', { fallbackValue: 'v', mismatch: Mismatch.LOG })] }),
    ),
  ],
];

const EGRESS_TRAFFIC: readonly (readonly [fields: string[], traffic: EgressTraffic])[] = [
  ...TRAFFIC,
  [['toPorts[].rules.dns[].matchName', 'toPorts[].rules.dns[].matchPattern'], Port.udp(53).dns('example.com', '*')],
  [
    ['name', 'priority', 'envoyConfig.name', 'envoyConfig.kind'].map((field) => `toPorts[].listener.${field}`),
    Port.tcp(80).listener({ name: 'l', envoyConfig: 'e', kind: EnvoyConfigKind.CILIUM_CLUSTERWIDE_ENVOY_CONFIG, priority: 7 }),
  ],
];

/** Everything else of a spec. */
const OPTIONS: readonly (readonly [fields: string[], options: PolicyOptions])[] = [
  [['description'], { description: 'why' }],
  [['enableDefaultDeny.ingress'], { defaultDenyIngress: true }],
  [['enableDefaultDeny.egress'], { defaultDenyEgress: true }],
  [['labels[].key', 'labels[].value', 'labels[].source'], { labels: [{ key: 'k', value: 'v', source: 's' }] }],
  [['log.value'], { log: 'text' }],
];

const RULES: readonly (readonly [fields: string[], write: (policy: Verbs) => void])[] = [
  ...PEERS.flatMap(([fields, peer]) => [
    row('ingress[].from', fields, (policy) => policy.allowFrom(peer)),
    row('ingressDeny[].from', fields, (policy) => policy.denyFrom(peer)),
    row('egress[].to', fields, (policy) => policy.allowTo(peer)),
    row('egressDeny[].to', fields, (policy) => policy.denyTo(peer)),
  ]),
  ...DESTINATIONS.map(([fields, peer]) => row('egress[].to', fields, (policy) => policy.allowTo(peer))),
  ...PLAIN_TRAFFIC.flatMap(([fields, traffic]) => [
    row('ingressDeny[].', fields, (policy) => policy.denyFrom(Peer.any(), traffic)),
    row('egressDeny[].', fields, (policy) => policy.denyTo(Peer.any(), traffic)),
  ]),
  ...TRAFFIC.map(([fields, traffic]) => row('ingress[].', fields, (policy) => policy.allowFrom(Peer.any(), traffic))),
  ...EGRESS_TRAFFIC.map(([fields, traffic]) => row('egress[].', fields, (policy) => policy.allowTo(Peer.any(), traffic))),
];

/** What the CRD has and no policy can use, with the reason. */
const UNUSABLE: readonly (readonly [fields: RegExp, why: string])[] = [
  [/^(ingress|egress)(Deny)?\[\]\.(from|to)Requires\[\]$/, 'the CRD allows no item since 1.19'],
  [/^ingress\[\]\.toPorts\[\]\.rules\.dns/, 'the agent refuses DNS rules on ingress'],
  [/^ingress\[\]\.toPorts\[\]\.listener/, 'the agent refuses listeners on ingress'],
  [/^egressDeny\[\]\.toServices/, 'the agent never resolves Services of denies: with ports they would deny everybody'],
];

const specSchema = (schemaOf('CiliumNetworkPolicy').properties as Record<string, Schema>).spec;
const usable = fieldsOf(specSchema).filter((field) => !UNUSABLE.some(([pattern]) => pattern.test(field)));

/** Where a spec may stand, and how one is written there. */
const PLACES = {
  'spec of a namespaced policy': (chart: Chart, options: PolicyOptions) =>
    new CiliumNetworkPolicy(chart, 'P', { endpointSelector: labeled, ...options }),
  'specs of a namespaced policy': (chart: Chart, options: PolicyOptions) =>
    first(new CiliumNetworkPolicy(chart, 'P', { endpointSelector: other })).addSpec({ endpointSelector: labeled, ...options }),
  'spec of a clusterwide policy': (chart: Chart, options: PolicyOptions) =>
    new CiliumClusterwideNetworkPolicy(chart, 'P', { endpointSelector: labeled, ...options }),
  'specs of a clusterwide policy': (chart: Chart, options: PolicyOptions) =>
    first(new CiliumClusterwideNetworkPolicy(chart, 'P', { endpointSelector: other })).addSpec({
      endpointSelector: expressed,
      ...options,
    }),
};

describe.each(Object.entries(PLACES))('in the %s', (place, makeSpec) => {
  test.each(RULES.map(([fields, write]) => [fields.join(', '), fields, write] as const))('a rule can say %s', (_, fields, write) => {
    const made = manifest((chart) => write(makeSpec(chart, {})));
    expect(fieldsOfSpec(made, place)).toEqual(expect.arrayContaining(fields));
    expect(schemaErrors(made)).toEqual([]);
  });

  test.each(OPTIONS.map(([fields, options]) => [fields.join(', '), fields, options] as const))(
    'an option can say %s',
    (_, fields, options) => {
      const made = manifest((chart) => makeSpec(chart, options).allowFrom(Peer.any()));
      expect(fieldsOfSpec(made, place)).toEqual(expect.arrayContaining(fields));
      expect(schemaErrors(made)).toEqual([]);
    },
  );
});

test.each([
  [['endpointSelector.matchLabels{}'], { endpointSelector: labeled }],
  [expressions('endpointSelector'), { endpointSelector: expressed }],
  [['nodeSelector.matchLabels{}'], { nodeSelector: labeled }],
  [expressions('nodeSelector'), { nodeSelector: expressed }],
])('a subject can say %p', (fields, subject) => {
  const made = manifest((chart) => {
    const policy = new CiliumClusterwideNetworkPolicy(chart, 'P', subject);
    first(policy).addSpec(subject).allowFrom(Peer.any());
  });
  expect(fieldsOfSpec(made, 'spec')).toEqual(expect.arrayContaining(fields));
  expect(fieldsOfSpec(made, 'specs')).toEqual(expect.arrayContaining(fields));
  expect(schemaErrors(made)).toEqual([]);
});

test('a CIDR group can say every field of its CRD', () => {
  const made = manifest((chart) => new CiliumCidrGroup(chart, 'G', { cidrs: ['192.0.2.0/24'] }));
  const schema = (schemaOf('CiliumCIDRGroup').properties as Record<string, Schema>).spec;
  expect(fieldsIn(made.spec, schema)).toEqual(fieldsOf(schema));
  expect(schemaErrors(made)).toEqual([]);
});

test('the rows above name every field of the CRD that a policy can use, and no other', () => {
  const subjects = ['endpointSelector', 'nodeSelector'].flatMap((selector) => [`${selector}.matchLabels{}`, ...expressions(selector)]);
  const named = new Set([...RULES, ...OPTIONS].flatMap(([fields]) => fields).concat(subjects));
  expect([...named].sort()).toEqual([...usable].sort());
});

const tierSchema = (schemaOf('ClusterNetworkPolicy').properties as Record<string, Schema>).spec;
const tierFields = fieldsOf(tierSchema);

/** Peers of a ClusterNetworkPolicy by the fields they fill. */
const TIER_PODS: readonly (readonly [fields: string[], selector: Selector])[] = [
  [['namespaces.matchLabels{}'], Selector.all().inNamespace('a')],
  [expressions('namespaces'), Selector.all().outsideNamespaces('a', 'b')],
  [['pods.podSelector.matchLabels{}', 'pods.namespaceSelector.matchLabels{}'], labeled.inNamespace('a')],
  [[...expressions('pods.podSelector'), ...expressions('pods.namespaceSelector')], expressed.outsideNamespaces('a', 'b')],
];

const TIER_DESTINATIONS: readonly (readonly [fields: string[], peer: Peer])[] = [
  [['networks[]'], Peer.cidrs('192.0.2.0/24')],
  [['nodes.matchLabels{}'], Peer.nodes(labeled)],
  [expressions('nodes'), Peer.nodes(expressed)],
];

const TIER_PORTS: readonly (readonly [fields: string[], port: PlainTraffic])[] = [
  [['tcp.destinationPort.number'], Port.tcp(1)],
  [['tcp.destinationPort.range.start', 'tcp.destinationPort.range.end'], Port.tcpRange(1, 2)],
  [['udp.destinationPort.number'], Port.udp(1)],
  [['udp.destinationPort.range.start', 'udp.destinationPort.range.end'], Port.udpRange(1, 2)],
  [['sctp.destinationPort.number'], Port.sctp(1)],
  [['sctp.destinationPort.range.start', 'sctp.destinationPort.range.end'], Port.sctpRange(1, 2)],
  [['destinationNamedPort'], Port.named('http', Protocol.ANY)],
];

const everyPod = Peer.endpoints(Selector.all());
const TIER_ROWS: readonly (readonly [fields: string[], write: (policy: ClusterNetworkPolicy) => void])[] = [
  ...TIER_PODS.flatMap(([fields, selector]) => [
    tierRow('ingress[].from[].', fields, (policy) => policy.acceptFrom(Peer.endpoints(selector))),
    tierRow('egress[].to[].', fields, (policy) => policy.denyTo(Peer.endpoints(selector))),
  ]),
  ...TIER_DESTINATIONS.map(([fields, peer]) => tierRow('egress[].to[].', fields, (policy) => policy.passTo(peer))),
  tierRow('egress[].to[].', ['domainNames[]'], (policy) => policy.acceptTo(Peer.fqdns('a.example', '*.b.example'))),
  ...TIER_PORTS.flatMap(([fields, port]) => [
    tierRow('ingress[].protocols[].', fields, (policy) => policy.denyFrom(everyPod, port)),
    tierRow('egress[].protocols[].', fields, (policy) => policy.acceptTo(everyPod, port)),
  ]),
  tierRow('', ['ingress[].action'], (policy) => policy.passFrom(everyPod)),
  tierRow('', ['egress[].action', 'tier', 'priority'], (policy) => policy.passTo(everyPod)),
];

const tiers = (chart: Chart, subject = Selector.all()) => new ClusterNetworkPolicy(chart, 'P', { tier: Tier.ADMIN, priority: 0, subject });

test.each(TIER_ROWS.map(([fields, write]) => [fields.join(', '), fields, write] as const))(
  'a ClusterNetworkPolicy can say %s',
  (_, fields, write) => {
    const made = manifest((chart) => write(tiers(chart)));
    expect(fieldsIn(made.spec, tierSchema)).toEqual(expect.arrayContaining(fields));
    expect(schemaErrors(made)).toEqual([]);
  },
);

test.each(TIER_PODS)('the subject of a ClusterNetworkPolicy can say %p', (fields, subject) => {
  const made = manifest((chart) => tiers(chart, subject).denyFrom(everyPod));
  expect(fieldsIn(made.spec, tierSchema)).toEqual(expect.arrayContaining(fields.map((field) => `subject.${field}`)));
  expect(schemaErrors(made)).toEqual([]);
});

test('the rows above name every field of a ClusterNetworkPolicy, but for the names of rules, which no agent reads', () => {
  const subjects = TIER_PODS.flatMap(([fields]) => fields.map((field) => `subject.${field}`));
  const named = new Set([...TIER_ROWS.flatMap(([fields]) => fields), ...subjects, 'ingress[].name', 'egress[].name']);
  expect([...named].sort()).toEqual([...tierFields].sort());
});

test('the words for tier and action are those of the CRD', () => {
  const { tier, ingress } = tierSchema.properties as Record<string, Schema & { enum?: string[] }>;
  expect(Object.values(Tier)).toEqual(tier.enum);
  expect((ingress.items?.properties?.action as { enum?: string[] }).enum).toEqual(['Accept', 'Deny', 'Pass']);
});

test('both kinds, in spec and in specs, have the same schema', () => {
  const clusterwide = schemaOf('CiliumClusterwideNetworkPolicy').properties as Record<string, Schema>;
  const namespaced = schemaOf('CiliumNetworkPolicy').properties as Record<string, Schema>;
  expect(clusterwide.spec).toEqual(specSchema);
  expect(namespaced.specs.items).toEqual(specSchema);
  expect(clusterwide.specs.items).toEqual(specSchema);
});

test('every exception above is one of a field that the CRD has', () => {
  for (const [pattern] of UNUSABLE) {
    expect(fieldsOf(specSchema).some((field) => pattern.test(field))).toBe(true);
  }
});

test.each([
  ['egress.toEntities', Object.values(Entity)],
  ['egress.toPorts.ports.protocol', Object.values(Protocol)],
  ['egress.toPorts.rules.http.headerMatches.mismatch', Object.values(Mismatch)],
  ['egress.toPorts.listener.envoyConfig.kind', Object.values(EnvoyConfigKind)],
  ['egress.authentication.mode', ['disabled', 'required', 'test-always-fail']],
])('the words for %s are those of the CRD', (path, words) => {
  const field = path.split('.').reduce<Schema>((schema, name) => unwrap(schema.properties?.[name]), specSchema);
  expect([...words].sort()).toEqual([...(field as { enum: string[] }).enum].sort());
});

function tierRow(
  prefix: string,
  fields: string[],
  write: (policy: ClusterNetworkPolicy) => void,
): readonly [string[], (policy: ClusterNetworkPolicy) => void] {
  return [fields.map((field) => prefix + field), write];
}

function row(prefix: string, fields: string[], write: (policy: Verbs) => void): readonly [string[], (policy: Verbs) => void] {
  return [fields.map((field) => prefix + field), write];
}

function expressions(selector: string): string[] {
  return ['key', 'operator', 'values[]'].map((field) => `${selector}.matchExpressions[].${field}`);
}

function tlsFields(context: string): string[] {
  return ['secret.name', 'secret.namespace', 'trustedCA', 'certificate', 'privateKey'].map((field) => `toPorts[].${context}.${field}`);
}

/** The policy with one rule, so that its own spec is complete. */
function first<P extends Verbs>(policy: P): P {
  policy.allowFrom(Peer.any());
  return policy;
}

function fieldsOfSpec(made: Manifest, place: string): string[] {
  const spec = place.startsWith('specs') ? made.specs?.[0] : made.spec;
  return fieldsIn(spec, specSchema);
}

function unwrap(schema: Schema | undefined): Schema {
  return schema?.items ?? schema ?? {};
}
