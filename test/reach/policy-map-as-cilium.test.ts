/** The entries of policy maps, and the identities of agents, against what Cilium's own code writes, in every minor. */
import { budgetJudge, budgetParts } from '../support/vectors/budgets';
import { replay } from '../support/vectors/replay';
import { readSet } from '../support/vectors/store';

test('writes as many entries as Cilium does, for as many identities', () => {
  const { disagreements, compared, passed } = replay(readSet('budgets'), budgetParts, budgetJudge);
  expect(disagreements.slice(0, 1)).toEqual([]);
  expect(disagreements).toHaveLength(0);
  expect(compared).toBeGreaterThan(15_000);
  // Some of their rules have names that no agent asks for.
  expect(passed).toBeLessThan(300);
});
