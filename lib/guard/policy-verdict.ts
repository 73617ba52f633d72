/** The verdict of one side of a connection. */
export interface PolicyVerdictSide {
  /** `allowed`, `denied`, `unknown`, or `n/a` if no policy is evaluated. */
  readonly decision: string;
  /**
   * The reason: `rule`, `deny-rule`, `default-deny`, `not-enforced` or `localhost`.
   *
   * @default - no reason, because nothing is decided
   */
  readonly reason?: string;
  /**
   * The proxy that handles an allowed connection: `http`, `dns`, `tls`, or `crd` for a custom listener.
   *
   * @default - the connection is not redirected
   */
  readonly redirect?: string;
  /**
   * The policies that decide, as `Kind/namespace/name`, sorted. For a default deny, the policies that cause it; for `unknown`, the policies that
   * leave the decision open.
   */
  readonly policies: string[];
  /**
   * The information that is missing for a decision.
   *
   * @default - nothing is missing
   */
  readonly missing?: string;
}

/** What Cilium decides for a flow. */
export interface PolicyVerdict {
  /** `allowed`, `denied` or `unknown`, including the request on the connection. */
  readonly decision: string;
  /**
   * Whether the connection and the request on it are allowed.
   *
   * @default - unknown
   */
  readonly passes?: boolean;
  /** The verdict of the source's egress policy. */
  readonly egress: PolicyVerdictSide;
  /** The verdict of the destination's ingress policy. */
  readonly ingress: PolicyVerdictSide;
  /** The steps that lead to the verdict, as text. */
  readonly explanation: string;
}
