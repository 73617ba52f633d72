package oracle

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"sort"

	"github.com/cilium/cilium/pkg/k8s"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/validation/field"
	kjson "sigs.k8s.io/json"
)

var logger = slog.New(slog.DiscardHandler)

// validate returns the errors of the API server and of the agent, each as a list of messages, and the unknown fields.
func (m Minor) validate(r request) answer {
	j, err := m.judgeObject(r.Object, r.Namespace, r.Config)
	if err != nil {
		return answer{"error": err.Error()}
	}
	agent := []string{}
	if j.agent != nil {
		agent = append(agent, j.agent.Error())
	}
	sort.Strings(j.unknown)
	return answer{"unknown": append([]string{}, j.unknown...), "schema": messages(j.schema), "cel": messages(j.cel), "agent": agent}
}

// judged is an object as the API server would store it, with the errors of the API server and the agent.
type judged struct {
	object      json.RawMessage
	unknown     []string
	schema, cel field.ErrorList
	agent       error
}

func (m Minor) judgeObject(object json.RawMessage, namespace string, config Config) (judged, error) {
	u := &unstructured.Unstructured{}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(object, &u.Object); err != nil {
		return judged{}, fmt.Errorf("object is no JSON object: %v", err)
	}
	isNetworkPolicy := u.GetKind() == "NetworkPolicy"
	resource := resourceOf(u.GetAPIVersion(), u.GetKind())
	if resource == nil && !isNetworkPolicy {
		return judged{}, fmt.Errorf("no resource %s %s", u.GetAPIVersion(), u.GetKind())
	}
	if (isNetworkPolicy || resource.namespaced) && u.GetNamespace() == "" && namespace != "" {
		u.SetNamespace(namespace)
	}
	var j judged
	if !isNetworkPolicy {
		var err error
		if j.unknown, err = resource.store(u); err != nil {
			return judged{schema: field.ErrorList{field.InternalError(field.NewPath("metadata"), err)}}, nil
		}
		j.schema, j.cel = resource.judge(u)
	}
	var err error
	j.object, err = json.Marshal(u.Object)
	must(err)
	j.agent = protect(func() error { return m.parse(u.GetKind(), j.object, config) })
	return j, nil
}

// accepted returns the policy as stored, or the first error for which it is rejected.
func (m Minor) accepted(object json.RawMessage, namespace string, config Config) (stored, error) {
	j, err := m.judgeObject(object, namespace, config)
	if err != nil {
		return stored{}, err
	}
	for _, errs := range []field.ErrorList{j.schema, j.cel} {
		if len(errs) > 0 {
			return stored{}, errs[0]
		}
	}
	s := stored{object: j.object}
	must(json.Unmarshal(j.object, &s.head))
	return s, j.agent
}

// parse validates a stored object as the agent does. CIDR groups are not validated.
func (m Minor) parse(kind string, stored []byte, config Config) error {
	clusterName := m.policyClusterName(config)
	switch kind {
	case "CiliumNetworkPolicy":
		var policy v2.CiliumNetworkPolicy
		if err := json.Unmarshal(stored, &policy); err != nil {
			return err
		}
		_, err := policy.Parse(logger, clusterName)
		return err
	case "CiliumClusterwideNetworkPolicy":
		var policy v2.CiliumClusterwideNetworkPolicy
		if err := json.Unmarshal(stored, &policy); err != nil {
			return err
		}
		_, err := policy.Parse(logger, clusterName)
		return err
	case "NetworkPolicy":
		var policy networkingv1.NetworkPolicy
		if err := json.Unmarshal(stored, &policy); err != nil {
			return err
		}
		_, err := k8s.ParseNetworkPolicy(logger, clusterName, &policy)
		return err
	case "ClusterNetworkPolicy":
		return m.Engine.ParseClusterNetworkPolicy(stored, clusterName)
	default:
		var group v2.CiliumCIDRGroup
		return json.Unmarshal(stored, &group)
	}
}

// protect converts a panic, with which the agent would crash, to an error.
func protect(parse func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return parse()
}

func messages(errs field.ErrorList) []string {
	all := []string{}
	for _, err := range errs {
		all = append(all, err.Error())
	}
	sort.Strings(all)
	return all
}
