import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL221',
  name: 'dns-without-port',
  severity: 'error',
  stage: 'agent',
  summary: 'DNS rules without a port',
  why: 'The agent rejects the whole policy. The port is the port of the resolver pods: 53 for CoreDNS, 5353 on OpenShift.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, L7Rules.sanitize',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - rules:
              dns:
                - matchPattern: "*"
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "53"
            rules:
              dns:
                - matchPattern: "*"
  `),
  visit: {
    portRule({ ports, l7, l7Rules, at }, { report }) {
      if (l7.dns !== undefined && l7Rules > 0 && ports.length === 0) {
        report({ message: 'DNS rules need a port', help: 'write `ports` with port `"53"`' }, at, 'rules', 'dns');
      }
    },
  },
};
