import type { SelfCheck } from '../check';

export const check: SelfCheck = {
  code: 'CIL909',
  name: 'internal-error',
  severity: 'error',
  stage: 'self',
  summary: 'an internal error',
  why: 'This tool failed on your input and did not check what it was processing. Please report the error with the input.',
  source: 'this project',
  bad: { yaml: '' },
  good: { yaml: '' },
};
