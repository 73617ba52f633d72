import { cnp } from '../../admission/example';
import type { SelfCheck } from '../check';

export const check: SelfCheck = {
  code: 'CIL901',
  name: 'unused-suppression',
  severity: 'warning',
  stage: 'self',
  summary: 'a finding is allowed that is not there',
  why: 'Whoever reads the text believes that there is something to allow. It would allow the next finding of that kind without anybody’s having looked.',
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
