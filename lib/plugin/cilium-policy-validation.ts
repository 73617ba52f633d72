import type { ValidationContext } from './private/validation-context';

/**
 * The validation plugin for `cdk8s synth`. Fails if the API server or the agent would reject a policy.
 *
 * It is configured in `cdk8s.yaml` with these properties, which override the settings file `cdk8s-cilium.yaml`: `cilium` (a minor), `config`
 * (keys of `cilium-config`), `namespace` (of objects that name none), `select` and `ignore` (codes of checks), `maxWarnings`.
 *
 * The manifests of each `Cluster` of the program are judged on their own, for the minor and the `cilium-config` that it gives; the properties
 * win.
 *
 * ```yaml
 * validations:
 *   - package: ./node_modules/cdk8s-cilium
 *     class: CiliumPolicyValidation
 *     version: 0.1.0
 *     properties:
 *       cilium: "1.20"
 * ```
 */
export class CiliumPolicyValidation {
  private readonly properties: { readonly [key: string]: unknown };

  /**
   * Called by the cdk8s command line.
   *
   * Throws if a property is unknown.
   *
   * @param properties the `properties` in `cdk8s.yaml`
   */
  public constructor(properties: { readonly [key: string]: unknown } = {}) {
    this.properties = properties;
    load().settingsOf(properties);
  }

  /**
   * Checks the manifests of a synthesis and submits the report.
   *
   * @param context the context from the cdk8s command line
   */
  public async validate(context: unknown): Promise<void> {
    load().validateManifests(context as ValidationContext, this.properties);
    return Promise.resolve();
  }
}

function load(): typeof import('./private/validate') {
  // Loaded on demand, so that a synthesis without checks stays fast.
  return require('./private/validate') as typeof import('./private/validate');
}
