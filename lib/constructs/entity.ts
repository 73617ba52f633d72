/**
 * Peers that Cilium knows by name.
 *
 * Source: https://docs.cilium.io/en/stable/security/policy/layer3/ and cilium `pkg/policy/api/entity.go`.
 */
export enum Entity {
  /** Everyone: endpoints, nodes, and the world outside. */
  ALL = 'all',
  /** Addresses outside the cluster, of both IP versions. Nodes and pods are never world. */
  WORLD = 'world',
  /**
   * Everything inside the cluster: all endpoints of the local cluster, the local node, and all other nodes, those of meshed clusters included.
   * Also the health, ingress and init endpoints and the API server.
   */
  CLUSTER = 'cluster',
  /** As `CLUSTER`, with the endpoints of all meshed clusters. Since Cilium 1.20. */
  CLUSTER_MESH = 'cluster-mesh',
  /** The node that an endpoint runs on, with the processes and pods in its network namespace. */
  HOST = 'host',
  /** Every other node, with the processes and pods in its network namespace; nodes of meshed clusters too. */
  REMOTE_NODE = 'remote-node',
  /** The Kubernetes API server, inside the cluster or outside. */
  KUBE_APISERVER = 'kube-apiserver',
  /** The Envoy proxy behind Cilium's Ingress and Gateway API. */
  INGRESS = 'ingress',
  /** Endpoints of which the identity is not known yet. */
  INIT = 'init',
  /** Endpoints that Cilium's agents probe to tell the cluster's health. */
  HEALTH = 'health',
  /** Pods that Cilium does not manage. */
  UNMANAGED = 'unmanaged',
  /** Nobody. */
  NONE = 'none',
}
