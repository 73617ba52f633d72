/**
 * The ends that a property is about, and what passes between them.
 *
 * A universe that also tells apart what the sets of a property select has, for every flow, one between two of its ends with the same verdict. So a
 * property holds if it holds of those ends. What fails is shown by a flow that the specification judges so.
 */
import type { Flow, WrittenEnd } from '../../model/flow';
import type { JsonObject } from '../../model/json';
import type { Direction, Policy, Selector } from '../../model/policy';
import type { Ends, EndSet, NodeDemand, PassingDemand, PortSpan, StateDemand } from '../../model/property';
import { accepted, Parsed } from '../../net/parsed';
import type { Passage, Traffic } from '../../reach/traffic';
import type { Universe } from '../../reach/universe/universe';
import type { Settings } from '../../settings/settings';
import { exampleIn, pairOf, WrittenPair } from '../example-flows';
import { openAbout, openBeside, OpenedReach, OpenPairs, Reach } from '../reach';
import type { Snapshot } from '../snapshot';
import type { Verdicts } from '../verdicts';
import { uncountedPods, unlisted } from './doubts';
import { EndSets, nodeSelectorOf, policiesAbout, policiesOf, setsOf } from './end-sets';
import { MOST_NEEDS, needsOf, nodesIn } from './node-access';
import { PortNames } from './port-names';
import { gapsIn, onPorts } from './port-spans';
import type { Found, ProofOptions } from './proof';
import { ADDED, worstRules } from './worst-policies';

/** How many flows are tried until one shows what fails. */
const MOST_TRIED = 24;

/** The open pairs, up to a number of them. */
function* pairs(sources: readonly number[], open: OpenPairs, most: number): Generator<readonly [number, number]> {
  let left = most;
  for (const from of sources) {
    const own = open.of(from).slice(0, left);
    left -= own.length;
    for (const to of own) {
      yield [from, to];
    }
  }
}

/** The ends that the policies and the sets of a property tell apart. */
export class AskedEnds {
  private constructor(
    private readonly whoever: EndSet | undefined,
    private readonly universe: Universe,
    private readonly reach: Reach,
    private readonly sets: EndSets,
    /** The ends that exist. */
    private readonly ends: readonly number[],
    /** Whether pods that could exist are among them. */
    private readonly isOfPossible: boolean,
    /** The nodes that demands are about. */
    private readonly nodes: ReadonlyMap<StateDemand, Selector>,
  ) {}

  /** `ruledOut`: pods that do not exist. `whoever`: those whose owners add policies. */
  public static open(
    demands: readonly StateDemand[],
    { ruledOut, whoever }: { readonly ruledOut: readonly EndSet[]; readonly whoever: EndSet | undefined },
    verdicts: Verdicts,
    { settings }: Snapshot,
    { mostPossible }: ProofOptions,
  ): Parsed<AskedEnds> {
    const asked = demands.flatMap(setsOf);
    const more = [...ruledOut, ...(whoever === undefined ? [] : [whoever])];
    const sets = EndSets.over([...asked, ...more], verdicts.engines()[0], settings);
    if (!sets.ok) {
      return sets;
    }
    const nodes = new Map<StateDemand, Selector>();
    for (const demand of demands) {
      const selector = demand.is === 'nodes-open' && demand.nodes !== undefined ? nodeSelectorOf(demand.nodes, settings) : undefined;
      if (selector?.ok === false) {
        return selector;
      }
      if (selector !== undefined) {
        nodes.set(demand, selector.value);
      }
    }
    const opened = openedFor(demands, more, sets.value, verdicts, settings, mostPossible);
    if (!opened.ok) {
      return opened;
    }
    const { universe, all } = opened.value;
    const ends = sets.value.existing(universe.ends, ruledOut);
    return ends.ok ? accepted(new AskedEnds(whoever, universe, all[0], sets.value, ends.value, mostPossible > 0, nodes)) : ends;
  }

  public found(demand: StateDemand): Found {
    switch (demand.is) {
      case 'closed':
        return this.closed(demand);
      case 'nodes-open':
        return this.nodesOpen(demand);
      case 'nothing':
      case 'everything':
        return this.passing(demand);
    }
  }

