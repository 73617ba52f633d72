/** Whether properties hold of the policies of a snapshot: for every pod that there is or could be. */
import { asObject, asText, JsonObject } from '../../model/json';
import type { ChangeDemand, Demand, EndSet, Properties, Property } from '../../model/property';
import { accepted, Parsed, refused } from '../../net/parsed';
import type { Snapshot } from '../snapshot';
import type { Verdicts } from '../verdicts';
import { AskedEnds } from './asked-ends';
import { foundOfChange } from './changes-only';
import { mendOf } from './mend';
import type { Found, Proof, ProofOptions } from './proof';
import { Worlds } from './worst-policies';

/** Proves or refutes each property; refused if one of them cannot be asked. */
export function proofsOf(snapshot: Snapshot, asked: Properties, options: ProofOptions): Parsed<readonly Proof[]> {
  const proofs = provedOver(snapshot, asked, options);
  return proofs.ok && options.mends !== false ? accepted(new Mending(proofs.value, snapshot, asked, options).all()) : proofs;
}

/** Looks for policies that mend what fails, as long as that does not take long. */
class Mending {
  /** How many properties may be proved again. */
  private left = MOST_PROVINGS;
  private readonly taken: Set<string>;

  public constructor(
    private readonly proofs: readonly Proof[],
    private readonly snapshot: Snapshot,
    private readonly asked: Properties,
    private readonly options: ProofOptions,
  ) {
    this.taken = new Set(snapshot.read.policies.map(({ name }) => name));
  }

  public all(): readonly Proof[] {
    return this.proofs.map((proof) => {
      const mend = this.isTried(proof) ? this.mendOf(proof) : undefined;
      return mend === undefined ? proof : { ...proof, mend };
    });
  }

  private isTried({ is, looked }: Proof): boolean {
    return is === 'fails' && looked <= MOST_MENDED && this.snapshot.read.policies.length <= MOST_POLICIES;
  }

  private mendOf(failing: Proof): JsonObject | undefined {
    const mend = mendOf(failing, (policy) => this.provedWith(policy, [failing.property])?.[0], this.snapshot.settings, this.taken);
    if (mend === undefined) {
      return undefined;
    }
    const holding = this.proofs.filter(({ is }) => is === 'holds').map(({ property }) => property);
    const isKept = holding.length === 0 || this.provedWith(mend, holding)?.every(({ is }) => is === 'holds') === true;
    this.taken.add(asText(asObject(mend.metadata).name));
    return isKept ? mend : undefined;
  }

  private provedWith(policy: JsonObject, properties: readonly Property[]): readonly Proof[] | undefined {
    this.left -= properties.length;
    const extended = this.left < 0 ? undefined : this.snapshot.with('what mends it', policy);
    const proofs = extended && provedOver(extended, { ...this.asked, properties }, this.options);
    return proofs?.ok === true ? proofs.value : undefined;
  }
}

/** Of pairs of kinds of ends, of policies, and of properties that are proved again for all mends together. */
const MOST_MENDED = 20_000;
const MOST_POLICIES = 500;
const MOST_PROVINGS = 60;

function provedOver(snapshot: Snapshot, { assumptions, properties }: Properties, options: ProofOptions): Parsed<readonly Proof[]> {
  const worlds = new Worlds(snapshot);
  const ruledOut = assumptions.map(({ never }) => never);
  return inOrder(properties, (property) => {
    const found = property.demands.some(isOfChange)
      ? foundOfChanges(property.demands.filter(isOfChange), ruledOut, snapshot, options)
      : foundOfState(property, ruledOut, worlds, options);
    return found.ok
      ? accepted(proofOf(property, found.value))
      : { ...found, problem: `${property.place === undefined ? '' : `${property.place}: `}\`${property.name}\`: ${found.problem}` };
  });
}

function isOfChange(demand: Demand): demand is ChangeDemand {
  return demand.is === 'changes-only';
}

function foundOfChanges(
  demands: readonly ChangeDemand[],
  ruledOut: readonly EndSet[],
  snapshot: Snapshot,
  options: ProofOptions,
): Parsed<readonly Found[]> {
  const { base } = options;
  if (base === undefined) {
    return refused(
      'it is about a change, and only the policies after it are given',
      'give those before it, for example with `--base main`',
    );
  }
  const before = base.verdicts();
  if (!before.ok) {
    return { ...before, problem: `before the change, ${before.problem}` };
  }
  const after = snapshot.verdicts();
  if (!after.ok) {
    return after;
  }
  return inOrder(demands, (demand) => foundOfChange(demand, ruledOut, [before.value, after.value], snapshot.settings, options));
}

function foundOfState(
  { demands, whoever }: Property,
  ruledOut: readonly EndSet[],
  worlds: Worlds,
  options: ProofOptions,
): Parsed<readonly Found[]> {
  const asked = demands.filter((demand) => !isOfChange(demand));
  // The demands of a property have their sets in common.
  const opened = new Map<Verdicts, Parsed<AskedEnds>>();
  return inOrder(asked, (demand) => {
    const verdicts = worlds.for(whoever, demand);
    if (!verdicts.ok) {
      return verdicts;
    }
    const ends = opened.get(verdicts.value) ?? AskedEnds.open(asked, { ruledOut, whoever }, verdicts.value, worlds.snapshot, options);
    opened.set(verdicts.value, ends);
    return ends.ok ? accepted(ends.value.found(demand)) : ends;
  });
}

/** What is found of each; refused with the first one that is. */
function inOrder<T, R>(all: readonly T[], find: (one: T) => Parsed<R>): Parsed<readonly R[]> {
  const found: R[] = [];
  for (const one of all) {
    const result = find(one);
    if (!result.ok) {
      return result;
    }
    found.push(result.value);
  }
  return accepted(found);
}

function proofOf(property: Property, found: readonly Found[]): Proof {
  const failing = found.filter(({ witness }) => witness !== undefined);
  const demand = property.demands.find((_, i) => found[i].witness !== undefined);
  const missing = failing.length > 0 ? [] : [...new Set(found.flatMap((one) => one.missing))];
  return {
    property,
    is: failing.length > 0 ? 'fails' : missing.length > 0 ? 'unknown' : 'holds',
    looked: found.reduce((sum, { looked }) => sum + looked, 0),
    ...(failing.length > 0 && { witness: failing[0].witness, demand }),
    others: found.reduce((sum, { failed }) => sum + failed, 0) - (failing.length > 0 ? 1 : 0),
    missing,
  };
}
