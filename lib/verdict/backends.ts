/** The verdict on a flow that can take several ways, such as one to a Service: what the verdicts on them have in common. */
import type { AllowReason, DenyReason, OwnedRule, Ruling, Side, Verdict } from '../model/flow';

/** The verdict on two ways: what both share, `unknown` where they differ, because of what is missing. */
export function united(a: Verdict, b: Verdict, missing = 'the backend that is chosen'): Verdict {
  const rulings = REQUESTS.filter((request) => a[request] !== undefined).map((request): [string, Ruling] => [
    request,
    a[request] === b[request] ? a[request]! : 'unknown',
  ]);
  return {
    allowed: a.allowed === b.allowed ? a.allowed : undefined,
    egress: unitedSide(a.egress, b.egress, missing),
    ingress: unitedSide(a.ingress, b.ingress, missing),
    ...Object.fromEntries(rulings),
  };
}

export const REQUESTS = ['http', 'dns', 'sni'] as const;

/** The decision that both have. Of two reasons the one that says more counts; a redirect counts only if both have it. */
function unitedSide(a: Side, b: Side, missing: string): Side {
  // Where no policy is evaluated for one of them, nothing blocks it.
  if (a.decision === 'n/a' && (b.decision === 'n/a' || b.decision === 'allowed')) {
    return b;
  }
  if (b.decision === 'n/a' && a.decision === 'allowed') {
    return a;
  }
  if (a.decision === 'allowed' && b.decision === 'allowed') {
    const reason = ALLOW_REASONS.find((one) => one === a.reason || one === b.reason)!;
    const redirect = a.redirect === b.redirect ? a.redirect : undefined;
    return { decision: 'allowed', reason, redirect, because: joined(a.because, b.because) };
  }
  if (a.decision === 'denied' && b.decision === 'denied') {
    const reason = DENY_REASONS.find((one) => one === a.reason || one === b.reason)!;
    return { decision: 'denied', reason, because: joined(a.because, b.because) };
  }
  const [unknown] = [a, b].filter(({ decision }) => decision === 'unknown');
  return unknown ?? { decision: 'unknown', reason: 'backends', missing, because: [] };
}

/** The reasons, the one that is told first where backends have several. */
const DENY_REASONS = Object.keys({
  'deny-rule': 0,
  'not-authenticated': 0,
  'not-learnable': 0,
  'default-deny': 0,
  'protocol-off': 0,
} satisfies Record<DenyReason, 0>) as DenyReason[];
const ALLOW_REASONS = Object.keys({ audited: 0, rule: 0, localhost: 0, 'not-enforced': 0 } satisfies Record<
  AllowReason,
  0
>) as AllowReason[];

function joined(a: readonly OwnedRule[], b: readonly OwnedRule[]): readonly OwnedRule[] {
  // Most backends are decided by the same rules.
  return a.length === b.length && a.every((rule, i) => rule === b[i]) ? a : [...new Set([...a, ...b])];
}
