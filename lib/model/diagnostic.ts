import type { Minor } from '../crd/minor';
import type { Origin, Place } from './origin';

export type Severity = 'error' | 'warning' | 'info';

/** How we know: from the text, the API server's schema, the agent's rules, … */
export type Stage = 'read' | 'schema' | 'agent' | 'intent' | 'set' | 'inventory' | 'self';

/** One finding of a check. */
export interface Diagnostic {
  readonly code: string;
  readonly name: string;
  readonly severity: Severity;
  readonly stage: Stage;
  /** What is: one line, lower case, the user's text in backticks. */
  readonly message: string;
  /** What to do about it. */
  readonly help?: string;
  readonly origin: Origin;
  /** Where the origin is in its text; absent if there is no text. */
  readonly place?: Place;
  /** Of a suppressed finding: why it is allowed. */
  readonly allowed?: string;
  /** In a comparison of minors: those in which it holds. */
  readonly cilium?: readonly Minor[];
}
