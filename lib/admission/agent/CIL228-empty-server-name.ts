import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL228',
  name: 'empty-server-name',
  severity: 'error',
  stage: 'agent',
  summary: 'an empty server name',
  why: 'The agent rejects the whole policy. The API server already rejects such a policy (CIL105).',
  source: 'cilium `pkg/policy/api/rule_validation.go`, PortRule.sanitize',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "443"
                protocol: TCP
            serverNames:
              - ""
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
    serverName({ text, at }, { report }) {
      if (text === '') {
        report({ message: 'the server name is empty' }, at);
      }
    },
  },
};
