/** Mutations of the items of `toPorts`, their L7 rules and their ports: B.3 and B.5. */
import fc from 'fast-check';
import { among } from '../choices';
import { Json, JsonObject } from '../json';
import { ALLOW, DENY, Mutation, mutation, onDns, onHttp, onPort, onPorts, SECTIONS } from './mutation';

const TCP = [{ port: '443', protocol: 'TCP' }];
const listener = { name: 'l', envoyConfig: { name: 'e' } };
const oneHttp = { rules: { http: [{}] } };
const oneDns = { rules: { dns: [{ matchName: 'a.b' }] } };
const CNP = { kinds: ['CiliumNetworkPolicy'] } as const;

function ports(count: number): JsonObject[] {
  return Array.from({ length: count }, (_, index) => ({ port: String(index + 1) }));
}

function kafkaRules(...rules: readonly JsonObject[]): Mutation['apply'] {
  return onPorts(
    ALLOW,
    among(...rules).map((rule) => ({ ports: TCP, rules: { kafka: [rule] } })),
  );
}

export const PORT_RULE_MUTATIONS: readonly Mutation[] = [
  mutation(
    'dns-on-ingress-beside-http',
    'B.3-18',
    onPorts(['ingress'], fc.constant({ ports: TCP, rules: { http: [{}], ...oneDns.rules } })),
    CNP,
  ),
  mutation('server-names-with-l7', 'B.3-19', onPorts(ALLOW, fc.constant({ ports: TCP, serverNames: ['a.b'], ...oneHttp })), CNP),
  mutation(
    'server-names-with-l7-and-tls',
    'B.3-19',
    onPorts(ALLOW, fc.constant({ ports: TCP, serverNames: ['a.b'], terminatingTLS: { secret: { name: 's' } }, ...oneHttp })),
    CNP,
  ),
  mutation(
    'empty-server-name',
    'B.3-20',
    onPorts(
      ALLOW,
      among<Json>([''], ['a.b', '']).map((serverNames) => ({ ports: TCP, serverNames })),
    ),
    CNP,
  ),
  mutation('forty-ports', 'B.3-21', onPorts(SECTIONS, fc.constant({ ports: ports(40) }))),
  mutation('too-many-ports', 'B.3-21', onPorts(SECTIONS, fc.constant({ ports: ports(41) }))),
  mutation(
    'http-not-on-tcp',
    'B.3-23',
    onPorts(
      ALLOW,
      among<JsonObject>({}, { protocol: 'UDP' }, { protocol: 'ANY' }, { protocol: 'SCTP' }).map((more) => ({
        ports: [...TCP, { port: '80', ...more }],
        ...oneHttp,
      })),
    ),
    CNP,
  ),
  mutation(
    'dns-on-any-protocol',
    'B.3-23',
    onPorts(
      ['egress'],
      among('UDP', 'SCTP', 'TCP').map((protocol) => ({ ports: [{ port: '53', protocol }], ...oneDns })),
    ),
    CNP,
  ),
  mutation('listener-on-ingress', 'B.3-24', onPorts(['ingress'], fc.constant({ ports: TCP, listener })), CNP),
  mutation('listener-with-l7', 'B.3-24', onPorts(['egress'], fc.constant({ ports: TCP, listener, ...oneHttp })), CNP),
  mutation(
    'l7-on-port-zero',
    'B.3-25',
    onPorts(
      ALLOW,
      among('0', '00', '0x_0').map((port) => ({ ports: [{ port, protocol: 'TCP' }], ...oneHttp })),
    ),
    CNP,
  ),
  mutation('dns-on-port-zero', 'B.3-25', onPorts(['egress'], fc.constant({ ports: [{ port: '0' }], ...oneDns })), CNP),
  mutation(
    'dns-without-ports',
    'B.3-26',
    onPorts(
      ['egress'],
      among<JsonObject>({}, { ports: [] }).map((some) => ({ ...some, ...oneDns })),
    ),
    CNP,
  ),
  mutation(
    'http-without-ports',
    'B.3-26',
    onPorts(
      ALLOW,
      among<JsonObject>({}, { ports: [] }).map((some) => ({ ...some, ...oneHttp })),
    ),
    CNP,
  ),
  mutation('several-l7', 'B.3-27', onPorts(['egress'], fc.constant({ ports: TCP, rules: { http: [{}], ...oneDns.rules } })), CNP),
  mutation(
    'several-l7-empty',
    'B.3-27',
    onPorts(
      ['egress'],
      among<JsonObject>({ http: [], dns: [] }, { http: [{}], dns: [] }).map((rules) => ({ ports: TCP, rules })),
    ),
    CNP,
  ),
  mutation('no-l7', 'B.3-27', onPorts(ALLOW, fc.constant({ ports: TCP, rules: {} })), CNP),
  mutation('bad-path', 'B.3-28', onHttp(among('(', '/(?=a)', 'a{1001}', '[', '\\1').map((path) => ({ path }))), CNP),
  mutation('bad-method', 'B.3-28', onHttp(among('*', 'GET(', '(?<!a)').map((method) => ({ method }))), CNP),
  mutation(
    'unchecked-host-and-headers',
    'B.3-28',
    onHttp(among<JsonObject>({ host: '(' }, { host: '' }, { headers: [''] }, { headers: ['a b c', ': x'] })),
    CNP,
  ),
  mutation('header-without-name', 'B.3-28', onHttp(fc.constant({ headerMatches: [{ name: '', value: 'a' }] })), CNP),
  mutation(
    'bad-mismatch',
    'B.3-28',
    onHttp(among('log', 'DROP', '').map((mismatch) => ({ headerMatches: [{ name: 'a', mismatch }] }))),
    CNP,
  ),
  mutation(
    'header-secret-without-name',
    'B.3-28',
    onHttp(fc.constant({ headerMatches: [{ name: 'a', secret: { name: '', namespace: 'b' } }] })),
    CNP,
  ),
  mutation('bad-dns-name', 'B.3-29', onDns(among('a b', 'a/b', '*.a', 'a..b', '.').map((matchName) => ({ matchName }))), CNP),
  mutation('bad-dns-pattern', 'B.3-29', onDns(among('a?b', '*.{a}', 'a..b', '.', '').map((matchPattern) => ({ matchPattern }))), CNP),
  mutation('dns-name-and-pattern', 'B.3-29', onDns(fc.constant({ matchName: 'a.b', matchPattern: '*' })), CNP),
  mutation('kafka-role-and-key', 'B.3-30', kafkaRules({ role: 'produce', apiKey: 'fetch' }), CNP),
  mutation('kafka-bad-key', 'B.3-30', kafkaRules({ apiKey: 'fetched' }), CNP),
  mutation('kafka-bad-role', 'B.3-30', kafkaRules({ role: 'produces' }, { role: 'Produce' }), CNP),
  mutation('kafka-bad-version', 'B.3-30', kafkaRules({ apiVersion: '32768' }, { apiVersion: 'one' }, { apiVersion: '-1' }), CNP),
  mutation('kafka-long-topic', 'B.3-30', kafkaRules({ topic: 't'.repeat(256) }), CNP),
  mutation('kafka-bad-topic', 'B.3-30', kafkaRules({ topic: 'a b' }, { topic: 'a/b' }), CNP),
  mutation(
    'kafka-good',
    'B.3-30',
    kafkaRules({ role: 'produce', topic: 't' }, { apiKey: 'Fetch', apiVersion: '2', clientID: 'c' }, {}),
    CNP,
  ),
  mutation(
    'l7-without-l7proto',
    'B.3-30',
    onPorts(
      ALLOW,
      among<Json>([{ a: 'b' }], [{}]).map((l7) => ({ ports: TCP, rules: { l7 } })),
    ),
    CNP,
  ),
  mutation('l7-with-http', 'B.3-30', onPorts(ALLOW, fc.constant({ ports: TCP, rules: { http: [{}], l7: [{ a: 'b' }] } })), CNP),
  mutation('l7-with-an-empty-key', 'B.3-30', onPorts(ALLOW, fc.constant({ ports: TCP, rules: { l7proto: 'p', l7: [{ '': 'b' }] } })), CNP),
  mutation(
    'l7proto-good',
    'B.3-30',
    onPorts(
      ALLOW,
      among<JsonObject>({ l7proto: 'p' }, { l7proto: 'p', l7: [{ a: 'b' }] }).map((rules) => ({ ports: TCP, rules })),
    ),
    CNP,
  ),
  mutation(
    'l7proto-beside-http',
    'B.3-30',
    onPorts(ALLOW, fc.constant({ ports: TCP, rules: { l7proto: 'p', l7: [{ a: 'b' }], http: [{}] } })),
    CNP,
  ),
  mutation('bad-denied-port', 'B.3-31', onPort(DENY, among<JsonObject>({ port: '65536' }, { port: '' }, { port: '80', protocol: 'ICMP' }))),
  mutation(
    'l7-in-deny',
    'B.3-31',
    onPorts(
      DENY,
      among<JsonObject>(oneHttp, { serverNames: ['a.b'] }, { listener }).map((some) => ({ ports: TCP, ...some })),
    ),
  ),
];

