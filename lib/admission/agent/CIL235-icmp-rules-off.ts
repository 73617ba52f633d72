import { isOn } from '../../model/config';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL235',
  name: 'icmp-rules-off',
  severity: 'error',
  stage: 'agent',
  summary: 'ICMP types while rules of ICMP are off',
  why: 'The agent refuses the whole policy where `enable-icmp-rules` is false. It is true unless somebody changed it.',
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
    element({ icmps, at }, { config, report }) {
      if (icmps.length > 0 && !isOn(config, 'enable-icmp-rules', true)) {
        report(
          { message: 'ICMP types need rules of ICMP, which are off', help: 'set `enable-icmp-rules` to true in cilium-config' },
          at,
          'icmps',
        );
      }
    },
  },
};
