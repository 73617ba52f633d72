/** One call of a verb, a peer and its traffic, as the rules that the CRD has for it. */
import { IConstruct } from 'constructs';
import { Entity } from '../entity';
import { EgressPeer } from '../peer';
import { EgressTraffic } from '../traffic';
import { fail, shown, unreachable } from './errors';
import { IcmpField, PortProtocol, PortRule, RuleManifest, Section } from './manifest';

/** Where a rule stands: it decides what the rule may say. */
export interface RulePlace {
  readonly section: Section;
  readonly kind: 'namespaced' | 'clusterwide';
  readonly subject: 'endpoints' | 'nodes';
  readonly construct: IConstruct;
}

/**
 * The rules of one call.
 *
 * Ports share one rule: plain ports stand in one entry, each refined port in its own. ICMP stands in a rule of its own, since a rule may not
 * hold both. An entry has up to 40 ports or types.
 */
export function renderRules(peer: EgressPeer, traffic: readonly EgressTraffic[], place: RulePlace): RuleManifest[] {
  mustFit(peer, traffic, place);
  const { ports, portRules, fields, modes } = byKind(traffic, place);
  const rules: RuleManifest[] = [];
  if (ports.length + portRules.length > 0) {
    const rule = renderPeer(peer, place);
    rule.toPorts = [...chunks(ports).map((some) => ({ ports: some })), ...portRules];
    rules.push(rule);
  }
  if (fields.length > 0) {
    const rule = renderPeer(peer, place);
    rule.icmps = chunks(fields).map((some) => ({ fields: some }));
    rules.push(rule);
  }
  if (rules.length === 0) {
    // Without ports, a rule without peers would match nobody.
    rules.push(renderPeer(peer, place, Entity.ALL));
  }
  if (modes.length > 0) {
    rules.forEach((rule) => (rule.authentication = { mode: modes[0] }));
  }
  return rules;
}

function renderPeer(peer: EgressPeer, place: RulePlace, anybody?: Entity): RuleManifest {
  const { field, items } = peer._section;
  const names = place.section.startsWith('ingress') ? FROM : TO;
  if (field !== 'any') {
    return { [names[field]]: items };
  }
  return anybody === undefined ? {} : { [names.Entities]: [anybody] };
}

/** What the sections of peers are called, by direction. Services and names are never sources. */
const FROM = peerSections('from');
const TO = peerSections('to');

function peerSections(prefix: 'from' | 'to') {
  return {
    Endpoints: `${prefix}Endpoints`,
    Entities: `${prefix}Entities`,
    CIDR: `${prefix}CIDR`,
    CIDRSet: `${prefix}CIDRSet`,
    Nodes: `${prefix}Nodes`,
    Groups: `${prefix}Groups`,
    FQDNs: `${prefix}FQDNs`,
    Services: `${prefix}Services`,
  };
}

/** The traffic by what a rule has for it. */
function byKind(traffic: readonly EgressTraffic[], place: RulePlace) {
  const ports: PortProtocol[] = [];
  const portRules: PortRule[] = [];
  const fields: IcmpField[] = [];
  const modes: string[] = [];
  for (const one of traffic) {
    const part = one._part();
    switch (part.is) {
      case 'port':
        ports.push(part.port);
        break;
      case 'port-rule':
        mustFitPort(part.rule, part.listenerKind, place);
        portRules.push(part.rule);
        break;
      case 'icmp':
        fields.push(part.field);
        break;
      case 'authentication':
        modes.push(part.mode);
        break;
      default:
        unreachable(part);
    }
  }
  if (modes.length > 1) {
    fail('authentication is given twice', 'a rule has one mode', place.construct);
  }
  if (portRules.length > 0 && ports.length + portRules.length > 1) {
    mustNotOverlap(ports, portRules, place);
  }
  return { ports, portRules, fields, modes };
}

/** Source: the CRD's `maxItems` of `ports` and `fields`; cilium `pkg/policy/api/rule_validation.go`, `maxPorts` and `maxICMPFields`. */
const MAX_ITEMS = 40;

