/**
 * The checks and verdicts as functions, for programs in TypeScript: `cdk8s-cilium/engine`.
 *
 * ```ts
 * import { check, compile, sourcesAt } from 'cdk8s-cilium/engine';
 *
 * const findings = check(sourcesAt(['manifests']), { cilium: '1.20' });
 * const engine = compile(sourcesAt(['manifests', 'cluster.yaml']));
 * const { allowed } = engine.verdict({ from: 'shop/web', to: 'shop/db', port: 5432 });
 * ```
 */
import { checkObjects as runObjects, checkSources, RunOptions } from './checks/check-sources';
import { asObject, JsonObject } from './model/json';
import type { Source } from './model/origin';
import { expectParsed } from './net/parsed';
import { readPaths } from './read/files';
import { parseFlow } from './read/flow';
import { Read, readObjects, readSources } from './read/read';
import { ExplainedAnswer, explainedAnswer } from './report/explanation';
import { DiagnosticView, viewOf } from './report/view';
import { answerOf, FlowAnswer } from './simulate/answer';
import { parseSimulationOptions } from './simulate/options';
import { simulate, SimulationOptions } from './simulate/simulation';
import { refusalText } from './simulate/warnings';

export type { RunOptions as CheckOptions } from './checks/check-sources';
export type { Minor } from './crd/minor';
export { MINORS } from './crd/minor';
export type { AgentConfig } from './model/config';
export type { Severity, Stage } from './model/diagnostic';
export type { JsonObject } from './model/json';
export type { Source } from './model/origin';
export type { DerivationView, ExplainedAnswer, RuleView } from './report/explanation';
export type { DiagnosticView } from './report/view';
export type { FlowAnswer, SideAnswer } from './simulate/answer';

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

/** What verdicts are asked under. */
export interface CompileOptions extends SimulationOptions {
  /** The namespace of what names none. @default - `default` */
  readonly namespace?: string;
}

/**
 * A connection attempt, in the form of `batch`: both ends as texts such as `shop/web` or `labels:app=web@shop`, or as mappings; a port or an ICMP
 * type; at most one request.
 */
export interface WrittenFlow {
  readonly from: string | object;
  readonly to: string | object;
  /** @default - TCP */
  readonly protocol?: string;
  /** 1–65535. */
  readonly port?: number;
  /** The ICMP type, by number or by Cilium's name. */
  readonly type?: number | string;
  readonly http?: object;
  readonly dns?: string;
  readonly sni?: string;
}

/** Policies over a cluster, compiled once and asked often. */
export interface Engine {
  /** The policies that the agent refuses, and why: they count for nothing, as in a cluster. */
  readonly refused: readonly string[];
  /** What somebody should know before he believes a verdict: what could not be read, is refused, or does not count as it seems. */
  readonly warnings: readonly string[];
  /** What Cilium decides of a flow, on both sides. Throws if the flow cannot be judged: an end that is unknown, a port out of range. */
  verdict(flow: WrittenFlow): FlowAnswer;
  /** The same with the steps that lead there. */
  explain(flow: WrittenFlow): ExplainedAnswer;
}

/**
 * Compiles the policies of texts, over the namespaces, pods, nodes and services in them.
 *
 * Throws if an option is none that is known. A text that cannot be read is told in `warnings`.
 */
export function compile(sources: readonly Source[], { namespace = 'default', ...options }: CompileOptions = {}): Engine {
  return engineOf(readSources(sources, { namespace }), options);
}

/** Compiles objects that a program holds. */
export function compileObjects(objects: readonly JsonObject[], { namespace = 'default', ...options }: CompileOptions = {}): Engine {
  const given = objects.map((value) => ({ value: asObject(value) }));
  return engineOf(readObjects('objects', given, { namespace }), options);
}

/** What Cilium decides of one flow. Who asks more than once compiles. */
export function verdict(sources: readonly Source[], flow: WrittenFlow, options: CompileOptions = {}): FlowAnswer {
  return compile(sources, options).verdict(flow);
}

function engineOf(read: Read, options: SimulationOptions): Engine {
  const simulation = expectParsed(simulate(read, expectParsed(parseSimulationOptions(options))));
  return {
    refused: simulation.refused.map(refusalText),
    warnings: simulation.warnings,
    verdict: (flow) => answerOf(expectParsed(simulation.verdict(expectParsed(parseFlow(flow))))),
    explain: (flow) => explainedAnswer(expectParsed(simulation.explain(expectParsed(parseFlow(flow))))),
  };
}
