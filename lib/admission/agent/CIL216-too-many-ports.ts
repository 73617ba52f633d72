import type { AgentCheck } from '../check';
import { cnp, shownAs } from '../example';

const withPorts = (ports: readonly string[]) =>
  cnp(`
    endpointSelector: {}
    egressDeny:
      - toPorts:
          - ports:
${ports.join('\n')}
  `);

const port = (number: number) => `              - port: "${number}"`;

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
  bad: shownAs(withPorts([port(8000), '              # …', port(8040)]), withPorts(Array.from({ length: 41 }, (_, i) => port(8000 + i)))),
  good: cnp(`
    endpointSelector: {}
    enableDefaultDeny:
      egress: false
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
