import { cnp } from '../../admission/example';
import type { SelfCheck } from '../check';

export const check: SelfCheck = {
  code: 'CIL901',
  name: 'unused-suppression',
  severity: 'warning',
  stage: 'self',
  summary: 'a suppression that matches no finding',
  why:
    'Readers assume that there is something to suppress. The suppression would also hide the next finding of this check before anyone has ' +
    'reviewed it.',
  source: 'this project',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      # cilium-check: allow CIL201 -- both are meant
      - fromEntities:
          - cluster
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - fromEntities:
          - cluster
  `),
};
