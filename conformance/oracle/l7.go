package oracle

import (
	"regexp"
	"slices"
	"strings"

	"github.com/cilium/cilium/pkg/policy"
	"github.com/cilium/cilium/pkg/policy/api"
	cilium "github.com/cilium/proxy/go/cilium/api"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
)

// ruling is what a proxy says of one request: Envoy and the DNS proxy run elsewhere, so their part is written here from their rules.
type ruling string

const (
	passes  ruling = "allowed"
	refused ruling = "denied"
	unclear ruling = "unknown"
)

// or is the ruling of two rules of which one is enough.
func (r ruling) or(other ruling) ruling {
	if r == passes || other == passes {
		return passes
	}
	if r == unclear || other == unclear {
		return unclear
	}
	return refused
}

// and is the ruling of two conditions that must both hold.
func (r ruling) and(other ruling) ruling {
	if r == refused || other == refused {
		return refused
	}
	if r == unclear || other == unclear {
		return unclear
	}
	return passes
}

func rulingOf(holds bool) ruling {
	if holds {
		return passes
	}
	return refused
}

// httpRequest is one request, its path not normalised.
type httpRequest struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Host    string            `json:"host"`
	Headers map[string]string `json:"headers"`
}

// header finds a header, or one of the parts that HTTP/2 sends as headers.
func (r httpRequest) header(name string) (string, bool) {
	switch name {
	case ":method":
		return r.Method, true
	case ":path":
		return r.Path, true
	case ":authority":
		return r.Host, true
	}
	for key, value := range r.Headers {
		if strings.EqualFold(key, name) {
			return value, true
		}
	}
	return "", false
}

// judgeHTTP is Envoy's ruling: one of the matching rules that allow must let the request through. Source: cilium/proxy, cilium/network_policy.cc.
func judgeHTTP(repo *policy.Repository, cells []Cell, request httpRequest) ruling {
	answer := refused
	for _, cell := range cells {
		rule := cell.Rule
		switch {
		case rule == nil, rule.L7Parser == policy.ParserTypeNone, rule.L7Parser == policy.ParserTypeDNS:
			// Envoy gets a rule without an L7 part.
			return passes
		case rule.TerminatingTLS != nil, rule.OriginatingTLS != nil, len(rule.ServerNames) > 0, rule.L7Parser != policy.ParserTypeHTTP:
			answer = answer.or(unclear)
		case len(rule.HTTP) == 0:
			return passes
		default:
			translated, _ := repo.GetEnvoyHTTPRules(&rule.L7Rules, "")
			for _, http := range translated.HttpRules {
				answer = answer.or(matchHTTP(http, request))
			}
		}
	}
	return answer
}

func matchHTTP(rule *cilium.HttpNetworkPolicyRule, request httpRequest) ruling {
	answer := passes
	for _, header := range rule.Headers {
		answer = answer.and(matchHeader(header, request))
	}
	for _, header := range rule.HeaderMatches {
		value, given := request.header(header.Name)
		switch {
		case header.MismatchAction != cilium.HeaderMatch_FAIL_ON_MISMATCH:
			// A mismatch has a side effect, and the rule goes on to match.
		case !given:
			answer = answer.and(refused)
		case header.ValueSdsSecret != "":
			answer = answer.and(unclear)
		default:
			answer = answer.and(rulingOf(value == header.Value))
		}
	}
	return answer
}

func matchHeader(header *route.HeaderMatcher, request httpRequest) ruling {
	value, given := request.header(header.Name)
	if !given {
		return refused
	}
	text := header.GetStringMatch()
	switch {
	case text == nil:
		return passes
	case text.GetSafeRegex() != nil:
		// RE2 must match the whole value.
		matcher, err := regexp.Compile(`\A(?:` + text.GetSafeRegex().Regex + `)\z`)
		if err != nil {
			// A host is not compiled by Cilium; Envoy refuses the whole policy.
			return unclear
		}
		return rulingOf(matcher.MatchString(value))
	case text.GetExact() == "" && value != "":
		// Cilium's source says that Envoy takes an empty exact value for any value; that is not to be seen here.
		return unclear
	default:
		return rulingOf(text.GetExact() == value)
	}
}

// dnsRules are what one filter tells the DNS proxy of a peer.
type dnsRules struct {
	cells []Cell
	// isShared tells that other rules of the filter are for Envoy: one port has one proxy, and which of the two it is, is random.
	isShared bool
}

