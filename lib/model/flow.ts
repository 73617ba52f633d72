/** Connection attempts and their verdicts. */
import type { Address } from '../net/address';
import type { NamedPort } from './inventory';
import type { Protocol, Policy, Rule } from './policy';

/** One connection attempt, with at most one request on it. */
export interface Flow {
  readonly from: WrittenEnd;
  readonly to: WrittenEnd;
  readonly protocol: Protocol;
  /** The port, 1–65535. For ICMP and ICMPv6, the type, 0–255. For a protocol with neither, 0. */
  readonly port: number;
  /** The ICMP code, 0–255. @default 0 */
  readonly code?: number;
  readonly http?: HttpRequest;
  /** The name in a DNS query. */
  readonly dns?: string;
  /** The server name in a TLS handshake. */
  readonly sni?: string;
}

/** An end of a flow, as written. */
export type WrittenEnd =
  /** `namespace/name` of a pod or a workload. */
  | { readonly is: 'pod'; readonly name: string }
  | { readonly is: 'node'; readonly name: string }
  | { readonly is: 'ip'; readonly address: Address }
  /** The end is the first address of the name. */
  | { readonly is: 'fqdn'; readonly name: string }
  /** `namespace/name`; only as a destination. The port of the flow is mapped to the ports of the backends. */
  | { readonly is: 'service'; readonly name: string }
  | { readonly is: 'entity'; readonly name: EndEntity }
  /** A hypothetical pod, on no node of the inventory. */
  | {
      readonly is: 'labels';
      readonly labels: Readonly<Record<string, string>>;
      readonly namespace: string;
      readonly serviceAccount: string;
      /** These replace the labels of its namespace. */
      readonly namespaceLabels?: Readonly<Record<string, string>>;
      /** These are added to the labels of its namespace. */
      readonly moreNamespaceLabels?: Readonly<Record<string, string>>;
      /** The cluster of a mesh that it is in. @default - the one that is judged */
      readonly cluster?: string;
      readonly ports: readonly NamedPort[];
    };

export const END_ENTITIES = ['world', 'host', 'remote-node', 'kube-apiserver', 'health', 'ingress', 'init', 'unmanaged'] as const;

export type EndEntity = (typeof END_ENTITIES)[number];

export interface HttpRequest {
  readonly method: string;
  /** With the query string, as the client sends it. */
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The verdict on a flow. */
export interface Verdict {
  /** `undefined` if a side is unknown and no side denies the flow. */
  readonly allowed: boolean | undefined;
  readonly egress: Side;
  readonly ingress: Side;
  /** The rulings of the proxies on the request. */
  readonly http?: Ruling;
  readonly dns?: Ruling;
  readonly sni?: Ruling;
  /** For a name without a known address: the prefixes in which an address would have another decision. */
  readonly differsIn?: readonly string[];
}

/** The verdict of the policy of one end. */
export type Side =
  | { readonly decision: 'allowed'; readonly reason: AllowReason; readonly redirect?: Redirect; readonly because: readonly OwnedRule[] }
  | { readonly decision: 'denied'; readonly reason: DenyReason; readonly because: readonly OwnedRule[] }
  | { readonly decision: 'unknown'; readonly reason: UnknownReason; readonly missing: string; readonly because: readonly OwnedRule[] }
  /** No policy is evaluated for this end. */
  | { readonly decision: 'n/a' };

/**
 * `not-enforced`: no rule matches, and the direction is not in default deny. `localhost`: a node may always connect to its own pods. `audited`: the
 * policy denies it, and the agent is in audit mode.
 */
export type AllowReason = 'rule' | 'not-enforced' | 'localhost' | 'audited';

/**
 * `unresolved`: rules are in conflict, so the agent cannot resolve the policies of the end. `opaque`: a cloud group of a rule may contain the
 * peer. `backends`: the verdicts for the backends of a Service, or for what an end
 * may be, differ, which is not caused by a rule; or a rule needs a proxy, and there is none. `unread`: a part of the input could not be
 * read, and a policy in it could turn the verdict. `placeholder`: a value that is filled in later could turn it. `authentication`: some rules that
 * allow it require an authentication that never succeeds, and others require none. `names`: only a name admits the address, and whether the DNS proxy learns it is
 * not known.
 */
export type UnknownReason = 'unresolved' | 'opaque' | 'backends' | 'unread' | 'placeholder' | 'authentication' | 'names';

/**
 * `not-learnable`: only a name admits the address, and no look-up of the name can pass the DNS proxy. `protocol-off`: the agent drops the protocol. `not-authenticated`: a rule allows it after an authentication that never succeeds.
 */
export type DenyReason = 'deny-rule' | 'default-deny' | 'protocol-off' | 'not-authenticated' | 'not-learnable';

/** The proxy that handles a connection. `kafka` and `proxylib` exist up to 1.19; `crd` is a custom listener. */
export type Redirect = 'http' | 'kafka' | 'proxylib' | 'tls' | 'dns' | 'crd';

export type Ruling = 'allowed' | 'denied' | 'unknown';

/** A rule and its policy. */
export interface OwnedRule {
  readonly policy: Policy;
  readonly rule: Rule;
}
