import type { AgentCheck } from '../check';
import { ccnp } from '../example';

export const check: AgentCheck = {
  code: 'CIL203',
  name: 'no-subject',
  severity: 'error',
  stage: 'agent',
  summary: 'a policy that selects neither endpoints nor nodes, or both',
  why: 'The agent rejects the whole policy. `endpointSelector: {}` selects every endpoint, and `nodeSelector: {}` selects every node.',
  source: 'cilium `pkg/policy/api/rule_validation.go`, Rule.Sanitize',
  bad: ccnp(`
    endpointSelector: {}
    nodeSelector: {}
    ingress:
      - {}
  `),
  good: ccnp(`
    nodeSelector: {}
    ingress:
      - fromEntities: [cluster]
  `),
  visit: {
    spec({ value, at }, { report }) {
      const selectors = ['endpointSelector', 'nodeSelector'].filter((field) => value[field] !== undefined);
      if (selectors.length === 0) {
        report({ message: 'the policy selects neither endpoints nor nodes', help: 'write `endpointSelector` or `nodeSelector`' }, at);
      } else if (selectors.length === 2) {
        report({ message: 'the policy selects both endpoints and nodes', help: 'write two policies' }, at, 'nodeSelector');
      }
    },
  },
};
