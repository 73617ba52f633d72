/** What cdk8s hands to a validation plugin; jsii knows no types of the command line, so they are written here as far as they are needed. */
interface ValidationContext {
  readonly manifests: readonly string[];
  readonly logger: { log(message: string): void };
  readonly report: {
    addViolation(violation: object): void;
    submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
  };
}

/**
 * The validation plugin for `cdk8s synth`: fails if the API server or the agent would refuse a policy.
 *
 * It is named in `cdk8s.yaml`, and takes these properties, each of which wins over the settings file `cdk8s-cilium.yaml`:
 * `cilium` (a minor), `config` (keys of cilium-config), `namespace` (of what names none), `select` and `ignore` (codes of checks), `maxWarnings`.
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
   * Called by the command line of cdk8s.
   *
   * Throws if a property is none that is known.
   *
   * @param properties what `cdk8s.yaml` says under `properties`
   */
  public constructor(properties: { readonly [key: string]: unknown } = {}) {
    this.properties = properties;
    load().settingsOf(properties);
  }

  /**
   * Checks the manifests of a synthesis, and submits the report.
   *
   * @param context what the command line of cdk8s provides
   */
  public async validate(context: unknown): Promise<void> {
    load().validateManifests(context as ValidationContext, this.properties);
    return Promise.resolve();
  }
}

function load(): typeof import('./private/validate') {
  // Who only synthesizes does not pay for the checks.
  return require('./private/validate') as typeof import('./private/validate');
}
