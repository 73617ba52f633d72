/** Which peers contain which, as far as that can be told without a cluster. */
import { matchesLabel, plainName } from '../../net/dns-pattern';
import { CLUSTER_KEY, NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX, NAMESPACE_NAME_KEY } from '../../net/label-keys';
import { contains as containsPrefix, parsePrefix, Prefix } from '../../net/prefix';
import { LabelSelector, Requirement } from './manifest';
import { PeerSection } from './parts';
import { implies, isNegative, requirementsOf, withoutSource } from './requirements';

/** Whether a peer of `narrow` is certainly a peer of `wide`, as a whole. `inNamespace` is the namespace of the policy, if it has one. */
export function contains(wide: PeerSection, narrow: PeerSection, inNamespace: string | undefined): boolean {
  if (isEverybody(wide)) {
    return true;
  }
  if (isEverybody(narrow)) {
    return false;
  }
  return wide.field === 'Entities'
    ? entitiesContain(wide.items as string[], narrow)
    : wide.items.some((a) => narrow.items.some((b) => itemContains(wide.field, a, narrow.field, b, inNamespace)));
}

/** Whether both have a peer that Cilium selects in the same way: it merges what rules say about it. */
export function shareItem(a: PeerSection, b: PeerSection): boolean {
  const keys = new Set(keysOf(b));
  return keysOf(a).some((key) => keys.has(key));
}

/**
 * Whether the peers contain the whole entity. Blocks with at least half of all addresses are the world, with or without exceptions: nobody means
 * a partner by these.
 */
export function containsEntity({ field, items }: PeerSection, entity: string): boolean {
  if (isEverybody({ field, items })) {
    return true;
  }
  switch (field) {
    case 'Entities':
      return items.includes(entity) || (hasCluster(items) && (entity === 'cluster' || IN_CLUSTER.includes(entity)));
    case 'Nodes':
      return entity === 'remote-node' && items.some((item) => requirementsOf(item as LabelSelector).length === 0);
    case 'CIDR':
    case 'CIDRSet':
      return entity === 'world' && items.some((item) => (blockOf(field, item)?.prefix.length ?? Infinity) <= 1);
    case 'FQDNs':
      return entity === 'world' && items.some((item) => isEveryName((item as Name).matchPattern ?? ''));
    case 'any':
    case 'Endpoints':
    case 'Groups':
    case 'Services':
      return false;
  }
}

/** The entities that `cluster` stands for, besides the pods. Source: cilium `pkg/policy/api/entity.go`, `EntitySelectorMapping`. */
const IN_CLUSTER: readonly string[] = ['host', 'remote-node', 'init', 'ingress', 'health', 'unmanaged', 'kube-apiserver'];

function isEverybody({ field, items }: PeerSection): boolean {
  return field === 'any' || (field === 'Entities' && (items.includes('all') || (hasCluster(items) && items.includes('world'))));
}

function hasCluster(entities: readonly unknown[]): boolean {
  return entities.includes('cluster') || entities.includes('cluster-mesh');
}