  private passing(demand: PassingDemand): Found {
    const [sources, destinations] = [this.members(demand.from, true), this.members(demand.to, false)];
    const doubts = [...this.doubts(), ...this.emptyParts(demand.from), ...this.emptyParts(demand.to)];
    const open = this.openPairs(demand, sources, destinations);
    const count = sources.length * destinations.length;
    if (open.size > MOST_PAIRS) {
      const [pairs, most] = [open.size, MOST_PAIRS].map((number) => number.toLocaleString('en'));
      doubts.push(`all flows: something may pass between ${pairs} pairs of kinds of ends, and at most ${most} are looked at`);
    }
    const portNames = new PortNames(this.reach.verdicts, this.universe, this.isOfPossible);
    const failing: Flow[] = [];
    const missing = new Set<string>();
    let failed = 0;
    for (const [from, to] of pairs(sources, open, MOST_PAIRS)) {
      const pair = this.pairOf(from, to);
      if (pair === undefined) {
        continue;
      }
      const { certain, unsure } = against(demand, this.reach.traffic(from, to), pair);
      failed += certain === undefined ? 0 : 1;
      if (certain !== undefined && failing.length < MOST_TRIED) {
        failing.push(certain);
      }
      const reasons = unsure === undefined ? this.missingOf(pair, demand.ports) : this.reasonsFor(unsure);
      [...reasons, ...portNames.between(from, to)].forEach((reason) => missing.add(reason));
    }
    this.namesInstead(demand, sources).forEach((reason) => missing.add(reason));
    const shown = failing.find((flow) => this.allowed(flow) === (demand.is === 'nothing'));
    const unshown = failed > 0 && shown === undefined ? this.reasonsFor(failing[0]) : [];
    return {
      looked: count,
      failed: shown === undefined ? 0 : failed,
      ...(shown && { witness: { is: 'flow', flow: shown, verdicts: this.reach.verdicts, added: this.addedFor(shown, demand) } }),
      missing: [...doubts, ...missing, ...unshown],
    };
  }

  /** The pairs that may be against a demand. A port name may be any port of a pod that could exist, whatever tables say. */
  private openPairs({ is }: PassingDemand, sources: readonly number[], destinations: readonly number[]): OpenPairs {
    return is === 'nothing' && this.universe.portNames.length === 0
      ? this.reach.open(sources, destinations)
      : { size: sources.length * destinations.length, of: () => destinations };
  }

  /** Two ends as a flow may have them. One pod is no pair with itself, unless there could be another one like it. */
  private pairOf(from: number, to: number): WrittenPair | undefined {
    const { ends } = this.universe;
    const isAlone = from === to && !this.isOfPossible && ends[from].is === 'pods' && ends[from].members.length === 1;
    return isAlone ? undefined : pairOf(ends[from], ends[to], this.reach.verdicts.inventory);
  }

  /** What else may turn flows between two ends, and was not judged. */
  private missingOf(pair: WrittenPair, ports: readonly PortSpan[] = ANY_PORT): readonly string[] {
    const { isAnyMissing, missingOf } = this.reach.verdicts;
    const sides = isAnyMissing ? ports.map(({ protocol, first }) => missingOf({ ...pair, protocol, port: first })) : [];
    return sides.flatMap((side) => [side?.egress, side?.ingress].flatMap((missing) => missing?.text ?? []));
  }

  /** A name of which no address is known may have any: then CIDRs are reached by it. */
  private namesInstead(demand: PassingDemand, sources: readonly number[]): readonly string[] {
    if (demand.is !== 'nothing' || demand.to.isOthers === true || !demand.to.set.some(({ is }) => is === 'cidrs')) {
      return [];
    }
    const names = this.ends.filter((i) => this.universe.ends[i].is === 'name' && !this.hasAddress(i));
    return names.flatMap((name) => {
      const isReached = sources.some((from) => onPorts(this.reach.traffic(from, name).passages, demand.ports).length > 0);
      return isReached ? [`whether \`${this.universe.ends[name].members[0]}\`, which is reached, has an address in the CIDRs`] : [];
    });
  }

  private hasAddress(end: number): boolean {
    const { written } = this.universe.ends[end];
    return written.is === 'fqdn' && this.reach.verdicts.inventory.names.has(written.name);
  }

