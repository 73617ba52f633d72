import type { AgentCheck } from '../check';
import { cnp } from '../example';

const ports = (count: number) => Array.from({ length: count }, (_, i) => `              - port: "${8000 + i}"`).join('\n');

export const check: AgentCheck = {
  code: 'CIL216',
  name: 'too-many-ports',
  severity: 'error',
  stage: 'agent',
  summary: 'more than 40 ports in one entry of `toPorts`',
  why:
    'The agent rejects the whole policy. In deny rules, the API server does not limit the number of ports. Write a range with `endPort`, or ' +
    'several entries.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortRule.sanitize and PortDenyRule.sanitize',
  bad: cnp(`
    endpointSelector: {}
    egressDeny:
      - toPorts:
          - ports:
${ports(41)}
  `),
  good: cnp(`
    endpointSelector: {}
    egressDeny:
      - toPorts:
          - ports:
              - port: "8000"
                endPort: 8040
  `),
  visit: {
    portRule({ ports: { length }, at }, { report }) {
      if (length > MOST) {
        report(
          {
            message: `rule has ${length} ports, the most is ${MOST}`,
            help: 'write a range with `endPort`, or several entries of `toPorts`',
          },
          at,
          'ports',
        );
      }
    },
  },
};

const MOST = 40;
