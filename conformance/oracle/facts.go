package oracle

import (
	"encoding/json"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/labelsfilter"
	"github.com/cilium/cilium/pkg/policy/api"
)

// facts returns the values that this minor accepts. It tests its code with every value that any minor might accept.
func (m Minor) facts() answer {
	return answer{
		"version":        m.Version,
		"entities":       entities(),
		"protocols":      protocols(),
		"icmp":           map[string]any{"IPv4": icmpTypes("IPv4"), "IPv6": icmpTypes("IPv6")},
		"identityLabels": identityLabels(),
	}
}

func entities() []string {
	names := []string{}
	for name := range api.EntitySelectorMapping {
		names = append(names, string(name))
	}
	sort.Strings(names)
	return names
}

func protocols() []string {
	known := []string{}
	for _, name := range strings.Fields("TCP UDP SCTP ANY ICMP ICMPV6 VRRP IGMP GRE IPIP IPV6 ESP AH") {
		if _, err := api.ParseL4Proto(name); err == nil {
			known = append(known, name)
		}
	}
	return known
}

// icmpTypes decodes each name of the CRD and of the agent with the agent's decoder.
func icmpTypes(family string) map[string]int {
	types := map[string]int{}
	for _, name := range strings.Fields(`EchoReply DestinationUnreachable Redirect Echo EchoRequest RouterAdvertisement RouterSelection TimeExceeded
		ParameterProblem Timestamp TimestampReply Photuris ExtendedEchoRequest ExtendedEchoReply PacketTooBig MulticastListenerQuery
		MulticastListenerReport MulticastListenerDone RouterSolicitation NeighborSolicitation NeighborAdvertisement RedirectMessage
		RouterRenumbering ICMPNodeInformationQuery ICMPNodeInformationResponse InverseNeighborDiscoverySolicitation
		InverseNeighborDiscoveryAdvertisement HomeAgentAddressDiscoveryRequest HomeAgentAddressDiscoveryReply MobilePrefixSolicitation
		MobilePrefixAdvertisement DuplicateAddressRequestCodeSuffix DuplicateAddressConfirmationCodeSuffix`) {
		if number, err := icmpType(family, json.RawMessage(strconv.Quote(name))); err == nil {
			types[name] = int(number)
		}
	}
	return types
}

// icmpType returns the number of a type that is given as a number or a name.
func icmpType(family string, name json.RawMessage) (uint16, error) {
	if len(name) == 0 {
		return 0, fmt.Errorf("%s needs a type", family)
	}
	var field api.ICMPField
	if err := json.Unmarshal(fmt.Appendf(nil, `{"family":%q,"type":%s}`, family, name), &field); err != nil {
		return 0, err
	}
	number, err := strconv.ParseUint(field.PortProtocol().Port, 10, 16)
	if err != nil || number > 255 {
		return 0, fmt.Errorf("%s has no type %s", family, name)
	}
	return uint16(number), nil
}

// identityLabels reports, for samples of every pattern of the default label filter, whether they become part of an identity.
func identityLabels() map[string]bool {
	relevant := map[string]bool{}
	for _, key := range strings.Fields(`app app.kubernetes.io/name io.kubernetes.pod.namespace io.kubernetes.pod.name io.cilium.k8s.namespace.labels.team
		io.cilium.k8s.namespace.labels.kubernetes.io/metadata.name io.cilium.k8s.policy.cluster io.cilium.k8s.policy.serviceaccount
		kubernetes.io/hostname kubernetes.io/os node-role.kubernetes.io/control-plane topology.kubernetes.io/zone
		failure-domain.beta.kubernetes.io/zone beta.kubernetes.io/arch k8s.io/x k8s-app statefulset.kubernetes.io/pod-name
		statefulset.kubernetes.io/other apps.kubernetes.io/pod-index apps.kubernetes.io/other batch.kubernetes.io/job-name
		batch.kubernetes.io/job-completion-index batch.kubernetes.io/controller-uid pod-template-hash pod-template-generation
		controller-revision-hash controller-uid annotation annotations.example.com/x my-annotation etcd_node etcd_nodes pool
		node.kubernetes.io/instance-type example.com/kubernetes.io`) {
		kept, _ := labelsfilter.Filter(labels.Map2Labels(map[string]string{key: ""}, labels.LabelSourceK8s))
		relevant[key] = len(kept) == 1
	}
	return relevant
}