  private closed({ of, direction }: Extract<StateDemand, { is: 'closed' }>): Found {
    const pods = this.members({ set: of }, true).filter((i) => ['pods', 'possible-pods'].includes(this.universe.ends[i].is));
    const found = pods.map((i) => ({ i, closed: closedIn(this.universe.ends[i].written, direction, this.reach.verdicts) }));
    const missing = new Set(
      pods.flatMap((i) => this.missingOf({ from: this.universe.ends[i].written, to: this.universe.ends[i].written })),
    );
    const open = missing.size > 0 ? [] : found.filter(({ closed }) => !closed.includes(true));
    const unsure = found.some(({ closed }) => closed.includes(true) && closed.includes(false));
    const [first] = open;
    return {
      looked: pods.length,
      failed: open.length,
      ...(first !== undefined && {
        witness: { is: 'open', pod: this.universe.ends[first.i].written, direction, verdicts: this.reach.verdicts },
      }),
      missing: [
        ...this.doubts(),
        ...this.emptyParts({ set: of }),
        ...missing,
        ...(unsure ? ['whom a policy selects: a value of it is filled in later'] : []),
      ],
    };
  }

  /** Of nodes only those that are listed are known, so flows between them are judged one by one. */
  private nodesOpen(demand: NodeDemand): Found {
    const { verdicts } = this.reach;
    const { agent, inventory } = verdicts;
    const kinds = new Map(this.universe.ends.flatMap(({ is, members }, i) => (is === 'nodes' ? members.map((name) => [name, i]) : [])));
    const nodes = nodesIn(inventory, this.nodes.get(demand), agent, kinds);
    const endsIn = (set: EndSet | undefined, isSource: boolean) =>
      set === undefined ? [] : this.members({ set }, isSource).map((i) => this.universe.ends[i].written);
    const needs = needsOf(demand, nodes, { sshFrom: endsIn(demand.sshFrom, true), dns: endsIn(demand.dns, false) }, agent);
    if (needs === undefined) {
      return { looked: 0, failed: 0, missing: [`all flows: at most ${MOST_NEEDS.toLocaleString('en')} of nodes are looked at`] };
    }
    const judged = needs.map((need) => ({ ...need, allowed: need.flows.map((flow) => this.allowed(flow)) }));
    const failing = judged.filter(({ allowed }) => allowed.every((one) => one === false));
    const unsure = judged.filter(({ allowed }) => !allowed.every((one) => one === allowed[0]) || allowed.includes(undefined));
    const isUndecided = !Object.hasOwn(agent.config, 'enable-host-firewall') && verdicts.policies.some(isOfNodes);
    const isNobody = !nodes.some(({ isAsked }) => isAsked);
    const [first] = failing;
    return {
      looked: needs.length,
      failed: failing.length,
      ...(first !== undefined && { witness: { is: 'flow', flow: first.flows[0], verdicts, added: [], what: first.what } }),
      missing: [
        ...this.doubts(),
        ...(isNobody
          ? [nodes.length === 0 ? 'the nodes: give them with the inventory' : 'a node: `nodes` selects none of those that are listed']
          : []),
        ...(isUndecided ? ['whether the host firewall is on: give `enable-host-firewall` with the configuration'] : []),
        ...setsOf(demand).flatMap((set) => this.emptyParts({ set })),
        ...unsure.flatMap(({ flows, allowed, missing }) =>
          allowed.includes(undefined) ? this.reasonsFor(flows[allowed.indexOf(undefined)]) : [missing],
        ),
      ],
    };
  }

  /** The ends of a set, by number. A pod that could exist in no namespace that is known is one, too. */
  private members({ set, isOthers = false }: Ends, isSource: boolean): readonly number[] {
    return this.ends.filter((i) => {
      const end = this.universe.ends[i];
      // The node that a pod is on always reaches it, whatever policies say.
      const isOwnNode = isOthers && isSource && end.is === 'entity' && end.members[0] === 'host';
      const isOnlyDestination = isSource && end.is === 'name' && !this.hasAddress(i);
      return this.sets.has(set, end) !== isOthers && !isOwnNode && !isOnlyDestination;
    });
  }

  /** The policies of namespaces with which somebody makes a flow possible, or impossible. */
  private addedFor({ from, to }: Flow, demand: PassingDemand): readonly JsonObject[] {
    const { whoever } = this;
    const own = whoever === undefined ? [] : [from, to].filter((written) => this.sets.has(whoever, { written }));
    const namespaces = own.flatMap((one) => this.namespaceOf(one) ?? []);
    const rules = worstRules(demand.is, this.reach.verdicts.agent.minor);
    return [...new Set(namespaces)].map((namespace) => ({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      metadata: { name: ADDED, namespace },
      spec: { endpointSelector: {}, ...rules },
    }));
  }

