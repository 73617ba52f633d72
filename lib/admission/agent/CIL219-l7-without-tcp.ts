import type { AgentCheck } from '../check';
import { cnp } from '../example';
import { protocolsOf } from './protocols';

export const check: AgentCheck = {
  code: 'CIL219',
  name: 'l7-without-tcp',
  severity: 'error',
  stage: 'agent',
  summary: 'HTTP rules for a port without `protocol: TCP`',
  why: 'The agent rejects the whole policy. A port without a protocol covers TCP, UDP and SCTP. HTTP rules need an explicit `protocol: TCP`.',
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
        // CIL215 reports an unknown protocol.
        if (name !== 'TCP' && protocolsOf(minor).includes(name)) {
          report(
            { message: `L7 rules need TCP, but the protocol of this port is ${name}`, help: 'write `protocol: TCP`' },
            at,
            ...(protocol === '' ? [] : ['protocol']),
          );
        }
      }
    },
  },
};
