/** What the datapath does with a packet besides policy: before it is asked, and with its decision. */
import type { Flow, Side } from '../model/flow';
import type { Protocol } from '../model/policy';
import { isLoopback } from '../net/address';
import type { Agent } from '../resolve/agent';
import type { End } from '../resolve/ends';

/** Whether a packet never leaves the network namespace of its source: no program of Cilium sees it. */
export function staysLocal(from: End, to: End): boolean {
  if (to.is === 'address' && isLoopback(to.address)) {
    return true;
  }
  // The pods of a template are several.
  if (from.is === 'pod' && to.is === 'pod') {
    return from.pod === to.pod && from.pod.isTemplate !== true;
  }
  if (isHost(from) && isHost(to)) {
    return from.is === 'entity' || to.is === 'entity' || (from.name === to.name && from.name !== '');
  }
  return false;
}

/** Whether an end is a node, or the entity `host`, which is the node of the other end. */
function isHost(end: End): end is End & { is: 'node' | 'entity' } {
  return end.is === 'node' || (end.is === 'entity' && end.name === 'host');
}

/**
 * Whether the agent drops a protocol whatever policies say, because connection tracking does not know it.
 * Source: cilium `bpf/lib/conntrack.h`, ct_extract_ports4.
 */
export function isSwitchedOff(protocol: Protocol, { hasSctp, hasExtendedProtocols }: Agent): boolean {
  switch (protocol) {
    case 'TCP':
    case 'UDP':
    case 'ICMP':
    case 'ICMPv6':
      return false;
    case 'SCTP':
      return !hasSctp;
    case 'VRRP':
    case 'IGMP':
    case 'GRE':
    case 'IPIP':
    case 'IPV6':
    case 'ESP':
    case 'AH':
      return !hasExtendedProtocols;
  }
}

/** Whether a packet is the ICMP message "fragmentation needed", which passes before any rule. Source: cilium `bpf/lib/policy.h`. */
export function isFragmentationNeeded({ protocol, port, code }: Flow, { passesFragmentationNeeded }: Agent): boolean {
  return passesFragmentationNeeded && protocol === 'ICMP' && port === 3 && code === 4;
}

/**
 * What becomes of a decision. In audit mode what policy denies passes, and is reported. A redirect without a proxy has no port to lead to, so
 * that the rule is left out. Source: cilium `bpf/lib/policy.h`, policy_can_ingress; `pkg/policy/l4.go`, toMapState.
 */
export function carriedOut(side: Side, { isAuditing, hasProxy }: Agent): Side {
  if (side.decision === 'allowed' && side.redirect !== undefined && !hasProxy) {
    return { decision: 'unknown', reason: 'backends', missing: NO_PROXY, because: side.because };
  }
  return isAuditing && side.decision === 'denied' && side.reason !== 'protocol-off'
    ? { decision: 'allowed', reason: 'audited', because: side.because }
    : side;
}

const NO_PROXY = 'what passes where a rule needs a proxy: `enable-l7-proxy` is off';

export const DROPPED: Side = { decision: 'denied', reason: 'protocol-off', because: [] };
export const PASSED: Side = { decision: 'allowed', reason: 'not-enforced', because: [] };
