/** Connection attempts, and what policy says of them. */
import type { Address } from '../net/address';
import type { NamedPort } from './inventory';
import type { Protocol, Policy, Rule } from './policy';

/** One connection attempt, with at most one request on it. */
export interface Flow {
  readonly from: Place;
  readonly to: Place;
  readonly protocol: Protocol;
  /** A port, 1–65535; of ICMP the type, 0–255; 0 for a protocol that has neither. */
  readonly port: number;
  readonly http?: HttpRequest;
  /** The name that a DNS query asks for. */
  readonly dns?: string;
  /** The server name of a TLS handshake. */
  readonly sni?: string;
}

/** An end of a flow, as it is written. */
export type Place =
  /** `namespace/name` of a pod or of a workload that makes pods. */
  | { readonly is: 'pod'; readonly name: string }
  | { readonly is: 'node'; readonly name: string }
  | { readonly is: 'ip'; readonly address: Address }
  /** The first address of the name. */
  | { readonly is: 'fqdn'; readonly name: string }
  /** `namespace/name`, as a destination: its port is mapped to those of its backends. */
  | { readonly is: 'service'; readonly name: string }
  | { readonly is: 'entity'; readonly name: PlaceEntity }
  /** A pod that could exist, on no node that is listed. */
  | {
      readonly is: 'labels';
      readonly labels: Readonly<Record<string, string>>;
      readonly namespace: string;
      readonly serviceAccount: string;
      readonly namespaceLabels?: Readonly<Record<string, string>>;
      readonly ports: readonly NamedPort[];
    };

export const PLACE_ENTITIES = ['world', 'host', 'remote-node', 'kube-apiserver', 'health', 'ingress', 'init', 'unmanaged'] as const;

export type PlaceEntity = (typeof PLACE_ENTITIES)[number];

export interface HttpRequest {
  readonly method: string;
  /** With the query, not normalised. */
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What policy says of a flow. */
export interface Verdict {
  /** Nothing where a side is unknown and none denies. */
  readonly allowed: boolean | undefined;
  readonly egress: Side;
  readonly ingress: Side;
  /** What the proxies on the way say of the request. */
  readonly http?: Ruling;
  readonly dns?: Ruling;
  readonly sni?: Ruling;
}

/** What the policy of one end says. */
export type Side =
  | { readonly decision: 'allowed'; readonly reason: AllowReason; readonly redirect?: Redirect; readonly because: readonly OwnedRule[] }
  | { readonly decision: 'denied'; readonly reason: DenyReason; readonly because: readonly OwnedRule[] }
  | { readonly decision: 'unknown'; readonly reason: UnknownReason; readonly missing: string; readonly because: readonly OwnedRule[] }
  /** No policy is evaluated there. */
  | { readonly decision: 'n/a' };

/** `not-enforced`: no rule matches, and the direction is not default-deny. `localhost`: the node may enter its own pods. */
export type AllowReason = 'rule' | 'not-enforced' | 'localhost';

/**
 * `unresolved`: rules are in conflict, so that the agent cannot resolve the policies of the end. `opaque`: a cloud group of a rule may hold the
 * peer. `backends`: those of a service differ, which is because of no rule.
 */
export type UnknownReason = 'unresolved' | 'opaque' | 'backends';

export type DenyReason = 'deny-rule' | 'default-deny';

/** Which proxy handles a connection; `kafka` and `proxylib` up to 1.19, `crd` is a listener of one's own. */
export type Redirect = 'http' | 'kafka' | 'proxylib' | 'tls' | 'dns' | 'crd';

export type Ruling = 'allowed' | 'denied' | 'unknown';

/** A rule with the policy that it is of. */
export interface OwnedRule {
  readonly policy: Policy;
  readonly rule: Rule;
}
