package oracle

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/loadbalancer"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// flow is one connection attempt, with at most one request on it.
type flow struct {
	From     place           `json:"from"`
	To       place           `json:"to"`
	Protocol string          `json:"protocol"`
	Port     int             `json:"port"`
	Type     json.RawMessage `json:"type"`
	Code     int             `json:"code"`
	HTTP     *httpRequest    `json:"http"`
	// DNS is the name in a DNS query, SNI the server name in a TLS handshake.
	DNS *string `json:"dns"`
	SNI *string `json:"sni"`
}

// place is an end of a flow as written. It has exactly one kind.
type place struct {
	Pod             string                     `json:"pod"`
	Node            string                     `json:"node"`
	IP              string                     `json:"ip"`
	FQDN            string                     `json:"fqdn"`
	Service         string                     `json:"service"`
	Entity          string                     `json:"entity"`
	Labels          map[string]string          `json:"labels"`
	Namespace       string                     `json:"namespace"`
	ServiceAccount  string                     `json:"serviceAccount"`
	NamespaceLabels map[string]string          `json:"namespaceLabels"`
	NamedPorts      map[string]json.RawMessage `json:"namedPorts"`
	Cluster         string                     `json:"cluster"`
}

// end is a resolved end of a flow: a pod, a node, an address, or an identity by its number.
type end struct {
	pod    *pod
	node   string
	isNode bool
	// address is the address that a node, or an endpoint of the agent of a node, is asked by.
	address  netip.Addr
	reserved identity.NumericIdentity
	// isOutside reports whether the API server is outside of the cluster.
	isOutside bool
}

// onNode returns the node whose agent enforces the policy of the end, if there is one.
func (e end) onNode() (string, bool) {
	if e.pod != nil {
		return e.pod.node, true
	}
	return e.node, e.isNode || e.node != ""
}

// peer returns the identity of the end as a peer of another endpoint.
func (e end) peer(v *view) (*identity.Identity, error) {
	switch {
	case e.pod != nil:
		return v.pod(e.pod), nil
	case e.isNode && !e.address.IsValid():
		return v.nodePeer(e.node), nil
	case e.address.IsValid():
		return v.address(e.address)
	case e.isOutside:
		lbls := labels.NewFrom(labels.LabelKubeAPIServer)
		lbls.MergeLabels(identity.LookupReservedIdentity(worldIdentity()).Labels)
		return v.allocate(lbls), nil
	default:
		return v.reserved(e.reserved), nil
	}
}

// subject returns the identity whose policy applies to the end, or nil if there is none.
func (e end) subject(v *view, hostFirewall bool) *identity.Identity {
	switch {
	case e.pod != nil && e.pod.cluster != "":
		return nil
	case e.pod != nil:
		return v.pod(e.pod)
	case e.isNode || e.reserved == identity.ReservedIdentityHost:
		if hostFirewall {
			return v.hostSubject()
		}
		return nil
	case e.reserved == identity.ReservedIdentityHealth, e.reserved == identity.ReservedIdentityIngress, e.reserved == identity.ReservedIdentityInit:
		return v.reserved(e.reserved)
	default:
		return nil
	}
}

var entityIdentities = map[string]identity.NumericIdentity{
	"host":           identity.ReservedIdentityHost,
	"remote-node":    identity.ReservedIdentityRemoteNode,
	"kube-apiserver": identity.ReservedIdentityKubeAPIServer,
	"health":         identity.ReservedIdentityHealth,
	"ingress":        identity.ReservedIdentityIngress,
	"init":           identity.ReservedIdentityInit,
	"unmanaged":      identity.ReservedIdentityUnmanaged,
}

// ends are everything that a place may be: several for the API server.
func (c *cluster) ends(p place) ([]end, error) {
	if p.Entity != "kube-apiserver" || len(p.kinds()) != 1 {
		one, err := c.end(p)
		return []end{one}, err
	}
	var found []end
	for address := range c.apiServer {
		found = append(found, c.addressEnd(address))
	}
	if len(found) == 0 {
		inside := end{reserved: identity.ReservedIdentityKubeAPIServer}
		outside := inside
		outside.isOutside = true
		found = []end{inside, outside}
	}
	return found, nil
}

