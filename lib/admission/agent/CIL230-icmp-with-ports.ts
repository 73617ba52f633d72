import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL230',
  name: 'icmp-with-ports',
  severity: 'error',
  stage: 'agent',
  summary: 'ICMP types and ports in one rule',
  why: 'The agent rejects the whole policy. Rules add up, so write two rules with the same peers: one for ICMP types and one for ports.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, errUnsupportedICMPWithToPorts',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - fromEntities:
          - cluster
        toPorts:
          - ports:
              - port: "80"
        icmps:
          - fields:
              - type: EchoRequest
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - fromEntities:
          - cluster
        toPorts:
          - ports:
              - port: "80"
      - fromEntities:
          - cluster
        icmps:
          - fields:
              - type: EchoRequest
  `),
  visit: {
    rule({ icmps, portRules, at }, { report }) {
      if (icmps.length > 0 && portRules.length > 0) {
        report(
          { message: '`icmps` and `toPorts` cannot be used in the same rule', help: 'write two rules with the same peers' },
          at,
          'icmps',
        );
      }
    },
  },
};
