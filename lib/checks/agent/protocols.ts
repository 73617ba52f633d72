import { isSince, Minor } from '../../crd/minor';

/** The protocols of a minor. Source: cilium `pkg/policy/api/l4.go`. */
export function protocolsOf(minor: Minor): readonly string[] {
  return ['TCP', 'UDP', 'SCTP', ...extendedProtocolsOf(minor), 'ANY'];
}

/** Protocols without ports. */
function extendedProtocolsOf(minor: Minor): readonly string[] {
  return [...(isSince(minor, '1.19') ? ['VRRP', 'IGMP'] : []), ...(isSince(minor, '1.20') ? ['GRE', 'IPIP', 'IPV6', 'ESP', 'AH'] : [])];
}

/** Whether a protocol, as written, is one that has no ports; the agent asks before it makes the text upper-case. */
export function takesNoPort(protocol: string, minor: Minor): boolean {
  return extendedProtocolsOf(minor).includes(protocol);
}
