import { cnp } from '../../admission/example';
import type { SelfCheck } from '../check';

export const check: SelfCheck = {
  code: 'CIL909',
  name: 'internal-error',
  severity: 'error',
  stage: 'self',
  summary: 'a mistake of ours',
  why: 'Something in this tool failed on your input. Nothing is known of what it was looking at. Please report it with the input.',
  source: 'this project',
  bad: cnp(`\n    endpointSelector: {}\n    ingress:\n      - {}\n`),
  good: cnp(`\n    endpointSelector: {}\n    ingress:\n      - {}\n`),
};
