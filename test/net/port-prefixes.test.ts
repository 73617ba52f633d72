import fc from 'fast-check';
import { MAX_PORT } from '../../lib/net/port';
import { portPrefixes, portPrefixesAround } from '../../lib/net/port-prefixes';

test.each([
  [0, 65535, ['0/0']],
  [80, 80, ['80/16']],
  [1024, 2047, ['1024/6']],
  [1000, 2000, ['1000/13', '1008/12', '1024/7', '1536/8', '1792/9', '1920/10', '1984/12', '2000/16']],
])('%i–%i are the prefixes %j', (first, last, prefixes) => {
  expect(portPrefixes(first, last).map((one) => `${one.first}/${one.length}`)).toEqual(prefixes);
});

test('the prefixes of a range have each of its ports once, and no other port', () => {
  const port = fc.integer({ min: 0, max: MAX_PORT });
  fc.assert(
    fc.property(port, port, (a, b) => {
      const [first, last] = [Math.min(a, b), Math.max(a, b)];
      const prefixes = portPrefixes(first, last);
      expect(prefixes.length).toBeLessThanOrEqual(30);
      let next = first;
      for (const prefix of prefixes) {
        expect(prefix.first).toBe(next);
        next += 2 ** (16 - prefix.length);
      }
      expect(next).toBe(last + 1);
    }),
  );
});

test('the prefixes around a prefix get wider by one bit, up to every port', () => {
  expect(
    portPrefixesAround({ first: 0xffff, length: 16 })
      .map(({ first, length }) => `${first}/${length}`)
      .slice(0, 3),
  ).toEqual(['65535/16', '65534/15', '65532/14']);
  expect(portPrefixesAround({ first: 0xffff, length: 16 }).at(-1)).toEqual({ first: 0, length: 0 });
});
