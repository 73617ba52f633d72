import { MOST_GUESSED, nearestNames } from '../../lib/resolve/nearest-names';

const KNOWN = ['shop/web', 'shop/db', 'shop/api-5d8f-x', 'shop/api-5d8f-y', 'prod/db', 'prod/mail', 'n1'];

test.each<[string, readonly string[]]>([
  ['shop/wbe', ['shop/web']],
  ['prod/web', ['shop/web']],
  ['shop/bd', ['shop/db']],
  ['test/db', ['shop/db', 'prod/db']],
  ['shop/api', ['shop/api-5d8f-x', 'shop/api-5d8f-y']],
  ['shop/mail', ['prod/mail']],
  ['n2', ['n1']],
  ['shop/queue', []],
  ['other/queue', []],
])('the names nearest to `%s` are %j', (name, nearest) => {
  expect(nearestNames(name, KNOWN)).toEqual(nearest);
});

test('three names at most, and the nearest by spelling first', () => {
  const known = ['shop/web-1', 'shop/web-2', 'shop/web-3', 'shop/wep', 'prod/web'];
  expect(nearestNames('shop/web', known)).toEqual(['shop/wep', 'prod/web', 'shop/web-1']);
});

test('a guess in a large cluster compares a bounded number of spellings', () => {
  const known = Array.from({ length: MOST_GUESSED }, (_, i) => `shop/x${i}`);
  expect(nearestNames('shop/web', [...known, 'shop/wbe'])).toEqual([]);
  expect(nearestNames('shop/web', ['shop/wbe', ...known])).toEqual(['shop/wbe']);
});
