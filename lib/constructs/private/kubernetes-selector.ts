/** A selector of Cilium's labels, as the two selectors that Kubernetes has for it: of namespaces, and of pods in them. */
import { IConstruct } from 'constructs';
import { parseKubernetesKey } from '../../net/label';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, NAMESPACE_NAME_KEY, isOfNamespace } from '../../net/label-keys';
import { fail, must } from '../../props/errors';
import { LabelSelector, Requirement } from './manifest';
import { contradiction, isNegative, requirementsOf, withoutSource } from './requirements';

/** The subject of a ClusterNetworkPolicy, or one of its peers. */
export type PodsManifest =
  | { readonly namespaces: LabelSelector }
  | { readonly pods: { readonly namespaceSelector: LabelSelector; readonly podSelector: LabelSelector } };

/** Renders a selector of pods. Throws, with what it is a selector of, if Kubernetes' selectors cannot say it. */
export function renderPods(selector: LabelSelector, what: string, at: IConstruct): PodsManifest {
  const all = requirementsOf(selector).map((one) => ({ ...one, key: withoutSource(one.key) }));
  const ofNamespaces = all.filter(({ key }) => isOfNamespace(key));
  const ofPods = all.filter(({ key }) => !isOfNamespace(key));
  const namespaceSelector = render(onlyWithNamespace(ofNamespaces.flatMap((one) => namespaceRequirement(one, what, at))), what, at);
  return ofPods.length === 0 ? { namespaces: namespaceSelector } : { pods: { namespaceSelector, podSelector: render(ofPods, what, at) } };
}

/** Renders a selector of labels that an object has itself. */
export function renderLabels(selector: LabelSelector, what: string, at: IConstruct): LabelSelector {
  return render(
    requirementsOf(selector).map((one) => ({ ...one, key: withoutSource(one.key) })),
    what,
    at,
  );
}

/** Every namespace has a label with its name, and every pod has a namespace. */
function namespaceRequirement(one: Requirement, what: string, at: IConstruct): Requirement[] {
  if (one.key !== NAMESPACE_KEY) {
    return [{ ...one, key: one.key.slice(NAMESPACE_LABELS_PREFIX.length) }];
  }
  if (one.operator === 'DoesNotExist') {
    fail(`${what} excludes every namespace`, 'a ClusterNetworkPolicy selects only pods, which have one: leave it out', at);
  }
  return one.operator === 'Exists' ? [] : [{ ...one, key: NAMESPACE_NAME_KEY }];
}

/**
 * Cilium takes a selector of namespaces that only excludes for one of everything else, the world and nodes included.
 *
 * Source: cilium `pkg/k8s/cluster_network_policy.go`, where only an empty selector requires a namespace.
 */
function onlyWithNamespace(requirements: readonly Requirement[]): readonly Requirement[] {
  return requirements.length > 0 && requirements.every(isNegative)
    ? [{ key: NAMESPACE_NAME_KEY, operator: 'Exists' }, ...requirements]
    : requirements;
}

function render(requirements: readonly Requirement[], what: string, at: IConstruct): LabelSelector {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: Requirement[] = [];
  for (const { key, operator, values } of requirements) {
    mustBeKubernetesKey(key, what, at);
    const [value, ...more] = values ?? [];
    if (operator === 'In' && more.length === 0 && !Object.hasOwn(matchLabels, key)) {
      matchLabels[key] = value;
    } else {
      matchExpressions.push(values === undefined ? { key, operator } : { key, operator, values: [...values] });
    }
  }
  const key = contradiction(matchLabels, matchExpressions);
  if (key !== undefined) {
    fail(`requirements of ${what} on label \`${key}\` exclude each other`, 'the selector would match nothing: remove one of them', at);
  }
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
}

function mustBeKubernetesKey(key: string, what: string, at: IConstruct): void {
  if (key.includes(':')) {
    fail(
      `${what} requires label \`${key}\`, but a ClusterNetworkPolicy selects only by labels of Kubernetes`,
      'select by labels as they are written on pods, namespaces and nodes, without a source',
      at,
    );
  }
  must('label key', key, parseKubernetesKey, at);
}
