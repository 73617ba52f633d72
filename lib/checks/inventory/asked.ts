/** What selectors ask of pods. */
import type { LabelSelector, Requirement } from '../../model/policy';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, NAMESPACE_NAME_KEY } from '../../net/label-keys';
import type { Agent } from '../../resolve/agent';

/** What a selector asks of labels of the pods themselves, or of their namespaces, beside the names of namespace and cluster. */
export function askedOf({ requirements }: LabelSelector): readonly Requirement[] {
  return requirements.filter(({ key }) => key !== CLUSTER_KEY && !isNamespaceName(key));
}

/**
 * Whether a selector that finds no pod of the inventory is worth a word: it asks for a label of pods of this cluster that the agent keeps. What only
 * excludes may well exclude everything.
 */
export function asksForPods(selector: LabelSelector, agent: Agent): boolean {
  const { requirements } = selector;
  const isOfPods = requirements.every(({ source }) => source === 'any' || source === 'k8s');
  const isKept = requirements.every(({ key }) => agent.keepsLabel('k8s', key));
  const isPositive = askedOf(selector).some(({ operator }) => operator === 'In' || operator === 'Exists');
  return isOfPods && isOfThisCluster(selector, agent) && isKept && isPositive;
}

/** Whether a selector may mean pods of the cluster that is judged, and not only those of others in a mesh. */
export function isOfThisCluster({ requirements }: LabelSelector, { clusterName }: Agent): boolean {
  return requirements.every(
    ({ key, operator, values }) => key !== CLUSTER_KEY || (operator === 'In' && values.every((one) => one === clusterName)),
  );
}

/** Whether a label has the name of a namespace. */
export function isNamespaceName(key: string): boolean {
  return NAMESPACE_NAME_KEYS.includes(key);
}

/** The namespaces that a selector names; `undefined` if it may select pods of any. */
export function namespacesOf({ requirements }: LabelSelector): readonly string[] | undefined {
  return requirements.find(({ operator, key }) => operator === 'In' && isNamespaceName(key))?.values;
}

const NAMESPACE_NAME_KEYS = [NAMESPACE_KEY, `${NAMESPACE_LABELS_PREFIX}${NAMESPACE_NAME_KEY}`];
