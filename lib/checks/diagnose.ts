/** Turns problems of reading and findings of admission into diagnostics. */
import type { Finding } from '../admission/admit';
import type { Wording } from '../admission/check';
import type { Fix } from '../admission/fix';
import type { Diagnostic } from '../model/diagnostic';
import { isPrivate, Origin, Resource } from '../model/origin';
import { shortened } from '../net/shortened';
import type { ReadProblem } from '../read/problem';
import type { Check } from './check';
import { READ_CHECKS } from './registry';
import { check as internalError } from './self/CIL909-internal-error';

/** A diagnostic, and how it can be fixed. */
export interface Found {
  readonly diagnostic: Diagnostic;
  readonly fix?: Fix;
}

/** The diagnostic of a problem that was found while reading. */
export function foundIn(problem: ReadProblem): Found {
  const check = READ_CHECKS.find(({ wordings }) => problem.is in wordings)!;
  const wordingOf = check.wordings[problem.is] as (problem: ReadProblem) => Wording;
  const wording = wordingOf(problem);
  return { diagnostic: diagnose(check, wording, problem.origin), fix: wording.fix };
}

/** The diagnostic of a finding about an object: of the API server, of the agent, or about what it means. */
export function foundOf(resource: Resource, { check, wording, path, onKey }: Omit<Finding, 'check'> & { readonly check: Check }): Found {
  const origin = { document: resource.document, resource, path, ...(onKey && { onKey }) };
  return { diagnostic: diagnose(check, wording, origin), fix: wording.fix };
}

/** The finding that something failed while an object was checked. */
export function internalErrorIn(resource: Resource, what: string, error: unknown): Found {
  const wording = { message: `${what} failed: ${(error as Error).message}`, help: 'please report it with the policy' };
  return { diagnostic: diagnose(internalError, wording, { document: resource.document, resource, path: [] }) };
}

/** The diagnostic of a check at an origin. In a private source it quotes nothing, so it has the words of the check and not of the finding. */
export function diagnose(
  { code, name, severity: usual, stage, summary }: Check,
  { message, help, severity = usual }: Wording,
  origin: Origin,
): Diagnostic {
  const words = isPrivate(origin)
    ? { message: summary }
    : { message: shortened(message), ...(help !== undefined && { help: shortened(help) }) };
  return { code, name, severity, stage, ...words, origin };
}