function chunks<T>(items: readonly T[]): (readonly T[])[] {
  const some: (readonly T[])[] = [];
  for (let start = 0; start < items.length; start += MAX_ITEMS) {
    some.push(items.slice(start, start + MAX_ITEMS));
  }
  return some;
}

/** What TypeScript refuses too, for callers it does not check; and what only the policy knows. */
function mustFit(peer: EgressPeer, traffic: readonly EgressTraffic[], place: RulePlace): void {
  const { section, construct } = place;
  if (!(peer instanceof EgressPeer)) {
    fail(`peer of ${section} is ${shown(peer)}`, 'make one with the factories of Peer', construct);
  }
  if (peer._use === 'egress' && section !== 'egress') {
    fail(
      `${peer._section.field === 'FQDNs' ? 'a name' : 'a Service'} cannot stand in ${section}`,
      'names and Services can only be allowed as destinations',
      construct,
    );
  }
  if (peer._section.ownNamespace === true && place.kind === 'clusterwide') {
    fail('a clusterwide policy has no own namespace', 'write Peer.endpoints() with a selector that says which', construct);
  }
  for (const one of traffic) {
    if (!(one instanceof EgressTraffic)) {
      fail(`traffic of ${section} is ${shown(one)}`, 'make it with the factories of Port, Icmp or Authentication', construct);
    }
    if (section.endsWith('Deny') && one._use !== 'plain') {
      fail(`${section} cannot look inside connections`, 'deny ports and ICMP types, without HTTP, DNS, TLS or authentication', construct);
    }
    if (section === 'ingress' && one._use === 'egress') {
      fail('DNS rules and listeners cannot stand in ingress', 'they judge what the subject itself opens: write allowTo()', construct);
    }
  }
}

/** Source: cilium `pkg/policy/api/rule_validation.go` (host policies, TLS), `pkg/policy/l4.go` (kind of a listener). */
function mustFitPort(rule: PortRule, listenerKind: string | undefined, place: RulePlace): void {
  if (rule.rules?.http !== undefined && place.subject === 'nodes') {
    fail('HTTP rules cannot apply to nodes', 'leave them out: a node policy judges ports, and DNS look-ups of the node', place.construct);
  }
  if (rule.rules?.http !== undefined && rule.serverNames !== undefined && rule.terminatingTLS === undefined) {
    fail(
      'server names on HTTP requests need terminatingTls',
      'the proxy cannot see requests inside TLS that it does not terminate',
      place.construct,
    );
  }
  const contexts = [rule.terminatingTLS, rule.originatingTLS];
  if (place.kind === 'clusterwide' && contexts.some((context) => context !== undefined && context.secret.namespace === undefined)) {
    fail('a clusterwide policy has no namespace to look for Secrets in', 'give secretNamespace', place.construct);
  }
  if (listenerKind === 'CiliumEnvoyConfig' && place.kind === 'clusterwide') {
    fail('a clusterwide policy cannot use a CiliumEnvoyConfig', 'write EnvoyConfigKind.CILIUM_CLUSTERWIDE_ENVOY_CONFIG', place.construct);
  }
}

/**
 * A port with rules, and the same port without or with others, for the same peers: Cilium would let every request through, or refuse to
 * merge them and leave the endpoint without its policy. Source: cilium `pkg/policy/rule.go`, `mergePortProto`.
 */
function mustNotOverlap(ports: readonly PortProtocol[], portRules: readonly PortRule[], place: RulePlace): void {
  const all = [...ports, ...portRules.flatMap((rule) => rule.ports)];
  for (const refined of portRules.flatMap((rule) => rule.ports)) {
    if (all.filter((port) => isSamePort(port, refined)).length > 1) {
      fail(`port ${refined.port}/${refined.protocol} is given twice, with rules`, 'give it once, with all its rules', place.construct);
    }
  }
}

function isSamePort(a: PortProtocol, b: PortProtocol): boolean {
  const sameProtocol = a.protocol === b.protocol || a.protocol === 'ANY' || b.protocol === 'ANY';
  return sameProtocol && a.port.toLowerCase() === b.port.toLowerCase() && a.endPort === b.endPort;
}
