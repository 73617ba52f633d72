/** Mutations of the elements of the four sections: B.2. */
import fc from 'fast-check';
import { among } from '../choices';
import { Json, JsonObject, listOf, without } from '../json';
import { ALLOW, Mutation, mutation, onElement, onIcmps, onPeers, onPorts, onRule, Section, SECTIONS } from './mutation';

/** A value for each member that all sections have. `Endpoints` stands for `fromEndpoints` or `toEndpoints`. */
const COMMON: readonly JsonObject[] = [
  { Endpoints: [{}] },
  { CIDR: ['10.0.0.0/8'] },
  { CIDRSet: [{ cidr: '10.0.0.0/8' }] },
  { Entities: ['world'] },
  { Nodes: [{}] },
  { Groups: [{}] },
];
const EGRESS_DENY: readonly JsonObject[] = [...COMMON, { toServices: [{}] }];
const EGRESS: readonly JsonObject[] = [...EGRESS_DENY, { toFQDNs: [{ matchName: 'a.b' }] }];

const NODES_ON = { 'enable-node-selector-labels': 'true' };

function twoOf(members: readonly JsonObject[]): fc.Arbitrary<JsonObject> {
  return fc
    .shuffledSubarray([...members], { minLength: 2, maxLength: 2 })
    .map((pair): JsonObject => Object.assign({}, ...pair) as JsonObject);
}

const http: JsonObject = { ports: [{ port: '80', protocol: 'TCP' }], rules: { http: [{}] } };
const dns: JsonObject = { ports: [{ port: '53' }], rules: { dns: [{ matchPattern: '*' }] } };
const kafka: JsonObject = { ports: [{ port: '9092', protocol: 'TCP' }], rules: { kafka: [{}] } };

const NODE_RULES = { kinds: ['CiliumClusterwideNetworkPolicy'] } as const;

/** Changes a rule to select nodes, with one section, and with an item in the `toPorts` of one element. */
function onHost(section: Section, items: readonly JsonObject[]): Mutation['apply'] {
  return onRule(among(...items), (rule, item) => ({
    ...without(rule, 'endpointSelector', ...SECTIONS),
    nodeSelector: {},
    [section]: [{ toPorts: [item] }],
  }));
}

export const ELEMENT_MUTATIONS: readonly Mutation[] = [
  mutation('two-peers-ingress', 'B.2-7', onPeers(['ingress', 'ingressDeny'], twoOf(COMMON)), { config: NODES_ON }),
  mutation('two-peers-egress', 'B.2-7', onPeers(['egress'], twoOf(EGRESS)), { config: NODES_ON }),
  mutation('two-peers-egress-deny', 'B.2-7', onPeers(['egressDeny'], twoOf(EGRESS_DENY)), { config: NODES_ON }),
  mutation('peer-beside-an-empty-one', 'B.2-7', onPeers(SECTIONS, fc.constant({ Endpoints: [{}], CIDR: [], Entities: [] }))),
  mutation(
    'services-with-ports',
    'B.2-8',
    onElement(['egress', 'egressDeny'], fc.constant({ k8sService: { serviceName: 'db' } }), (_, service) => ({
      toServices: [service],
      toPorts: [{ ports: [{ port: '80' }] }],
    })),
  ),
  mutation(
    'nodes-without-the-switch',
    'B.2-9',
    onPeers(SECTIONS, among<JsonObject>({ Nodes: [{}] }, { Nodes: [{ matchLabels: { pool: 'edge' } }] })),
    {
      config: { 'enable-node-selector-labels': 'false' },
    },
  ),
  mutation('nodes-without-the-switch-beside-others', 'B.2-9', onPeers(SECTIONS, fc.constant({ Nodes: [{}], Entities: ['world'] })), {
    config: { 'enable-node-selector-labels': 'false' },
  }),
  mutation('nodes-without-the-switch-and-bad', 'B.2-9', onPeers(SECTIONS, fc.constant({ Nodes: [{ matchLabels: { 'a b': '' } }] })), {
    config: { 'enable-node-selector-labels': 'false' },
  }),
  mutation(
    'bad-peer-selector',
    'B.2-10',
    onPeers(SECTIONS, among<JsonObject>({ Endpoints: [{ matchLabels: { 'a b': 'c' } }] }, { Nodes: [{ matchLabels: { 'a b': 'c' } }] })),
    {
      config: NODES_ON,
    },
  ),
  mutation(
    'unknown-entity',
    'B.2-11',
    onPeers(
      SECTIONS,
      among('wrold', 'World', '', 'aggregate-world').map((name) => ({ Entities: [name] })),
    ),
  ),
  mutation(
    'entity-of-the-agent-alone',
    'B.2-11',
    onPeers(
      SECTIONS,
      among('world-ipv4', 'world-ipv6').map((name) => ({ Entities: [name] })),
    ),
  ),
  mutation('entity-of-1.20', 'B.2-11', onPeers(SECTIONS, fc.constant({ Entities: ['cluster-mesh'] }))),
  mutation('l7-without-the-proxy', 'B.2-12', onPorts(['egress'], among(http, dns, kafka)), { config: { 'enable-l7-proxy': 'false' } }),
  mutation('l7-without-the-proxy-ingress', 'B.2-12', onPorts(['ingress'], fc.constant(http)), { config: { 'enable-l7-proxy': 'false' } }),
  mutation('dns-on-ingress', 'B.2-13', onPorts(['ingress'], fc.constant(dns))),
  mutation('l7-on-host-ingress', 'B.2-14', onHost('ingress', [http, dns, kafka]), NODE_RULES),
  mutation('http-on-host-egress', 'B.2-14', onHost('egress', [http, kafka]), NODE_RULES),
  mutation('dns-on-host-egress', 'B.2-14', onHost('egress', [dns]), NODE_RULES),
  mutation(
    'names-and-listeners-on-host',
    'B.2-14',
    onHost('egress', [
      { ports: [{ port: '443', protocol: 'TCP' }], serverNames: ['a.b'] },
      { ports: [{ port: '443', protocol: 'TCP' }], listener: { name: 'l', envoyConfig: { name: 'e' } } },
      { ports: [{ port: '443', protocol: 'TCP' }], rules: { http: [] } },
    ]),
    NODE_RULES,
  ),
  mutation('icmp-without-the-switch', 'B.2-15', onIcmps(SECTIONS, fc.constant({ fields: [{ type: 8 }] })), {
    config: { 'enable-icmp-rules': 'false' },
  }),
  mutation(
    'icmp-beside-ports',
    'B.2-16',
    onElement(SECTIONS, fc.boolean(), (element) => ({
      ...element,
      toPorts: [...listOf(element.toPorts), { ports: [{ port: '80' }] }],
      icmps: [{ fields: [{ type: 8 }] }],
    })),
  ),
  // Unusual values in fields that only the schema checks.
  mutation(
    'what-the-agent-does-not-check',
    'B.2-17',
    onElement(ALLOW, among<Json>([], [{}], [{ aws: {} }], [{ aws: { region: '', labels: { 'a b': 'c d' } } }]), (_, some, prefix) => ({
      [`${prefix}Groups`]: some,
      authentication: { mode: 'test-always-fail' },
    })),
  ),
  mutation(
    'required-peers',
    'B.2-7',
    onElement(SECTIONS, among<Json>([], [{}], ['app'], [{ matchLabels: { app: 'web' } }]), (element, some, prefix) => ({
      ...element,
      [`${prefix}Requires`]: some,
    })),
  ),
];
