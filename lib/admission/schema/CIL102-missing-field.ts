import type { SchemaCheck } from '../check';
import { cnp } from '../example';

export const check: SchemaCheck = {
  code: 'CIL102',
  name: 'missing-field',
  severity: 'error',
  stage: 'schema',
  summary: 'a required field that is missing',
  why: 'The API server rejects the object. It drops fields whose value is null before it validates the object, so null counts as absent.',
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
  wordings: {
    required: ({ field, isNull }) => ({
      message: isNull ? `\`${field}\` is required, but is null, which counts as absent` : `\`${field}\` is missing`,
    }),
  },
};
