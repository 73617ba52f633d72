/**
 * The pods that could exist: one for each combination of selectors that the labels of a pod and its namespace can fulfil.
 *
 * A namespace that is listed has its labels, and any other one may have any. Values that no selector names are all alike.
 */
import type { WrittenEnd } from '../../model/flow';
import type { LabelSelector, Requirement } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { conditionsOf, freshName, LabelAtoms, labelAtoms, LabelConditions } from '../../net/label-atoms';
import {
  CLUSTER_KEY,
  NAMESPACE_KEY,
  NAMESPACE_LABELS_PREFIX,
  NAMESPACE_NAME_KEY,
  RESERVED_KEY_PREFIX,
  SERVICE_ACCOUNT_KEY,
} from '../../net/label-keys';
import { ANY_VALUE, fulfilling, hasValue, intersection, ValueSet } from '../../net/value-set';
import type { Agent } from '../../resolve/agent';
import type { World } from './world';

export interface PossiblePods {
  readonly written: Extract<WrittenEnd, { is: 'labels' }>;
  /** The selectors that they fulfil, by number. */
  readonly fulfilled: readonly number[];
  /** The namespaces that they may be in; `undefined` for every one that is not named anywhere. */
  readonly namespaces: readonly string[] | undefined;
}

/** A selector of one world. */
export interface NumberedSelector {
  readonly number: number;
  readonly world: World;
  readonly selector: LabelSelector;
  /** Of selectors with the same one, it counts only whether one of them is fulfilled. @default - it counts by itself */
  readonly group?: number;
}

/** What a selector says of pods. */
interface PodSelector {
  readonly number: number;
  readonly group?: number;
  readonly world: World;
  readonly namespace: ValueSet;
  readonly namespaceLabels: LabelConditions;
  readonly pod: LabelConditions;
}

/** The kinds of pods that could exist. */
export interface FoundPods {
  readonly kinds: readonly PossiblePods[];
  /** Where there are more combinations of labels than are told apart: only some are there. */
  readonly partial: readonly PartialNamespace[];
}

export interface PartialNamespace {
  /** `undefined` for a namespace that nobody names. */
  readonly namespace: string | undefined;
  readonly keys: readonly string[];
}

/** The pods that could exist, in another cluster of a mesh if one is given: at most so many kinds in a namespace. */
export function possiblePods(worlds: readonly World[], all: readonly NumberedSelector[], most: number, cluster?: string): FoundPods {
  const selectors = all.flatMap((one) => podSelector(one, cluster) ?? []);
  // What is listed is in the local cluster.
  const listed = cluster === undefined ? worlds : [];
  const named = namespacesIn(listed, selectors);
  const fresh = freshName('other', new Set(named));
  const kinds = new Kinds(most);
  // Most selectors are about one namespace.
  const everywhere = selectors.filter(({ namespace: { isExcept } }) => isExcept);
  const byNamespace = new Map<string, PodSelector[]>();
  for (const one of selectors.filter(({ namespace: { isExcept } }) => !isExcept)) {
    one.namespace.values.forEach((name) => {
      const own = byNamespace.get(name) ?? [];
      byNamespace.set(name, own);
      own.push(one);
    });
  }
  for (const namespace of [...named, fresh]) {
    const inside = [...(byNamespace.get(namespace) ?? []), ...everywhere.filter((one) => hasValue(one.namespace, namespace))];
    const { variants, partial } = namespaceVariants(namespace, listed, inside, most);
    kinds.add(variants, { namespace, isFresh: namespace === fresh, cluster }, partial);
  }
  return { kinds: kinds.all, partial: kinds.partial };
}

/** A namespace of a cluster. */
interface Home {
  readonly namespace: string;
  /** Whether it stands for every namespace that nobody names. */
  readonly isFresh: boolean;
  readonly cluster: string | undefined;
}

/** Selectors that say the same of pods. */
type SameConditions = readonly [string, readonly PodSelector[]];

