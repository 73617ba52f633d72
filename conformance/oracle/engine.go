package oracle

import (
	"iter"
	"net/netip"

	"github.com/cilium/cilium/pkg/endpoint/regeneration"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/spanstat"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// Engine calls the policy engine of one minor where its signatures differ.
type Engine interface {
	// Rules puts the rules of a CiliumNetworkPolicy or CiliumClusterwideNetworkPolicy into the repository.
	Rules(repo *policy.Repository, id ipcachetypes.ResourceID, rules api.Rules) Inserted
	// NetworkPolicy parses a NetworkPolicy and puts it into the repository.
	NetworkPolicy(repo *policy.Repository, id ipcachetypes.ResourceID, np *networkingv1.NetworkPolicy, clusterName string) (Inserted, error)
	// Know tells the repository of identities: as peers, and as subjects where these are kept apart.
	Know(repo *policy.Repository, peers, subjects identity.IdentityMap)
	// Distill computes the policy of an endpoint. Every redirect of it has a proxy port.
	Distill(repo *policy.Repository, ids identitymanager.IDManager, subject *identity.Identity, ports Ports) (*policy.EndpointPolicy, error)
	// Enforced tells whether anything but an allow of everything judges the direction.
	Enforced(p *policy.EndpointPolicy, ingress bool) bool
	// Filters are the resolved rules of one direction.
	Filters(p *policy.EndpointPolicy, ingress bool) iter.Seq[*policy.L4Filter]
	// Selecting are the cells of a filter whose selector selects the peer; from 1.20 on also by way of the peer's aggregate identity.
	Selecting(repo *policy.Repository, f *policy.L4Filter, peer identity.NumericIdentity) iter.Seq[Cell]
	// CoversPort tells whether a port is among the filter's, as the subject's policy understands a name when it talks to the peer.
	CoversPort(p *policy.EndpointPolicy, f *policy.L4Filter, peer identity.NumericIdentity, port uint16) bool
	// ProxyPorts are the ports for which a proxy is given the rules of a filter: none for a name that nobody has, several where peers differ.
	ProxyPorts(p *policy.EndpointPolicy, f *policy.L4Filter) []uint16
	// ListenerPriority is the priority of an entry's redirect.
	ListenerPriority(entry policy.MapStateEntry) int
	// PortLabels are the labels that a pod's named ports add to its identity.
	PortLabels(ports ciliumtypes.NamedPortMap) labels.LabelArray
	// GroupLabels are the labels that a CIDR group gives to its prefixes, without the world label.
	GroupLabels(group *v2.CiliumCIDRGroup) labels.Labels
	// HostHasNodeLabels tells whether the labels of source node are given to the agent's own node too.
	HostHasNodeLabels() bool
	// APIServerIsBackends tells whether the API server has the addresses of its backends only, and not all that its EndpointSlices list.
	APIServerIsBackends() bool
	// DerivesGroups tells whether the operator makes another policy of one with cloud groups, with addresses in their place.
	DerivesGroups() bool
	// FiltersClusterLabel tells whether the label of a node's cluster goes through the filter of node labels.
	FiltersClusterLabel() bool
}

// Cell is what a resolved policy says for one selector of peers on one port: Cilium has merged the rules of all policies that say it.
type Cell struct {
	Rule   *policy.PerSelectorPolicy
	Deny   bool
	Origin labels.LabelArrayList
	// ByAggregate tells that only the aggregate identity of the peer is selected: in the policy map that is enough, a proxy does not know of it.
	ByAggregate bool
}

// Inserted is what a policy brought into the repository, as far as the engine does not tell.
type Inserted struct {
	// Prefixes are those that the agent puts into its ipcache for the policy.
	Prefixes []netip.Prefix
	// Isolates tells whether a rule of the policy makes a direction of the subject default-deny.
	Isolates func(subject *identity.Identity, ingress bool) bool
}

// Ports are the named ports that an endpoint's policy can mean.
type Ports struct {
	// Own are those of the subject's own containers.
	Own ciliumtypes.NamedPortMap
	// Of are those of the pods behind each identity.
	Of map[identity.NumericIdentity][]ciliumtypes.NamedPortMap
}

// Owner is the part of a policy.PolicyOwner that all minors share.
type Owner struct {
	Subject *identity.Identity
	Ports   Ports
}

// GetID is the endpoint's number; only redirects carry it.
func (o Owner) GetID() uint64 { return 1 }

// PolicyDebug is not needed.
func (o Owner) PolicyDebug(string, ...any) {}

// IsHost tells whether the endpoint is the host.
func (o Owner) IsHost() bool { return o.Subject.ID == identity.ReservedIdentityHost }

// RegenerateIfAlive has nothing to regenerate.
func (o Owner) RegenerateIfAlive(*regeneration.ExternalRegenerationMetadata) <-chan bool {
	done := make(chan bool)
	close(done)
	return done
}

// Own is the number of a name among the endpoint's own ports, or 0.
func (o Owner) Own(name string, proto u8proto.U8proto) uint16 {
	port, err := o.Ports.Own.GetNamedPort(name, proto)
	if err != nil {
		return 0
	}
	return port
}

// InRange tells whether a port lies between two ports; an end that is not greater than the start counts for nothing.
func InRange(port, start, end uint16) bool {
	return port == start || start < port && port <= end
}

// Statistics are asked for up to 1.19, and not needed.
type Statistics struct{ waiting, calculating spanstat.SpanStat }

// WaitingForPolicyRepository is not needed.
func (s *Statistics) WaitingForPolicyRepository() *spanstat.SpanStat { return &s.waiting }

// SelectorPolicyCalculation is not needed.
func (s *Statistics) SelectorPolicyCalculation() *spanstat.SpanStat { return &s.calculating }
