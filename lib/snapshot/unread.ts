/** What may hold a policy and could not be read: what it could turn is unknown. */
import { isSince, Minor } from '../crd/minor';
import { AgentConfig, isOn } from '../model/config';
import { isPrivate, placeOf, Resource } from '../model/origin';
import { groupOf } from '../read/kinds';
import { mayHoldPolicy } from '../read/mentions';
import type { ReadProblem } from '../read/problem';
import type { Read } from '../read/read';
import { isDeniedByRule, Missing } from './missing';

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
      reason: 'unread',
      // A tier may allow what a deny rule denies.
      leaves: () => false,
    };
  }
  const [built] = passedOver.filter(({ is }) => is === 'chart' || is === 'patch');
  const text = unreadText(problems) ?? (built && `${nameOf(built.origin)}, which ${built.is === 'chart' ? 'Helm' : 'kustomize'} builds`);
  return text === undefined ? undefined : { text, reason: 'unread', leaves: isDeniedByRule };
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
