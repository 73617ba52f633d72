/**
 * Checks and verdicts as functions for TypeScript programs: `cdk8s-cilium/engine`. It runs everywhere, including in a browser.
 * `cdk8s-cilium/engine/files` reads files and folders.
 *
 * ```ts
 * import { check, compile } from 'cdk8s-cilium/engine';
 * import { sourcesAt } from 'cdk8s-cilium/engine/files';
 *
 * const findings = check(sourcesAt(['manifests']), { cilium: '1.20' });
 * const engine = compile(sourcesAt(['manifests', 'cluster.yaml']));
 * const { allowed } = engine.verdict({ from: 'shop/web', to: 'shop/db', port: 5432 });
 * ```
 */
import { checkObjects as runObjects, checkSources } from './checks/check-texts';
import { CODES } from './checks/registry';
import type { Minor } from './crd/minor';
import type { AgentConfig } from './model/config';
import type { Names } from './model/inventory';
import { asObject, JsonObject, kindOf } from './model/json';
import type { Source } from './model/origin';
import type { WrittenProperties } from './model/property';
import { expectParsed } from './net/parsed';
import { parseFlow } from './read/flow';
import { parseProperties } from './read/properties';
import { GivenObject, Read, readObjects, readSources } from './read/read';
import { BudgetData, budgetData } from './report/budget/data';
import { DiagnosticView, viewOf } from './report/findings/view';
import { ProofsData, proofsData } from './report/proofs/data';
import { changesView } from './report/reach/changes';
import { ChangesData, changesData } from './report/reach/changes-data';
import { ReachData, reachData } from './report/reach/json';
import { reachView } from './report/reach/view';
import { answerOf, FlowAnswer } from './report/verdicts/answer';
import { ExplainedAnswer, explainedAnswer } from './report/verdicts/explained';
import { refusalText, WarningView, warningView } from './report/verdicts/warnings';
import { refuseUnknown, Settings, settle, Values } from './settings/settings';
import { budgetOf } from './snapshot/budget';
import { compared } from './snapshot/changes';
import { proofsOf } from './snapshot/proofs/proofs';
import { MOST_COMPARED, MOST_SHOWN, openComparison, openReach } from './snapshot/reach';
import { Snapshot } from './snapshot/snapshot';

export type { Minor } from './crd/minor';
export { MINORS } from './crd/minor';
export type { AgentConfig } from './model/config';
export type { Severity, Stage } from './model/diagnostic';
export type { Names } from './model/inventory';
export type { JsonObject } from './model/json';
export type { Source } from './model/origin';
export type { WrittenPart, WrittenPorts, WrittenProperties, WrittenProperty, WrittenSet } from './model/property';
export type { BudgetData, EndpointBudgetData, PolicyBudgetData, RuleBudgetData } from './report/budget/data';
export type { DiagnosticView } from './report/findings/view';
export type { ProofData, ProofsData, WitnessData } from './report/proofs/data';
export type { ChangeData, ChangesData, EndOfChange } from './report/reach/changes-data';
export type { ConnectionData, EndData, PassageData, ProxyData, ReachData } from './report/reach/json';
export type { FlowAnswer, SideAnswer } from './report/verdicts/answer';
export type { DerivationView, ExplainedAnswer, NearestView } from './report/verdicts/explained';
export type { PartView, RuleView } from './report/verdicts/rule-view';
export type { WarningView } from './report/verdicts/warnings';
export type { Taken } from './resolve/taken';

/** Options for checks. */
export interface CheckOptions {
  /** The minor, or the oldest and the newest minor of a comparison. @default - the newest supported minor */
  readonly cilium?: Minor | readonly [Minor, Minor];
  /** Keys of `cilium-config`, or values of Cilium's Helm chart. Absent keys have the defaults of the chart. @default - all of them do */
  readonly config?: AgentConfig | JsonObject;
  /** The namespace of namespaced objects that name none. @default - `default` */
  readonly namespace?: string;
  /** Values of placeholders such as `${VAR}`, by name. @default - placeholders are not known */
  readonly values?: Readonly<Record<string, string>>;
  /** Codes of checks, or prefixes such as `CIL2`: only these are reported. @default - all checks are reported */
  readonly select?: readonly string[];
  /** Codes of checks, or prefixes: these are not reported. @default - no check is ignored */
  readonly ignore?: readonly string[];
  /** Whether habits of the guide are checked (CIL6), or what they hold policies to. @default false */
  readonly habits?:
    boolean | { readonly prefixes?: readonly string[]; readonly platform?: readonly string[]; readonly sensitive?: readonly string[] };
}