// end resolves a place. A Service is resolved to its backends.
func (c *cluster) end(p place) (end, error) {
	if kinds := p.kinds(); len(kinds) != 1 {
		return end{}, fmt.Errorf("an endpoint needs exactly one of pod, node, ip, fqdn, service, entity, labels; it has %d", len(kinds))
	}
	switch {
	case p.Pod != "":
		found, known := c.pods[p.Pod]
		if !known {
			return end{}, fmt.Errorf("no pod or workload %s", p.Pod)
		}
		return c.podEnd(found), nil
	case p.Node != "":
		if c.nodes[p.Node] == nil {
			return end{}, fmt.Errorf("no node %s", p.Node)
		}
		return c.nodeEnd(p.Node), nil
	case p.IP != "":
		address, err := netip.ParseAddr(p.IP)
		if err != nil {
			return end{}, fmt.Errorf("%q is no address", p.IP)
		}
		return c.addressEnd(address), nil
	case p.FQDN != "":
		addresses := c.names[plainName(p.FQDN)]
		if len(addresses) == 0 {
			return end{}, fmt.Errorf("no address for %s", p.FQDN)
		}
		return c.addressEnd(addresses[0]), nil
	case p.Entity == "world":
		return end{reserved: worldIdentity()}, nil
	case p.Entity != "":
		id, known := entityIdentities[p.Entity]
		if !known {
			return end{}, fmt.Errorf("no entity %s as an endpoint", p.Entity)
		}
		return end{reserved: id}, nil
	case p.Service != "":
		return end{}, fmt.Errorf("a service is no source")
	default:
		possible := &pod{namespace: p.Namespace, labels: p.Labels, account: p.ServiceAccount, namespaceLabels: p.NamespaceLabels}
		if p.Cluster != c.name {
			possible.cluster = p.Cluster
		}
		if p.Namespace == "" {
			return end{}, fmt.Errorf("an endpoint by labels needs a namespace")
		}
		var err error
		possible.ports, err = namedPorts(p.NamedPorts)
		return c.podEnd(possible), err
	}
}

func (p place) kinds() (given []string) {
	for _, text := range []string{p.Pod, p.Node, p.IP, p.FQDN, p.Service, p.Entity} {
		if text != "" {
			given = append(given, text)
		}
	}
	if p.Labels != nil {
		given = append(given, "labels")
	}
	return given
}

// podEnd returns a pod, or its node if the pod uses the node's network.
func (c *cluster) podEnd(p *pod) end {
	if !p.hostNetwork {
		return end{pod: p}
	}
	to := c.nodeEnd(p.node)
	if len(p.addresses) > 0 {
		to.address = p.addresses[0]
	}
	return to
}

// nodeEnd returns a node by its name.
func (c *cluster) nodeEnd(name string) end {
	to := end{node: name, isNode: true}
	if n := c.nodes[name]; n != nil {
		to.address = n.address()
	}
	return to
}

func (c *cluster) addressEnd(address netip.Addr) end {
	if p := c.ofPod[address]; p != nil {
		return c.podEnd(p)
	}
	if name, known := c.ofNode[address]; known {
		return end{node: name, isNode: true, address: address}
	}
	if name, known := c.ofHealth[address]; known {
		return end{node: name, address: address, reserved: identity.ReservedIdentityHealth}
	}
	if name, known := c.ofIngress[address]; known {
		return end{node: name, address: address, reserved: identity.ReservedIdentityIngress}
	}
	return end{address: address}
}

// worldIdentity is the identity of an unknown address; with both families on, the identity for IPv4.
func worldIdentity() identity.NumericIdentity {
	return identity.GetWorldIdentityFromIP(netip.IPv4Unspecified())
}

// namedPorts reads named ports: TCP port numbers, or strings such as "53/UDP".
func namedPorts(written map[string]json.RawMessage) (ciliumtypes.NamedPortMap, error) {
	ports := ciliumtypes.NamedPortMap{}
	for name, raw := range written {
		text, protocol := strings.Trim(string(raw), `"`), "TCP"
		if number, given, found := strings.Cut(text, "/"); found {
			text, protocol = number, given
		}
		number, err := strconv.Atoi(text)
		if err == nil {
			err = ports.AddPort(name, number, protocol)
		}
		if err != nil {
			return nil, fmt.Errorf("named port %s: %w", name, err)
		}
	}
	return ports, nil
}

