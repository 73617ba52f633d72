/** Generates texts that are IP addresses or prefixes, or nearly are. */
import fc from 'fast-check';
import { among, weighted } from './choices';
import { nearTexts } from './near-texts';

const octet = among('0', '00', '1', '01', '9', '10', '99', '127', '199', '249', '255', '256', '300', '999', '1000', '');
const group = among('0', '00', '0000', '00000', '1', 'a', 'F', 'ff', 'DB8', 'ffff', '1234', '12345', 'g', '');
const quad = fc.array(octet, { minLength: 3, maxLength: 5 }).map((octets) => octets.join('.'));

/** Groups with up to two `::`, and sometimes an IPv4 address at the end. */
const groups = fc
  .record({
    parts: fc.array(weighted([9, group], [1, fc.constant('::')]), { minLength: 1, maxLength: 9 }),
    tail: weighted([5, fc.constant(undefined)], [1, quad]),
    zone: weighted([9, fc.constant('')], [1, among('%', '%eth0', '%0', '%%', '% ')]),
  })
  .map(({ parts, tail, zone }) => {
    const joined = [...parts, ...(tail === undefined ? [] : [tail])].reduce((text, part) =>
      text.endsWith(':') || part.startsWith(':') ? `${text}${part}` : `${text}:${part}`,
    );
    return `${joined}${zone}`;
  });

/** Full addresses. A run of groups may be left out. */
const whole = fc
  .record({ groups: fc.array(group, { minLength: 8, maxLength: 8 }), from: fc.nat(8), length: fc.nat(9) })
  .map(({ groups: all, from, length }) => {
    const [head, tail] = [all.slice(0, from).join(':'), all.slice(from + length).join(':')];
    return length === 0 ? all.join(':') : `${head}::${tail}`;
  });

const near = nearTexts('10.0.0.1', '192.0.2.255', '::', '::1', '1::', '2001:db8::5', '::ffff:10.0.0.1', '1:2:3:4:5:6:7:8', 'fe80::1%eth0');

const address = weighted([3, quad], [4, groups], [4, whole], [4, near]);

const text = fc
  .record({
    address,
    length: weighted([3, fc.constant('')], [2, among('/0', '/8', '/08', '/32', '/33', '/64', '/128', '/129', '/', '/-1', '/a')]),
  })
  .map(({ address: before, length }) => `${before}${length}`);

/** The texts of a seed. */
export function addressTexts(seed: number, count: number): string[] {
  return fc.sample(fc.noBias(text), { seed, numRuns: count });
}
