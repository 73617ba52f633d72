import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL201',
  name: 'mixed-peer-kinds',
  severity: 'error',
  stage: 'agent',
  summary: 'a rule names its peers in two ways',
  why:
    'The agent refuses the whole policy, though the API server stored it. Each entry of `ingress` and `egress` names peers in one way; entries add up, so ' +
    'two ways are two entries.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, IngressCommonRule.sanitize and EgressCommonRule.sanitize',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toEndpoints:
          - matchLabels:
              app: db
        toEntities:
          - world
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toEndpoints:
          - matchLabels:
              app: db
      - toEntities:
          - world
  `),
  visit: {
    element({ peers }, { report }) {
      if (peers.length > 1) {
        const names = peers.map(({ field }) => `\`${field}\``);
        const message = `${names.slice(0, -1).join(', ')} and ${names.at(-1)} cannot stand in one rule`;
        report({ message, help: 'write a rule for each of them' }, peers[1].at);
      }
    },
  },
};
