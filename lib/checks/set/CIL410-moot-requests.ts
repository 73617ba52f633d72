import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Direction, Layer7, Traffic } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { isOpenCondition } from '../../reach/traffic';
import type { Coverage } from '../../resolve/coverage';
import type { SubjectRules } from '../../resolve/subjects';
import type { Given, Judged, SetCheck } from '../check';
import { coveringIn, isOnePort, plainAround, PlainRule } from './plain';
import { ruleName, severityBeside } from './rule-name';

const spec = (port: string): string => `
    endpointSelector:
      matchLabels:
        app: web
    ingress:
      - fromEndpoints:
          - matchLabels:
              app: gateway
        toPorts:
          - ports:
              - port: "80"
                protocol: TCP
            rules:
              http:
                - method: GET
                  path: /public
      - fromEndpoints:
          - {}
        toPorts:
          - ports:
              - port: "${port}"
                protocol: TCP
  `;

export const check: SetCheck = {
  code: 'CIL410',
  name: 'moot-requests',
  severity: 'warning',
  stage: 'set',
  summary: 'HTTP or DNS rules for connections that another rule allows whole',
  why: 'Rules only add up: a rule that allows the same peers on the same port without `rules` allows every request, so the requests that this one lists limit nothing. The other rule may be in another policy for the same pods. For DNS, only a rule for this very port and protocol does so.',
  limits:
    'Rules are compared with single other rules, by labels, CIDRs and ports. Not reported: several rules that only together allow all of it, and rules that deny.',
  source: 'Cilium documentation, "Layer 7 Examples"; cilium `pkg/policy/l4.go`, `pkg/envoy`',
  bad: cnp(spec('80')),
  good: cnp(spec('8080')),
  inspect(given, report) {
    const judged = given.judged();
    for (const { owned, traffic, l7, by } of judged === undefined ? [] : mootIn(judged, given)) {
      const kind = l7.dns === undefined ? 'request' : 'look-up';
      report(
        owned.policy.resource,
        {
          message: `${ruleName(by, owned, given)} allows every ${kind} of these peers on port ${shown(traffic)}, so the rules here limit nothing`,
          help: 'limit that rule to other peers or ports, or give it `rules` too',
          ...severityBeside(owned, by, judged!),
        },
        (l7.http ?? l7.dns)![0].at,
      );
    }
  },
};

interface Moot {
  readonly owned: OwnedRule;
  readonly traffic: Traffic;
  readonly l7: Layer7;
  readonly by: OwnedRule;
}

function mootIn(judged: Judged, given: Given): readonly Moot[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const around = plainAround(judged, given, direction);
    return judged.subjects.all.flatMap((one) => {
      const byEntry = groupedBy(limitedIn(one, direction), ({ l7 }) => l7);
      return [...byEntry.values()].flatMap((pieces) => mootBeside(pieces, around(one)));
    });
  });
}

/** The pieces of one list of requests are moot if each of them is: on a port that is not covered, the rules still limit. */
function mootBeside(pieces: readonly Omit<Moot, 'by'>[], plain: readonly Coverage<PlainRule>[]): readonly Moot[] {
  const found = pieces.map(({ owned, traffic, l7 }) => {
    const isMeant = l7.dns === undefined ? () => true : (by: PlainRule) => isForPort(by, traffic);
    return coveringIn(plain, { rule: { ...owned.rule, traffic: [traffic] } }, isMeant);
  });
  const [first] = found;
  return first === undefined || found.includes(undefined) ? [] : [{ ...pieces[0], by: first.whole }];
}

/** The pieces of traffic of which a rule limits the requests. Look-ups are of UDP; a rule for them with TCP alone is for TCP. */
function limitedIn({ rules }: SubjectRules, direction: Direction): readonly Omit<Moot, 'by'>[] {
  const allowing = rules.filter(({ rule }) => rule.direction === direction && rule.effect === 'allow' && rule.level === undefined);
  return allowing.flatMap((owned) => {
    const { traffic: all = [] } = owned.rule;
    return all.flatMap((traffic) => {
      const { l7, protocol } = traffic;
      const isMain = l7?.dns === undefined || protocol === 'UDP' || !all.some((other) => other.l7 === l7 && other.protocol === 'UDP');
      return l7 !== undefined && isLimit(l7) && isMain ? [{ owned, traffic, l7 }] : [];
    });
  });
}

function isLimit({ http, dns }: Layer7): boolean {
  return (http !== undefined && !http.some(isOpenCondition)) || (dns?.every(({ text }) => text !== '*') ?? false);
}

/** The DNS proxy asks the rules of one port, and never those of a range or of every port. */
function isForPort({ rule }: PlainRule, { protocol, port }: Traffic): boolean {
  const isSame = (one: Traffic) =>
    one.protocol === protocol && isOnePort(one) && one.port.is === 'number' && port.is === 'number' && one.port.number === port.number;
  return rule.traffic?.some(isSame) ?? false;
}

function shown({ port }: Traffic): string {
  return port.is === 'number' ? `${port.number}` : `\`${port.name}\``;
}
