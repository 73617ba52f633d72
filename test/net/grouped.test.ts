import { groupedBy } from '../../lib/net/grouped';

test('keys and their items keep the order in which they are seen', () => {
  expect([...groupedBy(['b1', 'a1', 'b2'], ([letter]) => letter)]).toEqual([
    ['b', ['b1', 'b2']],
    ['a', ['a1']],
  ]);
});
