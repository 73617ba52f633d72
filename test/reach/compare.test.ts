/** The kinds of changes. */
import { ChangeKind, changesBetween } from '../../lib/reach/compare';
import { Pairs } from '../../lib/reach/differing';
import { Passage, trafficOf } from '../../lib/reach/traffic';

const ALLOWED: Passage = { protocol: 'TCP', first: 80, last: 80, is: 'allowed', proxies: [] };
const UNKNOWN: Passage = { ...ALLOWED, is: 'unknown' };
const ASKED: Passage = {
  ...ALLOWED,
  proxies: [{ side: 'ingress', is: 'http', http: [], dns: [], serverNames: [], hasMore: false, key: 'a' }],
};

test.each<[Passage | undefined, Passage | undefined, readonly ChangeKind[]]>([
  [undefined, undefined, []],
  [undefined, ALLOWED, ['opened']],
  [ALLOWED, undefined, ['closed']],
  [ALLOWED, ALLOWED, []],
  [ALLOWED, ASKED, ['rewritten']],
  [ALLOWED, UNKNOWN, ['undecided']],
  [UNKNOWN, ALLOWED, ['undecided']],
  [UNKNOWN, undefined, ['undecided']],
  [undefined, UNKNOWN, ['undecided']],
  [UNKNOWN, UNKNOWN, []],
])('from %j to %j: %j', (before, after, expected) => {
  // Beside it, something else changes, so that the two are not the same traffic.
  const beside: Passage = { ...ALLOWED, protocol: 'UDP' };
  const [old, now] = [[before, beside], [after]].map((all) => trafficOf(all.flatMap((one) => one ?? [])));
  const changes = changesBetween(
    Pairs.all(1),
    () => old,
    () => now,
  );
  const own = changes.filter(({ traffic }) => traffic.some(({ protocol }) => protocol === 'TCP'));
  expect(own.map(({ is }) => is)).toEqual(expected);
});
