import { cnp } from '../../admission/example';
import type { ReadCheck } from '../check';

export const check: ReadCheck = {
  code: 'CIL002',
  name: 'duplicate-key',
  severity: 'error',
  stage: 'read',
  summary: 'a key stands twice in one mapping',
  why: 'Of the two the last counts, and the first is lost without a word, unless the client reads strictly. Two lists of one name have to be one.',
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
  tells: { 'duplicate-key': ({ message }) => ({ message, help: 'the last one counts; make one of them' }) },
};
