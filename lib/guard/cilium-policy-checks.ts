import { IConstruct } from 'constructs';
import { PolicyCheckOptions } from './policy-check-options';
import { Allowances } from './private/allowances';

/**
 * Fails the synthesis if the API server or the agent would reject a policy.
 *
 * It checks every policy below a construct when the app is synthesized, including with `Testing.synth`. For the cdk8s command line, the plugin
 * `CiliumPolicyValidation` runs the same checks and also shows warnings, which a synthesizing program cannot show.
 */
export class CiliumPolicyChecks {
  /**
   * Checks the policies in a construct and its descendants whenever they are synthesized.
   *
   * Throws if an option is unknown.
   *
   * @param scope the app, a chart or a construct
   * @param options the minor, `cilium-config`, and the checks to run
   *
   * @example
   *
   * CiliumPolicyChecks.addTo(app, { cilium: '1.19' });
   */
  public static addTo(scope: IConstruct, options: PolicyCheckOptions = {}): void {
    const validate = load().makeValidation(scope, options);
    scope.node.addValidation({ validate });
  }

  /**
   * Returns the findings for a construct and its descendants, in the JSON format of `cdk8s-cilium check -o json`.
   *
   * @param scope the app, a chart or a construct
   * @param options the minor, `cilium-config`, and the checks to run
   */
  public static findings(scope: IConstruct, options: PolicyCheckOptions = {}): unknown[] {
    Allowances.writeBelow(scope);
    return [...load().findingsOf(scope, options)];
  }

  private constructor() {}
}

function load(): typeof import('./private/validation') {
  // Loaded on demand, so that a synthesis without checks stays fast.
  return require('./private/validation') as typeof import('./private/validation');
}
