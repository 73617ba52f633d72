import { parseKubernetesKey, parseLabelValue, parseNamespaceName, parseSelectorKey } from '../net/label';
import {
  CLUSTER_KEY,
  NAMESPACE_KEY,
  NAMESPACE_LABELS_PREFIX,
  NAMESPACE_NAME_KEY,
  SERVICE_ACCOUNT_KEY,
  isOfNamespace,
} from '../net/label-keys';
import { fail, must, mustBeText, mustHaveItems } from '../props/errors';
import { mapping } from '../props/shape';
import { LabelSelector, Requirement } from './private/manifest';
import { contradiction, isNegative, requirementsOf, withoutSource } from './private/requirements';

/** What a selector requires. */
interface State {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
  /** The keys that Cilium drops from identities by default, but an agent is set to keep. */
  readonly kept?: readonly string[];
  readonly withoutGateway?: boolean;
  /** The keys of Cilium's own by which namespaces are excluded, instead of by a word. */
  readonly raw?: readonly string[];
}

/**
 * Selects endpoints or nodes by their labels.
 *
 * All requirements of one selector must hold; requirements that exclude each other throw. A requirement that excludes (`whereNotIn`,
 * `whereAbsent`, `outsideNamespaces`) also holds if the label is absent. Selectors are immutable: every method returns a new selector.
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

  private readonly matchLabels?: Readonly<Record<string, string>>;
  private readonly matchExpressions?: readonly Requirement[];

  private constructor(private readonly state: State = {}) {
    const { matchLabels, matchExpressions } = state;
    this.matchLabels = matchLabels;
    this.matchExpressions = matchExpressions;
    const key = contradiction(matchLabels, matchExpressions);
    if (key !== undefined) {
      fail(`requirements on label \`${key}\` exclude each other`, 'the selector would match nothing: remove one of them');
    }
  }

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
    const prefixed = Object.entries(mustBeLabels('map of namespace labels', labels)).map(([key, value]) => [namespaceLabel(key), value]);
    return this.withLabels('map of namespace labels', Object.fromEntries(prefixed) as Record<string, string>);
  }

  /**
   * Limits the selection to namespaces with a label, whatever its value.
   *
   * @param key the key of the label, as written on the namespaces
   */
  public inNamespacesWithLabel(key: string): Selector {
    return this.withRequirement(namespaceLabel(key), 'Exists');
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
   * Excludes namespaces, by name.
   *
   * As a subject, the selection still includes endpoints without a namespace (health, ingress and init endpoints), unless `inAnyNamespace()` is
   * added. As a peer, it includes only pods, in all other namespaces: it is no longer limited to the policy's own namespace.
   *
   * @param names names of namespaces, at least one
   */
  public outsideNamespaces(...names: string[]): Selector {
    names.forEach((name) => must('namespace', name, parseNamespaceName));
    return this.withRequirement(NAMESPACE_KEY, 'NotIn', names);
  }

  /**
   * Excludes namespaces with a label, by its value. Namespaces without the label are included.
   *
   * As a subject, the selection still includes endpoints without a namespace (health, ingress and init endpoints), unless `inAnyNamespace()` is
   * added. As a peer, it includes only pods, in all other namespaces: it is no longer limited to the policy's own namespace.
   *
   * @param labels one key and its value; to exclude several labels, call the method for each
   */
  public outsideNamespacesLabeled(labels: { [key: string]: string }): Selector {
    const entries = Object.entries(mustBeLabels('map of namespace labels', labels));
    mustHaveItems('map of namespace labels', entries, 'give one label');
    if (entries.length > 1) {
      fail(
        `${entries.length} namespace labels are given, and excluding both is not the same as excluding either`,
        'give one label; call outsideNamespacesLabeled() for each label to exclude namespaces that have any of them',
      );
    }
    const [[key, value]] = entries;
    return this.withRequirement(namespaceLabel(key), 'NotIn', [value]);
  }

  /**
   * Excludes namespaces with a label, whatever its value.
   *
   * As a subject, the selection still includes endpoints without a namespace (health, ingress and init endpoints), unless `inAnyNamespace()` is
   * added. As a peer, it includes only pods, in all other namespaces: it is no longer limited to the policy's own namespace.
   *
   * @param key the key of the label, as written on the namespaces
   */
  public outsideNamespacesWithLabel(key: string): Selector {
    return this.withRequirement(namespaceLabel(key), 'DoesNotExist');
  }

  /**
   * Excludes the endpoints of Cilium's Ingress and Gateway, which a clusterwide policy would select otherwise. As a peer, a selector never
   * matches them: write `Peer.ingress()` for these.
   */
  public exceptGateway(): Selector {
    return new Selector({ ...this.state, withoutGateway: true });
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
   * Requires a label that Cilium drops from identities by default, and that your agents are set to keep (`labels` in `cilium-config`). Without
   * that setting, the selector matches nothing.
   *
   * @param key a label key, for example `statefulset.kubernetes.io/pod-name`
   * @param value its value
   */
  public withKeptLabel(key: string, value: string): Selector {
    const { state } = this.withLabel(key, value);
    return new Selector({ ...state, kept: [...(state.kept ?? []), withoutSource(key)] });
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
    return this.withRequirement(key, 'NotIn', values).withRaw(key);
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
    return this.withRequirement(key, 'DoesNotExist').withRaw(key);
  }

  /**
   * As a subject.
   *
   * @internal
   */
  public _render(): LabelSelector {
    const gateway: Requirement = { key: 'reserved:ingress', operator: 'DoesNotExist' };
    const matchExpressions = this.state.withoutGateway === true ? [...(this.matchExpressions ?? []), gateway] : this.matchExpressions;
    return { matchLabels: this.matchLabels, matchExpressions };
  }

  /**
   * As a peer. A selector that only excludes namespaces would match nodes and the world before 1.19, because these have no namespace.
   *
   * @internal
   */
  public _renderAsPeer(): LabelSelector {
    const { matchLabels, matchExpressions } = this;
    return this.onlyExcludesNamespaces() ? this.inAnyNamespace()._renderAsPeer() : { matchLabels, matchExpressions };
  }

  /**
   * As the subject of a ClusterNetworkPolicy, which never selects what has no namespace.
   *
   * @internal
   */
  public _renderAsPods(): LabelSelector {
    const { matchLabels, matchExpressions } = this;
    return { matchLabels, matchExpressions };
  }

  /**
   * Throws if a raw key of Cilium's excludes namespaces and nothing says that there must be one. As a word, the exclusion says it.
   *
   * @internal
   */
  public _mustExcludeInWords(): void {
    const [raw] = this.state.raw ?? [];
    if (raw !== undefined && this.onlyExcludesNamespaces()) {
      const word =
        withoutSource(raw) === NAMESPACE_KEY ? 'outsideNamespaces()' : 'outsideNamespacesLabeled() or outsideNamespacesWithLabel()';
      fail(
        `label key \`${raw}\` excludes namespaces, and would let in what has none`,
        `write ${word}, which is right as a peer in every minor`,
      );
    }
  }

  private onlyExcludesNamespaces(): boolean {
    const { matchLabels, matchExpressions } = this;
    const about = requirementsOf({ matchLabels, matchExpressions }).filter(({ key }) => isOfNamespace(withoutSource(key)));
    return about.length > 0 && about.every(isNegative);
  }

  private withRaw(key: string): Selector {
    return isOfNamespace(withoutSource(key)) ? new Selector({ ...this.state, raw: [...(this.state.raw ?? []), key] }) : this;
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

  /**
   * The namespaces that this selector names, one by one or by the label that each has with its own name.
   *
   * @internal
   */
  public _namespaces(): string[] {
    return requirementsOf({ matchLabels: this.matchLabels, matchExpressions: this.matchExpressions }).flatMap(
      ({ key, operator, values = [] }) => (operator === 'In' && NAMESPACE_NAMES.includes(withoutSource(key)) ? values : []),
    );
  }

  /**
   * The same for selectors with the same requirements, in whatever order these were written.
   *
   * @internal
   */
  public _key(): string {
    const requirements = requirementsOf({ matchLabels: this.matchLabels, matchExpressions: this.matchExpressions });
    return requirements
      .map((one) => JSON.stringify(one))
      .sort()
      .join(' ');
  }

  /**
   * Whether the user says that the agents keep this label.
   *
   * @internal
   */
  public _keeps(key: string): boolean {
    return this.state.kept?.includes(key) === true;
  }

  private withLabels(what: string, labels: Readonly<Record<string, string>>): Selector {
    const entries = Object.entries(mustBeLabels(what, labels));
    mustHaveItems(what, entries, 'give at least one label, or write Selector.all() to select everything');
    const matchLabels = { ...this.matchLabels };
    for (const [key, value] of entries) {
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
    return new Selector({ ...this.state, matchLabels });
  }

  private withLabel(key: string, value: string): Selector {
    mustBeText('label key', key);
    return this.withLabels('map of labels', { [key]: value });
  }

  private withRequirement(key: string, operator: Requirement['operator'], values?: string[]): Selector {
    mustBeKey(key);
    if (values !== undefined) {
      mustHaveItems(`list of values for label \`${key}\``, values, 'give at least one value');
      values.forEach((value) => mustBeValue(key, value));
    }
    const matchExpressions = [...(this.matchExpressions ?? []), { key, operator, values }];
    return new Selector({ ...this.state, matchExpressions });
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

/** Absent labels are as wrong as none. */
function mustBeLabels(what: string, labels: { [key: string]: string } | undefined): { [key: string]: string } {
  if (labels !== undefined) {
    mapping(labels, what);
  }
  return labels ?? {};
}

function namespaceLabel(key: string): string {
  must('label key', key, parseKubernetesKey);
  return NAMESPACE_LABELS_PREFIX + key;
}

const NAMESPACE_NAMES = [NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX + NAMESPACE_NAME_KEY];
