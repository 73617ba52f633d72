/** The definition of a check: one kind of mistake, and what users need to know about it. */
import type { Minor } from '../crd/minor';
import type { AgentConfig } from '../model/config';
import type { Severity } from '../model/diagnostic';
import type { Path, PathLink } from '../model/path';
import type { Parts } from './agent/show';
import type { Fix } from './fix';
import type { Doubt, Experimental, Violation } from './server/violation';

/** The data of a check, as its page shows it. */
export interface CheckPage {
  /** `CIL` and three digits; a code is never reused. */
  readonly code: string;
  /** The name of the mistake, for example `mixed-peer-kinds`. */
  readonly name: string;
  readonly severity: Severity;
  /** The minors the check applies to. @default - every supported minor */
  readonly minors?: readonly Minor[];
  /** What is wrong, in one line. */
  readonly summary: string;
  /** Why it matters and what happens, in Markdown. */
  readonly why: string;
  /** Where the fact is documented: a source file of Cilium or Kubernetes, or a page. */
  readonly source: string;
  readonly bad: Example;
  readonly good: Example;
}

/** A document that the check is tested with, and the settings for it. */
export interface Example {
  readonly yaml: string;
  /** A shortened `yaml` for the page of the check, if the whole would be too long. @default - `yaml` */
  readonly shown?: string;
  /** Why the file cannot be read. @default - it can be read */
  readonly problem?: string;
  readonly config?: AgentConfig;
  /** Whether habits are checked, or what they hold policies to. @default false */
  readonly habits?: unknown;
  /** @default - the newest minor the check applies to */
  readonly cilium?: Minor;
}

/** The wording of one finding. */
export interface Wording {
  readonly message: string;
  readonly help?: string;
  readonly fix?: Fix;
  /** Whether the finding concerns the key, not the value. */
  readonly onKey?: boolean;
  /** Of a finding that is less sure than others of the check. @default - the severity of the check */
  readonly severity?: Severity;
}

/** Explains why the API server rejects an object, or which fields it drops. */
export interface SchemaCheck extends CheckPage {
  readonly stage: 'schema';
  /** Which findings of the agent repeat a finding of this check. @default - those at the same path */
  readonly echo?: Echo;
  readonly wordings: { readonly [K in SchemaFinding['is']]?: (finding: Extract<SchemaFinding, { is: K }>) => Wording | undefined };
}

/** No findings; those at the same path or at a field of it; or those anywhere above or below it. */
type Echo = 'none' | 'fields' | 'branch';

/** A field that the API server drops, a value that only some versions accept, and a field of an experimental CRD are no violations, but matter. */
export type SchemaFinding =
  Violation | Doubt | Experimental | { readonly is: 'unknown'; readonly path: Path; readonly siblings: readonly string[] };

/** Validates the parts of a policy as the agent does. */
export interface AgentCheck extends CheckPage {
  readonly stage: 'agent';
  readonly visit: Visit;
}

export type Visit = { readonly [K in keyof Parts]?: (part: Parts[K], agent: CheckContext) => void };

/** The agent that a policy is checked for. */
export interface CheckContext {
  readonly minor: Minor;
  readonly config: AgentConfig;
  /** Reports a finding at a place; `at` names a field below it. */
  readonly report: (wording: Wording, place: PathLink | undefined, ...at: readonly (string | number)[]) => void;
}

/** A check of one of the two stages that decide whether a cluster accepts a policy. */
export type AdmissionCheck = SchemaCheck | AgentCheck;
