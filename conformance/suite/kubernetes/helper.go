// Package kubernetes takes the place of the package of that name in the conformance suite of sigs.k8s.io/network-policy-api, which sends packets between the
// pods of a cluster. This one writes down what the suite expects of each packet, with the objects that are there at that moment, and needs no cluster.
package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	k8sclient "k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	api "sigs.k8s.io/network-policy-api/apis/v1alpha2"
	"sigs.k8s.io/network-policy-api/conformance/utils/config"
)

// expectation is one line of the record.
type expectation struct {
	Test     string          `json:"test"`
	Objects  []client.Object `json:"objects"`
	From     string          `json:"from"`
	To       string          `json:"to"`
	Protocol string          `json:"protocol"`
	Port     int32           `json:"port"`
	Expected bool            `json:"expected"`
}

const nodes = 2

var (
	// state has the objects of the suite.
	state  client.Client
	record *os.File
)

// PokeServer writes down that a pod should, or should not, reach an address.
func PokeServer(t *testing.T, _ k8sclient.Interface, _ *rest.Config, namespace, pod, protocol, host string, port int32, _ config.TimeoutConfig, expected bool) {
	t.Helper()
	var objects []client.Object
	for _, list := range []client.ObjectList{&corev1.NodeList{}, &corev1.NamespaceList{}, &corev1.PodList{}, &api.ClusterNetworkPolicyList{}, &networkingv1.NetworkPolicyList{}} {
		objects = append(objects, all(t, list)...)
	}
	line, err := json.Marshal(expectation{t.Name(), objects, namespace + "/" + pod, host, protocol, port, expected})
	require.NoError(t, err)
	if record == nil {
		record, err = os.Create(os.Getenv("RECORD"))
		require.NoError(t, err)
	}
	_, err = fmt.Fprintln(record, string(line))
	require.NoError(t, err)
}

// all returns the objects of a kind in the order of their names, as an API server returns them.
func all(t *testing.T, list client.ObjectList) (found []client.Object) {
	require.NoError(t, state.List(context.Background(), list))
	items, err := meta.ExtractList(list)
	require.NoError(t, err)
	for _, item := range items {
		object := item.(client.Object)
		kinds, _, err := state.Scheme().ObjectKinds(object)
		require.NoError(t, err)
		object.GetObjectKind().SetGroupVersionKind(kinds[0])
		object.SetResourceVersion("")
		object.SetUID("")
		if namespace, isNamespace := object.(*corev1.Namespace); isNamespace {
			// Every API server adds this label.
			namespace.Labels["kubernetes.io/metadata.name"] = namespace.Name
		}
		found = append(found, object)
	}
	slices.SortFunc(found, func(a, b client.Object) int {
		return slices.Compare([]string{a.GetNamespace(), a.GetName()}, []string{b.GetNamespace(), b.GetName()})
	})
	return found
}

// NamespacesMustBeReady runs the pods of StatefulSets, and the nodes that they are on.
func NamespacesMustBeReady(t *testing.T, c client.Client, _ config.TimeoutConfig, namespaces, statefulSets []string) {
	t.Helper()
	state = c
	for i, namespace := range namespaces {
		var set appsv1.StatefulSet
		require.NoError(t, c.Get(context.Background(), client.ObjectKey{Namespace: namespace, Name: statefulSets[i]}, &set))
		for n := range nodes {
			pod := &corev1.Pod{Spec: *set.Spec.Template.Spec.DeepCopy()}
			pod.Namespace, pod.Name, pod.Labels = namespace, fmt.Sprintf("%s-%d", set.Name, n), set.Spec.Template.Labels
			pod.Spec.NodeName = nodeName(n)
			pod.Status.HostIP = nodeAddress(n)
			pod.Status.PodIP = fmt.Sprintf("10.244.%d.%d", i+1, n+10)
			if pod.Spec.HostNetwork {
				pod.Status.PodIP = pod.Status.HostIP
			}
			pod.Status.PodIPs = []corev1.PodIP{{IP: pod.Status.PodIP}}
			require.NoError(t, c.Create(context.Background(), pod))
		}
	}
	for n := range nodes {
		node := &corev1.Node{}
		node.Name = nodeName(n)
		node.Labels = map[string]string{"kubernetes.io/hostname": node.Name, "kubernetes.io/os": "linux"}
		node.Status.Addresses = []corev1.NodeAddress{{Type: corev1.NodeInternalIP, Address: nodeAddress(n)}}
		require.NoError(t, c.Create(context.Background(), node))
	}
}

func nodeName(n int) string { return fmt.Sprintf("node-%d", n) }

func nodeAddress(n int) string { return fmt.Sprintf("172.18.0.%d", n+2) }

// GetPod returns a pod.
func GetPod(t *testing.T, c client.Client, namespace, name string, _ time.Duration) *corev1.Pod {
	t.Helper()
	pod := &corev1.Pod{}
	require.NoError(t, c.Get(context.Background(), client.ObjectKey{Namespace: namespace, Name: name}, pod))
	return pod
}

// GetClusterNetworkPolicy returns a policy.
func GetClusterNetworkPolicy(t *testing.T, c client.Client, name string, _ time.Duration) *api.ClusterNetworkPolicy {
	t.Helper()
	policy := &api.ClusterNetworkPolicy{}
	require.NoError(t, c.Get(context.Background(), client.ObjectKey{Name: name}, policy))
	return policy
}

// PatchClusterNetworkPolicy changes a policy.
func PatchClusterNetworkPolicy(t *testing.T, c client.Client, from, to *api.ClusterNetworkPolicy, _ time.Duration) {
	t.Helper()
	require.NoError(t, c.Patch(context.Background(), to, client.MergeFrom(from)))
}
