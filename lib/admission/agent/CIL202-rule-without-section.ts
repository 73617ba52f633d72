import type { AgentCheck } from '../check';
import { cnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL202',
  name: 'rule-without-section',
  severity: 'error',
  stage: 'agent',
  summary: 'a policy without any rule',
  why:
    'The policy looks like a default deny, and the API server stores it. But the agent rejects it, so nothing is denied. An empty list is the ' +
    'same as no list, and `enableDefaultDeny` does not help. To isolate endpoints, write a list with one rule that allows nothing: `[{}]`.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, Rule.Sanitize; cilium/cilium#35558',
  bad: cnp(`
    endpointSelector: {}
    ingress: []
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - {}
  `),
  visit: {
    spec({ value, at }, { report }) {
      const sections = ['ingress', 'ingressDeny', 'egress', 'egressDeny'];
      // A section that is filled in later may have rules.
      const written = sections.filter((section) => value[section] !== undefined && value[section] !== null);
      if (written.every((section) => Array.isArray(value[section]) && value[section].length === 0)) {
        const wording = {
          message: 'the policy has no rule, so the agent rejects it',
          help: 'to deny everything, write `ingress: [{}]` or `egress: [{}]`',
        };
        report(wording, at, ...written.slice(0, 1));
      }
    },
  },
};
