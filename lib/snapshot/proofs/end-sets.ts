/**
 * Sets of ends as policies that nobody applies: the ends that a set describes are the peers that such a policy selects.
 *
 * So sets mean what Cilium's selectors, entities and CIDRs mean in the minor that is judged, and a universe over these policies too has no end that is
 * only partly in a set.
 */
import { isReason } from '../../admission/admit';
import type { WrittenEnd } from '../../model/flow';
import type { Pod } from '../../model/inventory';
import { asList, JsonObject } from '../../model/json';
import type { Labels } from '../../model/label';
import type { Policy, Selector } from '../../model/policy';
import type { EndPart, EndSet, LabelsWanted, PassingDemand, PortSpan, StateDemand } from '../../model/property';
import { NAMESPACE_KEY, NAMESPACE_LABELS_PREFIX } from '../../net/label-keys';
import { accepted, Parsed, refused } from '../../net/parsed';
import type { FastEngine } from '../../reach/engine';
import type { UniverseEnd } from '../../reach/universe/universe';
import { readObjects } from '../../read/read';
import type { Agent } from '../../resolve/agent';
import { selects } from '../../resolve/matching';
import type { Settings } from '../../settings/settings';
import { Snapshot } from '../snapshot';
import type { Verdicts } from '../verdicts';

export class EndSets {
  /** The parts that ends are in: of the same ends it is asked again and again. */
  private readonly parts = new Map<EndSet, Map<WrittenEnd, readonly number[]>>();

  private constructor(
    /** Has the same cluster as the engine that it is made of, and only the policies of the sets. */
    public readonly engine: FastEngine,
    /** By set, the selectors of each part. */
    private readonly selectors: ReadonlyMap<EndSet, readonly (readonly Selector[])[]>,
  ) {}

  /** Opens sets over a cluster; refused if a selector, an entity or a CIDR is none for Cilium. */
  public static over(sets: readonly EndSet[], cluster: FastEngine, settings: Settings): Parsed<EndSets> {
    const distinct = [...new Set(sets)];
    const policies = policiesOf(
      distinct.flatMap((set, i) => set.map((part, k) => policyOf(`set-${i}-${k}`, part))),
      settings,
    );
    if (!policies.ok) {
      return policies;
    }
    const engine = cluster.with(policies.value);
    const selectors = new Map(
      distinct.map((set, i) => [
        set,
        set.map((_, k) =>
          engine.resolver.entries.filter(({ policy }) => policy.name === `set-${i}-${k}`).flatMap((entry) => entry.selectors),
        ),
      ]),
    );
    const dropped = droppedIn([...selectors.values()].flat(2), engine.resolver.agent);
    return dropped === undefined
      ? accepted(new EndSets(engine, selectors))
      : refused(`Cilium does not keep the label \`${dropped}\`, so no selector sees it`, 'ask about labels that its configuration keeps');
  }

  /** Whether an end of a universe over these sets is in one of them. */
  public has(set: EndSet, end: Pick<UniverseEnd, 'written'>): boolean {
    return this.partsOf(set, end).length > 0;
  }

  /** The numbers of the ends that are in none of the sets, which are said not to exist; refused if a listed pod is in one. */
  public existing(ends: readonly UniverseEnd[], ruledOut: readonly EndSet[]): Parsed<readonly number[]> {
    const isRuledOut = (end: Pick<UniverseEnd, 'written'>) => ruledOut.some((never) => this.has(never, end));
    // Not every pod is an end where two inventories are compared.
    const pods = ruledOut.length === 0 ? [] : [...this.engine.resolver.cluster.inventory.pods];
    const [wrong] = pods.find(([name, pod]) => isEndpoint(pod) && isRuledOut({ written: { is: 'pod', name } })) ?? [];
    return wrong === undefined
      ? accepted([...ends.keys()].filter((i) => !isRuledOut(ends[i])))
      : refused(`pod \`${wrong}\` is there, and an assumption says that no such pod is`);
  }

  /** The parts of a set that an end is in, by number. */
  public partsOf(set: EndSet, { written }: Pick<UniverseEnd, 'written'>): readonly number[] {
    const known = this.parts.get(set)?.get(written) ?? this.partsWith(set, this.labelsOf(written));
    const ofSet = this.parts.get(set) ?? new Map<WrittenEnd, readonly number[]>();
    this.parts.set(set, ofSet);
    ofSet.set(written, known);
    return known;
  }

