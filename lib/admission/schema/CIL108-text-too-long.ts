import { fieldAt } from '../../model/path';
import type { SchemaCheck } from '../check';
import { cnp } from '../example';

export const check: SchemaCheck = {
  code: 'CIL108',
  name: 'text-too-long',
  severity: 'error',
  stage: 'schema',
  summary: 'a string that is too long or empty',
  why: 'The API server rejects the object.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the keywords `minLength` and `maxLength`',
  bad: cnp(`
    endpointSelector: {}
    log:
      value: "policy of the shop for its web frontends"
    ingress:
      - {}
  `),
  good: cnp(`
    endpointSelector: {}
    log:
      value: "shop-web"
    ingress:
      - {}
  `),
  wordings: {
    length: ({ path, length, least, most }) => {
      const field = fieldAt(path);
      return { message: length < least ? `\`${field}\` is empty` : `\`${field}\` has ${length} characters, the most is ${most}` };
    },
  },
};
