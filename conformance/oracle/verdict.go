package oracle

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/cilium/cilium/pkg/crypto/certificatemanager"
	envoypolicy "github.com/cilium/cilium/pkg/envoy/policy"
	"github.com/cilium/cilium/pkg/identity"
	"github.com/cilium/cilium/pkg/identity/identitymanager"
	ipcachetypes "github.com/cilium/cilium/pkg/ipcache/types"
	k8sconst "github.com/cilium/cilium/pkg/k8s/apis/cilium.io"
	v2 "github.com/cilium/cilium/pkg/k8s/apis/cilium.io/v2"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/labels"
	"github.com/cilium/cilium/pkg/option"
	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	testpolicy "github.com/cilium/cilium/pkg/testutils/policy"
	ciliumtypes "github.com/cilium/cilium/pkg/types"
	"github.com/cilium/cilium/pkg/u8proto"
)

// side is the verdict of the policy of one end.
type side struct {
	Decision string   `json:"decision"`
	Reason   *string  `json:"reason"`
	Redirect *string  `json:"redirect"`
	Policies []string `json:"policies"`
	// L7 has the L7 parts of all rules that match a redirected connection.
	L7      []layer7 `json:"l7,omitempty"`
	Missing string   `json:"missing,omitempty"`

	// cells are the rules that cause a redirect, and dns are the ones that the DNS proxy gets.
	cells []Cell
	dns   []dnsRules
}

// flowAnswer is the answer to one flow.
type flowAnswer struct {
	Allowed *bool  `json:"allowed"`
	Egress  side   `json:"egress"`
	Ingress side   `json:"ingress"`
	HTTP    ruling `json:"http,omitempty"`
	DNS     ruling `json:"dns,omitempty"`
	SNI     ruling `json:"sni,omitempty"`
}

// judge answers the flows of one request.
type judge struct {
	minor        Minor
	config       Config
	cluster      *cluster
	policies     []stored
	views        map[string]*view
	hostFirewall bool
}

// stored is a policy as the API server stores it.
type stored struct {
	head
	object json.RawMessage
}

// name returns the name of a policy in answers.
func (s stored) name() string {
	return fmt.Sprintf("%s/%s/%s", s.Kind, s.Metadata.Namespace, s.Metadata.Name)
}

// verdict answers every flow of the request. A rejected policy, or an endpoint whose policy does not resolve, is an error of the whole request.
func (m Minor) verdict(r request) answer {
	j, err := m.judge(r)
	if err != nil {
		return answer{"error": err.Error()}
	}
	answers, err := j.answers(r.Flows)
	if err != nil {
		return answer{"error": err.Error()}
	}
	return answer{"error": nil, "answers": answers}
}

// judge returns the cluster of a request with its policies.
func (m Minor) judge(r request) (*judge, error) {
	config := Config(r.Config)
	c, err := newCluster(config, r.Names)
	if err != nil {
		return nil, err
	}
	j := &judge{minor: m, config: config, cluster: c, views: map[string]*view{}, hostFirewall: config.Bool("enable-host-firewall", false)}
	for i, object := range r.Objects {
		if err := j.add(object, r.Namespace); err != nil {
			return nil, fmt.Errorf("objects/%d: %w", i, err)
		}
	}
	c.findsNodePorts = m.FindsNodePorts
	c.index(m.Engine)
	return j, nil
}

// add adds one object of the request.
func (j *judge) add(object json.RawMessage, namespace string) error {
	var h head
	if err := json.Unmarshal(object, &h); err != nil {
		return err
	}
	switch h.Kind {
	case "CiliumNetworkPolicy", "CiliumClusterwideNetworkPolicy", "NetworkPolicy", "ClusterNetworkPolicy":
		// Without its switch, or before 1.20, the agent does not see a ClusterNetworkPolicy.
		if h.Kind == "ClusterNetworkPolicy" && !(j.minor.HasTiers && j.config.Bool("enable-k8s-cluster-network-policy", len(j.config) == 0)) {
			return nil
		}
		s, err := j.minor.accepted(object, namespace, j.config)
		if err != nil {
			return fmt.Errorf("%s %s/%s is refused: %w", h.Kind, h.Metadata.Namespace, h.Metadata.Name, err)
		}
		j.policies = append(j.policies, s)
		return nil
	}
	known, err := j.cluster.add(h, object)
	if !known {
		return fmt.Errorf("unknown kind %q", h.Kind)
	}
	return err
}

