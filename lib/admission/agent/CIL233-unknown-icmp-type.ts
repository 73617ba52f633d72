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
    'The agent cannot even decode the policy. The API server does not check which names belong to which family. It also accepts `ExtendedEcho ' +
    'Reply`, which is not the name of any type. Without a family, the type is an IPv4 type.',
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
      report({ message: `unknown ICMP type \`${type}\` for ${family === '' ? 'IPv4' : family}`, help, fix }, at, 'type');
    },
  },
};

/** As Go's `strconv.Atoi` reads it, except that a zero in another spelling than `0` counts as a name. */
function isNumber(text: string): boolean {
  return text === '0' || (/^[-+]?[0-9]+$/.test(text) && Number(text) !== 0);
}
