import { tiers } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import { isPrivate } from '../../model/origin';
import { overruledIn } from '../../resolve/overruled';
import type { SetCheck } from '../check';

const ADMIN = tiers(`
    tier: Admin
    priority: 10
    subject: { namespaces: {} }
    ingress:
      - action: Deny
        from:
          - namespaces: { matchLabels: { team: red } }
  `).yaml;

const app = (team: string): string => `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: db
  namespace: shop
spec:
  podSelector: {}
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              team: ${team}
`;

export const check: SetCheck = {
  code: 'CIL403',
  name: 'overruled-rule',
  severity: 'warning',
  minors: ['1.20'],
  stage: 'set',
  summary: 'a rule that never decides, because a ClusterNetworkPolicy decides everything that it is about, and otherwise',
  why: 'The first tier that decides is final, and in a tier the first rule. What an earlier rule denies, a later one does not open, and what an earlier rule accepts, a later one does not deny and no proxy inspects. The rule may still close the direction of its subject for everything else.',
  limits:
    'Rules are compared with single earlier rules, by their labels, CIDRs and ports, and the labels of namespaces that are given. A rule that several earlier ones decide together, and one that says the same as the earlier one, are not reported.',
  source: 'cilium `pkg/policy/rules.go`; `pkg/policy/mapstate.go`',
  bad: { yaml: `${ADMIN}---\n${app('red')}` },
  good: { yaml: `${ADMIN}---\n${app('blue')}` },
  inspect({ tiers: given, agent, judged }, report) {
    const found = given.length === 0 ? undefined : judged();
    for (const { rule, earlier } of found === undefined ? [] : overruledIn(found.policies, found.inventory, agent)) {
      const { resource } = rule.policy;
      const words = { allow: 'accepts', deny: 'denies', pass: 'passes on' }[earlier.rule.effect];
      report(
        resource,
        {
          message: `${nameOf(earlier)} ${words} all of this before, so the rule never decides`,
          help: helpFor(rule, earlier),
        },
        undefined,
        ...rule.rule.path,
      );
    }
  },
};

/** A tier is asked before the next one; in a tier, the order is that of `priority`, and in a policy, that of the rules. */
function helpFor({ policy, rule }: OwnedRule, earlier: OwnedRule): string {
  if (rule.level === undefined || rule.level.tier !== earlier.rule.level?.tier) {
    return 'remove the rule, or let the earlier one pass';
  }
  if (policy === earlier.policy) {
    const [, section, index] = earlier.rule.path;
    return `move this rule before \`${section}[${index}]\`, or remove it`;
  }
  const other = isPrivate(earlier.policy.resource) ? 'the other policy' : `\`${earlier.policy.name}\``;
  return `give \`${policy.name}\` a smaller \`priority\` number than ${other}, or remove the rule`;
}

/** For example `ingress[0]` of a policy. */
function nameOf({ policy: { resource }, rule: { path } }: OwnedRule): string {
  const [, section, index] = path;
  return isPrivate(resource) ? 'a ClusterNetworkPolicy' : `\`${section}[${index}]\` of ClusterNetworkPolicy \`${resource.name}\``;
}
