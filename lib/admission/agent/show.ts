/** Passes each part of a policy to the checks that visit its kind, in the order in which the agent validates the parts. */
import { isSince, Minor } from '../../crd/minor';
import { AgentConfig, isOn } from '../../model/config';
import { below } from '../../model/path';
import {
  CidrRulePart,
  RulePart,
  NetworkRulePart,
  IcmpFieldPart,
  IcmpPart,
  IpBlockPart,
  L7_KINDS,
  MisfitPart,
  NetworkPeerPart,
  ObjectPart,
  PeerList,
  PolicyPart,
  PortPart,
  PortRulePart,
  RuleLabelPart,
  SpecPart,
  SelectorPart,
  TextPart,
  TierPeerPart,
  WrittenNetworkPolicy,
  WrittenPolicy,
  WrittenTierPolicy,
} from '../../model/written';
import { l7Parts, serverNameParts } from '../written/written';

/** The parts that a check can visit, by kind. */
export interface Parts {
  readonly policy: PolicyPart;
  readonly spec: SpecPart;
  readonly rule: RulePart;
  readonly selector: SelectorPart;
  readonly cidr: TextPart;
  readonly cidrRule: CidrRulePart;
  readonly entity: TextPart;
  readonly portRule: PortRulePart;
  readonly port: PortPart;
  readonly serverName: TextPart;
  readonly http: ObjectPart;
  readonly dns: ObjectPart;
  readonly kafka: ObjectPart;
  readonly l7: ObjectPart;
  readonly fqdn: ObjectPart;
  readonly icmp: IcmpPart;
  readonly icmpField: IcmpFieldPart;
  readonly misfit: MisfitPart;
  readonly ipBlock: IpBlockPart;
  /** The protocol of a NetworkPolicy. */
  readonly protocol: TextPart;
  readonly ruleLabel: RuleLabelPart;
  /** A peer of a ClusterNetworkPolicy that selects nodes. */
  readonly tierNodes: TierPeerPart;
  /** A peer of a ClusterNetworkPolicy that is given by domain names, and each of the names. */
  readonly tierNames: TierPeerPart;
  readonly tierName: TextPart;
  readonly tierNetwork: TextPart;
}

/** Receives the parts of a policy. */
export type Show = <K extends keyof Parts>(kind: K, part: Parts[K]) => void;

export function showPolicy({ policy, specs }: WrittenPolicy, minor: Minor, show: Show): void {
  show('policy', policy);
  for (const spec of specs) {
    show('spec', spec);
    showSelector(spec.endpointSelector, show);
    showSelector(spec.nodeSelector, show);
    spec.labels.forEach((label) => show('ruleLabel', label));
    spec.rules.forEach(showRule);
  }

  function showRule(rule: RulePart): void {
    show('rule', rule);
    rule.endpoints?.forEach((selector) => showSelector(selector, show));
    rule.nodes?.forEach((selector) => showSelector(selector, show));
    if (!isSince(minor, '1.19')) {
      // Since 1.19, the schema allows no items here, and the agent does not validate them.
      rule.requires.forEach((selector) => showSelector(selector, show));
    }
    rule.cidrs?.forEach((cidr) => show('cidr', cidr));
    rule.cidrRules?.forEach(showCidrRule);
    rule.entities?.forEach((entity) => show('entity', entity));
    if (minor === '1.19') {
      // The agents of other minors do not validate these selectors.
      rule.services.forEach(({ selector }) => showSelector(selector, show));
    }
    rule.portRules.forEach(showPortRule);
    rule.icmps.forEach(showIcmp);
    rule.fqdns.forEach((fqdn) => show('fqdn', fqdn));
  }

  function showCidrRule(rule: CidrRulePart): void {
    show('cidrRule', rule);
    showSelector(rule.selector, show);
  }

  function showPortRule(part: PortRulePart): void {
    show('portRule', part);
    serverNameParts(part).forEach((name) => show('serverName', name));
    part.ports.forEach((port) => show('port', port));
    // The agent validates L7 rules only if there are any.
    for (const kind of part.l7Rules > 0 ? L7_KINDS : []) {
      l7Parts(part, kind).forEach((rule) => show(kind, rule));
    }
  }

  function showIcmp(part: IcmpPart): void {
    show('icmp', part);
    part.fields.forEach((field) => show('icmpField', field));
  }
}

