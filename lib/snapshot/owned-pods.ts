/** Judges flows whose ends name what owns pods, such as a Deployment in the output of `kubectl get pods`: for each of the pods. */
import type { Flow, Side, Verdict, WrittenEnd } from '../model/flow';
import type { Inventory } from '../model/inventory';
import { accepted, Parsed, refused, Refused } from '../net/parsed';
import type { Taken } from '../resolve/taken';
import { united } from '../verdict/backends';
import type { Explanation } from '../verdict/judge';
import type { BoundedEngine } from './bounded-engine';

/** The same engine for flows between what owns pods. All pods of an owner must have the same verdict: the answer is never that of one of them. */
export function withOwnedPods(engine: BoundedEngine, { pods, owned }: Inventory): BoundedEngine {
  // Only the names that no pod has: among many flows few are such, and a small map is fast to ask.
  const meant = new Map([...owned].filter(([name]) => !pods.has(name)));
  if (meant.size === 0) {
    return engine;
  }
  const podsOf = (end: WrittenEnd) => (end.is === 'pod' ? meant.get(end.name) : undefined);
  return {
    engines: () => engine.engines(),
    verdict: (flow) => {
      const flows = flowsOf(flow);
      return flows === undefined ? engine.verdict(flow) : commonVerdict(flows, engine);
    },
    explain: (flow) => {
      const flows = flowsOf(flow);
      return flows === undefined
        ? engine.explain(flow)
        : commonExplanation(flows, { from: podsOf(flow.from), to: podsOf(flow.to) }, engine);
    },
    specification: {
      verdict: (flow) => {
        const flows = flowsOf(flow);
        return flows === undefined ? engine.specification.verdict(flow) : commonVerdict(flows, engine.specification);
      },
    },
  };

  /** The flows between the pods; `undefined` if no end names an owner. */
  function flowsOf(flow: Flow): Parsed<readonly Flow[]> | undefined {
    const from = podsOf(flow.from);
    const to = podsOf(flow.to);
    if (from === undefined && to === undefined) {
      return undefined;
    }
    const [sources, destinations] = [endsOf(flow.from, from), endsOf(flow.to, to)];
    return sources.length * destinations.length > MOST_FLOWS
      ? refused(`the ends have ${sources.length} and ${destinations.length} pods, the most is ${MOST_FLOWS} pairs`, 'name one of the pods')
      : accepted(pairsOf(sources, destinations).map(([source, destination]) => ({ ...flow, from: source, to: destination })));
  }
}

/** Of one question. */
export const MOST_FLOWS = 4_000;

/** A pod to itself is no flow between pods, unless there is no other. */
function pairsOf(sources: readonly WrittenEnd[], destinations: readonly WrittenEnd[]): readonly (readonly [WrittenEnd, WrittenEnd])[] {
  const pairs = sources.flatMap((source) => destinations.map((destination) => [source, destination] as const));
  const different = pairs.filter(([source, destination]) => nameIn(source) === '' || nameIn(source) !== nameIn(destination));
  return different.length === 0 ? pairs : different;
}

function endsOf(end: WrittenEnd, pods: readonly string[] | undefined): readonly WrittenEnd[] {
  return pods === undefined ? [end] : pods.map((name) => ({ is: 'pod', name }));
}

/** The verdict that all flows have; rejected if two differ in more than the reasons. */
function commonVerdict(flows: Parsed<readonly Flow[]>, engine: Pick<BoundedEngine, 'verdict'>): Parsed<Verdict> {
  if (!flows.ok) {
    return flows;
  }
  const [first, ...rest] = flows.value;
  let common = engine.verdict(first);
  for (const next of rest) {
    const verdict = engine.verdict(next);
    if (!common.ok || !verdict.ok) {
      return common.ok ? verdict : common;
    }
    const [a, b] = [summaryOf(common.value), summaryOf(verdict.value)];
    if (a !== b) {
      return refused(
        `pods of one name have different verdicts: ${nameOf(first, next)} has ${a}, and ${nameOf(next, first)} has ${b}`,
        'name one of the pods',
      );
    }
    common = accepted(united(common.value, verdict.value));
  }
  return common;
}

/** The steps for one of the pods, which stand for all, with the verdict of all. */
function commonExplanation(
  flows: Parsed<readonly Flow[]>,
  pods: { readonly from?: readonly string[]; readonly to?: readonly string[] },
  engine: BoundedEngine,
): Parsed<Explanation> {
  const verdict = commonVerdict(flows, engine);
  if (!flows.ok || !verdict.ok) {
    return flows.ok ? (verdict as Refused) : flows;
  }
  const explanation = engine.explain(flows.value[0]);
  if (!explanation.ok) {
    return explanation;
  }
  const { taken } = explanation.value;
  const from = [...takenPods(pods.from), ...taken.from];
  const to = [...takenPods(pods.to), ...taken.to];
  return accepted({ ...explanation.value, verdict: verdict.value, taken: { from, to } });
}

function takenPods(names: readonly string[] | undefined): readonly Taken[] {
  return names === undefined ? [] : [{ is: 'pods', names }];
}

/** Everything of a verdict but the reasons and rules. */
function summaryOf({ egress, ingress, http, dns, sni }: Verdict): string {
  const request = http ?? dns ?? sni;
  return `egress ${sideOf(egress)}, ingress ${sideOf(ingress)}${request === undefined ? '' : `, request ${request}`}`;
}

function sideOf(side: Side): string {
  const redirect = side.decision === 'allowed' ? side.redirect : undefined;
  return `${side.decision}${redirect === undefined ? '' : ` through the ${redirect} proxy`}`;
}

/** The pods in which a flow differs from another. */
function nameOf(flow: Flow, other: Flow): string {
  const ends = [flow.from, flow.to].filter((end, i) => nameIn(end) !== nameIn([other.from, other.to][i]));
  return ends.map((end) => `\`${nameIn(end)}\``).join(' → ');
}

function nameIn(end: WrittenEnd): string {
  return end.is === 'pod' ? end.name : '';
}
