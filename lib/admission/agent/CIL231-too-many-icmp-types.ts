import type { AgentCheck } from '../check';
import { cnp } from '../example';

const fields = (count: number) => Array.from({ length: count }, (_, i) => `              - type: ${i}`).join('\n');

export const check: AgentCheck = {
  code: 'CIL231',
  name: 'too-many-icmp-types',
  severity: 'error',
  stage: 'agent',
  summary: 'more than 40 ICMP types in one entry of `icmps`',
  why: 'The agent rejects the whole policy. The API server already rejects such a policy (CIL109). Write several entries.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, ICMPRule.verify',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
${fields(41)}
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
${fields(40)}
  `),
  visit: {
    icmp({ fields: { length }, at }, { report }) {
      if (length > MOST) {
        report({ message: `rule has ${length} ICMP types, the most is ${MOST}`, help: 'write several entries of `icmps`' }, at, 'fields');
      }
    },
  },
};

const MOST = 40;
