package oracle

import (
	"fmt"

	"github.com/cilium/cilium/pkg/identity"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
)

// entries is the number of entries in the policy map of an endpoint.
type entries struct {
	Ingress int `json:"ingress"`
	Egress  int `json:"egress"`
}

// budget counts the entries in the policy maps of all pods, and of the hosts if they are endpoints, by `pod:namespace/name` and `node:name`. It also
// counts the identities that the agent of each node selects peers from, by the name of the node.
func (m Minor) budget(r request) answer {
	j, err := m.judge(r)
	if err != nil {
		return answer{"error": err.Error()}
	}
	found, identities := map[string]entries{}, map[string]int{}
	for name, p := range j.cluster.pods {
		if p.hostNetwork || p.cluster != "" {
			continue
		}
		v, err := j.wholeView(p.node)
		if err != nil {
			return answer{"error": err.Error()}
		}
		identities[p.node] = len(v.peers)
		if found["pod:"+name], err = v.count(v.pod(p), p.ports); err != nil {
			return answer{"error": fmt.Sprintf("pod %s: %v", name, err)}
		}
	}
	for name := range j.cluster.nodes {
		v, err := j.wholeView(name)
		if err != nil {
			return answer{"error": err.Error()}
		}
		identities[name] = len(v.peers)
		if j.hostFirewall {
			if found["node:"+name], err = v.count(v.hostSubject(), nil); err != nil {
				return answer{"error": fmt.Sprintf("node %s: %v", name, err)}
			}
		}
	}
	return answer{"error": nil, "entries": found, "identities": identities}
}

// wholeView returns the view of a node, with the identities of all prefixes that its agent knows.
func (j *judge) wholeView(node string) (*view, error) {
	if v := j.views[node]; v != nil {
		return v, nil
	}
	v, err := j.view(node)
	if err != nil {
		return nil, err
	}
	for prefix := range v.addresses.known {
		lbls, err := v.addresses.labelsOf(prefix)
		if err != nil {
			return nil, err
		}
		// The host is known already, with the labels of all of its addresses.
		if !lbls.HasHostLabel() {
			v.allocate(lbls)
		}
	}
	v.engine.Know(v.repo, v.peers, v.subjects)
	return v, nil
}

// count counts the entries in the policy map of an endpoint. Entries that only pass a connection on to the next tier are in it too.
func (v *view) count(subject *identity.Identity, own ciliumtypes.NamedPortMap) (found entries, err error) {
	p, err := v.engine.Distill(v.repo, v.ids, subject, Ports{Own: own, Of: v.ports})
	if err != nil {
		return found, err
	}
	for key := range p.Entries() {
		if key.IsIngress() {
			found.Ingress++
		} else {
			found.Egress++
		}
	}
	return found, nil
}
