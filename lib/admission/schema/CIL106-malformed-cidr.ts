import { addressBits, parseAddress } from '../../net/address';
import { parsePrefix } from '../../net/prefix';
import type { SchemaCheck } from '../check';
import { cnp } from '../example';
import { writeValue } from '../fix';

export const check: SchemaCheck = {
  code: 'CIL106',
  name: 'malformed-cidr',
  severity: 'error',
  stage: 'schema',
  summary: 'an invalid CIDR',
  why: 'The API server rejects the object. A CIDR needs a prefix length, even for a single address: `192.0.2.1/32`.',
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
  wordings: {
    format: ({ found }) => {
      const parsed = parsePrefix(found);
      const { problem, help } = parsed.ok ? { problem: `\`${found}\` is not a valid CIDR`, help: undefined } : parsed;
      const address = parseAddress(found);
      return { message: problem, help, ...(address && { fix: writeValue(`${found}/${addressBits(address.version)}`) }) };
    },
  },
};
