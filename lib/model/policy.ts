/** What policies mean, whatever they are written as: the waist between reading and judging. */
import type { IcmpFamily } from '../net/icmp';
import type { Prefix } from '../net/prefix';
import type { Resource } from './origin';
import type { Path, PathLink } from './path';

export type PolicyKind = 'CiliumNetworkPolicy' | 'CiliumClusterwideNetworkPolicy' | 'NetworkPolicy';

/** A policy as the agent takes it: stored by the API server, defaults in, scoped to its namespace and cluster. */
export interface Policy {
  readonly kind: PolicyKind;
  /** Empty for a clusterwide one. */
  readonly namespace: string;
  readonly name: string;
  readonly rules: readonly Rule[];
  readonly resource: Resource;
}

export type Direction = 'ingress' | 'egress';

/** One entry of `ingress`, `egress`, `ingressDeny` or `egressDeny`. */
export interface Rule {
  readonly direction: Direction;
  readonly effect: 'allow' | 'deny';
  readonly subject: Subject;
  /** Whether what no rule allows is denied in this direction of its subjects. */
  readonly defaultDeny: boolean;
  readonly peers: Peers;
  /** Nothing for a rule that names neither ports nor ICMP types: all traffic of its peers. */
  readonly traffic?: readonly Traffic[];
  /** The mode of `authentication`. */
  readonly authentication?: string;
  /** What every peer by labels, of every rule of the subject, must fulfil too: `fromRequires` and `toRequires`, up to 1.18. */
  readonly requires: readonly Requirement[];
  /** In the resource. */
  readonly path: Path;
}

/** Whom a rule is about. */
export interface Subject {
  readonly is: 'endpoints' | 'nodes';
  readonly selector: LabelSelector;
}

/**
 * The other side of a rule.
 *
 * `none` is real: an empty list of endpoints, nodes, entities or blocks matches nobody, whoever is named beside. `any` is a rule that names no peers, which matches
 * everybody on its ports, and nobody if it has none. Services and cloud groups are resolved against an inventory.
 */
export type Peers =
  | { readonly is: 'any' }
  | { readonly is: 'none'; readonly beside: readonly Selector[] }
  | { readonly is: 'selectors'; readonly selectors: readonly Selector[] }
  | {
      readonly is: 'services';
      readonly refs: readonly ServiceRef[];
      /** The lists that are empty: of what services add to them nobody else is meant, and if they add nothing, nobody. */
      readonly emptied: readonly ('labels' | 'block')[];
    }
  | { readonly is: 'groups'; readonly groups: readonly CloudGroup[] };

/** A group of machines in a cloud, whose addresses the operator asks for. */
export interface CloudGroup {
  /** As people call it. */
  readonly name: string;
  /** From 1.20 on the selector of the CiliumCIDRGroup that holds its addresses. */
  readonly selector: LabelSelector;
}

/** A part that knows where in the object of its policy it is written; what Cilium adds by itself is written nowhere. */
interface Placed {
  readonly at?: PathLink;
}

/** A string of a policy: a DNS pattern, the name of a server. */
export interface PlacedText extends Placed {
  readonly text: string;
}

/** One way to choose peers; `key` is the same for those that Cilium takes for one. */
export type Selector = LabelSelector | BlockSelector | GroupSelector | NameSelector;

export interface LabelSelector extends Placed {
  readonly is: 'labels';
  readonly key: string;
  /** All must hold; none is everybody. */
  readonly requirements: readonly Requirement[];
  /** Of endpoints, and not of nodes or entities: only those take what `fromRequires` demands. */
  readonly ofEndpoints: boolean;
}

export interface BlockSelector extends Placed {
  readonly is: 'block';
  readonly key: string;
  readonly block: Prefix;
  /** Whether it stands in `fromCIDR` or `toCIDR`, or in a set with holes. */
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
  /** As written, in `matchName` or `matchPattern`. */
  readonly pattern: string;
}

export type Operator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';

/** A condition on one label. */
export interface Requirement {
  /** `any` for every source. */
  readonly source: string;
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** An entry of `toServices`; one that names no service is none. */
export type ServiceRef =
  | { readonly is: 'none' }
  | { readonly is: 'name'; readonly name: string; readonly namespace: string }
  | { readonly is: 'selector'; readonly requirements: readonly Requirement[]; readonly namespace: string };

/** Ports or types of one protocol, and what a proxy asks of a connection to them. */
export interface Traffic extends Placed {
  readonly protocol: Protocol;
  readonly port: TrafficPort;
  readonly l7?: Layer7;
}

/** By number (0 is every port) or by the name that pods give it, up to an end. Of ICMP a number is a type. */
export type TrafficPort =
  | { readonly is: 'number'; readonly number: number; readonly end: number }
  | { readonly is: 'name'; readonly name: string; readonly end: number };

export const PROTOCOLS = ['TCP', 'UDP', 'SCTP', 'ICMP', 'ICMPv6', 'VRRP', 'IGMP', 'GRE', 'IPIP', 'IPV6', 'ESP', 'AH'] as const;

export type Protocol = (typeof PROTOCOLS)[number];

/** The protocol of the messages of a family. */
export function icmpProtocol(family: IcmpFamily): Protocol {
  return family === 'IPv6' ? 'ICMPv6' : 'ICMP';
}

/** What a proxy asks; at most one of the lists is there. */
export interface Layer7 {
  readonly http?: readonly HttpCondition[];
  readonly dns?: readonly PlacedText[];
  /** How many rules of Kafka there are, or of another parser by its name; up to 1.19. */
  readonly kafka?: number;
  readonly custom?: { readonly parser: string; readonly rules: number };
  readonly serverNames: readonly PlacedText[];
  /** The secrets, as `namespace/name`. */
  readonly terminatingTls?: string;
  readonly originatingTls?: string;
  readonly listener?: Listener;
}

export interface Listener {
  readonly kind: string;
  readonly envoyConfig: string;
  readonly name: string;
  /** 0 where none is given. */
  readonly priority: number;
}

/** An HTTP rule: every field that is given must match, as a whole. */
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
  readonly hasSecret: boolean;
  /** What happens where it does not match; empty to refuse. */
  readonly mismatch: string;
}

/** How answers name a policy. */
export function policyName({ kind, namespace, name }: Policy): string {
  return `${kind}/${namespace}/${name}`;
}
