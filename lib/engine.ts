/**
 * The checks as functions, for programs in TypeScript: `cdk8s-cilium/engine`.
 *
 * ```ts
 * import { check, sourcesAt } from 'cdk8s-cilium/engine';
 *
 * const findings = check(sourcesAt(['manifests']), { cilium: '1.20' });
 * ```
 */
import { checkObjects as runObjects, checkSources, RunOptions } from './checks/check-sources';
import { asObject, JsonObject } from './model/json';
import type { Source } from './model/origin';
import { readPaths } from './read/files';
import { DiagnosticView, viewOf } from './report/view';

export type { RunOptions as CheckOptions } from './checks/check-sources';
export type { Minor } from './crd/minor';
export { MINORS } from './crd/minor';
export type { AgentConfig } from './model/config';
export type { Severity, Stage } from './model/diagnostic';
export type { JsonObject } from './model/json';
export type { Source } from './model/origin';
export type { DiagnosticView } from './report/view';

/**
 * The texts of files, and of all YAML and JSON files below folders; `-` is standard input.
 *
 * Throws if a path leads nowhere. A file that cannot be read is a source with a `problem`, and a finding (CIL009).
 */
export function sourcesAt(paths: readonly string[]): readonly Source[] {
  return readPaths(paths);
}

/** What is wrong with policies in texts, in the order of the texts; never throws. What is allowed has its reason in `allowed`. */
export function check(sources: readonly Source[], options: RunOptions = {}): readonly DiagnosticView[] {
  return checkSources(sources, options).diagnostics.map(viewOf);
}

/** What is wrong with policies that a program holds, in the order of the objects; never throws. */
export function checkObjects(objects: readonly JsonObject[], options: RunOptions = {}): readonly DiagnosticView[] {
  const given = objects.map((value) => ({ value: asObject(value) }));
  return runObjects('objects', given, options).diagnostics.map(viewOf);
}
