/**
 * The universe: a finite list of ends that stands for every end of a flow that there is or could be.
 *
 * Ends that the policies of all worlds tell apart in nothing are one. So for every flow there is one between two of these ends with the same verdict.
 */
import type { Minor } from '../../crd/minor';
import type { EndEntity, WrittenEnd } from '../../model/flow';
import type { Pod } from '../../model/inventory';
import type { Selector } from '../../model/policy';
import { Address, addressBits, addressKey, isLoopback } from '../../net/address';
import { dnsAtoms } from '../../net/dns-atoms';
import { groupedBy } from '../../net/grouped';
import { freshName } from '../../net/label-atoms';
import { CLUSTER_KEY } from '../../net/label-keys';
import { accepted, expectParsed, Parsed, refused } from '../../net/parsed';
import { parsePrefix, Prefix, prefixText, singleBlock } from '../../net/prefix';
import { prefixAtoms } from '../../net/prefix-atoms';
import { End, endOf } from '../../resolve/ends';
import { selects } from '../../resolve/matching';
import { matchesName, stepsOf } from '../../resolve/names';
import type { FastEngine } from '../engine';
import { NumberedSelector, PartialNamespace, possiblePods } from './possible-pods';
import { Relevance, relevanceOf } from './relevance';
import type { World } from './world';

/** An end, with everything that it stands for. */
export interface UniverseEnd {
  readonly is: 'pods' | 'possible-pods' | 'nodes' | 'entity' | 'addresses' | 'name';
  /** The end of a flow that has the verdicts of all of them. */
  readonly written: WrittenEnd;
  /**
   * Pods and nodes by name, the prefix of addresses, the patterns that a name matches. For pods that could exist, their namespaces; none for
   * every namespace that nobody names.
   */
  readonly members: readonly string[];
}

export interface UniverseOptions {
  /** The most kinds of pods of a namespace that could exist. If there are more, only some of them are ends. 0 if none shall be. */
  readonly mostPossible: number;
  /**
   * The number of engines before a change, if only what may differ between them and the others is asked for: ends are told apart by less then.
   *
   * @default - everything is asked for
   */
  readonly before?: number;
  /** Engines whose selectors tell ends apart whatever is asked for. @default - none */
  readonly beside?: readonly FastEngine[];
}

/** The ends that the policies of all engines tell apart; refused if there are too many. */
export function universeOf(compared: readonly FastEngine[], { mostPossible, before, beside = [] }: UniverseOptions): Parsed<Universe> {
  const worlds = compared.map(worldOf);
  const relevance = before === undefined ? undefined : relevanceOf(worlds.slice(0, before), worlds.slice(before));
  const engines = [...compared, ...beside];
  const selectors = [...compared.map((engine) => selectorsOf(engine, relevance)), ...beside.map((engine) => selectorsOf(engine))];
  const pods = listedPods(engines, selectors);
  const possible = mostPossible > 0 ? possibleEnds(engines, selectors, pods, mostPossible) : { ends: [], partial: [] };
  const names = namedEnds(engines, selectors);
  if (!names.ok) {
    return names;
  }
  const others = [
    ...nodeEnds(engines, selectors),
    ...entityEnds(engines, selectors),
    ...addressEnds(engines, relevance === undefined ? undefined : selectors),
    ...names.value,
  ];
  const count = pods.length + possible.ends.length + others.length;
  if (count > MOST_ENDS) {
    return refused(
      `policies tell ${count.toLocaleString('en')} kinds of ends apart, and at most ${MOST_ENDS.toLocaleString('en')} are compared with each other`,
      'ask about fewer policies at once',
    );
  }
  return accepted(
    new Universe(engines, selectors, {
      pods,
      possible: possible.ends,
      others,
      partial: possible.partial,
      portNames: countingPortNames(engines, relevance),
      relevance,
    }),
  );
}

export const MOST_ENDS = 60_000;

interface UniverseParts {
  readonly pods: readonly PodEnd[];
  readonly possible: readonly PodEnd[];
  readonly others: readonly UniverseEnd[];
  readonly partial: readonly PartialNamespace[];
  readonly portNames: readonly string[];
  readonly relevance: Relevance | undefined;
}

