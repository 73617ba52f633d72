/**
 * Every properties type and every method is called in every wrong way: misspelt, of another type, empty, absent.
 *
 * TypeScript lets a misspelt property in a variable through, and other callers have no compiler. What is dropped in silence can open what its
 * author closed, so each wrong call throws an error in the words of the library, and never one of JavaScript.
 */
import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { CLASSES, declared, Member, propertiesOf, STRUCTS, Type } from '../support/assembly';
import {
  AllowApiserver,
  CiliumCidrGroup,
  CiliumClusterwideNetworkPolicy,
  CiliumNetworkPolicy,
  CiliumPolicyChecks,
  CloudProfile,
  Cluster,
  ClusterBaseline,
  ClusterNetworkPolicy,
  DefaultDenyEgress,
  DefaultDenyIngress,
  DomainAllowlist,
  EgressAllowlist,
  Entity,
  Guardrails,
  HeaderMatch,
  HostFirewall,
  HttpRule,
  InfraBaseline,
  Peer,
  Policies,
  PolicyGuard,
  PolicySimulator,
  Port,
  Protocol,
  Selector,
  ServiceGuard,
  TenantIsolation,
  Tier,
  Workload,
  Workloads,
} from 'cdk8s-cilium';
import * as library from 'cdk8s-cilium';

/** Properties of one type, as a wrong caller may give them. */
type Props = Record<string, unknown>;
/** No type of the library fits what a wrong caller gives. */
type Wrong = never;

const newChart = () => new Chart(new App(), 'chart', { namespace: 'shop' });
const endpointSelector = Selector.labels({ app: 'a' });

/** How the properties of a type are given to what takes them. */
interface Taker {
  /** Properties that are right, at least the required ones. */
  readonly valid: Props;
  readonly take: (props: Wrong) => unknown;
  /** Whether the properties may be left out. */
  readonly isOptional: boolean;
  /** The same with a class that is derived from the one that takes the properties. */
  readonly derived?: (props: Wrong) => unknown;
}

type Maker = new (scope: Construct, id: string, props: Wrong) => object;

function made(type: Maker, valid: Props, isOptional = false): Taker {
  return {
    valid,
    isOptional,
    take: (props) => new type(newChart(), 'It', props),
    derived: (props) => new (class extends type {})(newChart(), 'It', props),
  };
}

function given(take: (props: Wrong) => unknown, valid: Props, isOptional = false): Taker {
  return { valid, isOptional, take };
}

const namespaced = () => new CiliumNetworkPolicy(newChart(), 'It', { endpointSelector });
const clusterwide = () => new CiliumClusterwideNetworkPolicy(newChart(), 'It', { endpointSelector });
const TIERED = { tier: Tier.ADMIN, priority: 1, subject: Selector.all() };
const tiered = () => new ClusterNetworkPolicy(newChart(), 'It', TIERED);
const simulator = PolicySimulator.ofChart(namespaced());
const GUARDED = { properties: { properties: [{ 'default-denied': { of: { namespace: 'shop' } } }] } };
const connection = { source: 'labels:app=web@shop', destination: 'labels:app=a@shop', port: 80 };

const workload = (props: Wrong = {} as Wrong) => Workload.labels(newChart(), 'Web', { app: 'web' }, props);
const api = Workload.imported('shop', { app: 'api' });

