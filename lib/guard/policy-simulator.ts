import { IConstruct } from 'constructs';

/** What verdicts are asked under. What is absent is taken from the settings file, `cdk8s-cilium.yaml`. */
export interface PolicySimulatorOptions {
  /**
   * The minor of Cilium.
   *
   * @default - what the settings file says, or the newest minor that is known
   */
  readonly cilium?: string;
  /**
   * Keys of `cilium-config` that do not have their defaults, such as `enable-host-firewall`.
   *
   * @default - what the settings file says, or the defaults of Cilium's Helm chart
   */
  readonly config?: { readonly [key: string]: string };
  /**
   * Files and folders with pods, nodes, services: manifests, or what `kubectl get … -o yaml` prints. What the constructs themselves make counts too.
   *
   * @default - what the settings file says, or none
   */
  readonly inventory?: string[];
  /**
   * What DNS answers: addresses with commas between them, by name.
   *
   * @default - no name has an address
   */
  readonly names?: { readonly [name: string]: string };
}

/** A connection attempt, with at most one request on it. */
export interface PolicyFlow {
  /**
   * Who connects: `ns/pod` of a pod or workload, `labels:app=web@ns` of a pod that could exist, `ip:192.0.2.1`, `fqdn:api.example.com`,
   * `entity:world` or `node:name`.
   */
  readonly source: string;
  /** To whom: the same, or `service:ns/name`. */
  readonly destination: string;
  /**
   * The port, 1–65535.
   *
   * @default - none, for ICMP and protocols without ports
   */
  readonly port?: number;
  /**
   * `TCP`, `UDP`, `SCTP`, `ICMP`, `ICMPv6`, or a protocol without ports such as `GRE`.
   *
   * @default - TCP
   */
  readonly protocol?: string;
  /**
   * The ICMP type, as a number or by Cilium's name for it.
   *
   * @default - none
   */
  readonly icmpType?: string;
  /**
   * The method of an HTTP request on the connection.
   *
   * @default - GET if there is a path, a host or a header, else there is no request
   */
  readonly httpMethod?: string;
  /**
   * The path of an HTTP request on the connection, with its query.
   *
   * @default - `/` if there is a method, a host or a header, else there is no request
   */
  readonly httpPath?: string;
  /**
   * The host of the request.
   *
   * @default - none
   */
  readonly httpHost?: string;
  /**
   * The headers of the request.
   *
   * @default - none
   */
  readonly httpHeaders?: { readonly [name: string]: string };
  /**
   * The name that a DNS query on the connection asks for.
   *
   * @default - there is no query
   */
  readonly dns?: string;
  /**
   * The server name of a TLS handshake on the connection.
   *
   * @default - there is no handshake
   */
  readonly serverName?: string;
}

/** What the policy of one end of a connection says. */
export interface PolicyVerdictSide {
  /** `allowed`, `denied`, `unknown`, or `n/a` where no policy is evaluated. */
  readonly decision: string;
  /**
   * Why: `rule`, `deny-rule`, `default-deny`, `not-enforced` or `localhost`.
   *
   * @default - none, as nothing is decided
   */
  readonly reason?: string;
  /**
   * The proxy that handles an allowed connection: `http`, `dns`, `tls`, or `crd` for a listener of one's own.
   *
   * @default - none, the connection is not redirected
   */
  readonly redirect?: string;
  /** The policies that decide, as `Kind/namespace/name`, sorted: of a default deny those that make it so, of `unknown` those that leave it open. */
  readonly policies: string[];
  /**
   * What would have to be known for an answer.
   *
   * @default - none, the answer is known
   */
  readonly missing?: string;
}

/** What Cilium decides of a flow. */
export interface PolicyVerdict {
  /** `allowed`, `denied` or `unknown`, the request on the connection included. */
  readonly decision: string;
  /** What the policy of the source says. */
  readonly egress: PolicyVerdictSide;
  /** What the policy of the destination says. */
  readonly ingress: PolicyVerdictSide;
  /** The steps that lead there, as text. */
  readonly explanation: string;
}

/**
 * Answers what Cilium would decide of a connection, for tests in any language.
 *
 * The answers are those of Cilium's own policy engine, for both ends. A policy that the agent would refuse counts for nothing, as in a cluster, and is
 * told by `refusedPolicies`.
 */
export class PolicySimulator {
  /**
   * A simulator over all policies at a construct and below, as they are now.
   *
   * Throws if an option is none that is known, or if there is what looks like a policy and is of an unknown kind or version.
   *
   * @param scope the app, a chart or a construct
   * @param options the minor, cilium-config, an inventory, and what DNS answers
   *
   * @example
   *
   * const simulator = PolicySimulator.ofChart(chart);
   * simulator.assertAllowed({ source: 'labels:app=web@shop', destination: 'labels:app=db@shop', port: 5432 });
   */
  public static ofChart(scope: IConstruct, options: PolicySimulatorOptions = {}): PolicySimulator {
    return new PolicySimulator(load().verdictsOver(scope, options));
  }

  private constructor(private readonly verdicts: unknown) {}

  /**
   * What Cilium decides of a flow.
   *
   * Throws if the flow cannot be judged: an end that is unknown, a port out of range.
   */
  public verdict(flow: PolicyFlow): PolicyVerdict {
    return load().verdictOn(this.verdicts, flow);
  }

  /** Throws, with the steps that lead there, unless the flow is allowed. */
  public assertAllowed(flow: PolicyFlow): void {
    load().assertDecision(this.verdicts, flow, 'allowed');
  }

  /** Throws, with the steps that lead there, unless the flow is denied. */
  public assertDenied(flow: PolicyFlow): void {
    load().assertDecision(this.verdicts, flow, 'denied');
  }

  /** The policies that the agent would refuse, as `Kind/namespace/name` with the first reason. */
  public refusedPolicies(): string[] {
    return [...load().refusedIn(this.verdicts)];
  }
}

function load(): typeof import('./private/simulation') {
  // Who only synthesizes does not pay for the engine.
  return require('./private/simulation') as typeof import('./private/simulation');
}
