import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { addressText, parseAddress } from '../../lib/net/address';
import { contains, parsePrefix, singleBlock } from '../../lib/net/prefix';

test.each([
  ['192.0.2.1', 4, 0xc0000201n],
  ['0.0.0.0', 4, 0n],
  ['255.255.255.255', 4, 0xffffffffn],
  ['::', 6, 0n],
  ['::1', 6, 1n],
  ['2001:db8::5', 6, 0x20010db8000000000000000000000005n],
  ['::ffff:10.0.0.1', 6, 0xffff0a000001n],
] as const)('%s is a number of version %d', (text, version, value) => {
  expect(parseAddress(text)).toEqual({ version, value });
});

test.each(['', '10.0.0', '10.0.0.256', '010.0.0.1', '10.0.0.0/8', 'fe80::1%eth0', '1::2::3', 'example.com'])(
  '`%s` is no address',
  (text) => {
    expect(parseAddress(text)).toBeUndefined();
  },
);

test.each(['192.0.2.1', '::', '::1', '1::', '2001:db8::5', '2001:db8:0:1::', '1:2:3:4:5:6:7:8', '1:0:0:2::3', 'fe80::1'])(
  '%s is written as it was read',
  (text) => {
    expect(addressText(parseAddress(text)!)).toBe(text);
  },
);

test('every address is read as it is written', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), (six, four) => {
      const text = addressText({ version: 6, value: six });
      expect(isIPv6(text)).toBe(true);
      expect(parseAddress(text)).toEqual({ version: 6, value: six });
      expect(parseAddress(addressText({ version: 4, value: four }))).toEqual({ version: 4, value: four });
    }),
  );
});

test('the block of an address has it, and lies in those around it', () => {
  const block = singleBlock(parseAddress('10.1.2.3')!);
  const around = (text: string) => {
    const parsed = parsePrefix(text);
    return parsed.ok && contains(parsed.value, block);
  };
  expect([around('10.1.2.3/32'), around('10.0.0.0/8'), around('0.0.0.0/0'), around('10.1.2.2/32'), around('::/0')]).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});
