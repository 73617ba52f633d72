import { tiers } from '../../admission/example';
import { below } from '../../model/path';
import { groupedBy } from '../../net/grouped';
import type { SetCheck, TierPolicy } from '../check';

const spec = (priority: number, action: string): string => `
    tier: Admin
    priority: ${priority}
    subject:
      namespaces: {}
    ingress:
      - action: ${action}
        from:
          - namespaces: {}
  `;

const both = (priority: number): string =>
  [tiers(spec(10, 'Deny')), tiers(spec(priority, 'Accept'))]
    .map(({ yaml }, i) => yaml.replace('example', i === 0 ? 'first' : 'second'))
    .join('---\n');

export const check: SetCheck = {
  code: 'CIL401',
  name: 'shared-priority',
  severity: 'warning',
  minors: ['1.20'],
  stage: 'set',
  summary: 'two ClusterNetworkPolicies of one tier and priority that select the same pods',
  why:
    'Rules are asked by the priority of their policy and, at one priority, by their number in it: the first rules of both policies, then the second ' +
    'ones. Where an Accept, a Deny and a Pass stand at one place, the Deny comes first, and the Pass last. What one of the policies says as a whole is ' +
    'not what the cluster does. Two policies are not reported if all their rules of a direction have one action, or if neither subject is plainly a part of the other.',
  source: 'cilium `pkg/k8s/cluster_network_policy.go`, ParseClusterNetworkPolicy; `pkg/policy/rules.go`',
  bad: { yaml: both(10) },
  good: { yaml: both(20) },
  inspectTiers(policies, report) {
    const compared = policies.map(comparable);
    const groups = groupedBy(compared, ({ policy: { written } }) => `${written.tier} ${written.priority}`);
    const others = new Map<TierPolicy, TierPolicy>();
    const note = (a: Comparable, b: Comparable) => others.set(a.policy, others.get(a.policy) ?? b.policy);
    groups.forEach((same) => {
      same.forEach((a, i) => {
        for (let k = i + 1; k < same.length; k++) {
          const isNew = !others.has(a.policy) || !others.has(same[k].policy);
          if (isNew && areMixed(a, same[k])) {
            note(a, same[k]);
            note(same[k], a);
          }
        }
      });
    });
    for (const [policy, other] of others) {
      report(
        policy,
        {
          message: `ClusterNetworkPolicy \`${other.resource.name}\` has the same tier and priority, so the rules of both are asked in turn`,
          help: 'give them different priorities',
        },
        below(undefined, 'spec', 'priority'),
      );
    }
  },
};

/** What is compared of a policy. */
interface Comparable {
  readonly policy: TierPolicy;
  /** The distinct actions of a direction. */
  readonly ingress: readonly string[];
  readonly egress: readonly string[];
  /** The labels that the namespaces and the pods of its subject must have. */
  readonly namespaces: ReadonlyMap<string, string>;
  readonly pods: ReadonlyMap<string, string>;
  /** Whether its subject has further conditions. */
  readonly isNarrower: boolean;
}

function comparable(policy: TierPolicy): Comparable {
  const { subject, rules } = policy.written;
  const selectors = [subject.namespaces, subject.pods?.namespaces, subject.pods?.pods];
  const actionsOf = (direction: boolean) => [
    ...new Set(rules.filter(({ isIngress }) => isIngress === direction).map(({ action }) => action)),
  ];
  return {
    ...{ policy, ingress: actionsOf(true), egress: actionsOf(false) },
    namespaces: new Map((subject.namespaces ?? subject.pods?.namespaces)?.labels),
    pods: new Map(subject.pods?.pods.labels),
    isNarrower: selectors.some((selector) => (selector?.expressions.length ?? 0) > 0),
  };
}

/** Whether the order of the rules of two policies may matter. */
function areMixed(a: Comparable, b: Comparable): boolean {
  return (
    // One that stands twice is one policy.
    a.policy.resource.name !== b.policy.resource.name &&
    (hasTwoActions(a.ingress, b.ingress) || hasTwoActions(a.egress, b.egress)) &&
    (contains(a, b) || contains(b, a))
  );
}

function hasTwoActions(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && b.length > 0 && (a.length > 1 || b.length > 1 || a[0] !== b[0]);
}

/** Whether every pod of the second subject is one of the first. */
function contains(a: Comparable, b: Comparable): boolean {
  return !a.isNarrower && hasAll(b.namespaces, a.namespaces) && hasAll(b.pods, a.pods);
}

function hasAll(own: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): boolean {
  for (const [key, value] of wanted) {
    if (own.get(key) !== value) {
      return false;
    }
  }
  return true;
}
