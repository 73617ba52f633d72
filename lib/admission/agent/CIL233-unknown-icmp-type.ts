import { closest } from '../../net/did-you-mean';
import { ICMP_TYPES } from '../../net/icmp';
import type { AgentCheck } from '../check';
import { cnp } from '../example';
import { writeValue } from '../fix';

export const check: AgentCheck = {
  code: 'CIL233',
  name: 'unknown-icmp-type',
  severity: 'error',
  stage: 'agent',
  summary: 'an ICMP type that its family does not have',
  why:
    'The agent cannot even decode the policy. The API server does not know which names belong to which family, and takes `ExtendedEcho Reply`, which is ' +
    'none. Without a family the type is one of IPv4.',
  source: 'cilium `pkg/policy/api/icmp.go`, ICMPField.UnmarshalJSON',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - family: IPv4
                type: PacketTooBig
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - family: IPv6
                type: PacketTooBig
  `),
  visit: {
    icmpField({ family, type, at }, { report }) {
      const names = ICMP_TYPES[family === 'IPv6' ? 'IPv6' : 'IPv4'];
      if (typeof type !== 'string' || isNumber(type) || Object.hasOwn(names, type)) {
        return;
      }
      const guess = closest(type, Object.keys(names));
      const help = guess === undefined ? 'write its number, 0 to 255' : `did you mean \`${guess}\`?`;
      const fix = guess === undefined ? undefined : writeValue(guess, 'unsafe');
      report({ message: `unknown ICMP type \`${type}\` of ${family === '' ? 'IPv4' : family}`, help, fix }, at, 'type');
    },
  },
};

/** Go's `strconv.Atoi`; a text that is 0 in another way than `0` counts as a name. */
function isNumber(text: string): boolean {
  return text === '0' || (/^[-+]?[0-9]+$/.test(text) && Number(text) !== 0);
}
