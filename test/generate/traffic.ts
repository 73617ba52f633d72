/** Generates the traffic of a rule: ports with L7 rules, TLS, listeners, and ICMP types. */
import fc from 'fast-check';
import { ICMP_TYPES, IcmpFamily, parseIcmpType } from '../../lib/net/icmp';
import { among, few, joined, members, weighted } from './choices';
import { Json, JsonObject } from './json';
import { nameRules } from './peers';
import { Direction, Scope } from './scope';

/** The `toPorts` and `icmps` of an allow element. At most one of them is not empty. Rules that select the host rarely have L7 rules. */
export function allowedTraffic(scope: Scope, direction: Direction, subject: 'pods' | 'host'): fc.Arbitrary<JsonObject> {
  return traffic(portRules(scope, direction, subject), 3);
}

/** The `toPorts` and `icmps` of a deny element. */
export function deniedTraffic(scope: Scope): fc.Arbitrary<JsonObject> {
  return traffic(plainPortRules(scope), 1);
}

function traffic(rules: fc.Arbitrary<JsonObject>, most: number): fc.Arbitrary<JsonObject> {
  return weighted<JsonObject>(
    [36, fc.constant({})],
    [50, few(rules, 1, most).map((toPorts) => ({ toPorts }))],
    [9, few(icmpRules).map((icmps) => ({ icmps }))],
    [2, fc.constant({ toPorts: [] })],
    [1, fc.constant({ icmps: [] })],
    [1, few(rules).map((toPorts) => ({ toPorts, icmps: [] }))],
    [1, few(icmpRules).map((icmps) => ({ toPorts: [], icmps }))],
  );
}

function portRules(scope: Scope, direction: Direction, subject: 'pods' | 'host'): fc.Arbitrary<JsonObject> {
  const host = subject === 'host';
  const tls = tlsContexts(scope);
  const http = joined(few(ports(scope, ['TCP'])).map(asPorts), fc.record({ rules: httpRules(scope) }));
  const dns = joined(dnsPorts(scope).map(asPorts), fc.record({ rules: dnsRules(scope) }));
  const names = { serverNames: uniqueNames(scope) };
  return weighted<JsonObject>(
    [60, plainPortRules(scope)],
    [host ? 0 : 20, http],
    [host ? 0 : 3, joined(http, members({ terminatingTLS: [100, tls], originatingTLS: [40, tls], serverNames: [40, names.serverNames] }))],
    [direction === 'egress' ? 12 : 0, dns],
    [5, joined(few(ports(scope, ['TCP', 'TCP', 'ANY'])).map(asPorts), fc.record(names))],
    [1, joined(few(ports(scope, ['TCP'])).map(asPorts), members({ originatingTLS: [100, tls] }))],
    [direction === 'egress' ? 4 : 0, joined(few(ports(scope, ['TCP'])).map(asPorts), fc.record({ listener: listeners(scope) }))],
    [1, joined(few(ports(scope, ['TCP'])).map(asPorts), among<JsonObject>({ rules: { http: [] } }, { rules: { dns: [] } }))],
    [host ? 0 : 2 * scope.rare, joined(few(ports(scope, ['TCP'])).map(asPorts), fc.record({ rules: retiredRules }))],
  );
}

/** A deny element has only ports. An allow element can have more. */
function plainPortRules(scope: Scope): fc.Arbitrary<JsonObject> {
  const some = few(ports(scope, ['TCP', 'TCP', 'TCP', 'UDP', 'ANY', 'SCTP', undefined, undefined]));
  return weighted<JsonObject>(
    [44, some.map(asPorts)],
    [1, fc.constant({})],
    [1, fc.constant({ ports: [] })],
    [scope.rare, portless.map(asPorts)],
  );
}

function asPorts(ports: readonly Json[]): JsonObject {
  return { ports };
}

/** An entry of `ports` with one of the given protocols. Without a protocol, it is `ANY`. */
function ports({ universe }: Scope, protocols: readonly (string | undefined)[]): fc.Arbitrary<JsonObject> {
  const number = among(...universe.ports);
  const l4 = protocols.length > 3;
  return fc
    .record({
      entry: weighted<JsonObject>(
        [20, number.map((port) => ({ port: String(port) }))],
        [4, among(...universe.portNames).map((port) => ({ port }))],
        [2, fc.tuple(number, fc.constantFrom(0, 1, 10, 1000)).map(([port, more]) => ({ port: String(port), endPort: port + more }))],
        [
          l4 ? 1 : 0,
          among<JsonObject>({ port: '0' }, { port: '1', endPort: 65535 }, { port: '0', endPort: 0 }, { port: '443', endPort: 80 }),
        ],
      ),
      protocol: among(...protocols),
    })
    .map(({ entry, protocol }) => (protocol === undefined ? entry : { ...entry, protocol }));
}

