import { isOn } from '../../model/config';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL235',
  name: 'icmp-rules-off',
  severity: 'error',
  stage: 'agent',
  summary: 'ICMP types while `enable-icmp-rules` is off',
  why: 'The agent rejects the whole policy if `enable-icmp-rules` is false. The default is true.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, IngressRule.sanitize and EgressRule.sanitize',
  bad: cnp(
    `
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - type: EchoRequest
  `,
    { 'enable-icmp-rules': 'false' },
  ),
  good: cnp(
    `
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - type: EchoRequest
  `,
    { 'enable-icmp-rules': 'true' },
  ),
  visit: {
    rule({ icmps, at }, { config, report }) {
      if (icmps.length > 0 && !isOn(config, 'enable-icmp-rules', true)) {
        report(
          { message: 'ICMP types need `enable-icmp-rules`, which is off', help: 'set `enable-icmp-rules` to true in cilium-config' },
          at,
          'icmps',
        );
      }
    },
  },
};
