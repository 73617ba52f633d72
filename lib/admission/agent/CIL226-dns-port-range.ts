import { parsePort } from '../../net/port';
import type { AgentCheck } from '../check';
import { cnp } from '../example';
import { takesNoPort } from './protocols';

export const check: AgentCheck = {
  code: 'CIL226',
  name: 'dns-port-range',
  severity: 'error',
  stage: 'agent',
  summary: 'DNS rules for a port range',
  why: 'The agent rejects the whole policy, because the DNS proxy handles only single ports.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortProtocol.sanitize',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "53"
                endPort: 5353
            rules:
              dns:
                - matchPattern: "*"
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "53"
              - port: "5353"
            rules:
              dns:
                - matchPattern: "*"
  `),
  visit: {
    port({ port, endPort, protocol, hasDnsRules, at }, { minor, report }) {
      const parsed = parsePort(port);
      const isNumber = parsed.ok && parsed.value.is === 'number' && !(port !== '0' && takesNoPort(protocol, minor));
      if (hasDnsRules && isNumber && endPort > parsed.value.number) {
        report({ message: 'DNS rules cannot cover a port range', help: 'list the ports' }, at, 'endPort');
      }
    },
  },
};