/** The kinds of pods that could exist, as far as they are found. */
class Kinds {
  private readonly found = new Map<string, PossiblePods>();
  private readonly known = new Map<string, LabelAtoms>();
  public readonly partial: PartialNamespace[] = [];

  public constructor(private readonly most: number) {}

  public get all(): readonly PossiblePods[] {
    return [...this.found.values()];
  }

  /** Adds the pods of a namespace, of whose labels only some combinations may be known. */
  public add(variants: readonly NamespaceVariant[], home: Home, partial: readonly string[] | undefined): void {
    const found = variants.map(({ labels, open }) => {
      const groups = [...groupedBy(open, ({ pod, group = '' }) => `${group} ${keyOf(pod)}`)];
      const together = [...new Set(open.flatMap(({ group }) => group ?? []))];
      return { labels, groups, together, atoms: this.atomsOf(groups, together, home) };
    });
    for (const { labels, groups, together, atoms } of found) {
      atoms.atoms.forEach((atom) => {
        const fulfilled = atom.fulfilled
          .flatMap((i) => (i < groups.length ? groups[i][1].map(({ number }) => number) : together[i - groups.length]))
          .sort((a, b) => a - b);
        this.addKind(fulfilled, writtenPod(home, labels, atom.labels), home);
      });
    }
    const keys = partial ?? found.find(({ atoms }) => !atoms.isWhole)?.atoms.keys;
    if (keys !== undefined) {
      this.partial.push({ namespace: home.isFresh ? undefined : home.namespace, keys });
    }
  }

  /** The combinations of what selectors say of the pods themselves. Selectors that say the same are asked once. */
  private atomsOf(groups: readonly SameConditions[], together: readonly number[], { isFresh }: Home): LabelAtoms {
    // Of too many, what holds in every namespace is shown in one that nobody names.
    const chosen = [...groups.keys()].filter((i) => isFresh || groups[i][1].some(({ namespace }) => !namespace.isExcept));
    const id = JSON.stringify([groups.map(([key]) => key), chosen]);
    const conditions = groups.map(([, [{ pod }]]) => pod);
    const members = together.map((group) => [...groups.keys()].filter((i) => groups[i][1][0].group === group));
    const atoms = this.known.get(id) ?? labelAtoms(conditions, this.most, { chosen, together: members });
    this.known.set(id, atoms);
    return atoms;
  }

  private addKind(fulfilled: readonly number[], written: PossiblePods['written'], { namespace, isFresh }: Home): void {
    const key = fulfilled.join();
    const { namespaces = [], ...same } = this.found.get(key) ?? { written, fulfilled, namespaces: [] };
    const isNew = namespaces.at(-1) !== namespace;
    this.found.set(
      key,
      isFresh ? { written, fulfilled, namespaces: undefined } : { ...same, namespaces: isNew ? [...namespaces, namespace] : namespaces },
    );
  }
}

function writtenPod(
  { namespace, cluster }: Home,
  namespaceLabels: Readonly<Record<string, string>> | undefined,
  { [SERVICE_ACCOUNT_KEY]: serviceAccount = '', ...labels }: Readonly<Record<string, string>>,
): PossiblePods['written'] {
  return {
    ...{ is: 'labels', labels, namespace, serviceAccount, ports: [] },
    ...(namespaceLabels !== undefined && { namespaceLabels }),
    ...(cluster !== undefined && { cluster }),
  };
}

interface NamespaceVariant {
  /** `undefined` for those of the inventory. */
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** The selectors that a pod in it may fulfil. */
  readonly open: readonly PodSelector[];
}

