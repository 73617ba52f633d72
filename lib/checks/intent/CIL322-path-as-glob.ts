import { cnp } from '../../admission/example';
import { writeValue } from '../../admission/fix';
import type { IntentCheck } from '../check';
import { RegexToken, regexTokens, textsOf } from './requests';

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
  code: 'CIL322',
  name: 'path-as-glob',
  severity: 'warning',
  stage: 'intent',
  summary: 'a path with a star as in a file name, although a path is a regular expression',
  why: 'In a regular expression, a star repeats what is before it: `/api/*` matches `/api`, `/api/` and `/api//`, and not `/api/items`. What matches anything is `.*`. The expression must match the whole path with its query.',
  limits:
    'Not reported: `//*` and `/*$`, which repeat a slash on purpose, and a star before a class or an escape, such as `0*[1-9]`, which only expressions have. Expressions with `\\Q` are not read.',
  source: 'cilium `pkg/policy/api/http.go`, `pkg/envoy/policy/envoy_l7_rules_translator.go`; docs.cilium.io, Layer 7 Policies',
  bad: cnp(spec('/api/*')),
  good: cnp(spec('/api/.*')),
  inspect(policy, { report }) {
    for (const { text, at } of textsOf(policy, 'path')) {
      const stars = globStars(text.includes('*') ? regexTokens(text) : []);
      const [first] = [...stars];
      if (first !== undefined) {
        const meant = text.replace(/\*/g, (star, offset: number) => (stars.has(offset) ? '.*' : star));
        report(
          {
            message: `path \`${text}\` repeats the \`${text[first - 1]}\` before its star, and does not match any characters`,
            help: `write \`${meant}\``,
            fix: writeValue(meant, 'unsafe'),
          },
          at,
        );
      }
    }
  },
};

/** The offsets of stars that repeat a slash, a letter or a digit, which hardly any expression means. */
function globStars(tokens: readonly RegexToken[]): ReadonlySet<number> {
  return new Set(
    tokens.flatMap(({ text, start }, i) => (text === '*' && isGlob(tokens.slice(Math.max(0, i - 2), i), tokens.at(i + 1)) ? [start] : [])),
  );
}

/** Whether a token after a star is none of a file name. */
function isOfExpression(next: RegexToken | undefined): boolean {
  return next !== undefined && /^[?[\\]/.test(next.text);
}

function isGlob(before: readonly RegexToken[], next: RegexToken | undefined): boolean {
  const last = before.at(-1);
  if (last?.isPlain !== true || !/[\w/-]/.test(last.text) || isOfExpression(next)) {
    return false;
  }
  // `//*` is one slash or more, and `/*$` any number at the end.
  return last.text !== '/' || (!(before.length > 1 && before[0].text === '/') && next?.text !== '$');
}
