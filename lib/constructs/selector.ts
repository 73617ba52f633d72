import { parseKubernetesKey, parseLabelValue, parseNamespaceName, parseSelectorKey } from '../net/label';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../net/label-keys';
import { fail, must, mustBeText, mustHaveItems } from './private/errors';
import { LabelSelector, Requirement } from './private/manifest';

/**
 * A set of endpoints or nodes, told by their labels.
 *
 * All requirements of one selector must hold. A requirement that excludes (`whereNotIn`, `whereAbsent`, `outsideNamespaces`) also holds
 * for whatever lacks the key. Selectors are immutable: every method returns a new one.
 *
 * Where no namespace is said, a peer of a namespaced policy is looked for in the policy's own namespace, a peer of a clusterwide policy in
 * every namespace. Since Cilium 1.19 peers are looked for in the local cluster only, unless a cluster is said.
 * Source: https://docs.cilium.io/en/stable/network/kubernetes/policy/
 *
 * @example
 *
 * Selector.labels({ app: 'db' }).inNamespace('data');
 */
export class Selector {
  /** Everything that the policy's scope can see: one namespace, or the cluster. */
  public static all(): Selector {
    return new Selector();
  }

  /**
   * Whatever carries all of these labels.
   *
   * @param labels keys and values, at least one; a key may name its source, as in `k8s:app`
   */
  public static labels(labels: { [key: string]: string }): Selector {
    return Selector.all().withLabels('map of labels', labels);
  }

  private constructor(
    private readonly matchLabels?: Readonly<Record<string, string>>,
    private readonly matchExpressions?: readonly Requirement[],
  ) {}

  /**
   * Only in the named namespace.
   *
   * Not for the subject of a namespaced policy, which selects in its own namespace, nor for nodes.
   *
   * @param name a namespace's name
   */
  public inNamespace(name: string): Selector {
    must('namespace', name, parseNamespaceName);
    const other = Object.entries(this.matchLabels ?? {}).find(([key]) => withoutSource(key) === NAMESPACE_KEY)?.[1];
    if (other !== undefined && other !== name) {
      fail(`selector is in namespace \`${other}\` and \`${name}\``, 'a pod is in one namespace: make a selector for each and pass both');
    }
    return this.withLabel(NAMESPACE_KEY, name);
  }

  /**
   * Only in namespaces that carry all of these labels.
   *
   * @param labels keys and values as they stand on the namespaces, at least one; these keys have no source
   */
  public inNamespacesLabeled(labels: { [key: string]: string }): Selector {
    Object.keys(labels ?? {}).forEach((key) => must('label key', key, parseKubernetesKey));
    const prefixed = Object.entries(labels ?? {}).map(([key, value]) => [NAMESPACE_LABELS_PREFIX + key, value]);
    return this.withLabels('map of namespace labels', Object.fromEntries(prefixed) as Record<string, string>);
  }

  /**
   * In whatever namespace.
   *
   * A peer of a namespaced policy is else looked for in the policy's own namespace. Endpoints without a namespace, such as health and
   * ingress endpoints, are left out.
   */
  public inAnyNamespace(): Selector {
    return this.whereExists(NAMESPACE_KEY);
  }

  /**
   * Not in the named namespaces.
   *
   * Also holds for what has no namespace: health, ingress and init endpoints, and, as a peer before Cilium 1.19, nodes and the world outside. A
   * peer is then not looked for in the policy's own namespace only. Add `inAnyNamespace()` to leave those out.
   *
   * @param names namespaces' names, at least one
   */
  public outsideNamespaces(...names: string[]): Selector {
    names.forEach((name) => must('namespace', name, parseNamespaceName));
    return this.whereNotIn(NAMESPACE_KEY, ...names);
  }

  /**
   * Only pods that run as the named service account.
   *
   * @param name a service account's name; it does not tell the namespace
   */
  public withServiceAccount(name: string): Selector {
    return this.withLabel(SERVICE_ACCOUNT_KEY, name);
  }

  /**
   * Only in the named cluster of a Cluster Mesh.
   *
   * @param name the cluster's name, as in `cluster-name`
   */
  public inCluster(name: string): Selector {
    return this.withLabel(CLUSTER_KEY, name);
  }

  /** In whatever cluster of a Cluster Mesh; from Cilium 1.19 on, peers are else looked for in the local cluster only. */
  public inAnyCluster(): Selector {
    return this.whereExists(CLUSTER_KEY);
  }

  /**
   * Only where the label has one of the values.
   *
   * @param key a label key
   * @param values at least one
   */
  public whereIn(key: string, ...values: string[]): Selector {
    return this.withRequirement(key, 'In', values);
  }

  /**
   * Only where the label has none of the values, or is absent.
   *
   * @param key a label key
   * @param values at least one
   */
  public whereNotIn(key: string, ...values: string[]): Selector {
    return this.withRequirement(key, 'NotIn', values);
  }

  /**
   * Only where the label is present, with whatever value.
   *
   * @param key a label key
   */
  public whereExists(key: string): Selector {
    return this.withRequirement(key, 'Exists');
  }

  /**
   * Only where the label is absent.
   *
   * @param key a label key
   */
  public whereAbsent(key: string): Selector {
    return this.withRequirement(key, 'DoesNotExist');
  }

  /** @internal */
  public _render(): LabelSelector {
    return { matchLabels: this.matchLabels, matchExpressions: this.matchExpressions };
  }

  /**
   * The keys this selector asks for, without the sources that pods' and nodes' own labels have.
   *
   * @internal
   */
  public _keys(): string[] {
    const keys = [...Object.keys(this.matchLabels ?? {}), ...(this.matchExpressions ?? []).map((one) => one.key)];
    return keys.map(withoutSource);
  }

  private withLabels(what: string, labels: Readonly<Record<string, string>>): Selector {
    mustHaveItems(what, Object.keys(labels ?? {}), 'give at least one label; Selector.all() is everything');
    const matchLabels = { ...this.matchLabels };
    for (const [key, value] of Object.entries(labels)) {
      mustBeKey(key);
      mustBeValue(key, value);
      const other = Object.hasOwn(matchLabels, key) ? matchLabels[key] : value;
      if (other !== value) {
        fail(`selector asks label \`${key}\` to be both \`${other}\` and \`${value}\``, 'write whereIn() for one of several values');
      }
      matchLabels[key] = value;
    }
    return new Selector(matchLabels, this.matchExpressions);
  }

  private withLabel(key: string, value: string): Selector {
    return this.withLabels('map of labels', { [key]: value });
  }

  private withRequirement(key: string, operator: Requirement['operator'], values?: string[]): Selector {
    mustBeKey(key);
    if (values !== undefined) {
      mustHaveItems(`list of values for label \`${key}\``, values, 'give at least one value');
      values.forEach((value) => mustBeValue(key, value));
    }
    return new Selector(this.matchLabels, [...(this.matchExpressions ?? []), { key, operator, values }]);
  }
}

/** Minors differ in which keys they take; only what all of them refuse is refused here, in the words of the newest. */
function mustBeKey(key: string): void {
  mustBeText('label key', key);
  if (!parseSelectorKey(key, 'prefixed').ok) {
    must('label key', key, (text) => parseSelectorKey(text, 'raw'));
  }
}

function mustBeValue(key: string, value: string): void {
  must(`value of label \`${key}\``, value, parseLabelValue);
}

/** The key without the sources that pods' and nodes' own labels have. */
function withoutSource(key: string): string {
  return /^(k8s|any):/.test(key) ? key.slice(4) : key;
}