const TAKERS: Readonly<Record<string, Taker>> = {
  AllowApiserverProps: made(AllowApiserver, {}, true),
  AwsGroup: given((props) => Peer.awsGroups(props), { securityGroupsIds: ['sg-1'] }),
  CiliumCidrGroupProps: made(CiliumCidrGroup, { cidrs: ['192.0.2.0/24'] }),
  CiliumClusterwideNetworkPolicyProps: made(CiliumClusterwideNetworkPolicy, { endpointSelector }),
  CiliumNetworkPolicyProps: made(CiliumNetworkPolicy, { endpointSelector }),
  CloudProfileProps: given((props) => CloudProfile.of(props), { fqdns: ['a.example'] }),
  ClusterBaselineProps: made(ClusterBaseline, { hostFirewall: {} }),
  ClusterNetworkPolicyProps: made(ClusterNetworkPolicy, TIERED),
  ClusterProps: {
    ...given((props) => new Cluster('prod', props), {}, true),
    derived: (props) => new (class extends Cluster {})('prod', props),
  },
  ConnectionOptions: given((props) => workload().connections.allowTo(api, Port.tcp(80), props), {}, true),
  ClusterwidePolicySpecProps: given((props) => clusterwide().addSpec(props), { endpointSelector }),
  DefaultDenyEgressProps: made(DefaultDenyEgress, {}, true),
  DefaultDenyIngressProps: made(DefaultDenyIngress, {}, true),
  DomainAllowlistProps: made(DomainAllowlist, { endpointSelector, domains: ['a.example'] }),
  EgressAllowlistProps: made(EgressAllowlist, { endpointSelector, peers: [Peer.world()] }),
  EnvoyListener: given((props) => Port.tcp(80).listener(props), { name: 'l', envoyConfig: 'e' }),
  ForbidOptions: given((props) => Guardrails.of(newChart()).forbid(Entity.WORLD, props), {}, true),
  HeaderMatchOptions: given((props) => HeaderMatch.exactly('X-A', 'b', props), {}, true),
  HostFirewallProps: made(HostFirewall, {}, true),
  HttpRuleOptions: given((props) => HttpRule.get('/', props), {}, true),
  HttpRuleProps: given((props) => HttpRule.of(props), {}),
  InfraBaselineProps: made(InfraBaseline, { namespaceLabels: { role: 'infrastructure' } }),
  IntentProps: made(AllowApiserver, {}, true),
  PolicyCheckOptions: given((props) => CiliumPolicyChecks.addTo(newChart(), props), {}, true),
  PolicyFlow: given((props) => simulator.verdict(props), connection),
  PolicyGuardOptions: given((props) => PolicyGuard.proofs(namespaced(), props), GUARDED),
  PolicyOptions: made(CiliumNetworkPolicy, { endpointSelector }),
  PolicySimulatorOptions: given((props) => PolicySimulator.ofChart(namespaced(), props), {}, true),
  PolicySpecProps: given((props) => namespaced().addSpec(props), { endpointSelector }),
  RuleLabel: given((props) => new CiliumNetworkPolicy(newChart(), 'It', { endpointSelector, labels: [props] }), { key: 'a' }),
  SecretHeaderMatchOptions: given((props) => HeaderMatch.secret('X-A', 'shop', 'token', props), {}, true),
  ServiceGuardProps: made(ServiceGuard, { endpointSelector, clients: [Peer.world()] }),
  TenantIsolationProps: made(TenantIsolation, { namespaceLabels: { tenant: 'a' } }, true),
  TlsContext: given((props) => Port.tcp(443).terminatingTls(props), { secretName: 's' }),
  WorkloadOptions: given(workload, {}, true),
  WorkloadPorts: given((props) => Workload.imported('shop', { app: 'api' }, props), {}, true),
};

/** Types that the library returns and never takes. */
const RESULTS = ['ConnectionRequirement', 'PolicyRule', 'PolicyVerdict', 'PolicyVerdictSide', 'PolicyWarning'];

