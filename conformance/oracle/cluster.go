package oracle

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/cilium/cilium/pkg/k8s"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	corev1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/core/v1"
	discoveryv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/discovery/v1"
	metav1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/apis/meta/v1"
	k8sutils "github.com/cilium/cilium/pkg/k8s/utils"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/loadbalancer"
	"github.com/cilium/cilium/pkg/option"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
)

// cluster has the objects of a request except policies.
type cluster struct {
	name   string
	config Config
	engine Engine
	// findsNodePorts is that of the minor.
	findsNodePorts bool
	namespaces     map[string]map[string]string
	pods           map[string]*pod
	nodes          map[string]*node
	services       map[string]*service
	groups         map[string]*v2.CiliumCIDRGroup
	// names are the addresses that DNS returns, by name in lower case without a final dot.
	names map[string][]netip.Addr
	// apiServer has the addresses of the Service default/kubernetes.
	apiServer map[netip.Addr]bool
	// ofPod and ofNode map addresses to pods and nodes.
	ofPod  map[netip.Addr]*pod
	ofNode map[netip.Addr]string
	// ofHealth and ofIngress map addresses to the nodes whose health and ingress endpoints have them.
	ofHealth, ofIngress map[netip.Addr]string
}

// pod is a pod, the pod template of a workload, or a hypothetical pod.
type pod struct {
	namespace   string
	labels      map[string]string
	account     string
	node        string
	hostNetwork bool
	ports       ciliumtypes.NamedPortMap
	addresses   []netip.Addr
	// cluster is another cluster of a mesh.
	cluster string
	// isTemplate reports whether it stands for the pods of a workload.
	isTemplate bool
	// namespaceLabels replaces the labels of the namespace, for a hypothetical pod.
	namespaceLabels map[string]string
}

type service struct {
	*loadbalancer.Service
	// exists reports whether the Service itself exists, and not only EndpointSlices that name it.
	exists bool
	ports  []corev1.ServicePort
	object *corev1.Service
	// slices are the EndpointSlices that name the Service, as the agent reads them.
	slices []*k8s.Endpoints
}

// head has the fields that every object has.
type head struct {
	APIVersion string            `json:"apiVersion"`
	Kind       string            `json:"kind"`
	Metadata   metav1.ObjectMeta `json:"metadata"`
}

// workload is an object that creates pods from a template.
type workload struct {
	Spec struct {
		Template    podTemplate `json:"template"`
		JobTemplate struct {
			Spec struct {
				Template podTemplate `json:"template"`
			} `json:"spec"`
		} `json:"jobTemplate"`
	} `json:"spec"`
}

type podTemplate struct {
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     corev1.PodSpec    `json:"spec"`
}

func newCluster(config Config, names map[string][]string) (*cluster, error) {
	c := &cluster{
		name:       config.ClusterName(),
		config:     config,
		namespaces: map[string]map[string]string{},
		pods:       map[string]*pod{},
		nodes:      map[string]*node{},
		services:   map[string]*service{},
		groups:     map[string]*v2.CiliumCIDRGroup{},
		names:      map[string][]netip.Addr{},
		apiServer:  map[netip.Addr]bool{},
		ofPod:      map[netip.Addr]*pod{},
		ofNode:     map[netip.Addr]string{},
		ofHealth:   map[netip.Addr]string{},
		ofIngress:  map[netip.Addr]string{},
	}
	for name, addresses := range names {
		key := plainName(name)
		for _, text := range addresses {
			address, err := netip.ParseAddr(text)
			if err != nil {
				return nil, fmt.Errorf("names: %q of %s is no address", text, name)
			}
			c.names[key] = append(c.names[key], address)
		}
	}
	return c, nil
}

func plainName(name string) string {
	return strings.TrimSuffix(strings.ToLower(name), ".")
}

