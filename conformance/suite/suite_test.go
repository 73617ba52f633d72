// Package suite records what the conformance suite of Kubernetes' ClusterNetworkPolicy expects: `RECORD=FILE go test .`
package suite

import (
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	api "sigs.k8s.io/network-policy-api/apis/v1alpha2"
	"sigs.k8s.io/network-policy-api/conformance/tests"
	"sigs.k8s.io/network-policy-api/conformance/utils/suite"
)

func TestRecord(t *testing.T) {
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme, api.Install} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	all := suite.New(suite.Options{
		Client:                     fake.NewClientBuilder().WithScheme(scheme).Build(),
		EnableAllSupportedFeatures: true,
	})
	all.Setup(t)
	all.Run(t, tests.ConformanceTests)
}
