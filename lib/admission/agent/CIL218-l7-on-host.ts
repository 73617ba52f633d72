import type { PortRulePart } from '../../model/written';
import type { AgentCheck } from '../check';
import { ccnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL218',
  name: 'l7-on-host',
  severity: 'error',
  stage: 'agent',
  summary: 'L7 rules for nodes',
  why: 'The agent rejects the whole policy. For nodes, Cilium can inspect only outgoing DNS queries.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, IngressRule.sanitize and EgressRule.sanitize',
  bad: ccnp(`
    nodeSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - method: GET
  `),
  good: ccnp(`
    nodeSelector: {}
    ingress:
      - fromEntities: [cluster]
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
  `),
  visit: {
    portRule(part, { report }) {
      const kind = part.isHost ? rejectedKind(part) : undefined;
      if (kind !== undefined) {
        const message = part.isIngress
          ? 'L7 rules cannot be used for traffic that enters a node'
          : `\`${kind}\` rules cannot be used for traffic that leaves a node`;
        report({ message, help: 'remove the rules' }, part.at, 'rules', kind);
      }
    },
  },
};

/** In egress, the agent accepts DNS rules, and `l7` rules, which it leaves to an Envoy extension. */
function rejectedKind({ isIngress, l7 }: PortRulePart): string | undefined {
  const kinds = (['http', 'kafka', 'dns', 'l7'] as const).filter((kind) => (l7[kind] ?? 0) > 0);
  return kinds.find((kind) => isIngress || kind === 'http' || kind === 'kafka');
}
