import * as fc from 'fast-check';
import { ICMP_TYPES, IcmpFamily, parseIcmpType } from '../../lib/net/icmp';
import { crdPattern, MINORS } from './crd-pattern';
import { anyText, long } from './texts';

const FAMILIES: readonly IcmpFamily[] = ['IPv4', 'IPv6'];

test.each<[string, IcmpFamily, string | number, number]>([
  ['a number is itself', 'IPv4', 8, 8],
  ['zero is a type', 'IPv4', 0, 0],
  ['255 is the last type', 'IPv6', 255, 255],
  ['a number without a name is a type', 'IPv4', 200, 200],
  ['a number may be written as text', 'IPv4', '8', 8],
  ['zero may be written as text', 'IPv6', '0', 0],
  ['a name is its number', 'IPv4', 'DestinationUnreachable', 3],
  ['a name has another number in the other family', 'IPv6', 'DestinationUnreachable', 1],
  ['two names may mean one type', 'IPv4', 'Echo', 8],
  ['the other name of it', 'IPv4', 'EchoRequest', 8],
])('%s: %s %p', (_, family, type, number) => {
  expect(parseIcmpType(type, family)).toEqual({ ok: true, value: number });
});

test.each<[string, IcmpFamily, string | number]>([
  ['a number below zero', 'IPv4', -1],
  ['a number of nine bits', 'IPv4', 256],
  ['a fraction', 'IPv4', 1.5],
  ['no number', 'IPv4', NaN],
  ['more than any number', 'IPv4', Infinity],
  ['a text of nine bits', 'IPv4', '256'],
  ['a text with a leading zero', 'IPv4', '08'],
  ['a text with a sign', 'IPv4', '+8'],
  ['a text with a fraction', 'IPv4', '8.0'],
  ['a text with a blank', 'IPv4', ' 8'],
  ['nothing', 'IPv4', ''],
  ['a name of the other family', 'IPv4', 'PacketTooBig'],
  ['a name of the other family', 'IPv6', 'Echo'],
  ['a name in lower case', 'IPv4', 'echoreply'],
  ['a name as the CRD misspells it', 'IPv4', 'ExtendedEcho Reply'],
  ['a name that every object has', 'IPv4', 'constructor'],
  ['another name that every object has', 'IPv4', '__proto__'],
])('%s is no type: %s %p', (_, family, type) => {
  expect(parseIcmpType(type, family).ok).toBe(false);
});

test.each<[string | number, IcmpFamily, string, string]>([
  [256, 'IPv4', 'ICMP type 256 is out of range', 'write a number from 0 to 255'],
  ['EchoRepli', 'IPv6', 'unknown ICMP type `EchoRepli` for IPv6', 'did you mean `EchoReply`?'],
  ['ping', 'IPv4', 'unknown ICMP type `ping` for IPv4', 'write its number, 0 to 255'],
  ['ExtendedEchoReply', 'IPv4', 'ICMP type `ExtendedEchoReply` cannot be written by name: the CRD misspells it', 'write 43'],
])('the refusal of %p for %s says what to write', (type, family, problem, help) => {
  expect(parseIcmpType(type, family)).toEqual({ ok: false, problem, help });
});

test.each(FAMILIES)('every type of %s is itself, as a number and as text', (family) => {
  const types = Array.from({ length: 256 }, (_, type) => type);
  const itself = types.map((value) => ({ ok: true, value }));
  expect(types.map((type) => parseIcmpType(type, family))).toEqual(itself);
  expect(types.map((type) => parseIcmpType(String(type), family))).toEqual(itself);
});

const names = FAMILIES.flatMap((family) => Object.entries(ICMP_TYPES[family]).map(([name, number]) => [family, name, number] as const));

test.each(names)('%s knows %s', (family, name, number) => {
  expect(parseIcmpType(name, family)).toEqual(
    name === 'ExtendedEchoReply' ? expect.objectContaining({ ok: false }) : { ok: true, value: number },
  );
});

test.each(MINORS)('a text is taken exactly when the CRD of %s takes it and its family knows it', (minor) => {
  const pattern = crdPattern('egress.icmps.fields.type', minor);
  const numbers = Array.from({ length: 300 }, (_, number) => String(number));
  const texts = [...numbers, ...names.map(([, name]) => name), 'ExtendedEcho Reply', '-1', '08', '1e1', '0x8', '', 'EchoReply\n'];
  for (const family of FAMILIES) {
    const known = (text: string) => /^[0-9]+$/.test(text) || Object.hasOwn(ICMP_TYPES[family], text);
    expect(texts.filter((text) => parseIcmpType(text, family).ok)).toEqual(texts.filter((text) => pattern.test(text) && known(text)));
  }
});

test('whatever is asked, there is an answer', () => {
  const type = fc.oneof(anyText, fc.double(), fc.constantFrom(...names.map(([, name]) => name)));
  fc.assert(fc.property(type, fc.constantFrom(...FAMILIES), (asked, family) => typeof parseIcmpType(asked, family).ok === 'boolean'));
});

test.each(['E', 'EchoReply', '9', ' '])('100,000 characters of `%s` are no type', (part) => {
  expect(parseIcmpType(long(part), 'IPv4').ok).toBe(false);
});
