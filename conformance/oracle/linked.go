package oracle

import (
	_ "unsafe" // for go:linkname

	_ "github.com/cilium/cilium/pkg/policy/k8s"

	"github.com/cilium/cilium/pkg/loadbalancer"
	"github.com/cilium/cilium/pkg/policy/api"
)

// Functions that Cilium does not export are called by their symbols instead of being written again.

// serviceEndpoints begins like the type of the same name in Cilium's pkg/policy/k8s/service.go.
type serviceEndpoints struct {
	svc             *loadbalancer.Service
	backendPrefixes func() []api.CIDR
	// Up to 1.18, this is a switch, which is off.
	_ bool
}

// resolveToServices adds the selector of a Service, or the addresses of its backends, to every egress rule that names the Service.
//
//go:linkname resolveToServices github.com/cilium/cilium/pkg/policy/k8s.(*serviceEndpoints).processRule
func resolveToServices(s *serviceEndpoints, rule *api.Rule) int
