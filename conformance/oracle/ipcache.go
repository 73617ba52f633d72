package oracle

import (
	"net/netip"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/labels"
)

// ipcache has an agent's labels of addresses, which policies, CIDR groups, names, nodes and the API server add to prefixes.
type ipcache struct {
	prefixes map[netip.Prefix]labels.Labels
	// host has the labels of all addresses of the agent's own node.
	host labels.Labels
}

// add adds labels to a prefix. An existing label is kept. Source: Cilium, pkg/ipcache/types.go, flatten.
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

// single returns the prefix of one address.
func single(address netip.Addr) netip.Prefix {
	return netip.PrefixFrom(address, address.BitLen())
}

// lookup returns the labels of the longest prefix that contains the address, or nil if there is none.
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

// merged returns the labels of a prefix and of all prefixes that contain it. Longer prefixes take precedence, and one CIDR label remains.
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

// cidrLabels returns the labels that the identity of a pod gets from its address if CIDRs match pods.
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
