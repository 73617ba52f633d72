/** Splits a stored object into the parts of a Cilium policy, each with its path. */
import { asList, asObject, asText, isObject, Json, JsonObject } from '../../model/json';
import { below, PathLink } from '../../model/path';
import {
  CidrRulePart,
  RulePart,
  IcmpFieldPart,
  IcmpPart,
  L7_KINDS,
  L7Kind,
  ObjectPart,
  PeerList,
  PolicyPart,
  PortPart,
  PortRulePart,
  SpecPart,
  Section,
  SECTIONS,
  SelectorPart,
  ServicePart,
  TextPart,
  Written,
  WrittenPolicy,
} from '../../model/written';
import { writtenTierPolicy } from './cluster-network-policy';
import { writtenNetworkPolicy } from './network-policy';
import { exceptIn, listIn, objectPart, selectorIn, selectorPart, textPart } from './parts';

/** The parts of a policy; `undefined` for a CIDR group, which is not a policy. */
export function written(stored: JsonObject): Written | undefined {
  if (stored.kind === 'CiliumCIDRGroup') {
    return undefined;
  }
  switch (asText(stored.kind)) {
    case 'NetworkPolicy':
      return writtenNetworkPolicy(stored);
    case 'ClusterNetworkPolicy':
      return writtenTierPolicy(stored);
    default:
      return writtenPolicy(stored);
  }
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
  return { is: 'cilium', policy, specs: all.flatMap(([spec, at]) => (isObject(spec) ? [specPart(spec, policy, at)] : [])) };
}

function specPart(value: JsonObject, policy: PolicyPart, at: PathLink): SpecPart {
  const rules: RulePart[] = [];
  const spec: SpecPart = {
    value,
    policy,
    isHost: value.nodeSelector !== undefined,
    endpointSelector: selectorIn(value, 'endpointSelector', 'subject', at),
    nodeSelector: selectorIn(value, 'nodeSelector', 'node', at),
    labels: asList(value.labels).map((label, i) => ({ value: label, at: below(at, 'labels', i) })),
    rules,
    at,
  };
  for (const section of SECTIONS) {
    listIn(value, section, at, (one, place) => rules.push(rulePart(asObject(one), section, spec, place)));
  }
  return spec;
}

function rulePart(value: JsonObject, section: Section, spec: SpecPart, at: PathLink): RulePart {
  const isIngress = section === 'ingress' || section === 'ingressDeny';
  const isDeny = section === 'ingressDeny' || section === 'egressDeny';
  const fields = isIngress ? FROM : TO;
  return {
    value,
    section,
    isIngress,
    isDeny,
    spec,
    peers: peersIn(value, isIngress ? INGRESS_PEERS : isDeny ? EGRESS_DENY_PEERS : EGRESS_PEERS, at),
    endpoints: listIn(value, fields.endpoints, at, endpointPart),
    nodes: listIn(value, fields.nodes, at, nodePart),
    requires: listIn(value, fields.requires, at, endpointPart) ?? NONE,
    entities: listIn(value, fields.entities, at, textPart),
    cidrs: listIn(value, fields.cidrs, at, textPart),
    cidrRules: listIn(value, fields.cidrRules, at, cidrRulePart),
    fqdns: (isIngress || isDeny ? undefined : listIn(value, 'toFQDNs', at, objectPart)) ?? NONE,
    services: (isIngress ? undefined : listIn(value, 'toServices', at, servicePart)) ?? NONE,
    groups: listIn(value, fields.groups, at, objectPart) ?? NONE,
    portRules: listIn(value, 'toPorts', at, (one, place) => portRulePart(asObject(one), isIngress, isDeny, spec.isHost, place)) ?? NONE,
    icmps: listIn(value, 'icmps', at, icmpPart) ?? NONE,
    at,
  };
}

/** The fields of peers in a rule of ingress, and of egress. */
const FROM = fieldsOf('from');
const TO = fieldsOf('to');

function fieldsOf(
  side: 'from' | 'to',
): Readonly<Record<'endpoints' | 'nodes' | 'requires' | 'entities' | 'cidrs' | 'cidrRules' | 'groups', string>> {
  return {
    endpoints: `${side}Endpoints`,
    nodes: `${side}Nodes`,
    requires: `${side}Requires`,
    entities: `${side}Entities`,
    cidrs: `${side}CIDR`,
    cidrRules: `${side}CIDRSet`,
    groups: `${side}Groups`,
  };
}

const NONE: readonly never[] = [];

function peersIn(value: JsonObject, fields: readonly string[], at: PathLink): readonly PeerList[] {
  return Object.keys(value)
    .filter((field) => fields.includes(field) && asList(value[field]).length > 0)
    .map((field) => ({ field, at: below(at, field) }));
}

function endpointPart(value: Json, at: PathLink): SelectorPart {
  return selectorPart(asObject(value), 'endpoint', at);
}

function nodePart(value: Json, at: PathLink): SelectorPart {
  return selectorPart(asObject(value), 'node', at);
}

const INGRESS_PEERS = ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'];

const EGRESS_DENY_PEERS = ['toCIDR', 'toCIDRSet', 'toEndpoints', 'toEntities', 'toServices', 'toGroups', 'toNodes'];

const EGRESS_PEERS = [...EGRESS_DENY_PEERS, 'toFQDNs'];

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
  const { http = 0, kafka = 0, dns = 0, l7: custom = 0 } = l7;
  const l7Rules = http + kafka + dns + custom;
  const ports = listIn(value, 'ports', at, (one, place) => portPart(asObject(one), dns > 0, place)) ?? NONE;
  return { value, isIngress, isDeny, isHost, ports, l7, l7Rules, at };
}

const NO_L7: PortRulePart['l7'] = {};

function l7In(rules: JsonObject): PortRulePart['l7'] {
  const l7: { [kind in L7Kind]?: number } = {};
  for (const kind of L7_KINDS) {
    const list = rules[kind];
    if (Array.isArray(list)) {
      l7[kind] = list.length;
    }
  }
  return l7;
}

function portPart(value: JsonObject, hasDnsRules: boolean, at: PathLink): PortPart {
  const endPort = typeof value.endPort === 'number' ? value.endPort : 0;
  return { port: asText(value.port), endPort, protocol: asText(value.protocol), hasDnsRules, at };
}

/** The L7 rules of a kind. */
export function l7Parts({ value, at }: PortRulePart, kind: L7Kind): readonly ObjectPart[] {
  const place = below(at, 'rules', kind);
  return asList(asObject(value.rules)[kind]).map((rule, i) => objectPart(rule, below(place, i)));
}

/** The server names of a port rule. The agent ignores the server names of a deny rule. */
export function serverNameParts({ value, isDeny, at }: PortRulePart): readonly TextPart[] {
  return (isDeny ? undefined : listIn(value, 'serverNames', at, textPart)) ?? [];
}

function icmpPart(value: Json, at: PathLink): IcmpPart {
  return { fields: listIn(asObject(value), 'fields', at, icmpFieldPart) ?? NONE, at };
}

function icmpFieldPart(value: Json, at: PathLink): IcmpFieldPart {
  const { family, type } = asObject(value);
  return { family: asText(family), ...((typeof type === 'string' || typeof type === 'number') && { type }), at };
}
