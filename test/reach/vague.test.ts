/** What passes with the fewest peers and with the most, told as one. */
import { Passage, Traffic, trafficOf } from '../../lib/reach/traffic';
import { pairedPassages, vagueTraffic } from '../../lib/reach/vague';

const proxied = (key: string): Partial<Passage> => ({
  proxies: [{ side: 'ingress', is: 'http', http: [], dns: [], serverNames: [], hasMore: false, key }],
});

/** Passages of TCP. */
function tcp(...ranges: readonly (readonly [first: number, last: number, more?: Partial<Passage>])[]): Traffic {
  return trafficOf(ranges.map(([first, last, more]) => ({ protocol: 'TCP', first, last, is: 'allowed', proxies: [], ...more })));
}

function shown({ passages }: Traffic): readonly string[] {
  return passages.map(({ protocol, first, last, is, proxies }) =>
    `${protocol} ${first}-${last} ${is} ${proxies.map(({ key }) => key).join()}`.trim(),
  );
}

test.each<[string, Traffic, Traffic, readonly string[]]>([
  ['the same', tcp([1, 5]), tcp([1, 5]), ['TCP 1-5 allowed']],
  ['nothing, with the fewest', tcp(), tcp([1, 5]), ['TCP 1-5 unknown']],
  ['nothing, with the most', tcp([1, 5]), tcp(), ['TCP 1-5 unknown']],
  ['less', tcp([1, 3]), tcp([1, 5]), ['TCP 1-3 allowed', 'TCP 4-5 unknown']],
  ['a part in the middle', tcp([3, 3]), tcp([1, 5]), ['TCP 1-2 unknown', 'TCP 3-3 allowed', 'TCP 4-5 unknown']],
  ['ports on both sides of ten', tcp([9, 9], [100, 100]), tcp([9, 100]), ['TCP 9-9 allowed', 'TCP 10-99 unknown', 'TCP 100-100 allowed']],
  ['other requests', tcp([1, 5, proxied('a')]), tcp([1, 5, proxied('b')]), ['TCP 1-5 unknown']],
  ['the same requests on more ports', tcp([1, 5, proxied('a')]), tcp([1, 6, proxied('a')]), ['TCP 1-5 allowed a', 'TCP 6-6 unknown']],
  [
    'another protocol',
    tcp([1, 5]),
    trafficOf([{ protocol: 'UDP', first: 1, last: 5, is: 'allowed', proxies: [] }]),
    ['TCP 1-5 unknown', 'UDP 1-5 unknown'],
  ],
])('what passes with the fewest peers and with the most: %s', (_, closed, open, expected) => {
  expect(shown(vagueTraffic(closed, open))).toEqual(expected);
});

test('what is the same object with the fewest peers and with the most stays it', () => {
  const same = tcp([1, 5]);
  expect(vagueTraffic(same, tcp([1, 5]))).toBe(same);
});

test('ranges are cut where either changes, and those of which neither says anything are left out', () => {
  const pairs = pairedPassages(tcp([1, 4], [20, 29]), tcp([3, 6], [100, 100]));
  expect(pairs.map(({ first, last, a, b }) => [first, last, a?.first, a?.last, b?.first, b?.last])).toEqual([
    [1, 2, 1, 2, undefined, undefined],
    [3, 4, 3, 4, 3, 4],
    [5, 6, undefined, undefined, 5, 6],
    [20, 29, 20, 29, undefined, undefined],
    [100, 100, undefined, undefined, 100, 100],
  ]);
});
