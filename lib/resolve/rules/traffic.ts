/** Reads ports, ICMP types and L7 rules. Source: cilium `pkg/policy/api/{l4,icmp,http}.go` and `rule_validation.go`. */
import { l7Parts, serverNameParts } from '../../admission/written/written';
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
import type { RulePart, IcmpFieldPart, ObjectPart, PortPart, PortRulePart } from '../../model/written';
import { ICMP_TYPES } from '../../net/icmp';
import { MAX_PORT, parsePort } from '../../net/port';

/** The traffic of a rule; `undefined` if the rule has neither ports nor ICMP types and applies to all traffic. */
export function trafficOf({ portRules, icmps }: RulePart): readonly Traffic[] | undefined {
  return portRules.length + icmps.length === 0
    ? undefined
    : [...portRules.flatMap(portRuleTraffic), ...icmps.flatMap(({ fields }) => fields.map(icmpTraffic))];
}

function portRuleTraffic(part: PortRulePart): Traffic[] {
  const l7 = layer7Of(part);
  return part.ports.flatMap((port) => portTraffic(port).map((traffic): Traffic => ({ ...traffic, l7 })));
}

/** A port for each of its protocols. `ANY` is TCP, UDP and SCTP, but not ICMP or another protocol. */
export function portTraffic({ port, endPort, protocol, at }: PortPart): Traffic[] {
  const known = PROTOCOLS.find((one) => one.toUpperCase() === protocol.toUpperCase());
  const protocols: readonly Protocol[] = known === undefined ? ['TCP', 'UDP', 'SCTP'] : [known];
  return protocols.map((one) => ({ protocol: one, port: portOf(port, endPort), at }));
}

/** The port may be missing if the protocol has no ports. */
function portOf(written: string, end: number): TrafficPort {
  const parsed = parsePort(written === '' ? '0' : written);
  return parsed.ok ? { ...parsed.value, end } : { is: 'number', number: 0, end };
}

/** The type is used as a port, so type 0 means every type. */
function icmpTraffic({ family, type, at }: IcmpFieldPart): Traffic {
  const of = family === 'IPv6' ? 'IPv6' : 'IPv4';
  const number = typeof type === 'number' ? type : (ICMP_TYPES[of][asText(type)] ?? Number(type));
  return { protocol: icmpProtocol(of), port: { is: 'number', number: Math.min(Math.max(0, number), MAX_PORT), end: 0 }, at };
}

function layer7Of(part: PortRulePart): Layer7 | undefined {
  const { value } = part;
  const rules = asObject(value.rules);
  const l7: Layer7 = {
    http: nonEmpty(l7Parts(part, 'http'))?.map(httpOf),
    dns: nonEmpty(l7Parts(part, 'dns'))?.map((rule) => ({ text: patternOf(rule.value), at: rule.at })),
    kafka: nonEmpty(asList(rules.kafka).map(asJson)),
    custom: asText(rules.l7proto) === '' ? undefined : { parser: asText(rules.l7proto), rules: asList(rules.l7).map(asJson) },
    serverNames: serverNameParts(part),
    terminatingTls: secretOf(value.terminatingTLS),
    originatingTls: secretOf(value.originatingTLS),
    listener: isObject(value.listener) ? listenerOf(value.listener) : undefined,
  };
  const { serverNames, ...others } = l7;
  return serverNames.length > 0 || Object.values(others).some((one) => one !== undefined) ? l7 : undefined;
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** The name or pattern of an FQDN. A name takes precedence over a pattern, and has no wildcard. */
export function patternOf({ matchName, matchPattern }: JsonObject): string {
  return asText(matchName) === '' ? asText(matchPattern) : asText(matchName);
}

function httpOf({ value, at }: ObjectPart): HttpCondition {
  return {
    path: asText(value.path),
    method: asText(value.method),
    host: asText(value.host),
    headers: asList(value.headers).map(asText),
    headerMatches: asList(value.headerMatches).map(asObject).map(headerOf),
    at,
  };
}

function headerOf({ name, value, secret, mismatch }: JsonObject): HeaderCondition {
  return {
    name: asText(name),
    value: asText(value),
    ...(isObject(secret) && { secret: `${asText(secret.namespace)}/${asText(secret.name)}` }),
    mismatch: asText(mismatch),
  };
}

function asJson(value: unknown): string {
  return JSON.stringify(value);
}

function secretOf(tls: unknown): string | undefined {
  const { namespace, name } = asObject(asObject(tls).secret);
  return isObject(tls) ? `${asText(namespace)}/${asText(name)}` : undefined;
}

function listenerOf({ envoyConfig, name, priority }: JsonObject): Listener {
  const { kind, name: config } = asObject(envoyConfig);
  return { kind: asText(kind), envoyConfig: asText(config), name: asText(name), priority: typeof priority === 'number' ? priority : 0 };
}
