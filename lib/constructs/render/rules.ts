/** Renders one call of a verb, with a peer and its traffic, as rules of the CRD. */
import { IConstruct } from 'constructs';
import { fail, shown, unreachable } from '../../props/errors';
import { Entity } from '../entity';
import { EgressPeer } from '../peer';
import { IcmpField, PortProtocol, PortRule, RuleManifest, Section } from '../private/manifest';
import { TrafficPart } from '../private/parts';
import { isNamed, overlap } from '../private/port-overlap';
import { portText } from '../private/traffic-text';
import { EgressTraffic } from '../traffic';

/** Where a rule is, which decides what the rule may contain. */
export interface RulePlace {
  readonly section: Section;
  readonly kind: 'namespaced' | 'clusterwide';
  readonly subject: 'endpoints' | 'nodes';
  readonly construct: IConstruct;
}

/**
 * Renders the rules of one call.
 *
 * All ports are in one rule: ports without L7 rules share an entry, each port with L7 rules has its own. ICMP types are in a separate rule,
 * because a rule may not have both. An entry has up to 40 ports or types.
 */
export function renderRules(peer: EgressPeer, traffic: readonly EgressTraffic[], place: RulePlace): readonly RuleManifest[] {
  mustBelong(peer, traffic, place);
  const parts = traffic.flatMap((one) => one._parts());
  const { ports, portRules, fields, modes } = byKind(parts, place);
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
    // Without ports, a rule without peers would match no peer.
    rules.push(renderPeer(peer, place, Entity.ALL));
  }
  if (modes.length > 0) {
    rules.forEach((rule) => (rule.authentication = { mode: modes[0] }));
  }
  return rules;
}

function renderPeer(peer: EgressPeer, place: RulePlace, everyPeer?: Entity): RuleManifest {
  const { field, items } = peer._section;
  const names = place.section.startsWith('ingress') ? FROM : TO;
  if (field !== 'any') {
    return { [names[field]]: items };
  }
  return everyPeer === undefined ? {} : { [names.Entities]: [everyPeer] };
}

/** The names of the peer fields, by direction. Services and names are never sources. */
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

/** Sorts the traffic by the field of the rule that it belongs in. */
function byKind(parts: readonly TrafficPart[], place: RulePlace) {
  const ports: PortProtocol[] = [];
  const portRules: PortRule[] = [];
  const fields: IcmpField[] = [];
  const modes: string[] = [];
  for (const part of parts) {
    switch (part.is) {
      case 'everything':
        break;
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
  if (parts.some(({ is }) => is === 'everything') && ports.length + portRules.length + fields.length > 0) {
    fail('Port.everything() is given beside other traffic', 'leave one of them out', place.construct);
  }
  if (modes.length > 1) {
    fail('authentication is given twice', 'give one mode per rule', place.construct);
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

/** Rejects what TypeScript rejects too, for callers in other languages, and what only the policy knows. */
function mustBelong(peer: EgressPeer, traffic: readonly EgressTraffic[], place: RulePlace): void {
  const { section, construct } = place;
  if (!(peer instanceof EgressPeer)) {
    fail(`peer of ${section} is ${shown(peer)}`, 'create it with a factory method of Peer', construct);
  }
  if (peer._use === 'egress' && section !== 'egress') {
    fail(
      `${peer._section.field === 'FQDNs' ? 'a name' : 'a Service'} cannot be used in ${section}`,
      'use names and Services only as destinations of allowTo()',
      construct,
    );
  }
  if (peer._section.ownNamespace === true && place.kind === 'clusterwide') {
    fail('a clusterwide policy has no namespace of its own', 'write Peer.endpoints() with a selector that names the namespace', construct);
  }
  for (const one of traffic) {
    if (!(one instanceof EgressTraffic)) {
      fail(`traffic of ${section} is ${shown(one)}`, 'create it with a factory method of Port, Icmp or Authentication', construct);
    }
    if (section.endsWith('Deny') && one._use !== 'plain') {
      fail(
        `${section} cannot look inside connections`,
        'deny only ports and ICMP types, without HTTP, DNS, TLS or authentication',
        construct,
      );
    }
    if (section === 'ingress' && one._use === 'egress') {
      fail(
        'DNS rules and listeners cannot be used in ingress',
        'they apply only to connections that the subject opens: write allowTo()',
        construct,
      );
    }
  }
  if (section === 'egress' && isOutside(peer) && traffic.some((one) => one._parts().some(isNamedPart))) {
    fail(
      'a named port cannot be used for peers outside the cluster',
      'write its number: up to Cilium 1.19, the name would mean the number that any pod of the cluster gives it',
      construct,
    );
  }
}

function isOutside({ _section: { field, items } }: EgressPeer): boolean {
  return (
    field === 'CIDR' ||
    field === 'CIDRSet' ||
    field === 'FQDNs' ||
    field === 'Groups' ||
    (field === 'Entities' && items.every((one) => one === Entity.WORLD))
  );
}

function isNamedPart(part: TrafficPart): boolean {
  return part.is === 'port' ? isNamed(part.port) : part.is === 'port-rule' && part.rule.ports.some(isNamed);
}

/** Source: cilium `pkg/policy/api/rule_validation.go` (host policies, TLS), `pkg/policy/l4.go` (kind of a listener). */
function mustFitPort(rule: PortRule, listenerKind: string | undefined, place: RulePlace): void {
  if (rule.rules?.http !== undefined && place.subject === 'nodes') {
    fail(
      'HTTP rules cannot apply to nodes',
      'leave them out: a node policy covers only ports, and DNS look-ups of the node',
      place.construct,
    );
  }
  if (rule.rules?.http !== undefined && rule.serverNames !== undefined && rule.terminatingTLS === undefined) {
    fail(
      'server names with HTTP rules need terminatingTls',
      'add it: the proxy cannot read requests inside TLS that it does not terminate',
      place.construct,
    );
  }
  const contexts = [rule.terminatingTLS, rule.originatingTLS];
  if (place.kind === 'clusterwide' && contexts.some((context) => context !== undefined && context.secret.namespace === undefined)) {
    fail('a clusterwide policy has no namespace in which to look for Secrets', 'set secretNamespace', place.construct);
  }
  if (listenerKind === 'CiliumEnvoyConfig' && place.kind === 'clusterwide') {
    fail('a clusterwide policy cannot use a CiliumEnvoyConfig', 'write EnvoyConfigKind.CILIUM_CLUSTERWIDE_ENVOY_CONFIG', place.construct);
  }
}

/**
 * Rejects a port with rules if another value of the same call has connections to it too. Cilium would let every request through, or fail to
 * merge the rules and leave the endpoint without its policy. Source: cilium `pkg/policy/rule.go`, `mergePortProto`.
 */
function mustNotOverlap(ports: readonly PortProtocol[], portRules: readonly PortRule[], place: RulePlace): void {
  const all = [...ports, ...portRules.flatMap((rule) => rule.ports)];
  for (const refined of portRules.flatMap((rule) => rule.ports)) {
    const other = all.find((port) => port !== refined && overlap(port, refined));
    if (other !== undefined) {
      fail(
        `port ${portText(refined)} has rules${portText(other) === portText(refined) ? ' and is given twice' : `, and ${portText(other)} may be the same port`}`,
        isNamed(other) === isNamed(refined) ? 'give every port once, with all of its rules' : 'write both as numbers',
        place.construct,
      );
    }
  }
}
