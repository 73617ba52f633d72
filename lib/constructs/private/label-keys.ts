/** The keys of the labels that Cilium adds to every pod. Source: cilium `pkg/k8s/apis/cilium.io/const.go`. */

/** The label under which Cilium stores an endpoint's namespace. */
export const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';
/** What the labels of an endpoint's namespace are prefixed with. */
export const NAMESPACE_LABELS_PREFIX = 'io.cilium.k8s.namespace.labels.';
/** The label under which Cilium stores a pod's service account. */
export const SERVICE_ACCOUNT_KEY = 'io.cilium.k8s.policy.serviceaccount';
/** The label under which Cilium stores an endpoint's cluster. */
export const CLUSTER_KEY = 'io.cilium.k8s.policy.cluster';
