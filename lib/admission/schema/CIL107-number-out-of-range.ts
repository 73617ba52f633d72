import type { SchemaCheck } from '../check';
import { cnp } from '../example';

export const check: SchemaCheck = {
  code: 'CIL107',
  name: 'number-out-of-range',
  severity: 'error',
  stage: 'schema',
  summary: 'a number that is too small or too large',
  why: 'The API server rejects the object.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the keywords `minimum` and `maximum`',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "8000"
                endPort: 80000
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "8000"
                endPort: 8080
  `),
  wordings: {
    range: ({ path, found, least, most }) => ({
      message: `\`${String(path.at(-1))}\` is ${found}, ${found < least ? `the least is ${least}` : `the most is ${most}`}`,
    }),
  },
};