// destination is the destination of a flow: an end and its port.
type destination struct {
	end
	port uint16
	// is4 reports the family of a backend.
	is4 bool
	// slice is the node that an EndpointSlice names for a backend.
	slice string
	// isHidden reports whether something else than Cilium translates the destination later.
	isHidden bool
	// hidesSource reports whether a node may put its own address in the place of the source.
	hidesSource bool
}

// destinations returns where a flow from an end leads to: the other end, or the backends of a Service, with the ports that policy is evaluated for.
func (c *cluster) destinations(f flow, from end, protocol u8proto.U8proto, port uint16) ([]destination, error) {
	if f.To.Service != "" && len(f.To.kinds()) == 1 {
		return c.ofService(f, from, protocol, port)
	}
	all, err := c.ends(f.To)
	if err != nil {
		return nil, err
	}
	if f.To.Entity == "kube-apiserver" && all[0].address.IsValid() {
		var found []destination
		for _, to := range all {
			one := f
			one.To = place{IP: to.address.String()}
			behind, err := c.destinations(one, from, protocol, port)
			if err != nil {
				return nil, err
			}
			found = append(found, behind...)
		}
		return found, nil
	}
	var found []destination
	for _, to := range all {
		found = append(found, destination{end: to, port: port})
	}
	if address := all[0].address; address.IsValid() && (f.To.IP != "" || f.To.FQDN != "" || f.To.Node != "" || f.To.Pod != "") {
		if fe, found := c.frontendAt(address, protocol, port); found {
			return c.behind(f, from, fe, protocol, port)
		}
		if name, found := c.hasClusterIP(address); found {
			return nil, fmt.Errorf("service %s has no port %d/%s", name, port, protocol)
		}
	}
	if all[0].isHostNetwork() && f.To.Entity != "" {
		if fe, isNodePort := c.nodePort(protocol, port); isNodePort {
			behind, err := c.behind(f, from, fe, protocol, port)
			if err != nil || f.To.Entity != "kube-apiserver" {
				return behind, err
			}
			// Without its addresses, the API server may be on the node of the client, or outside.
			own := f
			own.To = place{Entity: "host"}
			if !c.passesBy(fe, from, own.To, netip.Addr{}, protocol) {
				backends, err := c.behind(own, from, fe, protocol, port)
				if err == nil {
					behind = append(behind, backends...)
				}
			}
			return append(behind, found...), nil
		}
	}
	return found, nil
}

// ofService returns the destinations of a flow to a Service by its name.
func (c *cluster) ofService(f flow, from end, protocol u8proto.U8proto, port uint16) ([]destination, error) {
	s := c.services[f.To.Service]
	if s == nil || !s.exists {
		return nil, fmt.Errorf("no service %s", f.To.Service)
	}
	if s.isHeadless() {
		if found := c.headless(s, port); len(found) > 0 {
			return found, nil
		}
		return nil, fmt.Errorf("service %s has no backend", f.To.Service)
	}
	for _, p := range s.ports {
		if int(p.Port) == int(port) && protocolOrTCP(string(p.Protocol)) == protocol.String() {
			fe := frontend{service: s, kind: loadbalancer.SVCTypeClusterIP, portName: p.Name, isTranslated: s.isOwn(c.config)}
			for _, one := range s.frontends(c.engine, c.config) {
				if one.kind == loadbalancer.SVCTypeClusterIP {
					fe.address = one.address
				}
			}
			// From outside, a name stands for any address with which the Service is exposed.
			if from.comesFromOutside() {
				fe.kind = s.exposure()
			}
			return c.behind(f, from, fe, protocol, port)
		}
	}
	return nil, fmt.Errorf("service %s has no port %d/%s", f.To.Service, port, protocol)
}

// headless returns the pods that DNS answers for a headless Service. Nothing translates the port.
func (c *cluster) headless(s *service, port uint16) (found []destination) {
	seen := map[netip.Addr]bool{}
	for _, b := range chosen(s.backends()) {
		if !seen[b.address] {
			seen[b.address] = true
			found = append(found, destination{end: c.addressEnd(b.address), port: port})
		}
	}
	return found
}

