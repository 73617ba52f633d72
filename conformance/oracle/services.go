package oracle

import (
	"net/netip"
	"slices"

	"github.com/cilium/cilium/pkg/identity"
	corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	"github.com/cilium/cilium/pkg/loadbalancer"
	"github.com/cilium/cilium/pkg/u8proto"
)

// frontend is an address and a port that stand for a port of a Service.
type frontend struct {
	*service
	kind     loadbalancer.SVCType
	address  netip.Addr
	port     uint16
	protocol string
	portName string
	// isTranslated reports whether Cilium translates it before policy.
	isTranslated bool
}

// frontends returns the frontends of a Service. Without kube-proxy replacement, only some of them are Cilium's.
//
// Source: Cilium, pkg/loadbalancer/reconciler/bpf_reconciler.go, isDatapathCandidate. In 1.18, Cilium has no other frontends at all.
func (s *service) frontends(engine Engine, config Config) []frontend {
	replaces := config.Bool("kube-proxy-replacement", false)
	own := map[loadbalancer.L3n4Addr]bool{}
	for _, fe := range engine.Frontends(s.object, replaces) {
		switch fe.Type {
		case loadbalancer.SVCTypeClusterIP, loadbalancer.SVCTypeExternalIPs:
			own[fe.Address] = true
		default:
			own[fe.Address] = replaces
		}
	}
	var found []frontend
	for _, fe := range engine.Frontends(s.object, true) {
		if fe.Address.Scope() != loadbalancer.ScopeExternal {
			continue
		}
		found = append(found, frontend{
			service:      s,
			kind:         fe.Type,
			address:      fe.Address.AddrCluster().Addr(),
			port:         fe.Address.Port(),
			protocol:     fe.Address.Protocol(),
			portName:     string(fe.PortName),
			isTranslated: own[fe.Address] && s.isOwn(config),
		})
	}
	return found
}

// isOwn reports whether the agent watches a Service. Source: Cilium, pkg/k8s/utils/utils.go, serviceListLabelSelector.
func (s *service) isOwn(config Config) bool {
	name, given := s.object.Labels["service.kubernetes.io/service-proxy-name"]
	return given == (config["k8s-service-proxy-name"] != "") && name == config["k8s-service-proxy-name"]
}

// isHeadless reports whether the name of a Service stands for its pods. Source: Cilium, pkg/loadbalancer/reflectors/conversions.go, isHeadless.
func (s *service) isHeadless() bool {
	_, headless := s.object.Labels["service.kubernetes.io/headless"]
	return headless || s.object.Spec.ClusterIP == "None"
}

// frontendAt returns the frontend at a port of an address.
func (c *cluster) frontendAt(address netip.Addr, protocol u8proto.U8proto, port uint16) (frontend, bool) {
	_, isNode := c.ofNode[address]
	for _, name := range sortedKeys(c.services) {
		s := c.services[name]
		if !s.exists {
			continue
		}
		for _, fe := range s.frontends(c.engine, c.config) {
			isAt := fe.address == address || fe.address.IsUnspecified() && isNode && fe.address.Is4() == address.Is4()
			if isAt && fe.port == port && fe.protocol == protocol.String() {
				return fe, true
			}
		}
	}
	return frontend{}, false
}

// nodePort returns the frontend at a port of every node.
func (c *cluster) nodePort(protocol u8proto.U8proto, port uint16) (frontend, bool) {
	for _, name := range sortedKeys(c.services) {
		s := c.services[name]
		if !s.exists {
			continue
		}
		for _, fe := range s.frontends(c.engine, c.config) {
			if fe.address.IsUnspecified() && fe.port == port && fe.protocol == protocol.String() {
				return fe, true
			}
		}
	}
	return frontend{}, false
}

// hasClusterIP reports whether an address is the ClusterIP of a Service, and which.
func (c *cluster) hasClusterIP(address netip.Addr) (string, bool) {
	for _, name := range sortedKeys(c.services) {
		for _, fe := range c.services[name].frontends(c.engine, c.config) {
			if fe.address == address && fe.kind == loadbalancer.SVCTypeClusterIP {
				return name, true
			}
		}
	}
	return "", false
}

// masks returns what a source outside may be to the destination, where a node puts its own address in the place of it. With kube-proxy, that may be the
// node of the destination. Source: Cilium, bpf/lib/nodeport.h, nodeport_svc_lb4.
func (c *cluster) masks() []end {
	if c.config.Bool("kube-proxy-replacement", false) {
		return []end{{isNode: true}}
	}
	return []end{{isNode: true}, {reserved: identity.ReservedIdentityHost}}
}

