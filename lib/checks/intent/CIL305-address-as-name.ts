import { cnp } from '../../admission/example';
import { isLikeAddress } from '../../net/dns-pattern';
import type { IntentCheck, IntentContext } from '../check';
import { domainNamesIn, namesIn, WrittenName } from './names';

export const check: IntentCheck = {
  code: 'CIL305',
  name: 'address-as-name',
  severity: 'error',
  stage: 'intent',
  summary: 'an IP address where a DNS name belongs',
  why: 'Nobody looks an address up in DNS, and no top-level domain is a number, so the name is never learnt and the rule allows nothing. A client does not name an address as a TLS server either. Addresses are peers of `toCIDR` or `toCIDRSet`.',
  limits: 'Names of `toFQDNs`, `rules.dns`, `serverNames` and `domainNames` are looked at, and hosts of HTTP rules are not.',
  source: 'cilium `pkg/fqdn/matchpattern/matchpattern.go`; RFC 3696, section 2; RFC 6066, section 3',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toFQDNs:
          - matchName: 192.0.2.1
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toCIDR:
          - 192.0.2.1/32
  `),
  inspect(policy, context) {
    namesIn(policy).forEach((name) => inspectName(name, context));
  },
  inspectTiers(policy, context) {
    domainNamesIn(policy).forEach((name) => inspectName(name, context));
  },
};

function inspectName({ text, of, at }: WrittenName, { report }: IntentContext): void {
  if (isLikeAddress(text)) {
    report({ message: `\`${text}\` is an address, and no DNS name is one`, help: HELP[of] }, at);
  }
}

const HELP: Readonly<Record<WrittenName['of'], string>> = {
  toFQDNs: 'write the address in `toCIDR`, with its prefix length',
  dns: 'remove it: addresses are not looked up',
  serverNames: 'write the name that clients use, or remove it and write the address in `toCIDR`',
  domainNames: 'write the address in `networks`, with its prefix length',
};
