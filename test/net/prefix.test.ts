import * as fc from 'fast-check';
import { contains, containsAddress, parsePrefix, Prefix } from '../../lib/net/prefix';
import { anyText, long, textOf } from './texts';

test.each<[string, 4 | 6, bigint, number]>([
  ['10.0.0.0/8', 4, 0x0a000000n, 8],
  ['192.0.2.1/32', 4, 0xc0000201n, 32],
  ['0.0.0.0/0', 4, 0n, 0],
  ['255.255.255.255/32', 4, 0xffffffffn, 32],
  ['::/0', 6, 0n, 0],
  ['::1/128', 6, 1n, 128],
  ['2001:db8::/32', 6, 0x20010db8n << 96n, 32],
  ['2001:DB8::A/128', 6, (0x20010db8n << 96n) | 0xan, 128],
  ['1:2:3:4:5:6:7:8/128', 6, 0x00010002000300040005000600070008n, 128],
  ['0001:02:3::7:8/128', 6, 0x00010002000300000000000000070008n, 128],
  ['1:2:3:4:5:6:7::/112', 6, 0x00010002000300040005000600070000n, 112],
  ['::2:3:4:5:6:7:8/128', 6, 0x00000002000300040005000600070008n, 128],
  ['64:ff9b::192.0.2.1/128', 6, (0x0064ff9bn << 96n) | 0xc0000201n, 128],
  ['1:2:3:4:5:6:192.0.2.1/128', 6, 0x000100020003000400050006c0000201n, 128],
])('%s is a block of version %d', (text, version, first, length) => {
  expect(parsePrefix(text)).toEqual({ ok: true, value: { version, first, length } });
});

test.each([
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['10.1.2.3/31', '10.1.2.2/31'],
  ['255.255.255.255/0', '0.0.0.0/0'],
  ['2001:db8::1/64', '2001:db8::/64'],
  ['ffff::/1', '8000::/1'],
])('%s is the block %s: bits behind the length are cut off', (text, block) => {
  expect(parsePrefix(text)).toEqual(parsePrefix(block));
});

test('an IPv4 address in an IPv6 one makes a block of version 6', () => {
  expect(parsePrefix('::ffff:10.0.0.0/104')).toEqual({ ok: true, value: { version: 6, first: 0xffff0a000000n, length: 104 } });
});

test.each([
  ['an octet too large', '256.0.0.0/8'],
  ['an octet too few', '10.0.0/8'],
  ['an octet too many', '10.0.0.0.0/8'],
  ['an empty octet', '10..0.0/8'],
  ['an octet with a leading zero', '010.0.0.0/8'],
  ['an octet in hexadecimal', '0xa.0.0.0/8'],
  ['an octet in digits of another script', '１0.0.0.0/8'],
  ['a group too large', '12345::/16'],
  ['a group too many', '1:2:3:4:5:6:7:8:9/64'],
  ['a group too few', '1:2:3:4:5:6:7/64'],
  ['two gaps', '1::2::3/64'],
  ['a gap that stands for nothing', '1:2:3:4::5:6:7:8/64'],
  ['three colons', ':::/8'],
  ['a single colon in front', ':1:2:3:4:5:6:7/64'],
  ['an IPv4 address in the middle', '1::192.0.2.1:2/64'],
  ['an embedded octet with a leading zero', '::ffff:010.0.0.0/104'],
  ['brackets', '[::1]/128'],
  ['a zone', 'fe80::1%eth0/64'],
  ['an empty zone', 'fe80::1%/64'],
  ['a length below zero', '10.0.0.0/-1'],
  ['a length too large', '10.0.0.0/33'],
  ['a length too large for version 6', '::/129'],
  ['a length with a leading zero', '10.0.0.0/08'],
  ['a length with a plus', '10.0.0.0/+8'],
  ['a length with a blank', '10.0.0.0/ 8'],
  ['an empty length', '10.0.0.0/'],
  ['a netmask', '10.0.0.0/255.0.0.0'],
  ['two lengths', '10.0.0.0/8/8'],
  ['a blank in front', ' 10.0.0.0/8'],
  ['a blank behind', '10.0.0.0/8 '],
  ['a line break', '10.0.0.0\n/8'],
  ['a host name', 'example.com/8'],
  ['a length alone', '/8'],
  ['an address alone', '10.0.0.1'],
  ['nothing', ''],
])('%s makes no block', (_, text) => {
  expect(parsePrefix(text).ok).toBe(false);
});

test.each([
  ['10.0.0.1', 'CIDR `10.0.0.1` has no prefix length', 'write `10.0.0.1/32` for one address'],
  ['::1', 'CIDR `::1` has no prefix length', 'write `::1/128` for one address'],
  ['ten', '`ten` is not a valid CIDR', 'write an IPv4 or IPv6 CIDR such as `192.0.2.0/24` or `2001:db8::/32`'],
  [
    '10.0.0/8',
    'CIDR `10.0.0/8` has no valid address before the slash',
    'write an IPv4 or IPv6 CIDR such as `192.0.2.0/24` or `2001:db8::/32`',
  ],
  ['10.0.0.0/033', 'CIDR `10.0.0.0/033` has invalid prefix length `033`', 'write a length from 0 to 32, without leading zeros'],
  ['::/129', 'CIDR `::/129` has invalid prefix length `129`', 'write a length from 0 to 128, without leading zeros'],
])('the refusal of `%s` says what to write', (text, problem, help) => {
  expect(parsePrefix(text)).toEqual({ ok: false, problem, help });
});

