/** What a change of policies does, each part with a flow that the specification judges so. */
import type { Flow, Verdict, WrittenEnd } from '../model/flow';
import type { Inventory, Pod } from '../model/inventory';
import type { Resource } from '../model/origin';
import type { Parsed } from '../net/parsed';
import { Change, ChangedPassage, ChangeKind, changesBetween } from '../reach/compare';
import type { FastEngine } from '../reach/engine';
import type { Proxy } from '../reach/traffic';
import type { Universe } from '../reach/universe/universe';
import { passes } from '../verdict/decision';
import type { OpenedReach } from './reach';
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
  /** Rules with port names differ, and pods that are not listed may have ports with these names. */
  | { readonly is: 'port-names'; readonly names: readonly string[] }
  /** Labels make more kinds of pods than were compared. */
  | { readonly is: 'partial'; readonly namespace: string | undefined; readonly keys: readonly string[] };

export interface Refusal {
  readonly resource: Resource;
  readonly is: 'rejected' | 'accepted';
}

/** Compares two opened snapshots: the first one before the change, the second one after it. */
export function compared({ universe, all: [before, after] }: OpenedReach): Comparison {
  const isSource = universe.ends.map(({ is }) => is !== 'name');
  const found = changesBetween(
    universe.ends.length,
    (from, to) => before.traffic(from, to),
    (from, to) => after.traffic(from, to),
  ).flatMap((change): Change[] => {
    const from = change.from.filter((one) => isSource[one]);
    return from.length === 0 ? [] : [{ ...change, from }];
  });
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
  const [first] = flows;
  return shown.length > 0 ? shown : [{ ...change, witness: first && judged(first.flow, before, after) }];
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
      return { flow: { ...pair, protocol, port: first === 0 ? last : first }, passage };
    }),
  );
  return all.slice(0, MOST_TRIED);
}

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

function doubtsOf({ partial }: Universe, before: Verdicts, after: Verdicts): readonly Doubt[] {
  const unread = (
    [
      ['before', before],
      ['after', after],
    ] as const
  ).flatMap(([side, { unread: missing }]): Doubt[] => (missing === undefined ? [] : [{ is: 'unread', side, text: missing.text }]));
  const names = differingPortNames(before.engines(), after.engines());
  return [
    ...unread,
    ...(names.length === 0 ? [] : [{ is: 'port-names', names } as const]),
    ...partial.map(({ namespace, keys }): Doubt => ({ is: 'partial', namespace, keys })),
  ];
}

/** The port names of rules that are on one side only. */
function differingPortNames(before: readonly FastEngine[], after: readonly FastEngine[]): readonly string[] {
  const [old, now] = [before, after].map(namedRules);
  const differing = [...old, ...now].filter(([key]) => !old.has(key) || !now.has(key));
  return [...new Set(differing.flatMap(([, names]) => names))].sort();
}

/** The rules with port names, by what they say. */
function namedRules(engines: readonly FastEngine[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const { rule, selectors } of engines.flatMap(({ resolver }) => resolver.entries)) {
    const named = (rule.traffic ?? []).flatMap(({ port, protocol }) => (port.is === 'name' ? [{ name: port.name, protocol }] : []));
    if (named.length > 0) {
      const { subject, direction, effect, level } = rule;
      const key = JSON.stringify([subject.is, subject.selector.key, direction, effect, level, selectors.map((one) => one.key), named]);
      found.set(
        key,
        named.map(({ name }) => name),
      );
    }
  }
  return found;
}

function refusalsOf(before: Verdicts, after: Verdicts): readonly Refusal[] {
  const keyOf = ({ kind, namespace = '', name }: Resource) => `${kind}/${namespace}/${name}`;
  const [old, now] = [before, after].map(({ policies, refused }) => ({
    accepted: new Set(policies.map(({ resource }) => keyOf(resource))),
    refused: refused.map(({ resource }) => resource),
  }));
  return [
    ...now.refused.filter((resource) => old.accepted.has(keyOf(resource))).map((resource): Refusal => ({ resource, is: 'rejected' })),
    ...old.refused.filter((resource) => now.accepted.has(keyOf(resource))).map((resource): Refusal => ({ resource, is: 'accepted' })),
  ];
}
