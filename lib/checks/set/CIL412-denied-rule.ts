import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Given, Judged, SetCheck } from '../check';
import { coverageAround, coveringIn } from './plain';
import { ruleName, severityBeside } from './rule-name';

const spec = (block: string): string => `
    endpointSelector:
      matchLabels:
        app: web
    egress:
      - toCIDR:
          - ${block}
        toPorts:
          - ports:
              - port: "443"
                protocol: TCP
    egressDeny:
      - toCIDR:
          - 10.0.0.0/8
  `;

export const check: SetCheck = {
  code: 'CIL412',
  name: 'denied-rule',
  severity: 'warning',
  stage: 'set',
  summary: 'a rule that allows only what another one denies',
  why: 'A deny beats every allow, whatever policies they are in, and however narrow the allow is. The rule allows nothing; it still puts its direction into default deny.',
  limits:
    'Rules are compared with single deny rules of the same subject or of a wider one, by labels, CIDRs and ports. Rules with authentication are not reported.',
  source: 'Cilium documentation, "Deny Policies"; cilium `pkg/policy/mapstate.go`',
  bad: cnp(spec('10.1.0.0/16')),
  good: cnp(spec('192.0.2.0/24')),
  inspect(given, report) {
    const judged = given.judged();
    for (const { owned, by } of judged === undefined ? [] : deniedIn(judged, given)) {
      report(
        owned.policy.resource,
        {
          message: `${ruleName(by, owned, given)} denies all that this rule allows`,
          help: 'remove the rule, or make the other one narrower',
          ...severityBeside(owned, by, judged!),
        },
        undefined,
        ...owned.rule.path,
      );
    }
  },
};

interface Denied {
  readonly owned: OwnedRule;
  readonly by: OwnedRule;
}

function deniedIn(judged: Judged, given: Given): readonly Denied[] {
  const around = coverageAround(judged, given, (rules) => rules.filter(denies));
  return judged.subjects.all.flatMap((one) => {
    const denying = around(one);
    return (denying.length === 0 ? [] : one.rules.filter(allows)).flatMap((owned): Denied[] => {
      const by = coveringIn(denying, owned, ({ rule }) => rule.direction === owned.rule.direction);
      return by === undefined ? [] : [{ owned, by }];
    });
  });
}

function denies({ rule: { effect, level, requires } }: OwnedRule): boolean {
  return effect === 'deny' && level === undefined && requires.length === 0;
}

/** What a rule says of authentication counts for others, too. */
function allows({ rule: { effect, level, authentication } }: OwnedRule): boolean {
  return effect === 'allow' && level === undefined && authentication === undefined;
}
