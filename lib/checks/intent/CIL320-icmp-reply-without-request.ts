import { cnp } from '../../admission/example';
import type { IcmpFieldPart, RulePart, SpecPart } from '../../model/written';
import { parseIcmpType } from '../../net/icmp';
import type { IntentCheck, IntentContext } from '../check';

const spec = (type: string): string => `
    endpointSelector: {}
    ingress:
      - icmps:
          - fields:
              - type: ${type}
  `;

export const check: IntentCheck = {
  code: 'CIL320',
  name: 'icmp-reply-without-request',
  severity: 'info',
  stage: 'intent',
  summary: 'a rule allows the replies to pings and not the pings',
  why: 'Cilium tracks connections, so the reply to a ping that is allowed passes without a rule. What must be allowed is the request, in the direction of whoever pings: `EchoRequest`, which is type 8, and 128 in ICMPv6. A rule for the reply alone changes nothing.',
  limits:
    'The rules of one direction and one spec are compared: a request that another policy allows is not seen. Only pings are known, not other pairs of ICMP types.',
  source: 'cilium `bpf/lib/conntrack.h`; Documentation `security/policy/layer4`, Limit ICMP/ICMPv6 types',
  bad: cnp(spec('EchoReply')),
  good: cnp(spec('EchoRequest')),
  inspect({ specs }, context) {
    for (const spec of specs) {
      inspectDirection(spec, true, context);
      inspectDirection(spec, false, context);
    }
  },
};

function inspectDirection({ rules }: SpecPart, ingress: boolean, { report }: IntentContext): void {
  const fields = rules.filter(({ isIngress, isDeny }) => isIngress === ingress && !isDeny).flatMap(fieldsOf);
  for (const { reply, request, family } of ECHOES) {
    const ofFamily = fields.filter((field) => (field.family || 'IPv4') === family);
    const found = ofFamily.find((field) => typeOf(field) === reply);
    if (found !== undefined && !ofFamily.some((field) => typeOf(field) === request)) {
      report(
        {
          message: 'replies to pings pass without a rule, and the rule allows no pings',
          help: `write \`type: EchoRequest\`, which is ${request}`,
        },
        found.at,
        'type',
      );
    }
  }
}

function fieldsOf({ icmps }: RulePart): readonly IcmpFieldPart[] {
  return icmps.flatMap(({ fields }) => fields);
}

const ECHOES = [
  { family: 'IPv4', request: 8, reply: 0 },
  { family: 'IPv6', request: 128, reply: 129 },
] as const;

function typeOf({ family, type = '' }: IcmpFieldPart): number | undefined {
  const parsed = parseIcmpType(type, family === 'IPv6' ? 'IPv6' : 'IPv4');
  return parsed.ok ? parsed.value : undefined;
}
