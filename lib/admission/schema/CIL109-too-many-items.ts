import { fieldAt } from '../../model/path';
import type { SchemaCheck } from '../check';
import { cnp } from '../example';

export const check: SchemaCheck = {
  code: 'CIL109',
  name: 'too-many-items',
  severity: 'error',
  stage: 'schema',
  summary: 'a list with too many or too few items',
  why:
    'The API server rejects the object. Since Cilium 1.19, `fromRequires` and `toRequires` cannot have any items. Add their labels to the ' +
    'selectors of the peers instead.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the keywords `minItems` and `maxItems`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - world
        toPorts:
          - ports:
              - port: "443"
                protocol: TCP
            serverNames: []
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toEntities:
          - world
        toPorts:
          - ports:
              - port: "443"
                protocol: TCP
            serverNames:
              - example.com
  `),
  wordings: {
    items: ({ path, count, least, most, help: given }) => {
      const field = fieldAt(path);
      const limit = count < least ? `the least is ${least}` : `the most is ${most}`;
      const help = given ?? (most === 0 ? 'it was removed in Cilium 1.19; add its labels to the selectors of the peers' : undefined);
      return { message: `\`${field}\` has ${count} ${count === 1 ? 'item' : 'items'}, ${limit}`, help };
    },
  },
};