// question is one side of a flow. It is evaluated when all identities are known.
type question struct {
	view          *view
	subject, peer *identity.Identity
	ports         ciliumtypes.NamedPortMap
	// possible are the named ports of ends that are hypothetical pods.
	possible map[identity.NumericIdentity][]ciliumtypes.NamedPortMap
	ingress  bool
	// code is the ICMP code.
	code     int
	protocol u8proto.U8proto
	port     uint16
}

// answers works in two steps: first it allocates the identities of all ends of all flows, then it resolves the policies.
func (j *judge) answers(flows []flow) ([]any, error) {
	pairs := make([][]pair, len(flows))
	answers := make([]any, len(flows))
	for i, f := range flows {
		var err error
		if pairs[i], err = j.questions(f); err != nil {
			answers[i] = map[string]string{"error": err.Error()}
		}
	}
	for _, v := range j.views {
		v.engine.Know(v.repo, v.peers, v.subjects)
	}
	for i, f := range flows {
		if answers[i] != nil {
			continue
		}
		var all []flowAnswer
		for _, pair := range pairs[i] {
			answer, err := j.answer(f, pair)
			if err != nil {
				return nil, err
			}
			all = append(all, answer)
		}
		answers[i] = united(all)
	}
	return answers, nil
}

// questions returns the two sides of a flow, for a Service once for each backend. A side without policy is nil.
func (j *judge) questions(f flow) ([]pair, error) {
	protocol, port, err := f.traffic()
	if err != nil {
		return nil, err
	}
	sources, err := j.cluster.ends(f.From)
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	var pairs []pair
	for _, source := range sources {
		destinations, err := j.cluster.destinations(f, source, protocol, port)
		if err != nil {
			return nil, fmt.Errorf("to: %w", err)
		}
		for _, to := range destinations {
			all := []end{source}
			if to.hidesSource {
				all = append(all, j.cluster.masks()...)
			}
			for _, from := range all {
				sides, err := j.pair(f, from, to, protocol)
				if err != nil {
					return nil, err
				}
				pairs = append(pairs, pair{sides, to.isHidden})
			}
		}
	}
	return pairs, nil
}

// pair has the two sides of one way of a flow. If the last destination is hidden, the second side is that of something else.
type pair struct {
	sides    [2]*question
	isHidden bool
}

// pair returns the two sides of one way of a flow.
func (j *judge) pair(f flow, from end, to destination, protocol u8proto.U8proto) (pair [2]*question, err error) {
	if staysLocal(from, to.end) {
		return pair, nil
	}
	if pair[0], err = j.question(from, to.end, false, protocol, to.port); err != nil {
		return pair, err
	}
	if pair[1], err = j.question(to.end, from, true, protocol, to.port); err != nil {
		return pair, err
	}
	for _, q := range pair {
		if q != nil {
			q.code = f.Code
		}
	}
	return pair, nil
}

func (j *judge) question(self, other end, ingress bool, protocol u8proto.U8proto, port uint16) (*question, error) {
	node, known := self.onNode()
	if !known {
		// The host, health, ingress and init are on the node of the other end.
		node, _ = other.onNode()
	}
	v, err := j.view(node)
	if err != nil {
		return nil, err
	}
	subject := self.subject(v, j.hostFirewall)
	if subject == nil {
		return nil, nil
	}
	peer, err := other.peer(v)
	if err != nil {
		return nil, err
	}
	q := &question{view: v, subject: subject, peer: peer, ingress: ingress, protocol: protocol, port: port}
	q.possible = map[identity.NumericIdentity][]ciliumtypes.NamedPortMap{}
	if self.pod != nil {
		q.ports = self.pod.ports
		q.possible[subject.ID] = append(q.possible[subject.ID], self.pod.ports)
	}
	if other.pod != nil {
		q.possible[q.peer.ID] = append(q.possible[q.peer.ID], other.pod.ports)
	}
	return q, nil
}