/** What the labels of a namespace may be, and the keys if only some combinations are known. */
function namespaceVariants(
  name: string,
  worlds: readonly World[],
  inside: readonly PodSelector[],
  most: number,
): { readonly variants: readonly NamespaceVariant[]; readonly partial: readonly string[] | undefined } {
  if (worlds.some(({ inventory }) => inventory.namespaces.has(name))) {
    const open = inside.filter(({ namespaceLabels, world: { inventory } }) => {
      const own = inventory.namespaces.get(name) ?? {};
      return [...namespaceLabels].every(([key, set]) => hasValue(set, Object.hasOwn(own, key) ? own[key] : undefined));
    });
    return { variants: [{ labels: undefined, open }], partial: undefined };
  }
  const { atoms, keys, isWhole } = labelAtoms(
    inside.map(({ namespaceLabels }) => namespaceLabels),
    most,
  );
  const variants = atoms.map(({ labels, fulfilled }) => ({ labels, open: fulfilled.map((i) => inside[i]) }));
  return { variants, partial: isWhole ? undefined : keys };
}

/** The namespaces that are listed, or that a policy is in or names. */
function namespacesIn(worlds: readonly World[], selectors: readonly PodSelector[]): readonly string[] {
  const listed = worlds.flatMap(({ inventory }) => [
    ...inventory.namespaces.keys(),
    ...[...inventory.pods.values()].map(({ namespace }) => namespace),
  ]);
  return [...new Set([...listed, ...selectors.flatMap(({ namespace }) => [...namespace.values])])];
}

/** What a selector says of the pods of a cluster; `undefined` if it selects none of them. */
function podSelector(
  { number, group, world, selector: { requirements } }: NumberedSelector,
  cluster = world.agent.clusterName,
): PodSelector | undefined {
  let namespace = ANY_VALUE;
  const ofNamespace: [string, ValueSet][] = [];
  const ofPod: [string, ValueSet][] = [];
  for (const requirement of requirements) {
    const place = placeOf(requirement, world.agent, cluster);
    const set = fulfilling(requirement);
    if (place.is === 'fixed' && !hasValue(set, place.value)) {
      return undefined;
    }
    if (place.is === 'namespace') {
      namespace = intersection(namespace, set);
    } else if (place.is !== 'fixed') {
      // The service account `default` is the one that is not written.
      const written = place.key === SERVICE_ACCOUNT_KEY ? { ...set, absent: hasValue(set, 'default') } : set;
      (place.is === 'namespace-label' ? ofNamespace : ofPod).push([place.key, written]);
    }
  }
  const [namespaceLabels, pod] = [conditionsOf(ofNamespace), conditionsOf(ofPod)];
  return namespaceLabels === undefined || pod === undefined ? undefined : { number, group, world, namespace, namespaceLabels, pod };
}

/** What decides about a label of a pod that could exist. */
type LabelPlace =
  | { readonly is: 'fixed'; readonly value: string | undefined }
  | { readonly is: 'namespace' }
  | { readonly is: 'namespace-label' | 'pod-label'; readonly key: string };

const ABSENT: LabelPlace = { is: 'fixed', value: undefined };

function placeOf({ source, key }: Requirement, agent: Agent, cluster: string): LabelPlace {
  if ((source !== 'k8s' && source !== 'any') || !agent.keepsLabel('k8s', key)) {
    return ABSENT;
  }
  if (key === NAMESPACE_KEY || key === NAMESPACE_LABELS_PREFIX + NAMESPACE_NAME_KEY) {
    return { is: 'namespace' };
  }
  if (key.startsWith(NAMESPACE_LABELS_PREFIX)) {
    return { is: 'namespace-label', key: key.slice(NAMESPACE_LABELS_PREFIX.length) };
  }
  if (key === CLUSTER_KEY) {
    return { is: 'fixed', value: cluster };
  }
  return key !== SERVICE_ACCOUNT_KEY && key.startsWith(RESERVED_KEY_PREFIX) ? ABSENT : { is: 'pod-label', key };
}

function keyOf(conditions: LabelConditions): string {
  const parts = [...conditions].map(([key, { absent, isExcept, values }]) => JSON.stringify([key, absent, isExcept, [...values].sort()]));
  return parts.sort().join();
}
