/**
 * Keys and certificates for one side of a TLS connection that Cilium's proxy terminates or originates.
 *
 * Source: https://docs.cilium.io/en/stable/security/tls-visibility/
 */
export interface TlsContext {
  /** Name of the Kubernetes Secret that holds them. */
  readonly secretName: string;
  /**
   * Namespace of the Secret. Set it if Secret synchronization is on, as in the Helm defaults: the operator then does not find the Secret
   * without it. Required in a clusterwide policy. Source: cilium `operator/pkg/networkpolicy/secretsync/helpers.go`.
   *
   * @default - the policy's own namespace, if the agent itself reads Secrets
   */
  readonly secretNamespace?: string;
  /**
   * The entry of the Secret with the trusted CA.
   *
   * @default - `ca.crt`, if present
   */
  readonly trustedCa?: string;
  /**
   * The entry of the Secret with the certificate.
   *
   * @default - `tls.crt`, if present
   */
  readonly certificate?: string;
  /**
   * The entry of the Secret with the private key.
   *
   * @default - `tls.key`, if present
   */
  readonly privateKey?: string;
}