  private partsWith(set: EndSet, labels: Labels | undefined): readonly number[] {
    const { agent } = this.engine.resolver;
    const isIn = (part: readonly Selector[]) => labels !== undefined && part.some((selector) => selects(selector, labels, agent));
    return this.selectors.get(set)!.flatMap((part, k) => (isIn(part) ? [k] : []));
  }

  private labelsOf(written: WrittenEnd): Labels | undefined {
    const resolved = this.engine.endpoint(written);
    return resolved && this.engine.resolver.view('').peer(resolved.end).labels;
  }
}

/** Whether a listed pod is an endpoint of its own. */
export function isEndpoint({ hostNetwork, isAbsent }: Pod): boolean {
  return !hostNetwork && isAbsent !== true;
}

/** A label of pods or namespaces that Cilium's filter drops: a requirement of it would be one of nobody, or of everybody. */
function droppedIn(selectors: readonly Selector[], agent: Agent): string | undefined {
  const requirements = selectors.flatMap((one) => (one.is === 'labels' ? one.requirements : []));
  return requirements.find(({ source, key }) => (source === 'k8s' || source === 'any') && !agent.keepsLabel('k8s', key))?.key;
}

/** The sets of a demand. */
export function setsOf(demand: StateDemand): readonly EndSet[] {
  switch (demand.is) {
    case 'closed':
      return [demand.of];
    case 'nodes-open':
      return [demand.sshFrom, demand.dns].filter((set) => set !== undefined);
    case 'nothing':
    case 'everything':
      return [demand.from.set, demand.to.set];
  }
}

/** The selector of nodes with labels; refused if Cilium would not take it. */
export function nodeSelectorOf(labels: LabelsWanted, settings: Settings): Parsed<Selector> {
  const spec = { nodeSelector: { ...labels }, ingress: [{ fromEntities: ['none'] }] };
  const policies = policiesOf(
    [{ apiVersion: 'cilium.io/v2', kind: 'CiliumClusterwideNetworkPolicy', metadata: { name: 'nodes' }, spec }],
    settings,
  );
  return policies.ok ? accepted(policies.value[0].rules[0].subject.selector) : policies;
}

/** Reads policies that nobody applies; refused if Cilium would not take them as they are. */
export function policiesOf(manifests: readonly JsonObject[], settings: Settings): Parsed<readonly Policy[]> {
  const objects = manifests.map((value) => ({ value }));
  const opened = new Snapshot(readObjects('sets', objects, settings), settings).verdicts();
  if (!opened.ok) {
    return opened;
  }
  const problem = problemIn(opened.value);
  return problem === undefined ? accepted(opened.value.policies) : refused(problem);
}

/** Why a set is not what it seems to be: Cilium would reject it, or drop a part of it. */
function problemIn({ refused: rejected, warnings }: Verdicts): string | undefined {
  const [first] = rejected;
  const finding = first?.findings.find(isReason) ?? first?.findings.at(0);
  const [dropped] = warnings.flatMap((warning) => ('is' in warning && warning.is === 'dropped' ? [warning.path.at(-1)] : []));
  return finding?.wording.message ?? (dropped === undefined ? undefined : `a selector has no field \`${dropped}\``);
}

/** A policy whose peers are the ends of a part of a set. */
function policyOf(name: string, part: EndPart): JsonObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name },
    spec: {
      endpointSelector: {},
      ...(part.is === 'names' ? { egress: [asEgress(ruleOf(part))] } : { ingress: [ruleOf(part)] }),
    },
  };
}

/**
 * Policies that are about all that demands ask, and about nothing else: what they would change is what is asked, so whatever cannot matter to such a
 * change cannot matter to the demands. `undefined` if they ask for more than the traffic of pods.
 */
export function policiesAbout(demands: readonly StateDemand[], more: readonly EndSet[]): readonly JsonObject[] | undefined {
  const specs = demands.map((demand) => (demand.is === 'closed' || demand.is === 'nodes-open' ? [] : specsAbout(demand, more.flat())));
  return specs.some((some) => some.length === 0)
    ? undefined
    : specs.map((own, i) => ({
        apiVersion: 'cilium.io/v2',
        kind: 'CiliumClusterwideNetworkPolicy',
        metadata: { name: `about-${i}` },
        specs: own,
      }));
}

