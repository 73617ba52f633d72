import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL227',
  name: 'server-names-with-l7',
  severity: 'error',
  stage: 'agent',
  summary: 'server names and rules of layer 7 without an end of TLS',
  why: 'The agent refuses the whole policy: what is encrypted cannot be read. With `terminatingTLS` the proxy ends TLS and can.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortRule.sanitize',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "443"
                protocol: TCP
            serverNames:
              - example.com
            rules:
              http:
                - method: GET
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "443"
                protocol: TCP
            serverNames:
              - example.com
  `),
  visit: {
    portRule({ value, l7Rules, at }, { report }) {
      const { serverNames, terminatingTLS } = value;
      if (Array.isArray(serverNames) && serverNames.length > 0 && l7Rules > 0 && terminatingTLS === undefined) {
        report(
          { message: 'server names and rules of layer 7 need `terminatingTLS`', help: 'write it, or remove one of the two' },
          at,
          'serverNames',
        );
      }
    },
  },
};
