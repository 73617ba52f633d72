import { cnp } from '../../admission/example';
import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL009',
  name: 'unreadable-file',
  severity: 'error',
  stage: 'read',
  summary: 'a file that cannot be read',
  why: 'Nothing of the file was checked: it may not be read, is too large, or is no text in UTF-8.',
  source: 'this project',
  bad: { yaml: '', problem: 'the file is in UTF-16; write it in UTF-8' },
  good: cnp(`\n    endpointSelector: {}\n    ingress:\n      - {}\n`),
  tells: { unreadable: ({ message }) => ({ message, help: 'nothing of this file was checked' }) },
};
