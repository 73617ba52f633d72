// The oracle over Cilium 1.19: `go run . < requests > answers`.
package main

import (
	"encoding/json"
	"log"
	"log/slog"
	"os"

	"cdk8s-cilium/conformance/oracle"
	"github.com/cilium/cilium/pkg/k8s"
	networkingv1 "github.com/cilium/cilium/pkg/k8s/slim/k8s/api/networking/v1"
	"github.com/cilium/cilium/pkg/option"
)

func main() {
	minor := oracle.Minor{
		Name:    "1.19",
		Version: "v1.19.7",
		Configure: func(config oracle.Config) {
			option.Config.EnableExtendedIPProtocols = config.Bool("enable-extended-ip-protocols", false)
		},
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
