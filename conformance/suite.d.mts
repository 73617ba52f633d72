import type { JsonObject } from '../test/generate/json.js';

/** A packet that the conformance suite of ClusterNetworkPolicy sends, and whether it should arrive. */
export interface Expectation {
  readonly test: string;
  readonly objects: readonly JsonObject[];
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly port: number;
  readonly expected: boolean;
}

export function expectations(): Expectation[];
