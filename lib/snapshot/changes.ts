/** What a change of policies does, each part with a flow that the specification judges so. */
import type { Flow, Verdict, WrittenEnd } from '../model/flow';
import type { Inventory, Pod } from '../model/inventory';
import type { Resource } from '../model/origin';
import type { Parsed } from '../net/parsed';
import { Change, ChangedPassage, ChangeKind, changesBetween } from '../reach/compare';
import type { Proxy } from '../reach/traffic';
import type { Universe } from '../reach/universe/universe';
import { placeholdersIn } from '../read/placeholders';
import { passes } from '../verdict/decision';
import type { OpenedComparison } from './reach';
import { requestsThatMayDiffer } from './requests';
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
export function compared({ universe, pairs, all: [before, after] }: OpenedComparison): Comparison {
  const found = changesBetween(
    pairs,
    (from, to) => before.traffic(from, to),
    (from, to) => after.traffic(from, to),
  );
  return {
    universe,
    changes: found.flatMap((change) => witnessed(change, universe, before.verdicts, after.verdicts)),
    doubts: doubtsOf(universe, before.verdicts, after.verdicts),
    refusals: refusalsOf(before.verdicts, after.verdicts),
  };
}

/** How many flows are tried for a change. */
const MOST_TRIED = 24;
const MOST_REQUESTS = 400;

/** The change with a flow that shows it. A change of what a proxy asks is told by a request that passes on one side only, if one is found. */
function witnessed(change: Change, universe: Universe, before: Verdicts, after: Verdicts): readonly WitnessedChange[] {
  const flows = flowsOf(change, universe, after.inventory);
  if (change.is === 'rewritten') {
    return rewritten(change, flows, before, after);
  }
  for (const { flow } of flows) {
    const witness = judged(flow, before, after);
    if (witness !== undefined && kindOf(witness.before.allowed, witness.after.allowed) === change.is) {
      return [{ ...change, witness }];
    }
  }
  return [{ ...change, is: 'undecided', witness: flows.map(({ flow }) => judged(flow, before, after)).find((one) => one !== undefined) }];
}

/** What proxies ask: opened or closed where a request shows it, and both where requests show both. */
function rewritten(change: Change, flows: readonly TriedFlow[], before: Verdicts, after: Verdicts): readonly WitnessedChange[] {
  const found = new Map<ChangeKind, Witness>();
  const asked = flows.flatMap(({ flow, passage }) =>
    requestsThatMayDiffer(proxiesOf(passage.before), proxiesOf(passage.after)).map((request) => ({ ...flow, ...request })),
  );
  for (const flow of asked.slice(0, MOST_REQUESTS)) {
    const witness = judged(flow, before, after);
    const kind = witness && kindOf(passes(witness.before), passes(witness.after));
    if (witness !== undefined && (kind === 'opened' || kind === 'closed')) {
      found.set(kind, found.get(kind) ?? witness);
    }
  }
  const shown = [...found].map(([is, witness]): WitnessedChange => ({ ...change, is, witness }));
  const isWhole = found.size === 2 || (shown.length === 1 && change.traffic.every((one) => isOneWay(one, shown[0].is)));
  const [first] = flows;
  // Requests are only examples: what they do not show may be there all the same.
  return isWhole ? shown : [...shown, { ...change, witness: first && judged(first.flow, before, after) }];
}

/** Whether one side asks all that the other one asks, so that the change goes one way only. */
function isOneWay({ before, after }: ChangedPassage, is: ChangeKind): boolean {
  const [narrow, wide] = is === 'opened' ? [proxiesOf(before), proxiesOf(after)] : [proxiesOf(after), proxiesOf(before)];
  return wide.every((one) => narrow.some((other) => isPart(other, one)));
}

/** Whether all that one proxy lets pass passes the other one, by their lists. */
function isPart(narrow: Proxy, wide: Proxy): boolean {
  const textsOf = ({ http, dns, serverNames }: Proxy) => [
    ...http.map(({ path, method, host, headers, headerMatches }) => JSON.stringify([path, method, host, headers, headerMatches])),
    ...dns,
    ...serverNames,
  ];
  const [some, all] = [textsOf(narrow), new Set(textsOf(wide))];
  const isSame = narrow.side === wide.side && narrow.is === wide.is && !narrow.hasMore && !wide.hasMore;
  return isSame && (all.size === 0 || (some.length > 0 && some.every((text) => all.has(text))));
}

function proxiesOf(passage: ChangedPassage['before']): readonly Proxy[] {
  return passage?.proxies ?? [];
}

function kindOf(before: boolean | undefined, after: boolean | undefined): ChangeKind | undefined {
  if (before === undefined || after === undefined) {
    return 'undecided';
  }
  return before === after ? undefined : after ? 'opened' : 'closed';
}

interface TriedFlow {
  readonly flow: Flow;
  readonly passage: ChangedPassage;
}

/** Some flows of a change, of different ends and ports. */
function flowsOf({ from, to, traffic }: Change, { ends }: Universe, inventory: Inventory): readonly TriedFlow[] {
  const pairs = pairsOf(from, to).map(([source, destination]) => writtenPair(ends[source].written, ends[destination].written, inventory));
  const all = traffic.slice(0, MOST_TRIED).flatMap((passage) =>
    pairs.map((pair): TriedFlow => {
      const { protocol, first, last } = passage;
      return { flow: { ...pair, protocol, port: exampleIn(first, last) }, passage };
    }),
  );
  return all.slice(0, MOST_TRIED);
}

/** A port that people know, if the range has one. */
function exampleIn(first: number, last: number): number {
  return KNOWN_PORTS.find((port) => first <= port && port <= last) ?? (first === 0 ? last : first);
}

const KNOWN_PORTS = [443, 80];

/** Some pairs, beginning with those of different ends. */
function pairsOf(from: readonly number[], to: readonly number[]): readonly (readonly [number, number])[] {
  const few = from.slice(0, 3).flatMap((source) => to.slice(0, 4).map((destination) => [source, destination] as const));
  return few.sort(([a, b], [c, d]) => Number(a === b) - Number(c === d));
}

/** A pod asks another one of its kind, and another node than its own. */
function writtenPair(from: WrittenEnd, to: WrittenEnd, { pods }: Pick<Inventory, 'pods'>): Pick<Flow, 'from' | 'to'> {
  const podOf = (written: WrittenEnd) => (written.is === 'pod' ? pods.get(written.name) : undefined);
  const [source, destination] = [podOf(from), podOf(to)];
  const isAt = (pod: Pod | undefined, node: WrittenEnd) => pod !== undefined && node.is === 'node' && node.name === pod.node;
  return {
    from: isAt(source, to) ? likeOf(source!) : from,
    to: (source !== undefined && source === destination) || isAt(destination, from) ? likeOf(destination!) : to,
  };
}

function likeOf({ labels, namespace, serviceAccount, ports }: Pod): WrittenEnd {
  return { is: 'labels', labels, namespace, serviceAccount, ports };
}

function judged(flow: Flow, before: Verdicts, after: Verdicts): Witness | undefined {
  const [old, now]: Parsed<Verdict>[] = [before.verdict(flow), after.verdict(flow)];
  return old.ok && now.ok ? { flow, before: old.value, after: now.value } : undefined;
}

function doubtsOf({ partial, portNames }: Universe, before: Verdicts, after: Verdicts): readonly Doubt[] {
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
