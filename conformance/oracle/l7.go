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

// ruling is the ruling of a proxy on one request. Envoy and the DNS proxy are other programs, so their matching is implemented here.
type ruling string

const (
	passes  ruling = "allowed"
	refused ruling = "denied"
	unclear ruling = "unknown"
)

// or combines the rulings of two rules, one of which is enough.
func (r ruling) or(other ruling) ruling {
	if r == passes || other == passes {
		return passes
	}
	if r == unclear || other == unclear {
		return unclear
	}
	return refused
}

// and combines the rulings of two conditions, which must both hold.
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

// httpRequest is one request. Its path is not normalised.
type httpRequest struct {
	Method  string            `json:"method"`
	Path    string            `json:"path"`
	Host    string            `json:"host"`
	Headers map[string]string `json:"headers"`
}

// header returns a header, or a part of the request that HTTP/2 sends as a header.
func (r httpRequest) header(name string) (string, bool) {
	switch strings.ToLower(name) {
	case ":method":
		return r.Method, true
	case ":path":
		return r.Path, true
	case ":authority", "host":
		return r.Host, true
	}
	for key, value := range r.Headers {
		if strings.EqualFold(key, name) {
			return value, true
		}
	}
	return "", false
}

// judgeHTTP returns Envoy's ruling: one of the matching allow rules must allow the request. Source: cilium/proxy, cilium/network_policy.cc.
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
			// A mismatch has a side effect, but the rule can still match.
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
			// Cilium does not compile a host. If the expression is invalid, Envoy rejects the whole policy.
			return unclear
		}
		return rulingOf(matcher.MatchString(value))
	case text.GetExact() == "" && value != "":
		// Cilium's source says that Envoy reads an empty exact value as any value. This cannot be verified here.
		return unclear
	default:
		return rulingOf(text.GetExact() == value)
	}
}

// dnsRules are the DNS rules of one filter for a peer, as the DNS proxy gets them.
type dnsRules struct {
	cells []Cell
	// isShared reports whether other rules of the filter are for Envoy. A port has one proxy, and which of the two it is is random.
	isShared bool
}

// dnsRules returns the rules of every filter that the DNS proxy may use for the port of the question.
//
// The proxy uses one filter for each port and protocol, and no others: it never uses an allow rule for every port of the peer, or for a range. If
// several filters have the same port, the agent uses the first one. Filters with a named port come before all others, and their order is random.
// Source: Cilium, pkg/endpoint/bpf.go, addNewRedirects; pkg/policy/l4.go, ForEach; pkg/fqdn/dnsproxy/proxy.go, CheckAllowed.
func (v *view) dnsRules(p *policy.EndpointPolicy, q *question) []dnsRules {
	var named, numbered []dnsRules
	first := -1
	for filter := range v.engine.Filters(p, q.ingress) {
		parsers := parsersOf(filter)
		tier := v.engine.Place(filter, nil).Tier
		if len(parsers) == 0 || filter.U8Proto != q.protocol || !slices.Contains(v.engine.ProxyPorts(p, filter), q.port) {
			continue
		}
		// A proxy gets the rules of the first tier that has any. Source: Cilium, pkg/endpoint/bpf.go, addNewRedirects.
		if first >= 0 && tier != first {
			continue
		}
		first = tier
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

// parsersOf returns the kinds of requests that a filter redirects. A listener of a policy has its own proxy.
func parsersOf(f *policy.L4Filter) map[policy.L7ParserType]bool {
	parsers := map[policy.L7ParserType]bool{}
	for _, rule := range f.PerSelectorPolicies {
		if rule.IsRedirect() && rule.GetListener() == "" {
			parsers[rule.L7Parser] = true
		}
	}
	return parsers
}

// judgeDNS returns the DNS proxy's ruling on a query for a name. It ignores the type of the query. If there are several sets of rules, the proxy uses
// one of them at random.
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

// validServerName is what Envoy accepts as a server name. Source: cilium/proxy, cilium/network_policy.h, SniPattern.
var validServerName = regexp.MustCompile(`^(([*]{1,2}|[*]?[-a-zA-Z0-9_]+([*][-a-zA-Z0-9_]+)*[*]?)[.])*([*]{1,2}|[*]?[-a-zA-Z0-9_]+([*][-a-zA-Z0-9_]+)*[*]?)$`)

// matchServerName matches as Envoy does. If it rejects the pattern, it rejects the policy of the endpoint.
func matchServerName(pattern, name string) ruling {
	if !validServerName.MatchString(pattern) {
		return unclear
	}
	expression := "[-a-z0-9_]+([.][-a-z0-9_]+)*"
	if pattern != "*" {
		expression = strings.NewReplacer(".", "[.]", "**", "[-a-z0-9_]+([.][-a-z0-9_]+){0,}", "*", "[-a-z0-9_]{0,}").Replace(strings.ToLower(pattern))
	}
	return rulingOf(regexp.MustCompile("^(?:" + expression + ")$").MatchString(name))
}

// judgeSNI returns Envoy's ruling on the server name of a TLS connection. sanitize is what the agent makes of a pattern first.
func judgeSNI(cells []Cell, name string, sanitize func(string) string) ruling {
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
				answer = answer.or(matchServerName(sanitize(pattern), plainName(name)))
			}
		}
	}
	return answer
}

// layer7 is the L7 part of a matching rule as data.
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
