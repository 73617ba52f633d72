/**
 * The order in which the rules that match a flow are asked: tier by tier, and in a tier those of the lowest order first.
 *
 * Source: cilium 1.20 `pkg/policy/rules.go` and `mapstate.go`; for requests cilium/proxy `cilium/network_policy.cc`, forEachRule.
 */
import { TIERS } from '../model/policy';
import { groupedBy } from '../net/grouped';
import type { Cell, Filter } from '../resolve/cells';

/** Matching cells of one place in the order, which all deny or all allow. */
export interface Step {
  readonly tier: Filter['tier'];
  readonly effect: 'deny' | 'allow';
  readonly cells: readonly Cell[];
}

const ORDER: readonly Filter['tier'][] = [...TIERS, 'default'];

/**
 * What decides, in order. The first step is about the connection. Those after it count for requests that the steps before do not allow, up to the
 * first that denies.
 */
export function stepsOf(matching: readonly Filter[]): readonly Step[] {
  const steps: Step[] = [];
  let passed: Filter['tier'] | undefined;
  for (const { tier, denying, allowing, passing } of ORDER.flatMap((one) => ordersOf(matching, one))) {
    if (tier === passed) {
      continue;
    }
    if (denying.length > 0) {
      return [...steps, { tier, effect: 'deny', cells: denying }];
    }
    if (allowing.length > 0) {
      steps.push({ tier, effect: 'allow', cells: allowing });
    }
    passed = passing.length > 0 ? tier : undefined;
  }
  return steps;
}

/** The matching cells of one order. */
interface SameOrder {
  readonly tier: Filter['tier'];
  readonly denying: readonly Cell[];
  readonly allowing: readonly Cell[];
  readonly passing: readonly Cell[];
}

function ordersOf(matching: readonly Filter[], tier: Filter['tier']): readonly SameOrder[] {
  const cells = matching.filter((one) => one.tier === tier).flatMap((one) => one.cells);
  const byOrder = [...groupedBy(cells, ({ order }) => order)].sort(([a], [b]) => a - b);
  return byOrder.map(([, same]) => {
    const of = (effect: Cell['effect']) => same.filter((cell) => cell.effect === effect);
    return { tier, denying: of('deny'), allowing: of('allow'), passing: of('pass') };
  });
}
