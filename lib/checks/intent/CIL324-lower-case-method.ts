import { cnp } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import type { IntentCheck } from '../check';
import { textsOf } from './requests';

const spec = (method: string): string => `
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "8080"
                protocol: TCP
            rules:
              http:
                - method: ${method}
  `;

export const check: IntentCheck = {
  code: 'CIL324',
  name: 'lower-case-method',
  severity: 'error',
  stage: 'intent',
  summary: 'an HTTP method in lower case, which no request has',
  why: 'Methods are case-sensitive, and those of HTTP are in upper case. The rule allows no request; it is a warning if another alternative does.',
  limits:
    'Only words with alternatives, groups and anchors are read, not classes and flags such as `(?i)get`. Methods beyond the nine of HTTP are not known.',
  source: 'RFC 9110, section 9.1; cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`',
  bad: cnp(spec('get')),
  good: cnp(spec('GET')),
  inspect(policy, { report }) {
    for (const { text, at } of textsOf(policy, 'method')) {
      const lower = isPlain(text)
        ? text.match(/[A-Za-z]+/g)?.find((word) => METHODS.includes(word.toUpperCase()) && word !== word.toUpperCase())
        : undefined;
      if (lower !== undefined) {
        const meant = text.toUpperCase();
        // Another alternative may be what the requests have.
        const isAlternative = text.includes('|') && isAnyUpper(text);
        report(
          {
            message: `method \`${lower}\` matches no request, because methods are in upper case`,
            help: `write \`${meant}\``,
            fix: writeValue(meant, 'unsafe'),
            ...(isAlternative && { severity: 'warning' as const }),
          },
          at,
        );
      }
    }
  },
};

/** Whether an expression has only words, alternatives and anchors, and no flags. */
function isPlain(text: string): boolean {
  return /^[A-Za-z|()^$]+$/.test(text);
}

function isAnyUpper(text: string): boolean {
  return text.match(/[A-Za-z]+/g)!.some((word) => METHODS.includes(word));
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'];
