/** What passes in snapshots, between all ends that their policies tell apart. */
import type { Flow } from '../model/flow';
import type { Direction, Policy } from '../model/policy';
import { accepted, Parsed, refused } from '../net/parsed';
import { differingPairs, Pairs } from '../reach/differing';
import type { FastEngine } from '../reach/engine';
import { Matrix, Sides } from '../reach/matrix';
import { Traffic, trafficOf } from '../reach/traffic';
import { Universe, universeOf, UniverseOptions } from '../reach/universe/universe';
import { vagueTraffic } from '../reach/vague';
import type { Verdicts } from './verdicts';

/** The kinds of pods that could exist in a namespace: as many as are read, and as many as are compared. */
export const MOST_SHOWN = 50;
export const MOST_COMPARED = 300;

/** What passes in one snapshot. */
export interface Reach {
  readonly verdicts: Verdicts;
  /** Between two ends of the universe, by number. Equal traffic is the same object. */
  traffic(from: number, to: number): Traffic;
  /** The pairs of some ends between which something may pass: most pairs are told by one table for many of them. */
  open(sources: readonly number[], destinations: readonly number[]): OpenPairs;
}

/** By source, the destinations to which something may pass. */
export interface OpenPairs {
  readonly size: number;
  readonly of: (source: number) => readonly number[];
}

export interface OpenedReach {
  readonly universe: Universe;
  /** In the order of the snapshots. */
  readonly all: readonly Reach[];
}

export interface OpenedComparison extends OpenedReach {
  /** All pairs of ends between which what passes may differ. */
  readonly pairs: Pairs;
}

/** Opens a snapshot over its universe; refused if policies tell too many ends apart. `most`: the kinds of pods of a namespace that could exist. */
export function openReach(verdicts: Verdicts, most: number): Parsed<OpenedReach> {
  const opened = openedOver([verdicts], { mostPossible: most });
  if (!opened.ok) {
    return opened;
  }
  const { universe } = opened.value;
  return universe.ends.length ** 2 > MOST_PAIRS ? tooMany(universe.ends.length) : opened;
}

/** Opens a snapshot over a universe that tells apart what the policies of another engine do, too. */
export function openBeside(verdicts: Verdicts, beside: FastEngine, most: number): Parsed<OpenedReach> {
  return openedOver([verdicts], { mostPossible: most }, [beside]);
}

/** Opens a snapshot over a universe that tells apart only what may matter to further policies: flows about others are not told right. */
export function openAbout(verdicts: Verdicts, policies: readonly Policy[], most: number): Parsed<OpenedReach> {
  const engines = verdicts.engines();
  const further = engines.map((engine) => engine.with([...new Set(engine.resolver.entries.map(({ policy }) => policy)), ...policies]));
  return openedOver([verdicts], { mostPossible: most, before: engines.length }, further);
}

/** Opens two snapshots over one universe, which has what may differ between them. `beside`: what else is told apart. */
export function openComparison(
  before: Verdicts,
  after: Verdicts,
  most: number,
  beside: readonly FastEngine[] = [],
): Parsed<OpenedComparison> {
  const opened = openedOver([before, after], { mostPossible: most, before: before.engines().length, beside });
  if (!opened.ok) {
    return opened;
  }
  const { universe, all } = opened.value;
  const [old, now] = opened.value.matrices;
  const isAll = before.isAnyMissing || after.isAnyMissing;
  const pairs = isAll ? Pairs.all(universe.ends.length) : differingPairs(old, now, universe.ends, universe.relevance);
  return pairs.size > MOST_PAIRS ? tooMany(universe.ends.length) : accepted({ universe, all, pairs });
}

/** The pairs of ends that are looked at. */
export const MOST_PAIRS = 40_000_000;

function tooMany(count: number): Parsed<never> {
  const [ends, most] = [count, MOST_PAIRS].map((number) => number.toLocaleString('en'));
  return refused(
    `policies tell ${ends} kinds of ends apart, and at most ${most} pairs of them are compared`,
    'ask about fewer policies at once',
  );
}

function openedOver(
  all: readonly Verdicts[],
  options: UniverseOptions,
  beside: readonly FastEngine[] = [],
): Parsed<OpenedReach & { readonly matrices: readonly Matrix[][] }> {
  const engines = all.map((verdicts) => verdicts.engines());
  const universe = universeOf([...engines.flat(), ...beside], options);
  if (!universe.ok) {
    return universe;
  }
  const sides = new Sides();
  const matrices = engines.map((own) => own.map((engine) => new Matrix(engine, universe.value.ends, sides)));
  return accepted({ universe: universe.value, all: all.map((verdicts, i) => reachOf(verdicts, matrices[i], universe.value)), matrices });
}

function reachOf(verdicts: Verdicts, matrices: readonly Matrix[], { ends }: Universe): Reach {
  const [closed, open] = matrices;
  const interned = new Map<string, Traffic>();
  const intern = (traffic: Traffic) => {
    const known = interned.get(traffic.key) ?? traffic;
    interned.set(known.key, known);
    return known;
  };
  const passing = (from: number, to: number) =>
    matrices.length === 1 ? closed.traffic(from, to) : intern(vagueTraffic(closed.traffic(from, to), open.traffic(from, to)));
  if (!verdicts.isAnyMissing) {
    return { verdicts, traffic: passing, open: (sources, destinations) => openPairs(sources, destinations, matrices) };
  }
  return {
    verdicts,
    open: (sources, destinations) => ({ size: sources.length * destinations.length, of: () => destinations }),
    traffic: (from, to) => {
      const traffic = passing(from, to);
      const flow: Flow = { from: ends[from].written, to: ends[to].written, protocol: 'TCP', port: 1 };
      return verdicts.missingOf(flow) === undefined ? traffic : intern(unknownTraffic(traffic));
    },
  };
}

function openPairs(sources: readonly number[], destinations: readonly number[], matrices: readonly Matrix[]): OpenPairs {
  const closed = (direction: Direction, ends: readonly number[], others: readonly number[]) => {
    const all = matrices.map((matrix) => new Set(matrix.closedFor(direction, ends, others)));
    return new Set(ends.filter((end) => all.every((own) => own.has(end))));
  };
  const isPlain = (end: number) => matrices[0].isPlain(end);
  const closedDestinations = closed('ingress', destinations, sources);
  const [open, special] = [destinations.filter((end) => !closedDestinations.has(end)), destinations.filter((end) => !isPlain(end))];
  // Where no destination is open, it does not matter which sources are.
  const closedSources = open.length > special.length ? closed('egress', sources, destinations) : new Set<number>();
  const of = (source: number) => (closedSources.has(source) ? special : isPlain(source) ? open : destinations);
  return { size: sources.reduce((sum, source) => sum + of(source).length, 0), of };
}

/** What passes may not, where something that could turn it is not judged. */
function unknownTraffic({ passages }: Traffic): Traffic {
  return trafficOf(passages.map((one) => ({ ...one, is: 'unknown', proxies: [] })));
}
