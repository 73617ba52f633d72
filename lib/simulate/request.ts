/** The `verdict` request of `batch`. */
import type { Side, Verdict } from '../model/flow';
import { asList, isObject, Json, JsonObject } from '../model/json';
import { accepted, Parsed, refusalOf, refused } from '../net/parsed';
import { parseFlow } from '../read/flow';
import type { ReadProblem } from '../read/problem';
import { readObjects } from '../read/read';
import { answerOf, FlowAnswer } from './answer';
import { parseSimulationOptions } from './options';
import { simulate, Simulation } from './simulation';
import { refusalText } from './warnings';

export interface VerdictReply {
  /** Why no flow could be judged. */
  readonly error: string | null;
  /** One for each flow, in order. */
  readonly answers?: readonly (FlowAnswer | { readonly error: string })[];
}

/** Answers a request; refused is one that makes no sense. */
export function verdictReply(request: JsonObject): Parsed<VerdictReply> {
  const simulation = openRequest(request);
  return simulation.ok ? accepted(replyOf(asList(request.flows), simulation.value)) : simulation;
}

/** Strict: a policy that is refused, or an endpoint whose policy does not resolve, is an error of the whole. */
export function replyOf(flows: readonly Json[], { refused: [first], ...engine }: Pick<Simulation, 'refused' | 'verdict'>): VerdictReply {
  if (first !== undefined) {
    return { error: `refused: ${refusalText(first)}` };
  }
  const verdicts = flows.map((flow) => {
    const parsed = parseFlow(flow);
    return parsed.ok ? engine.verdict(parsed.value) : parsed;
  });
  const [unresolved] = verdicts.flatMap((verdict) => (verdict.ok ? unresolvedIn(verdict.value) : []));
  return unresolved === undefined
    ? { error: null, answers: verdicts.map((verdict) => (verdict.ok ? answerOf(verdict.value) : { error: refusalOf(verdict) })) }
    : { error: unresolved };
}

/** What a request is about. */
export function openRequest({ cilium, namespace = 'default', config, objects, names, flows }: JsonObject): Parsed<Simulation> {
  const options = parseSimulationOptions({ cilium, config, names });
  if (!options.ok) {
    return options;
  }
  if (typeof namespace !== 'string' || !areObjects(objects) || !Array.isArray(flows)) {
    return refused(
      typeof namespace !== 'string' ? '`namespace` is no text' : `\`${areObjects(objects) ? 'flows' : 'objects'}\` is no list of objects`,
    );
  }
  const read = readObjects(
    'objects',
    objects.map((value) => ({ value })),
    { namespace },
  );
  const [unread] = read.problems.flatMap(unreadObject);
  if (unread !== undefined) {
    return refused(unread);
  }
  return simulate(read, options.value);
}

/** What would be a policy if it were written right. */
function unreadObject(problem: ReadProblem): string[] {
  if (problem.is === 'wrong-api-version') {
    const { kind, apiVersion } = problem.resource;
    return [`objects/${problem.origin.document.index}: ${kind} is not in \`${apiVersion}\``];
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
