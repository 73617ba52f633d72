/** The checks of all stages. The checks of the API server and the agent are in `admission/`. */
import type { AdmissionCheck, CheckContext, CheckPage, Wording } from '../admission/check';
import type { Inventory } from '../model/inventory';
import type { JsonObject } from '../model/json';
import type { Resource } from '../model/origin';
import type { PathLink } from '../model/path';
import type { Policy } from '../model/policy';
import type { WrittenNetworkPolicy, WrittenPolicy, WrittenTierPolicy } from '../model/written';
import type { FastEngine } from '../reach/engine';
import type { ProblemKind, ReadProblem } from '../read/problem';
import type { Agent } from '../resolve/agent';
import type { Subjects } from '../resolve/subjects';
import type { Habits } from '../settings/habits';

/** Explains a problem that was found while a source was read. */
export interface ReadCheck extends CheckPage {
  readonly stage: 'read';
  readonly wordings: { readonly [K in ProblemKind]?: (problem: Extract<ReadProblem, { is: K }>) => Wording };
}

/** The data of a check of what is meant: it cannot know everything. */
export interface MeaningPage extends CheckPage {
  /** What the check does not see, where it is silent on purpose, and what it cannot know, in Markdown. */
  readonly limits: string;
}

/** Looks at one policy or CIDR group that the cluster accepts: it has no effect, or surely not the one that is meant. */
export interface IntentCheck extends MeaningPage {
  readonly stage: 'intent';
  /** Reports what is wrong with a policy, as it is stored. */
  readonly inspect?: (policy: WrittenPolicy, context: IntentContext) => void;
  /** Reports what is wrong with a NetworkPolicy. */
  readonly inspectKubernetes?: (policy: WrittenNetworkPolicy, context: IntentContext) => void;
  /** Reports what is wrong with a ClusterNetworkPolicy. */
  readonly inspectTiers?: (policy: WrittenTierPolicy, context: IntentContext) => void;
  /** Reports what is wrong with a CiliumCIDRGroup. */
  readonly inspectGroup?: (group: JsonObject, context: IntentContext) => void;
}

export interface IntentContext extends CheckContext {
  /** The object with its namespace, as it is written: the API server drops nulls before it stores it. */
  readonly resource: Resource;
  /** The objects of the cluster that are given, without those that findings may not quote. */
  readonly objects: readonly Resource[];
}

/** An accepted ClusterNetworkPolicy. */
export interface TierPolicy {
  readonly resource: Resource;
  readonly written: WrittenTierPolicy;
}

/** Everything that is given, as the checks of the whole see it. */
export interface Given {
  /** The accepted ClusterNetworkPolicies, if the agent takes them. Those with values that are filled in later may be anything, so they are left out. */
  readonly tiers: readonly TierPolicy[];
  /** Whether no further ClusterNetworkPolicy may be given, which could not be read. */
  readonly isWhole: boolean;
  /** Every policy, accepted or not, and the objects of kinds that are not judged. */
  readonly policies: readonly Resource[];
  readonly others: readonly Resource[];
  /** Every object that may be one of the cluster, of the sources and of the inventory. */
  readonly objects: readonly Resource[];
  readonly agent: Agent;
  /** What policies are held to, where the user wants that. */
  readonly habits: Habits | undefined;
  /** The accepted policies over their cluster; `undefined` if they cannot be judged. */
  readonly judged: () => Judged | undefined;
}

export interface Judged {
  readonly policies: readonly Policy[];
  readonly inventory: Inventory;
  /** The policies without values that are filled in later, by subject. */
  readonly subjects: Subjects;
  /**
   * The part of the input that a policy is of. A policy that stands in two files cannot be twice in one cluster: then the files are of several
   * clusters, or are alternatives, and each file is a part of its own. So is a file that the kustomization of its folder leaves out.
   */
  readonly partOf: (policy: Policy) => string;
  /** Whether an object is in a file that the kustomization of its folder leaves out. */
  readonly isLeftOut: (object: Pick<Resource, 'document'>) => boolean;
  /** The folder of a policy whose namespace is not known; `undefined` for other policies. */
  readonly folderOf: (policy: Policy) => string | undefined;
  /** The policies with values that are filled in later. What they say is not known, so any of them may say what another one lacks. */
  readonly vague: readonly Policy[];
  /** The engine that judges verdicts; if values are filled in later, that of the fewest peers. */
  readonly engine: () => FastEngine;
}

/** Reports a finding about an object, at a place; `at` names a field below it. */
export type SetReport = (resource: Resource, wording: Wording, place: PathLink | undefined, ...at: readonly (string | number)[]) => void;

/** Looks at everything that is given: policies beside each other, and with the objects of the cluster. */
export interface SetCheck extends MeaningPage {
  readonly stage: 'set' | 'inventory' | 'habits';
  readonly inspect: (given: Given, report: SetReport) => void;
}

/** Concerns the run itself, for example a suppression that matches no finding. */
export interface SelfCheck extends CheckPage {
  readonly stage: 'self';
}

export type Check = ReadCheck | AdmissionCheck | IntentCheck | SetCheck | SelfCheck;
