/** Policies in one normalised form, independent of their kind. Reading produces it, and judging uses it. */
import type { IcmpFamily } from '../net/icmp';
import type { Prefix } from '../net/prefix';
import type { Resource } from './origin';
import type { Path, PathLink } from './path';

export type PolicyKind = 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy' | 'NetworkPolicy' | 'ClusterNetworkPolicy';

/** A policy as the agent reads it: stored by the API server, with defaults, and scoped to its namespace and cluster. */
export interface Policy {
  readonly kind: PolicyKind;
  /** Empty for a clusterwide policy. */
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly resource: Resource;
}

export type Direction = 'ingress' | 'egress';

/** `pass` leaves the decision to the tiers that follow. */
export type Effect = 'allow' | 'deny' | 'pass';

/** The tiers of policies, in the order in which they are asked. All policies but ClusterNetworkPolicies are in the normal one. */
export const TIERS = ['admin', 'normal', 'baseline'] as const;

export type Tier = (typeof TIERS)[number];

/** Where a rule stands in a tier: those of lower order come first. */
export interface Level {
  readonly tier: Tier;
  readonly order: number;
}

/** One entry of `ingress`, `egress`, `ingressDeny` or `egressDeny`. */
export interface Rule {
  readonly direction: Direction;
  readonly effect: Effect;
  /** @default - the normal tier, where all rules are of one order */
  readonly level?: Level;
  readonly subject: Subject;
  /** Whether the rule puts this direction of its subjects into default deny. */
  readonly defaultDeny: boolean;
  readonly peers: Peers;
  /** `undefined` for a rule with neither ports nor ICMP types, which applies to all traffic. */
  readonly traffic?: readonly Traffic[];
  /** The mode of `authentication`. */
  readonly authentication?: string;
  /** What the flow log says of its connections. @default - nothing */
  readonly log?: string;
  /** Further requirements on every label selector of peers, in every rule of the subject: `fromRequires` and `toRequires`, up to 1.18. */
  readonly requires: readonly Requirement[];
  /** The path in the resource. */
  readonly path: Path;
  /** Whether the rule may not select its subjects, because what selects them is filled in later. @default false */
  readonly isUncertain?: boolean;
}

/** The endpoints or nodes that a rule applies to. */
export interface Subject {
  readonly is: 'endpoints' | 'nodes';
  readonly selector: LabelSelector;
}

/**
 * The peers of a rule.
 *
 * `none` occurs in practice: an empty list of endpoints, nodes, entities or CIDRs matches no peer, even if the rule names peers in other lists.
 * `any` is a rule without peers, which matches every peer on its ports, and no peer if it has no ports. Services and cloud groups are resolved
 * against an inventory.
 */
export type Peers =
  | { readonly is: 'any' }
  | { readonly is: 'none'; readonly beside: readonly Selector[] }
  | { readonly is: 'selectors'; readonly selectors: readonly Selector[] }
  | {
      readonly is: 'services';
      readonly refs: readonly ServiceRef[];
      /** The lists that are empty. Services add their backends to these lists. If they add none, the rule matches no peer. */
      readonly emptied: readonly ('labels' | 'block')[];
    }
  | { readonly is: 'groups'; readonly groups: readonly CloudGroup[] };

/** A group of machines in a cloud. The operator looks up their addresses. */
export interface CloudGroup {
  /** The name of the group, for messages. */
  readonly name: string;
  /** Since 1.20, the selector of the CiliumCIDRGroup that holds the addresses. */
  readonly selector: LabelSelector;
}

/** A part with its place in the object of the policy. Parts that Cilium adds have no place. */
interface Placed {
  readonly at?: PathLink;
}

/** A string of a policy: a DNS pattern or a server name. */
export interface PlacedText extends Placed {
  readonly text: string;
}

/** A selector of peers. `key` is equal for selectors that are one selector to Cilium. */
export type Selector = LabelSelector | BlockSelector | GroupSelector | NameSelector;

