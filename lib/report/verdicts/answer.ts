/** Verdicts in the form of the machine formats. */
import type { OwnedRule, Side, Verdict } from '../../model/flow';
import { passes } from '../../verdict/decision';
import { shownName } from './rule-view';

export interface SideAnswer {
  readonly decision: Side['decision'];
  /** Null for `n/a` and `unknown`. */
  readonly reason: string | null;
  readonly redirect: string | null;
  /** `Kind/namespace/name`, sorted. */
  readonly policies: readonly string[];
  readonly missing?: string;
}

/** An answer of `batch`. */
export interface BatchAnswer {
  /** Whether the connection is allowed; null if that is unknown. A request on it may still be denied. */
  readonly allowed: boolean | null;
  readonly egress: SideAnswer;
  readonly ingress: SideAnswer;
  readonly http?: string;
  readonly dns?: string;
  readonly sni?: string;
  /** For a name without a known address: the prefixes in which an address would have another decision. */
  readonly differsIn?: readonly string[];
}

/** An answer for a program or a person. */
export interface FlowAnswer extends BatchAnswer {
  /** Whether the connection and the request on it, if there is one, are allowed; null if that is unknown. */
  readonly passes: boolean | null;
}

export function answerOf(verdict: Verdict): FlowAnswer {
  return { ...batchAnswer(verdict), passes: passes(verdict) ?? null };
}

export function batchAnswer({ allowed, egress, ingress, http, dns, sni, differsIn }: Verdict): BatchAnswer {
  return {
    allowed: allowed ?? null,
    egress: sideAnswer(egress),
    ingress: sideAnswer(ingress),
    ...(http === undefined ? {} : { http }),
    ...(dns === undefined ? {} : { dns }),
    ...(sni === undefined ? {} : { sni }),
    ...(differsIn === undefined ? {} : { differsIn }),
  };
}

/** Remembered: among many flows few sides are different objects. */
const ANSWERS = new WeakMap<Side, SideAnswer>();

export function sideAnswer(side: Side): SideAnswer {
  const answer = ANSWERS.get(side) ?? answerOfSide(side);
  ANSWERS.set(side, answer);
  return answer;
}

function answerOfSide(side: Side): SideAnswer {
  switch (side.decision) {
    case 'n/a':
      return { decision: 'n/a', reason: null, redirect: null, policies: [] };
    case 'unknown':
      return { decision: 'unknown', reason: null, redirect: null, policies: namesOf(side.because), missing: side.missing };
    case 'denied':
      return { decision: 'denied', reason: side.reason, redirect: null, policies: namesOf(side.because) };
    case 'allowed':
      return { decision: 'allowed', reason: side.reason, redirect: side.redirect ?? null, policies: namesOf(side.because) };
  }
}

function namesOf(rules: readonly OwnedRule[]): string[] {
  return [...new Set(rules.map(({ policy }) => shownName(policy)))].sort();
}
