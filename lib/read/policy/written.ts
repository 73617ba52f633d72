/** Splits a stored object into the parts of a Cilium policy, each with its path. */
import { asList, asObject, asText, isObject, Json, JsonObject } from '../../model/json';
import { below, PathLink } from '../../model/path';
import {
  CidrRulePart,
  ElementPart,
  IcmpPart,
  L7_KINDS,
  ObjectPart,
  PolicyPart,
  PortPart,
  PortRulePart,
  RulePart,
  Section,
  SECTIONS,
  ServicePart,
  TextPart,
  Written,
  WrittenPolicy,
} from '../../model/written';
import { writtenNetworkPolicy } from './written-network-policy';
import { exceptIn, listIn, objectPart, selectorIn, selectorPart, textPart } from './written-parts';

/** The parts of a policy; `undefined` for a CIDR group, which is not a policy. */
export function written(stored: JsonObject): Written | undefined {
  if (stored.kind === 'CiliumCIDRGroup') {
    return undefined;
  }
  return stored.kind === 'NetworkPolicy' ? writtenNetworkPolicy(stored) : writtenPolicy(stored);
}

function writtenPolicy(stored: JsonObject): WrittenPolicy {
  const metadata = asObject(stored.metadata);
  const policy: PolicyPart = {
    kind: asText(stored.kind),
    name: asText(metadata.name),
    namespace: asText(metadata.namespace),
    hasSpec: stored.spec !== undefined,
    hasSpecs: stored.specs !== undefined,
    at: undefined,
  };
  const specs = asList(stored.specs).map((spec, i): [Json, PathLink] => [spec, below(undefined, 'specs', i)]);
  const all: [Json | undefined, PathLink][] = [[stored.spec, below(undefined, 'spec')], ...specs];
  return { is: 'cilium', policy, rules: all.flatMap(([spec, at]) => (isObject(spec) ? [rulePart(spec, policy, at)] : [])) };
}

function rulePart(value: JsonObject, policy: PolicyPart, at: PathLink): RulePart {
  const elements: ElementPart[] = [];
  const rule: RulePart = {
    value,
    policy,
    isHost: value.nodeSelector !== undefined,
    endpointSelector: selectorIn(value, 'endpointSelector', 'subject', at),
    nodeSelector: selectorIn(value, 'nodeSelector', 'node', at),
    labels: asList(value.labels).map((label, i) => ({ value: label, at: below(at, 'labels', i) })),
    elements,
    at,
  };
  for (const section of SECTIONS) {
    asList(value[section]).forEach((entry, i) => elements.push(elementPart(asObject(entry), section, rule, below(at, section, i))));
  }
  return rule;
}

function elementPart(value: JsonObject, section: Section, rule: RulePart, at: PathLink): ElementPart {
  const [isIngress, isDeny] = [section.startsWith('ingress'), section.endsWith('Deny')];
  const side = isIngress ? 'from' : 'to';
  const peerFields = isIngress ? INGRESS_PEERS : isDeny ? EGRESS_PEERS : [...EGRESS_PEERS, 'toFQDNs'];
  return {
    ...{ value, section, isIngress, isDeny, rule, at },
    peers: Object.keys(value)
      .filter((field) => peerFields.includes(field) && asList(value[field]).length > 0)
      .map((field) => ({ field, at: below(at, field) })),
    endpoints: listIn(value, `${side}Endpoints`, at, (one, place) => selectorPart(asObject(one), 'endpoint', place)),
    nodes: listIn(value, `${side}Nodes`, at, (one, place) => selectorPart(asObject(one), 'node', place)),
    requires: listIn(value, `${side}Requires`, at, (one, place) => selectorPart(asObject(one), 'endpoint', place)) ?? [],
    entities: listIn(value, `${side}Entities`, at, textPart),
    cidrs: listIn(value, `${side}CIDR`, at, textPart),
    cidrRules: listIn(value, `${side}CIDRSet`, at, cidrRulePart),
    fqdns: (isIngress || isDeny ? undefined : listIn(value, 'toFQDNs', at, objectPart)) ?? [],
    services: (isIngress ? undefined : listIn(value, 'toServices', at, servicePart)) ?? [],
    groups: listIn(value, `${side}Groups`, at, objectPart) ?? [],
    portRules: asList(value.toPorts).map((entry, i) =>
      portRulePart(asObject(entry), isIngress, isDeny, rule.isHost, below(at, 'toPorts', i)),
    ),
    icmps: asList(value.icmps).map((entry, i) => icmpPart(asObject(entry), below(at, 'icmps', i))),
  };
}

