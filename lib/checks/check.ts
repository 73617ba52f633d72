/** The checks of all stages. Those of the API server and the agent are `admission/`'s. */
import type { AdmissionCheck, CheckPage, Told } from '../admission/check';
import type { ProblemKind, ReadProblem } from '../read/problem';

/** Looks at what was found while a text was read. */
export interface ReadCheck extends CheckPage {
  readonly stage: 'read';
  readonly tells: { readonly [K in ProblemKind]?: (problem: Extract<ReadProblem, { is: K }>) => Told };
}

/** Concerns the run itself, such as a suppression that matches no finding. */
export interface SelfCheck extends CheckPage {
  readonly stage: 'self';
}

export type Check = ReadCheck | AdmissionCheck | SelfCheck;
