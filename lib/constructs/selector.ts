import { parseKubernetesKey, parseLabelValue, parseNamespaceName, parseSelectorKey } from '../net/label';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, SERVICE_ACCOUNT_KEY } from '../net/label-keys';
import { fail, must, mustBeText, mustHaveItems } from './private/errors';
import { LabelSelector, Requirement } from './private/manifest';

/**
 * Selects endpoints or nodes by their labels.
 *
 * All requirements of one selector must hold. A requirement that excludes (`whereNotIn`, `whereAbsent`, `outsideNamespaces`) also holds
 * if the label is absent. Selectors are immutable: every method returns a new selector.
 *
 * As a peer, a selector without a namespace matches only the policy's own namespace in a namespaced policy, and every namespace in a
 * clusterwide policy. Since Cilium 1.19, peers match only in the local cluster, unless the selector names a cluster.
 * Source: https://docs.cilium.io/en/stable/network/kubernetes/policy/
 *
 * @example
 *
 * Selector.labels({ app: 'db' }).inNamespace('data');
 */
export class Selector {
  /** Selects everything in the scope of the policy: its namespace, or the cluster. */
  public static all(): Selector {
    return new Selector();
  }

  /**
   * Selects everything with all of these labels.
   *
   * @param labels keys and values, at least one; a key may include its source, as in `k8s:app`
   */
  public static labels(labels: { [key: string]: string }): Selector {
    return Selector.all().withLabels('map of labels', labels);
  }

  private constructor(
    private readonly matchLabels?: Readonly<Record<string, string>>,
    private readonly matchExpressions?: readonly Requirement[],
  ) {}

  /**
   * Limits the selection to a namespace.
   *
   * Not for nodes, and not for the subject of a namespaced policy, which is always in the policy's own namespace.
   *
   * @param name the name of the namespace
   */
  public inNamespace(name: string): Selector {
    must('namespace', name, parseNamespaceName);
    const other = Object.entries(this.matchLabels ?? {}).find(([key]) => withoutSource(key) === NAMESPACE_KEY)?.[1];
    if (other !== undefined && other !== name) {
      fail(
        `selector requires both namespace \`${other}\` and namespace \`${name}\``,
        'create one selector for each namespace and pass both',
      );
    }
    return this.withLabel(NAMESPACE_KEY, name);
  }

  /**
   * Limits the selection to namespaces with all of these labels.
   *
   * @param labels keys and values as written on the namespaces, at least one; the keys have no source
   */
  public inNamespacesLabeled(labels: { [key: string]: string }): Selector {
    Object.keys(labels ?? {}).forEach((key) => must('label key', key, parseKubernetesKey));
    const prefixed = Object.entries(labels ?? {}).map(([key, value]) => [NAMESPACE_LABELS_PREFIX + key, value]);
    return this.withLabels('map of namespace labels', Object.fromEntries(prefixed) as Record<string, string>);
  }

  /**
   * Extends the selection to all namespaces.
   *
   * Without it, a peer of a namespaced policy matches only the policy's own namespace. Endpoints without a namespace, for example health and
   * ingress endpoints, are excluded.
   */
  public inAnyNamespace(): Selector {
    return this.whereExists(NAMESPACE_KEY);
  }

  /**
   * Excludes namespaces.
   *
   * This also holds for what has no namespace: health, ingress and init endpoints, and, as a peer before Cilium 1.19, nodes and the world
   * outside. Add `inAnyNamespace()` to exclude these. As a peer, the selection is no longer limited to the policy's own namespace.
   *
   * @param names names of namespaces, at least one
   */
  public outsideNamespaces(...names: string[]): Selector {
    names.forEach((name) => must('namespace', name, parseNamespaceName));
    return this.whereNotIn(NAMESPACE_KEY, ...names);
  }

  /**
   * Limits the selection to pods that run as a service account.
   *
   * @param name the name of the service account, without its namespace
   */
  public withServiceAccount(name: string): Selector {
    return this.withLabel(SERVICE_ACCOUNT_KEY, name);
  }

  /**
   * Limits the selection to one cluster of a Cluster Mesh.
   *
   * @param name the cluster's name, as in `cluster-name`
   */
  public inCluster(name: string): Selector {
    return this.withLabel(CLUSTER_KEY, name);
  }

  /** Extends the selection to all clusters of a Cluster Mesh. Without it, peers match only in the local cluster since Cilium 1.19. */
  public inAnyCluster(): Selector {
    return this.whereExists(CLUSTER_KEY);
  }

  /**
   * Requires the label to have one of the values.
   *
   * @param key a label key
   * @param values at least one
   */
  public whereIn(key: string, ...values: string[]): Selector {
    return this.withRequirement(key, 'In', values);
  }

  /**
   * Requires the label to have none of the values, or to be absent.
   *
   * @param key a label key
   * @param values at least one
   */
  public whereNotIn(key: string, ...values: string[]): Selector {
    return this.withRequirement(key, 'NotIn', values);
  }

  /**
   * Requires the label to be present, with any value.
   *
   * @param key a label key
   */
  public whereExists(key: string): Selector {
    return this.withRequirement(key, 'Exists');
  }

  /**
   * Requires the label to be absent.
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
   * The keys that this selector requires, without the sources `k8s` and `any`.
   *
   * @internal
   */
  public _keys(): string[] {
    const keys = [...Object.keys(this.matchLabels ?? {}), ...(this.matchExpressions ?? []).map((one) => one.key)];
    return keys.map(withoutSource);
  }

  private withLabels(what: string, labels: Readonly<Record<string, string>>): Selector {
    mustHaveItems(what, Object.keys(labels ?? {}), 'give at least one label, or write Selector.all() to select everything');
    const matchLabels = { ...this.matchLabels };
    for (const [key, value] of Object.entries(labels)) {
      mustBeKey(key);
      mustBeValue(key, value);
      const other = Object.hasOwn(matchLabels, key) ? matchLabels[key] : value;
      if (other !== value) {
        fail(
          `selector requires label \`${key}\` to be both \`${other}\` and \`${value}\``,
          'write whereIn() to match one of several values',
        );
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

/** Minors accept different keys. A key is rejected only if all minors reject it, with the message for the newest. */
function mustBeKey(key: string): void {
  mustBeText('label key', key);
  if (!parseSelectorKey(key, 'prefixed').ok) {
    must('label key', key, (text) => parseSelectorKey(text, 'raw'));
  }
}

function mustBeValue(key: string, value: string): void {
  must(`value of label \`${key}\``, value, parseLabelValue);
}

/** Labels of pods and nodes have the source `k8s`, and `any` matches every source. */
function withoutSource(key: string): string {
  return /^(k8s|any):/.test(key) ? key.slice(4) : key;
}
