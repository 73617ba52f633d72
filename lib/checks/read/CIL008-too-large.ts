import { cnp } from '../../admission/example';
import type { ReadCheck } from '../check';

const nested = (depth: number) => `    description: ${'['.repeat(depth)}${']'.repeat(depth)}\n`;

export const check: ReadCheck = {
  code: 'CIL008',
  name: 'too-large',
  severity: 'error',
  stage: 'read',
  summary: 'a document that is too large, too deep, or grows too much',
  why:
    'Nothing of the document was checked. A document may have 32 million characters and nest 100 deep, and its anchors may not be repeated more than the ' +
    'tools of Kubernetes let them: a few lines can stand for gigabytes.',
  source: '`sigs.k8s.io/yaml/goyaml.v2`, allowedAliasRatio',
  bad: cnp(`\n    endpointSelector: {}\n    ingress:\n      - {}\n${nested(101)}`),
  good: cnp(`\n    endpointSelector: {}\n    ingress:\n      - {}\n    description: ""\n`),
  tells: { limit: ({ message }) => ({ message, help: 'nothing of this document was checked' }) },
};
