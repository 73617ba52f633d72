package oracle

import (
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/policy/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// What the datapath does besides policy is C code, so it is written here, after the places that each function names.

// staysLocal reports whether a packet never leaves the network namespace of its source.
func staysLocal(from, to end) bool {
	if to.address.IsValid() && to.address.IsLoopback() {
		return true
	}
	if from.pod != nil && to.pod != nil {
		return from.pod == to.pod && !from.pod.isTemplate
	}
	return from.isHost() && to.isHost() && (from.isEntity() || to.isEntity() || from.node == to.node && from.node != "")
}

// isHost reports whether the end is a node, or the entity host, which is the node of the other end.
func (e end) isHost() bool {
	return e.isNode || e.isEntity()
}

func (e end) isEntity() bool {
	return e.reserved == identity.ReservedIdentityHost
}

// isSwitchedOff reports whether connection tracking drops a protocol. Source: Cilium, bpf/lib/conntrack.h, ct_extract_ports4.
func (j *judge) isSwitchedOff(protocol u8proto.U8proto) bool {
	switch protocol {
	case u8proto.TCP, u8proto.UDP, u8proto.ICMP, u8proto.ICMPv6:
		return false
	case u8proto.SCTP:
		return !j.config.Bool("enable-sctp", false)
	default:
		return !j.minor.HasExtendedProtocols || !j.config.Bool("enable-extended-ip-protocols", false)
	}
}

// isFragmentationNeeded reports whether an ICMP message passes before any rule. Source: Cilium, bpf/lib/policy.h, __policy_can_access.
func (j *judge) isFragmentationNeeded(q *question) bool {
	return q.protocol == u8proto.ICMP && q.port == 3 && q.code == 4 && j.config.Bool("allow-icmp-frag-needed", true)
}

// failsToAuthenticate reports whether an entry requires an authentication that never succeeds.
func (j *judge) failsToAuthenticate(required types.AuthType) bool {
	return required == types.AuthTypeAlwaysFail || required == types.AuthTypeSpire && !j.config.Bool("mesh-auth-enabled", j.minor.Authenticates)
}

// authenticating returns the cells that require an authentication.
func authenticating(cells []Cell) (found []Cell) {
	for _, cell := range cells {
		if cell.Rule != nil && cell.Rule.Authentication != nil {
			found = append(found, cell)
		}
	}
	return found
}

// audited lets pass what policy denies in audit mode. Source: Cilium, bpf/lib/policy.h, policy_can_ingress.
func (j *judge) audited(s side) side {
	if j.config.Bool("policy-audit-mode", false) && s.Decision == "denied" {
		return decided("allowed", "audited", s.Policies)
	}
	return s
}
