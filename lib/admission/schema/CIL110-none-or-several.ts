import type { SchemaCheck } from '../check';
import { cnp } from '../example';

export const check: SchemaCheck = {
  code: 'CIL110',
  name: 'none-or-several',
  severity: 'error',
  stage: 'schema',
  echo: 'fields',
  summary: 'none or several of a group of alternative fields',
  why:
    'The API server rejects the object. A policy has one selector, for endpoints or for nodes. An entry of a CIDR set has a CIDR or a group. A ' +
    'DNS name is exact or a pattern. The L7 rules of a port are of one kind. Up to Cilium 1.19, `kafka` was one of these kinds. A minor without ' +
    'it drops the field, so no kind remains. A peer of a NetworkPolicy has selectors or an `ipBlock`. In a ClusterNetworkPolicy, a subject, a peer ' +
    'and an entry of `protocols` have exactly one field.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the keywords `oneOf`, `anyOf`, `minProperties` and `maxProperties`',
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
  wordings: {
    alternatives: ({ fields, found, nulls, isExclusive }) => {
      if (found.length > 0) {
        const help = found.includes('ipBlock') ? 'write two peers' : 'write exactly one of them';
        return { message: `${named(found, 'and')} are mutually exclusive`, help };
      }
      const isNull = nulls.length === 0 ? '' : `: ${named(nulls, 'and')} ${nulls.length === 1 ? 'is' : 'are'} null, which counts as absent`;
      if (fields.length === 1) {
        return { message: `\`${fields[0]}\` is missing${isNull}`, help: `write \`${fields[0]}\`` };
      }
      return {
        message: `none of ${named(fields, 'and')} is set${isNull}`,
        help: `write ${isExclusive ? 'exactly one' : 'at least one'} of them${isOfRequests(fields) ? REMOVED : ''}`,
      };
    },
  },
};

/** The kinds of L7 rules that are left. */
function isOfRequests(fields: readonly string[]): boolean {
  return fields.join() === 'http,dns' || fields.join() === 'dns,http';
}

const REMOVED = '; rules of `kafka` and `l7` were removed in Cilium 1.20';

function named(fields: readonly string[], word: string): string {
  const quoted = fields.map((field) => `\`${field}\``);
  return [quoted.slice(0, -1).join(', '), quoted.at(-1)].filter((part) => part !== '').join(` ${word} `);
}