export interface LabelSelector extends Placed {
  readonly is: 'labels';
  readonly key: string;
  /** All requirements must hold. Without requirements, every identity is selected. */
  readonly requirements: readonly Requirement[];
  /** Whether it selects endpoints, and not nodes or entities. `fromRequires` applies only to endpoints. */
  readonly ofEndpoints: boolean;
  /** Whether it is written as a `cidrGroupSelector` without requirements, which is every identity to Cilium. @default false */
  readonly isOfGroups?: true;
}

export interface BlockSelector extends Placed {
  readonly is: 'block';
  readonly key: string;
  readonly block: Prefix;
  /** `list` for `fromCIDR` and `toCIDR`, `set` for `fromCIDRSet` and `toCIDRSet`. */
  readonly field: 'list' | 'set';
  readonly except: readonly Prefix[];
}

/** The prefixes of CiliumCIDRGroups. */
export interface GroupSelector extends Placed {
  readonly is: 'group';
  readonly key: string;
  readonly requirements: readonly Requirement[];
  readonly except: readonly Prefix[];
}

/** The addresses of DNS names. */
export interface NameSelector extends Placed {
  readonly is: 'name';
  readonly key: string;
  /** The value of `matchName` or `matchPattern`, as written. */
  readonly pattern: string;
}

export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

export const OPERATORS: readonly string[] = ['In', 'NotIn', 'Exists', 'DoesNotExist'] satisfies readonly Operator[];

/** A condition on one label. */
export interface Requirement {
  /** `any` matches every source. */
  readonly source: string;
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** An entry of `toServices`. `none` is an entry that names no Service. */
export type ServiceRef =
  | { readonly is: 'none' }
  | { readonly is: 'name'; readonly name: string; readonly namespace: string }
  | { readonly is: 'selector'; readonly requirements: readonly Requirement[]; readonly namespace: string };

/** Ports or types of one protocol, with L7 rules. */
export interface Traffic extends Placed {
  readonly protocol: Protocol;
  readonly port: TrafficPort;
  readonly l7?: Layer7;
}

/** A port by number (0 is every port) or by name, up to `end` for a range. For ICMP and ICMPv6, the number is a type. */
export type TrafficPort =
  | { readonly is: 'number'; readonly number: number; readonly end: number }
  | { readonly is: 'name'; readonly name: string; readonly end: number };

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6', 'VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'] as const;

export type Protocol = (typeof PROTOCOLS)[number];

/** The ICMP protocol of an IP family. */
export function icmpProtocol(family: IcmpFamily): Protocol {
  return family === 'IPv6' ? 'ICMPv6' : 'ICMP';
}

/** The L7 conditions that a proxy checks. At most one of the lists is present. */
export interface Layer7 {
  readonly http?: readonly HttpCondition[];
  readonly dns?: readonly PlacedText[];
  /** The rules for Kafka, or for another parser, as JSON; up to 1.19. */
  readonly kafka?: readonly string[];
  readonly custom?: { readonly parser: string; readonly rules: readonly string[] };
  readonly serverNames: readonly PlacedText[];
  /** The secret, as `namespace/name`. */
  readonly terminatingTls?: string;
  readonly originatingTls?: string;
  readonly listener?: Listener;
}

export interface Listener {
  readonly kind: string;
  readonly envoyConfig: string;
  readonly name: string;
  /** 0 if no priority is set. */
  readonly priority: number;
}

/** An HTTP rule. Every field that is set must match the whole value. */
export interface HttpCondition extends Placed {
  readonly path: string;
  readonly method: string;
  readonly host: string;
  readonly headers: readonly string[];
  readonly headerMatches: readonly HeaderCondition[];
}

export interface HeaderCondition {
  readonly name: string;
  readonly value: string;
  /** The Secret with the value, as `namespace/name`. */
  readonly secret?: string;
  /** The action if the header does not match; empty to reject the request. */
  readonly mismatch: string;
}

/** The name of a policy in answers. */
export function policyName({ kind, namespace, name }: Policy): string {
  return `${kind}/${namespace}/${name}`;
}
