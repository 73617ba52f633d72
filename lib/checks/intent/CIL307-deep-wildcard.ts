import { cnp } from '../../admission/example';
import type { IntentCheck } from '../check';
import { namesIn } from './names';

export const check: IntentCheck = {
  code: 'CIL307',
  name: 'deep-wildcard',
  severity: 'warning',
  minors: ['1.18'],
  stage: 'intent',
  summary: 'a pattern that begins with two stars, which means one label before 1.19',
  why: 'Since 1.19, `**.` at the beginning of a pattern matches one or more labels. Before, two stars are as good as one: they match any characters inside one label, so `**.example.com` does not match `a.b.example.com`. For each further level, write a pattern of its own.',
  limits: 'Whether deeper names are used at all is not known. `serverNames` and `domainNames` are not looked at.',
  source: 'cilium `pkg/fqdn/matchpattern/matchpattern.go`; upgrade notes of 1.19',
  bad: cnp(`
    endpointSelector: {}
    egress:
      - toFQDNs:
          - matchPattern: "**.example.com"
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
          - matchPattern: "*.example.com"
          - matchPattern: "*.*.example.com"
  `),
  inspect(policy, { report }) {
    for (const { text, of, at } of namesIn(policy)) {
      const rest = /^\*{2,}\.(.+)$/.exec(text)?.[1];
      if (of !== 'serverNames' && rest !== undefined) {
        const message = `\`**\` matches characters of one label in Cilium 1.18, so \`${text}\` matches no deeper names than \`*.${rest}\``;
        report({ message, help: `write \`*.${rest}\`, \`*.*.${rest}\` and so on` }, at);
      }
    }
  },
};
