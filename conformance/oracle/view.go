package oracle

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/cilium/cilium/pkg/fqdn/dns"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/source"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
)

// view is the cluster from the view of the agent of one node: its own node is the host, and all others are remote. For a pod on no node, the host
// has no labels.
type view struct {
	cluster  *cluster
	engine   Engine
	repo     *policy.Repository
	policies []inserted
	// tiers are the names of the ClusterNetworkPolicies among them.
	tiers []string
	node  string
	// clusterName limits the peers of policies to a cluster. If it is empty, peers can be in any cluster.
	clusterName string
	addresses   *addresses
	// host has the labels of all addresses of the agent's own node.
	host labels.Labels
	// known are the identities allocated so far, by their labels.
	known map[string]*identity.Identity
	// peers and subjects are the identities that the repository must have. Pods, the host and Cilium's own endpoints are both.
	peers, subjects identity.IdentityMap
	// ports are the named ports of all pods. The ports of a hypothetical pod count only for its own flow.
	ports map[identity.NumericIdentity][]ciliumtypes.NamedPortMap
	// resolved are the resolved policies of endpoints.
	resolved map[string]*policy.EndpointPolicy
	ids      identitymanager.IDManager
}

// inserted is a policy in the repository, with its name in answers.
type inserted struct {
	name     string
	resource ipcachetypes.ResourceID
	Inserted
}

// allocate returns the identity of labels: a reserved identity, or the next number in its scope.
func (v *view) allocate(lbls labels.Labels) *identity.Identity { return v.allocateIn(0, lbls) }

// otherCluster is the number of all other clusters of a mesh.
const otherCluster = 5

// allocateIn does so for a cluster of a mesh, by its number.
func (v *view) allocateIn(cluster uint32, lbls labels.Labels) *identity.Identity {
	key := fmt.Sprint(cluster, string(lbls.SortedList()))
	if id := v.known[key]; id != nil {
		return id
	}
	id := identity.LookupReservedIdentityByLabels(lbls)
	if id == nil {
		scope := identity.ScopeForLabels(lbls)
		first := scope + 1
		if scope == identity.IdentityScopeGlobal {
			first = identity.MinimalNumericIdentity + identity.NumericIdentity(cluster<<identity.GetClusterIDShift())
		}
		id = identity.NewIdentity(first+identity.NumericIdentity(len(v.known)), lbls)
	}
	v.known[key] = id
	v.peers[id.ID] = id.LabelArray
	return id
}

// pod returns the identity of a pod that is an endpoint.
func (v *view) pod(p *pod) *identity.Identity {
	lbls := v.cluster.identityLabels(p)
	for _, l := range v.engine.PortLabels(p.ports) {
		lbls[l.Key] = l
	}
	// Source: Cilium 1.20, pkg/endpoint/endpoint.go, computeCIDRLabelsRLocked.
	if slices.Contains(option.Config.PolicyCIDRMatchMode, "pods") {
		for _, address := range p.addresses {
			for _, l := range cidrLabels(v.engine.MetadataLabels(v.addresses.IPCache, address), address) {
				lbls[l.GetExtendedKey()] = l
			}
		}
	}
	if p.cluster != "" {
		return v.allocateIn(otherCluster, lbls)
	}
	id := v.allocate(lbls)
	v.subjects[id.ID] = id.LabelArray
	return id
}

// hostSubject returns the host as an endpoint, with the labels of the node.
func (v *view) hostSubject() *identity.Identity {
	return identity.NewIdentity(identity.ReservedIdentityHost, nodeLabels(v.cluster.nodes[v.node]))
}

// nodePeer returns a node without an address as a peer: the host for the node of the view, otherwise a remote node.
func (v *view) nodePeer(name string) *identity.Identity {
	if name == v.node && name != "" {
		return v.allocate(v.host)
	}
	return v.allocate(labels.NewFrom(labels.LabelRemoteNode))
}

// address returns the identity of an address that does not belong to a pod, from the longest known prefix.
func (v *view) address(address netip.Addr) (*identity.Identity, error) {
	lbls, err := v.addresses.lookup(address)
	if err != nil {
		return nil, err
	}
	if lbls == nil {
		lbls = labels.Labels{}
		lbls.AddWorldLabel(address)
	}
	if lbls.HasHostLabel() {
		lbls = v.host
	}
	return v.allocate(lbls), nil
}

// reserved returns a reserved identity by its number.
func (v *view) reserved(id identity.NumericIdentity) *identity.Identity {
	if id == identity.ReservedIdentityHost {
		return v.allocate(v.host)
	}
	return identity.LookupReservedIdentity(id)
}

// fill fills the ipcache, after all policies are inserted.
func (v *view) fill(selectors []api.FQDNSelector) error {
	v.addresses = newAddresses()
	if err := v.nodes(); err != nil {
		return err
	}
	kubernetes := ipcachetypes.NewResourceID(ipcachetypes.ResourceKindEndpoint, "default", "kubernetes")
	for address := range v.cluster.apiServer {
		v.addresses.add(single(address), source.KubeAPIServer, kubernetes, labels.LabelKubeAPIServer)
	}
	names := ipcachetypes.NewResourceID(ipcachetypes.ResourceKindDaemon, "", "fqdn-name-manager")
	byAddress := map[netip.Addr]labels.Labels{}
	for name, addresses := range v.cluster.names {
		lbls, err := fqdnLabels(name, selectors)
		if err != nil {
			return err
		}
		for _, address := range addresses {
			if byAddress[address] == nil {
				byAddress[address] = labels.Labels{}
			}
			byAddress[address].MergeLabels(lbls)
		}
	}
	for address, lbls := range byAddress {
		if len(lbls) > 0 {
			v.addresses.add(single(address), source.Generated, names, lbls)
		}
	}
	for name, group := range v.cluster.groups {
		resource := ipcachetypes.NewResourceID(ipcachetypes.ResourceKindCIDRGroup, "", name)
		for _, text := range group.Spec.ExternalCIDRs {
			if prefix, err := netip.ParsePrefix(string(text)); err == nil {
				lbls := maps.Clone(v.engine.GroupLabels(group))
				lbls.AddWorldLabel(prefix.Addr())
				v.addresses.add(prefix, source.Generated, resource, lbls)
			}
		}
	}
	for _, p := range v.policies {
		for _, prefix := range p.Prefixes {
			v.addresses.add(prefix, source.Generated, p.resource, labels.GetCIDRLabels(prefix.Masked()))
		}
	}
	host, err := v.addresses.compute()
	if host == nil {
		host = labels.NewFrom(labels.LabelHost)
	}
	v.host = host
	return err
}

// fqdnLabels returns the labels of every FQDN selector that matches the name. Source: Cilium, pkg/fqdn/namemanager, deriveLabelsForName.
func fqdnLabels(name string, selectors []api.FQDNSelector) (labels.Labels, error) {
	lbls := labels.Labels{}
	for _, selector := range selectors {
		matcher, err := selector.ToRegex()
		if err != nil {
			return nil, fmt.Errorf("selector of names %s: %w", selector.String(), err)
		}
		if matcher.MatchString(dns.FQDN(name)) {
			l := selector.IdentityLabel()
			lbls[l.Key] = l
		}
	}
	return lbls, nil
}