// comesFromOutside reports whether an end is no pod and no node.
func (e end) comesFromOutside() bool {
	return e.pod == nil && !e.isNode && (e.isOutside || e.reserved == worldIdentity() || e.reserved == 0)
}

// exposure returns the kind of address with which clients outside of the cluster reach a Service.
func (s *service) exposure() loadbalancer.SVCType {
	switch {
	case s.object.Spec.Type == corev1.ServiceTypeLoadBalancer:
		return loadbalancer.SVCTypeLoadBalancer
	case s.object.Spec.Type == corev1.ServiceTypeNodePort:
		return loadbalancer.SVCTypeNodePort
	case len(s.object.Spec.ExternalIPs) > 0:
		return loadbalancer.SVCTypeExternalIPs
	}
	return loadbalancer.SVCTypeClusterIP
}

// passesBy reports whether the packet of a client passes the datapath of its node as it is.
//
// Source: Cilium, bpf/bpf_sock.c, sock4_skip_xlate and sock_proto_enabled; bpf/bpf_lxc.c, ENABLE_PER_PACKET_LB; bpf/lib/nodeport.h, lb4_svc_is_routable.
func (c *cluster) passesBy(fe frontend, from end, asked place, to netip.Addr, protocol u8proto.U8proto) bool {
	replaces := c.config.Bool("kube-proxy-replacement", false)
	isHost := from.isHostNetwork()
	node, _ := from.onNode()
	_, isNode := c.ofNode[to]
	isAtHome := asked.Entity == "host" || node != "" && c.ofNode[to] == node || isNode && from.reserved == identity.ReservedIdentityHost
	if isHost && !replaces {
		// kube-proxy translates before the policy of the node, but it has no node ports of other nodes.
		return fe.kind == loadbalancer.SVCTypeNodePort && !isAtHome
	}
	if !fe.isTranslated {
		return true
	}
	if from.comesFromOutside() {
		return fe.kind == loadbalancer.SVCTypeClusterIP || !replaces
	}
	isByPacket := !isHost && (!replaces || c.config.Bool("enable-sctp", false))
	isInSocket := replaces && protocol != u8proto.SCTP
	switch fe.kind {
	case loadbalancer.SVCTypeExternalIPs:
		return !isByPacket && !(isInSocket && isAtHome)
	case loadbalancer.SVCTypeNodePort:
		return !isInSocket && !(isByPacket && (isAtHome || c.findsNodePorts))
	}
	return !isInSocket && !isByPacket
}

// isHostNetwork reports whether an end is in the network of a node.
func (e end) isHostNetwork() bool {
	inside := []identity.NumericIdentity{identity.ReservedIdentityHost, identity.ReservedIdentityRemoteNode, identity.ReservedIdentityKubeAPIServer}
	return e.isNode || e.pod == nil && !e.isOutside && slices.Contains(inside, e.reserved)
}

// near returns the backends that a traffic policy leaves: those on the node of the client or, from outside, on the node that is asked.
// A backend without a node is local everywhere. Source: Cilium, pkg/loadbalancer/writer/writer.go, DefaultSelectBackends.
func (c *cluster) near(fe frontend, all []destination, from end, to netip.Addr) (near []destination, hidesSource bool) {
	node, _ := from.onNode()
	isLocal := fe.object.Spec.InternalTrafficPolicy != nil && *fe.object.Spec.InternalTrafficPolicy == corev1.ServiceInternalTrafficPolicyLocal
	isOutside := from.comesFromOutside()
	if isOutside {
		node = c.ofNode[to]
		isClusterIP := fe.kind == loadbalancer.SVCTypeClusterIP
		isLocal = !isClusterIP && fe.object.Spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal
		hidesSource = !isClusterIP && !isLocal
	} else if fe.kind == loadbalancer.SVCTypeExternalIPs {
		// It has no scope for clients inside. Source: Cilium, pkg/loadbalancer/writer/writer.go, shouldUseLocalBackends.
		isLocal = fe.object.Spec.ExternalTrafficPolicy == corev1.ServiceExternalTrafficPolicyLocal
	}
	if !isLocal || node == "" {
		return all, hidesSource
	}
	for _, one := range all {
		if one.slice == "" || one.slice == node {
			near = append(near, one)
		}
	}
	return near, hidesSource
}
