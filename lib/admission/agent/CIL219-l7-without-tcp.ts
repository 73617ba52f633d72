import type { AgentCheck } from '../check';
import { cnp } from '../example';
import { protocolsOf } from './protocols';

export const check: AgentCheck = {
  code: 'CIL219',
  name: 'l7-without-tcp',
  severity: 'error',
  stage: 'agent',
  summary: 'HTTP rules for a port that is not said to be TCP',
  why: 'The agent refuses the whole policy. A port without a protocol is one of TCP, UDP and SCTP; HTTP needs `protocol: TCP` written out.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortRule.sanitize',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
            rules:
              http:
                - method: GET
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - method: GET
  `),
  visit: {
    portRule({ ports, l7, l7Rules }, { minor, report }) {
      if (l7Rules === 0 || (l7.dns ?? 0) > 0) {
        return;
      }
      for (const { protocol, at } of ports) {
        const name = protocol === '' ? 'ANY' : protocol.toUpperCase();
        // One that is unknown is told by CIL215.
        if (name !== 'TCP' && protocolsOf(minor).includes(name)) {
          report(
            { message: `rules of layer 7 need TCP, and this port is ${name}`, help: 'write `protocol: TCP`' },
            at,
            ...(protocol === '' ? [] : ['protocol']),
          );
        }
      }
    },
  },
};