/**
 * Returns the findings for policies in texts, in the order of the texts. A suppressed finding has the reason in `allowed`.
 *
 * Throws if an option is unknown or malformed.
 */
export function check(sources: readonly Source[], options: CheckOptions = {}): readonly DiagnosticView[] {
  return checkSources(sources, settingsOf(options, CHECK_OPTIONS)).diagnostics.map(viewOf);
}

/** Returns the findings for objects, in the order of the objects. */
export function checkObjects(objects: readonly JsonObject[], options: CheckOptions = {}): readonly DiagnosticView[] {
  return runObjects('objects', given(objects), settingsOf(options, CHECK_OPTIONS)).diagnostics.map(viewOf);
}

/** Options for verdicts. */
export interface CompileOptions {
  /** @default - the newest supported minor */
  readonly cilium?: Minor;
  /** Keys of `cilium-config`, or values of Cilium's Helm chart. Absent keys have the defaults of the chart. @default - all of them do */
  readonly config?: AgentConfig | JsonObject;
  /** The namespace of namespaced objects that name none. @default - `default` */
  readonly namespace?: string;
  /** Values of placeholders such as `${VAR}`, by name. @default - placeholders are not known */
  readonly values?: Readonly<Record<string, string>>;
  /** The addresses that DNS returns, by name. @default - no name has an address */
  readonly names?: Names;
  /** Whether a name admits an address only if the DNS proxy can see a look-up of the name; otherwise names are judged as if learnt. @default true */
  readonly learn?: boolean;
}

/**
 * A connection attempt, in the format of `batch`: both ends as strings, for example `shop/web` or `labels:app=web@shop`, or as mappings; a port or
 * an ICMP type; and at most one request.
 */
export interface WrittenFlow {
  readonly from: string | object;
  readonly to: string | object;
  /** @default - TCP */
  readonly protocol?: string;
  /** 1–65535. */
  readonly port?: number;
  /** The ICMP type, as a number or with Cilium's name. */
  readonly type?: number | string;
  /** The ICMP code, 0–255. @default 0 */
  readonly code?: number;
  readonly http?: object;
  readonly dns?: string;
  readonly sni?: string;
}

/** Policies and a cluster, compiled once for many verdicts. */
export interface Engine {
  /** The policies that the API server or the agent rejects, each with the reason. They have no effect, as in a cluster. */
  readonly refused: readonly string[];
  /** What a user must know before relying on a verdict: input that could not be read, is rejected, counts twice, is not judged or has no effect. */
  readonly warnings: readonly WarningView[];
  /** Returns what Cilium decides for a flow, on both sides. Throws if the flow cannot be judged, for example if an end is unknown. */
  verdict(flow: WrittenFlow): FlowAnswer;
  /** Returns the verdict with the steps that lead to it. */
  explain(flow: WrittenFlow): ExplainedAnswer;
}

/**
 * Compiles the policies in texts, with the namespaces, pods, nodes and services in the texts as the cluster.
 *
 * Throws if an option is unknown or malformed. A text that cannot be read is reported in `warnings`.
 */
export function compile(sources: readonly Source[], options: CompileOptions = {}): Engine {
  const settings = settingsOf(options, COMPILE_OPTIONS);
  return engineOver(readSources(sources, settings), settings);
}

/** Compiles the policies and the cluster in objects. */
export function compileObjects(objects: readonly JsonObject[], options: CompileOptions = {}): Engine {
  const settings = settingsOf(options, COMPILE_OPTIONS);
  return engineOver(readObjects('objects', given(objects), settings), settings);
}

/** Returns what Cilium decides for one flow. For more flows, use `compile`. */
export function verdict(sources: readonly Source[], flow: WrittenFlow, options: CompileOptions = {}): FlowAnswer {
  return compile(sources, options).verdict(flow);
}

/** Options for what passes between all ends. */
export interface ReachOptions extends CompileOptions {
  /** Whether pods that could exist are ends too, and not only those that are given. @default true */
  readonly possiblePods?: boolean;
}

/**
 * Returns what passes between all ends that the policies in texts tell apart: pods, pods that could exist, nodes, entities, addresses and names. What
 * is not listed is denied.
 *
 * ```ts
 * const { ends, connections } = reachability(sourcesAt(['manifests', 'cluster.yaml']));
 * ```
 *
 * Throws if an option is unknown or malformed, or if policies tell too many ends apart.
 */
