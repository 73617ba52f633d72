import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL232',
  name: 'unknown-icmp-family',
  severity: 'error',
  stage: 'agent',
  summary: 'an ICMP family that is neither IPv4 nor IPv6',
  why: 'The agent rejects the whole policy. The API server already rejects such a policy (CIL104).',
  source: 'cilium `pkg/policy/api/rule_validation.go`, ICMPRule.verify',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - family: ICMPv6
                type: 128
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - family: IPv6
                type: 128
  `),
  visit: {
    icmpField({ family, at }, { report }) {
      if (!['', 'IPv4', 'IPv6'].includes(family)) {
        report({ message: `unknown family \`${family}\``, help: 'write IPv4 or IPv6' }, at, 'family');
      }
    },
  },
};
