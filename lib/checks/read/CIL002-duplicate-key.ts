import { cnp } from '../../admission/example';
import { mayConcernPolicy } from '../../read/mentions';
import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL002',
  name: 'duplicate-key',
  severity: 'error',
  stage: 'read',
  summary: 'a duplicate key in a mapping',
  why:
    'Only the last of the two counts. The first is dropped without a warning, unless the client reads strictly. Merge two lists of the same ' +
    'name into one. It is only informative in a file that holds no policy.',
  source: '`sigs.k8s.io/yaml`, UnmarshalStrict',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - cluster
        toEntities:
          - world
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - cluster
          - world
  `),
  wordings: {
    'duplicate-key': ({ message, origin }) => ({
      message,
      help: 'only the last one counts; merge them into one',
      ...(!mayConcernPolicy(origin.document) && { severity: 'info' as const }),
    }),
  },
};
