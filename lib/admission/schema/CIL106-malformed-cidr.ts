import { addressBits, parseAddress } from '../../net/address';
import { parsePrefix } from '../../net/prefix';
import type { SchemaCheck, Wording } from '../check';
import { cnp } from '../example';
import { writeValue } from '../fix';
import { IS_CIDR, isMappedPrefix } from '../server/rules';

export const check: SchemaCheck = {
  code: 'CIL106',
  name: 'malformed-cidr',
  severity: 'error',
  stage: 'schema',
  summary: 'an invalid CIDR',
  why:
    'The API server rejects the object. A CIDR needs a prefix length, even for a single address: `192.0.2.1/32`. In a ClusterNetworkPolicy, it has ' +
    'no leading zeros, and is not an IPv4 address in the form of IPv6.',
  source: 'apiextensions-apiserver `pkg/apiserver/validation`, the format `cidr`; apiserver `pkg/cel/library/cidr.go`, isCIDR',
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
    format: ({ found }) => wordingOf(found),
    rule: ({ rule, found }) => (rule === IS_CIDR ? wordingOf(String(found)) : undefined),
  },
};

function wordingOf(found: string): Wording {
  const parsed = parsePrefix(found);
  if (parsed.ok && isMappedPrefix(found)) {
    return { message: `CIDR \`${found}\` has an IPv4 address in the form of IPv6`, help: 'write the IPv4 CIDR' };
  }
  const { problem, help } = parsed.ok ? { problem: `\`${found}\` is not a valid CIDR`, help: undefined } : parsed;
  const address = parseAddress(found);
  return { message: problem, help, ...(address && { fix: writeValue(`${found}/${addressBits(address.version)}`) }) };
}
