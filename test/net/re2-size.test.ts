import * as fc from 'fast-check';
import { re2Size } from '../../lib/net/re2-size';
import { regexPatterns } from '../generate/regex-patterns';
import sizes from '../vectors/re2-size.json';

test('every recorded pattern has the size that RE2 compiles it to, or is refused as by RE2', () => {
  const here = Object.fromEntries(Object.keys(sizes).map((pattern) => [pattern, sizeHere(pattern)]));
  const recorded = Object.entries(sizes).map(([pattern, size]) => [pattern, size > 400 ? 'more' : size]);
  expect(here).toEqual(Object.fromEntries(recorded));
});

/** In the words of the vectors. */
function sizeHere(pattern: string): number | string {
  const answer = re2Size(pattern);
  return answer.is === 'size' ? answer.size : answer.is === 'refused' ? -1 : answer.is;
}

test('the vectors have patterns on both sides of what Envoy allows, and refused ones', () => {
  const all = Object.values(sizes);
  expect(all.filter((size) => size > 100).length).toBeGreaterThan(150);
  expect(all.filter((size) => size > 0 && size <= 100).length).toBeGreaterThan(500);
  expect(all.filter((size) => size < 0).length).toBeGreaterThan(100);
});

/** Each of these is the number in Envoy's error message, or in RE2's. */
test.each([
  [
    '/(dashboard|alerts|calendar|components|metrics|critical_asset_metrics|critical_product_metrics|simple_search|support|celery_status|choices)([/?].*)?',
    134,
  ],
  ['/v4/advisory/[0-9a-z-]{36}/clone', 131],
  ['a'.repeat(96), 100],
  ['a'.repeat(97), 101],
  ['', 4],
  ['.*', 12],
  ['GET|POST|PUT|DELETE', 19],
])('%s has %d instructions', (pattern, size) => {
  expect(re2Size(pattern)).toEqual({ is: 'size', size });
});

test('text after a leading ^ is not compiled', () => {
  expect(re2Size(`^/${'a'.repeat(500)}`)).toEqual({ is: 'size', size: 4 });
  expect(re2Size(`^(${'a'.repeat(97)})`)).toEqual({ is: 'size', size: 101 });
});

test.each(['*.example.com', '(', 'a**', '(?!a)', 'a{1001}', '\\8', '[z-a]', '\\p{greek}', '(?P<a-b>c)', '\\'])(
  '%s is refused',
  (pattern) => {
    expect(re2Size(pattern)).toEqual({ is: 'refused' });
  },
);

test('a size of more than 400 is not counted any further', () => {
  expect(re2Size('a'.repeat(397))).toEqual({ is: 'more', than: 400 });
  expect(re2Size('[^x]{500}')).toEqual({ is: 'more', than: 400 });
});

test('a Unicode class has no exact size, because RE2 has another version of Unicode', () => {
  expect(re2Size('\\p{L}')).toEqual({ is: 'more', than: 100 });
  expect(re2Size('\\p{Garay}')).toEqual({ is: 'may-exceed' });
  expect(re2Size('\\p{Old_Italic}')).toEqual({ is: 'size', size: 9 });
});

/** Each is written to take long, or much memory, or a deep stack. */
test.each<[string, string]>([
  ['many open groups', '('.repeat(99_999)],
  ['deep groups', '('.repeat(50_000) + ')'.repeat(50_000)],
  ['deep groups that capture nothing', '(?:'.repeat(25_000) + ')'.repeat(25_000)],
  ['repeats that join', 'a*'.repeat(50_000)],
  ['counted repeats', 'a{1000}'.repeat(14_000)],
  ['counted repeats of nothing', '(?:|){1000}'.repeat(9_000)],
  ['empty alternatives', '|'.repeat(99_999)],
  ['alternatives with long prefixes', Array.from({ length: 440 }, (_, i) => 'a'.repeat(i + 1)).join('|')],
  ['alternatives with the same classes', `${'[ab]'.repeat(12_000)}x|${'[ab]'.repeat(12_000)}y`],
  ['what can match nothing, repeated', '[^\\x00-\\x{10ffff}]{1000}'.repeat(4_000)],
  ['classes of characters of both cases', `(?i)${'[\\x{80}-\\x{10ffff}]?x{0}'.repeat(3_000)}`],
  ['names of classes that do not end', `${'[[:'.repeat(30_000)}]`],
  ['nested loops over nothing', `(?:${'(?:a|)*'.repeat(190)})*`],
])('%s take no long time', (_, pattern) => {
  const start = performance.now();
  re2Size(pattern);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('any text has an answer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(['size', 'more', 'may-exceed', 'refused']).toContain(re2Size(text).is);
    }),
  );
});

test('the same seed gives the same patterns', () => {
  expect(regexPatterns(3, 200)).toEqual(regexPatterns(3, 200));
  expect(regexPatterns(3, 100)).toEqual(regexPatterns(3, 200).slice(0, 100));
});
