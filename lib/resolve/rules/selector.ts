/** Scopes the label selectors of policies as Cilium does. Source: cilium `pkg/k8s/apis/cilium.io/utils/utils.go`. */
import { Conditions, pinnedToCluster } from '../../model/conditions';
import type { LabelSelector, Requirement } from '../../model/policy';
import type { Scope } from '../../model/scope';
import type { SelectorPart } from '../../model/written';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';

/** The endpoints that a policy selects: only endpoints of its own namespace, even if its selector names another. */
export function subjectEndpoints(part: SelectorPart | undefined, { minor, namespace }: Scope): LabelSelector {
  const conditions = new Conditions(minor).addWritten(part);
  return (namespace === '' ? conditions : conditions.equals(`k8s:${NAMESPACE_KEY}`, namespace)).selector(part?.at);
}

/** The nodes that a policy selects. */
export function subjectNodes(part: SelectorPart, { minor }: Scope): LabelSelector {
  return new Conditions(minor).addWritten(part).selector(part.at);
}

/**
 * Selects peers by their labels.
 *
 * Unless the selector names a namespace or a cluster, it is limited to the namespace and the cluster of the policy. A selector with a reserved
 * label has no such limit. In a clusterwide policy, a selector matches pods of all namespaces, but not nodes or the world, unless the policy
 * itself selects `reserved:init`, which are pods without an identity yet.
 */
export function peerEndpoints(part: SelectorPart, subject: SelectorPart | undefined, scope: Scope): LabelSelector {
  const conditions = new Conditions(scope.minor).addWritten(part);
  return (conditions.hasPrefix('reserved:') ? conditions : scoped(conditions, subject, scope)).selector(part.at, true);
}

/** The requirements of `fromRequires` and `toRequires`. They are scoped like peers, even if they name reserved labels. */
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

/** Selects nodes by their labels, but never the node of the agent itself. */
export function peerNodes(part: SelectorPart, scope: Scope): LabelSelector {
  const conditions = new Conditions(scope.minor).addWritten(part).exists('reserved:remote-node');
  return pinnedToCluster(conditions, scope).selector(part.at);
}
