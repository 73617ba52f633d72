/** The specification of verdicts, and the fast engine, against what Cilium's own code answered, in every minor. */
import { replay, worldParts } from '../support/vectors/replay';
import { readSet } from '../support/vectors/store';
import { worldJudge } from '../support/vectors/world-judge';

test.each(['worlds', 'worlds-differing', 'worlds-reviewed', 'worlds-tiers'] as const)(
  'says what Cilium says of every flow in the %s',
  (set) => {
    const { disagreements, compared, passed } = replay(readSet(set), worldParts, worldJudge);
    const found = disagreements.map(({ minor, part, cilium, ours, question }) => ({ minor, part, cilium, ours, question }));
    expect(found.slice(0, 1)).toEqual([]);
    expect(found).toHaveLength(0);
    expect(passed).toBe(0);
    expect(compared).toBeGreaterThan(0);
  },
);
