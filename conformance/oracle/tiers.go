package oracle

import (
	"cmp"
	"encoding/json"
	"slices"

	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	"github.com/cilium/cilium/pkg/policy/api"
)

// step has the cells of one place in the order of tiers, which all deny or all allow.
type step struct {
	denies bool
	cells  []Cell
}

func (s step) isDefault() bool { return len(s.cells) == 0 || s.cells[0].Place.IsDefault }

// stepsOf returns which of the cells that match a flow decide, in the order in which Cilium asks them, up to the first that deny. The policy map decides
// about the connection: this finds the policies behind its decision, and what Envoy asks for a request.
//
// Source: Cilium, pkg/policy/rules.go and mapstate.go; cilium/proxy, cilium/network_policy.cc, forEachRule.
func stepsOf(matching []Cell) (steps []step) {
	slices.SortStableFunc(matching, func(a, b Cell) int {
		return cmp.Or(cmp.Compare(a.Place.Tier, b.Place.Tier), cmp.Compare(a.Place.Priority, b.Place.Priority))
	})
	passed := -1
	for len(matching) > 0 {
		at := matching[0].Place
		end := slices.IndexFunc(matching, func(c Cell) bool { return c.Place.Tier != at.Tier || c.Place.Priority != at.Priority })
		if end < 0 {
			end = len(matching)
		}
		same := matching[:end]
		matching = matching[end:]
		if at.Tier == passed {
			continue
		}
		var denying, allowing []Cell
		passes := false
		for _, cell := range same {
			switch {
			case cell.Deny:
				denying = append(denying, cell)
			case cell.Place.Passes:
				passes = true
			default:
				allowing = append(allowing, cell)
			}
		}
		if len(denying) > 0 {
			return append(steps, step{denies: true, cells: denying})
		}
		if len(allowing) > 0 {
			steps = append(steps, step{cells: allowing})
		}
		if passes {
			passed = at.Tier
		}
	}
	return steps
}

// allowedIn returns the cells that allow, of which a proxy gets the rules.
func allowedIn(steps []step) (cells []Cell) {
	for _, s := range steps {
		if !s.denies {
			cells = append(cells, s.cells...)
		}
	}
	return cells
}

// insertTiers adds a ClusterNetworkPolicy. The names of its rules are selectors as those of other policies.
func (v *view) insertTiers(s stored, selectors *[]api.FQDNSelector) (inserted, error) {
	var p struct {
		Spec struct {
			Egress []struct {
				To []struct {
					DomainNames []string `json:"domainNames"`
				} `json:"to"`
			} `json:"egress"`
		} `json:"spec"`
	}
	if err := json.Unmarshal(s.object, &p); err != nil {
		return inserted{}, err
	}
	for _, rule := range p.Spec.Egress {
		for _, peer := range rule.To {
			for _, name := range peer.DomainNames {
				*selectors = append(*selectors, selectorOfName(name))
			}
		}
	}
	v.tiers = append(v.tiers, s.name())
	id := ipcachetypes.NewResourceID("kcnp", "", s.Metadata.Name)
	made, err := v.engine.ClusterNetworkPolicy(v.repo, id, s.object, v.clusterName)
	return inserted{s.name(), id, made}, err
}

// selectorOfName returns the selector of a domain name. Source: Cilium, pkg/k8s/cluster_network_policy.go, kcnpParseFQDNSelectors.
func selectorOfName(name string) api.FQDNSelector {
	switch {
	case len(name) > 1 && name[:2] == "**":
		return api.FQDNSelector{MatchPattern: name}
	case len(name) > 0 && name[0] == '*':
		return api.FQDNSelector{MatchPattern: "*" + name}
	}
	return api.FQDNSelector{MatchName: name}
}
