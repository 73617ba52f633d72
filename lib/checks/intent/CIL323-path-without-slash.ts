import { cnp } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import type { IntentCheck } from '../check';
import { regexTokens, textsOf } from './requests';

const spec = (path: string): string => `
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "8080"
                protocol: TCP
            rules:
              http:
                - path: ${path}
  `;

export const check: IntentCheck = {
  code: 'CIL323',
  name: 'path-without-slash',
  severity: 'warning',
  stage: 'intent',
  summary: 'a path that begins with a letter and so matches no path',
  why: `Every path of a request begins with a slash, and the expression must match the whole path, so the rule allows no request.`,
  limits: 'Not reported: expressions that begin with anything but a letter, a digit or an underscore, and those with alternatives.',
  source: 'RFC 9112, section 3.2; cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`',
  bad: cnp(spec('api/v1')),
  good: cnp(spec('/api/v1')),
  inspect(policy, { report }) {
    for (const { text, at } of textsOf(policy, 'path').filter((one) => beginsWithLetter(one.text))) {
      const [anchor, rest] = text.startsWith('^') ? ['^', text.slice(1)] : ['', text];
      report(
        {
          message: `path \`${text}\` matches no path, because every path begins with \`/\``,
          help: `write \`${anchor}/${rest}\``,
          fix: writeValue(`${anchor}/${rest}`, 'unsafe'),
        },
        at,
      );
    }
  },
};

/** Whether what an expression matches begins with a letter or a digit, surely. */
function beginsWithLetter(text: string): boolean {
  const rest = text.replace(/^\^/, '');
  return /^\w(?![*?]|\{0)/.test(rest) && regexTokens(rest).every((token) => token.text !== '|') && !rest.includes('\\Q');
}
