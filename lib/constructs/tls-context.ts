/**
 * Keys and certificates for one side of a TLS connection that Cilium's proxy terminates or originates.
 *
 * Source: https://docs.cilium.io/en/stable/security/tls-visibility/
 */
export interface TlsContext {
  /** Name of the Kubernetes Secret that holds them. */
  readonly secretName: string;
  /**
   * Namespace of the Secret. Give it: with Secret synchronization, the default of Helm, the operator looks nowhere else. Needed in a
   * clusterwide policy. Source: cilium `operator/pkg/networkpolicy/secretsync/helpers.go`.
   *
   * @default - the policy's own namespace, where the agent reads Secrets itself
   */
  readonly secretNamespace?: string;
  /**
   * Which entry of the Secret holds the trusted CA.
   *
   * @default - `ca.crt`, where there is one
   */
  readonly trustedCa?: string;
  /**
   * Which entry of the Secret holds the certificate.
   *
   * @default - `tls.crt`, where there is one
   */
  readonly certificate?: string;
  /**
   * Which entry of the Secret holds the private key.
   *
   * @default - `tls.key`, where there is one
   */
  readonly privateKey?: string;
}
