import { cnp } from '../../admission/example';
import type { BlockSelector, Selector } from '../../model/policy';
import { Prefix, prefixText } from '../../net/prefix';
import type { SubjectRules } from '../../resolve/subjects';
import type { Given, Judged, SetCheck } from '../check';
import { coverageOf, PlainRule, plainRules } from './plain';
import { ruleName } from './rule-name';

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
  why:
    'An `except` takes addresses out of one CIDR of one rule, and denies nothing. What another rule allows for the same endpoints stays allowed, so of two ' +
    'policies with the whole world and different exceptions, each one opens what the other one leaves out. Only a deny rule closes addresses for sure. Not reported: a rule ' +
    'for just the excepted addresses, which surely means them.',
  source: 'Cilium documentation, "CIDR based"; cilium issue 17129',
  bad: cnp(spec('169.254.0.0/16')),
  good: cnp(spec('169.254.169.254/32')),
  inspect(given, report) {
    const judged = given.judged();
    for (const one of judged?.subjects.all ?? []) {
      for (const { rule, selector, hole, by } of undoneIn(one, judged!, given)) {
        report(
          rule.policy.resource,
          {
            message: `${ruleName(by.whole)} allows all of \`${prefixText(hole)}\`, so the exception closes nothing`,
            help: 'except it there too, or deny it with a rule',
          },
          selector.at,
          'except',
        );
      }
    }
  },
};

interface Undone {
  readonly rule: PlainRule;
  readonly selector: BlockSelector;
  readonly hole: Prefix;
  readonly by: PlainRule;
}

/** The first hole of each CIDR that is undone. */
function undoneIn(one: SubjectRules, judged: Judged, given: Given): readonly Undone[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const own = one.rules.filter(({ rule }) => rule.direction === direction && rule.effect === 'allow');
    const hasHoles = own.some(
      ({ rule: { peers } }) => peers.is === 'selectors' && peers.selectors.some((selector) => holesOf(selector).length > 0),
    );
    const plain = hasHoles ? plainRules(one, direction, judged) : [];
    const coverage = coverageOf(plain, judged, given);
    const denies = hasHoles ? judged.subjects.around(one).filter(({ rule }) => rule.direction === direction && rule.effect === 'deny') : [];
    const denying = coverageOf(denies, judged, given);
    const rules = new Set(own.map(({ rule }) => rule));
    return plain
      .filter(({ whole }) => rules.has(whole.rule))
      .flatMap((rule) =>
        blocksOf(rule).flatMap((selector): Undone[] => {
          for (const hole of holesOf(selector).slice(0, MOST_HOLES)) {
            const by = isDenied(hole, rule, denying) ? undefined : undoing(hole, rule, coverage);
            if (by !== undefined) {
              return [{ rule, selector, hole, by }];
            }
          }
          return [];
        }),
      );
  });
}

/** Whether a rule denies all of a hole: then it is closed. */
function isDenied(hole: Prefix, { rule }: PlainRule, denying: ReturnType<typeof coverageOf>): boolean {
  return denying.of(blockOf(hole), rule.traffic).next().done === false;
}

function blockOf(block: Prefix): BlockSelector {
  return { is: 'block', key: '', field: 'set', block, except: [] };
}

function undoing(hole: Prefix, { rule, whole }: PlainRule, coverage: ReturnType<typeof coverageOf<PlainRule>>): PlainRule | undefined {
  for (const by of coverage.of(blockOf(hole), rule.traffic)) {
    const isMeantFor = blocksOf(by).some(
      ({ block }) => block.version === hole.version && block.first === hole.first && block.length === hole.length,
    );
    if (by.whole !== whole && !isMeantFor) {
      return by;
    }
  }
  return undefined;
}

function blocksOf({ rule: { peers } }: PlainRule): readonly BlockSelector[] {
  return peers.is === 'selectors' ? peers.selectors.filter((selector) => selector.is === 'block') : [];
}

function holesOf(selector: Selector): readonly Prefix[] {
  return selector.is === 'block' ? selector.except : [];
}

/** Of one CIDR: a generated list may have thousands. */
export const MOST_HOLES = 100;
