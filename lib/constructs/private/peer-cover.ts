/** Which peers contain which, as far as that can be told without a cluster. */
import { CLUSTER_KEY, NAMESPACE_KEY } from '../../net/label-keys';
import { contains, parsePrefix } from '../../net/prefix';
import { LabelSelector, Requirement } from './manifest';
import { PeerSection } from './parts';
import { implies, withoutSource } from './requirements';

/** Whether a peer of `narrow` is certainly a peer of `wide` too. `inNamespace` is the namespace of the policy, if it has one. */
export function meet(wide: PeerSection, narrow: PeerSection, inNamespace: string | undefined): boolean {
  return (
    wide.field === 'any' ||
    wide.items.some((item) => item === 'all') ||
    (wide.field === 'Entities' && entitiesMeet(wide.items as string[], narrow)) ||
    (wide.field === narrow.field && wide.items.some((a) => narrow.items.some((b) => itemsMeet(wide.field, a, b, inNamespace)))) ||
    (wide.field === 'CIDR' &&
      narrow.field === 'CIDRSet' &&
      wide.items.some((a) => narrow.items.some((b) => isInside(a as string, cidrOf(b)))))
  );
}

/** Whether both have a peer that is written in the same way: Cilium merges what rules say about it. */
export function shareItem(a: PeerSection, b: PeerSection): boolean {
  if (a.field === 'any' && b.field === 'any') {
    return true;
  }
  const keys = new Set(itemsOf(b).map((item) => JSON.stringify(item)));
  return a.field === b.field && itemsOf(a).some((item) => keys.has(JSON.stringify(item)));
}

/** An entity can stand for several. Source: cilium `pkg/policy/api/entity.go`, `EntitySelectorMapping`. */
function itemsOf({ field, items }: PeerSection): readonly unknown[] {
  return field === 'Entities'
    ? items.flatMap((item) => (item === 'cluster' || item === 'cluster-mesh' ? [item, ...IN_CLUSTER] : [item]))
    : items;
}

const IN_CLUSTER = ['host', 'remote-node', 'init', 'ingress', 'health', 'unmanaged', 'kube-apiserver'];

function entitiesMeet(entities: readonly string[], { field, items }: PeerSection): boolean {
  const hasCluster = entities.some((entity) => entity === 'cluster' || entity === 'cluster-mesh');
  switch (field) {
    case 'any':
      return false;
    case 'Entities':
      return items.some((item) => entities.includes(item as string) || (hasCluster && IN_CLUSTER.includes(item as string)));
    case 'Endpoints':
      return hasCluster && (items as LabelSelector[]).some(isLocal);
    case 'Services':
      return hasCluster;
    case 'Nodes':
      return hasCluster || entities.includes('remote-node');
    case 'CIDR':
    case 'CIDRSet':
    case 'FQDNs':
    case 'Groups':
      return entities.includes('world');
  }
}

function isLocal(selector: LabelSelector): boolean {
  return !requirementsOf(selector).some(({ key }) => withoutSource(key) === CLUSTER_KEY);
}

function itemsMeet(field: PeerSection['field'], wide: unknown, narrow: unknown, inNamespace: string | undefined): boolean {
  switch (field) {
    case 'Endpoints':
      return implies(scoped(narrow as LabelSelector, inNamespace), scoped(wide as LabelSelector, inNamespace));
    case 'Nodes':
      return implies(requirementsOf(narrow as LabelSelector), requirementsOf(wide as LabelSelector));
    case 'CIDR':
      return isInside(wide as string, narrow as string);
    case 'FQDNs':
      return JSON.stringify(wide) === JSON.stringify(narrow) || (wide as { matchPattern?: string }).matchPattern === '*';
    case 'any':
    case 'Entities':
    case 'CIDRSet':
    case 'Groups':
    case 'Services':
      return JSON.stringify(wide) === JSON.stringify(narrow);
  }
}

function requirementsOf({ matchLabels = {}, matchExpressions = [] }: LabelSelector): readonly Requirement[] {
  return [
    ...Object.entries(matchLabels).map(([key, value]): Requirement => ({ key, operator: 'In', values: [value] })),
    ...matchExpressions,
  ];
}

/** What Cilium adds to a peer's selector. */
function scoped(selector: LabelSelector, inNamespace: string | undefined): readonly Requirement[] {
  const written = requirementsOf(selector);
  if (written.some(({ key }) => withoutSource(key) === NAMESPACE_KEY || key.includes('io.cilium.k8s.namespace.labels.'))) {
    return written;
  }
  const own: Requirement =
    inNamespace === undefined ? { key: NAMESPACE_KEY, operator: 'Exists' } : { key: NAMESPACE_KEY, operator: 'In', values: [inNamespace] };
  return [...written, own];
}

function cidrOf(item: unknown): string {
  return (item as { cidr?: string }).cidr ?? '';
}

function isInside(outer: string, inner: string): boolean {
  const [a, b] = [parsePrefix(outer), parsePrefix(inner)];
  return a.ok && b.ok && contains(a.value, b.value);
}
