/** What is worst of all that somebody may write. */
import { isSince, Minor } from '../../crd/minor';
import type { JsonObject } from '../../model/json';
import type { EndSet, StateDemand } from '../../model/property';
import { Parsed, refused } from '../../net/parsed';
import type { Snapshot } from '../snapshot';
import type { Verdicts } from '../verdicts';
import { podSelector } from './end-sets';

/** The verdicts of the policies that are given, and of those that somebody may add. */
export class Worlds {
  private readonly known = new Map<string, Parsed<Verdicts>>();

  public constructor(public readonly snapshot: Snapshot) {}

  /** With the policies that are worst for a demand, of those that somebody may write. */
  public for(whoever: EndSet | undefined, { is }: StateDemand): Parsed<Verdicts> {
    // Policies of namespaces neither open a closed pod, nor say anything of nodes.
    const isMoot = whoever === undefined || is === 'closed' || is === 'nodes-open';
    const added = isMoot ? undefined : worstPolicy(whoever, is, this.snapshot.settings.minors[0]);
    const key = JSON.stringify(added ?? null);
    const verdicts = this.known.get(key) ?? this.open(added);
    this.known.set(key, verdicts);
    return verdicts;
  }

  private open(added: JsonObject | undefined): Parsed<Verdicts> {
    const extended = added === undefined ? this.snapshot : this.snapshot.with('what they may write', added);
    return extended === undefined
      ? refused('what somebody may write cannot be judged', 'the agent must take CiliumClusterwideNetworkPolicies for it')
      : extended.verdicts();
  }
}

/**
 * Allow rules add up, so the most that somebody can open is what allows everything; and the most that he can close is what denies everything. In
 * namespaces, a policy of each means the same as a clusterwide one for all of them.
 */
function worstPolicy(whoever: EndSet, is: 'nothing' | 'everything', minor: Minor): JsonObject {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumClusterwideNetworkPolicy',
    metadata: { name: ADDED },
    specs: whoever.flatMap((part) => (part.is === 'pods' ? [{ endpointSelector: podSelector(part), ...worstRules(is, minor) }] : [])),
  };
}

export function worstRules(is: 'nothing' | 'everything', minor: Minor): JsonObject {
  const all = { ingress: [{ fromEntities: ['all'] }], egress: [{ toEntities: ['all'] }] };
  if (is === 'everything') {
    return { ingressDeny: all.ingress, egressDeny: all.egress };
  }
  // A requirement that nobody fulfils narrows the deny rules of others to nothing. Removed in 1.19.
  const loosened = { ingressDeny: [{ fromRequires: [NOBODY] }], egressDeny: [{ toRequires: [NOBODY] }] };
  return isSince(minor, '1.19') ? all : { ...all, ...loosened };
}

const NOBODY: JsonObject = {
  matchExpressions: [
    { key: 'nobody', operator: 'Exists' },
    { key: 'nobody', operator: 'DoesNotExist' },
  ],
};

/** The name of the policy that somebody may write. */
export const ADDED = 'added-by-somebody';
