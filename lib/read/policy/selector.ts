/** Label selectors of policies as Cilium scopes them. Source: cilium `pkg/k8s/apis/cilium.io/utils/utils.go`. */
import { Conditions, pinnedToCluster } from '../../model/conditions';
import type { LabelSelector, Requirement } from '../../model/policy';
import type { Scope } from '../../model/scope';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';

/** The endpoints that a policy is about: those of its own namespace, whatever it says. */
export function subjectEndpoints(value: unknown, { minor, namespace }: Scope): LabelSelector {
  const conditions = new Conditions(minor).addWritten(value);
  return (namespace === '' ? conditions : conditions.equals(`k8s:${NAMESPACE_KEY}`, namespace)).selector();
}

/** The nodes that a policy is about. */
export function subjectNodes(value: unknown, { minor }: Scope): LabelSelector {
  return new Conditions(minor).addWritten(value).selector();
}

/**
 * Peers by their labels: of the policy's namespace and cluster unless the selector names others, and of no namespace at all if it names a
 * reserved label. A clusterwide policy means pods of all namespaces, and so not nodes or the world; but one about pods that have no identity yet.
 */
export function peerEndpoints(value: unknown, subject: unknown, scope: Scope): LabelSelector {
  const conditions = new Conditions(scope.minor).addWritten(value);
  return conditions.hasPrefix('reserved:') ? conditions.selector(true) : scoped(conditions, subject, scope).selector(true);
}

/** What `fromRequires` and `toRequires` demand: scoped like peers, also where they name reserved labels. */
export function requirementsOfPeers(value: unknown, subject: unknown, scope: Scope): readonly Requirement[] {
  return scoped(new Conditions(scope.minor).addWritten(value), subject, scope).requirements();
}

function scoped(conditions: Conditions, subject: unknown, scope: Scope): Conditions {
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

/** Nodes by their labels; never the node that judges. */
export function peerNodes(value: unknown, scope: Scope): LabelSelector {
  return pinnedToCluster(new Conditions(scope.minor).addWritten(value).exists('reserved:remote-node'), scope).selector();
}