export class Universe {
  public readonly ends: readonly UniverseEnd[];
  /** Where only some of the pods that could exist are among the ends. */
  public readonly partial: readonly PartialNamespace[];
  /** The port names of rules that count: pods that are not listed may have ports with these names. */
  public readonly portNames: readonly string[];
  /** What ends are told apart by; `undefined` if it is everything. */
  public readonly relevance: Relevance | undefined;
  private readonly byKind = new Map<string, number>();
  private readonly byMember = new Map<string, number>();
  private readonly clusters: readonly string[];
  private readonly podNames: ReadonlyMap<Pod, string>;
  private readonly namePatterns: readonly NamePattern[];

  public constructor(
    private readonly engines: readonly FastEngine[],
    private readonly selectors: readonly (readonly CountedSelector[])[],
    { pods, possible, others, partial, portNames, relevance }: UniverseParts,
  ) {
    this.partial = partial;
    this.portNames = portNames;
    this.relevance = relevance;
    this.ends = [...pods.map(({ end }) => end), ...possible.map(({ end }) => end), ...others];
    this.clusters = otherClusters(engines, selectors);
    this.namePatterns = selectors.flatMap((all, i) => [
      ...all.flatMap((one) => (one.is === 'name' ? patternOf(one.pattern, engines[i]) : [])),
      ...lookedUp(engines[i]),
    ]);
    this.podNames = new Map([...engines[0].resolver.cluster.inventory.pods].map(([name, pod]) => [pod, name]));
    [...pods, ...possible].forEach(({ kind }, i) => {
      if (kind !== undefined) {
        this.byKind.set(kind, i);
      }
    });
    this.ends.forEach(({ is, members }, i) => {
      if (is !== 'possible-pods') {
        members.forEach((member) => this.byMember.set(`${is} ${member}`, i));
      }
    });
  }

  /** The end that has all verdicts of an end of a flow; `undefined` if there is none, as for a Service. */
  public find(written: WrittenEnd): number | undefined {
    const [{ resolver }] = this.engines;
    const found = endOf(written, resolver.cluster);
    return found.ok ? this.numberOf(found.value, written) : undefined;
  }

  private numberOf(end: End, written: WrittenEnd): number | undefined {
    switch (end.is) {
      case 'pod':
        return this.podNames.has(end.pod) ? this.byMember.get(`pods ${this.podNames.get(end.pod)}`) : this.podLike(end.pod, written);
      case 'node':
        return this.byMember.get(`nodes ${end.name}`);
      case 'entity':
        // Those of a certain node are in no relation to other nodes that holds for all.
        return end.node !== undefined ? undefined : this.byMember.get(end.name === 'world' ? 'addresses 0.0.0.0/0' : `entity ${end.name}`);
      case 'address':
        return this.around(end.address);
      case 'name':
        return this.named(end.name);
    }
  }

