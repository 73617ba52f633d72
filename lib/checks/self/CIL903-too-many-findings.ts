import type { SelfCheck } from '../check';

export const check: SelfCheck = {
  code: 'CIL903',
  name: 'too-many-findings',
  severity: 'error',
  stage: 'self',
  summary: 'more findings than a run keeps',
  why:
    'A run keeps 50,000 findings, because each takes memory and only a hostile or generated text has more. What comes after them was not checked ' +
    'or is not reported. Mend what is reported, or check fewer files at once.',
  source: 'this project',
  bad: { yaml: '' },
  good: { yaml: '' },
};
