/** What values (selectors, peers, traffic) pass to the policy that renders them. */
import { IcmpField, LabelSelector, PortProtocol, PortRule } from './manifest';

/** What a spec selects. */
export type PolicySubject = { readonly endpointSelector: LabelSelector } | { readonly nodeSelector: LabelSelector };

/** What a peer adds to a rule. */
export interface PeerSection {
  /** What follows `from` or `to` in the section's name; `any` has no section. */
  readonly field: 'any' | 'Endpoints' | 'Entities' | 'CIDR' | 'CIDRSet' | 'Nodes' | 'Groups' | 'FQDNs' | 'Services';
  readonly items: readonly unknown[];
  /** Whether the peer is the policy's own namespace, which a clusterwide policy does not have. */
  readonly ownNamespace?: boolean;
}

/** What one traffic value adds to a rule. */
export type TrafficPart =
  | { readonly is: 'everything' }
  | { readonly is: 'port'; readonly port: PortProtocol }
  | { readonly is: 'port-rule'; readonly rule: PortRule; readonly listenerKind?: string }
  | { readonly is: 'icmp'; readonly field: IcmpField }
  | { readonly is: 'authentication'; readonly mode: string };
