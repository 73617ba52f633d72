/** Addresses that prefixes tell apart, against every address of a small prefix. */
import fc from 'fast-check';
import { expectParsed } from '../../lib/net/parsed';
import { contains, Prefix, prefixText, parsePrefix, singleBlock } from '../../lib/net/prefix';
import { prefixAtoms } from '../../lib/net/prefix-atoms';

const SIZE = 16;

/** A prefix of 10.0.0.0/28. */
const prefix = fc
  .tuple(fc.integer({ min: 0, max: SIZE - 1 }), fc.integer({ min: 28, max: 32 }))
  .map(([host, length]) => expectParsed(parsePrefix(`10.0.0.${host}/${length}`)));
const ADDRESSES = Array.from({ length: SIZE }, (_, i) => ({ version: 4 as const, value: 0x0a000000n + BigInt(i) }));

const around = (address: (typeof ADDRESSES)[number], all: readonly Prefix[]) =>
  all
    .filter((one) => contains(one, singleBlock(address)))
    .map(prefixText)
    .sort();

test('every combination of prefixes around an address that is not taken has an address', () => {
  fc.assert(
    fc.property(fc.array(prefix, { maxLength: 6 }), fc.array(prefix, { maxLength: 2 }), (prefixes, taken) => {
      const isTaken = (address: (typeof ADDRESSES)[number]) => around(address, taken).length > 0;
      const wanted = ADDRESSES.filter((address) => !isTaken(address)).map((address) => around(address, prefixes).join());
      const atoms = prefixAtoms(prefixes, taken);
      expect(atoms.filter(({ address }) => isTaken({ version: 4, value: address.value }))).toEqual([]);
      const found = atoms.map(({ address }) => around({ version: 4, value: address.value }, prefixes).join());
      expect([...new Set(found)].sort()).toEqual([...new Set(wanted.filter((one) => one !== ''))].sort());
      expect(atoms.map(({ prefix: one, address }) => contains(one, singleBlock(address)))).toEqual(atoms.map(() => true));
    }),
    { numRuns: 500 },
  );
});
