/** Whether a change of policies opens, or closes, nothing but flows that are listed: over every two ends that there are or could be. */
import type { Side } from '../../model/flow';
import type { ChangeDemand, EndSet, FlowSet, PortSpan } from '../../model/property';
import { groupedBy } from '../../net/grouped';
import { accepted, Parsed } from '../../net/parsed';
import { Change, ChangedPassage, effectsOf } from '../../reach/compare';
import { lastOf } from '../../reach/traffic';
import type { Universe } from '../../reach/universe/universe';
import type { Settings } from '../../settings/settings';
import { changesIn, Doubt, doubtsOf, unknownIn, witnessed, WitnessedChange } from '../changes';
import { OpenedComparison, openComparison } from '../reach';
import type { Verdicts } from '../verdicts';
import { uncountedPods, unlisted } from './doubts';
import { EndSets, isEndpoint } from './end-sets';
import { gapsIn } from './port-spans';
import type { Found, ProofOptions } from './proof';

/** What a demand finds of a change. `ruledOut`: pods that do not exist. */
export function foundOfChange(
  { kind, flows }: ChangeDemand,
  ruledOut: readonly EndSet[],
  [before, after]: readonly [Verdicts, Verdicts],
  settings: Settings,
  { mostPossible }: ProofOptions,
): Parsed<Found> {
  const sets = EndSets.over([...flows.flatMap(({ from, to }) => [from, to]), ...ruledOut], after.engines()[0], settings);
  if (!sets.ok) {
    return sets;
  }
  const opened = openComparison(before, after, mostPossible, [sets.value.engine]);
  if (!opened.ok) {
    return opened;
  }
  const { universe, pairs } = opened.value;
  const ends = sets.value.existing(universe.ends, ruledOut);
  if (!ends.ok) {
    return ends;
  }
  const listed = new Listed(flows, sets.value, universe, new Set(ends.value), mostPossible > 0);
  const beyond = [...changesIn(opened.value), ...unknownIn(opened.value)]
    .filter((change) => effectsOf(change).includes(kind))
    .flatMap((change) => listed.beyond(change))
    .flatMap((change) => witnessed(change, universe, before, after));
  const failing = beyond.filter(({ is }) => is === kind);
  const unsure = beyond.filter((change) => change.is !== kind && effectsOf(change).includes(kind));
  const doubts = doubtsIn(opened.value, mostPossible > 0);
  const reasons = unsure.flatMap((change) => reasonsFor(change, kind));
  const flow = failing[0]?.witness?.flow;
  return accepted({
    looked: pairs.size,
    failed: failing.reduce((sum, { from, to }) => sum + from.length * to.length, 0),
    ...(flow !== undefined && { witness: { is: 'flow', flow, verdicts: after, before, added: [] } }),
    missing: [...doubts, ...reasons.filter((reason) => !doubts.some((doubt) => doubt.endsWith(reason)))],
  });
}

/** The flows that may change. */
class Listed {
  private readonly known = new Map<number, { readonly from: string; readonly to: string }>();

  public constructor(
    private readonly flows: readonly FlowSet[],
    private readonly sets: EndSets,
    private readonly universe: Universe,
    private readonly existing: ReadonlySet<number>,
    private readonly isOfPossible: boolean,
  ) {}

  /** The parts of a change that are not listed. */
  public beyond(change: Change): readonly Change[] {
    const groups = (ends: readonly number[], side: 'from' | 'to') =>
      groupedBy(
        ends.filter((end) => this.existing.has(end)),
        (end) => this.meant(end)[side],
      );
    const [sources, destinations] = [groups(change.from, 'from'), groups(change.to, 'to')];
    return [...sources].flatMap(([ofSource, from]) =>
      [...destinations].flatMap(([ofDestination, to]) => {
        const meant = this.flows.filter((_, i) => ofSource[i] === '1' && ofDestination[i] === '1');
        const traffic = change.traffic.flatMap((passage) => remaining(passage, meant));
        return traffic.length === 0 || this.isAlone(from, to) ? [] : [{ ...change, from, to, traffic }];
      }),
    );
  }

