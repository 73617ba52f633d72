/** Asks the engine, through `batch`, what a claim asks. */
import { answer } from '../../lib/cli/batch';
import { accepted } from '../../lib/net/parsed';
import { MINORS } from '../support/vectors/minors';
import type { Claim } from './claim';

/** The answer in every minor, or the answers in 1.18, 1.19 and 1.20 if they differ. */
export function answerTo({ question }: Claim): Claim['answer'] {
  const [first, second, third] = MINORS.map((cilium) => textOf(question, cilium));
  return first === second && second === third ? first : [first, second, third];
}

function textOf(question: Claim['question'], cilium: string): string {
  if (question.is === 'validate') {
    return validityText(reply({ kind: 'validate', cilium, object: question.object, namespace: 'shop' }) as Validity);
  }
  const { flow, objects, config, names, learn } = question;
  const { error, answers } = reply({ kind: 'verdict', cilium, flows: [flow], objects, config, names, learn }) as Verdicts;
  const [one] = answers ?? [];
  return error ?? one?.error ?? verdictText(one);
}

function reply(request: object): unknown {
  return JSON.parse(answer({ number: 1, text: accepted(JSON.stringify(request)) }));
}

interface Verdicts {
  readonly error: string | null;
  readonly answers?: readonly (Verdict & { readonly error?: string })[];
}

interface Verdict {
  readonly egress: Side;
  readonly ingress: Side;
  readonly http?: string;
  readonly dns?: string;
  readonly sni?: string;
}

interface Side {
  readonly decision: string;
  readonly reason: string | null;
  readonly redirect: string | null;
}

/** `allowed by rule → denied by default-deny, http denied`. */
function verdictText({ egress, ingress, http, dns, sni }: Verdict): string {
  const requests = Object.entries({ http, dns, sni }).flatMap(([kind, ruling]) => (ruling === undefined ? [] : [`, ${kind} ${ruling}`]));
  return `${sideText(egress)} → ${sideText(ingress)}${requests.join('')}`;
}

function sideText({ decision, reason, redirect }: Side): string {
  return `${decision}${reason === null ? '' : ` by ${reason}`}${redirect === null ? '' : ` to ${redirect}`}`;
}

interface Validity {
  readonly accepted: { readonly schema: boolean; readonly agent: boolean };
  readonly unknown: readonly string[];
  readonly diagnostics: readonly { readonly code: string; readonly severity: string }[];
}

/** `accepted`, or who rejects it and the codes of the errors; and the fields that are dropped. */
function validityText({ accepted: { schema, agent }, unknown, diagnostics }: Validity): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  const codes = [...new Set(errors)].sort().join(' ');
  const by = [schema ? [] : ['API server'], agent ? [] : ['agent']].flat().join(' and ');
  return `${by === '' ? 'accepted' : `rejected by ${by} (${codes})`}${unknown.length === 0 ? '' : `, drops ${unknown.join(' ')}`}`;
}