// add adds an object that is not a policy, and reports whether the kind is known.
func (c *cluster) add(h head, object json.RawMessage) (known bool, err error) {
	name := h.Metadata.Namespace + "/" + h.Metadata.Name
	switch h.Kind {
	case "Namespace":
		c.namespaces[h.Metadata.Name] = h.Metadata.Labels
	case "Pod":
		var p corev1.Pod
		if err := json.Unmarshal(object, &p); err != nil {
			return true, err
		}
		made := newPod(h.Metadata.Namespace, p.Labels, p.Spec)
		for _, ip := range append([]corev1.PodIP{{IP: p.Status.PodIP}}, p.Status.PodIPs...) {
			if address, err := netip.ParseAddr(ip.IP); err == nil {
				made.addresses = append(made.addresses, address)
			}
		}
		// A pod that has terminated is not an endpoint, and its address may be in use again.
		if p.Status.Phase != corev1.PodSucceeded && p.Status.Phase != corev1.PodFailed {
			c.pods[name] = made
		}
	case "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob":
		var w workload
		if err := json.Unmarshal(object, &w); err != nil {
			return true, err
		}
		template := w.Spec.Template
		if h.Kind == "CronJob" {
			template = w.Spec.JobTemplate.Spec.Template
		}
		// The pods of a Job have its name as a label. Source: Kubernetes, pkg/apis/batch/v1, generateSelector.
		if h.Kind == "Job" {
			template.Metadata.Labels = withDefaults(template.Metadata.Labels, map[string]string{"batch.kubernetes.io/job-name": h.Metadata.Name, "job-name": h.Metadata.Name})
		}
		// A pod takes precedence over a template of the same name.
		if _, taken := c.pods[name]; !taken {
			c.pods[name] = newPod(h.Metadata.Namespace, template.Metadata.Labels, template.Spec)
			c.pods[name].isTemplate = true
		}
	case "Node":
		return true, c.addNode(h, object)
	case "CiliumNode":
		return true, c.addCiliumNode(object)
	case "Service":
		var s corev1.Service
		if err := json.Unmarshal(object, &s); err != nil {
			return true, err
		}
		made := c.service(h.Metadata.Namespace, h.Metadata.Name)
		made.exists, made.ports, made.object = true, s.Spec.Ports, &s
		made.Selector, made.Labels = s.Spec.Selector, labels.Map2Labels(s.Labels, labels.LabelSourceK8s)
	case "EndpointSlice":
		var s discoveryv1.EndpointSlice
		if err := json.Unmarshal(object, &s); err != nil {
			return true, err
		}
		made := c.service(h.Metadata.Namespace, s.Labels[discoveryv1.LabelServiceName])
		made.slices = append(made.slices, k8s.ParseEndpointSliceV1(logger, &s))
	case "CiliumCIDRGroup":
		var group v2.CiliumCIDRGroup
		if err := json.Unmarshal(object, &group); err != nil {
			return true, err
		}
		c.groups[group.Name] = &group
	default:
		return false, nil
	}
	return true, nil
}

// service finds or creates a service by its name. Services and EndpointSlices can come in any order.
func (c *cluster) service(namespace, name string) *service {
	key := namespace + "/" + name
	if c.services[key] == nil {
		c.services[key] = &service{object: &corev1.Service{}, Service: &loadbalancer.Service{Name: loadbalancer.NewServiceName(namespace, name)}}
	}
	return c.services[key]
}

// index is called after all objects are added.
func (c *cluster) index(engine Engine) {
	c.engine = engine
	for _, p := range c.pods {
		for _, address := range p.addresses {
			if !p.hostNetwork {
				c.ofPod[address] = p
			}
		}
	}
	for name, n := range c.nodes {
		for _, address := range n.addresses {
			c.ofNode[address.Addr] = name
		}
		for _, address := range n.health {
			c.ofHealth[address] = name
		}
		for _, address := range n.ingress {
			c.ofIngress[address] = name
		}
	}
	if s := c.services["default/kubernetes"]; s != nil {
		for _, address := range apiServer(s, engine) {
			c.apiServer[address] = true
		}
	}
}

// apiServer are the addresses of the API server. Since 1.19, they are the addresses of backends (Cilium, pkg/ipcache/cell/apiserver_watcher.go);
// in 1.18, all listed addresses (pkg/k8s/watchers/endpoints.go).
func apiServer(s *service, engine Engine) []netip.Addr {
	if engine.APIServerIsBackends() {
		return s.addresses()
	}
	return s.listed()
}

