/** The checks of all stages. The checks of the API server and the agent are in `admission/`. */
import type { AdmissionCheck, CheckPage, Wording } from '../admission/check';
import type { ProblemKind, ReadProblem } from '../read/problem';

/** Explains a problem that was found while a source was read. */
export interface ReadCheck extends CheckPage {
  readonly stage: 'read';
  readonly wordings: { readonly [K in ProblemKind]?: (problem: Extract<ReadProblem, { is: K }>) => Wording };
}

/** Concerns the run itself, for example a suppression that matches no finding. */
export interface SelfCheck extends CheckPage {
  readonly stage: 'self';
}

export type Check = ReadCheck | AdmissionCheck | SelfCheck;