export function reachability(sources: readonly Source[], { possiblePods = true, ...options }: ReachOptions = {}): ReachData {
  const settings = settingsOf(options, COMPILE_OPTIONS);
  const verdicts = expectParsed(new Snapshot(readSources(sources, settings), settings).verdicts());
  const opened = expectParsed(openReach(verdicts, possiblePods ? MOST_SHOWN : 0));
  return reachData(reachView(opened), verdicts.warnings.map(warningView));
}

/**
 * Returns what a change of policies opens and closes, each with a flow that shows it. No change is a proof that both mean the same, unless `doubts`
 * says why not.
 *
 * ```ts
 * const { summary, changes } = compare(sourcesAt(['before']), sourcesAt(['after']));
 * ```
 *
 * Throws if an option is unknown or malformed, or if policies tell too many ends apart.
 */
export function compare(before: readonly Source[], after: readonly Source[], options: CompileOptions = {}): ChangesData {
  const settings = settingsOf(options, COMPILE_OPTIONS);
  const [old, now] = [before, after].map((sources) => expectParsed(new Snapshot(readSources(sources, settings), settings).verdicts()));
  return changesData(changesView(compared(expectParsed(openComparison(old, now, MOST_COMPARED))), now.inventory));
}

/** Options for proofs. */
export interface ProveOptions extends ReachOptions {
  /** The policies before a change, for `opens-only` and `closes-only`. @default - properties about a change are rejected */
  readonly base?: readonly Source[];
}

/**
 * Proves properties of the policies in texts, for every pod that is given or could exist, or shows a flow that is against them.
 *
 * ```ts
 * const apart = { isolated: { between: [{ namespace: 'red' }, { namespace: 'blue' }] } } as const;
 * const { summary } = prove(sourcesAt(['manifests']), { properties: [apart] });
 * ```
 *
 * Throws if an option or a property is unknown or malformed, or if policies tell too many ends apart.
 */
export function prove(
  sources: readonly Source[],
  properties: WrittenProperties,
  { possiblePods = true, base, ...options }: ProveOptions = {},
): ProofsData {
  const settings = settingsOf(options, COMPILE_OPTIONS);
  const open = (all: readonly Source[]) => new Snapshot(readSources(all, settings), settings);
  const snapshot = open(sources);
  const { agent, warnings } = expectParsed(snapshot.verdicts());
  const proofs = expectParsed(
    proofsOf(snapshot, expectParsed(parseProperties(properties)), {
      mostPossible: possiblePods ? MOST_COMPARED : 0,
      base: base && open(base),
    }),
  );
  return proofsData(agent.minor, proofs, warnings.map(warningView));
}

/**
 * Counts the entries in the policy maps of the pods and hosts in texts, with what each rule and each policy has of them, and the identities that the
 * agents of their nodes know. The counts are those of Cilium's agent; where they cannot be known, they are null with the reason.
 *
 * Throws if an option is unknown or malformed.
 */
export function budget(sources: readonly Source[], options: CompileOptions = {}): BudgetData {
  const settings = settingsOf(options, COMPILE_OPTIONS);
  const verdicts = expectParsed(new Snapshot(readSources(sources, settings), settings).verdicts());
  return budgetData(verdicts.agent.minor, budgetOf(verdicts), verdicts.warnings.map(warningView));
}

const CHECK_OPTIONS = ['cilium', 'config', 'namespace', 'values', 'select', 'ignore', 'habits'];
const COMPILE_OPTIONS = ['cilium', 'config', 'namespace', 'values', 'names', 'learn'];

function settingsOf(values: Values, known: readonly string[]): Settings {
  expectParsed(refuseUnknown('option', Object.keys(values), known));
  return expectParsed(settle(CODES, { values }));
}

function given(objects: readonly JsonObject[]): readonly GivenObject[] {
  if (!Array.isArray(objects)) {
    throw new Error(`the objects must be a list, not ${kindOf(objects)}`);
  }
  return objects.map((value) => ({ value: asObject(value) }));
}

function engineOver(read: Read, settings: Settings): Engine {
  const verdicts = expectParsed(new Snapshot(read, settings).verdicts());
  return {
    refused: verdicts.refused.map(refusalText),
    warnings: verdicts.warnings.map(warningView),
    verdict: (flow) => answerOf(expectParsed(verdicts.verdict(expectParsed(parseFlow(flow))))),
    explain: (flow) => explainedAnswer(expectParsed(verdicts.explain(expectParsed(parseFlow(flow))))),
  };
}
