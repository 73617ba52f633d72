package oracle

import (
	"fmt"
	"slices"
	"strings"

	cmtypes "github.com/cilium/cilium/pkg/clustermesh/types"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
)

// Config has the keys of cilium-config that change an answer, as strings. An absent key has the default of Cilium's Helm chart.
type Config map[string]string

// Bool returns the value of a switch.
func (c Config) Bool(key string, otherwise bool) bool {
	if value, given := c[key]; given {
		return value == "true"
	}
	return otherwise
}

// ClusterName returns the name of the local cluster.
func (c Config) ClusterName() string {
	if name := c["cluster-name"]; name != "" {
		return name
	}
	return "default"
}

// AllowLocalhost returns when the host may connect to its pods. With Kubernetes, every value except "policy" means always.
func (c Config) AllowLocalhost() string {
	if c["allow-localhost"] == option.AllowLocalhostPolicy {
		return option.AllowLocalhostPolicy
	}
	return option.AllowLocalhostAlways
}

// configure sets the process-wide options of Cilium that all minors share, and then the options of the minor.
func (m Minor) configure(c Config) error {
	option.Config.EnableIPv4 = c.Bool("enable-ipv4", true)
	option.Config.EnableIPv6 = c.Bool("enable-ipv6", false)
	option.Config.EnableL7Proxy = c.Bool("enable-l7-proxy", true)
	option.Config.EnableICMPRules = c.Bool("enable-icmp-rules", true)
	option.Config.EnableNodeSelectorLabels = c.Bool("enable-node-selector-labels", false)
	option.Config.EnableNonDefaultDenyPolicies = c.Bool("enable-non-default-deny-policies", true)
	option.Config.ClusterName = c.ClusterName()
	option.Config.EnableHostFirewall = c.Bool("enable-host-firewall", false)
	option.Config.PolicyCIDRMatchMode = strings.Fields(strings.ReplaceAll(c["policy-cidr-match-mode"], ",", " "))
	for _, mode := range option.Config.PolicyCIDRMatchMode {
		if !slices.Contains(m.MatchModes, mode) {
			// The agent does not start.
			return fmt.Errorf("config: unknown policy-cidr-match-mode %q", mode)
		}
	}
	mode := c["enable-policy"]
	if mode == "" {
		mode = option.DefaultEnforcement
	}
	policy.SetPolicyEnabled(mode)
	api.InitEntities(c.ClusterName())
	if err := labelsfilter.ParseLabelPrefixCfg(logger, strings.Fields(c["labels"]), strings.Fields(c["node-labels"]), ""); err != nil {
		return fmt.Errorf("config: %w", err)
	}
	m.Configure(c)
	return nil
}

// policyClusterName is the cluster that peers are limited to, or "" for any cluster.
func (m Minor) policyClusterName(c Config) string {
	if c.Bool("policy-default-local-cluster", m.PinsCluster) {
		return c.ClusterName()
	}
	return cmtypes.PolicyAnyCluster
}