/**
 * Cilium 1.18 converts a NetworkPolicy to one of its own rules and validates it like any other. Since 1.19, it validates only protocols and
 * CIDRs.
 *
 * Source: cilium `pkg/k8s/network_policy.go`, ParseNetworkPolicy.
 */
export function showNetworkPolicy(policy: WrittenNetworkPolicy, minor: Minor, config: AgentConfig, show: Show): void {
  if (isSince(minor, '1.19')) {
    for (const { peers, ports } of policy.rules) {
      peers.forEach(({ block }) => block && show('ipBlock', block));
      ports.forEach(({ protocol, at }) => show('protocol', { text: protocol, at: below(at, 'protocol') }));
    }
    return;
  }
  showSelector(policy.spec.endpointSelector, show);
  for (const rule of policy.rules) {
    rule.peers.forEach((peer) => showPeer(peer, rule));
    rule.ports.forEach((port) => show('port', port));
  }

  function showPeer(peer: NetworkPeerPart, rule: NetworkRulePart): void {
    showSelector(peer.pods, show);
    showSelector(peer.namespaces, show);
    if (peer.block !== undefined) {
      show('cidrRule', { ...peer.block, group: '' });
      show('rule', ruleOf(peer, peer.block, rule));
    }
  }

  /** A CIDR and a selector in one peer. If peers are limited to the local cluster, an ingress peer always has a selector. */
  function ruleOf(peer: NetworkPeerPart, block: IpBlockPart, { isIngress }: NetworkRulePart): RulePart {
    const isPinned = isIngress && isOn(config, 'policy-default-local-cluster', false);
    const pinned = isPinned ? [{ field: 'policy-default-local-cluster', at: below(peer.at, 'policy-default-local-cluster') }] : [];
    const selectors: readonly PeerList[] = [
      ...(peer.pods === undefined ? [] : [{ field: 'podSelector', at: peer.pods.at }]),
      ...(peer.namespaces === undefined ? [] : [{ field: 'namespaceSelector', at: peer.namespaces.at }]),
      ...pinned,
    ];
    return {
      ...{ value: {}, section: isIngress ? 'ingress' : 'egress', isIngress, isDeny: false, spec: policy.spec, at: peer.at },
      ...{ peers: [...selectors.slice(0, 1), { field: 'ipBlock', at: block.at }] },
      ...{ requires: [], fqdns: [], services: [], groups: [], portRules: [], icmps: [] },
    };
  }
}

/**
 * Of a ClusterNetworkPolicy, the agent validates only these peers. Of a peer with several fields, it reads the first.
 *
 * Source: cilium 1.20 `pkg/k8s/cluster_network_policy.go`, ParseClusterNetworkPolicy.
 */
export function showTierPolicy({ rules }: WrittenTierPolicy, show: Show): void {
  for (const peer of rules.flatMap(({ peers }) => peers)) {
    if (peer.pods !== undefined || peer.namespaces !== undefined) {
      continue;
    }
    if (peer.nodes !== undefined) {
      show('tierNodes', peer);
    } else if (peer.networks !== undefined) {
      peer.networks.forEach((network) => show('tierNetwork', network));
    } else if (peer.domainNames !== undefined) {
      show('tierNames', peer);
      peer.domainNames.forEach((name) => show('tierName', name));
    }
  }
}

function showSelector(selector: SelectorPart | undefined, show: Show): void {
  if (selector !== undefined) {
    show('selector', selector);
  }
}
