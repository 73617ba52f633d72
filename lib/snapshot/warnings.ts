/** What a user must know before relying on a verdict, as data. `report/` has the wording. */
import type { Admission } from '../admission/admit';
import type { Resource } from '../model/origin';
import type { Policy } from '../model/policy';
import type { ReadProblem } from '../read/problem';
import type { Read } from '../read/read';
import type { Agent } from '../resolve/agent';

/** A rejected policy, with the findings that are the reason. */
export interface RefusedPolicy {
  readonly resource: Resource;
  readonly findings: Admission['findings'];
}

export type Warning =
  /** A document that could not be read, which may hold a policy. */
  | { readonly is: 'unread'; readonly problem: ReadProblem }
  /** A folder that was passed over. */
  | { readonly is: 'skipped'; readonly folder: string }
  | { readonly is: 'refused'; readonly policy: RefusedPolicy }
  /** A policy that occurs twice. Both are judged, but a cluster has only one. */
  | { readonly is: 'counted-twice'; readonly problem: ReadProblem }
  /** A policy of a kind that Cilium may enforce, but that is not judged here. */
  | { readonly is: 'not-judged'; readonly resource: Resource }
  /** A policy that selects nodes while the host firewall is off. */
  | { readonly is: 'without-effect'; readonly resource: Resource };

export function warningsOf(
  { problems, others, sources }: Pick<Read, 'problems' | 'others' | 'sources'>,
  refused: readonly RefusedPolicy[],
  policies: readonly Policy[],
  agent: Agent,
): readonly Warning[] {
  const twice = problems.filter(({ is }) => is === 'duplicate-policy');
  const ofNodes = agent.hasHostFirewall ? [] : policies.filter(({ rules }) => rules.some(({ subject }) => subject.is === 'nodes'));
  return [
    ...unreadIn(problems).map((problem): Warning => ({ is: 'unread', problem })),
    ...sources.filter(({ isSkipped }) => isSkipped).map(({ name }): Warning => ({ is: 'skipped', folder: name })),
    ...refused.map((policy): Warning => ({ is: 'refused', policy })),
    ...twice.map((problem): Warning => ({ is: 'counted-twice', problem })),
    ...others.filter(({ kind }) => NOT_JUDGED.includes(kind)).map((resource): Warning => ({ is: 'not-judged', resource })),
    ...ofNodes.map(({ resource }): Warning => ({ is: 'without-effect', resource })),
  ];
}

/** Problems with input that was not read and may hold a policy. */
export function unreadIn(problems: readonly ReadProblem[]): readonly ReadProblem[] {
  return problems.filter(({ is }) => UNREAD.includes(is));
}

const UNREAD: readonly ReadProblem['is'][] = ['syntax', 'template', 'unknown-kind', 'wrong-api-version', 'limit', 'unreadable'];

const NOT_JUDGED = ['ClusterNetworkPolicy', 'AdminNetworkPolicy', 'BaselineAdminNetworkPolicy'];
