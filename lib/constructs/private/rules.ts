/** One call of a verb, a peer and its traffic, as the rules that the CRD has for it. */
import { IConstruct } from 'constructs';
import { Entity } from '../entity';
import { fail } from './errors';
import { PortRule, RuleManifest, Section } from './manifest';
import { TrafficPart } from './parts';
import { EgressPeer } from '../peer';
import { EgressTraffic } from '../traffic';

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
  const parts = traffic.map((one) => one._part());
  parts.forEach((part) => mustFitPart(part, place));
  const direction = place.section.startsWith('ingress') ? 'from' : 'to';
  const authentication = renderAuthentication(parts, place);
  const contents = [renderPorts(parts), renderIcmp(parts)].filter((content) => content !== undefined);
  if (contents.length === 0) {
    // Without ports, a rule without peers would match nobody.
    return [{ ...renderPeer(peer, direction, Entity.ALL), ...authentication }];
  }
  return contents.map((content) => ({ ...renderPeer(peer, direction), ...content, ...authentication }));
}

function renderPeer(peer: EgressPeer, direction: 'from' | 'to', anybody?: Entity): RuleManifest {
  const { field, items } = peer._section;
  if (field !== 'any') {
    return { [`${direction}${field}`]: items };
  }
  return anybody === undefined ? {} : { [`${direction}Entities`]: [anybody] };
}

function renderPorts(parts: readonly TrafficPart[]): object | undefined {
  const plain = parts.flatMap((part) => (part.is === 'port' ? [part.port] : []));
  const refined = parts.flatMap((part) => (part.is === 'port-rule' ? [part.rule] : []));
  const toPorts: PortRule[] = [...chunks(plain).map((ports) => ({ ports })), ...refined];
  return toPorts.length === 0 ? undefined : { toPorts };
}

function renderIcmp(parts: readonly TrafficPart[]): object | undefined {
  const fields = parts.flatMap((part) => (part.is === 'icmp' ? [part.field] : []));
  return fields.length === 0 ? undefined : { icmps: chunks(fields).map((some) => ({ fields: some })) };
}

function renderAuthentication(parts: readonly TrafficPart[], place: RulePlace): object {
  const modes = parts.flatMap((part) => (part.is === 'authentication' ? [part.mode] : []));
  if (modes.length > 1) {
    fail('authentication is given twice', 'a rule has one mode', place.construct);
  }
  return modes.length === 0 ? {} : { authentication: { mode: modes[0] } };
}

/** Source: the CRD's `maxItems` of `ports` and `fields`; cilium `pkg/policy/api/rule_validation.go`, `maxPorts` and `maxICMPFields`. */
const MAX_ITEMS = 40;

function chunks<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / MAX_ITEMS);
  return Array.from({ length: count }, (_, i) => items.slice(i * MAX_ITEMS, (i + 1) * MAX_ITEMS));
}

/** What TypeScript refuses too, for callers it does not check; and what only the policy knows. */
function mustFit(peer: EgressPeer, traffic: readonly EgressTraffic[], place: RulePlace): void {
  const { section, construct } = place;
  if (!(peer instanceof EgressPeer)) {
    fail(`peer of ${section} is no peer`, 'make one with the factories of Peer', construct);
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
      fail(`traffic of ${section} is no traffic`, 'make it with the factories of Port, Icmp or Authentication', construct);
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
function mustFitPart(part: TrafficPart, place: RulePlace): void {
  if (part.is !== 'port-rule') {
    return;
  }
  const { rule, listenerKind } = part;
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
  if (listenerKind === 'CiliumEnvoyConfig' && place.kind === 'clusterwide') {
    fail('a clusterwide policy cannot use a CiliumEnvoyConfig', 'write EnvoyConfigKind.CILIUM_CLUSTERWIDE_ENVOY_CONFIG', place.construct);
  }
}