/** Lists and maps that may be empty, and why. */
const MAY_BE_EMPTY: Readonly<Record<string, string>> = {
  'CiliumCidrGroupProps.cidrs': 'a group without addresses matches none, and can be filled later',
  'CloudProfileProps.cidrs': 'opens none, beside names',
  'ClusterBaselineProps.labels': 'the manifests get no labels',
  'ClusterBaselineProps.tenants': 'creates no tenant, beside other parts',
  'ClusterProps.config': 'no key differs from the default',
  'ClusterProps.nodeCidrs': 'no CIDR peer is compared',
  'ClusterProps.podCidrs': 'no CIDR peer is compared',
  'ClusterProps.resolvers': 'those of cdk8s remain',
  'DefaultDenyEgressProps.alsoExcept': 'excepts no more namespaces, which closes more',
  'DefaultDenyIngressProps.alsoExcept': 'excepts no more namespaces, which closes more',
  'DefaultDenyIngressProps.exceptNamespaces': 'excepts no namespace, which closes more',
  'HostFirewallProps.ports': 'opens no more ports',
  'InfraBaselineProps.cidrs': 'opens no more CIDRs',
  'InfraBaselineProps.exceptNamespaces': 'excepts no namespace, which closes more',
  'InfraBaselineProps.fqdns': 'opens no more names',
  'InfraBaselineProps.kubeletPorts': 'opens no port',
  'PolicyCheckOptions.config': 'no key differs from the default',
  'PolicyCheckOptions.ignore': 'ignores no check',
  'PolicyCheckOptions.values': 'only defaults such as that of `${VAR:=x}` count',
  'PolicyFlow.httpHeaders': 'a request without headers',
  'PolicyGuardOptions.config': 'no key differs from the default',
  'PolicyGuardOptions.inventory': 'no inventory, even if the settings file names one',
  'PolicyGuardOptions.values': 'only defaults such as that of `${VAR:=x}` count',
  'PolicySimulatorOptions.config': 'no key differs from the default',
  'PolicyCheckOptions.inventory': 'no inventory, even if the settings file names one',
  'PolicySimulatorOptions.inventory': 'no inventory, even if the settings file names one',
  'PolicySimulatorOptions.names': 'no name has an address',
  'PolicySimulatorOptions.values': 'only defaults such as that of `${VAR:=x}` count',
  'WorkloadOptions.ports': 'no port has a name',
  'WorkloadPorts.ports': 'no port has a name',
};

/** Labels of rules, which are only shown: none is as good as some. */
const isHarmless = (owner: string, key: string) =>
  `${owner}.${key}` in MAY_BE_EMPTY || (key === 'labels' && owner !== 'AwsGroup' && owner !== 'ClusterBaselineProps');

test('the table above lists every properties type of the library', () => {
  expect([...Object.keys(TAKERS), ...RESULTS].sort()).toEqual(STRUCTS.map(({ name }) => name).sort());
});

/** Calls, and says what is wrong with the outcome: nothing if it is a good error. */
function complaint(call: () => unknown, names?: string): string | undefined {
  try {
    call();
  } catch (error) {
    const { constructor, message } = error as Error;
    return constructor === Error ? complaintOf(message, names) : `${constructor.name}: ${message}`;
  }
  return 'is accepted';
}

function complaintOf(message: string, names: string | undefined): string | undefined {
  const [first] = message.split(/\W/);
  const isCapital = /^[A-Z][a-z]/.test(first) && first !== 'Service' && ![...CLASSES, ...STRUCTS].some(({ name }) => name === first);
  if (isCapital || /[\n\r]|\.$|^$|object Object|\bCannot\b/.test(message)) {
    return `bad message: ${message}`;
  }
  // `list of ports` names `ports`, and `map of namespace labels` names `namespaceLabels`. A tenant is named by its class.
  const said = message.toLowerCase().replaceAll(' ', '');
  const isNamed = names === undefined || said.includes(names === 'tenants' ? 'tenant' : names.toLowerCase());
  return isNamed ? undefined : `does not name ${names}: ${message}`;
}

/** Values of other types than the given one. */
function othersThan(type: Type): readonly unknown[] {
  const { primitive, fqn, collection } = type;
  const never = [null, Symbol('x'), () => 5, new Map([['a', 'b']]), new Date(0), Promise.resolve('x')];
  switch (primitive) {
    case 'string':
      return [...never, 5, true, {}, [], ['x']];
    case 'number':
      return [...never, '5', true, {}, [], [5], NaN];
    case 'boolean':
      return [...never, 'true', '', 0, 1, {}, []];
    case 'any':
      return [];
    case undefined:
    default:
      break;
  }
  if (collection?.kind === 'array') {
    const items = othersThan(collection.elementtype).map((item) => [item]);
    return [...never, 'x', 5, true, {}, { 0: 'x', length: 1 }, new Set(['x']), [undefined], new Array(1), ...items];
  }
  if (collection?.kind === 'map') {
    return [...never, 'x', 5, true, [], ['x'], ...othersThan(collection.elementtype).map((a) => ({ a })), { a: undefined }];
  }
  const kind = fqn === undefined ? undefined : declared(fqn);
  if (kind?.kind === 'interface' && kind.datatype === true) {
    return [...never, 'x', 5, true, [], { zebra: 1 }, { nmae: 'x' }];
  }
  return [...never, 'x', 5.5, true, {}, [], Authentication];
}
class Authentication {}

