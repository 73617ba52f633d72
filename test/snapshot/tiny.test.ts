/** A tiny universe, exhaustively: what `diff` says of every two sets of policies is what all flows say. */
import type { Flow, WrittenEnd } from '../../lib/model/flow';
import type { JsonObject } from '../../lib/model/json';
import { expectParsed } from '../../lib/net/parsed';
import type { Universe } from '../../lib/reach/universe/universe';
import { parseFlow } from '../../lib/read/flow';
import { readObjects } from '../../lib/read/read';
import { settle } from '../../lib/settings/settings';
import { compared } from '../../lib/snapshot/changes';
import { openComparison, openReach } from '../../lib/snapshot/reach';
import { Snapshot } from '../../lib/snapshot/snapshot';
import type { Verdicts } from '../../lib/snapshot/verdicts';
import { SETS } from '../support/tiny';

const settings = expectParsed(settle([], { values: { cilium: '1.20' } }));

function verdictsOver(specs: readonly JsonObject[]): Verdicts {
  const objects = specs.map((spec, i): JsonObject => ({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: `p${i}`, namespace: 'x' },
    spec,
  }));
  const read = readObjects(
    'tiny',
    objects.map((value) => ({ value })),
    settings,
  );
  return expectParsed(new Snapshot(read, settings).verdicts());
}

const PODS = ['x', 'y', 'z'].flatMap((namespace) => ['', 'app=a', 'app=b', 'app=c'].map((labels) => `labels:${labels}@${namespace}`));
const ADDRESSES = ['10.0.0.0', '10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'].map((address) => `ip:${address}`);
const ENDS = [...PODS, ...ADDRESSES, 'entity:world'];
const WRITTEN = ENDS.map((end) => expectParsed(parseFlow({ from: end, to: end, port: 1 })).from);
const FLOWS: readonly Flow[] = WRITTEN.flatMap((from) =>
  WRITTEN.flatMap((to) => [4, 5, 6, 7].map((port): Flow => ({ from, to, port, protocol: 'TCP' }))),
);

/** The numbers of the ends in a universe. */
function numbersIn(universe: Universe): (end: WrittenEnd) => number {
  const numbers = new Map(WRITTEN.map((end) => [end, universe.find(end)!]));
  return (end) => numbers.get(end)!;
}

const sets = SETS.map(verdictsOver);
const allowed = sets.map((verdicts) => FLOWS.map((flow) => expectParsed(verdicts.verdict(flow)).allowed));

test.each(SETS.map((_, i) => i))('set %i compared with every other one', (i) => {
  for (const [k, after] of sets.entries()) {
    const { universe, changes, doubts } = compared(expectParsed(openComparison(sets[i], after, 100)));
    expect(doubts).toEqual([]);
    const numberOf = numbersIn(universe);
    const told = FLOWS.map((flow) => {
      const [from, to] = [numberOf(flow.from), numberOf(flow.to)];
      const own = changes.filter((one) => one.from.includes(from) && one.to.includes(to));
      return own.find(({ traffic }) =>
        traffic.some(({ protocol, first, last }) => protocol === 'TCP' && first <= flow.port && flow.port <= last),
      )?.is;
    });
    const expected = FLOWS.map((_, n) => (allowed[i][n] === allowed[k][n] ? undefined : allowed[k][n] ? 'opened' : 'closed'));
    expect({ i, k, told }).toEqual({ i, k, told: expected });
    expect(changes.every(({ witness }) => witness !== undefined)).toBe(true);
  }
});

test('what passes is what every flow says', () => {
  for (const [i, verdicts] of sets.entries()) {
    const { universe, all } = expectParsed(openReach(verdicts, 100));
    const numberOf = numbersIn(universe);
    const told = FLOWS.map((flow) => {
      const { passages } = all[0].traffic(numberOf(flow.from), numberOf(flow.to));
      return passages.some(({ protocol, first, last }) => protocol === 'TCP' && first <= flow.port && flow.port <= last);
    });
    expect({ i, told }).toEqual({ i, told: allowed[i] });
  }
});
