/** A side of a connection that this program does not write, because the workload belongs to another team. */
export interface ConnectionRequirement {
  /** `egress` if the client's policy must allow the connection, `ingress` if the server's must. */
  readonly direction: string;
  /** The workload whose policy must allow the connection, for example `data/db`. */
  readonly owner: string;
  /** The client, as an end of a flow: `labels:app=web@shop`. */
  readonly source: string;
  /** The server, as an end of a flow. */
  readonly destination: string;
  /**
   * The port, 1–65535.
   *
   * @default - the traffic is not one port
   */
  readonly port?: number;
  /**
   * The protocol.
   *
   * @default - the traffic is not one port
   */
  readonly protocol?: string;
  /**
   * What the connection is for.
   *
   * @default - not said
   */
  readonly because?: string;
}
