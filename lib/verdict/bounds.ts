/** The verdict on policies of which some values are not known: what both bounds say, and `unknown` where they differ. */
import type { OwnedRule, Ruling, Side, Verdict } from '../model/flow';
import { REQUESTS } from './backends';
import { allowedBy, Explanation } from './judge';

export interface Vagueness {
  /** Says what a side depends on, given the rules of both bounds. */
  readonly missingOf: (rules: readonly OwnedRule[]) => string;
  /** Whether it is not known which proxy a port has, so that no request is known to pass. */
  readonly isProxyVague: boolean;
}

/** `closed`: unknown values allow the least. `open`: they allow the most. */
export function between(closed: Verdict, open: Verdict, vagueness: Vagueness): Verdict {
  const [egress, ingress] = [sideBetween(closed.egress, open.egress, vagueness), sideBetween(closed.ingress, open.ingress, vagueness)];
  const decisions = [egress.decision, ingress.decision];
  const isDenied = decisions.includes('denied');
  // A request is judged on a connection: if that is not known, nor is the request.
  const isKnown = !decisions.includes('unknown');
  const rulings = REQUESTS.filter((request) => closed[request] !== undefined).map((request): [string, Ruling] => [
    request,
    isDenied ? 'denied' : isKnown && !vagueness.isProxyVague && closed[request] === open[request] ? closed[request]! : 'unknown',
  ]);
  return { allowed: allowedBy(egress, ingress), egress, ingress, ...Object.fromEntries(rulings) };
}

/** What surely allows is known from the closed bound, and what surely denies from the open one. */
function sideBetween(closed: Side, open: Side, vagueness: Vagueness): Side {
  if (closed.decision === open.decision) {
    return closed.decision === 'denied' ? open : closed;
  }
  const [unknown] = [closed, open].filter(({ decision }) => decision === 'unknown');
  const because = [...rulesOf(open), ...rulesOf(closed)];
  return unknown ?? { decision: 'unknown', reason: 'placeholder', missing: vagueness.missingOf(because), because };
}

function rulesOf(side: Side): readonly OwnedRule[] {
  return side.decision === 'n/a' ? [] : side.because;
}

/** The steps of the bound that decides, with the sides of both. */
export function explainedBetween(closed: Explanation, open: Explanation, vagueness: Vagueness): Explanation {
  const verdict = between(closed.verdict, open.verdict, vagueness);
  const ways = verdict.allowed === false ? open.ways : closed.ways;
  const others = verdict.allowed === false ? closed.ways : open.ways;
  return {
    verdict,
    taken: closed.taken,
    ways: ways.map((way, i) => {
      const other = others.at(i) ?? way;
      const [egress, ingress] = [
        sideBetween(way.verdict.egress, other.verdict.egress, vagueness),
        sideBetween(way.verdict.ingress, other.verdict.ingress, vagueness),
      ];
      return {
        ...way,
        verdict: between(way.verdict, other.verdict, vagueness),
        ...(way.egress && { egress: { ...way.egress, side: egress } }),
        ...(way.ingress && { ingress: { ...way.ingress, side: ingress } }),
      };
    }),
  };
}
