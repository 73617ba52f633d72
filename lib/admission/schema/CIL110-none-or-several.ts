import type { SchemaCheck } from '../check';
import { cnp } from '../example';

export const check: SchemaCheck = {
  code: 'CIL110',
  name: 'none-or-several',
  severity: 'error',
  stage: 'schema',
  echo: 'fields',
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
    alternatives: ({ fields, found, nulls, isExclusive }) => {
      if (found.length > 0) {
        return { message: `${named(found, 'and')} exclude each other`, help: 'write exactly one of them' };
      }
      const isNull = nulls.length === 0 ? '' : `: ${named(nulls, 'and')} ${nulls.length === 1 ? 'is' : 'are'} null, which counts as absent`;
      return {
        message: `none of ${named(fields, 'and')} is there${isNull}`,
        help: `write ${isExclusive ? 'exactly one' : 'at least one'} of them`,
      };
    },
  },
};

function named(fields: readonly string[], word: string): string {
  const quoted = fields.map((field) => `\`${field}\``);
  return [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter((part) => part !== '').join(` ${word} `);
}
