import { cnp } from '../../admission/example';
import { plainName } from '../../net/dns-pattern';
import type { IntentCheck } from '../check';
import { namesIn } from './names';

export const check: IntentCheck = {
  code: 'CIL306',
  name: 'name-under-any-domain',
  severity: 'warning',
  stage: 'intent',
  summary: 'a pattern with a wildcard as its top-level domain, which anybody can register a name for',
  why: 'A star matches any characters of one label, so `shop.*` also allows `shop.example`, and whoever registers that name. List the names, or write a pattern for each domain.',
  limits:
    'Not reported: patterns of stars and dots only, which are meant to match everything, and `rules.dns`, because a look-up alone reaches nobody. `domainNames` are not looked at, and public suffixes such as `co.uk` are not known.',
  source: 'cilium `pkg/fqdn/matchpattern/matchpattern.go`',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toFQDNs:
          - matchPattern: shop.*
  `),
  good: cnp(`
    endpointSelector: {}
    egress:
      - toPorts:
          - ports:
              - port: "53"
                protocol: UDP
            rules:
              dns:
                - matchPattern: "*"
      - toFQDNs:
          - matchPattern: "*.shop.example"
  `),
  inspect(policy, { report }) {
    for (const { text, of, at } of namesIn(policy)) {
      const last = plainName(text).split('.').at(-1)!;
      if (of !== 'dns' && last.includes('*') && !/^[*.]*$/.test(text)) {
        report(
          {
            message: `pattern \`${text}\` matches names under any top-level domain like \`${last}\``,
            help: 'list the domains that are meant',
          },
          at,
        );
      }
    }
  },
};
