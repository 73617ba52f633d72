import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL227',
  name: 'server-names-with-l7',
  severity: 'error',
  stage: 'agent',
  summary: 'server names and L7 rules without `terminatingTLS`',
  why:
    'The agent rejects the whole policy, because the proxy cannot read encrypted requests. With `terminatingTLS`, the proxy terminates TLS and ' +
    'can read them.',
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
          { message: 'server names with L7 rules need `terminatingTLS`', help: 'add it, or remove the server names or the L7 rules' },
          at,
          'serverNames',
        );
      }
    },
  },
};
