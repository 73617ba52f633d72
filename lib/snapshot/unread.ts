/** Verdicts over a set of policies of which a part could not be read: what that part could turn is unknown. */
import type { Ruling, Side, Verdict } from '../model/flow';
import { placeOf } from '../model/origin';
import { mayHoldPolicy } from '../read/mentions';
import type { ReadProblem } from '../read/problem';
import { allowedBy, Explanation, Way } from '../verdict/judge';

/** What a cluster may have, or will have once a mistake is mended, although it was not read here; `undefined` if everything was read. */
export function unknownIn(problems: readonly ReadProblem[]): string | undefined {
  const places = problems.filter(mayBePolicy).map(({ origin }) => nameOf(origin));
  const [first, ...rest] = [...new Set(places)];
  return first === undefined ? undefined : `${first}${rest.length === 0 ? '' : ` and ${rest.length} more`}, which could not be read`;
}

function mayBePolicy({ is, origin: { document } }: ReadProblem): boolean {
  const { source, start, end } = document;
  return ['template', 'limit', 'unreadable'].includes(is) || (is === 'syntax' && mayHoldPolicy((source.text ?? '').slice(start, end)));
}

function nameOf(origin: ReadProblem['origin']): string {
  const place = placeOf(origin);
  return `${origin.document.source.name}${place === undefined ? '' : `:${place.line}`}`;
}

/** The verdict, if anything may be in what is `missing`. */
export function withUnread(verdict: Verdict, missing: string): Verdict {
  const [egress, ingress] = [sideWith(verdict.egress, missing), sideWith(verdict.ingress, missing)];
  const { http, dns, sni } = verdict;
  const isDenied = egress.decision === 'denied' || ingress.decision === 'denied';
  const ruling = (written: Ruling): Ruling => (isDenied ? written : 'unknown');
  return {
    allowed: allowedBy(egress, ingress),
    egress,
    ingress,
    ...(http === undefined ? {} : { http: ruling(http) }),
    ...(dns === undefined ? {} : { dns: ruling(dns) }),
    ...(sni === undefined ? {} : { sni: ruling(sni) }),
  };
}

/** The verdict with its steps. */
export function explanationWithUnread({ verdict, ways }: Explanation, missing: string): Explanation {
  return { verdict: withUnread(verdict, missing), ways: ways.map((way) => wayWith(way, missing)) };
}

function wayWith({ egress, ingress, ...way }: Way, missing: string): Way {
  return {
    ...way,
    verdict: withUnread(way.verdict, missing),
    ...(egress && { egress: { ...egress, side: sideWith(egress.side, missing) } }),
    ...(ingress && { ingress: { ...ingress, side: sideWith(ingress.side, missing) } }),
  };
}

/** A deny rule denies whatever else there is. */
function sideWith(side: Side, missing: string): Side {
  const isFinal = side.decision === 'n/a' || side.decision === 'unknown' || (side.decision === 'denied' && side.reason === 'deny-rule');
  return isFinal ? side : { decision: 'unknown', reason: 'unread', missing, because: side.because };
}