/** A word with two letters swapped. */
function misspelt(word: string): string {
  const at = [...word].findIndex((letter, index) => index > 0 && letter !== word[index - 1]);
  return word.slice(0, at - 1) + word[at] + word[at - 1] + word.slice(at + 1);
}

/** A value as the list of failures shows it. */
function text(value: unknown): string {
  return Array.isArray(value)
    ? `[${Array.from(value as unknown[])
        .map(text)
        .join(', ')}]`
    : typeof value === 'object' && value !== null && value.constructor === Object
      ? `{ ${Object.entries(value)
          .map(([key, one]) => `${key}: ${text(one)}`)
          .join(', ')} }`
      : typeof value === 'object' && value !== null
        ? value.constructor.name
        : String(value);
}

const fits = (name: string) => propertiesOf(STRUCTS.find((one) => one.name === name) ?? STRUCTS[0]);

/** The failures of some calls, each with what was given. */
function failures(calls: readonly (readonly [what: string, call: () => unknown, names?: string])[]): string[] {
  return calls.flatMap(([what, call, names]) => {
    const wrong = complaint(call, names);
    return wrong === undefined ? [] : [`${what} ${wrong}`];
  });
}

describe.each(Object.entries(TAKERS))('%s', (name, taker) => {
  const { valid, isOptional } = taker;
  const take = (props: unknown) => taker.take(props as Wrong);
  const derived = (props: unknown) => taker.derived?.(props as Wrong);

  test('the valid properties of the table are accepted', () => {
    take(valid);
    derived(valid);
  });

  test('an unknown property throws, and one that is nearly right is guessed', () => {
    expect(failures([['zebra', () => take({ ...valid, zebra: 1 }), 'zebra']])).toEqual([]);
    for (const { name: key } of fits(name)) {
      for (const give of taker.derived === undefined ? [take] : [take, derived]) {
        expect(() => give({ ...valid, [misspelt(key)]: undefined })).toThrow(`did you mean \`${key}\`?`);
      }
    }
  });

  test('a derived class may pass wider properties on', () => {
    derived({ ...valid, zebra: 1 });
  });

  test('a value of another type throws, and the message names the property', () => {
    const calls = fits(name).flatMap(({ name: key, type }) =>
      othersThan(type).map((value) => [`${key}: ${text(value)}`, () => take({ ...valid, [key]: value }), key] as const),
    );
    expect(failures(calls)).toEqual([]);
  });

  test('a property that is required throws if it is missing', () => {
    const required = fits(name).filter(({ optional }) => optional !== true);
    expect(failures(required.map(({ name: key }) => [key, () => take({ ...valid, [key]: undefined }), key]))).toEqual([]);
  });

  test('an empty list and an empty map throw, unless they are known to be harmless', () => {
    const empty = fits(name).filter(({ type, name: key }) => type.collection !== undefined && !isHarmless(name, key));
    const calls = empty.map(({ name: key, type }) => {
      const value = type.collection?.kind === 'array' ? [] : {};
      return [`${key}: ${text(value)}`, () => take({ ...valid, [key]: value }), key] as const;
    });
    expect(failures(calls)).toEqual([]);
  });

  test('something else in the place of properties throws', () => {
    const others = [null, 5, 'x', true, [], [valid], () => valid, new Map(Object.entries(valid)), Promise.resolve(valid), new Date(0)];
    const calls = [...others, ...(isOptional ? [] : [undefined])].map((value) => [text(value), () => take(value)] as const);
    expect(failures(calls)).toEqual([]);
  });
});