function block(text: string): Prefix {
  const parsed = parsePrefix(text);
  if (!parsed.ok) {
    throw new Error(parsed.problem);
  }
  return parsed.value;
}

test.each<[string, string, 'all' | 'first' | 'none']>([
  ['10.0.0.0/8', '10.255.0.0/16', 'all'],
  ['10.0.0.0/8', '10.0.0.0/8', 'all'],
  ['0.0.0.0/0', '192.0.2.1/32', 'all'],
  ['2001:db8::/32', '2001:db8:1::/48', 'all'],
  ['10.0.0.0/16', '10.0.0.0/8', 'first'],
  ['10.0.0.0/30', '0.0.0.0/0', 'none'],
  ['10.0.0.0/16', '10.1.0.0/16', 'none'],
  ['10.1.0.0/16', '10.0.0.0/8', 'none'],
  ['::/0', '10.0.0.0/8', 'none'],
  ['0.0.0.0/0', '::/0', 'none'],
  ['10.0.0.0/8', '::ffff:10.0.0.0/104', 'none'],
  ['::ffff:0:0/96', '::ffff:10.0.0.0/104', 'all'],
])('of %s and %s, the first contains of the second: %s', (outer, inner, expected) => {
  expect(contains(block(outer), block(inner))).toBe(expected === 'all');
  expect(containsAddress(block(outer), inner)).toBe(expected !== 'none');
});

/** Blocks that meet: all around two addresses, of each family. */
const prefixes = fc
  .tuple(fc.constantFrom('10.0.0.0', '10.0.0.3', '255.0.0.1', '::', '::3', 'ff00::1'), fc.nat(32), fc.boolean())
  .map(([address, length, long]) => block(`${address}/${address.includes(':') && long ? 128 - length : length}`));

test('a block contains itself', () => {
  fc.assert(fc.property(prefixes, (a) => contains(a, a)));
});

test('two blocks that contain each other are the same', () => {
  fc.assert(
    fc.property(prefixes, prefixes, (a, b) => !(contains(a, b) && contains(b, a)) || (a.first === b.first && a.length === b.length)),
  );
});

test('what is in a block of a block is in the block', () => {
  fc.assert(fc.property(prefixes, prefixes, prefixes, (a, b, c) => !(contains(a, b) && contains(b, c)) || contains(a, c)));
});

test('two blocks are apart, or one contains the other', () => {
  const last = ({ version, first, length }: Prefix) => first + (1n << BigInt((version === 4 ? 32 : 128) - length)) - 1n;
  fc.assert(
    fc.property(prefixes, prefixes, (a, b) => {
      const meet = a.version === b.version && a.first <= last(b) && b.first <= last(a);
      expect(contains(a, b) || contains(b, a)).toBe(meet);
      expect(contains(a, b)).toBe(a.version === b.version && a.first <= b.first && last(b) <= last(a));
    }),
  );
});

test('every IPv4 block reads back', () => {
  fc.assert(
    fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), fc.nat(32), (octets, length) => {
      const hostBits = 2n ** BigInt(32 - length);
      const address = octets.reduce((number, octet) => number * 256n + BigInt(octet), 0n);
      expect(parsePrefix(`${octets.join('.')}/${length}`)).toEqual({
        ok: true,
        value: { version: 4, first: (address / hostBits) * hostBits, length },
      });
    }),
  );
});

test('every IPv6 block reads back, with `::` for any of its runs of zeros, or none', () => {
  const group = fc.oneof(fc.constant(0), fc.nat(0xffff));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), fc.nat(128), fc.nat(7), (groups, length, from) => {
      const hostBits = 2n ** BigInt(128 - length);
      const address = groups.reduce((number, next) => number * 65536n + BigInt(next), 0n);
      const texts = groups.map((next) => next.toString(16));
      const zeros = groups.slice(from).findIndex((next) => next !== 0);
      const to = zeros < 0 ? 8 : from + zeros;
      const written = to === from ? texts.join(':') : `${texts.slice(0, from).join(':')}::${texts.slice(to).join(':')}`;
      expect(parsePrefix(`${written}/${length}`)).toEqual({
        ok: true,
        value: { version: 6, first: (address / hostBits) * hostBits, length },
      });
    }),
  );
});

test('whatever is asked, there is an answer', () => {
  const near = textOf(['0', '1', '10', '25', '5', 'f', ':', '::', '.', '/', '%', '-', '/8', '/64', '10.0.0', '2001:db8']);
  fc.assert(fc.property(fc.oneof(anyText, near), (text) => typeof parsePrefix(text).ok === 'boolean'));
});

test.each(['1', '1.', '1:', ':', '/', '%', '0', '::1%a', '1/'])('100,000 characters of `%s` are no block', (part) => {
  for (const text of [long(part), `${long(part)}/8`, `10.0.0.0/${long(part)}`, `::1%${long(part)}/8`]) {
    expect(parsePrefix(text).ok).toBe(false);
  }
});
