// The oracle over Cilium 1.18: `go run . < requests > answers`.
package main

import (
	"encoding/json"
	"log"
	"log/slog"
	"os"

	"cdk8s-cilium/conformance/oracle"
	"github.com/cilium/cilium/pkg/fqdn/re"
	"github.com/cilium/cilium/pkg/k8s"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
)

func main() {
	// Up to 1.18 the agent compiles names into a cache that it makes at its start.
	if err := re.InitRegexCompileLRU(slog.New(slog.DiscardHandler), 1024); err != nil {
		log.Fatal(err)
	}
	minor := oracle.Minor{
		Name:      "1.18",
		Version:   "v1.18.11",
		Configure: func(oracle.Config) {},
		ParseNetworkPolicy: func(logger *slog.Logger, clusterName string, object []byte) error {
			var policy networkingv1.NetworkPolicy
			if err := json.Unmarshal(object, &policy); err != nil {
				return err
			}
			_, err := k8s.ParseNetworkPolicy(logger, clusterName, &policy)
			return err
		},
	}
	if err := minor.Serve(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}
