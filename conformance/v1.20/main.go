// The oracle for Cilium 1.20: `go run . < requests > answers`.
package main

import (
	"log"
	"log/slog"
	"os"

	"cdk8s-cilium/conformance/oracle"
	"github.com/cilium/cilium/pkg/option"
)

var logger = slog.New(slog.DiscardHandler)

func main() {
	minor := oracle.Minor{
		Version: "v1.20.2",
		Configure: func(config oracle.Config) {
			option.Config.UnsafeDaemonConfigOption.AllowLocalhost = config.AllowLocalhost()
			option.Config.EnableExtendedIPProtocols = config.Bool("enable-extended-ip-protocols", false)
		},
		PinsCluster:          true,
		MatchModes:           []string{"nodes", "pods"},
		HasExtendedProtocols: true,
		FindsNodePorts:       true,
		HasTiers:             true,
		Engine:               engine{},
	}
	if err := minor.Serve(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}
