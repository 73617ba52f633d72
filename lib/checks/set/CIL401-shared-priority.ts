import { tiers } from '../../admission/example';
import { below } from '../../model/path';
import type { TierPodsPart, TierRulePart, WrittenTierPolicy } from '../../model/written';
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
  summary: 'two ClusterNetworkPolicies of one tier and priority that may select the same pods',
  why:
    'Rules are asked by the priority of their policy and, at one priority, by their number in it: the first rules of both policies, then the second ' +
    'ones. Where an Accept, a Deny and a Pass stand at one place, the Deny comes first, and the Pass last. What one of the policies says as a whole is ' +
    'not what the cluster does. Two policies are not reported if all their rules of a direction have one action, or if no pod can be a subject of both.',
  source: 'cilium `pkg/k8s/cluster_network_policy.go`, ParseClusterNetworkPolicy; `pkg/policy/rules.go`',
  bad: { yaml: both(10) },
  good: { yaml: both(20) },
  inspectTiers(policies, report) {
    const groups = groupedBy(policies, ({ written: { tier, priority } }) => `${tier} ${priority}`);
    for (const policy of policies) {
      const { tier, priority } = policy.written;
      const other = groups.get(`${tier} ${priority}`)!.find((one) => one !== policy && areMixed(one, policy));
      if (other !== undefined) {
        report(
          policy,
          {
            message: `ClusterNetworkPolicy \`${other.resource.name}\` has the same tier and priority, so the rules of both are asked in turn`,
            help: 'give them different priorities',
          },
          below(undefined, 'spec', 'priority'),
        );
      }
    }
  },
};

/** Whether the order of the rules of two policies may matter. */
function areMixed({ written: a }: TierPolicy, { written: b }: TierPolicy): boolean {
  const hasBoth = (isIngress: boolean) => {
    const [ofA, ofB] = [actionsOf(a, isIngress), actionsOf(b, isIngress)];
    return ofA.length > 0 && ofB.length > 0 && new Set([...ofA, ...ofB]).size > 1;
  };
  return (hasBoth(true) || hasBoth(false)) && !areDisjoint(a.subject, b.subject);
}

function actionsOf({ rules }: WrittenTierPolicy, isIngress: boolean): readonly TierRulePart['action'][] {
  return rules.filter((rule) => rule.isIngress === isIngress).map(({ action }) => action);
}

/** Whether two subjects ask for different values of a label, of pods or of their namespaces. */
function areDisjoint(a: TierPodsPart, b: TierPodsPart): boolean {
  return differs(a.namespaces ?? a.pods?.namespaces, b.namespaces ?? b.pods?.namespaces) || differs(a.pods?.pods, b.pods?.pods);
}

function differs(a: TierPodsPart['namespaces'], b: TierPodsPart['namespaces']): boolean {
  const values = new Map(b?.labels);
  return a?.labels.some(([key, value]) => (values.get(key) ?? value) !== value) ?? false;
}
