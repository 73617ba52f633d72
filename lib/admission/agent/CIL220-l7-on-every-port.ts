import { parsePort } from '../../net/port';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL220',
  name: 'l7-on-every-port',
  severity: 'error',
  stage: 'agent',
  summary: 'L7 rules for port 0',
  why:
    'The agent rejects the whole policy. Port `"0"` means every port, but only specific ports, by number or by name, can be redirected to a ' +
    'proxy.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortRule.sanitize',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "0"
                protocol: TCP
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
    portRule({ ports, l7Rules }, { report }) {
      for (const { port, at } of l7Rules > 0 ? ports : []) {
        const parsed = parsePort(port);
        if (parsed.ok && parsed.value.is === 'number' && parsed.value.number === 0) {
          report({ message: 'L7 rules need a specific port, but port 0 means every port', help: 'list the ports' }, at, 'port');
        }
      }
    },
  },
};
