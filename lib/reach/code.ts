/** Decisions as numbers. */
import type { AllowReason, DenyReason, OwnedRule, Redirect, Side } from '../model/flow';

/** A decision as a number: 0 if no policy is evaluated, 1 if only the specification can decide. */
export type Code = number;

export const NO_POLICY: Code = 0;
export const ASK: Code = 1;

/** The first number that has a reason. */
const FIRST = 2;

/** The other reasons do not depend on a table. */
type Reason = Exclude<AllowReason | DenyReason, 'audited' | 'protocol-off' | 'not-authenticated' | 'not-learnable'>;

const REASONS = ['rule', 'not-enforced', 'localhost', 'deny-rule', 'default-deny'] as const satisfies readonly Reason[];
const REDIRECTS: readonly (Redirect | undefined)[] = [undefined, 'http', 'kafka', 'proxylib', 'tls', 'dns', 'crd'];

/** The number of a reason and redirect. */
export function codeOf(reason: Reason, redirect?: Redirect): Code {
  return FIRST + REASONS.indexOf(reason) * REDIRECTS.length + REDIRECTS.indexOf(redirect);
}

function reasonOf(code: Code): Reason {
  return REASONS[Math.floor((code - FIRST) / REDIRECTS.length)];
}

function redirectOf(code: Code): Redirect | undefined {
  return REDIRECTS[(code - FIRST) % REDIRECTS.length];
}

/** Whether a proxy sees the connection. */
export function hasRedirect(code: Code): boolean {
  return code >= FIRST && redirectOf(code) !== undefined;
}

/** What a number decides, and the proxy that sees the connection. */
export function decisionOf(code: Code): { readonly isAllowed: boolean; readonly redirect: Redirect | undefined } {
  const reason = reasonOf(code);
  return { isAllowed: reason !== 'deny-rule' && reason !== 'default-deny', redirect: redirectOf(code) };
}

/** The side that a number stands for, with the rules behind it. */
export function sideOf(code: Code, because: readonly OwnedRule[]): Side {
  const [reason, redirect] = [reasonOf(code), redirectOf(code)];
  return reason === 'deny-rule' || reason === 'default-deny'
    ? { decision: 'denied', reason, because }
    : { decision: 'allowed', reason, because, ...(redirect === undefined ? {} : { redirect }) };
}

export const RULE = codeOf('rule');
export const NOT_ENFORCED = codeOf('not-enforced');
export const LOCALHOST = codeOf('localhost');
export const DENY_RULE = codeOf('deny-rule');
export const DEFAULT_DENY = codeOf('default-deny');