function specsAbout({ from, to, ports = [] }: PassingDemand, more: EndSet): readonly JsonObject[] {
  const [sources, destinations] = [from, to].map(({ set, isOthers = false }): EndSet => [...set, ...(isOthers ? EVERYTHING : [])]);
  // Policies are of pods: what others say to others is not told by them.
  if (![sources, destinations].some((set) => set.every(({ is }) => is === 'pods'))) {
    return [];
  }
  const onPorts = toPortsOf(ports) ?? {};
  const about = (subjects: EndSet, rules: JsonObject): readonly JsonObject[] =>
    subjects.flatMap((part) =>
      part.is === 'pods'
        ? [{ endpointSelector: endpointSelector(part), ...rules, enableDefaultDeny: { ingress: false, egress: false } }]
        : [],
    );
  return [
    ...about(destinations, { ingress: [...sources.filter(isSource), ...more].map((part) => ({ ...ruleOf(part), ...onPorts })) }),
    ...about(sources, { egress: [...destinations, ...more].map((part) => ({ ...asEgress(ruleOf(part)), ...onPorts })) }),
  ];
}

const EVERYTHING: EndSet = [{ is: 'pods' }, { is: 'entities', names: ['all'] }];

/** Of one rule. Source: cilium `pkg/policy/api/l4.go`, `MaxPorts`. */
const MOST_PORTS = 40;

/** Names open no connections. */
function isSource({ is }: EndPart): boolean {
  return is !== 'names';
}

/** The ports of a rule: no field if all are meant, and `undefined` if they are too many for one rule. */
export function toPortsOf(spans: readonly PortSpan[] = []): JsonObject | undefined {
  const ports = spans.map(({ protocol, first, last }) => ({ port: String(first), ...(last > first && { endPort: last }), protocol }));
  return ports.length > MOST_PORTS ? undefined : ports.length === 0 ? {} : { toPorts: [{ ports }] };
}

/** A rule for ingress with its peers, as one for egress. */
export function asEgress(rule: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(rule).map(([field, value]) => [field.replace(/^from/, 'to'), value]));
}

/** A rule for ingress whose peers are those of a part. */
export function ruleOf(part: EndPart): JsonObject {
  switch (part.is) {
    case 'pods':
      return { fromEndpoints: [endpointSelector(part)] };
    case 'entities':
      return { fromEntities: part.names };
    case 'cidrs':
      return { fromCIDR: part.texts };
    case 'names':
      return { fromFQDNs: part.patterns.map((text) => (text.includes('*') ? { matchPattern: text } : { matchName: text })) };
  }
}

/** The same as a subject: never Cilium's own endpoints, such as those for health and ingress, which have no namespace. */
export function podSelector(part: PodsPart): JsonObject {
  const { matchExpressions, ...others } = endpointSelector(part);
  const inNamespace = part.namespaces === undefined ? [{ key: `k8s:${NAMESPACE_KEY}`, operator: 'Exists' }] : [];
  const all = [...asList(matchExpressions), ...inNamespace];
  return { ...others, ...(all.length > 0 && { matchExpressions: all }) };
}

type PodsPart = Extract<EndPart, { is: 'pods' }>;

/** The selector of Cilium that selects the same pods. */
export function endpointSelector({ namespaces, namespaceSelector, podSelector }: Extract<EndPart, { is: 'pods' }>): JsonObject {
  const [ofPods, ofNamespaces] = [prefixed(podSelector, 'k8s:'), prefixed(namespaceSelector, `k8s:${NAMESPACE_LABELS_PREFIX}`)];
  const named = namespaces === undefined ? [] : [{ key: `k8s:${NAMESPACE_KEY}`, operator: 'In', values: namespaces }];
  const matchLabels = { ...ofPods.matchLabels, ...ofNamespaces.matchLabels };
  const matchExpressions = [...ofPods.matchExpressions, ...ofNamespaces.matchExpressions, ...named];
  return {
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
    ...(matchExpressions.length > 0 && { matchExpressions }),
  };
}

function prefixed({ matchLabels, matchExpressions }: LabelsWanted = ANY_LABELS, prefix: string): LabelsWanted {
  return {
    matchLabels: Object.fromEntries(Object.entries(matchLabels).map(([key, value]) => [prefix + key, value])),
    matchExpressions: matchExpressions.map((one) => ({ ...one, ...(typeof one.key === 'string' && { key: prefix + one.key }) })),
  };
}

const ANY_LABELS: LabelsWanted = { matchLabels: {}, matchExpressions: [] };