const selector = Selector.labels({ app: 'b' });
const selected = Peer.endpoints(selector);

function deployment(): ApiObject {
  const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [] } };
  return new ApiObject(newChart(), 'Web', { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template } });
}

const policy = namespaced();

/** Arguments that are right, by method; `#` stands before the name of a method that is not static. */
const ARGUMENTS: Readonly<Record<string, readonly unknown[] | (() => readonly unknown[])>> = {
  'Checks.allow': [policy, 'CIL202', 'a reason'],
  'CiliumPolicyChecks.addTo': [newChart(), {}],
  'CiliumPolicyChecks.findings': [newChart(), {}],
  'CloudProfile.of': [{ fqdns: ['a.example'] }],
  'Cluster.ofConstruct': [policy],
  'Connections.requirementsIn': [policy],
  'ControlPlane.server': [Peer.any()],
  'ControlPlane.worker': [Peer.any()],
  'DnsResolver.of': [Peer.host(), Port.any(53)],
  'External.cidrs': ['192.0.2.0/24'],
  'External.domains': ['a.example'],
  'External.peer': ['the office', Peer.cidrGroups('office')],
  'Guardrails.of': [policy],
  'HeaderMatch.exactly': ['X-A', 'b', {}],
  'HeaderMatch.present': ['X-A', {}],
  'HeaderMatch.secret': ['X-A', 'shop', 'token', {}],
  'HttpRule.get': ['/', {}],
  'HttpRule.grpc': ['shop.Cart', 'Add'],
  'HttpRule.head': ['/', {}],
  'HttpRule.httpDelete': ['/', {}],
  'HttpRule.of': [{}],
  'HttpRule.patch': ['/', {}],
  'HttpRule.post': ['/', {}],
  'HttpRule.put': ['/', {}],
  'Icmp.v4': [8],
  'Icmp.v6': [128],
  'Intent.allIn': [policy],
  'Peer.awsGroups': [{ securityGroupsIds: ['sg-1'] }],
  'Peer.cidrExcept': ['192.0.2.0/24', '192.0.2.7/32'],
  'Peer.cidrGroupExcept': ['office', '192.0.2.7/32'],
  'Peer.cidrGroups': ['office'],
  'Peer.cidrGroupsLabeled': [selector],
  'Peer.cidrGroupsLabeledExcept': [selector, '192.0.2.7/32'],
  'Peer.cidrs': ['192.0.2.0/24'],
  'Peer.endpoints': [selector],
  'Peer.entities': [Entity.WORLD],
  'Peer.fqdns': ['a.example'],
  'Peer.labels': [{ app: 'b' }],
  'Peer.nodes': [selector],
  'Peer.service': ['db', 'data'],
  'Peer.services': [selector, 'data'],
  'Policies.of': [policy],
  'PolicyGuard.addTo': [newChart(), GUARDED],
  'PolicyGuard.proofs': [newChart(), GUARDED],
  'PolicySimulator.ofChart': [policy, {}],
  'Port.any': [80],
  'Port.named': ['web', Protocol.TCP],
  'Port.protocol': [Protocol.TCP],
  'Port.sctp': [80],
  'Port.sctpRange': [80, 90],
  'Port.tcp': [80],
  'Port.tcpNamed': ['web'],
  'Port.tcpRange': [80, 90],
  'Port.udp': [80],
  'Port.udpRange': [80, 90],
  'Ports.of': [[Port.tcp(80)]],
  'Ports.withRules': [[Port.tcp(80)]],
  'Selector.labels': [{ app: 'b' }],
  'Workload.imported': ['shop', { app: 'api' }, {}],
  // An id can be given once.
  'Workload.labels': () => [newChart(), 'Web', { app: 'web' }, {}],
  'Workload.of': [deployment(), {}],
  'Workloads.labeled': [{ app: 'b' }],

  'CiliumClusterwideNetworkPolicy#addSpec': [{ endpointSelector }],
  'CiliumNetworkPolicy#addSpec': [{ endpointSelector }],
  'CiliumPolicy#allowFrom': [Peer.world(), Port.tcp(80)],
  'CiliumPolicy#allowTo': [Peer.world(), Port.tcp(80)],
  'CiliumPolicy#denyFrom': [Peer.world(), Port.tcp(80)],
  'CiliumPolicy#denyTo': [Peer.world(), Port.tcp(80)],
  'ClusterNetworkPolicy#acceptFrom': [selected, Port.tcp(80)],
  'ClusterNetworkPolicy#acceptTo': [selected, Port.tcp(80)],
  'ClusterNetworkPolicy#denyFrom': [selected, Port.tcp(80)],
  'ClusterNetworkPolicy#denyTo': [selected, Port.tcp(80)],
  'ClusterNetworkPolicy#passFrom': [selected, Port.tcp(80)],
  'ClusterNetworkPolicy#passTo': [selected, Port.tcp(80)],
  'Connections#allowFrom': [api, Port.tcp(80), {}],
  'Connections#allowTo': [api, Port.tcp(80), {}],
  'EgressIntent#allowTo': [Peer.world(), Port.tcp(80)],
  'EgressIntent#denyTo': [Peer.world(), Port.tcp(80)],
  'Guardrails#forbid': [Entity.WORLD, {}],
  'Guardrails#requireLabel': ['team'],
  'IngressIntent#allowFrom': [Peer.world(), Port.tcp(80)],
  'IngressIntent#denyFrom': [Peer.world(), Port.tcp(80)],
  'L7Port#originatingTls': [{ secretName: 's' }],
  'L7Port#serverNames': ['a.example'],
  'L7Port#terminatingTls': [{ secretName: 's' }],
  'ListenerPort#originatingTls': [{ secretName: 's' }],
  'ListenerPort#serverNames': ['a.example'],
  'ListenerPort#terminatingTls': [{ secretName: 's' }],
  'Peer#inNamespace': ['data'],
  'Policies#addLabel': ['team', 'shop'],
  'Policies#describe': ['what it is for'],
  'Policies#opens': [Entity.WORLD],
  'Policies#visit': [{ visitPolicy: () => undefined }],
  'PolicyView#addLabel': ['team', 'shop'],
  'PolicyView#describe': ['what it is for'],
  'PolicyView#opens': [Entity.WORLD],
  'PolicySimulator#assertAllowed': [connection],
  'PolicySimulator#assertDenied': [connection],
  'PolicySimulator#verdict': [connection],
  'PolicySpec#allowFrom': [Peer.world(), Port.tcp(80)],
  'PolicySpec#allowTo': [Peer.world(), Port.tcp(80)],
  'PolicySpec#denyFrom': [Peer.world(), Port.tcp(80)],
  'PolicySpec#denyTo': [Peer.world(), Port.tcp(80)],
  'Port#dns': ['a.example'],
  'Selector#inCluster': ['east'],
  'Selector#inNamespace': ['data'],
  'Selector#inNamespacesLabeled': [{ team: 'a' }],
  'Selector#inNamespacesWithLabel': ['team'],
  'Selector#outsideNamespaces': ['data'],
  'Selector#outsideNamespacesLabeled': [{ team: 'a' }],
  'Selector#outsideNamespacesWithLabel': ['team'],
  'Selector#whereAbsent': ['tier'],
  'Selector#whereExists': ['tier'],
  'Selector#whereIn': ['tier', 'edge'],
  'Selector#whereNotIn': ['tier', 'edge'],
  'Selector#withKeptLabel': ['statefulset.kubernetes.io/pod-name', 'db-0'],
  'Selector#withServiceAccount': ['default'],
  'TcpPort#http': [HttpRule.get('/')],
  'TcpPort#listener': [{ name: 'l', envoyConfig: 'e' }],
  'TcpPort#originatingTls': [{ secretName: 's' }],
  'TcpPort#serverNames': ['a.example'],
  'TcpPort#terminatingTls': [{ secretName: 's' }],
  'TenantIsolation#allowFrom': [Peer.world(), Port.tcp(80)],
  'TenantIsolation#denyFrom': [Peer.world(), Port.tcp(80)],
  'Workload#port': ['web'],
  'Workloads#inNamespace': ['data'],
};