// view returns the cluster from the view of the agent of a node, with all policies in its repository.
func (j *judge) view(node string) (*view, error) {
	if v := j.views[node]; v != nil {
		return v, nil
	}
	v := &view{
		cluster:     j.cluster,
		engine:      j.minor.Engine,
		node:        node,
		clusterName: j.minor.policyClusterName(j.config),
		known:       map[string]*identity.Identity{},
		peers:       identity.IdentityMap{},
		subjects:    identity.IdentityMap{},
		ports:       map[identity.NumericIdentity][]ciliumtypes.NamedPortMap{},
		resolved:    map[string]*policy.EndpointPolicy{},
		ids:         identitymanager.NewIDManager(logger),
	}
	identity.IterateReservedIdentities(func(id identity.NumericIdentity, known *identity.Identity) {
		v.peers[id], v.subjects[id] = known.LabelArray, known.LabelArray
	})
	translator := envoypolicy.NewEnvoyL7RulesTranslator(logger, certificatemanager.NewMockSecretManagerSDS())
	v.repo = policy.NewPolicyRepository(logger, v.peers, secrets{}, translator, v.ids, testpolicy.NewPolicyMetricsNoop())
	v.repo.GetSelectorCache().SetLocalIdentityNotifier(noNotifier{})
	var selectors []api.FQDNSelector
	for _, s := range j.policies {
		named, err := v.insert(s, &selectors)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", s.name(), err)
		}
		v.policies = append(v.policies, named)
	}
	if err := v.fill(selectors); err != nil {
		return nil, err
	}
	v.peers[identity.ReservedIdentityHost] = v.reserved(identity.ReservedIdentityHost).LabelArray
	// The named ports of all pods are used, also of pods that are in no flow.
	for _, p := range j.cluster.pods {
		if !p.hostNetwork {
			id := v.pod(p).ID
			v.ports[id] = append(v.ports[id], p.ports)
		}
	}
	j.views[node] = v
	return v, nil
}

// secrets are never read. As in Cilium's chart, Envoy gets them from the agent by name.
type secrets struct{}

func (secrets) GetTLSContext(context.Context, *api.TLSContext, string) (ca, public, private string, inline bool, err error) {
	return "", "", "", false, nil
}

type noNotifier struct{}

func (noNotifier) RegisterFQDNSelector(api.FQDNSelector) uint64   { return 0 }
func (noNotifier) UnregisterFQDNSelector(api.FQDNSelector) uint64 { return 0 }

// insert parses a policy as the agent does, resolves its Services, and adds it to the repository.
func (v *view) insert(s stored, selectors *[]api.FQDNSelector) (inserted, error) {
	if s.Kind == "NetworkPolicy" {
		var np networkingv1.NetworkPolicy
		if err := json.Unmarshal(s.object, &np); err != nil {
			return inserted{}, err
		}
		id := ipcachetypes.NewResourceID(ipcachetypes.ResourceKindNetpol, np.Namespace, np.Name)
		made, err := v.engine.NetworkPolicy(v.repo, id, &np, v.clusterName)
		return inserted{s.name(), id, made}, err
	}
	if s.Kind == "ClusterNetworkPolicy" {
		return v.insertTiers(s, selectors)
	}
	// A clusterwide policy has the same structure. Without a namespace, a policy is parsed as clusterwide.
	var cnp v2.CiliumNetworkPolicy
	if err := json.Unmarshal(s.object, &cnp); err != nil {
		return inserted{}, err
	}
	v.resolveServices(append(slices.Clone(cnp.Specs), cnp.Spec))
	if v.engine.DerivesGroups() {
		deriveGroups(append(slices.Clone(cnp.Specs), cnp.Spec))
	}
	rules, err := cnp.Parse(logger, v.clusterName)
	if err != nil {
		return inserted{}, err
	}
	for _, rule := range rules {
		for _, egress := range rule.Egress {
			*selectors = append(*selectors, egress.ToFQDNs...)
		}
	}
	kind := ipcachetypes.ResourceKindCNP
	if s.Kind == "CiliumClusterwideNetworkPolicy" {
		kind = ipcachetypes.ResourceKindCCNP
	}
	id := ipcachetypes.NewResourceID(kind, cnp.Namespace, cnp.Name)
	return inserted{s.name(), id, v.engine.Rules(v.repo, id, rules)}, nil
}