// dnsRules are those of every filter that the DNS proxy may have for the port of the question.
//
// It has one for each port and protocol, and looks at no other: an allow of every port of the same peer, or of a range, it never sees. Of filters
// that come to the same port the agent takes the first: those with a named port are before all others, and among themselves the order is random.
// Source: Cilium, pkg/endpoint/bpf.go, addNewRedirects; pkg/policy/l4.go, ForEach; pkg/fqdn/dnsproxy/proxy.go, CheckAllowed.
func (v *view) dnsRules(p *policy.EndpointPolicy, q *question) []dnsRules {
	var named, numbered []dnsRules
	for filter := range v.engine.Filters(p, q.ingress) {
		parsers := parsersOf(filter)
		if len(parsers) == 0 || filter.U8Proto != q.protocol || !slices.Contains(v.engine.ProxyPorts(p, filter), q.port) {
			continue
		}
		rules := dnsRules{isShared: len(parsers) > 1 || !parsers[policy.ParserTypeDNS]}
		for cell := range v.engine.Selecting(v.repo, filter, q.peer.ID) {
			if !cell.Deny && !cell.ByAggregate {
				rules.cells = append(rules.cells, cell)
			}
		}
		if filter.PortName != "" {
			named = append(named, rules)
		} else {
			numbered = append(numbered, rules)
		}
	}
	if len(named) > 0 {
		return named
	}
	return numbered
}

// parsersOf are the kinds of requests that a filter redirects; a listener of a policy has a proxy of its own.
func parsersOf(f *policy.L4Filter) map[policy.L7ParserType]bool {
	parsers := map[policy.L7ParserType]bool{}
	for _, rule := range f.PerSelectorPolicies {
		if rule.IsRedirect() && rule.GetListener() == "" {
			parsers[rule.L7Parser] = true
		}
	}
	return parsers
}

// judgeDNS is the DNS proxy's ruling on a query for a name: names only, not types. Which of several rules it has is random.
func judgeDNS(candidates []dnsRules, name string) ruling {
	answer := refused
	for i, rules := range candidates {
		next := rules.judge(name)
		if i > 0 {
			next = unitedRuling(answer, next)
		}
		answer = next
	}
	return answer
}

func (r dnsRules) judge(name string) ruling {
	if r.isShared {
		return unclear
	}
	answer := refused
	for _, cell := range r.cells {
		if cell.Rule == nil || len(cell.Rule.DNS) == 0 {
			return passes
		}
		for _, dns := range cell.Rule.DNS {
			matched, err := fqdnLabels(name, []api.FQDNSelector{api.FQDNSelector(dns)})
			if err != nil {
				answer = answer.or(unclear)
			} else {
				answer = answer.or(rulingOf(len(matched) > 0))
			}
		}
	}
	return answer
}

// judgeSNI is Envoy's ruling on the server name of a TLS connection; the wildcards are those of DNS patterns.
func judgeSNI(cells []Cell, name string) ruling {
	answer := refused
	for _, cell := range cells {
		rule := cell.Rule
		switch {
		case rule == nil, rule.L7Parser == policy.ParserTypeNone:
			return passes
		case rule.TerminatingTLS != nil, rule.OriginatingTLS != nil, rule.L7Parser != policy.ParserTypeTLS:
			answer = answer.or(unclear)
		default:
			for pattern := range rule.ServerNames {
				selector := api.FQDNSelector{MatchPattern: pattern}
				matched, err := fqdnLabels(name, []api.FQDNSelector{selector})
				if err != nil || strings.Contains(pattern, "**") {
					answer = answer.or(unclear)
				} else {
					answer = answer.or(rulingOf(len(matched) > 0))
				}
			}
		}
	}
	return answer
}

// layer7 is a matching rule's L7 part as data.
type layer7 struct {
	Policies    []string           `json:"policies"`
	Parser      string             `json:"parser,omitempty"`
	HTTP        []api.PortRuleHTTP `json:"http,omitempty"`
	DNS         []api.PortRuleDNS  `json:"dns,omitempty"`
	ServerNames []string           `json:"serverNames,omitempty"`
	Listener    string             `json:"listener,omitempty"`
	TLS         bool               `json:"tls,omitempty"`
}

func layer7Of(cell Cell) layer7 {
	part := layer7{Policies: policyNames([]Cell{cell})}
	if rule := cell.Rule; rule != nil {
		part.Parser, part.HTTP, part.DNS, part.Listener = string(rule.L7Parser), rule.HTTP, rule.DNS, rule.GetListener()
		part.TLS = rule.TerminatingTLS != nil || rule.OriginatingTLS != nil
		for name := range rule.ServerNames {
			part.ServerNames = append(part.ServerNames, name)
		}
		slices.Sort(part.ServerNames)
	}
	return part
}
