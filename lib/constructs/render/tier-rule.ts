/** Renders one call of a verb of a ClusterNetworkPolicy, with a peer and its traffic, as one rule. */
import { IConstruct } from 'constructs';
import { isMapped, parseAddress } from '../../net/address';
import { MAX_DNS_NAME } from '../../net/dns-pattern';
import { CLUSTER_KEY } from '../../net/label-keys';
import { MAX_PORT } from '../../net/port';
import { fail, mustBeA, shown, unreachable } from '../../props/errors';
import { EgressPeer } from '../peer';
import { PodsManifest, renderLabels, renderPods } from '../private/kubernetes-selector';
import { LabelSelector, PortProtocol } from '../private/manifest';
import { PeerSection, TrafficPart } from '../private/parts';
import { isNamed } from '../private/port-overlap';
import { requirementsOf, withoutSource } from '../private/requirements';
import { portText } from '../private/traffic-text';
import { EgressTraffic, PlainTraffic } from '../traffic';

export type TierAction = 'Accept' | 'Deny' | 'Pass';

/** Where a rule is, which decides what the rule may contain. */
export interface TierPlace {
  readonly direction: 'ingress' | 'egress';
  readonly action: TierAction;
  readonly construct: IConstruct;
}

/** A rule as the CRD has it. */
export interface TierRule {
  readonly action: TierAction;
  readonly from?: readonly TierPeer[];
  readonly to?: readonly TierPeer[];
  readonly protocols?: readonly object[];
}

type TierPeer =
  PodsManifest | { readonly nodes: LabelSelector } | { readonly networks: readonly string[] } | { readonly domainNames: readonly string[] };

/** The most rules of a direction, peers of a rule, protocols of a rule, and addresses or names of a peer. Source: the CRD's `maxItems`. */
export const MAX_TIER_ITEMS = 25;

export function renderTierRule(peer: EgressPeer, traffic: readonly EgressTraffic[], place: TierPlace): TierRule {
  const { direction, action, construct } = place;
  mustBeA(EgressPeer, `peer of ${direction}`, peer, construct);
  const peers = renderPeers(peer, place);
  mustNotExceed('peers', peers.length, 'write one rule for some of them, and another for the rest', construct);
  const protocols = renderTraffic(traffic, peer, place);
  return { action, ...(direction === 'ingress' ? { from: peers } : { to: peers }), ...(protocols.length > 0 && { protocols }) };
}

function renderPeers(peer: EgressPeer, place: TierPlace): readonly TierPeer[] {
  const { _section: section } = peer;
  const { field, items } = section;
  const { direction, construct } = place;
  switch (field) {
    case 'any':
      return fail('a ClusterNetworkPolicy cannot name every peer', everybody(direction), construct);
    case 'Entities':
      return fail(`a ClusterNetworkPolicy cannot name the entity ${shown(items[0])}`, everybody(direction), construct);
    case 'Endpoints':
      if (section.ownNamespace === true) {
        fail(
          'a ClusterNetworkPolicy has no namespace of its own',
          'write Peer.endpoints() with a selector that names the namespace',
          construct,
        );
      }
      return (items as LabelSelector[]).map((item) => renderPods(item, 'selector of a peer', construct));
    case 'CIDR':
      mustBeEgress('addresses', place);
      (items as string[]).forEach((cidr) => mustNotBeMapped(cidr, construct));
      return [{ networks: few('CIDRs', items as string[], construct) }];
    case 'Nodes':
      mustBeEgress('nodes', place);
      return (items as LabelSelector[]).map((item) => ({ nodes: renderNodes(item, construct) }));
    case 'FQDNs':
      return [{ domainNames: few('names', domainNames(items, place), construct) }];
    case 'CIDRSet':
    case 'Groups':
    case 'Services':
      return failForPeer(section, construct);
    default:
      return unreachable(field);
  }
}

