/** What may hold a policy and could not be read: what it could turn is unknown. */
import { isKnownKind } from '../crd/minor';
import { isPrivate, placeOf, Resource } from '../model/origin';
import { shortened } from '../net/shortened';
import { mayHoldKind, mayHoldPolicy } from '../read/mentions';
import { placeholdersIn } from '../read/placeholders';
import type { ReadProblem } from '../read/problem';
import type { Read } from '../read/read';
import { Agent, switchedOffBy } from '../resolve/agent';
import { isDeniedByRule, Missing } from './missing';

/** What was not judged. */
export interface Unjudged extends Pick<Read, 'problems' | 'passedOver'> {
  /** ClusterNetworkPolicies with values that are filled in later. */
  readonly vagueTiers: readonly Resource[];
}

/** What a cluster may have, or will have once a mistake is mended, although it was not judged here; `undefined` if everything was. */
export function missingIn({ problems, passedOver, vagueTiers: [tier] }: Unjudged, agent: Agent): Missing | undefined {
  if (tier !== undefined) {
    const name = isPrivate(tier) ? 'a ClusterNetworkPolicy' : `ClusterNetworkPolicy ${shortened(tier.name)}`;
    return { text: `${name}, of which a value is filled in later`, reason: 'placeholder', leaves: () => false };
  }
  const [built] = passedOver.filter(({ is }) => is === 'chart' || is === 'patch');
  const text = unreadText(problems) ?? (built && `${nameOf(built.origin)}, which ${built.is === 'chart' ? 'Helm' : 'kustomize'} builds`);
  if (text === undefined) {
    return undefined;
  }
  const mayBeTier = mayEnforceTiers(agent) && [...problems, ...passedOver].some(({ origin }) => mayBeTierAt(origin.document));
  return { text, reason: 'unread', leaves: mayBeTier ? () => false : isDeniedByRule };
}

/** The rules of a tier may pass a flow on, so that what they say at least is not what they say with the fewest peers. */
export function isVagueTier({ kind, value }: Resource): boolean {
  return kind === 'ClusterNetworkPolicy' && placeholdersIn(value.spec).length > 0;
}

function mayEnforceTiers(agent: Agent): boolean {
  return isKnownKind('ClusterNetworkPolicy', agent.minor) && switchedOffBy('ClusterNetworkPolicy', agent) === undefined;
}

/** Whether a document that was not read may be of the kind whose rules may allow what a deny rule denies. */
function mayBeTierAt({ source, start, end }: ReadProblem['origin']['document']): boolean {
  return source.text === undefined || mayHoldKind('ClusterNetworkPolicy', source.text.slice(start, end));
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
