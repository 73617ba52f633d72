import { cnp } from '../../admission/example';
import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL009',
  name: 'unreadable-file',
  severity: 'error',
  stage: 'read',
  summary: 'a file that cannot be read',
  why:
    'Nothing in the file was checked. Read permission is missing, the file is too large, or it is not UTF-8 text. Or it is a link that leads out of ' +
    'the given paths, which kubectl would follow: give the path that it leads to, or `--follow-links`.',
  source: 'this project',
  bad: { yaml: '', problem: 'the file is in UTF-16; write it in UTF-8' },
  good: cnp(`\n    endpointSelector: {}\n    ingress:\n      - {}\n`),
  wordings: {
    unreadable: ({ message }) => ({
      message,
      help: message.endsWith('is not followed')
        ? 'nothing in this file was checked: name the path that the link leads to; the command line follows it with `--follow-links`'
        : 'nothing in this file was checked',
    }),
  },
};
