/** Ports, ICMP types and what a proxy asks. Source: cilium `pkg/policy/api/{l4,icmp,http}.go` and `rule_validation.go`. */
import { asList, asObject, asText, isObject, JsonObject } from '../../model/json';
import {
  HeaderCondition,
  HttpCondition,
  icmpProtocol,
  Layer7,
  Listener,
  Protocol,
  PROTOCOLS,
  Traffic,
  TrafficPort,
} from '../../model/policy';
import { ICMP_TYPES } from '../../net/icmp';
import { MAX_PORT, parsePort } from '../../net/port';

/** The traffic of a rule; nothing where it names none, which is all traffic. */
export function trafficOf({ toPorts, icmps }: JsonObject): readonly Traffic[] | undefined {
  const [ports, types] = [asList(toPorts).map(asObject), asList(icmps).map(asObject)];
  return ports.length + types.length === 0 ? undefined : [...ports.flatMap(portsOf), ...types.flatMap(typesOf)];
}

function portsOf(entry: JsonObject): Traffic[] {
  const l7 = layer7Of(entry);
  return asList(entry.ports)
    .map(asObject)
    .flatMap(({ port, endPort, protocol }) => {
      const end = typeof endPort === 'number' ? endPort : 0;
      return protocolsOf(asText(protocol)).map((one): Traffic => ({ protocol: one, port: portOf(asText(port), end), l7 }));
    });
}

/** `ANY` is TCP, UDP and SCTP, and not ICMP or another protocol. */
export function protocolsOf(written: string): readonly Protocol[] {
  const known = PROTOCOLS.find((protocol) => protocol.toUpperCase() === written.toUpperCase());
  return known === undefined ? ['TCP', 'UDP', 'SCTP'] : [known];
}

/** A protocol without ports may be written without one. */
export function portOf(written: string, end: number): TrafficPort {
  const parsed = parsePort(written === '' ? '0' : written);
  if (!parsed.ok) {
    return { is: 'number', number: 0, end };
  }
  return { ...parsed.value, end };
}

/** A type stands where a port does, and so type 0 is every type. */
function typesOf({ fields }: JsonObject): Traffic[] {
  return asList(fields)
    .map(asObject)
    .map(({ family, type }): Traffic => {
      const of = family === 'IPv6' ? 'IPv6' : 'IPv4';
      const number = typeof type === 'number' ? type : (ICMP_TYPES[of][asText(type)] ?? Number(type));
      return { protocol: icmpProtocol(of), port: { is: 'number', number: Math.min(Math.max(0, number), MAX_PORT), end: 0 } };
    });
}

function layer7Of(entry: JsonObject): Layer7 | undefined {
  const rules = asObject(entry.rules);
  const l7: Layer7 = {
    http: nonEmpty(rules.http)?.map(httpOf),
    dns: nonEmpty(rules.dns)?.map(patternOf),
    kafka: nonEmpty(rules.kafka)?.length,
    custom: asText(rules.l7proto) === '' ? undefined : { parser: asText(rules.l7proto), rules: asList(rules.l7).length },
    serverNames: asList(entry.serverNames).map(asText),
    terminatingTls: secretOf(entry.terminatingTLS),
    originatingTls: secretOf(entry.originatingTLS),
    listener: isObject(entry.listener) ? listenerOf(entry.listener) : undefined,
  };
  const { serverNames, ...others } = l7;
  return serverNames.length > 0 || Object.values(others).some((part) => part !== undefined) ? l7 : undefined;
}

function nonEmpty(value: unknown): readonly JsonObject[] | undefined {
  const list = asList(value).map(asObject);
  return list.length === 0 ? undefined : list;
}

/** A name wins over a pattern, and has no wildcard in it. */
export function patternOf({ matchName, matchPattern }: JsonObject): string {
  return asText(matchName) === '' ? asText(matchPattern) : asText(matchName);
}

function httpOf(rule: JsonObject): HttpCondition {
  return {
    path: asText(rule.path),
    method: asText(rule.method),
    host: asText(rule.host),
    headers: asList(rule.headers).map(asText),
    headerMatches: asList(rule.headerMatches).map(asObject).map(headerOf),
  };
}

function headerOf({ name, value, secret, mismatch }: JsonObject): HeaderCondition {
  return { name: asText(name), value: asText(value), hasSecret: isObject(secret), mismatch: asText(mismatch) };
}

function secretOf(tls: unknown): string | undefined {
  const { namespace, name } = asObject(asObject(tls).secret);
  return isObject(tls) ? `${asText(namespace)}/${asText(name)}` : undefined;
}

function listenerOf({ envoyConfig, name, priority }: JsonObject): Listener {
  const { kind, name: config } = asObject(envoyConfig);
  return { kind: asText(kind), envoyConfig: asText(config), name: asText(name), priority: typeof priority === 'number' ? priority : 0 };
}
