package oracle

import (
	"encoding/json"
	"net"
	"net/netip"

	"github.com/cilium/cilium/pkg/datapath/iptables/ipset"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	"github.com/cilium/cilium/pkg/node/addressing"
	nodetypes "github.com/cilium/cilium/pkg/node/types"
	"github.com/cilium/cilium/pkg/source"
)

// node is a node of the cluster, from its Node and its CiliumNode.
type node struct {
	labels    map[string]string
	addresses []nodeAddress
	// health and ingress are the addresses of the node's own endpoints.
	health, ingress []netip.Addr
}

type nodeAddress struct {
	netip.Addr
	kind addressing.AddressType
}

// node finds or creates a node by its name. The two objects can come in any order.
func (c *cluster) node(name string) *node {
	if c.nodes[name] == nil {
		c.nodes[name] = &node{}
	}
	return c.nodes[name]
}

func (n *node) add(kind, text string) {
	if address, err := netip.ParseAddr(text); err == nil {
		n.addresses = append(n.addresses, nodeAddress{address, addressing.AddressType(kind)})
	}
}

func (c *cluster) addNode(h head, object json.RawMessage) error {
	var written struct {
		Status struct {
			Addresses []struct{ Type, Address string } `json:"addresses"`
		} `json:"status"`
	}
	if err := json.Unmarshal(object, &written); err != nil {
		return err
	}
	n := c.node(h.Metadata.Name)
	n.labels = h.Metadata.Labels
	for _, a := range written.Status.Addresses {
		n.add(a.Type, a.Address)
	}
	return nil
}

func (c *cluster) addCiliumNode(object json.RawMessage) error {
	var written v2.CiliumNode
	if err := json.Unmarshal(object, &written); err != nil {
		return err
	}
	n := c.node(written.Name)
	if n.labels == nil {
		n.labels = written.Labels
	}
	for _, a := range written.Spec.Addresses {
		n.add(string(a.Type), a.IP)
	}
	parsed := func(texts ...string) (found []netip.Addr) {
		for _, text := range texts {
			if address, err := netip.ParseAddr(text); err == nil {
				found = append(found, address)
			}
		}
		return found
	}
	n.health = append(n.health, parsed(written.Spec.HealthAddressing.IPv4, written.Spec.HealthAddressing.IPv6)...)
	n.ingress = append(n.ingress, parsed(written.Spec.IngressAddressing.IPV4, written.Spec.IngressAddressing.IPV6)...)
	return nil
}

// address returns the address that a node has by its name: its first InternalIP, otherwise its first address.
func (n *node) address() netip.Addr {
	for _, a := range n.addresses {
		if a.kind == addressing.NodeInternalIP {
			return a.Addr
		}
	}
	if len(n.addresses) > 0 {
		return n.addresses[0].Addr
	}
	return netip.Addr{}
}

// nodes tells Cilium's node manager, which adds the addresses of nodes to the ipcache, of all nodes.
func (v *view) nodes() error {
	nodetypes.SetName(v.node)
	manager, err := v.engine.NodeManager(v.addresses.IPCache)
	if err != nil {
		return err
	}
	for name, n := range v.cluster.nodes {
		told := nodetypes.Node{Name: name, Cluster: v.cluster.name, Labels: n.labels, Source: source.CustomResource}
		if name == v.node {
			told.Source = source.Local
		}
		for _, a := range n.addresses {
			v.addresses.know(single(a.Addr))
			told.IPAddresses = append(told.IPAddresses, nodetypes.Address{Type: a.kind, IP: net.IP(a.AsSlice())})
		}
		for _, a := range n.health {
			v.addresses.know(single(a))
			setByFamily(a, &told.IPv4HealthIP, &told.IPv6HealthIP)
		}
		for _, a := range n.ingress {
			v.addresses.know(single(a))
			setByFamily(a, &told.IPv4IngressIP, &told.IPv6IngressIP)
		}
		manager.NodeUpdated(told)
	}
	return nil
}

func setByFamily(address netip.Addr, v4, v6 *net.IP) {
	if address.Is4() {
		*v4 = address.AsSlice()
	} else {
		*v6 = address.AsSlice()
	}
}

// NodeManager is the part of Cilium's node manager that adds nodes to the ipcache.
type NodeManager interface {
	NodeUpdated(n nodetypes.Node)
}

// NoIPSet is a set of addresses that nobody reads.
type NoIPSet struct{}

// NewInitializer has nothing to initialise.
func (NoIPSet) NewInitializer() ipset.Initializer { return NoIPSet{} }

// InitDone has nothing to do.
func (NoIPSet) InitDone() {}

// AddToIPSet adds nothing.
func (NoIPSet) AddToIPSet(string, ipset.Family, ...netip.Addr) {}

// RemoveFromIPSet removes nothing.
func (NoIPSet) RemoveFromIPSet(string, ...netip.Addr) {}
