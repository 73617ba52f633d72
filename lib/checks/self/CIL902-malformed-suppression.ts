import { cnp } from '../../admission/example';
import type { SelfCheck } from '../check';

export const check: SelfCheck = {
  code: 'CIL902',
  name: 'malformed-suppression',
  severity: 'error',
  stage: 'self',
  summary: 'a suppression without a reason, for an unknown check, or at no node',
  why:
    'The suppression has no effect. A suppression lists codes and gives a reason, `# cilium-check: allow CIL202 -- reason`, directly above a node or ' +
    'behind it. What the run says of itself (CIL9xx) cannot be suppressed.',
  source: 'this project',
  bad: cnp(`
    endpointSelector: {}
    # cilium-check: allow CIL202
    ingress: []
  `),
  good: cnp(`
    endpointSelector: {}
    # cilium-check: allow CIL202 -- the policy is not applied yet
    ingress: []
  `),
};