/** An object of each class that has methods. */
const RECEIVERS: Readonly<Record<string, () => object>> = {
  CiliumClusterwideNetworkPolicy: clusterwide,
  CiliumNetworkPolicy: namespaced,
  CiliumPolicy: namespaced,
  ClusterNetworkPolicy: tiered,
  Connections: () => workload().connections,
  EgressIntent: () => new AllowApiserver(newChart(), 'It'),
  Guardrails: () => Guardrails.of(newChart()),
  IngressIntent: () => new DefaultDenyIngress(newChart(), 'It'),
  L7Port: () => Port.tcp(80).http(HttpRule.get('/')),
  ListenerPort: () => Port.tcp(80).listener({ name: 'l', envoyConfig: 'e' }),
  Peer: () => Peer.labels({ app: 'b' }),
  Policies: () => Policies.of(namespaced()),
  PolicySimulator: () => simulator,
  PolicyView: () => Policies.of(namespaced()).all[0],
  PolicySpec: () => namespaced().addSpec({ endpointSelector }),
  Port: () => Port.udp(53),
  Selector: () => Selector.all(),
  TcpPort: () => Port.tcp(80),
  TenantIsolation: () => new TenantIsolation(newChart(), 'It'),
  Workload: () => workload({ ports: { web: Port.tcp(80) } } as Wrong),
  Workloads: () => Workloads.labeled({ app: 'b' }),
};

