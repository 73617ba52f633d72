// The oracle for Cilium 1.18: `go run . < requests > answers`.
package main

import (
	"log"
	"log/slog"
	"os"

	"cdk8s-cilium/conformance/oracle"
	"github.com/cilium/cilium/pkg/fqdn/re"
	"github.com/cilium/cilium/pkg/option"
)

var logger = slog.New(slog.DiscardHandler)

func main() {
	// Up to 1.18, the agent compiles DNS patterns with a cache that it creates at its start.
	if err := re.InitRegexCompileLRU(logger, 1024); err != nil {
		log.Fatal(err)
	}
	minor := oracle.Minor{
		Version: "v1.18.11",
		Configure: func(config oracle.Config) {
			option.Config.AllowLocalhost = config.AllowLocalhost()
		},
		MatchModes:    []string{"nodes"},
		Authenticates: true,
		Engine:        engine{},
	}
	if err := minor.Serve(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}
