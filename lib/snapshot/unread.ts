/** Verdicts over a set of policies of which a part could not be read: what that part could turn is unknown. */
import { isSince, Minor } from '../crd/minor';
import { AgentConfig, isOn } from '../model/config';
import type { Ruling, Side, Verdict } from '../model/flow';
import { isPrivate, placeOf, Resource } from '../model/origin';
import { groupOf } from '../read/kinds';
import { mayHoldPolicy } from '../read/mentions';
import type { ReadProblem } from '../read/problem';
import type { Read } from '../read/read';
import { allowedBy, Explanation, Way } from '../verdict/judge';

/** What may turn verdicts and was not judged. */
export interface Missing {
  readonly text: string;
  /** Whether it may also allow what a deny rule denies. */
  readonly overrules: boolean;
}

/** What a cluster may have, or will have once a mistake is mended, although it was not judged here; `undefined` if everything was. */
export function missingIn(
  { problems, others, passedOver }: Pick<Read, 'problems' | 'others' | 'passedOver'>,
  minor: Minor,
  config: AgentConfig,
): Missing | undefined {
  const tiered = others.find((resource) => mayBeEnforced(resource, minor, config));
  if (tiered !== undefined) {
    return {
      text: `${isPrivate(tiered) ? 'a ClusterNetworkPolicy' : `ClusterNetworkPolicy ${tiered.name}`}, which is not judged`,
      overrules: true,
    };
  }
  const [built] = passedOver.filter(({ is }) => is === 'chart' || is === 'patch');
  const text = unreadText(problems) ?? (built && `${nameOf(built.origin)}, which ${built.is === 'chart' ? 'Helm' : 'kustomize'} builds`);
  return text === undefined ? undefined : { text, overrules: false };
}

/**
 * Whether the agent may enforce a ClusterNetworkPolicy: from 1.20 on, if its switch is on; without any configuration, that is not known.
 *
 * Source: cilium 1.20 `pkg/policy/k8s/watcher.go`; off by default, `pkg/defaults/defaults.go`.
 */
export function mayBeEnforced({ kind, apiVersion }: Resource, minor: Minor, config: AgentConfig): boolean {
  const isTiered = kind === 'ClusterNetworkPolicy' && groupOf(apiVersion) === 'policy.networking.k8s.io';
  return isTiered && isSince(minor, '1.20') && isOn(config, 'enable-k8s-cluster-network-policy', Object.keys(config).length === 0);
}

function unreadText(problems: readonly ReadProblem[]): string | undefined {
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
export function withUnread(verdict: Verdict, missing: Missing): Verdict {
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
export function explanationWithUnread({ verdict, ways, taken }: Explanation, missing: Missing): Explanation {
  return { verdict: withUnread(verdict, missing), ways: ways.map((way) => wayWith(way, missing)), taken };
}

function wayWith({ egress, ingress, ...way }: Way, missing: Missing): Way {
  return {
    ...way,
    verdict: withUnread(way.verdict, missing),
    ...(egress && { egress: { ...egress, side: sideWith(egress.side, missing) } }),
    ...(ingress && { ingress: { ...ingress, side: sideWith(ingress.side, missing) } }),
  };
}

/** A deny rule denies whatever other rule there is, but not whatever tier. */
function sideWith(side: Side, missing: Missing): Side {
  const isDenied = side.decision === 'denied' && side.reason === 'deny-rule' && !missing.overrules;
  const isFinal = side.decision === 'n/a' || side.decision === 'unknown' || isDenied;
  return isFinal ? side : { decision: 'unknown', reason: 'unread', missing: missing.text, because: side.because };
}
