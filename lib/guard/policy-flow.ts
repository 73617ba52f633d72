/** A connection attempt, with at most one request on it. */
export interface PolicyFlow {
  /**
   * The source: `ns/name` for a pod or workload, `labels:app=web@ns` for a hypothetical pod, `ip:192.0.2.1`, `fqdn:api.example.com`,
   * `entity:world` or `node:name`.
   */
  readonly source: string;
  /** The destination: like the source, or `service:ns/name`. */
  readonly destination: string;
  /**
   * The port, 1–65535.
   *
   * @default - no port, for ICMP and protocols without ports
   */
  readonly port?: number;
  /**
   * `TCP`, `UDP`, `SCTP`, `ICMP`, `ICMPv6`, or a protocol without ports, for example `GRE`.
   *
   * @default - TCP
   */
  readonly protocol?: string;
  /**
   * The ICMP type, as a number or with Cilium's name.
   *
   * @default - no ICMP type
   */
  readonly icmpType?: string;
  /**
   * The ICMP code, 0–255.
   *
   * @default 0
   */
  readonly icmpCode?: number;
  /**
   * The method of an HTTP request on the connection.
   *
   * @default - GET if there is a path, a host or a header; otherwise there is no request
   */
  readonly httpMethod?: string;
  /**
   * The path of an HTTP request on the connection, with its query.
   *
   * @default - `/` if there is a method, a host or a header; otherwise there is no request
   */
  readonly httpPath?: string;
  /**
   * The host of the request.
   *
   * @default - the request has no host
   */
  readonly httpHost?: string;
  /**
   * The headers of the request.
   *
   * @default - the request has no headers
   */
  readonly httpHeaders?: { readonly [name: string]: string };
  /**
   * The name in a DNS query on the connection.
   *
   * @default - there is no query
   */
  readonly dns?: string;
  /**
   * The server name in a TLS handshake on the connection.
   *
   * @default - there is no handshake
   */
  readonly serverName?: string;
}
