import type { Minor } from '../crd/minor';
import type { Origin, Place } from './origin';

export type Severity = 'error' | 'warning' | 'info';

/** The source of a finding: the text, the API server's schema, the agent's rules, and so on. */
export type Stage = 'read' | 'schema' | 'agent' | 'intent' | 'set' | 'inventory' | 'habits' | 'self';

/** One finding of a check. */
export interface Diagnostic {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly stage: Stage;
  /** What is wrong: one line, lower case, the user's text in backticks. */
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
  readonly origin: Origin;
  /** The place of the origin in its text; absent if there is no text. */
  readonly place?: Place;
  /** For a suppressed finding, the reason of the suppression. */
  readonly allowed?: string;
  /** In a comparison of minors, the minors that have this finding. */
  readonly cilium?: readonly Minor[];
  /** If several sets of manifests are checked, those that have this finding. */
  readonly sets?: readonly string[];
}

/** Whether a check concerns the run itself, so that it is always reported: nobody can ignore what was not checked. */
export function isOwnCheck(code: string): boolean {
  return code.startsWith('CIL9');
}