  /** The smallest prefix around an address. */
  private around(address: Address): number | undefined {
    const isSpecial = this.engines.some(
      ({ resolver: { cluster } }) =>
        cluster.hasName(address) || cluster.frontends.has(address) || cluster.isApiServer(address) || isLoopback(address),
    );
    if (isSpecial) {
      return this.namedAt(address);
    }
    for (let length = addressBits(address.version); length >= 0; length--) {
      const hostBits = BigInt(addressBits(address.version) - length);
      const text = prefixText({ version: address.version, first: (address.value >> hostBits) << hostBits, length });
      const found = this.byMember.get(`addresses ${text}`);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  }

  /** The name that has an address first. */
  private namedAt(address: Address): number | undefined {
    const { names } = this.engines[0].resolver.cluster.inventory;
    const [name] = [...names].find(([, [first]]) => first !== undefined && addressKey(first) === addressKey(address)) ?? [];
    const index = this.ends.findIndex(({ written }) => written.is === 'fqdn' && written.name === name);
    return index < 0 ? undefined : index;
  }

  private named(name: string): number | undefined {
    const own = this.ends.findIndex(({ written }) => written.is === 'fqdn' && written.name === name);
    return own >= 0 ? own : this.alike(name);
  }

  /** A name that the same patterns match, of rules for names and of rules for look-ups. */
  private alike(name: string): number | undefined {
    const kindOf = (one: string) => this.namePatterns.map(({ pattern, minor }) => (matchesName(pattern, one, minor) ? '1' : '0')).join('');
    const kind = kindOf(name);
    const index = this.ends.findIndex(({ written }) => written.is === 'fqdn' && kindOf(written.name) === kind);
    return index < 0 ? this.byMember.get('addresses 0.0.0.0/0') : index;
  }

  /** Rules may tell a pod with named ports from those without. */
  private podLike(pod: Pod, written: WrittenEnd): number | undefined {
    if (pod.cluster !== undefined && this.clusters.length === 0) {
      return undefined;
    }
    const cluster = pod.cluster === undefined ? undefined : this.clusters.includes(pod.cluster) ? pod.cluster : this.clusters.at(-1);
    return moreIn(this.engines)(pod).trim() === '' ? this.byKind.get(kindIn(cluster, this.kindOf(written))) : undefined;
  }

  /** The selectors that a pod fulfils that could exist. */
  private kindOf(written: WrittenEnd): string {
    const numbers = this.engines.flatMap(({ resolver }, i) => {
      const end = endOf(written, resolver.cluster);
      const labels = end.ok ? resolver.view('').peer(end.value).labels : [];
      const first = firstNumber(this.selectors, i);
      return this.selectors[i].flatMap((selector, k) =>
        end.ok && selects(selector, labels, resolver.agent) ? (selector.group ?? first + k) : [],
      );
    });
    return inOrder(numbers).join();
  }
}

function kindIn(cluster: string | undefined, kind: string): string {
  return cluster === undefined ? kind : `${cluster}: ${kind}`;
}

function worldOf({ resolver: { cluster, agent, entries } }: FastEngine): World {
  return { inventory: cluster.inventory, agent, entries };
}

/** All distinct selectors of subjects and peers that count. */
function selectorsOf({ resolver: { entries } }: FastEngine, relevance?: Relevance): readonly CountedSelector[] {
  const found = new Map<string, Selector>();
  for (const { rule, selectors } of entries) {
    // What `fromRequires` adds narrows selectors of others.
    const required: readonly Selector[] = rule.requires.length === 0 ? [] : [requiredOnly(rule.requires)];
    [rule.subject.selector, ...selectors, ...required].forEach((selector) => found.set(selector.key, selector));
  }
  return [...found.values()].flatMap((selector): CountedSelector[] => {
    const counts = relevance?.countsFor(selector) ?? 'itself';
    return counts === 'nothing' ? [] : [counts === 'itself' ? selector : { ...selector, group: counts }];
  });
}

/** A selector; with a group, it counts only whether one of the group is fulfilled. */
type CountedSelector = Selector & { readonly group?: number };

type Requirements = Extract<Selector, { is: 'labels' }>['requirements'];

/** What selectors say of labels. */
function requirementsOf(selectors: readonly (readonly CountedSelector[])[]): Requirements {
  return selectors.flat().flatMap((selector) => (selector.is === 'labels' ? selector.requirements : []));
}

function requiredOnly(requirements: Requirements): Selector {
  return { is: 'labels', key: `requires ${JSON.stringify(requirements)}`, requirements, ofEndpoints: true };
}

/** Pods that no engine tells apart. */
interface PodEnd {
  readonly end: UniverseEnd;
  /** The selectors that they fulfil, by number; `undefined` if more than these tells them apart from pods that could exist. */
  readonly kind: string | undefined;
}

function listedPods(engines: readonly FastEngine[], selectors: readonly (readonly CountedSelector[])[]): readonly PodEnd[] {
  const kinds = engines.map((engine, i) => kindsOfPods(engine, selectors[i], firstNumber(selectors, i)));
  const names = [...new Set(engines.flatMap(({ resolver }) => [...resolver.cluster.inventory.pods.keys()]))];
  const moreOf = moreIn(engines, nodeKinds(engines, selectors));
  // Only groups are out of order, or there twice.
  const isInOrder = selectors.flat().every(({ group }) => group === undefined);
  const inventories = [...new Set(engines.map(({ resolver }) => resolver.cluster.inventory))];
  const own = engines.map(({ resolver }) => inventories.indexOf(resolver.cluster.inventory));
  const keyed = names.flatMap((name) => {
    const found = inventories.map(({ pods }) => pods.get(name));
    if (!found.every((pod) => pod !== undefined && !pod.hostNetwork && pod.isAbsent !== true)) {
      return [];
    }
    const numbers = kinds.flatMap((kindOf, i) => kindOf(found[own[i]]!));
    return [{ name, kind: (isInOrder ? numbers : inOrder(numbers)).join(), more: found.map((pod) => moreOf(pod!)).join(' ') }];
  });
  return [...groupedBy(keyed, ({ kind, more }) => `${kind} ${more}`).values()].map((same) => ({
    end: { is: 'pods', written: { is: 'pod', name: same[0].name }, members: same.map(({ name }) => name) },
    kind: same[0].more.trim() === '' ? same[0].kind : undefined,
  }));
}

/** The number of the first selector of an engine. */
function firstNumber(selectors: readonly (readonly CountedSelector[])[], index: number): number {
  return selectors.slice(0, index).reduce((sum, { length }) => sum + length, 0);
}

/** The selectors that each pod fulfils, by number. */
function kindsOfPods(engine: FastEngine, selectors: readonly CountedSelector[], first: number): (pod: Pod) => readonly number[] {
  const byNumber: (number[] | undefined)[] = [];
  engine.resolver.pods.forEach((pod) => (byNumber[engine.numberOfPod(pod)] ??= []));
  selectors.forEach((selector, i) => {
    engine.selected(selector).forEach((number) => byNumber[number]?.push(selector.group ?? first + i));
  });
  return (pod) => byNumber[engine.numberOfPod(pod)] ?? [];
}

function inOrder(numbers: readonly number[]): readonly number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

/**
 * What else policies may tell pods apart by: ports that have names, the namespace, where listeners are looked up, labels with the names of entities,
 * and the node, where nodes differ.
 */
function moreIn(engines: readonly FastEngine[], kindOfNode: (name: string) => string = () => ''): (pod: Pod) => string {
  const names = new Set(engines.flatMap(({ resolver }) => portNamesIn(resolver.entries)));
  const isInNamespace = engines.some(({ resolver }) => hasListeners(resolver.entries));
  return ({ ports, namespace, labels, node }) => {
    const own = ports.filter(({ name }) => names.has(name)).map(({ name, protocol, number }) => `${name}/${protocol}/${number}`);
    const marks = MARKS.filter((key) => Object.hasOwn(labels, key));
    return [...own, ...(isInNamespace ? [namespace] : []), ...marks, kindOfNode(node)].join(' ');
  };
}

/** Cilium looks at the keys of these labels, whatever their source. */
const MARKS = ['host', 'init', 'remote-node', 'world', 'world-ipv4', 'world-ipv6', 'health', 'ingress'];

type Entries = FastEngine['resolver']['entries'];

function portNamesIn(entries: Entries): readonly string[] {
  return remembered(NAMES, entries, () => namesIn(entries));
}

function countingPortNames(engines: readonly FastEngine[], relevance: Relevance | undefined): readonly string[] {
  return namesIn(engines.flatMap(({ resolver }) => resolver.entries.filter((entry) => relevance?.concerns(entry) ?? true)));
}

function namesIn(entries: Entries): readonly string[] {
  const ports = entries.flatMap(({ rule }) => rule.traffic ?? []).map(({ port }) => port);
  return [...new Set(ports.flatMap((port) => (port.is === 'name' ? port.name : [])))].sort();
}

function hasListeners(entries: Entries): boolean {
  return remembered(LISTENERS, entries, () =>
    entries.some(({ rule }) => rule.traffic?.some(({ l7 }) => l7?.listener !== undefined) ?? false),
  );
}

const NAMES = new WeakMap<Entries, readonly string[]>();
const LISTENERS = new WeakMap<Entries, boolean>();

function remembered<K extends object, V>(known: WeakMap<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/** The pods that could exist and that are not like listed ones. */
function possibleEnds(
  engines: readonly FastEngine[],
  selectors: readonly (readonly CountedSelector[])[],
  pods: readonly PodEnd[],
  most: number,
): { readonly ends: readonly PodEnd[]; readonly partial: readonly PartialNamespace[] } {
  const listed = new Set(pods.map(({ kind }) => kind));
  const worlds = engines.map(worldOf);
  const numbered = selectors.flatMap((all, i) =>
    all.flatMap((selector, k): NumberedSelector[] =>
      selector.is === 'labels' ? [{ number: firstNumber(selectors, i) + k, world: worlds[i], selector, group: selector.group }] : [],
    ),
  );
  const found = [undefined, ...otherClusters(engines, selectors)].map((cluster) => ({
    cluster,
    ...possiblePods(worlds, numbered, most, cluster),
  }));
  const ends = found.flatMap(({ cluster, kinds }) =>
    kinds.map(({ written, fulfilled, namespaces = [] }): PodEnd & { kind: string } => ({
      end: { is: 'possible-pods', written, members: namespaces },
      kind: kindIn(cluster, fulfilled.join()),
    })),
  );
  return { ends: ends.filter(({ kind }) => !listed.has(kind)), partial: found.flatMap(({ partial }) => partial) };
}

/** The clusters of a mesh that selectors name, and one that they do not if the cluster is in a mesh. */
function otherClusters(engines: readonly FastEngine[], selectors: readonly (readonly CountedSelector[])[]): readonly string[] {
  const own = new Set(engines.map(({ resolver }) => resolver.agent.clusterName));
  const named = requirementsOf(selectors)
    .filter(({ key }) => key === CLUSTER_KEY)
    .flatMap(({ values }) => values);
  const others = new Set(named.filter((name) => !own.has(name)));
  const isInMesh = others.size > 0 || engines.some(({ resolver }) => resolver.agent.isInMesh);
  return [...others, ...(isInMesh ? [freshName('other', new Set([...own, ...others]))] : [])];
}

/** Nodes of the inventories, where labels or addresses tell them apart. */
function nodeEnds(engines: readonly FastEngine[], selectors: readonly (readonly CountedSelector[])[]): readonly UniverseEnd[] {
  const [first, ...others] = engines.map(({ resolver }) => resolver.cluster.inventory.nodes);
  const common = [...first.keys()].filter((name) => others.every((nodes) => nodes.has(name)));
  const groups = groupedBy(common, nodeKinds(engines, selectors));
  return [...groups.values()].map((members) => ({ is: 'nodes', written: { is: 'node', name: members[0] }, members }));
}

/** What policies tell nodes apart by; empty for a node of which nothing is known. */
function nodeKinds(engines: readonly FastEngine[], selectors: readonly (readonly CountedSelector[])[]): (name: string) => string {
  const keys = new Set(requirementsOf(selectors).map(({ key }) => key));
  const kindIn = ({ resolver: { cluster, agent } }: FastEngine, name: string): string => {
    const node = cluster.inventory.nodes.get(name);
    const isSpecial = agent.blocksMatchNodes || (node?.addresses.some((address) => cluster.isApiServer(address)) ?? false);
    const own = agent.hasNodeLabels || agent.hasHostFirewall ? Object.entries(node?.labels ?? {}).filter(([key]) => keys.has(key)) : [];
    return own.length === 0 && !isSpecial ? '' : JSON.stringify([own.sort(([a], [b]) => (a < b ? -1 : 1)), isSpecial ? name : '']);
  };
  const known = new Map<string, string>();
  return (name) => {
    const kind = known.get(name) ?? engines.map((engine) => kindIn(engine, name)).join('');
    known.set(name, kind);
    return kind;
  };
}

function entityEnds(engines: readonly FastEngine[], selectors: readonly (readonly CountedSelector[])[]): readonly UniverseEnd[] {
  // An API server that is not listed is a node or an address like others, unless a selector names it.
  const isNamed = requirementsOf(selectors).some(({ key }) => key === 'kube-apiserver');
  const isListed = engines.some(({ resolver }) => resolver.cluster.apiServer.length > 0);
  const names = ENTITIES.filter((name) => name !== 'kube-apiserver' || isNamed || isListed);
  return names.map((name) => ({ is: 'entity', written: { is: 'entity', name }, members: [name] }));
}

const ENTITIES: readonly EndEntity[] = ['host', 'remote-node', 'kube-apiserver', 'health', 'ingress', 'init', 'unmanaged'];

/** The addresses outside of the cluster that prefixes tell apart, those in no prefix, and those that local redirects take over. */
function addressEnds(
  engines: readonly FastEngine[],
  counting: readonly (readonly CountedSelector[])[] | undefined,
): readonly UniverseEnd[] {
  const isUsed = ({ version }: Pick<Prefix, 'version'>) =>
    engines.some(({ resolver: { agent } }) => (version === 4 ? agent.hasIPv4 : agent.hasIPv6));
  const prefixes = counting === undefined ? engines.flatMap(knownPrefixes) : countingPrefixes(engines, counting);
  const found = prefixAtoms([...EVERY_ADDRESS, ...prefixes, ...engines.flatMap(redirected)].filter(isUsed), [
    ...NOT_OUTSIDE,
    ...engines.flatMap(addressesInside),
  ]);
  return found.map(({ prefix, address }) => {
    const isWorld = prefix.length === 0 && prefix.version === 4;
    return { is: 'addresses', written: isWorld ? { is: 'entity', name: 'world' } : { is: 'ip', address }, members: [prefixText(prefix)] };
  });
}

/** Of the addresses around it, only this one leads to pods. */
function redirected({ resolver: { agent, cluster } }: FastEngine): readonly Prefix[] {
  const redirects = agent.hasLocalRedirects ? cluster.inventory.redirects : [];
  return redirects.flatMap(({ address }) => (address === undefined ? [] : [singleBlock(address)]));
}

function knownPrefixes({ resolver }: FastEngine): readonly Prefix[] {
  return resolver
    .view('')
    .prefixes()
    .map(({ prefix }) => prefix);
}

/** The prefixes of the selectors that count; all of them if groups of prefixes do. */
function countingPrefixes(engines: readonly FastEngine[], selectors: readonly (readonly CountedSelector[])[]): readonly Prefix[] {
  const all = selectors.flat();
  return all.some(({ is }) => is === 'group')
    ? engines.flatMap(knownPrefixes)
    : all.flatMap((one) => (one.is === 'block' ? [one.block, ...one.except] : []));
}

const EVERY_ADDRESS = ['0.0.0.0/0', '::/0'].map((text) => expectParsed(parsePrefix(text)));

/** Addresses that never leave a machine, and those of IPv4 in the form of IPv6. */
const NOT_OUTSIDE = ['0.0.0.0/8', '127.0.0.0/8', '::/127', '::ffff:0:0/96'].map((text) => expectParsed(parsePrefix(text)));

/** The addresses of pods, nodes and Services, and those that DNS returns for names. */
function addressesInside({ resolver: { cluster } }: FastEngine): readonly Prefix[] {
  const { pods, nodes, services, names } = cluster.inventory;
  const all = [
    ...[...pods.values()].flatMap(({ addresses }) => addresses),
    ...[...nodes.values()].flatMap(({ addresses, health, ingress }) => [...addresses, ...health, ...ingress]),
    ...[...services.values()].flatMap(({ addresses }) => addresses),
    ...[...names.values()].flat(),
    ...cluster.apiServer,
  ];
  return all.filter((address) => !isLoopback(address)).map(singleBlock);
}

/** The names that patterns tell apart. What no pattern matches is an address like others. */
function namedEnds(engines: readonly FastEngine[], selectors: readonly (readonly CountedSelector[])[]): Parsed<readonly UniverseEnd[]> {
  const admitting = selectors.flatMap((all, i) => all.flatMap((one) => (one.is === 'name' ? patternOf(one.pattern, engines[i]) : [])));
  // Names are told apart by the look-ups that may pass, too.
  const distinct = [...new Map([...admitting, ...engines.flatMap(lookedUp)].map((one) => [keyOfPattern(one), one])).values()];
  const isAdmitting = new Set(admitting.map(keyOfPattern));
  const atoms = dnsAtoms(
    distinct.map(({ pattern, minor }) => stepsOf(pattern, minor)),
    MOST_STEPS,
  );
  if (atoms === undefined) {
    return refused(`the ${distinct.length} patterns of names overlap in too many ways`, 'ask about fewer policies at once');
  }
  const known = new Set(engines.flatMap(({ resolver }) => [...resolver.cluster.inventory.names.keys()]));
  const given = [...known].map((name): UniverseEnd => ({ is: 'name', written: { is: 'fqdn', name }, members: [name] }));
  const others = atoms
    .map(({ name, matching }) => ({ name, own: matching.map((i) => distinct[i]).filter((one) => isAdmitting.has(keyOfPattern(one))) }))
    .filter(({ name, own }) => own.length > 0 && !known.has(name))
    .map(({ name, own }): UniverseEnd => ({
      is: 'name',
      written: { is: 'fqdn', name },
      members: [...new Set(own.map(({ pattern }) => pattern))],
    }));
  return accepted([...given, ...others]);
}

/** A pattern of names, as a minor reads it. */
interface NamePattern {
  readonly pattern: string;
  readonly minor: Minor;
}

function patternOf(pattern: string, { resolver }: FastEngine): NamePattern {
  return { pattern, minor: resolver.agent.minor };
}

function keyOfPattern({ pattern, minor }: NamePattern): string {
  return `${minor} ${pattern.toLowerCase()}`;
}

/** The patterns of DNS rules. */
function lookedUp(engine: FastEngine): readonly NamePattern[] {
  const texts = engine.resolver.entries.flatMap(({ rule }) =>
    (rule.traffic ?? []).flatMap(({ l7 }) => l7?.dns?.map(({ text }) => text) ?? []),
  );
  return [...new Set(texts)].map((text) => patternOf(text, engine));
}

export const MOST_STEPS = 3_000_000;