  /** One pod is no pair with itself, unless there could be another one like it. */
  private isAlone([from, ...sources]: readonly number[], [to, ...destinations]: readonly number[]): boolean {
    const { is, members } = this.universe.ends[from];
    const isOne = sources.length + destinations.length === 0 && from === to;
    return isOne && !this.isOfPossible && is === 'pods' && members.length === 1;
  }

  /** Of which listed flows an end is a source and a destination, a digit each. */
  private meant(end: number): { readonly from: string; readonly to: string } {
    const has = (set: EndSet) => (this.sets.has(set, this.universe.ends[end]) ? '1' : '0');
    const meant = this.known.get(end) ?? {
      from: this.flows.map(({ from }) => has(from)).join(''),
      to: this.flows.map(({ to }) => has(to)).join(''),
    };
    this.known.set(end, meant);
    return meant;
  }
}

/** The parts of a passage that none of the flows is about. */
function remaining(passage: ChangedPassage, flows: readonly FlowSet[]): readonly ChangedPassage[] {
  if (flows.some(({ ports }) => ports === undefined)) {
    return [];
  }
  const { protocol, first, last } = passage;
  // Port 0 is no port of a flow.
  const span: PortSpan = { protocol, first: lastOf(protocol) === 65_535 ? Math.max(first, 1) : first, last };
  return gapsIn(
    span,
    flows.flatMap(({ ports = [] }) => ports),
  ).map((gap) => ({ ...passage, ...gap }));
}

/** Why it is not known whether a change does something. */
function reasonsFor({ is, witness }: WitnessedChange, kind: ChangeDemand['kind']): readonly string[] {
  const does = kind === 'opened' ? 'opens' : 'closes';
  if (is === 'rewritten') {
    return [`whether the change ${does} requests: what proxies ask before and after cannot be compared`];
  }
  const sides: readonly Side[] = [witness?.before, witness?.after].flatMap((one) => (one === undefined ? [] : [one.egress, one.ingress]));
  const reasons = sides.flatMap((side) => (side.decision === 'unknown' ? [side.missing] : []));
  return reasons.length === 0 ? [`whether the change ${does} a flow`] : reasons;
}

/** Why it is not proved that nothing changes. */
function doubtsIn({ universe, all: [before, after] }: OpenedComparison, isOfPossible: boolean): readonly string[] {
  // Where no rule is another one, it does not matter who is told apart.
  const isSame = universe.relevance?.changed.length === 0;
  return [
    ...doubtsOf(universe, before.verdicts, after.verdicts).flatMap((doubt) =>
      isSame && (doubt.is === 'partial' || doubt.is === 'port-names') ? [] : [doubtText(doubt)],
    ),
    ...(isSame ? [] : unlisted(after.verdicts, isOfPossible)),
    ...(isSame || isOfPossible ? [] : onOneSide(before.verdicts, after.verdicts)),
  ];
}

/** Pods that are there before the change or after it are kinds of pods that could exist: without these, nothing is said of them. */
function onOneSide({ inventory: { pods: old } }: Verdicts, { inventory: { pods: now } }: Verdicts): readonly string[] {
  const [one] = [...old, ...now].find(([name, pod]) => isEndpoint(pod) && !(old.has(name) && now.has(name))) ?? [];
  return one === undefined ? [] : [`what passes from and to \`${one}\`, which is there on one side of the change only`];
}

function doubtText(doubt: Doubt): string {
  switch (doubt.is) {
    case 'unread':
      return `${doubt.side} the change: ${doubt.text}`;
    case 'port-names':
      return `which ports of pods that are not listed are called \`${doubt.names[0]}\``;
    case 'vague':
      return `what differs in the values of ${doubt.policies[0].kind} ${doubt.policies[0].name}, which are not known`;
    case 'partial':
      return uncountedPods(doubt);
  }
}
