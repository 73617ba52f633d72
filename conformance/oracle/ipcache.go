package oracle

import (
	"context"
	"fmt"
	"net/netip"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/cache"
	"github.com/cilium/cilium/pkg/ipcache"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/k8s/synced"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/source"
	testidentity "github.com/cilium/cilium/pkg/testutils/identity"
)

// addresses is Cilium's own ipcache of one agent, filled with what policies, CIDR groups, names, nodes and the API server say of prefixes.
type addresses struct {
	*ipcache.IPCache
	allocator cache.IdentityAllocator
	// known are the prefixes that the cache has an entry for.
	known map[netip.Prefix]struct{}
	// synced is closed when everything is added. Until then the cache computes nothing.
	synced synced.CacheStatus
}

// newAddresses returns the ipcache of an agent that knows nothing but the world. Source: Cilium, daemon/cmd/hostips-sync.go.
func newAddresses() *addresses {
	allocator := testidentity.NewMockIdentityAllocator(nil)
	status := make(synced.CacheStatus)
	a := &addresses{
		IPCache: ipcache.NewIPCache(&ipcache.Configuration{
			Context:           context.Background(),
			Logger:            logger,
			IdentityAllocator: allocator,
			IdentityUpdater:   noUpdater{},
			CacheStatus:       status,
		}),
		allocator: allocator,
		known:     map[netip.Prefix]struct{}{},
		synced:    status,
	}
	world := func(address netip.Addr) {
		lbls := labels.Labels{}
		lbls.AddWorldLabel(address)
		prefix := netip.PrefixFrom(address, 0)
		a.known[prefix] = struct{}{}
		a.OverrideIdentity(cmtypes.NewLocalPrefixCluster(prefix), lbls, source.Local, daemon)
	}
	if option.Config.EnableIPv4 {
		world(netip.IPv4Unspecified())
	}
	if option.Config.EnableIPv6 {
		world(netip.IPv6Unspecified())
	}
	return a
}

var daemon = ipcachetypes.NewResourceID(ipcachetypes.ResourceKindDaemon, "", "reserved")

// add adds labels to a prefix.
func (a *addresses) add(prefix netip.Prefix, src source.Source, resource ipcachetypes.ResourceID, lbls labels.Labels) {
	a.know(prefix)
	a.UpsertMetadata(cmtypes.NewLocalPrefixCluster(prefix.Masked()), src, resource, lbls)
}

// know remembers that something else adds labels to a prefix.
func (a *addresses) know(prefix netip.Prefix) {
	a.known[prefix.Masked()] = struct{}{}
}

// compute lets the cache compute the identities of all prefixes. It returns the labels of the agent's own node, or nil if it has no address.
func (a *addresses) compute() (labels.Labels, error) {
	close(a.synced)
	defer a.Shutdown()
	// Since nothing was computed before, all additions are of the first revision.
	if err := a.WaitForRevision(context.Background(), 1); err != nil {
		return nil, err
	}
	for prefix := range a.known {
		if found, known := a.LookupByPrefix(prefix.String()); known && found.ID == identity.ReservedIdentityHost {
			return identity.LookupReservedIdentity(identity.ReservedIdentityHost).Labels, nil
		}
	}
	return nil, nil
}

// lookup returns the labels of the longest prefix that contains the address, or nil if there is none.
func (a *addresses) lookup(address netip.Addr) (labels.Labels, error) {
	for bits := address.BitLen(); bits >= 0; bits-- {
		prefix := netip.PrefixFrom(address, bits).Masked()
		if _, known := a.known[prefix]; !known {
			continue
		}
		return a.labelsOf(prefix)
	}
	return nil, nil
}

// labelsOf returns the labels of a known prefix.
func (a *addresses) labelsOf(prefix netip.Prefix) (labels.Labels, error) {
	found, known := a.LookupByPrefix(prefix.String())
	if !known {
		return nil, fmt.Errorf("no identity for %s", prefix)
	}
	if id := identity.LookupReservedIdentity(found.ID); id != nil {
		return id.Labels, nil
	}
	return a.allocator.LookupIdentityByID(context.Background(), found.ID).Labels, nil
}

type noUpdater struct{}

func (noUpdater) UpdateIdentities(_, _ identity.IdentityMap) <-chan struct{} {
	done := make(chan struct{})
	close(done)
	return done
}

// cidrLabels returns the labels that the identity of a pod gets from its address if CIDRs match pods.
//
// Source: Cilium 1.20, pkg/endpoint/endpoint.go, computeCIDRLabelsRLocked.
func cidrLabels(of labels.Labels, address netip.Addr) labels.Labels {
	found := labels.Labels{}
	for key, l := range of {
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

// single returns the prefix of one address.
func single(address netip.Addr) netip.Prefix {
	return netip.PrefixFrom(address, address.BitLen())
}
