import { cnp } from '../../admission/example';
import type { OwnedRule } from '../../model/flow';
import type { BlockSelector } from '../../model/policy';
import { Prefix, prefixText } from '../../net/prefix';
import type { Coverage } from '../../resolve/coverage';
import type { Given, Judged, SetCheck } from '../check';
import { coverageAround, plainAround, PlainRule, plainRules } from './plain';
import { areOfOneFile, ruleName } from './rule-name';

const spec = (second: string): string => `
    endpointSelector:
      matchLabels:
        app: web
    egress:
      - toCIDRSet:
          - cidr: 0.0.0.0/0
            except:
              - 169.254.169.254/32
      - toCIDR:
          - ${second}
  `;

export const check: SetCheck = {
  code: 'CIL414',
  name: 'undone-except',
  severity: 'warning',
  stage: 'set',
  summary: 'an `except` whose addresses another rule allows',
  why: 'An `except` takes addresses out of one CIDR of one rule, and denies nothing. What another rule allows for the same endpoints stays allowed, so of two policies with the whole world and different exceptions, each one opens what the other one leaves out. Only a deny rule closes addresses for sure. It is only informative if the two rules are in two files, which may be alternatives of a collection.',
  limits:
    'Not reported: a rule for just the excepted addresses, which surely means them, and several rules that only together allow them. Of each CIDR, the first 100 exceptions are looked at.',
  source: 'Cilium documentation, "CIDR based"; cilium issue 17129',
  bad: cnp(spec('169.254.0.0/16')),
  good: cnp(spec('169.254.169.254/32')),
  inspect(given, report) {
    const judged = given.judged();
    for (const { rule, selector, holes, by } of judged === undefined ? [] : undoneIn(judged, given)) {
      report(
        rule.policy.resource,
        {
          message: `${ruleName(by.whole, rule.whole, given)} allows all of ${textOf(holes)}`,
          help: `except ${holes.length > 1 ? 'them' : 'it'} there too, or deny ${holes.length > 1 ? 'them' : 'it'} with a rule`,
          ...(areOfOneFile(rule.whole, by.whole) ? {} : { severity: 'info' as const }),
        },
        selector.at,
        'except',
      );
    }
  },
};

interface Undone {
  readonly rule: PlainRule;
  readonly selector: BlockSelector;
  /** The holes that one rule undoes. */
  readonly holes: readonly Prefix[];
  readonly by: PlainRule;
}

function textOf([first, ...others]: readonly Prefix[]): string {
  const more = others.length === 0 ? ', so the exception closes' : ` and of ${others.length} more, so these exceptions close`;
  return `\`${prefixText(first)}\`${more} nothing`;
}

/** Of each CIDR, the holes that one rule undoes: that of the first one. */
function undoneIn(judged: Judged, given: Given): readonly Undone[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const around = plainAround(judged, given, direction);
    const aroundDenies = coverageAround(judged, given, (rules) =>
      rules.filter(({ rule }) => rule.direction === direction && rule.effect === 'deny'),
    );
    return judged.subjects.all.flatMap((one) =>
      plainRules(one.rules.filter(hasHoles), direction).flatMap((rule) =>
        withHoles(rule).flatMap((selector): Undone[] => {
          const first = firstUndone(rule, selector, around(one), aroundDenies(one));
          return first === undefined ? [] : [{ rule, selector, ...first }];
        }),
      ),
    );
  });
}

function firstUndone(
  rule: PlainRule,
  { except }: BlockSelector,
  allowing: readonly Coverage<PlainRule>[],
  denying: readonly Coverage<OwnedRule>[],
): Pick<Undone, 'holes' | 'by'> | undefined {
  const undone = except.slice(0, MOST_HOLES).flatMap((hole) => {
    const by = isDenied(hole, rule, denying) ? undefined : undoing(hole, rule, allowing);
    return by === undefined ? [] : [{ hole, by }];
  });
  const by = undone.at(0)?.by;
  return by === undefined ? undefined : { by, holes: undone.filter((one) => one.by.whole === by.whole).map(({ hole }) => hole) };
}

/** Whether a rule denies all of a hole: then it is closed. */
function isDenied(hole: Prefix, { rule }: PlainRule, denying: readonly Coverage<OwnedRule>[]): boolean {
  return denying.some((coverage) => coverage.of(blockOf(hole), rule.traffic).next().done === false);
}

function blockOf(block: Prefix): BlockSelector {
  return { is: 'block', key: '', field: 'set', block, except: [] };
}

function undoing(hole: Prefix, { rule, whole }: PlainRule, allowing: readonly Coverage<PlainRule>[]): PlainRule | undefined {
  for (const by of allowing.flatMap((coverage) => [...coverage.of(blockOf(hole), rule.traffic)])) {
    const isMeantFor = blocksOf(by).some(
      ({ block }) => block.version === hole.version && block.first === hole.first && block.length === hole.length,
    );
    if (by.whole !== whole && !isMeantFor) {
      return by;
    }
  }
  return undefined;
}

function hasHoles(owned: OwnedRule): boolean {
  return withHoles(owned).length > 0;
}

function withHoles(owned: OwnedRule): readonly BlockSelector[] {
  return blocksOf(owned).filter(({ except }) => except.length > 0);
}

function blocksOf({ rule: { peers } }: OwnedRule): readonly BlockSelector[] {
  return peers.is === 'selectors' ? peers.selectors.filter((selector) => selector.is === 'block') : [];
}

/** Of one CIDR: a generated list may have thousands. */
export const MOST_HOLES = 100;