const EXTENDED = ['VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'] as const;
const EXTENDED_ON = { 'enable-extended-ip-protocols': 'true' };

export const PORT_MUTATIONS: readonly Mutation[] = [
  mutation('empty-port', 'B.5-38', onPort(SECTIONS, fc.constant({ port: '', protocol: 'TCP' }))),
  mutation('no-port', 'B.5-38', onPort(SECTIONS, among<JsonObject>({}, { protocol: 'TCP' }, { protocol: 'VRRP' }, { protocol: 'GRE' }))),
  mutation(
    'no-port-with-the-switch',
    'B.5-38',
    onPort(SECTIONS, among<JsonObject>({}, { protocol: 'TCP' }, { protocol: 'VRRP' }, { protocol: 'GRE' }, { port: '' })),
    {
      config: EXTENDED_ON,
    },
  ),
  mutation(
    'odd-port-name',
    'B.5-39',
    onPort(
      SECTIONS,
      among('0x50', 'HTTP', 'a', '1e3', 'a23456789012345').map((port) => ({ port })),
    ),
  ),
  mutation(
    'extended-protocol-with-port',
    'B.5-40',
    onPort(SECTIONS, fc.record({ port: among('80', '00', '1'), protocol: among(...EXTENDED) })),
  ),
  mutation(
    'extended-protocol-with-name',
    'B.5-40',
    onPort(SECTIONS, fc.record({ port: among('http', '0'), protocol: among(...EXTENDED) })),
  ),
  mutation(
    'bad-port',
    'B.5-41',
    onPort(
      SECTIONS,
      among('65536', '080', '-1', '70000', '80abc!', 'a234567890123456', '1__0', '4294967296').map((port) => ({ port })),
    ),
  ),
  mutation(
    'odd-port-number',
    'B.5-41',
    onPort(
      SECTIONS,
      among('0443', '1_000', '0x_50', '0000').map((port) => ({ port })),
    ),
  ),
  mutation('dns-on-a-range', 'B.5-42', onPorts(['egress'], fc.constant({ ports: [{ port: '53', endPort: 54 }], ...oneDns })), CNP),
  mutation(
    'dns-on-half-a-range',
    'B.5-42',
    onPorts(
      ['egress'],
      among<JsonObject>({ port: '53', endPort: 53 }, { port: '53', endPort: 5 }, { port: 'dns', endPort: 54 }).map((port) => ({
        ports: [port],
        ...oneDns,
      })),
    ),
    CNP,
  ),
  mutation(
    'bad-protocol',
    'B.5-43',
    onPort(
      SECTIONS,
      among('tcp', 'ICMP', 'ICMPv6', 'Any', 'IPv6', '').map((protocol) => ({ port: '80', protocol })),
    ),
  ),
  mutation(
    'odd-range',
    'B.5-43',
    onPort(SECTIONS, among<JsonObject>({ port: '80', endPort: 8 }, { port: 'http', endPort: 90 }, { port: '0', endPort: 9 })),
  ),
];