function entitiesContain(entities: readonly string[], { field, items }: PeerSection): boolean {
  switch (field) {
    case 'any':
      return false;
    case 'Entities':
      return items.some(
        (item) => (item !== 'none' && entities.includes(item as string)) || (hasCluster(entities) && IN_CLUSTER.includes(item as string)),
      );
    case 'Endpoints':
      return hasCluster(entities) && (items as LabelSelector[]).some(isLocal);
    case 'Services':
      return hasCluster(entities);
    case 'Nodes':
      return hasCluster(entities) || entities.includes('remote-node');
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

/** Whether one item of a peer contains one item of another. */
function itemContains(
  field: PeerSection['field'],
  wide: unknown,
  other: PeerSection['field'],
  narrow: unknown,
  inNamespace?: string,
): boolean {
  if (field === 'Endpoints' && other === 'Endpoints') {
    return implies(scoped(narrow as LabelSelector, inNamespace), scoped(wide as LabelSelector, inNamespace));
  }
  if (field === 'Nodes' && other === 'Nodes') {
    return implies(requirementsOf(narrow as LabelSelector), requirementsOf(wide as LabelSelector));
  }
  if (field === 'Nodes' && other === 'Entities') {
    return containsEntity({ field, items: [wide] }, narrow as string);
  }
  if (field === 'FQDNs' && other === 'FQDNs') {
    return nameContains(wide as Name, narrow as Name);
  }
  const block = blockOf(field, wide);
  if (block !== undefined) {
    const inner = blockOf(other, narrow);
    return inner === undefined
      ? block.holes.length === 0 && block.prefix.length === 0 && isOutside(other, narrow)
      : blockContains(block, inner);
  }
  return field === other && keyOf(field, wide) === keyOf(other, narrow);
}

/** Whether all addresses of a peer are outside the cluster. */
function isOutside(field: PeerSection['field'], item: unknown): boolean {
  return field === 'FQDNs' || field === 'Groups' || (field === 'CIDRSet' && blockOf(field, item) === undefined) || item === 'world';
}

/** A CIDR with exceptions. */
interface Block {
  readonly prefix: Prefix;
  readonly holes: readonly Prefix[];
}

function blockOf(field: PeerSection['field'], item: unknown): Block | undefined {
  const { cidr, except = [] } =
    field === 'CIDR' ? { cidr: item as string } : field === 'CIDRSet' ? (item as { cidr?: string; except?: string[] }) : {};
  const prefix = cidr === undefined ? undefined : parsePrefix(cidr);
  return prefix?.ok === true ? { prefix: prefix.value, holes: except.flatMap((hole) => prefixOf(hole) ?? []) } : undefined;
}

function prefixOf(text: string): Prefix | undefined {
  const parsed = parsePrefix(text);
  return parsed.ok ? parsed.value : undefined;
}

/** An exception of `wide` matters only if it takes something away from `narrow` that `narrow` has. */
function blockContains(wide: Block, narrow: Block): boolean {
  const takesAway = (hole: Prefix) =>
    containsPrefix(hole, narrow.prefix) || (containsPrefix(narrow.prefix, hole) && !narrow.holes.some((own) => containsPrefix(own, hole)));
  return containsPrefix(wide.prefix, narrow.prefix) && !wide.holes.some(takesAway);
}

interface Name {
  readonly matchName?: string;
  readonly matchPattern?: string;
}

/** `*.example.com` contains `api.example.com`, and `x*.example.com` too. */
function nameContains({ matchName, matchPattern }: Name, narrow: Name): boolean {
  if (matchPattern !== undefined && isEveryName(matchPattern)) {
    return true;
  }
  const inner = plainName(narrow.matchName ?? narrow.matchPattern ?? '');
  return matchPattern === undefined
    ? plainName(matchName ?? '') === inner
    : labelsContain(plainName(matchPattern).split('.'), inner.split('.'));
}

/** Whether a pattern has nothing but stars: it matches every name with as many labels, or every name. */
function isEveryName(pattern: string): boolean {
  return /^[*.]+$/.test(pattern);
}

/** Label by label; `**` at the beginning counts as one label in `wide`, as in every minor, and as more in `narrow`. */
function labelsContain(wide: readonly string[], narrow: readonly string[]): boolean {
  return wide.length === narrow.length && wide.every((label, index) => labelContains(label, narrow[index]));
}

function labelContains(wide: string, narrow: string): boolean {
  if (narrow === '**') {
    return wide === '**';
  }
  return narrow.includes('*') ? wide === narrow || isEveryName(wide) : matchesLabel(wide, narrow);
}

/** What Cilium adds to a peer's selector, and what every pod has. */
function scoped(selector: LabelSelector, inNamespace: string | undefined): readonly Requirement[] {
  const written = requirementsOf(selector).flatMap(withNamespaceName);
  const inCluster: Requirement = { key: CLUSTER_KEY, operator: 'Exists' };
  const anywhere: Requirement = { key: NAMESPACE_KEY, operator: 'Exists' };
  const namesNamespace = written.some(({ key }) => withoutSource(key) === NAMESPACE_KEY);
  const namesLabels = written.filter(({ key }) => withoutSource(key).startsWith(NAMESPACE_LABELS_PREFIX));
  if (namesNamespace || namesLabels.length > 0) {
    return [...written, inCluster, ...(namesLabels.every(isNegative) ? [] : [anywhere])];
  }
  const own: Requirement = { key: NAMESPACE_KEY, operator: 'In', values: [inNamespace ?? ''] };
  return [...written, inCluster, ...(inNamespace === undefined ? [anywhere] : withNamespaceName(own))];
}

/** Every namespace has a label with its name, so the one says the other. */
function withNamespaceName(one: Requirement): Requirement[] {
  const key = withoutSource(one.key);
  const twin = key === NAMESPACE_KEY ? NAMESPACE_NAME_LABEL : key === NAMESPACE_NAME_LABEL ? NAMESPACE_KEY : undefined;
  return twin === undefined || one.operator !== 'In' ? [one] : [one, { ...one, key: twin }];
}

const NAMESPACE_NAME_LABEL = NAMESPACE_LABELS_PREFIX + NAMESPACE_NAME_KEY;

/** Keys of what a peer selects, in one spelling each. An entity can stand for several. */
function keysOf(section: PeerSection): string[] {
  const { field, items } = section;
  if (isEverybody(section)) {
    return ['everybody'];
  }
  const all = field === 'Entities' && hasCluster(items) ? [...items, ...IN_CLUSTER] : items;
  return all.map((item) => keyOf(field, item));
}

function keyOf(field: PeerSection['field'], item: unknown): string {
  if (field === 'Endpoints' || field === 'Nodes') {
    const requirements = requirementsOf(item as LabelSelector).map(({ key, operator, values = [] }) =>
      JSON.stringify([key.replace(/^any:/, ''), operator, [...values].sort()]),
    );
    return `${field} ${requirements.sort().join(' ')}`;
  }
  const block = field === 'CIDR' ? blockOf(field, item) : undefined;
  return block === undefined
    ? `${field} ${JSON.stringify(item)}`
    : `CIDR ${block.prefix.version} ${block.prefix.first}/${block.prefix.length}`;
}
