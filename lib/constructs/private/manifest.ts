/**
 * The parts of Cilium's manifests that the constructs render, with the names and structure of the CRDs.
 *
 * cdk8s leaves out members that are `undefined`.
 */

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

/** An entry of `ingress`, `egress`, `ingressDeny` or `egressDeny`: peers, under `from…` or `to…`, and traffic. */
export interface RuleManifest {
  [peers: `from${string}` | `to${string}`]: unknown;
  toPorts?: readonly PortRule[];
  icmps?: readonly { readonly fields: readonly IcmpField[] }[];
  authentication?: { readonly mode: string };
}

export interface PortRule {
  readonly ports: readonly PortProtocol[];
  readonly rules?: { readonly http?: readonly unknown[]; readonly dns?: readonly unknown[] };
  readonly listener?: unknown;
  readonly serverNames?: readonly string[];
  readonly terminatingTLS?: TlsContextManifest;
  readonly originatingTLS?: TlsContextManifest;
}

export interface TlsContextManifest {
  readonly secret: { readonly name: string; readonly namespace?: string };
  readonly trustedCA?: string;
  readonly certificate?: string;
  readonly privateKey?: string;
}

export interface PortProtocol {
  readonly port: string;
  readonly endPort?: number;
  readonly protocol: string;
}

export interface IcmpField {
  readonly family: string;
  readonly type: string | number;
}

/** The sections of a policy that hold rules. */
export type Section = 'ingress' | 'ingressDeny' | 'egress' | 'egressDeny';
