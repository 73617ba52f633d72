import type { PortRulePart } from '../../model/written';
import type { AgentCheck } from '../check';
import { ccnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL218',
  name: 'l7-on-host',
  severity: 'error',
  stage: 'agent',
  summary: 'rules of layer 7 for nodes',
  why: 'The agent refuses the whole policy. Of a node only the DNS requests that leave it can be judged.',
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
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
  `),
  visit: {
    portRule(part, { report }) {
      const kind = part.isHost ? refusedKind(part) : undefined;
      if (kind !== undefined) {
        const message = part.isIngress
          ? 'no rules of layer 7 are possible for what enters a node'
          : `no ${kind} rules are possible for what leaves a node`;
        report({ message, help: 'remove the rules' }, part.at, 'rules', kind);
      }
    },
  },
};

/** DNS on egress passes, and so does what the agent leaves to an Envoy extension. */
function refusedKind({ isIngress, l7 }: PortRulePart): string | undefined {
  const kinds = (['http', 'kafka', 'dns', 'l7'] as const).filter((kind) => (l7[kind] ?? 0) > 0);
  return kinds.find((kind) => isIngress || kind === 'http' || kind === 'kafka');
}
