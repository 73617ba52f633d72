package main

import (
	corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	"github.com/cilium/cilium/pkg/loadbalancer"
	_ "github.com/cilium/cilium/pkg/loadbalancer/reflectors"
	"github.com/cilium/cilium/pkg/source"
	"log/slog"

	"github.com/cilium/cilium/pkg/datapath/tunnel"
	_ "github.com/cilium/cilium/pkg/envoy"
	"github.com/cilium/cilium/pkg/ipcache"
	"github.com/cilium/cilium/pkg/node"
	"github.com/cilium/cilium/pkg/node/manager"
	"github.com/cilium/cilium/pkg/option"
	fakewireguard "github.com/cilium/cilium/pkg/wireguard/fake"
	"github.com/cilium/hive/cell"
	"net/netip"

	"encoding/json"
	"iter"
	"maps"
	"math"
	"slices"
	"sync"
	_ "unsafe" // for go:linkname

	"cdk8s-cilium/conformance/oracle"
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
	"github.com/cilium/cilium/pkg/policy/utils"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
	"sigs.k8s.io/network-policy-api/apis/v1alpha2"
)

// engine is the policy engine of 1.20. Rules become entries, subjects have their own selector cache, and named ports are resolved per peer.
type engine struct{}

func (e engine) Rules(repo *policy.Repository, id ipcachetypes.ResourceID, rules api.Rules) oracle.Inserted {
	return insert(repo, id, utils.RulesToPolicyEntries(rules))
}

func (e engine) NetworkPolicy(repo *policy.Repository, id ipcachetypes.ResourceID, np *networkingv1.NetworkPolicy, cluster string) (oracle.Inserted, error) {
	entries, err := k8s.ParseNetworkPolicy(logger, cluster, np)
	if err != nil {
		return oracle.Inserted{}, err
	}
	return insert(repo, id, entries), nil
}

func (e engine) ParseClusterNetworkPolicy(stored []byte, cluster string) error {
	_, err := tierEntries(stored, cluster)
	return err
}

func (e engine) ClusterNetworkPolicy(repo *policy.Repository, id ipcachetypes.ResourceID, object []byte, cluster string) (oracle.Inserted, error) {
	entries, err := tierEntries(object, cluster)
	if err != nil {
		return oracle.Inserted{}, err
	}
	return insert(repo, id, entries), nil
}

func tierEntries(stored []byte, cluster string) (types.PolicyEntries, error) {
	var policy v1alpha2.ClusterNetworkPolicy
	if err := json.Unmarshal(stored, &policy); err != nil {
		return nil, err
	}
	return k8s.ParseClusterNetworkPolicy(logger, cluster, &policy)
}

func (e engine) Place(f *policy.L4Filter, rule *policy.PerSelectorPolicy) oracle.Place {
	return oracle.Place{
		Tier:      int(f.Tier),
		Priority:  int(rule.GetPriority()),
		Passes:    rule.IsPass(),
		IsDefault: f.Tier == types.DefaultPolicy,
	}
}

func insert(repo *policy.Repository, id ipcachetypes.ResourceID, entries types.PolicyEntries) oracle.Inserted {
	repo.ReplaceByResource(entries, id)
	return oracle.Inserted{
		Prefixes: policy.GetCIDRPrefixes(entries),
		Isolates: func(subject *identity.Identity, ingress bool) bool {
			return slices.ContainsFunc(entries, func(e *types.PolicyEntry) bool {
				isNode := subject.ID == identity.ReservedIdentityHost
				return e.DefaultDeny && e.Ingress == ingress && e.Node == isNode && e.Subject.Matches(subject.LabelArray)
			})
		},
	}
}

func (e engine) Know(repo *policy.Repository, peers, subjects identity.IdentityMap) {
	var done sync.WaitGroup
	repo.GetSelectorCache().UpdateIdentities(maps.Clone(peers), nil, &done)
	done.Wait()
	repo.UpdateIdentities(maps.Clone(subjects), nil)
}

func (e engine) Distill(repo *policy.Repository, _ identitymanager.IDManager, subject *identity.Identity, ports oracle.Ports) (*policy.EndpointPolicy, error) {
	all := ciliumtypes.NewNamedPortMultiMap()
	for id, maps := range ports.Of {
		for _, m := range maps {
			all.Update(id, nil, m)
		}
	}
	repo.SetNamedPortsGetter(namedPorts{all})
	resolved, err := repo.ResolvePolicy(subject)
	if err != nil {
		return nil, err
	}
	// Every redirect has a proxy port.
	p := resolved.DistillPolicy(logger, owner{oracle.Owner{Subject: subject, Ports: ports}}, map[string]uint16{policy.FallbackRedirectID: math.MaxUint16})
	return p, p.Ready()
}

func (e engine) Enforced(p *policy.EndpointPolicy, ingress bool) bool {
	if ingress {
		return p.SelectorPolicy.IngressPolicyEnabled
	}
	return p.SelectorPolicy.EgressPolicyEnabled
}

func (e engine) Filters(p *policy.EndpointPolicy, ingress bool) iter.Seq[*policy.L4Filter] {
	if ingress {
		return p.SelectorPolicy.L4Policy.Ingress.Filters()
	}
	return p.SelectorPolicy.L4Policy.Egress.Filters()
}

