import { IConstruct } from 'constructs';

/** Options for verdicts. Options that are omitted are read from the settings file, `cdk8s-cilium.yaml`. */
export interface PolicySimulatorOptions {
  /**
   * The minor of Cilium.
   *
   * @default - the minor of the settings file, or the newest supported minor
   */
  readonly cilium?: string;
  /**
   * Keys of `cilium-config` with non-default values, for example `enable-host-firewall`.
   *
   * @default - the keys of the settings file, or the defaults of Cilium's Helm chart
   */
  readonly config?: { readonly [key: string]: string };
  /**
   * Files and folders with pods, nodes and services: manifests, or the output of `kubectl get … -o yaml`. Objects of the constructs themselves
   * count too.
   *
   * @default - the inventory of the settings file, or no inventory
   */
  readonly inventory?: string[];
  /**
   * The addresses that DNS returns for each name, separated by commas.
   *
   * @default - no name has an address
   */
  readonly names?: { readonly [name: string]: string };
}

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
  /** The verdict of the source's egress policy. */
  readonly egress: PolicyVerdictSide;
  /** The verdict of the destination's ingress policy. */
  readonly ingress: PolicyVerdictSide;
  /** The steps that lead to the verdict, as text. */
  readonly explanation: string;
}

/**
 * Answers what Cilium would decide for a connection, for tests in any language.
 *
 * The answers match Cilium's own policy engine, for both sides. A policy that the agent would reject has no effect, as in a cluster, and is
 * listed by `refusedPolicies`.
 */
export class PolicySimulator {
  /**
   * Creates a simulator for all current policies in a construct and its descendants.
   *
   * Throws if an option is unknown, or if an object looks like a policy but has an unknown kind or version.
   *
   * @param scope the app, a chart or a construct
   * @param options the minor, `cilium-config`, an inventory, and the answers of DNS
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
   * Returns what Cilium decides for a flow.
   *
   * Throws if the flow cannot be judged, for example if an end is unknown or the port is out of range.
   */
  public verdict(flow: PolicyFlow): PolicyVerdict {
    return load().verdictOn(this.verdicts, flow);
  }

  /** Throws an error with the steps that lead to the verdict, unless the flow is allowed. */
  public assertAllowed(flow: PolicyFlow): void {
    load().assertDecision(this.verdicts, flow, 'allowed');
  }

  /** Throws an error with the steps that lead to the verdict, unless the flow is denied. */
  public assertDenied(flow: PolicyFlow): void {
    load().assertDecision(this.verdicts, flow, 'denied');
  }

  /** Returns the policies that the agent would reject, as `Kind/namespace/name` with the first reason. */
  public refusedPolicies(): string[] {
    return [...load().refusedIn(this.verdicts)];
  }
}

function load(): typeof import('./private/simulation') {
  // Loaded on demand, so that a synthesis without verdicts stays fast.
  return require('./private/simulation') as typeof import('./private/simulation');
}