// backend is an address of a Service with one of its ports.
type backend struct {
	address netip.Addr
	port    loadbalancer.L4Addr
	// names are the names of the port. A backend without names serves every port of the Service.
	names      []string
	conditions k8s.BackendCondition
	// node is the node that the slice names.
	node string
}

// backends are the backends of a Service in the agent's table. An address without a port, or of a disabled family, is not a backend.
//
// Source: Cilium, pkg/loadbalancer/reflectors/conversions.go, convertEndpoints.
func (s *service) backends() []backend {
	var found []backend
	for _, slice := range s.slices {
		for listed, b := range slice.Backends {
			address := listed.Addr()
			if address.Is4() && !option.Config.EnableIPv4 || address.Is6() && !option.Config.EnableIPv6 {
				continue
			}
			for port, names := range b.Ports {
				named := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "" })
				found = append(found, backend{address: address, port: port, names: named, conditions: b.Conditions, node: b.NodeName})
			}
		}
	}
	slices.SortFunc(found, func(a, b backend) int {
		return cmp.Or(a.address.Compare(b.address), cmp.Compare(a.port.Port, b.port.Port), cmp.Compare(a.port.Protocol, b.port.Protocol))
	})
	return found
}

// addresses are the addresses of the backends.
func (s *service) addresses() []netip.Addr {
	var found []netip.Addr
	for _, b := range s.backends() {
		found = append(found, b.address)
	}
	return slices.Compact(found)
}

// listed are all addresses in EndpointSlices, also those that are not backends.
func (s *service) listed() []netip.Addr {
	var found []netip.Addr
	for _, slice := range s.slices {
		for listed := range slice.Backends {
			found = append(found, listed.Addr())
		}
	}
	return found
}

func newPod(namespace string, podLabels map[string]string, spec corev1.PodSpec) *pod {
	p := &pod{namespace: namespace, labels: podLabels, account: spec.ServiceAccountName, node: spec.NodeName, hostNetwork: spec.HostNetwork}
	p.ports = ciliumtypes.NamedPortMap{}
	for _, container := range spec.Containers {
		for _, port := range container.Ports {
			if port.Name == "" {
				continue
			}
			// If a name is given twice, the last number counts, as in Cilium, which only warns about an invalid name.
			_ = p.ports.AddPort(port.Name, int(port.ContainerPort), protocolOrTCP(string(port.Protocol)))
		}
	}
	return p
}

// withDefaults returns labels with further ones, of which those that are there already stay.
func withDefaults(given, more map[string]string) map[string]string {
	all := maps.Clone(more)
	maps.Copy(all, given)
	return all
}

// protocolOrTCP defaults a missing protocol to TCP, as the API server does.
func protocolOrTCP(protocol string) string {
	if protocol == "" {
		return "TCP"
	}
	return protocol
}

// identityLabels are the labels of a pod's identity. The agent derives them from pod, namespace and service account, through its label filter.
//
// The defaults of the API server are added here too: the name label of a namespace, and the service account "default".
func (c *cluster) identityLabels(p *pod) labels.Labels {
	namespaceLabels := p.namespaceLabels
	if namespaceLabels == nil && p.cluster == "" {
		namespaceLabels = c.namespaces[p.namespace]
	}
	namespaceLabels = maps.Clone(namespaceLabels)
	if namespaceLabels == nil {
		namespaceLabels = map[string]string{}
	}
	namespaceLabels["kubernetes.io/metadata.name"] = p.namespace
	account := p.account
	if account == "" {
		account = "default"
	}
	namespace := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: p.namespace, Labels: namespaceLabels}}
	all := k8sutils.SanitizePodLabels(maps.Clone(p.labels), namespace, account, cmp.Or(p.cluster, c.name))
	kept, _ := labelsfilter.Filter(labels.Map2Labels(all, labels.LabelSourceK8s))
	return kept
}

// nodeLabels are the labels that a nodeSelector is matched with: source k8s, through the label filter of identities.
func nodeLabels(n *node) labels.Labels {
	lbls := labels.NewFrom(labels.LabelHost)
	if n != nil {
		kept, _ := labelsfilter.Filter(labels.Map2Labels(n.labels, labels.LabelSourceK8s))
		lbls.MergeLabels(kept)
	}
	return lbls
}
