import { IConstruct } from 'constructs';
import { Allowances } from './private/allowances';

/** Suppresses findings that you have reviewed. */
export class Checks {
  /**
   * Suppresses the findings of a check for every policy in a construct and its descendants, including policies that are added later.
   *
   * The suppression is written to the annotation `cdk8s-cilium/allow` of the manifests, where the command line and the plugin read it. A
   * suppression that matches no finding is reported (CIL901).
   *
   * Throws if the check does not exist, or if the reason is empty or contains a semicolon or a line break.
   *
   * @param construct a policy, a chart or the app
   * @param code the code of the check, for example `CIL202`
   * @param reason why the findings are acceptable, for later readers
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
