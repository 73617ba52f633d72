/** What passes in snapshots, between all ends that their policies tell apart. */
import type { Flow } from '../model/flow';
import { accepted, Parsed } from '../net/parsed';
import type { FastEngine } from '../reach/engine';
import { Matrix } from '../reach/matrix';
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
}

export interface OpenedReach {
  readonly universe: Universe;
  /** In the order of the snapshots. */
  readonly all: readonly Reach[];
}

/** Opens a snapshot over its universe; refused if policies tell too many ends apart. `most`: the kinds of pods of a namespace that could exist. */
export function openReach(verdicts: Verdicts, most: number): Parsed<OpenedReach> {
  return opened([verdicts], { mostPossible: most });
}

/** Opens two snapshots over one universe, which has what may differ between them. */
export function openComparison(before: Verdicts, after: Verdicts, most: number): Parsed<OpenedReach> {
  return opened([before, after], { mostPossible: most, before: before.engines().length });
}

function opened(all: readonly Verdicts[], options: UniverseOptions): Parsed<OpenedReach> {
  const engines = all.map((verdicts) => verdicts.engines());
  const universe = universeOf(engines.flat(), options);
  return universe.ok
    ? accepted({ universe: universe.value, all: all.map((verdicts, i) => reachOf(verdicts, engines[i], universe.value)) })
    : universe;
}

function reachOf(verdicts: Verdicts, engines: readonly FastEngine[], { ends }: Universe): Reach {
  const [closed, open] = engines.map((engine) => new Matrix(engine, ends));
  const interned = new Map<string, Traffic>();
  const intern = (traffic: Traffic) => {
    const known = interned.get(traffic.key) ?? traffic;
    interned.set(known.key, known);
    return known;
  };
  const passing = (from: number, to: number) =>
    engines.length === 1 ? closed.traffic(from, to) : intern(vagueTraffic(closed.traffic(from, to), open.traffic(from, to)));
  return {
    verdicts,
    traffic: (from, to) => {
      const traffic = passing(from, to);
      const flow: Flow = { from: ends[from].written, to: ends[to].written, protocol: 'TCP', port: 1 };
      return verdicts.missingOf(flow) === undefined ? traffic : intern(unknownTraffic(traffic));
    },
  };
}

/** What passes may not, where something that could turn it is not judged. */
function unknownTraffic({ passages }: Traffic): Traffic {
  return trafficOf(passages.map((one) => ({ ...one, is: 'unknown', proxies: [] })));
}
