/** What a change of policies does, each part with a flow that the specification judges so. */
import type { Flow, Verdict } from '../model/flow';
import type { Inventory } from '../model/inventory';
import type { Resource } from '../model/origin';
import { groupedBy } from '../net/grouped';
import type { Parsed } from '../net/parsed';
import { Change, ChangedPassage, ChangeKind, changesBetween } from '../reach/compare';
import type { Traffic } from '../reach/traffic';
import type { Universe } from '../reach/universe/universe';
import { pairedPassages } from '../reach/vague';
import { placeholdersIn } from '../read/placeholders';
import { passes } from '../verdict/decision';
import { exampleIn, pairOf, WrittenPair } from './example-flows';
import type { OpenedComparison } from './reach';
import { Asked, requestDifferences } from './requests';
import type { Verdicts } from './verdicts';

/** A flow with its verdict before and after the change. */
export interface Witness {
  readonly flow: Flow;
  readonly before: Verdict;
  readonly after: Verdict;
}

export interface WitnessedChange extends Change {
  /** `undefined` for a change of which no flow is found; it is undecided then. */
  readonly witness: Witness | undefined;
}

export interface Comparison {
  readonly universe: Universe;
  readonly changes: readonly WitnessedChange[];
  /** Why nothing found is no proof; empty if it is one. */
  readonly doubts: readonly Doubt[];
  /** Policies that are accepted before and rejected after, and the reverse: running agents keep the old version until they restart. */
  readonly refusals: readonly Refusal[];
}

export type Doubt =
  /** Something could not be read. */
  | { readonly is: 'unread'; readonly side: 'before' | 'after'; readonly text: string }
  /** Rules with port names may meet what changes, and pods that are not listed may have ports with these names. */
  | { readonly is: 'port-names'; readonly names: readonly string[] }
  /** Values that are not known differ: those that are filled in later, and what cloud groups hold. */
  | { readonly is: 'vague'; readonly policies: readonly Resource[] }
  /** Labels make more kinds of pods than were compared. */
  | { readonly is: 'partial'; readonly namespace: string | undefined; readonly keys: readonly string[] };

export interface Refusal {
  readonly resource: Resource;
  readonly is: 'rejected' | 'accepted';
}

/** Compares two opened snapshots: the first one before the change, the second one after it. */
export function compared(opened: OpenedComparison): Comparison {
  const { universe, all } = opened;
  const [before, after] = all;
  return {
    universe,
    changes: changesIn(opened).flatMap((change) => witnessed(change, universe, before.verdicts, after.verdicts)),
    doubts: doubtsOf(universe, before.verdicts, after.verdicts),
    refusals: refusalsOf(before.verdicts, after.verdicts),
  };
}

/** What passes before and not after, and the reverse. Some of it may be between ends that are never there at once. */
export function changesIn({ pairs, all: [before, after] }: OpenedComparison): readonly Change[] {
  return changesBetween(
    pairs,
    (from, to) => before.traffic(from, to),
    (from, to) => after.traffic(from, to),
  );
}

/** What is not known on both sides, where rules differ: it may change all the same. */
export function unknownIn({ pairs, all: [before, after] }: OpenedComparison): readonly Change[] {
  const known = new Map<Traffic, Map<Traffic, readonly ChangedPassage[]>>();
  const found: Change[] = [];
  pairs.forEach((from, to) => {
    const [old, now] = [before.traffic(from, to), after.traffic(from, to)];
    const others = known.get(old) ?? new Map<Traffic, readonly ChangedPassage[]>();
    known.set(old, others);
    const traffic = others.get(now) ?? unknownBoth(old, now);
    others.set(now, traffic);
    if (traffic.length > 0) {
      found.push({ is: 'undecided', from: [from], to: [to], traffic });
    }
  });
  return found;
}

function unknownBoth(before: Traffic, after: Traffic): readonly ChangedPassage[] {
  return pairedPassages(before, after).flatMap(({ a, b, ...range }) =>
    a?.is === 'unknown' && b?.is === 'unknown' ? [{ ...range, before: a, after: b }] : [],
  );
}

/** How many flows are tried for a change. */
const MOST_TRIED = 24;
const MOST_REQUESTS = 40;

/** The change with a flow that shows it. A change of what a proxy asks is told by a request that passes on one side only, if one is found. */
export function witnessed(change: Change, universe: Universe, before: Verdicts, after: Verdicts): readonly WitnessedChange[] {
  const pairs = pairsIn(change, universe, after.inventory);
  if (pairs.length === 0) {
    return [];
  }
  if (change.is === 'rewritten') {
    return rewritten(change, pairs, before, after);
  }
  const flows = change.traffic.flatMap((passage) => flowsOn(passage, pairs)).slice(0, MOST_TRIED);
  const witness = firstOf(flows, (flow) => {
    const one = judged(flow, before, after);
    return one !== undefined && kindOf(one.before.allowed, one.after.allowed) === change.is ? one : undefined;
  });
  return witness === undefined
    ? [{ ...change, is: 'undecided', witness: firstOf(flows, (flow) => judged(flow, before, after)) }]
    : [{ ...change, witness }];
}

/** What proxies ask: opened and closed where a request shows it. Of two spellings of the same there is no change. */
function rewritten(change: Change, pairs: readonly WrittenPair[], before: Verdicts, after: Verdicts): readonly WitnessedChange[] {
  const shown = change.traffic.flatMap((passage) =>
    shownBy(passage, flowsOn(passage, pairs), before, after).map((one) => ({ ...one, passage })),
  );
  return [...groupedBy(shown, ({ is }) => is)].map(([is, same]): WitnessedChange => ({
    ...change,
    is,
    traffic: same.map(({ passage }) => passage),
    witness: same[0].witness,
  }));
}

