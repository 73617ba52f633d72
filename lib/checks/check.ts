/** What a check is: one thing that we look for, and all that a person may want to know of it. */
import type { Minor } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import type { Severity, Stage } from '../model/diagnostic';
import type { Path } from '../model/path';
import type { ProblemKind, ReadProblem } from '../read/problem';
import type { Violation } from '../read/server/violation';
import type { Parts, Place } from './agent/parts';
import type { Fix } from './fix';

/** What every check says of itself. */
interface About {
  /** `CIL` and three digits; never used for anything else. */
  readonly code: string;
  /** The bad thing, such as `mixed-peer-kinds`. */
  readonly name: string;
  readonly severity: Severity;
  /** The minors in which it holds. @default - every one */
  readonly minors?: readonly Minor[];
  /** What is wrong, in a line. */
  readonly summary: string;
  /** Why it matters and what happens; Markdown. */
  readonly why: string;
  /** Where it is written: a file of Cilium's or of Kubernetes', or a page. */
  readonly source: string;
  readonly bad: Example;
  readonly good: Example;
}

/** A text that the check is tried on, and the settings under which. */
export interface Example {
  readonly yaml: string;
  /** Why the file has no text. */
  readonly problem?: string;
  readonly config?: AgentConfig;
  /** @default - the newest minor in which the check holds */
  readonly cilium?: Minor;
}

/** What a check says of one finding. */
export interface Told {
  readonly message: string;
  readonly help?: string;
  readonly fix?: Fix;
  /** Whether it is about the key at the place, and not about its value. */
  readonly onKey?: boolean;
}

/** Looks at what reading a text came upon. */
export interface ReadCheck extends About {
  readonly stage: 'read';
  readonly tells: { readonly [K in ProblemKind]?: (problem: Extract<ReadProblem, { is: K }>) => Told };
}

/** Looks at why the API server refuses an object, or at what it drops. */
export interface SchemaCheck extends About {
  readonly stage: 'schema';
  readonly tells: { readonly [K in SchemaFinding['is']]?: (finding: Extract<SchemaFinding, { is: K }>) => Told | undefined };
}

/** A field that is dropped is no violation, but a mistake all the same. */
export type SchemaFinding = Violation | { readonly is: 'unknown'; readonly path: Path; readonly siblings: readonly string[] };

/** Looks at parts of a policy as the agent does. */
export interface AgentCheck extends About {
  readonly stage: 'agent';
  readonly visit: Visit;
}

export type Visit = { readonly [K in keyof Parts]?: (part: Parts[K], agent: Agent) => void };

/** The agent that a policy is judged for. */
export interface Agent {
  readonly minor: Minor;
  readonly config: AgentConfig;
  /** Reports a finding at a place; `at` names a field below it. */
  readonly report: (told: Told, place: Place | undefined, ...at: readonly (string | number)[]) => void;
}

/** A finding about the run itself, such as a suppression that nothing needs. */
export interface SelfCheck extends About {
  readonly stage: 'self';
}

export type Check = ReadCheck | SchemaCheck | AgentCheck | SelfCheck;

export type { Severity, Stage };
