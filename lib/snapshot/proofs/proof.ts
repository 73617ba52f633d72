/** What is asked of proofs, and what they say. */
import type { Flow, WrittenEnd } from '../../model/flow';
import type { JsonObject } from '../../model/json';
import type { Direction } from '../../model/policy';
import type { Demand, Property } from '../../model/property';
import type { Snapshot } from '../snapshot';
import type { Verdicts } from '../verdicts';

export interface Proof {
  readonly property: Property;
  readonly is: 'holds' | 'fails' | 'unknown';
  /** How many pairs of kinds of ends it is about, or kinds of pods. */
  readonly looked: number;
  /** What fails. */
  readonly witness?: Witness;
  /** The demand that it is against. */
  readonly demand?: Demand;
  /** A policy with which the property holds, and no other one is lost, if one is found. */
  readonly mend?: JsonObject;
  /** How many other pairs or pods fail. */
  readonly others: number;
  /** What is missing to decide; nothing if the property holds or fails. */
  readonly missing: readonly string[];
}

export type Witness =
  /** A flow that passes and must not, or that does not pass and must; `what` it is for, if nodes need it. */
  | {
      readonly is: 'flow';
      readonly flow: Flow;
      readonly verdicts: Verdicts;
      readonly added: readonly JsonObject[];
      readonly what?: string;
      /** The verdicts before a change, where the property is about one. */
      readonly before?: Verdicts;
    }
  /** A pod of which no policy closes a direction. */
  | { readonly is: 'open'; readonly pod: WrittenEnd; readonly direction: Direction; readonly verdicts: Verdicts };

export interface ProofOptions {
  /** The kinds of pods of a namespace that could exist; 0 if only those that are listed count. */
  readonly mostPossible: number;
  /** The policies before a change, for the properties of one. */
  readonly base?: Snapshot;
  /** Whether policies are looked for that mend what fails. @default true */
  readonly mends?: boolean;
}

/** What was found of one demand. */
export interface Found {
  readonly looked: number;
  readonly failed: number;
  readonly witness?: Witness;
  readonly missing: readonly string[];
}
