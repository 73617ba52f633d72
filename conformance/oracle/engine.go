package oracle

import (
	"iter"
	"net/netip"

	"github.com/cilium/cilium/pkg/endpoint/regeneration"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	"github.com/cilium/cilium/pkg/ipcache"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/loadbalancer"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/spanstat"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// Engine calls the functions of the policy engine whose signatures differ between minors.
type Engine interface {
	// Rules adds the rules of a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy to the repository.
	Rules(repo *policy.Repository, id ipcachetypes.ResourceID, rules api.Rules) Inserted
	// NetworkPolicy parses a NetworkPolicy and adds it to the repository.
	NetworkPolicy(repo *policy.Repository, id ipcachetypes.ResourceID, np *networkingv1.NetworkPolicy, clusterName string) (Inserted, error)
	// ClusterNetworkPolicy parses a ClusterNetworkPolicy and adds it to the repository. Before 1.20, the agent does not see it.
	ClusterNetworkPolicy(repo *policy.Repository, id ipcachetypes.ResourceID, object []byte, clusterName string) (Inserted, error)
	// Place returns where a rule stands in the order of tiers.
	Place(f *policy.L4Filter, rule *policy.PerSelectorPolicy) Place
	// ParseClusterNetworkPolicy returns the error with which the agent rejects a stored ClusterNetworkPolicy. Up to 1.19, the agent does not read any.
	ParseClusterNetworkPolicy(stored []byte, clusterName string) error
	// Know adds identities to the repository: as peers, and as subjects if the minor stores these separately.
	Know(repo *policy.Repository, peers, subjects identity.IdentityMap)
	// Distill computes the policy of an endpoint. Every redirect in it has a proxy port.
	Distill(repo *policy.Repository, ids identitymanager.IDManager, subject *identity.Identity, ports Ports) (*policy.EndpointPolicy, error)
	// Enforced reports whether policy is enforced in the direction, and not everything is allowed.
	Enforced(p *policy.EndpointPolicy, ingress bool) bool
	// Filters returns the resolved rules of one direction.
	Filters(p *policy.EndpointPolicy, ingress bool) iter.Seq[*policy.L4Filter]
	// Selecting returns the cells of a filter whose selector selects the peer; since 1.20 also through the aggregate identity of the peer.
	Selecting(repo *policy.Repository, f *policy.L4Filter, peer identity.NumericIdentity) iter.Seq[Cell]
	// CoversPort reports whether a filter covers a port. A named port is resolved as in the subject's policy for this peer.
	CoversPort(p *policy.EndpointPolicy, f *policy.L4Filter, peer identity.NumericIdentity, port uint16) bool
	// ProxyPorts returns the ports for which a proxy gets the rules of a filter: none for a name that no peer has, several if peers differ.
	ProxyPorts(p *policy.EndpointPolicy, f *policy.L4Filter) []uint16
	// ListenerPriority returns the priority of the redirect of an entry.
	ListenerPriority(entry policy.MapStateEntry) int
	// PortLabels returns the labels that the named ports of a pod add to its identity.
	PortLabels(ports ciliumtypes.NamedPortMap) labels.LabelArray
	// NodeManager returns Cilium's node manager over an ipcache.
	NodeManager(c *ipcache.IPCache) (NodeManager, error)
	// MetadataLabels returns the labels of an address before they are made consistent. Only 1.20 needs them.
	MetadataLabels(c *ipcache.IPCache, address netip.Addr) labels.Labels
	// Frontends returns the frontends of a Service.
	Frontends(s *corev1.Service, replacesKubeProxy bool) []loadbalancer.FrontendParams
	// SanitizeServerName returns a server name of a policy as Envoy gets it.
	SanitizeServerName(pattern string) string
	// GroupLabels returns the labels that a CIDR group adds to its prefixes, without the world label.
	GroupLabels(group *v2.CiliumCIDRGroup) labels.Labels
	// APIServerIsBackends reports whether the API server has only the addresses of its backends, and not all addresses in its EndpointSlices.
	APIServerIsBackends() bool
	// DerivesGroups reports whether the operator derives a second policy from a policy with cloud groups, in which addresses replace the groups.
	DerivesGroups() bool
}

// Cell is the part of a resolved policy for one selector of peers on one port. Cilium has merged the rules of all policies into it.
type Cell struct {
	Rule   *policy.PerSelectorPolicy
	Deny   bool
	Place  Place
	Origin labels.LabelArrayList
	// ByAggregate reports whether only the aggregate identity of the peer is selected. This is enough for the policy map, but a proxy ignores it.
	ByAggregate bool
}

// Place is where a rule stands in the order in which Cilium asks rules.
type Place struct {
	// Tier and Priority are the lower, the earlier the rule is asked.
	Tier, Priority int
	// Passes reports whether the rule leaves the decision to the next tier.
	Passes bool
	// IsDefault reports whether Cilium has added the rule after all tiers.
	IsDefault bool
}

// Inserted has information about an inserted policy that the engine itself does not return.
type Inserted struct {
	// Prefixes are the prefixes that the agent adds to its ipcache for the policy.
	Prefixes []netip.Prefix
	// Isolates reports whether a rule of the policy puts a direction of the subject into default deny.
	Isolates func(subject *identity.Identity, ingress bool) bool
}

// Ports are the named ports that the policy of an endpoint can refer to.
type Ports struct {
	// Own are the ports of the subject's own containers.
	Own ciliumtypes.NamedPortMap
	// Of are the ports of the pods of each identity.
	Of map[identity.NumericIdentity][]ciliumtypes.NamedPortMap
}

// Owner implements the part of policy.PolicyOwner that all minors share.
type Owner struct {
	Subject *identity.Identity
	Ports   Ports
}

// GetID returns the number of the endpoint. Only redirects use it.
func (o Owner) GetID() uint64 { return 1 }

// PolicyDebug is not needed.
func (o Owner) PolicyDebug(string, ...any) {}

// IsHost reports whether the endpoint is the host.
func (o Owner) IsHost() bool { return o.Subject.ID == identity.ReservedIdentityHost }

// RegenerateIfAlive has nothing to regenerate.
func (o Owner) RegenerateIfAlive(*regeneration.ExternalRegenerationMetadata) <-chan bool {
	done := make(chan bool)
	close(done)
	return done
}

// Own returns the number of a name in the endpoint's own ports, or 0.
func (o Owner) Own(name string, proto u8proto.U8proto) uint16 {
	port, err := o.Ports.Own.GetNamedPort(name, proto)
	if err != nil {
		return 0
	}
	return port
}

// InRange reports whether a port lies between two ports. An end that is not greater than the start is ignored.
func InRange(port, start, end uint16) bool {
	return port == start || start < port && port <= end
}

// Statistics are required up to 1.19, but not used.
type Statistics struct{ waiting, calculating spanstat.SpanStat }

// WaitingForPolicyRepository is not needed.
func (s *Statistics) WaitingForPolicyRepository() *spanstat.SpanStat { return &s.waiting }

// SelectorPolicyCalculation is not needed.
func (s *Statistics) SelectorPolicyCalculation() *spanstat.SpanStat { return &s.calculating }
