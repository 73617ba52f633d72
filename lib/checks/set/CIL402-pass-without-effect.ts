import { tiers } from '../../admission/example';
import type { TierRulePart } from '../../model/written';
import type { SetCheck, TierPolicy } from '../check';

const spec = (more: string): string => `
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    ingress:
      - action: Pass
        from:
          - namespaces:
              matchLabels:
                team: red
${more}`;

export const check: SetCheck = {
  code: 'CIL402',
  name: 'pass-without-effect',
  severity: 'info',
  minors: ['1.20'],
  stage: 'set',
  summary: 'a Pass that nothing follows in its tier',
  why: 'A Pass leaves out the rules of its tier that come after it. What no rule of a tier decides is left to the next one anyway, so without a rule that follows, in this policy or in another one of the tier, a Pass changes nothing.',
  limits:
    'Policies that are not given may have a rule that follows. Any later rule of the tier and direction counts, whatever pods it is about. Nothing is reported while a part of the input cannot be read.',
  source: 'cilium `pkg/policy/mapstate.go`, insertWithPasses; `pkg/policy/rules.go`',
  bad: tiers(spec('')),
  good: tiers(
    spec(`      - action: Deny
        from:
          - namespaces: {}
  `),
  ),
  inspect({ tiers: policies, isWhole }, report) {
    if (!isWhole) {
      return;
    }
    const last = new Map<string, number>();
    for (const policy of policies) {
      for (const rule of policy.written.rules) {
        const key = keyOf(policy, rule);
        last.set(key, Math.max(last.get(key) ?? 0, orderOf(policy, rule)));
      }
    }
    for (const policy of policies) {
      const passing = policy.written.rules.filter(({ action }) => action === 'Pass');
      for (const rule of passing.filter((one) => orderOf(policy, one) === last.get(keyOf(policy, one)))) {
        report(
          policy.resource,
          {
            message: 'no rule follows in the tier, so passing changes nothing',
            help: 'remove the rule, or add what it is an exception to',
          },
          rule.at,
          'action',
        );
      }
    }
  },
};

function keyOf({ written: { tier } }: TierPolicy, { isIngress }: TierRulePart): string {
  return `${tier} ${isIngress}`;
}

function orderOf({ written: { priority } }: TierPolicy, { index }: TierRulePart): number {
  return priority + index / 100;
}
