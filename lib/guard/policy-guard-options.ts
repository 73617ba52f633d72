/** Options for proofs. Options that are omitted are read from the settings file, `cdk8s-cilium.yaml`. */
export interface PolicyGuardOptions {
  /**
   * A file with properties. Either this or `properties` is needed.
   *
   * @default - the properties are given in `properties`
   */
  readonly file?: string;
  /**
   * Properties as a mapping, in the form of such a file.
   *
   * @default - the properties are in `file`
   */
  readonly properties?: unknown;
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
   * Files and folders with pods, namespaces, nodes and Services: manifests, or the output of `kubectl get … -o yaml`. Objects of the constructs
   * themselves count too.
   *
   * @default - the inventory of the settings file, or no inventory
   */
  readonly inventory?: string[];
  /**
   * Whether properties must hold for pods that could exist too, and not only for those that are given.
   *
   * @default true
   */
  readonly possiblePods?: boolean;
}