// behind returns what is behind a frontend, or the frontend itself if Cilium does not translate it.
func (c *cluster) behind(f flow, from end, fe frontend, protocol u8proto.U8proto, port uint16) ([]destination, error) {
	to := fe.address
	if all, err := c.ends(f.To); err == nil && all[0].address.IsValid() {
		to = all[0].address
	}
	isByName := f.To.Service != "" && from.comesFromOutside()
	if !fe.isOwn(c.config) || !isByName && c.passesBy(fe, from, f.To, to, protocol) {
		if f.To.Entity != "" {
			all, err := c.ends(f.To)
			return []destination{{end: all[0], port: port, isHidden: true}}, err
		}
		if !to.IsValid() {
			return nil, fmt.Errorf("service %s has no address", fe.Name)
		}
		return []destination{{end: c.addressEnd(to), port: port, isHidden: true}}, nil
	}
	backends := c.backends(fe.service, fe.portName, protocol)
	if f.To.Service == "" && f.To.Entity == "" {
		backends = slices.DeleteFunc(backends, func(one destination) bool { return one.is4 != to.Is4() })
	}
	found, hidesSource := c.near(fe, backends, from, to)
	if len(found) == 0 {
		return nil, fmt.Errorf("service %s has no backend", fe.Name)
	}
	for i := range found {
		found[i].hidesSource = hidesSource
	}
	return found, nil
}

// backends returns the backends of a port of a Service.
//
// Source: Cilium, pkg/loadbalancer/writer/writer.go, DefaultSelectBackends; reflectors/conversions.go, convertEndpoints; reconciler/bpf_reconciler.go.
func (c *cluster) backends(s *service, portName string, protocol u8proto.U8proto) (found []destination) {
	var own []backend
	for _, b := range s.backends() {
		isNamed := portName == "" || len(b.names) == 0 || slices.Contains(b.names, portName)
		if isNamed && b.port.Protocol == protocol.String() {
			own = append(own, b)
		}
	}
	for _, b := range chosen(own) {
		found = append(found, destination{end: c.addressEnd(b.address), port: b.port.Port, is4: b.address.Is4(), slice: b.node})
	}
	return found
}

// chosen returns the ready backends or, if there are none, the terminating backends that still serve.
func chosen(all []backend) []backend {
	var ready, terminating []backend
	for _, b := range all {
		switch {
		case b.conditions.IsReady():
			ready = append(ready, b)
		case b.conditions.IsTerminating() && b.conditions.IsServing():
			terminating = append(terminating, b)
		}
	}
	if len(ready) > 0 {
		return ready
	}
	return terminating
}

var portless = map[string]u8proto.U8proto{"VRRP": 112, "IGMP": 2, "GRE": 47, "IPIP": 4, "IPV6": 41, "ESP": 50, "AH": 51}

// Cilium's Lookup does not accept port 0. A protocol without ports matches only keys that cover all ports or begin with 0, and so does port 1. ICMP
// type 0 matches only keys that cover all types, and so does this number, which is the type of no rule.
const (
	noPort       = 1
	icmpTypeZero = 65535
)

// traffic returns the protocol of a flow and the value of its port field, which for an ICMP message is the type.
func (f flow) traffic() (u8proto.U8proto, uint16, error) {
	if protocol, known := portless[f.Protocol]; known {
		return protocol, noPort, nil
	}
	switch f.Protocol {
	case "", "TCP", "UDP", "SCTP":
		if f.Port < 1 || f.Port > 65535 {
			return 0, 0, fmt.Errorf("port %d is not between 1 and 65535", f.Port)
		}
		protocol, err := u8proto.ParseProtocol(protocolOrTCP(f.Protocol))
		return protocol, uint16(f.Port), err
	case "ICMP":
		number, err := icmpPort("IPv4", f.Type)
		return u8proto.ICMP, number, err
	case "ICMPv6":
		number, err := icmpPort("IPv6", f.Type)
		return u8proto.ICMPv6, number, err
	default:
		return 0, 0, fmt.Errorf("no protocol %s", f.Protocol)
	}
}

func icmpPort(family string, name json.RawMessage) (uint16, error) {
	number, err := icmpType(family, name)
	if err == nil && number == 0 {
		number = icmpTypeZero
	}
	return number, err
}
