import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL201',
  name: 'mixed-peer-kinds',
  severity: 'error',
  stage: 'agent',
  summary: 'a rule with more than one kind of peer',
  why:
    'The agent rejects the whole policy, although the API server stores it. Each entry of `ingress` and `egress` can have only one kind of ' +
    'peer. Entries add up, so two kinds need two entries.',
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
    rule({ peers }, { report }) {
      if (peers.length > 1) {
        const names = peers.map(({ field }) => `\`${field}\``);
        const message = `${names.slice(0, -1).join(', ')} and ${names.at(-1)} cannot be used in the same rule`;
        report({ message, help: 'write a separate rule for each' }, peers[1].at);
      }
    },
  },
};
