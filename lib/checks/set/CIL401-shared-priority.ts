import { tiers } from '../../admission/example';
import { below } from '../../model/path';
import { groupedBy } from '../../net/grouped';
import type { SetCheck, TierPolicy } from '../check';

const spec = (priority: number, action: string, team: string): string => `
    tier: Admin
    priority: ${priority}
    subject:
      namespaces: {}
    ingress:
      - action: ${action}
        from:
          - namespaces: ${team}
  `;

const both = (priority: number): string =>
  [tiers(spec(10, 'Deny', '{ matchLabels: { team: red } }')), tiers(spec(priority, 'Accept', '{}'))]
    .map(({ yaml }, i) => yaml.replace('example', i === 0 ? 'first' : 'second'))
    .join('---\n');

export const check: SetCheck = {
  code: 'CIL401',
  name: 'shared-priority',
  severity: 'warning',
  minors: ['1.20'],
  stage: 'set',
  summary: 'two ClusterNetworkPolicies of one tier and priority that select the same pods',
  why: 'Rules are asked by the priority of their policy and, at one priority, by their number in it: the first rules of both policies, then the second ones. Where an Accept, a Deny and a Pass stand at one place, the Deny comes first, and the Pass last. What one of the policies says as a whole is not what the cluster does.',
  limits:
    'Not reported: two policies whose rules of a direction all have one action, and two policies of which neither subject is plainly a part of the other. Subjects are compared by `matchLabels`; one with expressions counts only as the narrower one.',
  source: 'cilium `pkg/k8s/cluster_network_policy.go`, ParseClusterNetworkPolicy; `pkg/policy/rules.go`',
  bad: { yaml: both(10) },
  good: { yaml: both(20) },
  inspect({ tiers: policies }, report) {
    const groups = groupedBy(policies.map(comparable), ({ policy: { written } }) => `${written.tier} ${written.priority}`);
    const others = new Map<TierPolicy, TierPolicy>();
    const note = (a: Comparable, b: Comparable) => others.set(a.policy, others.get(a.policy) ?? b.policy);
    groups.forEach((same) => {
      const wide = new WideOnes(same);
      same.forEach((narrow) =>
        wide.around(narrow).forEach((one) => {
          note(narrow, one);
          note(one, narrow);
        }),
      );
    });
    for (const [policy, other] of others) {
      report(
        policy.resource,
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

/** Finds policies that select all that another one selects, and where the order of the rules may matter. */
class WideOnes {
  /** By the actions, and by a label that their subjects must have. */
  private readonly byActions = new Map<string, Map<string, Comparable[]>>();

  public constructor(all: readonly Comparable[]) {
    for (const one of all.filter(({ isNarrower }) => !isNarrower)) {
      const actions = `${one.ingress.join()} ${one.egress.join()}`;
      const lists = this.byActions.get(actions) ?? new Map<string, Comparable[]>();
      this.byActions.set(actions, lists);
      const [label = ''] = labelsOf(one);
      lists.set(label, [...(lists.get(label) ?? []), one].slice(0, MOST_COMPARED));
    }
  }

  public around(narrow: Comparable): readonly Comparable[] {
    const mixed = [...this.byActions.values()].filter((lists) => areMixed([...lists.values()][0][0], narrow));
    const found = mixed.flatMap((lists) => ['', ...labelsOf(narrow)].flatMap((label) => lists.get(label) ?? []));
    // One that stands twice is one policy.
    return found.filter((wide) => wide.policy.resource.name !== narrow.policy.resource.name && contains(wide, narrow));
  }
}

/** Of policies with the same actions and the same label, for each other one. */
const MOST_COMPARED = 20;

function labelsOf({ namespaces, pods }: Comparable): readonly string[] {
  return [...[...namespaces].map(([key, value]) => `namespace ${key}=${value}`), ...[...pods].map(([key, value]) => `pod ${key}=${value}`)];
}

/** Whether the order of the rules of two policies may matter. */
function areMixed(a: Comparable, b: Comparable): boolean {
  return hasTwoActions(a.ingress, b.ingress) || hasTwoActions(a.egress, b.egress);
}

function hasTwoActions(a: readonly string[], b: readonly string[]): boolean {
  return a.length > 0 && b.length > 0 && (a.length > 1 || b.length > 1 || a[0] !== b[0]);
}

/** Whether every pod of the second subject is one of the first. */
function contains(a: Comparable, b: Comparable): boolean {
  return hasAll(b.namespaces, a.namespaces) && hasAll(b.pods, a.pods);
}

function hasAll(own: ReadonlyMap<string, string>, wanted: ReadonlyMap<string, string>): boolean {
  for (const [key, value] of wanted) {
    if (own.get(key) !== value) {
      return false;
    }
  }
  return true;
}
