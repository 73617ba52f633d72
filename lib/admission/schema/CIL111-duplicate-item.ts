import type { SchemaCheck } from '../check';
import { cnp } from '../example';
import { removeItem } from '../fix';

export const check: SchemaCheck = {
  code: 'CIL111',
  name: 'duplicate-item',
  severity: 'error',
  stage: 'schema',
  summary: 'a duplicate item in a list that is a set',
  why: 'The API server rejects the object.',
  source: 'apiextensions-apiserver `pkg/apiserver/schema/listtype`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "443"
                protocol: TCP
            serverNames:
              - example.com
              - example.com
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "443"
                protocol: TCP
            serverNames:
              - example.com
  `),
  wordings: {
    duplicate: ({ found }) => ({
      message: `\`${typeof found === 'string' ? found : JSON.stringify(found)}\` is in the list twice`,
      fix: removeItem(),
    }),
  },
};