/** Methods that cdk8s calls, and not a user. */
const OF_CDK8S = ['CiliumPolicyValidation#validate'];

const METHODS = CLASSES.flatMap((type) =>
  (type.methods ?? []).flatMap((method) =>
    (method.parameters ?? []).length === 0 ? [] : [{ type, method, id: `${type.name}${method.static === true ? '.' : '#'}${method.name}` }],
  ),
);

test('the table above lists every method of the library that has parameters', () => {
  expect([...Object.keys(ARGUMENTS), ...OF_CDK8S].sort()).toEqual(METHODS.map(({ id }) => id).sort());
});

/** Whether the type of a parameter admits the value: the method may still reject it. */
function admits({ type, optional }: Member, value: unknown): boolean {
  if (value === undefined) {
    return optional === true;
  }
  const kinds = type.union?.types ?? [type];
  return kinds.some(({ primitive, collection, fqn }) => {
    const isMap = collection?.kind === 'map' || (fqn !== undefined && declared(fqn)?.datatype === true);
    return (
      (typeof value === primitive && !Number.isNaN(value)) ||
      (collection?.kind === 'array' && Array.isArray(value)) ||
      (isMap && typeof value === 'object' && value !== null && value.constructor === Object)
    );
  });
}

test.each(METHODS.filter(({ id }) => !OF_CDK8S.includes(id)))('$id returns a value or throws a good error', ({ type, method, id }) => {
  const target = () => (method.static === true ? (library as Record<string, unknown>)[type.name] : RECEIVERS[type.name]());
  const given = ARGUMENTS[id];
  const valid = () => (typeof given === 'function' ? given() : given);
  const call = (args: readonly unknown[]) => (target() as Record<string, (...all: readonly unknown[]) => unknown>)[method.name](...args);
  const failed: string[] = [];
  for (const [index, parameter] of (method.parameters ?? []).entries()) {
    for (const value of [undefined, null, 5, NaN, 'x', '', 'a\nb', true, {}, [], [undefined], () => 5, new Map()]) {
      const wrong = complaint(() => call(Object.assign([...valid()], { [index]: value })));
      const isFine = wrong === undefined || (wrong === 'is accepted' && admits(parameter, value));
      failed.push(...(isFine ? [] : [`${parameter.name}: ${text(value)} ${wrong}`]));
    }
  }
  expect(failed).toEqual([]);
});
