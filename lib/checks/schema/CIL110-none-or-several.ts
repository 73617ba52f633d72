import type { SchemaCheck } from '../check';
import { cnp } from '../example';

export const check: SchemaCheck = {
  code: 'CIL110',
  name: 'none-or-several',
  severity: 'error',
  stage: 'schema',
  summary: 'of several fields not exactly one is there',
  why:
    'The API server refuses the object. A rule has one selector, of endpoints or of nodes; a block of addresses is a CIDR or a group; a name is exact or ' +
    'a pattern; rules of layer 7 are of one kind. Up to Cilium 1.19 `kafka` was such a kind: where it is unknown it is dropped, and nothing remains.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the keywords `oneOf` and `anyOf`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toCIDRSet:
          - cidr: 10.0.0.0/8
            cidrGroupRef: office
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toCIDRSet:
          - cidr: 10.0.0.0/8
          - cidrGroupRef: office
  `),
  tells: {
    alternatives: ({ fields, found, isExclusive }) => {
      const names = (list: readonly string[], word: string) => {
        const quoted = list.map((field) => `\`${field}\``);
        return [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter((part) => part !== '').join(` ${word} `);
      };
      return found.length === 0
        ? { message: `none of ${names(fields, 'and')} is there`, help: `write ${isExclusive ? 'exactly one' : 'at least one'} of them` }
        : { message: `${names(found, 'and')} exclude each other`, help: 'write exactly one of them' };
    },
  },
};
