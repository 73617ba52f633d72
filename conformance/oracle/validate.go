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

// validate tells what the API server and the agent refuse, each as a list of messages, and which fields are unknown.
func (m Minor) validate(r request) answer {
	m.configure(r.Config)
	u := &unstructured.Unstructured{}
	if err := kjson.UnmarshalCaseSensitivePreserveInts(r.Object, &u.Object); err != nil {
		return answer{"error": fmt.Sprintf("object is no JSON object: %v", err)}
	}
	if u.GetKind() == "NetworkPolicy" {
		err := protect(func() error { return parse(u.GetKind(), r.Object, Config(r.Config).ClusterName()) })
		return verdict(nil, nil, nil, err)
	}
	resource := resourceOf(u.GetAPIVersion(), u.GetKind())
	if resource == nil {
		return answer{"error": fmt.Sprintf("no resource %s %s", u.GetAPIVersion(), u.GetKind())}
	}
	if resource.namespaced && u.GetNamespace() == "" {
		u.SetNamespace(r.Namespace)
	}
	unknown, err := resource.store(u)
	if err != nil {
		return verdict(nil, field.ErrorList{field.InternalError(field.NewPath("metadata"), err)}, nil, nil)
	}
	schemaErrors, celErrors := resource.judge(u)
	stored, err := json.Marshal(u.Object)
	must(err)
	return verdict(unknown, schemaErrors, celErrors, protect(func() error { return parse(u.GetKind(), stored, Config(r.Config).ClusterName()) }))
}

// parse is what the agent does with a stored object; it takes CIDR groups as they are.
func parse(kind string, stored []byte, clusterName string) error {
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
	default:
		var group v2.CiliumCIDRGroup
		return json.Unmarshal(stored, &group)
	}
}

// protect makes an error of a panic: the agent would crash.
func protect(parse func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return parse()
}

func verdict(unknown []string, schemaErrors, celErrors field.ErrorList, agentError error) answer {
	agent := []string{}
	if agentError != nil {
		agent = append(agent, agentError.Error())
	}
	sort.Strings(unknown)
	return answer{"unknown": append([]string{}, unknown...), "schema": messages(schemaErrors), "cel": messages(celErrors), "agent": agent}
}

func messages(errs field.ErrorList) []string {
	all := []string{}
	for _, err := range errs {
		all = append(all, err.Error())
	}
	sort.Strings(all)
	return all
}
