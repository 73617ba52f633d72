/** Options for checking policies. Options that are omitted are read from the settings file, `cdk8s-cilium.yaml`. */
export interface PolicyCheckOptions {
  /**
   * The minor of Cilium.
   *
   * @default - the minor of the `Cluster`, or of the settings file, or the newest supported minor
   */
  readonly cilium?: string;
  /**
   * Keys of `cilium-config` with non-default values, for example `enable-l7-proxy`.
   *
   * @default - the keys of the `Cluster`, or of the settings file, or the defaults of Cilium's Helm chart
   */
  readonly config?: { readonly [key: string]: string };
  /**
   * Values of placeholders such as `${VAR}`, by name.
   *
   * @default - the values of the settings file, or placeholders are not known
   */
  readonly values?: { readonly [name: string]: string };
  /**
   * Files and folders with pods, workloads, namespaces, nodes and Services, for the checks CIL5xx: manifests, or the output of
   * `kubectl get … -o yaml`. Objects of the constructs themselves count too.
   *
   * @default - the inventory of the settings file, or no inventory
   */
  readonly inventory?: string[];
  /**
   * Codes of checks, or prefixes of codes, for example `CIL2`. Only these checks run.
   *
   * @default - the checks of the settings file, or all checks
   */
  readonly only?: string[];
  /**
   * Codes of checks, or prefixes of codes. These checks do not run.
   *
   * @default - the checks of the settings file, or no checks
   */
  readonly ignore?: string[];
  /**
   * The maximum number of warnings. More warnings fail the synthesis.
   *
   * @default - warnings never fail the synthesis
   */
  readonly maxWarnings?: number;
}