// deriveGroups replaces cloud groups with their addresses, of which none are known here.
//
// Source: Cilium 1.19, pkg/policy/api/{ingress,egress}.go, CreateDerivative. The agent skips the original policy.
func deriveGroups(rules []*api.Rule) {
	ingress := func(r *api.IngressCommonRule) {
		if len(r.FromGroups) > 0 {
			r.FromGroups, r.FromCIDRSet = nil, api.CIDRRuleSlice{}
		}
	}
	egress := func(r *api.EgressCommonRule) {
		if len(r.ToGroups) > 0 {
			r.ToGroups, r.ToCIDRSet = nil, api.CIDRRuleSlice{}
		}
	}
	for _, rule := range rules {
		if rule == nil {
			continue
		}
		for i := range rule.Ingress {
			ingress(&rule.Ingress[i].IngressCommonRule)
		}
		for i := range rule.IngressDeny {
			ingress(&rule.IngressDeny[i].IngressCommonRule)
		}
		for i := range rule.Egress {
			egress(&rule.Egress[i].EgressCommonRule)
		}
		for i := range rule.EgressDeny {
			egress(&rule.EgressDeny[i].EgressCommonRule)
		}
	}
}

// resolveServices processes all existing Services, as Cilium does in pkg/policy/k8s/service.go.
func (v *view) resolveServices(rules []*api.Rule) {
	for _, name := range sortedKeys(v.cluster.services) {
		s := v.cluster.services[name]
		if !s.exists || !s.isOwn(v.cluster.config) {
			continue
		}
		endpoints := &serviceEndpoints{svc: s.Service, backendPrefixes: func() []api.CIDR {
			var prefixes []api.CIDR
			for _, address := range s.addresses() {
				prefixes = append(prefixes, api.CIDR(single(address).String()))
			}
			return prefixes
		}}
		for _, rule := range rules {
			if rule != nil {
				resolveToServices(endpoints, rule)
			}
		}
	}
}

// answer evaluates both sides of a flow.
func (j *judge) answer(f flow, way pair) (a flowAnswer, err error) {
	pair := way.sides
	if a.Egress, err = j.side(pair[0]); err != nil {
		return a, err
	}
	if a.Ingress, err = j.side(pair[1]); err != nil {
		return a, err
	}
	if isOff := a.Ingress.Reason != nil && *a.Ingress.Reason == "protocol-off"; way.isHidden && !isOff {
		a.Ingress = side{Decision: "unknown", Policies: []string{}}
	}
	a.Allowed = allowedBy(a.Egress, a.Ingress)
	repo := func(i int) *policy.Repository { return pair[i].view.repo }
	if f.HTTP != nil {
		a.HTTP = a.request("http", func(i int, s side) ruling { return judgeHTTP(repo(i), s.cells, *f.HTTP) })
	}
	if f.DNS != nil {
		a.DNS = a.request("dns", func(_ int, s side) ruling { return judgeDNS(s.dns, *f.DNS) })
	}
	if f.SNI != nil {
		a.SNI = a.request("tls", func(_ int, s side) ruling { return judgeSNI(s.cells, *f.SNI, j.minor.Engine.SanitizeServerName) })
	}
	return a, nil
}

// allowedBy combines both sides: the flow is denied if one side denies it, and otherwise unknown if one side is unknown.
func allowedBy(egress, ingress side) *bool {
	isDenied := egress.Decision == "denied" || ingress.Decision == "denied"
	if !isDenied && (egress.Decision == "unknown" || ingress.Decision == "unknown") {
		return nil
	}
	isAllowed := !isDenied
	return &isAllowed
}

// request combines the rulings of both sides on one request. It is unknown if a proxy does not handle the protocol of the request.
func (a flowAnswer) request(redirect string, judge func(i int, s side) ruling) ruling {
	answer := passes
	for i, s := range []side{a.Egress, a.Ingress} {
		switch {
		case s.Decision == "denied":
			answer = answer.and(refused)
		case s.Decision == "unknown":
			answer = answer.and(unclear)
		case s.Redirect == nil:
		case *s.Redirect == redirect:
			answer = answer.and(judge(i, s))
		default:
			answer = answer.and(unclear)
		}
	}
	return answer
}

