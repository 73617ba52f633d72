import { IConstruct } from 'constructs';
import { Allowances } from './private/allowances';

/** How policies are checked. What is absent here is taken from the settings file, `cdk8s-cilium.yaml`. */
export interface PolicyCheckOptions {
  /**
   * The minor of Cilium.
   *
   * @default - what the settings file says, or the newest minor that is known
   */
  readonly cilium?: string;
  /**
   * Keys of `cilium-config` that do not have their defaults, such as `enable-l7-proxy`.
   *
   * @default - what the settings file says, or the defaults of Cilium's Helm chart
   */
  readonly config?: { readonly [key: string]: string };
  /**
   * Codes of checks, or their beginnings such as `CIL2`: only these are looked for.
   *
   * @default - what the settings file says, or all
   */
  readonly only?: string[];
  /**
   * Codes of checks, or their beginnings: these are not looked for.
   *
   * @default - what the settings file says, or none
   */
  readonly ignore?: string[];
  /**
   * More warnings than this fail too.
   *
   * @default - warnings never fail
   */
  readonly maxWarnings?: number;
}

/**
 * Refuses to synthesize policies that the API server or the agent would refuse.
 *
 * It looks at every policy below a construct when the app is synthesized, `Testing.synth` included. Whoever synthesizes with the command line of cdk8s
 * can have the same from the plugin `CiliumPolicyValidation`, and warnings with it: a program that synthesizes has nowhere to show them.
 */
export class CiliumPolicyChecks {
  /**
   * Checks the policies at a construct and below, whenever they are synthesized.
   *
   * Throws if an option is none that is known.
   *
   * @param scope the app, a chart or a construct
   * @param options the minor, cilium-config, and which checks
   *
   * @example
   *
   * CiliumPolicyChecks.addTo(app, { cilium: '1.19' });
   */
  public static addTo(scope: IConstruct, options: PolicyCheckOptions = {}): void {
    const { makeValidation } = load();
    scope.node.addValidation({ validate: makeValidation(scope, options) });
  }

  /**
   * The findings at a construct and below, as JSON: a list in the form of `cdk8s-cilium check -o json`.
   *
   * @param scope the app, a chart or a construct
   * @param options the minor, cilium-config, and which checks
   */
  public static findings(scope: IConstruct, options: PolicyCheckOptions = {}): unknown[] {
    Allowances.writeBelow(scope);
    return [...load().findingsOf(scope, options)];
  }

  private constructor() {}
}

function load(): typeof import('./private/validation') {
  // Who only synthesizes does not pay for the checks.
  return require('./private/validation') as typeof import('./private/validation');
}
