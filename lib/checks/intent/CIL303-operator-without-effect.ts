import { tiers } from '../../admission/example';
import { below } from '../../model/path';
import { OPERATORS } from '../../model/policy';
import type { SelectorPart, TierPodsPart, WrittenTierPolicy } from '../../model/written';
import type { IntentCheck } from '../check';

const spec = (operator: string): string => `
    tier: Admin
    priority: 10
    subject:
      namespaces: {}
    ingress:
      - action: Deny
        from:
          - namespaces:
              matchExpressions:
                - key: team
                  operator: ${operator}
                  values: [red]
  `;

export const check: IntentCheck = {
  code: 'CIL303',
  name: 'operator-without-effect',
  severity: 'error',
  minors: ['1.20'],
  stage: 'intent',
  summary: 'an operator of a selector that the agent does not know, so that the requirement does not count',
  why:
    'Neither the API server nor the agent checks the operators of a ClusterNetworkPolicy. The agent leaves a requirement with an unknown one out, so ' +
    'the selector selects more than it says, and without any other requirement everything. Operators are case-sensitive.',
  limits: 'Only ClusterNetworkPolicies are looked at: in the other kinds, the API server rejects an unknown operator.',
  source: 'cilium `pkg/policy/types/requirements.go`; network-policy-api `config/crd/experimental`',
  bad: tiers(spec('in')),
  good: tiers(spec('In')),
  inspectTiers(policy, { report }) {
    for (const { expressions, at } of selectorsOf(policy)) {
      expressions.forEach(({ operator }, i) => {
        if (!OPERATORS.includes(operator)) {
          report(
            { message: `operator \`${operator}\` is unknown, so the requirement does not count`, help: `write ${WORDS}` },
            below(at, 'matchExpressions', i, 'operator'),
          );
        }
      });
    }
  },
};

const WORDS = '`In`, `NotIn`, `Exists` or `DoesNotExist`';

function selectorsOf({ subject, rules }: WrittenTierPolicy): readonly SelectorPart[] {
  const peers = rules.flatMap((rule) => rule.peers);
  return [...inPods(subject), ...peers.flatMap((peer) => [...inPods(peer), ...(peer.nodes ? [peer.nodes] : [])])];
}

function inPods({ namespaces, pods }: TierPodsPart): readonly SelectorPart[] {
  return [...(namespaces ? [namespaces] : []), ...(pods ? [pods.namespaces, pods.pods] : [])];
}
