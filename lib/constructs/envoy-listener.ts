/** The kinds of resources that define Envoy listeners. */
export enum EnvoyConfigKind {
  /** In one namespace, that of the policy; not for clusterwide policies. */
  CILIUM_ENVOY_CONFIG = 'CiliumEnvoyConfig',
  /** For the whole cluster. */
  CILIUM_CLUSTERWIDE_ENVOY_CONFIG = 'CiliumClusterwideEnvoyConfig',
}

/** A listener of Envoy that connections are redirected to. */
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
   * Which listener wins where several rules redirect the same connection: 1–100, the lowest does.
   *
   * @default - 126, behind Cilium's own HTTP (101), TLS (116) and DNS (121)
   */
  readonly priority?: number;
}
