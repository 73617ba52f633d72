/**
 * A policy as written: its parts, each with its path in the object.
 *
 * The parts are from the object as the API server stores it, without unknown fields and nulls, and with defaults. A value of the wrong type counts as
 * absent, or as empty in a list. `policy.ts` has the rules that the agent derives from the parts.
 */
import type { Json, JsonObject } from './json';
import type { PathLink } from './path';
import type { Tier } from './policy';

/** The policy object as a whole. */
export interface PolicyPart {
  readonly kind: string;
  readonly name: string;
  /** Empty for an object without a namespace. */
  readonly namespace: string;
  readonly hasSpec: boolean;
  readonly hasSpecs: boolean;
  readonly at: undefined;
}

export type Written = WrittenPolicy | WrittenNetworkPolicy | WrittenTierPolicy;

/** A CiliumNetworkPolicy or a CiliumClusterwideNetworkPolicy. */
export interface WrittenPolicy {
  readonly is: 'cilium';
  readonly policy: PolicyPart;
  readonly specs: readonly SpecPart[];
}

/** A Kubernetes NetworkPolicy. */
export interface WrittenNetworkPolicy {
  readonly is: 'kubernetes';
  readonly spec: SpecPart;
  readonly rules: readonly NetworkRulePart[];
}

/** A Kubernetes ClusterNetworkPolicy. */
export interface WrittenTierPolicy {
  readonly is: 'tier';
  readonly tier: Exclude<Tier, 'normal'>;
  readonly priority: number;
  readonly subject: TierPodsPart;
  readonly rules: readonly TierRulePart[];
}

/** Pods by their namespaces only, or by both selectors. */
export interface TierPodsPart {
  readonly namespaces?: SelectorPart;
  readonly pods?: { readonly namespaces: SelectorPart; readonly pods: SelectorPart };
  readonly at: PathLink;
}

/** An entry of `ingress` or `egress` of a ClusterNetworkPolicy. */
export interface TierRulePart {
  readonly isIngress: boolean;
  /** Its place in the list, which decides between the rules of a policy. */
  readonly index: number;
  readonly action: string;
  readonly peers: readonly TierPeerPart[];
  readonly protocols: readonly PortPart[];
  readonly at: PathLink;
}

/** An entry of `from` or `to`. One without any of the fields is of a kind that is not known. */
export interface TierPeerPart extends TierPodsPart {
  readonly nodes?: SelectorPart;
  readonly networks?: readonly TextPart[];
  readonly domainNames?: readonly TextPart[];
  readonly action: string;
}

/** `spec`, or one of `specs`. */
export interface SpecPart {
  readonly value: JsonObject;
  readonly policy: PolicyPart;
  /** Whether it selects nodes. */
  readonly isHost: boolean;
  readonly endpointSelector?: SelectorPart;
  readonly nodeSelector?: SelectorPart;
  readonly labels: readonly RuleLabelPart[];
  readonly rules: readonly RulePart[];
  readonly at: PathLink;
}

export const SECTIONS = ['ingress', 'ingressDeny', 'egress', 'egressDeny'] as const;

export type Section = (typeof SECTIONS)[number];

/** A rule: an entry of a section. An absent list is `undefined`, because an empty list has another meaning. */
export interface RulePart {
  readonly value: JsonObject;
  readonly section: Section;
  readonly isIngress: boolean;
  readonly isDeny: boolean;
  readonly spec: SpecPart;
  /** The lists of peers that are not empty, in the order in which they are written. */
  readonly peers: readonly PeerList[];
  readonly endpoints?: readonly SelectorPart[];
  readonly nodes?: readonly SelectorPart[];
  /** `fromRequires` and `toRequires`, up to 1.18. */
  readonly requires: readonly SelectorPart[];
  readonly entities?: readonly TextPart[];
  readonly cidrs?: readonly TextPart[];
  readonly cidrRules?: readonly CidrRulePart[];
  readonly fqdns: readonly ObjectPart[];
  readonly services: readonly ServicePart[];
  readonly groups: readonly ObjectPart[];
  readonly portRules: readonly PortRulePart[];
  readonly icmps: readonly IcmpPart[];
  readonly at: PathLink;
}

