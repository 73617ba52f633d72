/** The kinds of resources that define Envoy listeners. */
export enum EnvoyConfigKind {
  /** In the namespace of the policy; not for clusterwide policies. */
  CILIUM_ENVOY_CONFIG = 'CiliumEnvoyConfig',
  /** For the whole cluster. */
  CILIUM_CLUSTERWIDE_ENVOY_CONFIG = 'CiliumClusterwideEnvoyConfig',
}

/** An Envoy listener that connections are redirected to. */
export interface EnvoyListener {
  /** Name of the listener. */
  readonly name: string;
  /** Name of the resource that defines it. */
  readonly envoyConfig: string;
  /**
   * Kind of that resource.
   *
   * @default - `CiliumEnvoyConfig` in a namespaced policy, `CiliumClusterwideEnvoyConfig` in a clusterwide one
   */
  readonly kind?: EnvoyConfigKind;
  /**
   * The priority, 1–100: if several rules redirect the same connection, the listener with the lowest number wins.
   *
   * @default - 126, after Cilium's own HTTP (101), TLS (116) and DNS (121)
   */
  readonly priority?: number;
}