//go:linkname aggregateFor github.com/cilium/cilium/pkg/policy.aggregateFor
func aggregateFor(id identity.NumericIdentity) identity.NumericIdentity

func (e engine) Selecting(_ *policy.Repository, f *policy.L4Filter, peer identity.NumericIdentity) iter.Seq[oracle.Cell] {
	return func(yield func(oracle.Cell) bool) {
		for selector, rule := range f.PerSelectorPolicies {
			isSelected := selector.Selects(peer)
			if !isSelected && !selector.Selects(aggregateFor(peer)) {
				continue
			}
			if !yield(oracle.Cell{Rule: rule, Deny: rule.IsDeny(), Place: e.Place(f, rule), Origin: f.GetRuleLabels(selector), ByAggregate: !isSelected}) {
				return
			}
		}
	}
}

func (e engine) CoversPort(p *policy.EndpointPolicy, f *policy.L4Filter, peer identity.NumericIdentity, port uint16) bool {
	if f.PortName == "" {
		return f.Port == 0 || oracle.InRange(port, f.Port, f.EndPort)
	}
	if f.Ingress {
		number := p.PolicyOwner.GetIngressNamedPort(f.PortName, f.U8Proto)
		return number != 0 && oracle.InRange(port, number, f.EndPort)
	}
	for _, number := range p.SelectorPolicy.GetEgressNamedPorts(f.PortName, f.U8Proto, slices.Values([]identity.NumericIdentity{peer})) {
		return number == port
	}
	return false
}

func (e engine) ProxyPorts(p *policy.EndpointPolicy, f *policy.L4Filter) []uint16 {
	if f.PortName == "" {
		return []uint16{f.Port}
	}
	if f.Ingress {
		if number := p.PolicyOwner.GetIngressNamedPort(f.PortName, f.U8Proto); number != 0 {
			return []uint16{number}
		}
		return nil
	}
	var numbers []uint16
	for _, number := range p.SelectorPolicy.GetEgressNamedPorts(f.PortName, f.U8Proto, f.Identities(p.SelectorPolicy.GetSelectorSnapshot())) {
		numbers = append(numbers, number)
	}
	return numbers
}

func (e engine) ListenerPriority(entry policy.MapStateEntry) int {
	return int(entry.Precedence.ListenerPriority())
}

func (e engine) PortLabels(ports ciliumtypes.NamedPortMap) labels.LabelArray {
	return k8s.NamedPortsIdentityLabels(ports)
}

// GroupLabels follows pkg/policy/k8s/cilium_cidr_group.go, cidrsAndLabelsForCIDRGroup.
func (e engine) GroupLabels(group *v2.CiliumCIDRGroup) labels.Labels {
	found := labels.Labels{}
	for key, value := range k8sutils.RemoveCiliumLabels(group.Labels) {
		plain := labels.NewLabel(key, value, labels.LabelSourceCIDRGroup)
		encoded := labels.EncodedCIDRGroupLabel(plain.Key, plain.Value, plain.Source)
		found[plain.Key], found[encoded.Key] = plain, encoded
	}
	name := api.LabelForCIDRGroupRef(group.Name)
	found[name.Key] = name
	return found
}

func (e engine) APIServerIsBackends() bool { return true }

func (e engine) DerivesGroups() bool { return false }

func (e engine) NodeManager(c *ipcache.IPCache) (oracle.NodeManager, error) {
	health, _ := cell.NewSimpleHealth()
	return manager.New(logger, option.Config, tunnel.Config{}, c, oracle.NoIPSet{}, nil, manager.NewNodeMetrics(), health, nil, nil, nil, fakewireguard.Config{}, node.NewTestLocalNodeStore(node.LocalNode{}))
}

//go:linkname sanitizeServerNamePattern github.com/cilium/cilium/pkg/envoy.sanitizeServerNamePattern
func sanitizeServerNamePattern(pattern string) string

//go:linkname convertService github.com/cilium/cilium/pkg/loadbalancer/reflectors.convertService
func convertService(cfg loadbalancer.Config, extCfg loadbalancer.ExternalConfig, log *slog.Logger, local *node.LocalNode, svc *corev1.Service, source source.Source) (*loadbalancer.Service, []loadbalancer.FrontendParams)

func (e engine) Frontends(s *corev1.Service, replacesKubeProxy bool) []loadbalancer.FrontendParams {
	families := loadbalancer.ExternalConfig{
		EnableIPv4:           option.Config.EnableIPv4,
		EnableIPv6:           option.Config.EnableIPv6,
		KubeProxyReplacement: replacesKubeProxy,
	}
	_, found := convertService(loadbalancer.DefaultConfig, families, logger, nil, s, source.Kubernetes)
	return found
}

func (e engine) SanitizeServerName(pattern string) string { return sanitizeServerNamePattern(pattern) }

func (e engine) MetadataLabels(c *ipcache.IPCache, address netip.Addr) labels.Labels {
	return c.GetMetadataLabels(address)
}

type namedPorts struct{ all ciliumtypes.NamedPortMultiMap }

func (n namedPorts) GetNamedPorts() ciliumtypes.NamedPortMultiMap { return n.all }

type owner struct{ oracle.Owner }

func (o owner) GetIngressNamedPort(name string, proto u8proto.U8proto) uint16 {
	return o.Own(name, proto)
}

func (o owner) PreviousMapStateSizes() policy.MapStateSizes { return policy.MapStateSizes{} }