/** What requests on a range of ports show, and that they may not show all. */
function shownBy(
  passage: ChangedPassage,
  flows: readonly Flow[],
  before: Verdicts,
  after: Verdicts,
): readonly Pick<WitnessedChange, 'is' | 'witness'>[] {
  const differences = requestDifferences(askedBy(passage.before, before), askedBy(passage.after, after));
  const found = (['opened', 'closed'] as const).map((is) => {
    const asked = differences[is].flatMap((request) => flows.map((flow) => ({ ...flow, ...request })));
    const witness = firstOf(asked.slice(0, MOST_REQUESTS), (flow) => {
      const one = judged(flow, before, after);
      return one !== undefined && kindOf(passes(one.before), passes(one.after)) === is ? one : undefined;
    });
    return { is, witness, isMeant: asked.length > 0 };
  });
  const isSame = passage.before?.isAuthenticated === passage.after?.isAuthenticated;
  const isWhole = isSame && differences.isWhole && found.every(({ witness, isMeant }) => witness !== undefined || !isMeant);
  return [
    ...found.filter(({ witness }) => witness !== undefined),
    ...(isWhole ? [] : [{ is: 'rewritten' as const, witness: firstOf(flows, (flow) => judged(flow, before, after)) }]),
  ];
}

function askedBy(passage: ChangedPassage['before'], { agent }: Verdicts): Asked {
  return { proxies: passage?.proxies ?? [], agent };
}

function firstOf<T, R>(all: readonly T[], find: (one: T) => R | undefined): R | undefined {
  for (const one of all) {
    const found = find(one);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function kindOf(before: boolean | undefined, after: boolean | undefined): ChangeKind | undefined {
  if (before === undefined || after === undefined) {
    return 'undecided';
  }
  return before === after ? undefined : after ? 'opened' : 'closed';
}

/** A flow on a range of ports between each of some pairs. */
function flowsOn({ protocol, first, last }: ChangedPassage, pairs: readonly WrittenPair[]): readonly Flow[] {
  return pairs.map((pair) => ({ ...pair, protocol, port: exampleIn(first, last) }));
}

/** Some pairs, beginning with those of different ends; none if no two of the ends are there at once. */
function pairsIn({ from, to }: Change, { ends }: Universe, inventory: Pick<Inventory, 'pods'>): readonly WrittenPair[] {
  const found = (sources: readonly number[], destinations: readonly number[]) =>
    sources
      .flatMap((source) => destinations.map((destination) => [source, destination] as const))
      .sort(([a, b], [c, d]) => Number(a === b) - Number(c === d))
      .flatMap(([source, destination]) => pairOf(ends[source], ends[destination], inventory) ?? []);
  const few = found(from.slice(0, 3), to.slice(0, 4));
  return few.length > 0 ? few : found(from, to).slice(0, MOST_PAIRS);
}

/** Of which flows are tried. */
const MOST_PAIRS = 12;

function judged(flow: Flow, before: Verdicts, after: Verdicts): Witness | undefined {
  const [old, now]: Parsed<Verdict>[] = [before.verdict(flow), after.verdict(flow)];
  return old.ok && now.ok ? { flow, before: old.value, after: now.value } : undefined;
}

export function doubtsOf({ partial, portNames }: Universe, before: Verdicts, after: Verdicts): readonly Doubt[] {
  const unread = (
    [
      ['before', before],
      ['after', after],
    ] as const
  ).flatMap(([side, { unread: missing }]): Doubt[] => (missing === undefined ? [] : [{ is: 'unread', side, text: missing.text }]));
  const vague = differingVague(before, after);
  return [
    ...unread,
    ...(portNames.length === 0 ? [] : [{ is: 'port-names', names: portNames } as const]),
    ...(vague.length === 0 ? [] : [{ is: 'vague', policies: vague } as const]),
    ...partial.map(({ namespace, keys }): Doubt => ({ is: 'partial', namespace, keys })),
  ];
}

/** The policies with values that are not known, and that are on one side only or written differently. */
function differingVague(before: Verdicts, after: Verdicts): readonly Resource[] {
  const [old, now] = [before, after].map(vagueIn);
  const differing = [...old, ...now].filter(([key]) => !old.has(key) || !now.has(key)).map(([, resource]) => resource);
  return [...new Map(differing.map((resource) => [keyOf(resource), resource])).values()];
}

function vagueIn(verdicts: Verdicts): ReadonlyMap<string, Resource> {
  const opaque = new Set(
    verdicts
      .engines()
      .flatMap(({ resolver }) => resolver.entries.filter((entry) => entry.opaque !== undefined).map(({ policy }) => policy.resource)),
  );
  const vague = verdicts.policies
    .map(({ resource }) => resource)
    .filter((resource) => opaque.has(resource) || placeholdersIn(resource.value.spec).length > 0);
  return new Map(
    vague.map((resource) => [JSON.stringify([resource.kind, resource.namespace, resource.name, resource.value.spec]), resource]),
  );
}

function refusalsOf(before: Verdicts, after: Verdicts): readonly Refusal[] {
  const [old, now] = [before, after].map(({ policies, refused }) => ({
    accepted: new Set(policies.map(({ resource }) => keyOf(resource))),
    refused: refused.map(({ resource }) => resource),
  }));
  return [
    ...now.refused.filter((resource) => old.accepted.has(keyOf(resource))).map((resource): Refusal => ({ resource, is: 'rejected' })),
    ...old.refused.filter((resource) => now.accepted.has(keyOf(resource))).map((resource): Refusal => ({ resource, is: 'accepted' })),
  ];
}

function keyOf({ kind, namespace = '', name }: Resource): string {
  return `${kind}/${namespace}/${name}`;
}
