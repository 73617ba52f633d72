package oracle

import (
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy/api"
)

// Config holds the keys of cilium-config that change an answer, as text. What is absent has the default of Cilium's Helm chart.
type Config map[string]string

// Bool is the value of a switch.
func (c Config) Bool(key string, otherwise bool) bool {
	if value, given := c[key]; given {
		return value == "true"
	}
	return otherwise
}

// ClusterName is the name of the local cluster.
func (c Config) ClusterName() string {
	if name := c["cluster-name"]; name != "" {
		return name
	}
	return "default"
}

// configure sets the process-wide options of Cilium that all minors share, and then those of the minor.
func (m Minor) configure(c Config) {
	option.Config.EnableIPv4 = c.Bool("enable-ipv4", true)
	option.Config.EnableIPv6 = c.Bool("enable-ipv6", false)
	option.Config.EnableL7Proxy = c.Bool("enable-l7-proxy", true)
	option.Config.EnableICMPRules = c.Bool("enable-icmp-rules", true)
	option.Config.EnableNodeSelectorLabels = c.Bool("enable-node-selector-labels", false)
	option.Config.EnableNonDefaultDenyPolicies = c.Bool("enable-non-default-deny-policies", true)
	api.InitEntities(c.ClusterName())
	m.Configure(c)
}