function renderNodes(selector: LabelSelector, at: IConstruct): LabelSelector {
  if (requirementsOf(selector).some(({ key }) => withoutSource(key) === CLUSTER_KEY)) {
    fail('node selector requires a cluster', 'nodes have no such label here: select them by their own labels', at);
  }
  return renderLabels(selector, 'node selector', at);
}

/** What can be written in place of a peer that is everybody, or everybody of some kind. */
function everybody(direction: 'ingress' | 'egress'): string {
  return direction === 'ingress'
    ? 'write Peer.endpoints(Selector.all()) for every pod; in ingress, nothing else can be named: use a CiliumClusterwideNetworkPolicy for that'
    : "write Peer.endpoints(Selector.all()) for every pod, Peer.cidrs('0.0.0.0/0', '::/0') for addresses outside the cluster, or Peer.nodes(Selector.all()), one rule each";
}

function failForPeer({ field, items }: PeerSection, at: IConstruct): never {
  const [first] = items as { cidr?: string; except?: unknown }[];
  if (field === 'Services') {
    return fail('a ClusterNetworkPolicy cannot name Services', 'name their pods with Peer.endpoints()', at);
  }
  if (field === 'Groups') {
    return fail('a ClusterNetworkPolicy cannot name AWS groups', 'write their CIDRs with Peer.cidrs()', at);
  }
  return first.cidr === undefined
    ? fail('a ClusterNetworkPolicy cannot name CIDR groups', 'write their CIDRs with Peer.cidrs()', at)
    : fail(
        'a ClusterNetworkPolicy cannot except addresses from a CIDR',
        'write an earlier rule for the excepted CIDRs: the first rule that matches decides',
        at,
      );
}

function mustBeEgress(what: string, { direction, construct }: TierPlace): void {
  if (direction === 'ingress') {
    fail(
      `a ClusterNetworkPolicy cannot name ${what} in ingress`,
      'name pods, or write the rule in a CiliumClusterwideNetworkPolicy',
      construct,
    );
  }
}

/** Source: the CRD's rule for `networks`, Kubernetes' `isCIDR`. */
function mustNotBeMapped(cidr: string, at: IConstruct): void {
  const address = parseAddress(cidr.slice(0, cidr.lastIndexOf('/')));
  if (address !== undefined && isMapped(address)) {
    fail(`CIDR \`${cidr}\` has an IPv4 address in the form of IPv6`, 'write it as an IPv4 address', at);
  }
}

/** Lists of the CRD may not have an item twice. */
function few(what: string, items: readonly string[], at: IConstruct): readonly string[] {
  const different = [...new Set(items)];
  mustNotExceed(what, different.length, 'write one rule for some of them, and another for the rest', at);
  return different;
}

function mustNotExceed(what: string, count: number, help: string, at: IConstruct): void {
  if (count > MAX_TIER_ITEMS) {
    fail(`a rule of a ClusterNetworkPolicy has ${count} ${what}, the most is ${MAX_TIER_ITEMS}`, help, at);
  }
}

function domainNames(items: readonly unknown[], { direction, action, construct }: TierPlace): readonly string[] {
  if (direction === 'ingress' || action !== 'Accept') {
    fail('a ClusterNetworkPolicy can only accept connections to names', 'use names only in acceptTo(), and deny CIDRs', construct);
  }
  return (items as { matchName?: string; matchPattern?: string }[]).map(({ matchName, matchPattern = '' }) =>
    domainName(matchName ?? matchPattern, construct),
  );
}