// side returns what the datapath does with the flow at one end.
func (j *judge) side(q *question) (side, error) {
	switch {
	case q == nil:
		return side{Decision: "n/a", Policies: []string{}}, nil
	case j.isSwitchedOff(q.protocol):
		return decided("denied", "protocol-off", nil), nil
	case j.isFragmentationNeeded(q):
		return decided("allowed", "not-enforced", nil), nil
	}
	s, err := j.policySide(q)
	return j.audited(s), err
}

// policySide looks up the flow in the policy map of the endpoint, and finds the policies that cause the decision in the resolved rules.
func (j *judge) policySide(q *question) (side, error) {
	v := q.view
	resolved, err := v.policyOf(q)
	if err != nil {
		return side{}, fmt.Errorf("the policy of %s does not resolve: %w", q.subject.LabelArray, err)
	}
	key := policy.EgressKey()
	if q.ingress {
		key = policy.IngressKey()
	}
	entry, _, found := resolved.Lookup(key.WithIdentity(q.peer.ID).WithPortProto(q.protocol, q.port))
	var matching []Cell
	for filter := range v.engine.Filters(resolved, q.ingress) {
		if !v.covers(resolved, filter, q) {
			continue
		}
		for cell := range v.engine.Selecting(v.repo, filter, q.peer.ID) {
			matching = append(matching, cell)
		}
	}
	steps := stepsOf(matching)
	var first step
	if len(steps) > 0 {
		first = steps[0]
	}
	isDenied := !found || entry.IsDeny()
	if found && len(steps) > 0 && entry.IsDeny() != first.denies {
		return side{}, fmt.Errorf("the policy map says %v, and the tiers %v", entry, first)
	}
	switch {
	case !found, isDenied && first.isDefault():
		return decided("denied", "default-deny", v.isolating(q)), nil
	case isDenied:
		return decided("denied", "deny-rule", policyNames(first.cells)), nil
	case j.failsToAuthenticate(entry.AuthRequirement.AuthType()):
		return decided("denied", "not-authenticated", policyNames(authenticating(first.cells))), nil
	}
	allowing := allowedIn(steps)
	s := decided("allowed", "rule", policyNames(first.cells))
	if len(s.Policies) == 0 {
		// In default deny, only the implicit allow of the host remains.
		s = decided("allowed", "not-enforced", s.Policies)
		if v.engine.Enforced(resolved, q.ingress) && v.isDefaultDeny(q) {
			s = decided("allowed", "localhost", s.Policies)
		}
	}
	if entry.IsRedirectEntry() {
		kind := redirectKind(j.minor.Engine.ListenerPriority(entry))
		s.Redirect, s.cells = &kind, allowing
		if kind == "dns" {
			s.dns = v.dnsRules(resolved, q)
		}
		for _, cell := range allowing {
			s.L7 = append(s.L7, layer7Of(cell))
		}
		slices.SortFunc(s.L7, compareJSON)
	}
	return s, nil
}

// policyOf returns the policy of an endpoint, which depends on its identity and its own named ports.
func (v *view) policyOf(q *question) (*policy.EndpointPolicy, error) {
	key := fmt.Sprint(q.subject.ID, q.ports, q.possible)
	if v.resolved[key] == nil {
		of := map[identity.NumericIdentity][]ciliumtypes.NamedPortMap{}
		for id, ports := range v.ports {
			of[id] = ports
		}
		for id, ports := range q.possible {
			of[id] = append(slices.Clone(of[id]), ports...)
		}
		resolved, err := v.engine.Distill(v.repo, v.ids, q.subject, Ports{Own: q.ports, Of: of})
		if err != nil {
			return nil, err
		}
		v.resolved[key] = resolved
	}
	return v.resolved[key], nil
}

func decided(decision, reason string, policies []string) side {
	return side{Decision: decision, Reason: &reason, Policies: append([]string{}, policies...)}
}