/** A port for DNS rules, which do not allow a range. */
function dnsPorts({ universe }: Scope): fc.Arbitrary<JsonObject[]> {
  const port = weighted([12, among('53')], [1, among('5353', ...universe.portNames)]);
  return few(members({ port: [100, port], protocol: [90, among('ANY', 'UDP', 'TCP')] }));
}

/** Protocols without ports. Since 1.19, `port` may be absent if a switch of the agent is on. Some protocols are new in 1.20. */
const portless = few(
  fc
    .record({
      protocol: among('VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'),
      port: among<JsonObject>({}, { port: '0' }),
    })
    .map(({ port, protocol }): JsonObject => ({ ...port, protocol })),
);

function httpRules({ universe }: Scope): fc.Arbitrary<JsonObject> {
  const headerMatch = members({
    name: [100, among(...universe.headerNames)],
    value: [60, among(...universe.headerValues)],
    secret: [30, secrets(universe.secrets)],
    mismatch: [40, among('LOG', 'ADD', 'DELETE', 'REPLACE')],
  });
  const rule = members({
    method: [60, among(...universe.methods)],
    path: [70, among(...universe.paths)],
    host: [15, among(...universe.hosts)],
    headers: [12, few(among(...universe.headers), 0)],
    headerMatches: [10, few(headerMatch, 0)],
  });
  return few(rule).map((http) => ({ http }));
}

function dnsRules(scope: Scope): fc.Arbitrary<JsonObject> {
  return few(nameRules(scope)).map((dns) => ({ dns }));
}

/** L7 parsers that 1.20 removed. */
const retiredRules = weighted<JsonObject>(
  [3, few(retiredKafkaRule()).map((kafka) => ({ kafka }))],
  [1, among<JsonObject>({ l7proto: 'r2d2' }, { l7proto: 'r2d2', l7: [{ cmd: 'READ' }, {}] })],
);

function retiredKafkaRule(): fc.Arbitrary<JsonObject> {
  return weighted(
    [3, members({ role: [80, among('produce', 'consume')], topic: [60, among('orders', 'empire_log.v1')], clientID: [10, among('web')] })],
    [1, members({ apiKey: [80, among('fetch', 'produce', 'metadata')], apiVersion: [40, among('0', '1')], topic: [40, among('orders')] })],
  );
}

/** A list without duplicates. */
function uniqueNames({ universe, rare }: Scope): fc.Arbitrary<string[]> {
  const some = fc.subarray([...universe.serverNames], { minLength: 1, maxLength: 2 });
  return weighted([30, some], [rare, among(['api.*.example.com'], ['api*.example.com', 'example.com'])]);
}

function tlsContexts({ universe }: Scope): fc.Arbitrary<JsonObject> {
  return members({
    secret: [100, secrets(universe.secrets)],
    trustedCA: [20, among('ca.crt')],
    certificate: [20, among('tls.crt')],
    privateKey: [20, among('tls.key')],
  });
}

function secrets(choices: Scope['universe']['secrets']): fc.Arbitrary<JsonObject> {
  return fc
    .record({ secret: among(...choices), full: weighted([3, fc.constant(true)], [1, fc.constant(false)]) })
    .map(({ secret: { name, namespace }, full }): JsonObject => (full ? { namespace, name } : { name }));
}

function listeners({ universe }: Scope): fc.Arbitrary<JsonObject> {
  const kind = among('CiliumEnvoyConfig', 'CiliumClusterwideEnvoyConfig');
  return members({
    envoyConfig: [100, members({ kind: [60, kind], name: [100, among(...universe.envoyConfigs)] })],
    name: [100, among(...universe.listeners)],
    priority: [40, among(1, 10, 100)],
  });
}

const icmpFields: fc.Arbitrary<JsonObject> = among<IcmpFamily>('IPv4', 'IPv6').chain((family) => {
  const names = Object.keys(ICMP_TYPES[family]).filter((name) => parseIcmpType(name, family).ok);
  const type = weighted<string | number>([6, among(...names)], [6, among(0, 8, 3, 128, 255)], [2, among('8', '0', '135')]);
  return members({ family: [family === 'IPv4' ? 50 : 100, fc.constant(family)], type: [100, type] });
});

const icmpRules: fc.Arbitrary<JsonObject> = weighted<JsonObject>(
  [40, few(icmpFields).map((fields) => ({ fields }))],
  [1, fc.constant({ fields: [] })],
  [1, fc.constant({})],
);