export interface PeerList {
  readonly field: string;
  readonly at: PathLink;
}

/** The kind of things that a selector selects from. */
export type Selects = 'subject' | 'node' | 'endpoint' | 'cidrGroup' | 'service';

export interface SelectorPart extends WrittenSelector {
  readonly selects: Selects;
  /** The prefix that the agent adds to each key before it checks the key. */
  readonly prefix: string;
  readonly at: PathLink;
}

/** A label selector. */
export interface WrittenSelector {
  /** `matchLabels`. The agent reads null as an empty string. */
  readonly labels: readonly (readonly [string, string])[];
  readonly expressions: readonly Expression[];
}

export interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** A string as an item of a list: a CIDR, an entity or a server name. */
export interface TextPart {
  readonly text: string;
  readonly at: PathLink;
}

/** An entry of `fromCIDRSet` or `toCIDRSet`. */
export interface CidrRulePart {
  readonly cidr: string;
  /** The name of a CiliumCIDRGroup; empty if there is none. */
  readonly group: string;
  readonly selector?: SelectorPart;
  readonly except: readonly TextPart[];
  readonly at: PathLink;
}

/** An entry of `toServices`. */
export interface ServicePart {
  readonly value: JsonObject;
  readonly selector?: SelectorPart;
  readonly at: PathLink;
}

/** An entry of `toPorts`. */
export interface PortRulePart {
  readonly value: JsonObject;
  readonly isIngress: boolean;
  readonly isDeny: boolean;
  readonly isHost: boolean;
  readonly ports: readonly PortPart[];
  /** The number of L7 rules of each kind. A kind without a list is absent. */
  readonly l7: Readonly<Partial<Record<L7Kind, number>>>;
  /** The total number of L7 rules. */
  readonly l7Rules: number;
  readonly at: PathLink;
}

export const L7_KINDS = ['http', 'kafka', 'dns', 'l7'] as const;

export type L7Kind = (typeof L7_KINDS)[number];

/** An entry of `ports`. */
export interface PortPart {
  readonly port: string;
  /** 0 if it is absent. */
  readonly endPort: number;
  readonly protocol: string;
  readonly hasDnsRules: boolean;
  readonly at: PathLink;
}

/** An L7 rule, an FQDN, or a cloud group. */
export interface ObjectPart {
  readonly value: JsonObject;
  readonly at: PathLink;
}

/** An entry of `icmps`. */
export interface IcmpPart {
  readonly fields: readonly IcmpFieldPart[];
  readonly at: PathLink;
}

export interface IcmpFieldPart {
  readonly family: string;
  readonly type?: number | string;
  readonly at: PathLink;
}

/** A value whose type the agent cannot decode. */
export interface MisfitPart {
  /** The type that the agent expects. */
  readonly expected: string;
  readonly at: PathLink;
}

/** A label of a rule. */
export interface RuleLabelPart {
  readonly value: Json;
  readonly at: PathLink;
}

/** A rule of a NetworkPolicy: an entry of `ingress` or `egress`. */
export interface NetworkRulePart {
  readonly isIngress: boolean;
  readonly peers: readonly NetworkPeerPart[];
  readonly ports: readonly PortPart[];
  readonly at: PathLink;
}

/** An entry of `from` or `to`. */
export interface NetworkPeerPart {
  readonly pods?: SelectorPart;
  readonly namespaces?: SelectorPart;
  readonly block?: IpBlockPart;
  readonly at: PathLink;
}

export interface IpBlockPart {
  readonly cidr: string;
  readonly except: readonly TextPart[];
  readonly at: PathLink;
}
