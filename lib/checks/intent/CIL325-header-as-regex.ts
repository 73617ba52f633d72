import { cnp } from '../../admission/example';
import { writtenHeader } from '../../verdict/requests';
import type { IntentCheck } from '../check';
import { headersOf, matchedValues } from './requests';

const spec = (value: string): string => `
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "8080"
                protocol: TCP
            rules:
              http:
                - headerMatches:
                    - name: X-Tenant
                      value: ${value}
  `;

export const check: IntentCheck = {
  code: 'CIL325',
  name: 'header-as-regex',
  severity: 'warning',
  stage: 'intent',
  summary: 'the value of a header is a regular expression, although headers are compared literally',
  why: 'Paths, methods and hosts of HTTP rules are regular expressions, and values of headers are not: `X-Tenant: red-.*` allows only requests with exactly this value. To ask only that a header is present, leave the value out.',
  limits:
    'An expression is known by `.*`, `.+`, anchors on both sides, a class that is repeated, or an escape such as `\\d`. Other values may be meant literally, such as `*/*`, and are not reported.',
  source: 'cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`; docs.cilium.io, Layer 7 Policies',
  bad: cnp(spec('red-.*')),
  good: cnp(spec('red-1')),
  inspect(policy, { report }) {
    const inHeaders = headersOf(policy).map(({ text, at }) => ({ ...writtenHeader(text), at }));
    const inMatches = matchedValues(policy).map(({ text, at }) => ({ name: undefined, value: text, at }));
    for (const { name, value = '', at } of [...inHeaders, ...inMatches].filter((one) => REGEX.test(one.value ?? ''))) {
      report(
        {
          message: `header value \`${value}\` is compared literally, not as a regular expression`,
          help: `write the exact value; to ask only for the header, ${name === undefined ? 'leave `value` out' : `write \`${name}\` alone`}`,
        },
        at,
      );
    }
  },
};

/** What hardly any value has literally: `.*` and `.+`, anchors on both sides, or a class that is repeated. */
const REGEX = /\.[*+]|^\^.*\$$|\[[^\][]+\][*+{]|\\[dwsDWS]/;
