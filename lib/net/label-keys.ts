/** The keys of the labels that Cilium itself gives to identities. Source: cilium `pkg/k8s/apis/cilium.io/const.go`. */

/** The namespace of an endpoint. */
export const NAMESPACE_KEY = 'io.kubernetes.pod.namespace';
/** The label with its name that the API server gives to every namespace. */
export const NAMESPACE_NAME_KEY = 'kubernetes.io/metadata.name';
/** The prefix of the labels that an endpoint takes over from its namespace. */
export const NAMESPACE_LABELS_PREFIX = 'io.cilium.k8s.namespace.labels.';

/** Whether a label says something of the namespace: its name, or a label of it. */
export function isOfNamespace(key: string): boolean {
  return key === NAMESPACE_KEY || key.startsWith(NAMESPACE_LABELS_PREFIX);
}

/** The service account of a pod. */
export const SERVICE_ACCOUNT_KEY = 'io.cilium.k8s.policy.serviceaccount';
/** The cluster of an endpoint. */
export const CLUSTER_KEY = 'io.cilium.k8s.policy.cluster';
/** The prefix of keys that Cilium sets itself: a pod cannot carry such a label. */
export const RESERVED_KEY_PREFIX = 'io.cilium.k8s';
/** The label that every prefix of a CiliumCIDRGroup has; the name of the group follows it. Source: cilium `pkg/policy/api/cidr.go`. */
export const CIDR_GROUP_NAME_KEY = 'io.cilium.policy.cidrgroupname';
