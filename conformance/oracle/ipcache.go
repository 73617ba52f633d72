package oracle

import (
	"net/netip"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/labels"
)

// ipcache is what an agent knows about addresses: the labels that policies, CIDR groups, names, nodes and the API server give to prefixes.
type ipcache struct {
	prefixes map[netip.Prefix]labels.Labels
	// host has the labels of all addresses of the agent's own node.
	host labels.Labels
}

// add labels a prefix; what has a label already keeps it. Source: Cilium, pkg/ipcache/types.go, flatten.
func (c *ipcache) add(prefix netip.Prefix, lbls labels.Labels) {
	prefix = prefix.Masked()
	if c.prefixes[prefix] == nil {
		c.prefixes[prefix] = labels.Labels{}
	}
	for key, l := range lbls {
		if _, taken := c.prefixes[prefix][key]; !taken {
			c.prefixes[prefix][key] = l
		}
	}
}

// single is the prefix of one address.
func single(address netip.Addr) netip.Prefix {
	return netip.PrefixFrom(address, address.BitLen())
}

// lookup is what the longest prefix around the address is labelled with, or nil where there is none.
func (c *ipcache) lookup(address netip.Addr) labels.Labels {
	for bits := address.BitLen(); bits >= 0; bits-- {
		prefix := netip.PrefixFrom(address, bits).Masked()
		if c.prefixes[prefix] == nil {
			continue
		}
		lbls := c.merged(prefix)
		resolveLabels(lbls, cmtypes.NewLocalPrefixCluster(prefix))
		return lbls
	}
	return nil
}

// merged are the labels of a prefix and of all around it; longer ones win, and one CIDR label remains.
//
// Source: Cilium 1.20, pkg/ipcache/metadata.go, mergeLabels.
func (c *ipcache) merged(prefix netip.Prefix) labels.Labels {
	lbls := labels.Labels{}
	hasCIDR := false
	for bits := prefix.Bits(); bits >= 0; bits-- {
		for key, l := range c.prefixes[netip.PrefixFrom(prefix.Addr(), bits).Masked()] {
			isCIDR := l.Source == labels.LabelSourceCIDR
			if _, taken := lbls[key]; taken || isCIDR && hasCIDR {
				continue
			}
			lbls[key] = l
			hasCIDR = hasCIDR || isCIDR
		}
	}
	return lbls
}

// cidrLabels are those that a pod's identity takes from its address where CIDRs match pods.
func (c *ipcache) cidrLabels(address netip.Addr) labels.Labels {
	found := labels.Labels{}
	for key, l := range c.merged(single(address)) {
		if l.Source == labels.LabelSourceCIDR || l.Source == labels.LabelSourceCIDRGroup {
			found[key] = l
		}
	}
	if !found.HasSource(labels.LabelSourceCIDR) {
		everything := "cidr:0.0.0.0/0"
		if address.Is6() {
			everything = "cidr:::/0"
		}
		l := labels.ParseLabel(everything)
		found[l.Key] = l
	}
	return found
}