const INGRESS_PEERS = ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'];

const EGRESS_PEERS = ['toCIDR', 'toCIDRSet', 'toEndpoints', 'toEntities', 'toServices', 'toGroups', 'toNodes'];

function cidrRulePart(entry: Json, at: PathLink): CidrRulePart {
  const value = asObject(entry);
  return {
    cidr: asText(value.cidr),
    group: asText(value.cidrGroupRef),
    selector: selectorIn(value, 'cidrGroupSelector', 'cidrGroup', at, 'cidrgroup:'),
    except: exceptIn(value, at),
    at,
  };
}

function servicePart(entry: Json, at: PathLink): ServicePart {
  const value = asObject(entry);
  const { k8sServiceSelector } = value;
  return {
    value,
    selector: isObject(k8sServiceSelector)
      ? selectorIn(k8sServiceSelector, 'selector', 'service', below(at, 'k8sServiceSelector'))
      : undefined,
    at,
  };
}

function portRulePart(value: JsonObject, isIngress: boolean, isDeny: boolean, isHost: boolean, at: PathLink): PortRulePart {
  const l7 = isDeny || value.rules === undefined ? NO_L7 : l7In(asObject(value.rules));
  const hasDnsRules = (l7.dns ?? 0) > 0;
  return {
    ...{ value, isIngress, isDeny, isHost, l7, at },
    l7Rules: (l7.http ?? 0) + (l7.kafka ?? 0) + (l7.dns ?? 0) + (l7.l7 ?? 0),
    ports: asList(value.ports).map((port, i) => portPart(asObject(port), hasDnsRules, below(at, 'ports', i))),
  };
}

const NO_L7: PortRulePart['l7'] = {};

function l7In(rules: JsonObject): PortRulePart['l7'] {
  const kinds = L7_KINDS.filter((kind) => Array.isArray(rules[kind]));
  return Object.fromEntries(kinds.map((kind) => [kind, asList(rules[kind]).length]));
}

function portPart(value: JsonObject, hasDnsRules: boolean, at: PathLink): PortPart {
  const endPort = typeof value.endPort === 'number' ? value.endPort : 0;
  return { port: asText(value.port), endPort, protocol: asText(value.protocol), hasDnsRules, at };
}

/** The L7 rules of a kind. */
export function l7Parts({ value, at }: PortRulePart, kind: (typeof L7_KINDS)[number]): readonly ObjectPart[] {
  const place = below(at, 'rules', kind);
  return asList(asObject(value.rules)[kind]).map((rule, i) => objectPart(rule, below(place, i)));
}

/** The server names of a port rule. The agent ignores the server names of a deny rule. */
export function serverNameParts({ value, isDeny, at }: PortRulePart): readonly TextPart[] {
  return (isDeny ? undefined : listIn(value, 'serverNames', at, textPart)) ?? [];
}

function icmpPart(value: JsonObject, at: PathLink): IcmpPart {
  const fields = asList(value.fields).map((entry, i) => {
    const { family, type } = asObject(entry);
    return { family: asText(family), ...((typeof type === 'string' || typeof type === 'number') && { type }), at: below(at, 'fields', i) };
  });
  return { fields, at };
}
