module cdk8s-cilium/conformance/kubernetes

go 1.26.0
