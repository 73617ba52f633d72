/** Label selectors of policies as Cilium scopes them. Source: cilium `pkg/k8s/apis/cilium.io/utils/utils.go`. */
import { Conditions, pinnedToCluster } from '../../model/conditions';
import type { LabelSelector, Requirement } from '../../model/policy';
import type { Scope } from '../../model/scope';
import type { SelectorPart } from '../../model/written';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';

/** The endpoints that a policy selects: those of its own namespace, whatever it says. */
export function subjectEndpoints(part: SelectorPart | undefined, { minor, namespace }: Scope): LabelSelector {
  const conditions = new Conditions(minor).addWritten(part);
  return (namespace === '' ? conditions : conditions.equals(`k8s:${NAMESPACE_KEY}`, namespace)).selector(part?.at);
}

/** The nodes that a policy selects. */
export function subjectNodes(part: SelectorPart, { minor }: Scope): LabelSelector {
  return new Conditions(minor).addWritten(part).selector(part.at);
}

/**
 * Peers by their labels.
 *
 * They are those of the policy's namespace and cluster, unless the selector names others; of no namespace at all if it names a reserved label. In a
 * clusterwide policy they are the pods of all namespaces, and so not nodes or the world, unless the policy selects pods that have no identity yet.
 */
export function peerEndpoints(part: SelectorPart, subject: SelectorPart | undefined, scope: Scope): LabelSelector {
  const conditions = new Conditions(scope.minor).addWritten(part);
  return (conditions.hasPrefix('reserved:') ? conditions : scoped(conditions, subject, scope)).selector(part.at, true);
}

/** What `fromRequires` and `toRequires` demand: scoped like peers, even if they name reserved labels. */
export function requirementsOfPeers(part: SelectorPart, subject: SelectorPart | undefined, scope: Scope): readonly Requirement[] {
  return scoped(new Conditions(scope.minor).addWritten(part), subject, scope).requirements();
}

function scoped(conditions: Conditions, subject: SelectorPart | undefined, scope: Scope): Conditions {
  const namesNamespace = conditions.has(`k8s:${NAMESPACE_KEY}`) || conditions.has(`any:${NAMESPACE_KEY}`);
  const namesLabels = conditions.hasPrefix(`k8s:${NAMESPACE_LABELS_PREFIX}`) || conditions.hasPrefix(`any:${NAMESPACE_LABELS_PREFIX}`);
  if (!namesNamespace && scope.namespace === '' && !new Conditions(scope.minor).addWritten(subject).has('reserved:init')) {
    conditions.exists(`k8s:${NAMESPACE_KEY}`);
  }
  if (!namesNamespace && scope.namespace !== '' && !namesLabels) {
    conditions.equals(`k8s:${NAMESPACE_KEY}`, scope.namespace);
  }
  return pinnedToCluster(conditions, scope);
}

/** Nodes by their labels; never the node whose agent judges. */
export function peerNodes(part: SelectorPart, scope: Scope): LabelSelector {
  const conditions = new Conditions(scope.minor).addWritten(part).exists('reserved:remote-node');
  return pinnedToCluster(conditions, scope).selector(part.at);
}
