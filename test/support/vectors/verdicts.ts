/**
 * The answers to the flows of a world, and the short format in which vectors store them.
 *
 * An answer is both sides, `EGRESS INGRESS`, and the rulings on a request, for example `http=allowed`; or `!` and an error. If all backends of a
 * Service are allowed, or all are denied, by different sides, `allowed=true` or `allowed=false` is added. A side is its reason, the numbers of the
 * policies that cause it, and its redirect: `rule:0,2>http`, `default-deny:1`, `not-enforced`; or `n/a`, or `?` for unknown.
 */
import type { WorldCase } from '../../generate/worlds';

export type Reason = AllowReason | DenyReason;

type AllowReason = 'rule' | 'not-enforced' | 'localhost' | 'audited';

const DENY_REASONS = ['deny-rule', 'default-deny', 'protocol-off', 'not-authenticated'] as const;

type DenyReason = (typeof DENY_REASONS)[number];

/** The verdict of the policy of one end. `policies` are `Kind/namespace/name`, sorted. */
export interface Side {
  readonly decision: 'allowed' | 'denied' | 'unknown' | 'n/a';
  readonly reason: Reason | null;
  readonly redirect: string | null;
  readonly policies: readonly string[];
}

export type Ruling = 'allowed' | 'denied' | 'unknown';

export interface Verdict {
  readonly allowed: boolean | null;
  readonly egress: Side;
  readonly ingress: Side;
  readonly http?: Ruling;
  readonly dns?: Ruling;
  readonly sni?: Ruling;
}

/** The answer to one flow: a verdict, or why the flow cannot be judged. */
export type FlowAnswer = Verdict | { readonly error: string };

/** The answers to the flows of a world, or why no flow can be judged. */
export type WorldAnswer = { readonly error: null; readonly answers: readonly FlowAnswer[] } | { readonly error: string };

const POLICY_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'NetworkPolicy', 'ClusterNetworkPolicy'];

const REQUESTS = ['http', 'dns', 'sni'] as const;

/** The names of the policies of a world in answers, in the order of its objects. */
export function policyNames({ objects }: WorldCase): string[] {
  return objects
    .map((object) => object as { kind: string; metadata: { namespace?: string; name: string } })
    .filter(({ kind }) => POLICY_KINDS.includes(kind))
    .map(({ kind, metadata: { namespace = '', name } }) => `${kind}/${namespace}/${name}`);
}

export function writeFlowAnswer(answer: FlowAnswer, policies: readonly string[]): string {
  if ('error' in answer) {
    return `!${answer.error}`;
  }
  const rulings = REQUESTS.flatMap((request) => (answer[request] === undefined ? [] : [`${request}=${answer[request]}`]));
  const overall = answer.allowed === allowedBy([answer.egress, answer.ingress]) ? [] : [`allowed=${answer.allowed}`];
  return [writeSide(answer.egress, policies), writeSide(answer.ingress, policies), ...rulings, ...overall].join(' ');
}

function writeSide({ decision, reason, redirect, policies: behind }: Side, policies: readonly string[]): string {
  if (decision === 'n/a' || decision === 'unknown') {
    return decision === 'n/a' ? decision : '?';
  }
  const numbers = behind.map((name) => policies.indexOf(name)).join();
  return `${reason}${numbers && ':'}${numbers}${redirect === null ? '' : `>${redirect}`}`;
}

export function readFlowAnswer(text: string, policies: readonly string[]): FlowAnswer {
  if (text.startsWith('!')) {
    return { error: text.slice(1) };
  }
  const [egress, ingress, ...rulings] = text.split(' ');
  const sides = { egress: readSide(egress, policies), ingress: readSide(ingress, policies) };
  const { allowed, ...given } = Object.fromEntries(rulings.map((ruling) => ruling.split('='))) as Readonly<Record<string, string>>;
  return {
    allowed: allowed === undefined ? allowedBy(Object.values(sides)) : allowed === 'true',
    ...sides,
    ...(given as Partial<Verdict>),
  };
}

function readSide(text: string, policies: readonly string[]): Side {
  if (text === 'n/a' || text === '?') {
    return { decision: text === '?' ? 'unknown' : text, reason: null, redirect: null, policies: [] };
  }
  const [decided, redirect = null] = text.split('>');
  const [reason, numbers] = decided.split(':') as [Reason, string?];
  return {
    decision: DENY_REASONS.some((one) => one === reason) ? 'denied' : 'allowed',
    reason,
    redirect,
    policies: numbers === undefined ? [] : numbers.split(',').map((number) => policies[Number(number)]),
  };
}

/** Combines both sides: denied if one side denies, otherwise unknown if one side is unknown. */
export function allowedBy(sides: readonly Side[]): boolean | null {
  if (sides.some(({ decision }) => decision === 'denied')) {
    return false;
  }
  return sides.some(({ decision }) => decision === 'unknown') ? null : true;
}
