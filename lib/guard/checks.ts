import { IConstruct } from 'constructs';
import { Allowances } from './private/allowances';

/** What a person has looked at and allows. */
export class Checks {
  /**
   * Allows a finding of a check on every policy at a construct and below, also on those that are added later.
   *
   * It is written into the annotation `cdk8s-cilium/allow` of the manifests, where the command line and the plugin find it. An allowance that nothing
   * needs is reported (CIL901).
   *
   * Throws if there is no such check, or if the reason is empty or has a semicolon or a line break.
   *
   * @param construct a policy, a chart or the app
   * @param code the check, such as `CIL202`
   * @param reason why, for whoever reads it later
   *
   * @example
   *
   * Checks.allow(policy, 'CIL236', 'the switch is on in every cluster of ours');
   */
  public static allow(construct: IConstruct, code: string, reason: string): void {
    Allowances.add(construct, code, reason);
  }

  private constructor() {}
}
