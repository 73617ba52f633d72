// Package oracle answers, with Cilium's own code, what an API server, an agent and the Kubernetes YAML tools do with an input.
//
// Each minor of Cilium has its own program that links this package, because a Go program can have only one version of a module.
package oracle

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Minor has everything that differs between the supported minors.
type Minor struct {
	// Version is the version of the linked module, for example "v1.20.2".
	Version string
	// Configure applies the switches of this minor and ignores others.
	Configure func(Config)
	// PinsCluster reports whether peers are limited to the local cluster by default.
	// HasExtendedProtocols reports whether protocols without ports can be switched on.
	HasExtendedProtocols bool
	// FindsNodePorts reports whether packets find the node ports of other nodes, and not only sockets.
	FindsNodePorts bool
	// Authenticates reports whether the chart switches mutual authentication on.
	Authenticates bool
	PinsCluster   bool
	// HasTiers reports whether the agent knows ClusterNetworkPolicies.
	HasTiers bool
	// MatchModes are the values of policy-cidr-match-mode.
	MatchModes []string
	// Engine is the policy engine.
	Engine Engine
}

// request is one line of the input. The fields that are used depend on the kind.
type request struct {
	Kind      string              `json:"kind"`
	ID        json.RawMessage     `json:"id"`
	Namespace string              `json:"namespace"`
	Config    map[string]string   `json:"config"`
	Object    json.RawMessage     `json:"object"`
	Objects   []json.RawMessage   `json:"objects"`
	Names     map[string][]string `json:"names"`
	Flows     []flow              `json:"flows"`
	Text      string              `json:"text"`
}

// answer is one line of the output: the id of the request with the fields of its kind, or with an error.
type answer map[string]any

// Serve answers one JSON request per line, in order, until the input ends. The answer to an invalid line, and to a panic in Cilium's code, is an
// error.
func (m Minor) Serve(in io.Reader, out io.Writer) error {
	reader := bufio.NewReaderSize(in, 1<<20)
	writer := bufio.NewWriterSize(out, 1<<20)
	defer writer.Flush()
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 1 {
			if err := write(writer, m.answer(line)); err != nil {
				return err
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		// If no more input is buffered, the client may be waiting for this answer. Otherwise, answers are written in large pieces.
		if reader.Buffered() == 0 {
			if err := writer.Flush(); err != nil {
				return err
			}
		}
	}
}

func write(writer *bufio.Writer, a answer) error {
	line, err := json.Marshal(a)
	if err != nil {
		return err
	}
	_, err = writer.Write(append(line, '\n'))
	return err
}

func (m Minor) answer(line []byte) (a answer) {
	var r request
	defer func() {
		if p := recover(); p != nil {
			a = answer{"error": fmt.Sprintf("panic: %v", p)}
		}
		if len(r.ID) > 0 {
			a["id"] = r.ID
		}
	}()
	if err := json.Unmarshal(line, &r); err != nil {
		return answer{"error": fmt.Sprintf("request is no JSON: %v", err)}
	}
	if err := m.configure(r.Config); err != nil {
		return answer{"error": err.Error()}
	}
	switch r.Kind {
	case "validate":
		return m.validate(r)
	case "verdict":
		return m.verdict(r)
	case "budget":
		return m.budget(r)
	case "yaml":
		return readYAML(r.Text)
	case "objects":
		return readObjects(r.Text)
	case "address":
		return readAddress(r.Text)
	case "facts":
		return m.facts()
	default:
		return answer{"error": fmt.Sprintf("unknown kind of request %q", r.Kind)}
	}
}
