package main

import (
	corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	"github.com/cilium/cilium/pkg/loadbalancer"
	_ "github.com/cilium/cilium/pkg/loadbalancer/reflectors"
	"github.com/cilium/cilium/pkg/node"
	"github.com/cilium/cilium/pkg/source"
	"log/slog"
	_ "unsafe" // for go:linkname

	"github.com/cilium/cilium/pkg/datapath/tunnel"
	"github.com/cilium/cilium/pkg/ipcache"
	"github.com/cilium/cilium/pkg/node/manager"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/hive/cell"
	"net/netip"

	"iter"
	"maps"
	"math"
	"slices"
	"sync"

	"cdk8s-cilium/conformance/oracle"
	"github.com/cilium/cilium/pkg/container/versioned"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/k8s"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	k8sutils "github.com/cilium/cilium/pkg/k8s/utils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	"github.com/cilium/cilium/pkg/policy/types"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// engine is the policy engine of 1.18. It stores rules as parsed, has one selector cache, and one table of the named ports of peers.
type engine struct{}

func (e engine) Rules(repo *policy.Repository, id ipcachetypes.ResourceID, rules api.Rules) oracle.Inserted {
	repo.ReplaceByResource(rules, id)
	return oracle.Inserted{
		Prefixes: policy.GetCIDRPrefixes(rules),
		Isolates: func(subject *identity.Identity, ingress bool) bool {
			return slices.ContainsFunc(rules, func(r *api.Rule) bool { return isolates(r, subject, ingress) })
		},
	}
}

func (e engine) NetworkPolicy(repo *policy.Repository, id ipcachetypes.ResourceID, np *networkingv1.NetworkPolicy, cluster string) (oracle.Inserted, error) {
	rules, err := k8s.ParseNetworkPolicy(logger, cluster, np)
	if err != nil {
		return oracle.Inserted{}, err
	}
	return e.Rules(repo, id, rules), nil
}

func isolates(r *api.Rule, subject *identity.Identity, ingress bool) bool {
	selector, isNode := r.EndpointSelector, r.NodeSelector.LabelSelector != nil
	if isNode {
		selector = r.NodeSelector
	}
	if isNode != (subject.ID == identity.ReservedIdentityHost) || !selector.Matches(subject.LabelArray) {
		return false
	}
	if ingress {
		return *r.EnableDefaultDeny.Ingress && len(r.Ingress)+len(r.IngressDeny) > 0
	}
	return *r.EnableDefaultDeny.Egress && len(r.Egress)+len(r.EgressDeny) > 0
}

func (e engine) ParseClusterNetworkPolicy([]byte, string) error { return nil }

func (e engine) ClusterNetworkPolicy(*policy.Repository, ipcachetypes.ResourceID, []byte, string) (oracle.Inserted, error) {
	return oracle.Inserted{Isolates: func(*identity.Identity, bool) bool { return false }}, nil
}

func (e engine) Place(*policy.L4Filter, *policy.PerSelectorPolicy) oracle.Place {
	return oracle.Place{}
}

func (e engine) Know(repo *policy.Repository, peers, subjects identity.IdentityMap) {
	// If an identity is both, the labels of the peer are used. The host as a subject is matched by the labels in the request for its policy.
	all := maps.Clone(subjects)
	maps.Copy(all, peers)
	var done sync.WaitGroup
	repo.GetSelectorCache().UpdateIdentities(all, nil, &done)
	done.Wait()
}

func (e engine) Distill(repo *policy.Repository, ids identitymanager.IDManager, subject *identity.Identity, ports oracle.Ports) (*policy.EndpointPolicy, error) {
	ids.Add(subject)
	resolved, _, err := repo.GetSelectorPolicy(subject, 0, &oracle.Statistics{}, 1)
	if err != nil {
		return nil, err
	}
	o := newOwner(subject, ports)
	// Every redirect has a proxy port.
	redirects := map[string]uint16{}
	for filter, tuple := range resolved.RedirectFilters() {
		port := filter.Port
		if filter.PortName != "" {
			port = o.GetNamedPort(filter.Ingress, filter.PortName, filter.U8Proto)
		}
		redirects[policy.ProxyID(uint16(o.GetID()), filter.Ingress, string(filter.Protocol), port, tuple.Policy.GetListener())] = math.MaxUint16
	}
	p := resolved.DistillPolicy(logger, o, redirects)
	return p, p.Ready()
}

func (e engine) Enforced(p *policy.EndpointPolicy, ingress bool) bool {
	if ingress {
		return p.IngressPolicyEnabled
	}
	return p.EgressPolicyEnabled
}

func (e engine) Filters(p *policy.EndpointPolicy, ingress bool) iter.Seq[*policy.L4Filter] {
	return func(yield func(*policy.L4Filter) bool) {
		rules := p.L4Policy.Egress.PortRules
		if ingress {
			rules = p.L4Policy.Ingress.PortRules
		}
		rules.ForEach(yield)
	}
}

func (e engine) Selecting(_ *policy.Repository, f *policy.L4Filter, peer identity.NumericIdentity) iter.Seq[oracle.Cell] {
	return func(yield func(oracle.Cell) bool) {
		for selector, rule := range f.PerSelectorPolicies {
			if !selector.Selects(versioned.Latest(), peer) {
				continue
			}
			// The host's exemption from L7 rules on ingress has no origin.
			var from labels.LabelArrayList
			if origin, known := f.RuleOrigin[selector]; known {
				from = origin.GetLabelArrayList()
			}
			if !yield(oracle.Cell{Rule: rule, Deny: rule.GetDeny(), Origin: from}) {
				return
			}
		}
	}
}

func (e engine) CoversPort(p *policy.EndpointPolicy, f *policy.L4Filter, _ identity.NumericIdentity, port uint16) bool {
	if f.PortName == "" {
		return f.Port == 0 && f.EndPort == 0 || oracle.InRange(port, f.Port, f.EndPort)
	}
	number := p.PolicyOwner.GetNamedPort(f.Ingress, f.PortName, f.U8Proto)
	return number != 0 && oracle.InRange(port, number, f.EndPort)
}

func (e engine) ProxyPorts(p *policy.EndpointPolicy, f *policy.L4Filter) []uint16 {
	if f.PortName == "" {
		return []uint16{f.Port}
	}
	if number := p.PolicyOwner.GetNamedPort(f.Ingress, f.PortName, f.U8Proto); number != 0 {
		return []uint16{number}
	}
	return nil
}

// ListenerPriority undoes types.MapStateEntry.WithListenerPriority.
func (e engine) ListenerPriority(entry policy.MapStateEntry) int {
	return types.MaxProxyPortPriority + 1 - int(entry.ProxyPortPriority)
}

// PortLabels returns no labels, because named ports are not part of an identity up to 1.19.
func (e engine) PortLabels(ciliumtypes.NamedPortMap) labels.LabelArray { return nil }

// GroupLabels follows pkg/policy/k8s/cilium_cidr_group.go, applyCIDRGroup.
func (e engine) GroupLabels(group *v2.CiliumCIDRGroup) labels.Labels {
	found := labels.Map2Labels(k8sutils.RemoveCiliumLabels(group.Labels), labels.LabelSourceCIDRGroup)
	name := api.LabelForCIDRGroupRef(group.Name)
	found[name.Key] = name
	return found
}

func (e engine) APIServerIsBackends() bool { return false }

func (e engine) DerivesGroups() bool { return true }

type owner struct {
	oracle.Owner
	all ciliumtypes.NamedPortMultiMap
}

func newOwner(subject *identity.Identity, ports oracle.Ports) owner {
	all := ciliumtypes.NewNamedPortMultiMap()
	for _, maps := range ports.Of {
		for _, m := range maps {
			all.Update(nil, m)
		}
	}
	return owner{oracle.Owner{Subject: subject, Ports: ports}, all}
}

func (o owner) GetNamedPort(ingress bool, name string, proto u8proto.U8proto) uint16 {
	if ingress {
		return o.Own(name, proto)
	}
	port, err := o.all.GetNamedPort(name, proto)
	if err != nil {
		return 0
	}
	return port
}

func (o owner) MapStateSize() int { return 0 }

func (e engine) NodeManager(c *ipcache.IPCache) (oracle.NodeManager, error) {
	health, _ := cell.NewSimpleHealth()
	return manager.New(logger, option.Config, tunnel.Config{}, c, oracle.NoIPSet{}, nil, manager.NewNodeMetrics(), health, nil, nil, nil)
}

//go:linkname convertService github.com/cilium/cilium/pkg/loadbalancer/reflectors.convertService
func convertService(cfg loadbalancer.Config, extCfg loadbalancer.ExternalConfig, log *slog.Logger, local *node.LocalNodeStore, svc *corev1.Service, source source.Source) (*loadbalancer.Service, []loadbalancer.FrontendParams)

func (e engine) Frontends(s *corev1.Service, replacesKubeProxy bool) []loadbalancer.FrontendParams {
	families := loadbalancer.ExternalConfig{
		EnableIPv4:           option.Config.EnableIPv4,
		EnableIPv6:           option.Config.EnableIPv6,
		KubeProxyReplacement: replacesKubeProxy,
	}
	_, found := convertService(loadbalancer.DefaultConfig, families, logger, nil, s, source.Kubernetes)
	return found
}

func (e engine) SanitizeServerName(pattern string) string { return pattern }

func (e engine) MetadataLabels(_ *ipcache.IPCache, _ netip.Addr) labels.Labels { return nil }
