import type { CheckContext } from '../../admission/check';
import { cnp } from '../../admission/example';
import { l7Parts } from '../../admission/written/written';
import type { Json } from '../../model/json';
import type { PathLink } from '../../model/path';
import { ENVOY_INSTRUCTIONS } from '../../net/envoy-instructions';
import { PatternRefusal, refusalByEnvoy } from '../../net/envoy-pattern';
import type { IntentCheck } from '../check';

export const check: IntentCheck = {
  code: 'CIL301',
  name: 'envoy-refuses-pattern',
  severity: 'error',
  stage: 'intent',
  summary: 'a path, method or host that Envoy refuses as a regular expression',
  why: `The agent accepts the policy, but Envoy does not: it rejects everything that the policies say for each endpoint that this one selects, in both directions, and the endpoint keeps what was enforced before. Envoy compiles \`path\`, \`method\` and \`host\` with RE2, and allows at most ${ENVOY_INSTRUCTIONS} instructions. A character of ASCII is one instruction, a class about one for each of its ranges, and \`.\` about eight; a counted repeat has those of what it repeats, once for each time. The agent does not count them, and it does not compile \`host\` at all.

To make a pattern smaller, split a long choice into several entries of \`http\`, each with a pattern of its own, or repeat a smaller class with \`+\`. If a pattern begins with \`^\`, the plain text that follows is not counted; what the pattern matches stays the same, because it must match the whole value anyway.`,
  limits:
    'Only `path`, `method` and `host` of rules that allow are looked at. The limit is the default of Envoy: one that is set at run time is not known.',
  source:
    'envoy `source/common/common/regex.cc`, `re2.max_program_size.error_level`; cilium `pkg/envoy/policy/envoy_l7_rules_translator.go`; cilium issues 41314 and 48773',
  bad: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - path: /items/[0-9a-f-]{36}
                - host: "*.example.com"
  `),
  good: cnp(`
    endpointSelector: {}
    ingress:
      - toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - path: /items/[0-9a-f-]+
                - host: .*[.]example[.]com
  `),
  inspect({ specs }, { report }) {
    const rules = specs.flatMap((spec) => spec.rules).filter(({ isDeny }) => !isDeny);
    const conditions = rules.flatMap(({ portRules }) => portRules).flatMap((part) => l7Parts(part, 'http'));
    for (const { value, at } of conditions) {
      FIELDS.forEach((field) => reportField(value[field], field, at, report));
    }
  },
};

const FIELDS = ['path', 'method', 'host'];

function reportField(pattern: Json | undefined, field: string, at: PathLink, report: CheckContext['report']): void {
  const refusal = typeof pattern === 'string' ? refusalByEnvoy(field, pattern) : undefined;
  if (refusal !== undefined) {
    report({ message: refusal.problem, help: helpFor(refusal, field, pattern as string) }, at, field);
  }
}

function helpFor({ is }: PatternRefusal, field: string, pattern: string): string {
  if (is === 'too-large') {
    return isSmall(`^${pattern}`)
      ? 'write `^` in front: the plain text that follows it is not counted, and the pattern matches the same'
      : 'split its alternatives into several entries of `http`, or repeat a smaller class with `+`';
  }
  if (field !== 'host') {
    return 'write what both Go and RE2 can compile';
  }
  const regex = WILDCARD_NAME.test(pattern) ? `.*${pattern.slice(1).replaceAll('.', '[.]')}` : undefined;
  return regex !== undefined && isSmall(regex)
    ? `write the regular expression \`${regex}\``
    : 'write a regular expression in RE2 syntax, for example `.*[.]example[.]com`';
}

/** A name with a wildcard, as TLS and DNS rules have it. */
const WILDCARD_NAME = /^\*\.[\w.-]+$/;

function isSmall(pattern: string): boolean {
  return refusalByEnvoy('', pattern) === undefined;
}
