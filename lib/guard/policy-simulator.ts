import { IConstruct } from 'constructs';
import { PolicyFlow } from './policy-flow';
import { PolicySimulatorOptions } from './policy-simulator-options';
import { PolicyVerdict } from './policy-verdict';
import { PolicyWarning } from './policy-warning';

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

  /** Returns what to know before relying on a verdict: what is rejected, dropped, counted twice or not judged. */
  public warnings(): PolicyWarning[] {
    return [...load().warningsIn(this.verdicts)];
  }
}

function load(): typeof import('./private/simulation') {
  // Loaded on demand, so that a synthesis without verdicts stays fast.
  return require('./private/simulation') as typeof import('./private/simulation');
}
