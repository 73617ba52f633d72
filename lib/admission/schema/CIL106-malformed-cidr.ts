import { isIPv4, isIPv6 } from 'node:net';
import { parsePrefix } from '../../net/prefix';
import type { SchemaCheck } from '../check';
import { cnp } from '../example';
import { writeValue } from '../fix';

export const check: SchemaCheck = {
  code: 'CIL106',
  name: 'malformed-cidr',
  severity: 'error',
  stage: 'schema',
  summary: 'a block of addresses that is none',
  why: 'The API server refuses the object. One address is a block too, and needs its length: `192.0.2.1/32`.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the format `cidr`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - 192.0.2.1
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - 192.0.2.1/32
  `),
  tells: {
    format: ({ found }) => {
      const parsed = parsePrefix(found);
      const { problem, help } = parsed.ok ? { problem: `CIDR \`${found}\` is not a block of addresses`, help: undefined } : parsed;
      const length = isIPv4(found) ? 32 : isIPv6(found) && !found.includes('%') ? 128 : undefined;
      return { message: problem, help, ...(length !== undefined && { fix: writeValue(`${found}/${length}`) }) };
    },
  },
};
