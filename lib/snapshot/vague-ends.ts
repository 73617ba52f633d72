/**
 * Pods and nodes with labels that are filled in later.
 *
 * A rule that asks for such a label, of its subject or of its peers, may match or not. Where a rule does, the side is unknown.
 */
import type { Flow, Side } from '../model/flow';
import type { Pod } from '../model/inventory';
import type { Labels } from '../model/label';
import { isPrivate, Resource } from '../model/origin';
import type { Direction, Policy, Requirement, Rule } from '../model/policy';
import { placeholderIn } from '../read/placeholders';
import type { Agent } from '../resolve/agent';
import type { Cluster } from '../resolve/cluster';
import { destinationsOf } from '../resolve/destinations';
import { End, endOf } from '../resolve/ends';
import { reserved, sorted } from '../resolve/labels';
import { meets } from '../resolve/matching';
import { serviceNameOf } from '../resolve/written-addresses';
import type { Missing, MissingSides } from './missing';

/** What the sides of a flow depend on; `undefined` if all labels of all pods and nodes are known. */
export function vagueEndsIn(
  policies: readonly Policy[],
  others: readonly Resource[],
  cluster: Cluster,
  agent: Agent,
): ((flow: Flow) => MissingSides) | undefined {
  const ends = new Labelled(others, cluster);
  if (!ends.isAnyVague) {
    return undefined;
  }
  // In tiers, a rule that may match may allow or pass what a later one surely denies.
  const hasTiers = policies.some(({ kind }) => kind === 'ClusterNetworkPolicy');
  return (flow) => {
    const ofBackends = ends.vagueBackend(flow);
    if (ofBackends !== undefined) {
      const missing = { text: ofBackends, reason: 'placeholder' as const, leaves: () => false };
      return { egress: missing, ingress: missing };
    }
    const from = endOf(flow.from, cluster);
    const to = from.ok ? destinationsOf(flow, from.value, cluster, agent) : from;
    if (!from.ok || !to.ok) {
      return {};
    }
    const text = [from.value, ...to.value.all.map(({ end }) => end)].flatMap((end) => ends.vaguenessOf(end) ?? []).at(0);
    if (text === undefined) {
      return {};
    }
    const sides = (direction: Direction): Missing | undefined => {
      const pairs = to.value.all.map(({ end }) =>
        (direction === 'egress' ? [from.value, end] : [end, from.value]).map((one) => ends.labelsOf(one)),
      );
      const of = (rule: Rule) => pairs.map(([own, other]) => matchOf(rule, own, other));
      const isMaybe = policies.some(({ rules }) => rules.some((rule) => rule.direction === direction && of(rule).includes('maybe')));
      return isMaybe ? { text, reason: 'placeholder', leaves: (side) => !hasTiers && isSurelyDenied(side, of) } : undefined;
    };
    return { egress: sides('egress'), ingress: sides('ingress') };
  };
}

/** The labels of ends, and which of them are filled in later. */
class Labelled {
  private readonly pods: ReadonlyMap<Pod, string>;
  private readonly nodes: ReadonlySet<string>;
  /** Names that may be told. */
  private readonly shown: ReadonlySet<string>;

  public constructor(
    others: readonly Resource[],
    private readonly cluster: Cluster,
  ) {
    const { pods, nodes, namespaces } = cluster.inventory;
    const ofNamespaces = new Set([...namespaces].filter(([, labels]) => isVague(labels)).map(([name]) => name));
    this.pods = new Map(
      [...pods]
        .filter(
          ([, { labels, namespace, serviceAccount }]) => isVague({ ...labels, serviceAccount, namespace }) || ofNamespaces.has(namespace),
        )
        .map(([name, pod]) => [pod, name]),
    );
    this.nodes = new Set([...nodes.values()].filter(({ labels }) => isVague(labels)).map(({ name }) => name));
    this.shown = new Set(
      others.filter((one) => !isPrivate(one)).map(({ kind, namespace = '', name }) => `${kind === 'Node' ? '' : namespace}/${name}`),
    );
  }

  public get isAnyVague(): boolean {
    return this.pods.size > 0 || this.nodes.size > 0;
  }

  public labelsOf(end: End): KnownLabels | undefined {
    if (end.is === 'pod') {
      const ofNamespace = end.pod.namespaceLabels ?? this.cluster.inventory.namespaces.get(end.pod.namespace) ?? {};
      const mayHaveMore = hasVagueKey({ ...end.pod.labels, ...ofNamespace }) || placeholderIn(end.pod.namespace) !== undefined;
      return { is: 'endpoints', labels: sorted(this.cluster.podLabels(end.pod)), mayHaveMore };
    }
    const node = end.is === 'node' ? this.cluster.inventory.nodes.get(end.name) : undefined;
    if (node === undefined) {
      return undefined;
    }
    // As the local node and as a remote one.
    const maps = [this.cluster.hostLabels(node), this.cluster.nodeLabels(node), reserved('remote-node')];
    return { is: 'nodes', labels: maps.flatMap(sorted), mayHaveMore: hasVagueKey(node.labels) };
  }

