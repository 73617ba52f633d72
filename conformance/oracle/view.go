package oracle

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/cilium/cilium/pkg/fqdn/dns"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
)

// view is the cluster as the agent of one node sees it: its own node is the host, all others are remote. The agent of a pod on no node has a
// host without labels.
type view struct {
	cluster  *cluster
	engine   Engine
	repo     *policy.Repository
	policies []inserted
	node     string
	// clusterName pins the peers of policies to the cluster; empty, they are those of any cluster.
	clusterName string
	ipcache     ipcache
	// known are the identities handed out so far, by their labels.
	known map[string]*identity.Identity
	// peers and subjects are what the repository must know of them; pods, the host and Cilium's own endpoints are both.
	peers, subjects identity.IdentityMap
	// ports are those of all pods; what a pod that could exist has counts for its own flow only.
	ports map[identity.NumericIdentity][]ciliumtypes.NamedPortMap
	// resolved are the policies of the endpoints that were asked about.
	resolved map[string]*policy.EndpointPolicy
	ids      identitymanager.IDManager
}

// inserted is a policy in the repository, by its name in answers.
type inserted struct {
	name string
	Inserted
}

// allocate is the identity of these labels: a reserved one, or the next number of its scope.
func (v *view) allocate(lbls labels.Labels) *identity.Identity {
	key := string(lbls.SortedList())
	if id := v.known[key]; id != nil {
		return id
	}
	id := identity.LookupReservedIdentityByLabels(lbls)
	if id == nil {
		scope := identity.ScopeForLabels(lbls)
		first := scope + 1
		if scope == identity.IdentityScopeGlobal {
			first = identity.MinimalNumericIdentity
		}
		id = identity.NewIdentity(first+identity.NumericIdentity(len(v.known)), lbls)
	}
	v.known[key] = id
	v.peers[id.ID] = id.LabelArray
	return id
}

// pod is the identity of a pod that is an endpoint.
func (v *view) pod(p *pod) *identity.Identity {
	lbls := v.cluster.identityLabels(p)
	for _, l := range v.engine.PortLabels(p.ports) {
		lbls[l.Key] = l
	}
	// Source: Cilium 1.20, pkg/endpoint/endpoint.go, computeCIDRLabelsRLocked.
	if slices.Contains(option.Config.PolicyCIDRMatchMode, "pods") {
		for _, address := range p.addresses {
			for _, l := range v.ipcache.cidrLabels(address) {
				lbls[l.GetExtendedKey()] = l
			}
		}
	}
	id := v.allocate(lbls)
	v.subjects[id.ID] = id.LabelArray
	return id
}

// hostSubject is the host as an endpoint: its labels are those of the node.
func (v *view) hostSubject() *identity.Identity {
	return identity.NewIdentity(identity.ReservedIdentityHost, nodeLabels(v.cluster.nodes[v.node]))
}

// nodePeer is a node as others see it: the host on the view's own node, else a remote node.
func (v *view) nodePeer(name string) *identity.Identity {
	if n := v.cluster.nodes[name]; n != nil && len(n.addresses) > 0 {
		return v.address(n.addresses[0])
	}
	if name == v.node {
		return v.allocate(v.ipcache.host)
	}
	return v.allocate(v.nodeLabels(name))
}

// nodeLabels are those that an agent gives to the addresses of a node. Source: Cilium, pkg/node/manager/manager.go, nodeIdentityLabels.
func (v *view) nodeLabels(name string) labels.Labels {
	lbls, isHost := labels.NewFrom(labels.LabelRemoteNode), name == v.node
	if isHost {
		lbls = labels.NewFrom(labels.LabelHost)
	}
	n := v.cluster.nodes[name]
	if n != nil && option.Config.PerNodeLabelsEnabled() && (!isHost || v.engine.HostHasNodeLabels()) {
		lbls.MergeLabels(v.cluster.remoteLabels(n, v.engine.FiltersClusterLabel()))
	}
	return lbls
}

// address is the identity of an address that is no pod's, by the longest prefix that the agent knows.
func (v *view) address(address netip.Addr) *identity.Identity {
	lbls := v.ipcache.lookup(address)
	if lbls == nil {
		lbls = labels.Labels{}
		lbls.AddWorldLabel(address)
	}
	if lbls.HasHostLabel() {
		lbls = v.ipcache.host
	}
	return v.allocate(lbls)
}

// reserved is an identity by its number.
func (v *view) reserved(id identity.NumericIdentity) *identity.Identity {
	if id == identity.ReservedIdentityHost {
		return v.allocate(v.ipcache.host)
	}
	return identity.LookupReservedIdentity(id)
}

// fill makes the ipcache, when all policies are in.
func (v *view) fill(selectors []api.FQDNSelector) error {
	c := &v.ipcache
	c.prefixes = map[netip.Prefix]labels.Labels{}
	// In the order in which their labels win: by their source, and then by name.
	for address := range v.cluster.apiServer {
		c.add(single(address), labels.LabelKubeAPIServer)
	}
	for name, n := range v.cluster.nodes {
		for _, address := range n.addresses {
			c.add(single(address), v.nodeLabels(name))
			if option.Config.PolicyCIDRMatchesNodes() {
				c.add(single(address), labels.GetCIDRLabels(single(address)))
			}
		}
	}
	for name, addresses := range v.cluster.names {
		lbls, err := fqdnLabels(name, selectors)
		if err != nil {
			return err
		}
		for _, address := range addresses {
			if len(lbls) > 0 {
				c.add(single(address), lbls)
			}
		}
	}
	for _, name := range sortedKeys(v.cluster.groups) {
		group := v.cluster.groups[name]
		for _, text := range group.Spec.ExternalCIDRs {
			if prefix, err := netip.ParsePrefix(string(text)); err == nil {
				c.add(prefix, v.engine.GroupLabels(group))
			}
		}
	}
	for _, p := range v.policies {
		for _, prefix := range p.Prefixes {
			c.add(prefix, labels.GetCIDRLabels(prefix.Masked()))
		}
	}
	c.host = v.nodeLabels(v.node)
	if n := v.cluster.nodes[v.node]; n != nil {
		for _, address := range n.addresses {
			c.host.MergeLabels(c.lookup(address))
		}
	}
	return nil
}

// fqdnLabels are those of every selector of names that matches the name. Source: Cilium, pkg/fqdn/namemanager, deriveLabelsForName.
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
