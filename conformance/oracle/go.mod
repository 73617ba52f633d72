module cdk8s-cilium/conformance/oracle

go 1.26.0

require github.com/cilium/cilium v1.18.11