/** Source: the CRD's pattern of `domainNames`; cilium `pkg/k8s/cluster_network_policy.go`, which puts another `*` in front of one. */
function domainName(text: string, at: IConstruct): string {
  if (text.startsWith('**.')) {
    fail(
      `name \`${text}\` begins with \`**.\``,
      `write \`${text.slice(1)}\`, which matches names of any depth in a ClusterNetworkPolicy`,
      at,
    );
  }
  const labels = text.replace(/^\*\./, '').replace(/\.$/, '').split('.');
  if (labels.length < 2) {
    fail(`name \`${text}\` has fewer than two labels, besides \`*.\``, 'write at least two, for example `example.com`', at);
  }
  const other = labels.find((label) => !LABEL.test(label));
  if (other !== undefined) {
    fail(
      `name \`${text}\` has the label \`${other}\``,
      'in a ClusterNetworkPolicy, write letters, digits, inner `-` and `_`, and `*.` only in front of a name',
      at,
    );
  }
  if (text.startsWith('*') && text.length >= MAX_DNS_NAME) {
    fail(`name \`${text}\` has ${text.length} characters, the most is ${MAX_DNS_NAME - 1} for a pattern`, undefined, at);
  }
  return text;
}

const LABEL = /^[a-zA-Z0-9]([-a-zA-Z0-9_]*[a-zA-Z0-9])?$/;

function renderTraffic(traffic: readonly EgressTraffic[], peer: EgressPeer, { direction, construct }: TierPlace): readonly object[] {
  const parts = traffic.flatMap((one) => partsOf(one, direction, construct));
  const protocols = parts.flatMap((part) => {
    if (part.is !== 'port' && part.is !== 'everything') {
      fail('a ClusterNetworkPolicy cannot name ICMP types', 'leave ports out: a rule without ports covers ICMP too', construct);
    }
    return part.is === 'port' ? renderPort(part.port, peer, construct) : [];
  });
  if (parts.some(({ is }) => is === 'everything') && protocols.length > 0) {
    fail('Port.everything() is given beside other traffic', 'leave one of them out', construct);
  }
  mustNotExceed('protocols', protocols.length, 'write a range, or another rule; a port of every protocol counts as three', construct);
  return protocols;
}

function partsOf(traffic: EgressTraffic, direction: string, at: IConstruct): readonly TrafficPart[] {
  mustBeA(EgressTraffic, `traffic of ${direction}`, traffic, at);
  if (!(traffic instanceof PlainTraffic)) {
    fail(
      'a ClusterNetworkPolicy cannot look inside connections',
      'give only ports; rules for requests, names and TLS belong in a CiliumNetworkPolicy, which passTo() and passFrom() leave the decision to',
      at,
    );
  }
  return traffic._parts();
}

/** A port of every protocol is one of each, and every port is a range, because neither has a word of its own. */
function renderPort(port: PortProtocol, peer: EgressPeer, at: IConstruct): readonly object[] {
  if (isNamed(port)) {
    mustFitNamedPort(port, peer, at);
    return [{ destinationNamedPort: port.port.toLowerCase() }];
  }
  const protocols = port.protocol === 'ANY' ? WITH_PORTS : [port.protocol];
  const other = protocols.find((protocol) => !WITH_PORTS.includes(protocol));
  if (other !== undefined) {
    fail(`a ClusterNetworkPolicy cannot name the protocol ${other}`, 'it has only TCP, UDP and SCTP', at);
  }
  const [first, last] = port.port === '0' ? [1, MAX_PORT] : [Number(port.port), port.endPort];
  const destinationPort = last === undefined ? { number: first } : { range: { start: first, end: last } };
  return protocols.map((protocol) => ({ [protocol.toLowerCase()]: { destinationPort } }));
}

const WITH_PORTS = ['TCP', 'UDP', 'SCTP'];

/** Source: the CRD's rule for `destinationNamedPort`, which has no protocol. */
function mustFitNamedPort(port: PortProtocol, { _section: { field } }: EgressPeer, at: IConstruct): void {
  if (port.protocol !== 'ANY') {
    fail(
      `a ClusterNetworkPolicy cannot limit the named port ${portText(port)} to a protocol`,
      `write Port.named('${port.port}', Protocol.ANY), or the number of the port`,
      at,
    );
  }
  if (field !== 'Endpoints') {
    fail(`the named port \`${port.port}\` needs pods as peers`, 'write its number: only pods name their ports', at);
  }
}
