/** What a check is: one thing that we look for, and all that a user may want to know about it. */
import type { Minor } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import type { Severity } from '../model/diagnostic';
import type { Path, PathLink } from '../model/path';
import type { Parts } from './agent/show';
import type { Fix } from './fix';
import type { Violation } from './server/violation';

/** What every check says about itself. */
export interface CheckPage {
  /** `CIL` and three digits; a code is never reused. */
  readonly code: string;
  /** The bad thing, such as `mixed-peer-kinds`. */
  readonly name: string;
  readonly severity: Severity;
  /** The minors the check applies to. @default - every supported minor */
  readonly minors?: readonly Minor[];
  /** What is wrong, in one line. */
  readonly summary: string;
  /** Why it matters and what happens; Markdown. */
  readonly why: string;
  /** Where the fact is written: a file of Cilium or Kubernetes, or a page. */
  readonly source: string;
  readonly bad: Example;
  readonly good: Example;
}

/** A text that the check is tried on, and the settings it is tried under. */
export interface Example {
  readonly yaml: string;
  /** A shortened `yaml` for the page of the check, where the whole would fill screens. @default - `yaml` */
  readonly shown?: string;
  /** Why the file has no text. */
  readonly problem?: string;
  readonly config?: AgentConfig;
  /** @default - the newest minor the check applies to */
  readonly cilium?: Minor;
}

/** What a check says about one finding. */
export interface Told {
  readonly message: string;
  readonly help?: string;
  readonly fix?: Fix;
  /** Whether it concerns the key at the place, rather than its value. */
  readonly onKey?: boolean;
}

/** Explains why the API server rejects an object, or which fields it drops. */
export interface SchemaCheck extends CheckPage {
  readonly stage: 'schema';
  /** Which findings of the agent say the same as a finding of this check. @default - those at the same place */
  readonly echo?: Echo;
  readonly tells: { readonly [K in SchemaFinding['is']]?: (finding: Extract<SchemaFinding, { is: K }>) => Told | undefined };
}

/** `none`; at the same place or at a field of it; or anywhere above and below it. */
export type Echo = 'none' | 'fields' | 'branch';

/** A field that the API server drops is not a violation, but a mistake all the same. */
export type SchemaFinding = Violation | { readonly is: 'unknown'; readonly path: Path; readonly siblings: readonly string[] };

/** Looks at the parts of a policy as the agent does. */
export interface AgentCheck extends CheckPage {
  readonly stage: 'agent';
  readonly visit: Visit;
}

export type Visit = { readonly [K in keyof Parts]?: (part: Parts[K], agent: Agent) => void };

/** The agent that a policy is judged for. */
export interface Agent {
  readonly minor: Minor;
  readonly config: AgentConfig;
  /** Reports a finding at a place; `at` names a field below it. */
  readonly report: (told: Told, place: PathLink | undefined, ...at: readonly (string | number)[]) => void;
}

/** The checks of the two stages that decide whether a cluster accepts a policy. */
export type AdmissionCheck = SchemaCheck | AgentCheck;