// redirectKind returns the kind of a redirect from the priority of its listener. A policy can set the priorities 1 to 100.
// Source: Cilium, pkg/policy/l4.go.
func redirectKind(priority int) string {
	switch priority {
	case 101:
		return "http"
	case 106:
		return "kafka"
	case 111:
		return "proxylib"
	case 116:
		return "tls"
	case 121:
		return "dns"
	default:
		return "crd"
	}
}

// covers reports whether a filter applies to the protocol and port of the question.
func (v *view) covers(p *policy.EndpointPolicy, f *policy.L4Filter, q *question) bool {
	if f.U8Proto != 0 && f.U8Proto != q.protocol {
		return false
	}
	return v.engine.CoversPort(p, f, q.peer.ID, q.port)
}

// policyNames returns the sorted names of the policies of cells. Cells that Cilium adds have no policy.
func policyNames(cells []Cell) []string {
	names := []string{}
	for _, cell := range cells {
		for _, origin := range cell.Origin {
			of := map[string]string{}
			for _, l := range origin {
				if l.Source == labels.LabelSourceK8s {
					of[l.Key] = l.Value
				}
			}
			if kind := of[k8sconst.PolicyLabelDerivedFrom]; kind != "" {
				names = append(names, fmt.Sprintf("%s/%s/%s", kind, of[k8sconst.PolicyLabelNamespace], of[k8sconst.PolicyLabelName]))
			}
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// isDefaultDeny reports whether the direction is in default deny.
func (v *view) isDefaultDeny(q *question) bool {
	switch policy.GetPolicyEnabled() {
	case option.NeverEnforce:
		return false
	case option.AlwaysEnforce:
		return true
	default:
		return q.subject.LabelArray.Has(labels.IDNameInit) || len(v.isolating(q)) > 0
	}
}

// isolating returns the policies that put the direction of the subject into default deny.
func (v *view) isolating(q *question) []string {
	var names []string
	for _, p := range v.policies {
		if p.Isolates(q.subject, q.ingress) {
			names = append(names, p.name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// united combines the answers for all backends of a Service: the common values, and unknown where they differ.
func united(answers []flowAnswer) flowAnswer {
	all := answers[0]
	for _, next := range answers[1:] {
		all.Egress, all.Ingress = unitedSide(all.Egress, next.Egress), unitedSide(all.Ingress, next.Ingress)
		all.HTTP, all.DNS, all.SNI = unitedRuling(all.HTTP, next.HTTP), unitedRuling(all.DNS, next.DNS), unitedRuling(all.SNI, next.SNI)
		if all.Allowed != nil && (next.Allowed == nil || *all.Allowed != *next.Allowed) {
			all.Allowed = nil
		}
	}
	return all
}

// unitedSide combines two sides. If their reasons differ, the more specific one is used.
func unitedSide(a, b side) side {
	// A side without policy allows the connection.
	if a.Decision == "n/a" && b.Decision == "allowed" {
		return b
	}
	if a.Decision == "allowed" && b.Decision == "n/a" {
		return a
	}
	if a.Decision != b.Decision {
		return side{Decision: "unknown", Policies: []string{}, Missing: "the backend: they differ"}
	}
	if a.Reason != nil && b.Reason != nil && slices.Index(reasons, *b.Reason) < slices.Index(reasons, *a.Reason) {
		a.Reason = b.Reason
	}
	if a.Redirect == nil || b.Redirect == nil || *a.Redirect != *b.Redirect {
		a.Redirect = nil
	}
	a.Policies = append(slices.Clone(a.Policies), b.Policies...)
	slices.Sort(a.Policies)
	a.Policies = slices.Compact(a.Policies)
	a.L7 = append(slices.Clone(a.L7), b.L7...)
	slices.SortFunc(a.L7, compareJSON)
	a.L7 = slices.CompactFunc(a.L7, func(x, y layer7) bool { return compareJSON(x, y) == 0 })
	return a
}

// reasons are the reasons of a decision, the most specific first.
var reasons = []string{"deny-rule", "not-authenticated", "default-deny", "audited", "rule", "localhost", "not-enforced"}

func unitedRuling(a, b ruling) ruling {
	if a == b {
		return a
	}
	return unclear
}
