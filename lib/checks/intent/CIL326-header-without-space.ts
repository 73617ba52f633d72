import { cnp } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import { writtenHeader } from '../../verdict/requests';
import type { IntentCheck } from '../check';
import { headersOf } from './requests';

const spec = (header: string): string => `
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "8080"
                protocol: TCP
            rules:
              http:
                - headers:
                    - "${header}"
  `;

export const check: IntentCheck = {
  code: 'CIL326',
  name: 'header-without-space',
  severity: 'error',
  stage: 'intent',
  summary: 'an entry of `headers` without a space after the colon',
  why: 'The name of a header ends at the first space of an entry, and an entry without a space asks only that a header is present. So `X-Tenant:red` asks for a header with the name `X-Tenant:red`. No name has a colon inside, so no request has such a header, and the rule allows none.',
  limits:
    'Only `headers` are looked at: `headerMatches` has the name and the value in two fields. A name of Envoy, such as `:authority`, may begin with a colon.',
  source: 'cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`; RFC 9110, section 5.1',
  bad: cnp(spec('X-Tenant:red')),
  good: cnp(spec('X-Tenant: red')),
  inspect(policy, { report }) {
    for (const { text, at } of headersOf(policy)) {
      const { name } = writtenHeader(text);
      // A name that begins with a colon is one of Envoy's own.
      const colon = name.indexOf(':', 1);
      if (colon > 0) {
        const meant = [text.slice(0, colon), text.slice(colon + 1).trim()].filter((part) => part !== '').join(': ');
        report(
          {
            message: `\`${name}\` is read as the name of a header, and no name has a colon`,
            help: `write \`${meant}\``,
            fix: writeValue(meant, 'unsafe'),
          },
          at,
        );
      }
    }
  },
};
