/** Shows every part of a stored Cilium policy to whoever asked for its kind, in the order of the agent. */
import { isSince, Minor } from '../../crd/minor';
import { asList, asObject, asText, isObject, Json, JsonObject } from '../../model/json';
import {
  below,
  ElementPart,
  IcmpPart,
  L7Kind,
  Parts,
  Place,
  PolicyPart,
  PortPart,
  PortRulePart,
  RulePart,
  Section,
  Selects,
} from './parts';
import { selectorOf } from './selector';

/** Is given the parts of a policy. */
export type Show = <K extends keyof Parts>(kind: K, part: Parts[K]) => void;

/** Shows a CiliumNetworkPolicy or a CiliumClusterwideNetworkPolicy. */
export function walkPolicy(stored: JsonObject, minor: Minor, show: Show): void {
  const metadata = asObject(stored.metadata);
  const policy: PolicyPart = {
    kind: asText(stored.kind),
    name: asText(metadata.name),
    namespace: asText(metadata.namespace),
    hasSpec: stored.spec !== undefined,
    hasSpecs: stored.specs !== undefined,
    place: undefined,
  };
  show('policy', policy);
  if (isObject(stored.spec)) {
    walkRule(stored.spec, policy, below(undefined, 'spec'));
  }
  asList(stored.specs).forEach((spec, i) => {
    if (isObject(spec)) {
      walkRule(spec, policy, below(undefined, 'specs', i));
    }
  });

  function walkRule(value: JsonObject, above: PolicyPart, place: Place): void {
    const rule: RulePart = { value, policy: above, isHost: value.nodeSelector !== undefined, place };
    show('rule', rule);
    showSelector(value.endpointSelector, 'subject', below(place, 'endpointSelector'));
    showSelector(value.nodeSelector, 'node', below(place, 'nodeSelector'));
    asList(value.labels).forEach((label, i) => show('ruleLabel', { value: label, place: below(place, 'labels', i) }));
    for (const section of SECTIONS) {
      asList(value[section]).forEach((element, i) => walkElement(asObject(element), section, rule, below(place, section, i)));
    }
  }

  function walkElement(value: JsonObject, section: Section, rule: RulePart, place: Place): void {
    const [isIngress, isDeny] = [section.startsWith('ingress'), section.endsWith('Deny')];
    const peerFields = isIngress ? INGRESS_PEERS : isDeny ? EGRESS_PEERS : [...EGRESS_PEERS, 'toFQDNs'];
    const portRules = asList(value.toPorts).map((entry, i) => portRuleOf(asObject(entry), below(place, 'toPorts', i)));
    const element: ElementPart = {
      section,
      isIngress,
      isDeny,
      rule,
      portRules,
      // In the order in which they were written.
      peers: Object.keys(value)
        .filter((field) => peerFields.includes(field) && asList(value[field]).length > 0)
        .map((field) => ({ field, place: below(place, field) })),
      icmps: asList(value.icmps).length,
      place,
    };
    show('element', element);
    walkPeers(value, isIngress ? 'from' : 'to', place);
    portRules.forEach((part) => walkPortRule(part));
    asList(value.icmps).forEach((entry, i) => walkIcmp(icmpOf(asObject(entry), below(place, 'icmps', i))));
    showObjects('fqdn', value, isIngress || isDeny ? undefined : 'toFQDNs', place);

    function portRuleOf(entry: JsonObject, at: Place): PortRulePart {
      const l7 = isDeny || entry.rules === undefined ? NO_L7 : l7Of(asObject(entry.rules));
      const hasDnsRules = (l7.dns ?? 0) > 0;
      return {
        value: entry,
        isIngress,
        isDeny,
        isHost: rule.isHost,
        l7,
        l7Rules: (l7.http ?? 0) + (l7.kafka ?? 0) + (l7.dns ?? 0) + (l7.l7 ?? 0),
        ports: asList(entry.ports).map((port, i) => portOf(asObject(port), hasDnsRules, below(at, 'ports', i))),
        place: at,
      };
    }
  }

  function walkPeers(value: JsonObject, word: 'from' | 'to', place: Place): void {
    showSelectors(value, `${word}Endpoints`, 'endpoint', place);
    showSelectors(value, `${word}Nodes`, 'node', place);
    if (!isSince(minor, '1.19')) {
      // From 1.19 on the schema lets none pass, and the agent does not look.
      showSelectors(value, `${word}Requires`, 'endpoint', place);
    }
    showTexts('cidr', value, `${word}CIDR`, place);
    asList(value[`${word}CIDRSet`]).forEach((entry, i) => walkCidrRule(asObject(entry), below(place, `${word}CIDRSet`, i)));
    showTexts('entity', value, `${word}Entities`, place);
    if (word === 'to' && minor === '1.19') {
      // Before and after, the agent does not look.
      asList(value.toServices).forEach((entry, i) => {
        const { selector } = asObject(asObject(entry).k8sServiceSelector);
        showSelector(selector, 'service', below(place, 'toServices', i, 'k8sServiceSelector', 'selector'));
      });
    }
  }

  function walkCidrRule(value: JsonObject, place: Place): void {
    const { cidrGroupSelector } = value;
    show('cidrRule', {
      cidr: asText(value.cidr),
      group: asText(value.cidrGroupRef),
      place,
      hasSelector: isObject(cidrGroupSelector),
      except: asList(value.except).map((text, i) => ({ text: asText(text), place: below(place, 'except', i) })),
    });
    showSelector(cidrGroupSelector, 'cidrGroup', below(place, 'cidrGroupSelector'));
  }

  function walkPortRule(part: PortRulePart): void {
    show('portRule', part);
    showTexts('serverName', part.value, part.isDeny ? undefined : 'serverNames', part.place);
    part.ports.forEach((port) => show('port', port));
    // The agent looks into rules only where there are some.
    const rules = part.l7Rules > 0 ? asObject(part.value.rules) : {};
    for (const kind of L7_KINDS) {
      showObjects(kind, rules, kind, below(part.place, 'rules'));
    }
  }

  function walkIcmp(part: IcmpPart): void {
    show('icmp', part);
    part.fields.forEach((field) => show('icmpField', field));
  }

  function showSelectors(value: JsonObject, field: string, selects: Selects, place: Place): void {
    asList(value[field]).forEach((entry, i) => showSelector(asObject(entry), selects, below(place, field, i)));
  }

  function showSelector(value: Json | undefined, selects: Selects, place: Place): void {
    if (isObject(value)) {
      show('selector', selectorOf(value, selects, selects === 'cidrGroup' ? 'cidrgroup:' : '', place));
    }
  }

  function showTexts(kind: 'cidr' | 'entity' | 'serverName', value: JsonObject, field: string | undefined, place: Place): void {
    const texts = field === undefined ? [] : asList(value[field]);
    texts.forEach((text, i) => show(kind, { text: asText(text), place: below(place, field!, i) }));
  }

  function showObjects(kind: L7Kind | 'fqdn', value: JsonObject, field: string | undefined, place: Place): void {
    const objects = field === undefined ? [] : asList(value[field]);
    objects.forEach((entry, i) => show(kind, { value: asObject(entry), place: below(place, field!, i) }));
  }
}

