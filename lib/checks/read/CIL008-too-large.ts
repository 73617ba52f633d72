import { cnp, shownAs } from '../../admission/example';
import type { ReadCheck } from '../check';

const withDescription = (description: string) =>
  cnp(`\n    endpointSelector: {}\n    ingress:\n      - {}\n    description: ${description}\n`);

export const check: ReadCheck = {
  code: 'CIL008',
  name: 'too-large',
  severity: 'error',
  stage: 'read',
  summary: 'a document that is too large, too deep, or expands too much',
  why:
    'Nothing in the document was checked. A document can have up to 32 million characters and 100 levels of nesting. Its anchors can be ' +
    'repeated only as often as Kubernetes tools allow, because a few lines can expand to gigabytes.',
  source: '`sigs.k8s.io/yaml/goyaml.v2`, allowedAliasRatio',
  bad: shownAs(withDescription('[[[[ … ]]]] # 101 levels'), withDescription(`${'['.repeat(101)}${']'.repeat(101)}`)),
  good: withDescription('""'),
  wordings: { limit: ({ message }) => ({ message, help: 'nothing in this document was checked' }) },
};
