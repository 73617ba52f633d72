/** Options for verdicts. Options that are omitted are read from the settings file, `cdk8s-cilium.yaml`. */
export interface PolicySimulatorOptions {
  /**
   * The minor of Cilium.
   *
   * @default - the minor of the `Cluster`, or of the settings file, or the newest supported minor
   */
  readonly cilium?: string;
  /**
   * Keys of `cilium-config` with non-default values, for example `enable-host-firewall`.
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
  /**
   * Whether a name admits an address only if the DNS proxy can see a look-up of the name. Otherwise names are judged as if the proxy had learnt them.
   *
   * @default true
   */
  readonly learn?: boolean;
}
