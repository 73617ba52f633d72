/** The keys of the labels that Cilium adds to every pod. Source: cilium `pkg/k8s/apis/cilium.io/const.go`. */

/** The label with the namespace of an endpoint. */
export const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';
/** The prefix of the labels of an endpoint's namespace. */
export const NAMESPACE_LABELS_PREFIX = 'io.cilium.k8s.namespace.labels.';
/** The label with the service account of a pod. */
export const SERVICE_ACCOUNT_KEY = 'io.cilium.k8s.policy.serviceaccount';
/** The label with the cluster of an endpoint. */
export const CLUSTER_KEY = 'io.cilium.k8s.policy.cluster';
