import type { SchemaCheck } from '../check';
import { cnp } from '../example';

export const check: SchemaCheck = {
  code: 'CIL102',
  name: 'missing-field',
  severity: 'error',
  stage: 'schema',
  summary: 'a field that must be there is not',
  why: 'The API server refuses the object. A field whose value is null is dropped before the object is judged, so null is as good as absent.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the keyword `required`',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - family: IPv4
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - family: IPv4
                type: EchoRequest
  `),
  tells: {
    required: ({ field, isNull }) => ({
      message: isNull ? `\`${field}\` is null, which counts as absent, and must be there` : `\`${field}\` is missing`,
    }),
  },
};