  /** What is not known of an end; `undefined` if everything is. */
  public vaguenessOf(end: End): string | undefined {
    if (end.is === 'node') {
      return this.nodes.has(end.name) ? `a label of the node${this.named(`/${end.name}`)}, which is filled in later` : undefined;
    }
    const name = end.is === 'pod' ? this.pods.get(end.pod) : undefined;
    if (end.is !== 'pod' || name === undefined) {
      return undefined;
    }
    const [key] = Object.entries(end.pod.labels).find((pair) => pair.some((text) => placeholderIn(text) !== undefined)) ?? [];
    const label = key === undefined || !this.shown.has(name) ? 'a label' : `the label \`${key}\``;
    return `${label} of the pod${this.named(name)}, which is filled in later`;
  }

  /** Whether it is not known which pods are behind the Service of a flow. Where it has EndpointSlices, these are known. */
  public vagueBackend({ to }: Flow): string | undefined {
    const name = serviceNameOf(to, this.cluster);
    const service = name === undefined ? undefined : this.cluster.inventory.services.get(name);
    if (service === undefined || service.isListed) {
      return undefined;
    }
    const wanted = Object.entries(service.selector);
    const mayBe = (labels: Pod['labels'], [key, value]: [string, string]) =>
      labels[key] === value || placeholderIn(labels[key] ?? '') !== undefined || hasVagueKey(labels);
    const pod = [...this.pods].find(
      ([{ labels, namespace }]) =>
        namespace === service.namespace &&
        !wanted.every(([key, value]) => labels[key] === value) &&
        wanted.every((pair) => mayBe(labels, pair)),
    );
    return pod !== undefined && wanted.length > 0
      ? `which pods are behind the Service${this.named(`${service.namespace}/${service.name}`)}, which is filled in later`
      : undefined;
  }

  private named(name: string): string {
    return this.shown.has(name) ? ` ${name.replace(/^\//, '')}` : ' of the inventory';
  }
}

function isSurelyDenied(side: Side, of: (rule: Rule) => readonly Match[]): boolean {
  return (
    side.decision === 'denied' && side.reason === 'deny-rule' && side.because.some(({ rule }) => of(rule).every((one) => one === 'yes'))
  );
}

/** The labels of an end. */
interface KnownLabels {
  readonly is: Rule['subject']['is'];
  readonly labels: Labels;
  /** Whether it has a label of an unknown key, which may be any. */
  readonly mayHaveMore: boolean;
}

type Match = 'yes' | 'maybe' | 'no';

/** Whether a rule applies to an end and the other. All is known of an end that is no pod and no node. */
function matchOf({ subject, peers }: Rule, own: KnownLabels | undefined, other: KnownLabels | undefined): Match {
  if (own?.is !== subject.is) {
    return 'no';
  }
  const ofSubject = meetsAll(subject.selector.requirements, own);
  if (ofSubject !== 'yes' || peers.is !== 'selectors' || other === undefined) {
    return ofSubject;
  }
  const isMaybe = peers.selectors.some((selector) => selector.is === 'labels' && meetsAll(selector.requirements, other) === 'maybe');
  return isMaybe ? 'maybe' : 'yes';
}

function meetsAll(requirements: readonly Requirement[], labels: KnownLabels): Match {
  const all = requirements.map((requirement) => meetsOne(requirement, labels));
  return all.includes('no') ? 'no' : all.includes('maybe') ? 'maybe' : 'yes';
}

function meetsOne(requirement: Requirement, { labels, mayHaveMore }: KnownLabels): Match {
  const isKnown = meets(requirement, labels);
  const asked = labels.find(({ key }) => key === requirement.key);
  const isOfUnknownValue = asked !== undefined && placeholderIn(asked.value) !== undefined && requirement.values.length > 0;
  return isOfUnknownValue || (asked === undefined && mayHaveMore) ? 'maybe' : isKnown ? 'yes' : 'no';
}

function hasVagueKey(labels: Readonly<Record<string, string>>): boolean {
  return Object.keys(labels).some((key) => placeholderIn(key) !== undefined);
}

function isVague(labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).some((pair) => pair.some((text) => placeholderIn(text) !== undefined));
}
