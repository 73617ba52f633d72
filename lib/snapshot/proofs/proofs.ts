/** Whether properties hold of the policies of a snapshot: for every pod that there is or could be. */
import type { Assumption, Properties, Property } from '../../model/property';
import { accepted, Parsed } from '../../net/parsed';
import type { Snapshot } from '../snapshot';
import type { Verdicts } from '../verdicts';
import { AskedEnds, Found, ProofOptions, Witness } from './asked-ends';
import { Worlds } from './worst-policies';

export interface Proof {
  readonly property: Property;
  readonly is: 'holds' | 'fails' | 'unknown';
  /** How many pairs of kinds of ends were looked at, or kinds of pods. */
  readonly looked: number;
  /** What fails. */
  readonly witness?: Witness;
  /** How many other pairs or pods fail. */
  readonly others: number;
  /** What is missing to decide; nothing if the property holds or fails. */
  readonly missing: readonly string[];
}

/** Proves or refutes each property; refused if one of them cannot be asked. */
export function proofsOf(snapshot: Snapshot, { assumptions, properties }: Properties, options: ProofOptions): Parsed<readonly Proof[]> {
  const worlds = new Worlds(snapshot);
  const proofs: Proof[] = [];
  for (const property of properties) {
    const proof = proofOf(property, assumptions, worlds, options);
    if (!proof.ok) {
      return { ...proof, problem: `${property.place === undefined ? '' : `${property.place}: `}\`${property.name}\`: ${proof.problem}` };
    }
    proofs.push(proof.value);
  }
  return accepted(proofs);
}

function proofOf(property: Property, assumptions: readonly Assumption[], worlds: Worlds, options: ProofOptions): Parsed<Proof> {
  // The demands of a property have their sets in common.
  const opened = new Map<Verdicts, Parsed<AskedEnds>>();
  const found: Found[] = [];
  for (const demand of property.demands) {
    const verdicts = worlds.for(property, demand);
    if (!verdicts.ok) {
      return verdicts;
    }
    const ends = opened.get(verdicts.value) ?? AskedEnds.open(property, assumptions, verdicts.value, worlds.snapshot, options);
    opened.set(verdicts.value, ends);
    if (!ends.ok) {
      return ends;
    }
    found.push(ends.value.found(demand));
  }
  const failing = found.filter(({ witness }) => witness !== undefined);
  const missing = failing.length > 0 ? [] : [...new Set(found.flatMap((one) => one.missing))];
  return accepted({
    property,
    is: failing.length > 0 ? 'fails' : missing.length > 0 ? 'unknown' : 'holds',
    looked: found.reduce((sum, { looked }) => sum + looked, 0),
    ...(failing.length > 0 && { witness: failing[0].witness }),
    others: found.reduce((sum, { failed }) => sum + failed, 0) - (failing.length > 0 ? 1 : 0),
    missing,
  });
}
