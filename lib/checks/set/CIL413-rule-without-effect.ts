import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Rule } from '../../model/policy';
import type { SubjectRules } from '../../resolve/subjects';
import type { Given, Judged, SetCheck } from '../check';
import { coverageOf } from './plain';
import { ruleName } from './rule-name';

const spec = (app: string): string => `
    endpointSelector:
      matchLabels:
        app: db
    ingress:
      - fromEndpoints:
          - matchLabels:
              app: web
      - fromEndpoints:
          - matchLabels:
              app: ${app}
        toPorts:
          - ports:
              - port: "5432"
                protocol: TCP
  `;

export const check: SetCheck = {
  code: 'CIL413',
  name: 'rule-without-effect',
  severity: 'info',
  stage: 'set',
  summary: 'a rule that says nothing that another one does not say',
  why:
    'Another rule of the same subject, or of a wider one, allows or denies the same peers on the same ports or more, so without this one every verdict stays ' +
    'the same. Of two equal rules, the later one is reported. Rules are compared by labels, CIDRs and ports; those with requests, server names, ' +
    'authentication or Services are not. A rule may be kept for its readers.',
  source: 'cilium `pkg/policy/l4.go`, `pkg/policy/rules.go`',
  bad: cnp(spec('web')),
  good: cnp(spec('api')),
  inspect(given, report) {
    const judged = given.judged();
    const order = new Map((judged?.subjects.all ?? []).flatMap(({ rules }) => rules).map(({ rule }, i) => [rule, i] as const));
    for (const one of judged?.subjects.all ?? []) {
      for (const { owned, by } of repeatedIn(one, order, judged!, given)) {
        const word = owned.rule.effect === 'deny' ? 'denies' : 'allows';
        report(
          owned.policy.resource,
          { message: `${ruleName(by)} ${word} all of this, so the rule changes nothing`, help: 'remove the rule' },
          undefined,
          ...owned.rule.path,
        );
      }
    }
  },
};

interface Repeated {
  readonly owned: OwnedRule;
  readonly by: OwnedRule;
}

function repeatedIn(one: SubjectRules, order: ReadonlyMap<Rule, number>, judged: Judged, given: Given): readonly Repeated[] {
  const around = judged.subjects.around(one).filter(isComparable);
  const coverage = coverageOf(around, judged, given);
  return one.rules.filter(isComparable).flatMap((owned): Repeated[] => {
    const { rule } = owned;
    const by = coverage.ofRule(owned, (other) => {
      const isAlike =
        other.rule.direction === rule.direction && other.rule.effect === rule.effect && (other.rule.defaultDeny || !rule.defaultDeny);
      return other.rule !== rule && isAlike && (order.get(other.rule)! < order.get(rule)! || !isBothWays(owned, other, judged, given));
    });
    return by === undefined ? [] : [{ owned, by }];
  });
}

/** Whether the first rule says all that the second one does, too. */
function isBothWays(owned: OwnedRule, other: OwnedRule, judged: Judged, given: Given): boolean {
  const isSame = owned.rule.subject.selector.key === other.rule.subject.selector.key;
  return (
    isSame &&
    (owned.rule.defaultDeny || !other.rule.defaultDeny) &&
    coverageOf([owned], judged, given).ofRule(other, () => true) !== undefined
  );
}

function isComparable({ rule }: OwnedRule): boolean {
  const { level, authentication, requires, traffic } = rule;
  return (
    level === undefined && authentication === undefined && requires.length === 0 && (traffic ?? []).every(({ l7 }) => l7 === undefined)
  );
}
