/**
 * Peers with a name that Cilium defines.
 *
 * Source: https://docs.cilium.io/en/stable/security/policy/layer3/ and cilium `pkg/policy/api/entity.go`.
 */
export enum Entity {
  /** Every peer: endpoints, nodes, and the world outside. */
  ALL = 'all',
  /** Addresses outside the cluster, of both IP versions. Nodes and pods are never part of it. */
  WORLD = 'world',
  /**
   * Everything inside the cluster: all endpoints of the local cluster, the local node, and all other nodes, including nodes of meshed
   * clusters. It also includes the health, ingress and init endpoints and the API server.
   */
  CLUSTER = 'cluster',
  /** Like `CLUSTER`, plus the endpoints of all meshed clusters. Since Cilium 1.20. */
  CLUSTER_MESH = 'cluster-mesh',
  /** The node that an endpoint runs on, including the processes and pods in its network namespace. */
  HOST = 'host',
  /** Every other node, including nodes of meshed clusters, and the processes and pods in their network namespaces. */
  REMOTE_NODE = 'remote-node',
  /** The Kubernetes API server, inside the cluster or outside. */
  KUBE_APISERVER = 'kube-apiserver',
  /** The Envoy proxy behind Cilium's Ingress and Gateway API. */
  INGRESS = 'ingress',
  /** Endpoints whose identity is not known yet. */
  INIT = 'init',
  /** Endpoints that Cilium's agents probe to check the health of the cluster. */
  HEALTH = 'health',
  /** Pods that Cilium does not manage. */
  UNMANAGED = 'unmanaged',
  /** No peer. */
  NONE = 'none',
}