  private namespaceOf(written: WrittenEnd): string | undefined {
    return written.is === 'labels'
      ? written.namespace
      : written.is === 'pod'
        ? this.reach.verdicts.inventory.pods.get(written.name)?.namespace
        : undefined;
  }

  private allowed(flow: Flow): boolean | undefined {
    const verdict = this.reach.verdicts.verdict(flow);
    return verdict.ok ? verdict.value.allowed : undefined;
  }

  /** Why it is not known whether a flow passes. */
  private reasonsFor(flow: Flow): readonly string[] {
    const verdict = this.reach.verdicts.verdict(flow);
    const sides = verdict.ok ? [verdict.value.egress, verdict.value.ingress] : [];
    const reasons = sides.flatMap((side) => (side.decision === 'unknown' ? [side.missing] : []));
    return reasons.length === 0 ? ['whether a flow passes'] : reasons;
  }

  /** The parts of a set that no end is in: a part that is misspelt would prove nothing. */
  private emptyParts({ set }: Ends): readonly string[] {
    const found = new Set(this.ends.flatMap((i) => this.sets.partsOf(set, this.universe.ends[i])));
    return set.every((_, k) => found.has(k)) ? [] : ['an end: a set, or a part of one, has none, so nothing is proved'];
  }

  private doubts(): readonly string[] {
    const { verdicts } = this.reach;
    const { whoever } = this;
    const isNobody = whoever !== undefined && !this.ends.some((i) => this.sets.has(whoever, this.universe.ends[i]));
    return [
      ...(isNobody ? ['who writes policies: no pod is in these namespaces'] : []),
      ...(verdicts.unread === undefined ? [] : [verdicts.unread.text]),
      ...unlisted(verdicts, this.isOfPossible),
      ...this.universe.partial.map(uncountedPods),
    ];
  }
}

function isOfNodes({ rules }: Policy): boolean {
  return rules.some(({ subject }) => subject.is === 'nodes');
}

/** Of pairs between which something may pass: beyond, the answer would take minutes. */
const MOST_PAIRS = 5_000_000;

/** For what may be missing, where a demand is about all ports. */
const ANY_PORT: readonly PortSpan[] = [443, 80, 53].map((port) => ({ protocol: 'TCP', first: port, last: port }));

/** A flow between two ends that is against a demand, and one of which nobody knows. */
function against(demand: PassingDemand, { passages }: Traffic, pair: WrittenPair): { readonly certain?: Flow; readonly unsure?: Flow } {
  const on = (is: Passage['is']) =>
    onPorts(
      passages.filter((one) => one.is === is),
      demand.ports,
    );
  const wrong = demand.is === 'nothing' ? on('allowed') : demand.ports.flatMap((span) => gapsIn(span, passages));
  return { certain: flowOn(wrong, pair), unsure: flowOn(on('unknown'), pair) };
}

function flowOn([span]: readonly PortSpan[], pair: WrittenPair): Flow | undefined {
  return span && { ...pair, protocol: span.protocol, port: exampleIn(span.first, span.last) };
}

/** A universe of all that policies tell apart; of what matters to the demands only, where that leaves less in doubt. */
function openedFor(
  demands: readonly StateDemand[],
  more: readonly EndSet[],
  { engine }: EndSets,
  verdicts: Verdicts,
  settings: Settings,
  mostPossible: number,
): Parsed<OpenedReach> {
  const plain = openBeside(verdicts, engine, mostPossible);
  const isCertain = plain.ok && plain.value.universe.partial.length + plain.value.universe.portNames.length === 0;
  const about = isCertain ? undefined : policiesAbout(demands, more);
  const policies = about && policiesOf(about, settings);
  const narrow = policies?.ok === true ? openAbout(verdicts, policies.value, mostPossible) : undefined;
  return narrow?.ok === true ? narrow : plain;
}

/** Whether a direction of a pod is in default deny, with the fewest peers and with the most. */
function closedIn(pod: WrittenEnd, direction: Direction, verdicts: Verdicts): readonly boolean[] {
  return verdicts.engines().map((engine) => {
    const self = engine.endpoint(pod);
    const local = self && engine.resolver.endpoint(self.end, engine.resolver.view(self.node ?? ''));
    const policy = local && engine.resolver.policy(local, direction);
    return policy?.is === 'resolved' && policy.isDefaultDeny;
  });
}
