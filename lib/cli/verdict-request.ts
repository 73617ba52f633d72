/** The `verdict` request of `batch`. */
import { CODES } from '../checks/registry';
import type { Flow, Side, Verdict } from '../model/flow';
import { asList, isObject, Json, JsonObject } from '../model/json';
import { accepted, Parsed, refusalOf, refused } from '../net/parsed';
import { parseFlow } from '../read/flow';
import type { ReadProblem } from '../read/problem';
import { readObjects } from '../read/read';
import { BatchAnswer, batchAnswer } from '../report/verdicts/answer';
import { refusalText, WarningView, warningView } from '../report/verdicts/warnings';
import { settle } from '../settings/settings';
import { Snapshot } from '../snapshot/snapshot';
import type { Verdicts } from '../snapshot/verdicts';

export interface VerdictReply {
  /** Why no flow could be judged. */
  readonly error: string | null;
  /** What a user must know before relying on an answer. */
  readonly warnings?: readonly WarningView[];
  /** One for each flow, in order. */
  readonly answers?: readonly (BatchAnswer | { readonly error: string })[];
}

/** Answers a request; rejected if the request is malformed. */
export function verdictReply(request: JsonObject): Parsed<VerdictReply> {
  const verdicts = openRequest(request);
  return verdicts.ok ? accepted(replyOf(asList(request.flows), verdicts.value)) : verdicts;
}

/** The part of `Verdicts` that a reply needs. */
interface Replying extends Pick<Verdicts, 'refused' | 'warnings'> {
  verdict(flow: Flow): Parsed<Verdict>;
}

/** Strict: a rejected policy, or an endpoint whose policies do not resolve, is an error of the whole request. */
export function replyOf(flows: readonly Json[], { refused: [first], ...verdicts }: Replying): VerdictReply {
  if (first !== undefined) {
    return { error: `rejected: ${refusalText(first)}` };
  }
  const answered = flows.map((flow) => {
    const parsed = parseFlow(flow);
    return parsed.ok ? verdicts.verdict(parsed.value) : parsed;
  });
  const [unresolved] = answered.flatMap((verdict) => (verdict.ok ? unresolvedIn(verdict.value) : []));
  return unresolved === undefined
    ? {
        error: null,
        answers: answered.map((verdict) => (verdict.ok ? batchAnswer(verdict.value) : { error: refusalOf(verdict) })),
        warnings: verdicts.warnings.map(warningView),
      }
    : { error: unresolved };
}

/** Reads the policies and the cluster of a request. */
export function openRequest({ cilium, namespace, config, objects, names, learn = false, flows }: JsonObject): Parsed<Verdicts> {
  const settings = settle(CODES, { values: { cilium, namespace, config, names, learn } });
  if (!settings.ok) {
    return settings;
  }
  if (!areObjects(objects) || !Array.isArray(flows)) {
    return refused(`\`${areObjects(objects) ? 'flows' : 'objects'}\` must be a list of objects`);
  }
  const read = readObjects(
    'objects',
    objects.map((value) => ({ value })),
    settings.value,
  );
  const [unread] = read.problems.flatMap(unreadObject);
  return unread === undefined ? new Snapshot(read, settings.value).verdicts() : refused(unread);
}

/** The error for an object that looks like a policy but has an unknown kind or version. */
function unreadObject(problem: ReadProblem): string[] {
  if (problem.is === 'wrong-api-version') {
    const { kind, apiVersion } = problem.resource;
    return [`objects/${problem.origin.document.index}: \`${apiVersion}\` has no kind \`${kind}\``];
  }
  return problem.is === 'unknown-kind' ? [`objects/${problem.origin.document.index}: unknown kind \`${problem.kind}\``] : [];
}

function areObjects(value: Json | undefined): value is readonly JsonObject[] {
  return Array.isArray(value) && (value as readonly Json[]).every(isObject);
}

function unresolvedIn({ egress, ingress }: Verdict): string[] {
  const isUnresolved = (side: Side): side is Side & { decision: 'unknown' } => side.decision === 'unknown' && side.reason === 'unresolved';
  return [egress, ingress].filter(isUnresolved).map(({ missing }) => missing);
}
