/** The checks of all stages. The checks of the API server and the agent are in `admission/`. */
import type { AdmissionCheck, CheckContext, CheckPage, Wording } from '../admission/check';
import type { JsonObject } from '../model/json';
import type { Resource } from '../model/origin';
import type { PathLink } from '../model/path';
import type { WrittenPolicy, WrittenTierPolicy } from '../model/written';
import type { ProblemKind, ReadProblem } from '../read/problem';

/** Explains a problem that was found while a source was read. */
export interface ReadCheck extends CheckPage {
  readonly stage: 'read';
  readonly wordings: { readonly [K in ProblemKind]?: (problem: Extract<ReadProblem, { is: K }>) => Wording };
}

/** Looks at one policy or CIDR group that the cluster accepts: it has no effect, or surely not the one that is meant. */
export interface IntentCheck extends CheckPage {
  readonly stage: 'intent';
  /** Reports what is wrong with a policy, as it is stored. */
  readonly inspect?: (policy: WrittenPolicy, context: CheckContext) => void;
  /** Reports what is wrong with a ClusterNetworkPolicy. */
  readonly inspectTiers?: (policy: WrittenTierPolicy, context: CheckContext) => void;
  /** Reports what is wrong with a CiliumCIDRGroup. */
  readonly inspectGroup?: (group: JsonObject, context: CheckContext) => void;
}

/** An accepted ClusterNetworkPolicy. */
export interface TierPolicy {
  readonly resource: Resource;
  readonly written: WrittenTierPolicy;
}

/** Reports a finding about one of the policies, at a place; `at` names a field below it. */
export type SetReport = (policy: TierPolicy, wording: Wording, place: PathLink, ...at: readonly (string | number)[]) => void;

/** Looks at all policies that the cluster accepts. */
export interface SetCheck extends CheckPage {
  readonly stage: 'set';
  /** Reports what is wrong with ClusterNetworkPolicies beside each other. `isWhole`: whether no further one may be given, which could not be read. */
  readonly inspectTiers: (policies: readonly TierPolicy[], report: SetReport, isWhole: boolean) => void;
}

/** Concerns the run itself, for example a suppression that matches no finding. */
export interface SelfCheck extends CheckPage {
  readonly stage: 'self';
}

export type Check = ReadCheck | AdmissionCheck | IntentCheck | SetCheck | SelfCheck;