const SECTIONS: readonly Section[] = ['ingress', 'ingressDeny', 'egress', 'egressDeny'];

const INGRESS_PEERS = ['fromEndpoints', 'fromCIDR', 'fromCIDRSet', 'fromEntities', 'fromNodes', 'fromGroups'];

const EGRESS_PEERS = ['toCIDR', 'toCIDRSet', 'toEndpoints', 'toEntities', 'toServices', 'toGroups', 'toNodes'];

const L7_KINDS: readonly L7Kind[] = ['http', 'kafka', 'dns', 'l7'];

const NO_L7: PortRulePart['l7'] = {};

/** How many rules there are of each kind that is there. */
function l7Of(rules: JsonObject): PortRulePart['l7'] {
  const kinds = L7_KINDS.filter((kind) => Array.isArray(rules[kind]));
  return Object.fromEntries(kinds.map((kind) => [kind, asList(rules[kind]).length]));
}

function portOf(value: JsonObject, hasDnsRules: boolean, place: Place): PortPart {
  const endPort = typeof value.endPort === 'number' ? value.endPort : 0;
  return { port: asText(value.port), endPort, protocol: asText(value.protocol), hasDnsRules, place };
}

function icmpOf(value: JsonObject, place: Place): IcmpPart {
  const fields = asList(value.fields).map((entry, i) => {
    const { type } = asObject(entry);
    const at = below(place, 'fields', i);
    return { family: asText(asObject(entry).family), ...(isType(type) && { type }), place: at };
  });
  return { fields, place };
}

function isType(type: Json | undefined): type is string | number {
  return typeof type === 'string' || typeof type === 'number';
}
