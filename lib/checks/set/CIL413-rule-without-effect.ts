import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import { asList, asObject, valueAt } from '../../model/json';
import type { Rule } from '../../model/policy';
import { once } from '../../net/once';
import { Coverage } from '../../resolve/coverage';
import type { Given, Judged, SetCheck } from '../check';
import { coverageAround, coveringIn } from './plain';
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
  why: 'Another rule of the same subject, or of a wider one, allows or denies the same peers on the same ports or more, so without this one every verdict stays the same. Of two equal rules, the later one is reported.',
  limits:
    'Rules are compared with single other rules, by labels, CIDRs and ports; those with requests, server names, authentication or Services are not. Not reported: rules with an entry that CIL313 reports. A rule may be kept for its readers.',
  source: 'cilium `pkg/policy/l4.go`, `pkg/policy/rules.go`',
  bad: cnp(spec('web')),
  good: cnp(spec('api')),
  inspect(given, report) {
    const judged = given.judged();
    for (const { owned, by } of judged === undefined ? [] : repeatedIn(judged, given)) {
      const word = owned.rule.effect === 'deny' ? 'denies' : 'allows';
      report(
        owned.policy.resource,
        { message: `${ruleName(by, owned, given)} ${word} all of this, so this rule changes nothing`, help: 'remove the rule' },
        undefined,
        ...owned.rule.path,
      );
    }
  },
};

interface Repeated {
  readonly owned: OwnedRule;
  readonly by: OwnedRule;
}

function repeatedIn(judged: Judged, given: Given): readonly Repeated[] {
  const { subjects } = judged;
  const subjectOf = once(() => new Map(subjects.all.flatMap((one) => one.rules.map(({ rule }) => [rule, one] as const))));
  const order = once(() => new Map([...subjectOf().keys()].map((rule, i) => [rule, i])));
  const around = coverageAround(judged, given, (rules) => rules.filter(isComparable));
  return subjects.all.flatMap((one) => {
    const coverage = around(one);
    return one.rules
      .filter((owned) => isComparable(owned) && !isUnfinished(owned))
      .flatMap((owned): Repeated[] => {
        const by = coveringIn(coverage, owned, (other) => {
          const isMore = other.rule !== owned.rule && saysAsMuch(other.rule, owned.rule);
          return isMore && (order().get(other.rule)! < order().get(owned.rule)! || !covers(owned, other));
        });
        return by === undefined ? [] : [{ owned, by }];
      });
  });

  /** Whether the first rule says all that the second one does. */
  function covers(owned: OwnedRule, other: OwnedRule): boolean {
    const isAround = subjects.around(subjectOf().get(other.rule)!).includes(subjectOf().get(owned.rule)!);
    const coverage = new Coverage([owned], given.agent, judged.inventory.namespaces);
    return isAround && saysAsMuch(owned.rule, other.rule) && coverage.ofRule(other, () => true) !== undefined;
  }
}

/** Whether a rule decides as another one does, and closes what that one closes. */
function saysAsMuch(a: Rule, b: Rule): boolean {
  return a.direction === b.direction && a.effect === b.effect && (a.defaultDeny || !b.defaultDeny);
}

function isComparable({ rule }: OwnedRule): boolean {
  const { level, authentication, requires, traffic } = rule;
  return (
    level === undefined && authentication === undefined && requires.length === 0 && (traffic ?? []).every(({ l7 }) => l7 === undefined)
  );
}

/** Whether a rule has an entry without ports or ICMP types, which CIL313 reports: with them, it may say something of its own. */
function isUnfinished({ policy: { resource }, rule: { path } }: OwnedRule): boolean {
  const { toPorts, icmps } = asObject(valueAt(resource.value, path));
  const isEmpty = (field: string) => (entry: unknown) => asList(asObject(entry)[field]).length === 0;
  return asList(toPorts).some(isEmpty('ports')) || asList(icmps).some(isEmpty('fields'));
}
