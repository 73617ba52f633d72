import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { Direction, Rule } from '../../model/policy';
import { groupedBy } from '../../net/grouped';
import { Overlaps } from '../../resolve/overlaps';
import type { SubjectRules } from '../../resolve/subjects';
import type { Judged, SetCheck } from '../check';

const spec = (more: string): string => `
    endpointSelector:
      matchLabels:
        app: web
${more}    egressDeny:
      - toCIDR:
          - 169.254.169.254/32
  `;

export const check: SetCheck = {
  code: 'CIL411',
  name: 'deny-only',
  severity: 'warning',
  stage: 'set',
  summary: 'a policy that only denies, and so closes everything else of its direction',
  why: 'A deny rule is a rule: like any other one it puts its direction of the selected endpoints into default deny. Without a rule that allows something, in this or in another policy, nothing of the direction is allowed any more. To deny some peers and leave the rest as it is, set `enableDefaultDeny` of the direction to `false`.',
  limits:
    'Reported only if no given policy may allow anything for the same endpoints in this direction; others are not seen. Not reported: a deny of nobody, or of the entity `all` on all ports, which is written to close the direction, and nodes, of which CIL416 tells.',
  source: 'Cilium documentation, "Deny Policies"; cilium `pkg/policy/rules.go`, wantsDefaultDeny; cilium issue 20914',
  bad: cnp(spec('')),
  good: cnp(spec('    enableDefaultDeny:\n      egress: false\n')),
  inspect({ isWhole, judged }, report) {
    const found = isWhole ? judged() : undefined;
    for (const { policy, rule } of found === undefined ? [] : DIRECTIONS.flatMap((direction) => closingIn(direction, found))) {
      const { direction, path } = rule;
      report(
        policy.resource,
        {
          // A node may connect to its own pods.
          message: `no policy allows any ${direction} of these endpoints, so the rule closes it for ${direction === 'ingress' ? 'all but their own node' : 'all'}`,
          help: `set \`enableDefaultDeny.${direction}\` to \`false\`, or allow what is meant`,
        },
        undefined,
        ...path.slice(0, -1),
      );
    }
  },
};

const DIRECTIONS = ['ingress', 'egress'] as const;

/** The first rule of each policy that closes a direction for nothing but its denies. */
function closingIn(direction: Direction, judged: Judged): readonly OwnedRule[] {
  return deniedOnly(direction, judged).flatMap(({ rules }) => {
    const closing = rules.filter(({ rule }) => rule.direction === direction && rule.defaultDeny);
    return [...groupedBy(closing, ({ policy }) => policy).values()].map(([first]) => first);
  });
}

/** The pods whose rules of a direction all deny, and that no other rule may be about. CIL416 is about nodes. */
function deniedOnly(direction: Direction, { subjects, vague }: Judged): readonly SubjectRules[] {
  if (vague.some(({ rules }) => rules.some((rule) => rule.direction === direction && rule.effect !== 'deny'))) {
    return [];
  }
  const others = new Overlaps(
    subjects.all.filter(({ rules }) => rules.some(({ rule }) => rule.direction === direction && rule.effect !== 'deny')),
  );
  return subjects.all.filter((one) => {
    if (one.subject.is === 'nodes') {
      return false;
    }
    const own = one.rules.filter(({ rule }) => rule.direction === direction);
    const isDenyOnly =
      own.some(({ rule }) => rule.defaultDeny) && own.every(({ rule }) => rule.effect === 'deny' && rule.level === undefined);
    const isMeant = own.some(({ rule }) => deniesNobody(rule) || deniesAll(rule));
    return isDenyOnly && !isMeant && !others.has(one);
  });
}

/** A rule that denies nobody is written for the default deny. */
function deniesNobody({ peers, traffic }: Rule): boolean {
  return peers.is === 'none' || (peers.is === 'any' && traffic === undefined);
}

/** A rule that denies everybody everything is written to close the direction, as the entity `all` is. */
function deniesAll({ peers, traffic }: Rule): boolean {
  return (
    traffic === undefined &&
    peers.is === 'selectors' &&
    peers.selectors.some((one) => one.is === 'labels' && !one.ofEndpoints && one.requirements.length === 0)
  );
}
