import { parsePort } from '../../net/port';
import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL220',
  name: 'l7-on-every-port',
  severity: 'error',
  stage: 'agent',
  summary: 'rules of layer 7 for port 0',
  why: 'The agent refuses the whole policy. Port `"0"` means every port, and only named ports and numbers can be redirected to a proxy.',
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
          report({ message: 'rules of layer 7 need a port, and port 0 is every port', help: 'write the ports out' }, at, 'port');
        }
      }
    },
  },
};
