/** Traffic that lies in other traffic: the look-up finds what comparing piece by piece finds. */
import fc from 'fast-check';
import type { Traffic, TrafficPort } from '../../lib/model/policy';
import { coversTraffic } from '../../lib/resolve/covered-traffic';

const number = fc.constantFrom(0, 1, 2, 3, 65_535);
const port: fc.Arbitrary<TrafficPort> = fc.oneof(
  fc.tuple(number, number).map(([a, b]): TrafficPort => ({ is: 'number', number: a, end: b })),
  fc.tuple(fc.constantFrom('http', 'dns'), fc.constantFrom(0, 5)).map(([name, end]): TrafficPort => ({ is: 'name', name, end })),
);
const traffic = fc.array(
  fc.record({ protocol: fc.constantFrom('TCP', 'UDP'), port }).map((one) => one as Traffic),
  { minLength: 1, maxLength: 5 },
);

function liesIn(wide: Traffic, narrow: Traffic): boolean {
  const portsOf = ({ number: first, end }: { number: number; end: number }) =>
    first === 0 && end === 0 ? [0, 65_535] : [first, Math.max(first, end)];
  const [a, b] = [wide.port, narrow.port];
  const isSame = a.is === 'name' && b.is === 'name' && a.name === b.name && a.end === b.end;
  const [from, to] = a.is === 'number' ? portsOf(a) : [1, 0];
  const [first, last] = b.is === 'number' ? portsOf(b) : [0, 65_535];
  return wide.protocol === narrow.protocol && (isSame || (from <= first && last <= to));
}

test('each piece lies in one of the other pieces', () => {
  fc.assert(
    fc.property(traffic, traffic, (wide, narrow) => {
      expect(coversTraffic(wide, narrow)).toBe(narrow.every((one) => wide.some((other) => liesIn(other, one))));
    }),
    { numRuns: 2_000 },
  );
});

test('all traffic covers everything, and only all traffic covers all traffic', () => {
  const some: Traffic[] = [{ protocol: 'TCP', port: { is: 'number', number: 80, end: 0 } }];
  expect([coversTraffic(undefined, some), coversTraffic(undefined, undefined), coversTraffic(some, undefined)]).toEqual([
    true,
    true,
    false,
  ]);
});
