package oracle

import (
	_ "unsafe" // for go:linkname

	_ "github.com/cilium/cilium/pkg/ipcache"
	_ "github.com/cilium/cilium/pkg/policy/k8s"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/loadbalancer"
	"github.com/cilium/cilium/pkg/policy/api"
)

// What Cilium does not export is called by its symbol rather than written again.

// resolveLabels makes labels of an address consistent: no world label in the cluster, no CIDR label on a node unless CIDRs match nodes.
//
//go:linkname resolveLabels github.com/cilium/cilium/pkg/ipcache.resolveLabels
func resolveLabels(lbls labels.Labels, prefix cmtypes.PrefixCluster)

// serviceEndpoints begins like the type of that name in Cilium's pkg/policy/k8s/service.go.
type serviceEndpoints struct {
	svc             *loadbalancer.Service
	backendPrefixes func() []api.CIDR
	// Up to 1.18 a switch follows, which is off.
	_ bool
}

// resolveToServices adds to every egress rule that names the service what the service stands for: its selector, or the addresses of its backends.
//
//go:linkname resolveToServices github.com/cilium/cilium/pkg/policy/k8s.(*serviceEndpoints).processRule
func resolveToServices(s *serviceEndpoints, rule *api.Rule) int
