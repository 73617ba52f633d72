/**
 * What the inventory knows of pods and namespaces.
 *
 * An inventory may be a part of a cluster. That a selector finds nothing means something only where the inventory lists what it looks for.
 */
import type { Inventory, NamedPort, Pod } from '../../model/inventory';
import { isBehindLink, Resource } from '../../model/origin';
import type { LabelSelector, Policy } from '../../model/policy';
import { STAND_IN } from '../../model/stand-in';
import { isOfNamespace, NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { Identities } from '../../reach/identities';
import { otherPods } from '../../read/inventory';
import { isPlaced } from '../../read/placeholders';
import { WORKLOADS } from '../../read/workloads';
import type { Agent } from '../../resolve/agent';
import { Cluster } from '../../resolve/cluster';
import { sorted } from '../../resolve/labels';
import { requiredLabels } from '../../resolve/matching';
import { NamedPorts } from '../../resolve/named-ports';
import type { Given, Judged } from '../check';
import { askedOf, namespacesOf } from './asked';
import { addedLabelsIn, builtNamespaceIn, vagueNamespaceIn } from './filled-in-later';
import { Typos } from './typos';

/** A pod of the inventory, or the pod template of a workload, with its key. */
export interface KnownPod {
  readonly name: string;
  readonly pod: Pod;
}

interface KnownNamespace {
  /** By key, the values that labels of its pods have. */
  readonly values: Map<string, Set<string>>;
  /** What finds slips in its keys and values. */
  readonly typos: Map<string, Typos>;
  /** Whether one of its pods runs, so that the inventory is that of a cluster. */
  isLive: boolean;
}

export class KnownCluster {
  public readonly policies: readonly Policy[];
  /** The policies whose namespace is known. */
  public readonly placed: readonly Policy[];
  public readonly inventory: Inventory;
  public readonly agent: Agent;
  /** The port names of all pods with a network of their own. */
  public readonly namedPorts: NamedPorts;
  private readonly own: Identities;
  private readonly onHost: Identities;
  /** Pods whose namespace is not known, without labels of it. */
  private readonly unplaced: Identities;
  /** The namespaces that stand for those that are not known. */
  private readonly assumed = new Set<string>();
  /** Whether the objects are those of a cluster, and not manifests of some of them. */
  public readonly isListed: boolean;
  /** The namespaces for which charts make pods; the empty text if it may be any. */
  private readonly built: ReadonlySet<string>;
  /** The pods of each identity. */
  private readonly ownPods: KnownPod[][] = [];
  private readonly hostPods: KnownPod[][] = [];
  private readonly namespaces = new Map<string, KnownNamespace>();
  /** The namespaces of pods with values that are filled in later; the empty text if their namespace is. */
  private readonly vague: ReadonlySet<string>;
  /** The labels that a kustomization adds to what it builds, as a key and as `key=value`. */
  private readonly added: ReadonlySet<string>;
  /** By the keys of selectors. */
  private readonly ports = new Map<string, readonly (readonly NamedPort[])[]>();
  private guesses = 0;

  private constructor({ policies, inventory }: Judged, { agent, objects }: Given) {
    this.policies = policies;
    this.placed = policies.filter(({ namespace }) => namespace !== STAND_IN);
    this.inventory = inventory;
    this.agent = agent;
    [this.own, this.onHost, this.unplaced] = [new Identities(agent), new Identities(agent), new Identities(agent)];
    this.isListed = isDump(objects);
    this.built = new Set(objects.flatMap(builtNamespaceIn));
    this.vague = new Set(objects.flatMap(vagueNamespaceIn));
    this.added = new Set(objects.flatMap(addedLabelsIn));
    const cluster = new Cluster(inventory, agent);
    const unplaced = unplacedPodsIn(objects);
    // The pods of a job are there again when it runs again.
    const all = [...inventory.pods, ...otherPods(objects)];
    this.namedPorts = new NamedPorts(all.map(([, pod]) => pod).filter(({ hostNetwork }) => !hostNetwork));
    for (const [name, pod] of all) {
      this.add({ name, pod }, cluster);
      if (unplaced.has(name.replace(/ \(\w+\)$/, ''))) {
        this.assumed.add(pod.namespace);
        this.unplaced.numberOf({ labels: sorted(cluster.podLabels(pod)).filter(({ key }) => !isOfNamespace(key)), ports: pod.ports });
      }
    }
  }

  /** What is known of the cluster; `undefined` if there is no inventory, or none that findings may quote. */
  public static of(given: Given): KnownCluster | undefined {
    const known = KNOWN.get(given);
    if (known !== undefined) {
      return known.cluster;
    }
    const { objects } = given;
    const judged = !objects.some(isBehindLink) && objects.some(({ kind }) => OF_CLUSTER.includes(kind)) ? given.judged() : undefined;
    const cluster = judged && new KnownCluster(judged, given);
    KNOWN.set(given, { cluster });
    return cluster;
  }

  private add(known: KnownPod, cluster: Cluster): void {
    const { pod } = known;
    const labels = sorted(cluster.podLabels(pod));
    const [identities, pods] = pod.hostNetwork ? [this.onHost, this.hostPods] : [this.own, this.ownPods];
    const number = identities.numberOf({ labels, ports: pod.ports });
    (pods[number] ??= []).push(known);
    const namespace = this.namespaces.get(pod.namespace) ?? {
      values: new Map<string, Set<string>>(),
      typos: new Map<string, Typos>(),
      isLive: false,
    };
    this.namespaces.set(pod.namespace, namespace);
    namespace.isLive ||= this.isListed && (pod.node !== '' || pod.addresses.length > 0);
    for (const { key, value } of labels) {
      const values = namespace.values.get(key) ?? new Set();
      namespace.values.set(key, values.size < MOST_VALUES ? values.add(value) : values);
    }
  }

  /** All pods with a network of their own: each identity with its pods. */
  public kinds(): readonly (readonly KnownPod[])[] {
    return this.ownPods.filter((pods) => pods.length > 0);
  }

  /** The pods with a network of their own that a selector selects: each identity with its pods. */
  public *podsOf(selector: LabelSelector): Generator<readonly KnownPod[]> {
    for (const number of this.own.selected(selector).direct) {
      yield this.ownPods[number];
    }
  }

  /** The named ports of the pods that a selector selects, each of them once; `undefined` if it selects no pod. */
  public portsOf(selector: LabelSelector): readonly (readonly NamedPort[])[] | undefined {
    const known = this.ports.get(selector.key);
    if (known !== undefined) {
      return known.length === 0 ? undefined : known;
    }
    const pods = [...this.podsOf(selector)].map(([first]) => first.pod);
    const ports = new Map(pods.flatMap(({ ports: own }) => own.map((port) => [`${port.name}/${port.protocol}`, port])));
    this.ports.set(selector.key, pods.length === 0 ? [] : [[...ports.values()]]);
    return this.portsOf(selector);
  }

  /** Pods in the network of their node, which no selector selects: they have the identity of the node. */
  public *hostPodsOf(selector: LabelSelector): Generator<readonly KnownPod[]> {
    for (const number of this.onHost.selected(selector).direct) {
      yield this.hostPods[number];
    }
  }

  /** The namespaces of pods and Services, which need no Namespace to be there. */
  public usedNamespaces(): readonly string[] {
    return [...this.namespaces.keys(), ...[...this.inventory.services.values()].map(({ namespace }) => namespace)];
  }

  /** Whether pods of all namespaces that a selector may mean are listed, with all their labels. */
  public covers(selector: LabelSelector): boolean {
    const named = namespacesOf(selector);
    const names = named ?? [...this.namespaces.keys()];
    const isVague = this.vague.has('') || (named === undefined ? this.vague.size > 0 : named.some((name) => this.vague.has(name)));
    const isOfNamespaces = askedOf(selector).some(({ key }) => key.startsWith(NAMESPACE_LABELS_PREFIX));
    const isListed = (name: string) => this.namespaces.has(name) && (!isOfNamespaces || this.inventory.namespaces.has(name));
    const isAdded = requiredLabels(selector).some((one) => one.some((label) => this.added.has(label)));
    return !isVague && !isAdded && names.length > 0 && names.every(isListed) && !this.mayHaveMore(selector);
  }

  /** Whether a chart may make further pods for a selector, or pods whose namespace is not known may be meant. */
  private mayHaveMore(selector: LabelSelector): boolean {
    const named = namespacesOf(selector);
    const isBuilt = this.built.has('') || (named ?? [...this.built]).some((name) => this.built.has(name));
    if (isBuilt && !this.isComplete(selector)) {
      return true;
    }
    const requirements = selector.requirements.filter(({ key }) => !isOfNamespace(key));
    const rest = { ...selector, key: `${selector.key} in any namespace`, requirements };
    const isElsewhere = named !== undefined && !named.some((name) => this.assumed.has(name));
    return isElsewhere && this.unplaced.selected(rest).direct[Symbol.iterator]().next().done === false;
  }

  /** Whether the namespace of pods is known, and all their labels are. */
  public isCertain(namespace: string): boolean {
    return !this.vague.has('') && !this.vague.has(namespace) && !this.assumed.has(namespace);
  }

  /** Whether pods run there, so that the inventory is that of a cluster: of manifests, charts and operators make further pods. */
  public isComplete(selector: LabelSelector): boolean {
    const names = namespacesOf(selector) ?? [...this.namespaces.keys()];
    return names.every((name) => this.namespaces.get(name)?.isLive === true);
  }

  /** The values of a label of the pods that a selector may mean. */
  public valuesOf(key: string, selector: LabelSelector): readonly string[] {
    return this.inNamespaces(selector).flatMap(({ values }) => [...(values.get(key) ?? [])]);
  }

  /** The values of a label that are meant by a slip. */
  public nearValues(key: string, text: string, selector: LabelSelector): readonly string[] {
    return this.inNamespaces(selector).flatMap(({ values, typos }) => typosIn(typos, `value ${key}`, values.get(key) ?? []).of(text));
  }

  /** The keys of labels that are meant by a slip. */
  public nearKeys(text: string, selector: LabelSelector): readonly string[] {
    return [...new Set(this.inNamespaces(selector).flatMap(({ values, typos }) => typosIn(typos, 'keys', values.keys()).of(text)))];
  }

  /** Of a clusterwide selector, the first namespaces: guesses in all of them take too long. */
  private inNamespaces(selector: LabelSelector): readonly KnownNamespace[] {
    const names = namespacesOf(selector) ?? [...this.namespaces.keys()].slice(0, MOST_NAMESPACES);
    return names.flatMap((name) => this.namespaces.get(name) ?? []);
  }

  /** Whether another guess may be made: thousands of wrong policies have one mistake in common. */
  public mayGuess(): boolean {
    this.guesses += 1;
    return this.guesses <= MOST_GUESSES;
  }
}

/** The keys of pods and workloads whose namespace is not known. */
function unplacedPodsIn(objects: readonly Resource[]): ReadonlySet<string> {
  const unplaced = objects.filter((object) => (object.kind === 'Pod' || WORKLOADS.includes(object.kind)) && !isPlaced(object));
  return new Set(unplaced.map(({ namespace = '', name }) => `${namespace}/${name}`));
}

/**
 * Whether objects are a dump of a cluster: they are given as one, by a program too, or have the Service of the API server, which no manifest has. What
 * constructs make are manifests.
 */
function isDump(objects: readonly Resource[]): boolean {
  return objects.some(({ kind, name, namespace, constructPath, document: { source } }) => {
    const isOfProgram = source.text === undefined && constructPath === undefined;
    return source.isInventory === true || isOfProgram || (kind === 'Service' && name === 'kubernetes' && namespace === 'default');
  });
}

function typosIn(all: Map<string, Typos>, key: string, texts: Iterable<string>): Typos {
  const typos = all.get(key) ?? new Typos(texts);
  all.set(key, typos);
  return typos;
}

/** Every check of a run asks for the same cluster. */
const KNOWN = new WeakMap<Given, { readonly cluster: KnownCluster | undefined }>();

const OF_CLUSTER = ['Pod', ...WORKLOADS, 'Namespace', 'Node', 'CiliumNode', 'Service', 'CiliumCIDRGroup'];

const MOST_VALUES = 1_000;
const MOST_NAMESPACES = 100;
export const MOST_GUESSES = 1_000;
